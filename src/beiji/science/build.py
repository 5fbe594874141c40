"""City and scenario become record arrays. No decision is taken here that structure.md does not name; `check` has been asked before."""
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .capacity import Step, as_timetable, final, greatest, hospital_capacity, scalar, value_at, whole
from .city import City, Hospital
from .draws import Law, lognormal, stable_hash
from .kernel import records as R
from .kernel.codes import CHILDREN_ONLY, CURVE_NODES, EXTRA_CAUSES, SPECIALTIES
from .live_arrays import live_records, place_live, sent_before
from .pathway import (
    BURN,
    CHEST,
    CHILD,
    COMPRESSIBLE,
    FLAGS,
    HEAD,
    NON_COMPRESSIBLE,
    NURSES,
    PAEDIATRIC,
    PLACE,
    SEVERE,
    SURGERY_ORDER,
    SURGICAL,
    UP,
    Pathway,
    Station,
    Values,
    standard_pathway,
    with_up_stations,
)
from .people import LawTable, people, sources
from .scenario import POLICIES, Scenario, Scene
from .shifts import changes
from .travel import travel_matrix, vehicles

COLOUR_PATHS = ("red", "yellow", "green", "black")
INCISION_BINS, OTHER_SURGERY = 1441, 4
# Whose operation it is, by the need that leads; the first that fits. Codes as in results.SPECIALTIES; deferred surgery is orthopaedic.
LEADING_NEEDS = ((NON_COMPRESSIBLE, 1), (COMPRESSIBLE, 0), (CHEST, 2), (HEAD, 3))
SPECIAL_KINDS = {PAEDIATRIC: CHILD, "burn_beds": BURN}
FRONT_KINDS = ("resus_bays", "urgent_places", "minor_places")
PACED = {"ct_report": "hospital.ct_report_min", "hospital_decon": "hospital.decon_min"}
READ_BEFORE = "ct_read.mean_min"  # the minutes to a report include its reading, which is a stage of its own
UNLIMITED = 1_000_000_000
STORY_LINES = 80
SMALLEST_RATE, MOST_BUCKETS = 0.25, 4_000_000


@dataclass(frozen=True)
class Model:
    """Arrays of one city and scenario, with the names behind the positions. `sim` is a pattern: `fresh()` gives arrays to run on."""

    sim: R.Sim
    sites: tuple[str, ...]
    scenes: int
    kinds: tuple[str, ...]
    stations: tuple[str, ...]
    rows: tuple[str, ...]
    causes: tuple[str, ...]
    source_codes: tuple[str, ...]
    parts: tuple[int, ...] = ()
    begins: tuple[tuple[str, int], ...] = ()

    def fresh(self, trace: int = 0) -> R.Sim:
        """Arrays for one thread; `trace`: lines of trace to keep."""
        sim = R.copy_state(self.sim)
        if trace:
            sim = sim._replace(trace=R.seen(np.zeros(trace, R.TRACE)))
        return R.Sim(*(R.seen(a) for a in sim))

    def site(self, code: str) -> int:
        """Position of a scene or hospital."""
        return self.sites.index(code)

    def kind(self, name: str) -> int:
        """Position of a kind."""
        return self.kinds.index(name)

    @property
    def trace_lines(self) -> int:
        """Lines that the trace of one replication needs at most: a casualty's story, and the capacity steps."""
        return STORY_LINES * len(self.sim.person) + 2 * len(self.sim.step) + 1000

    def unlimited(self) -> "Model":
        """The reference of unlimited hospitals and real travel: nothing is short at any hospital, transfers do not happen."""
        sim = R.copy_state(self.sim)
        kinds, stations = len(self.kinds), len(self.stations)
        first = self.scenes
        sim.unit["cap0"][first * kinds:] = UNLIMITED
        sim.queue["possible"][first * stations:] = 1
        sim.site["occupied_share"] = sim.site["room"] = 0
        par = sim.par.copy()
        par["transfers"] = 0
        step = sim.step[sim.step["site"] < first].copy()
        return Model(sim._replace(par=par, step=step), *(getattr(self, f) for f in list(self.__dataclass_fields__)[1:]))


def log_spread(cv: float) -> tuple[float, float]:
    """mu and sigma of a log-normal factor with mean 1."""
    law = lognormal(1.0, cv)
    return (law.a, law.b) if law.dist == 1 else (0.0, 0.0)


def pathway_arrays(pathway: Pathway, laws: LawTable) -> tuple[np.ndarray, np.ndarray, dict[str, int], list[str]]:
    """Stations and rows; where each path begins; a name per row ('' at a path's end)."""
    kinds = {kind.name: k for k, kind in enumerate(pathway.kinds)}
    names_of = [s.name for s in pathway.stations]
    station = np.zeros(len(pathway.stations), R.STATION)
    station["aside"] = station["up"] = -1
    for k, s in enumerate(pathway.stations):
        w = station[k]
        w["count"], w["partial"], w["own"] = len(s.requires), s.partial, names_of.index(s.name.removesuffix(UP))
        w["kind"][:len(s.requires)] = [kinds[name] for name, _ in s.requires]
        w["units"][:len(s.requires)] = [units for _, units in s.requires]
        w["has_place"] = any(pathway.kinds[kinds[name]].kind_class == PLACE for name, _ in s.requires)
        w["blood"] = kinds[s.blood] if s.blood else -1
        w["aside"][:len(s.aside)] = [kinds[name] for name in s.aside]
        w["part"][:len(s.requires)] = [pathway.kinds[kinds[name]].parts if name in s.team else 0 for name, _ in s.requires]
        w["team"] = sum(units / pathway.kinds[kinds[name]].parts for name, units in s.requires if name in s.team)
        if s.name + UP in names_of:
            w["up"] = names_of.index(s.name + UP)
    rows: list[tuple[object, ...]] = []
    names: list[str] = []
    begins: dict[str, int] = {}
    for path, stages in pathway.paths.items():
        begins[path] = begins["red"] if path == "black" and stages == pathway.paths.get("red") else len(rows)     # black walks red's own rows
        for x in stages:
            beside = (*x.aside_protect, 1.0, 1.0)[:2]
            rows.append((pathway.station(x.station), x.needs_any, x.needs_all, x.needs_none, x.take_purpose, x.purpose, laws.position(x.duration), x.cures, x.adds,
                         sum(FLAGS[f] for f in x.flags), COLOUR_PATHS.index(path) if path in COLOUR_PATHS else -1,
                         x.take_from, x.take_to, x.protect, x.partial, x.partial_min, x.short, beside))
            names.append(x.name)
        rows.append((-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, (1.0, 1.0)))
        names.append("")
    return station, np.array(rows, R.ROW), begins, names


def pool_arrays(pool: object) -> dict[str, np.ndarray]:
    """Templates, groups, curves and speeds of a pool (fields as in casualties.Pool)."""
    n = len(pool.group)  # type: ignore[attr-defined]
    template = np.zeros(n, R.TEMPLATE)
    for ours, theirs in (("group", "group"), ("curve", "curve"), ("needs", "needs"), ("truth", "category"), ("walks", "walks"), ("blood", "blood"),
                         ("surgical", "surgical"), ("crossings", "cross_count"), ("cross_to", "cross_category"), ("cross_at", "cross_at")):
        template[ours] = getattr(pool, theirs)
    group = np.asarray(pool.group)  # type: ignore[attr-defined]
    grouped = np.argsort(group, kind="stable").astype(np.int32)
    group_at = np.searchsorted(group[grouped], np.arange(5)).astype(np.int64)
    curve = np.ascontiguousarray(pool.curves, dtype=np.float64)  # type: ignore[attr-defined]
    speed = np.asarray(pool.need_rate, dtype=np.float64)  # type: ignore[attr-defined]
    template["needs"] |= np.where(template["surgical"] != 0, SURGICAL, 0).astype(np.int32)
    template["specialty"] = OTHER_SURGERY
    for need, specialty in reversed(LEADING_NEEDS):
        template["specialty"] = np.where(template["needs"] & need, specialty, template["specialty"])
    template["unscored"] = getattr(pool, "unscored", 0)
    template["needs"] |= np.where(getattr(pool, "child", np.zeros(n, bool)), CHILD, 0).astype(np.int32)
    template["needs"] |= np.where((group == 0) | (group == 3), SEVERE, 0).astype(np.int32)
    assert curve.shape[1] == CURVE_NODES
    return {"template": template, "grouped": grouped, "group_at": group_at, "curve": curve, "speed": speed}


def blood_deliveries(city: City, night: bool, parameters: Values) -> dict[str, int]:
    """Units that the blood station brings to each hospital: its stock in proportion to the units on the shelves at minute 0."""
    stock = scalar(city.values(night), "city.blood_stock", parameters["city.blood_stock"])
    shelf = {h.code: value_at(h.values(night).get("hospital.blood_units", 0.0), 0.0) for h in city.hospitals}
    total = sum(shelf.values())
    return {code: math.floor(stock * units / total) if total > 0 else 0 for code, units in shelf.items()}


def scene_capacity(scene: Scene, pathway: Pathway, first_crew: float, parameters: Values) -> list[Step]:
    """Crews and lanes of a scene as steps: from the first crew on by the register, or as the scenario gives them."""
    given = {"triage_crews": scene.triage_crews, "first_aid_crews": scene.first_aid_crews, "scene_decon_lanes": scene.decon_lanes}
    default = {"triage_crews": {first_crew: parameters["scene.triage_teams"]}, "first_aid_crews": {first_crew: parameters["scene.first_aid_teams"]}}
    names = {k.name for k in pathway.kinds}
    steps = []
    for kind, table in given.items():
        if kind not in names:
            continue
        before = 0
        for minute, value in as_timetable(table if table is not None else default.get(kind, {})).items():
            steps.append(Step(kind, scene.start_min + minute, 0.0, whole(value) - before))
            before = whole(value)
    return steps


def scene_site(record: np.ndarray, scene: Scene, values: Mapping[str, object], p: Values) -> None:
    """What is fixed of a scene."""
    record["id"], record["open_at"], record["declare_at"] = stable_hash(scene.code), scene.start_min, -1.0
    for ours, own in (("undertriage", scene.undertriage), ("overtriage", scene.overtriage)):
        record[ours] = scalar(values, f"city.scene_{ours}", p[f"city.scene_{ours}"]) if own is None else own


def hospital_site(record: np.ndarray, h: Hospital, night: bool, p: Values) -> None:
    """What is fixed of a hospital."""
    record["id"], record["level"] = stable_hash(h.code), h.level
    record["room"] = round(scalar(h.values(night), "hospital.waiting_room", p["hospital.waiting_room"]))
    record["accepts"] = sum((colour in h.accepts) << k | (colour in h.accepts_children) << k + CHILDREN_ONLY for k, colour in enumerate(COLOUR_PATHS[:3]))
    for ours, key in (("undertriage", "hospital.door_triage_undertriage"), ("overtriage", "hospital.door_triage_overtriage"),
                      ("occupied_share", "hospital.ed_occupied_share"), ("declare_at", "hospital.declare_min")):
        record[ours] = scalar(h.values(night), key, p[key])


def pace(station: str, scenario: Scenario, city: City, hospital: Hospital | None, p: Values) -> float:
    """Minutes that a city's or hospital's key gives to a station whose stage has mean 1; 1 where it does not, or where the scenario overrides."""
    if scenario.pathway is not None or station in scenario.service:
        return 1.0
    if hospital is not None and station in PACED:
        minutes = scalar(hospital.values(scenario.night), PACED[station], p[PACED[station]])
        return max(0.0, minutes - p[READ_BEFORE]) if station == "ct_report" else minutes
    if hospital is None and station == "load":
        return scalar(city.values(scenario.night), "city.load_min", p["city.load_min"])
    return 1.0


def site_arrays(city: City, scenario: Scenario, pathway: Pathway, p: Values, station: np.ndarray,
                horizon_min: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Sites, units, queues and steps."""
    night, values = scenario.night, city.values(scenario.night)
    shifts = changes(scenario.hour, horizon_min, p)
    scenes, hospitals = sorted_sites(city, scenario)
    S, H, K, T = len(scenes), len(hospitals), len(pathway.kinds), len(pathway.stations)
    site, unit, queue = np.zeros(S + H, R.SITE), np.zeros((S + H, K), R.UNIT), np.zeros((S + H, T), R.QUEUE)
    delivery = blood_deliveries(city, night, p)
    unit["stations"] = [sum(1 << t for t in range(T) if k in station[t]["kind"][:station[t]["count"]] or k == station[t]["blood"] or k in station[t]["aside"])
                        for k in range(K)]
    for k in range(K):
        users = [t for t in range(T) if station[t]["own"] == t and k in station[t]["kind"][:station[t]["count"]]]
        unit["lookers"][:, k] = sum(1 << t for t in range(T) if t in users or (station[t]["own"] == t and k in station[t]["aside"]))
        unit["uppers"][:, k] = sum(1 << t for t in range(T) if station[t]["own"] != t and unit["stations"][0, k] >> t & 1)
        unit["most"][:, k] = max((int(station[t]["units"][list(station[t]["kind"]).index(k)]) for t in users), default=1)
    for field in ("kind_class", "people", "watch"):
        unit[field] = [getattr(kind, field) for kind in pathway.kinds]
    rows: list[tuple[int, int, Step]] = []
    for s in range(S + H):
        hospital = hospitals[s - S] if s >= S else None
        if hospital is None:
            scene_site(site[s], scenes[s], values, p)
            base: dict[str, int] = {}
            steps = scene_capacity(scenes[s], pathway, scalar(values, "city.first_crew_min", p["city.first_crew_min"]), p)
        else:
            hospital_site(site[s], hospital, night, p)
            base, steps = hospital_capacity(hospital, night=night, kinds=pathway.kinds, parameters=p, blood_delivery=delivery[hospital.code],
                                            grid_failure_min=scenario.grid_failure_min, changes=shifts)
        reach = {} if hospital else {"ambulances": UNLIMITED}
        for k, kind in enumerate(pathway.kinds):
            own = [x for x in steps if x.kind == kind.name]
            unit[s, k]["cap0"], unit[s, k]["occupiable"] = base.get(kind.name, 0), hospital is not None and kind.occupiable
            reach.setdefault(kind.name, greatest(base.get(kind.name, 0), own))
            if hospital and kind.name in FRONT_KINDS:
                site[s]["weight"][FRONT_KINDS.index(kind.name)] = final(base.get(kind.name, 0), own)
            rows += [(s, k, x) for x in own]
        if hospital:
            site[s]["without"] = sum(need for kind, need in SPECIAL_KINDS.items() if reach.get(kind) == 0)
        for t, spec in enumerate(pathway.stations):
            queue[s, t]["possible"] = within_reach(spec, pathway, reach)
            queue[s, t]["pace"] = pace(spec.name, scenario, city, hospital, p)
    site["without"][S:] &= ~np.bitwise_and.reduce(site["without"][S:])        # what no hospital has draws nobody anywhere
    rows.sort(key=lambda row: (row[0], row[1], row[2].at_min + row[2].after_min))
    step = np.zeros(len(rows), R.STEP_ROW)
    for n, (s, k, x) in enumerate(rows):
        step[n] = (x.at_min, x.after_min, -1, s, k, x.amount, x.mode, x.part, x.declared, 0, x.wave, 0)
    return site, unit.ravel(), queue.ravel(), step


def within_reach(spec: Station, pathway: Pathway, reach: Mapping[str, int]) -> bool:
    """Can a station's care ever be given: its own place or one beside it, all else that it needs, and of a team one at least."""
    place = [name for name, _ in spec.requires if pathway.kinds[pathway.kind(name)].kind_class == PLACE]
    own = all(reach[name] >= units for name, units in spec.requires if name not in spec.team)
    beside = any(reach[name] >= 1 for name in spec.aside) and all(reach[name] >= units for name, units in spec.requires if name not in (*spec.team, *place))
    somebody = not spec.team or any(reach[name] >= pathway.kinds[pathway.kind(name)].parts for name in spec.team)
    return (own or beside) and somebody


def sorted_sites(city: City, scenario: Scenario) -> tuple[list[Scene], list[Hospital]]:
    """Scenes and hospitals by code: the order of sites, whatever the order given."""
    return sorted(scenario.scenes, key=lambda s: s.code), sorted(city.hospitals, key=lambda h: h.code)


def policy_tables(scenario: Scenario, scenes: list[Scene], hospitals: list[Hospital], policy: int) -> tuple[np.ndarray, np.ndarray]:
    """Rank and quota (table) or share (split) by scene, colour and hospital; -1: no candidate."""
    S, H = len(scenes), len(hospitals)
    plan, quota = np.full((max(S, 1), 3, H), -1.0), np.zeros((max(S, 1), 3, H), np.int64)
    at = {h.code: k for k, h in enumerate(hospitals)}
    for s, scene in enumerate(scenes):
        for lane, colour in enumerate(COLOUR_PATHS[:3]):
            keys = ((scene.code, colour), (scene.code, ""), ("", colour), ("", ""))
            if policy == POLICIES.index("table"):
                for rank, (code, n) in enumerate(next((scenario.table[k] for k in keys if k in scenario.table), ())):
                    plan[s, lane, at[code]], quota[s, lane, at[code]] = rank, n
            elif policy == POLICIES.index("split"):
                for code, share in next((scenario.split[k] for k in keys if k in scenario.split), {}).items():
                    plan[s, lane, at[code]] = share
    return plan, quota


def model_pathway(scenario: Scenario, parameters: Values, *, expectant: bool = False) -> Pathway:
    """The scenario's own pathway or the standard one, with overridden service times. Loading takes its minutes from city.load_min (pace)."""
    pathway = scenario.pathway or standard_pathway(parameters, expectant=expectant)
    laws: dict[str, Law] = dict(scenario.service)
    if scenario.pathway is None and "load" not in laws:
        laws["load"] = lognormal(1.0, parameters["load.cv"])
    return with_up_stations(pathway.with_durations(laws))


def policy_of(city: City, scenario: Scenario, policy: str | None) -> str:
    """The policy that holds: the call's, else the scenario's, else the city's, else nearest."""
    return policy or scenario.policy or str(city.values(scenario.night).get("city.distribution_policy", "nearest"))


def parameter_record(scenario: Scenario, pathway: Pathway, begins: Mapping[str, int], p: Values, horizon: float,
                     sizes: tuple[int, int, int]) -> np.ndarray:
    """The one row of general parameters."""
    N, S, H = sizes
    par = np.zeros(1, R.PAR)
    r = par[0]
    r["casualties"], r["scenes"], r["hospitals"] = N, S, H
    r["kinds"], r["stations"], r["horizon"] = len(pathway.kinds), len(pathway.stations), horizon
    r["clock"], r["fleet_known"], r["live_first"] = scenario.clock_min, scenario.vehicles is not None, N - len(scenario.live)
    r["buckets_per_min"] = min(max(N / 125.0, SMALLEST_RATE), MOST_BUCKETS / horizon)
    r["start_hour"] = scenario.hour
    r["hour_factor"] = [p[f"travel.hour_factor.{h:02d}"] * scenario.travel_factor for h in range(24)]
    for name, cv in (("noise", "travel.noise_cv"), ("rate", "body.rate_cv"), ("occupancy", "hospital.occupancy_cv"), ("callin", "hospital.callin_cv")):
        r[f"{name}_mu"], r[f"{name}_sigma"] = log_spread(p[cv])
    r["self_factor"], r["wait_limit_min"] = p["self.speed_factor"], p["transfer.wait_limit_min"]
    names = [k.name for k in pathway.kinds]
    r["front_kind"] = [names.index(k) if k in names else 0 for k in FRONT_KINDS]
    for field, kind in (("ambulance_kind", "ambulances"), ("theatre_kind", "theatres"), ("icu_kind", "icu_beds")):
        r[field] = names.index(kind) if kind in names else 0
    r["scene_row"], r["hospital_row"] = begins.get("scene", 0), begins.get("hospital", 0)
    r["colour_row"] = [begins.get(c, begins.get("hospital", 0)) for c in COLOUR_PATHS]
    stations = [s.name for s in pathway.stations]
    r["transfer_row"], r["transfers"] = begins.get("transfer", -1), scenario.transfers and "transfer" in begins
    r["nurse_kind"] = names.index(NURSES) if NURSES in names else -1
    for field, name in (("seniority", "rule.seniority"), ("open_needs", "rule.open_needs"), ("reserve", "transfer.reserve"),
                        ("most_moves", "transfer.most_moves"), ("round_min", "retriage.round_min"), ("look_undertriage", "look.undertriage"),
                        ("look_overtriage", "look.overtriage"), ("bay_rate", "effect.resus_rate"), ("ordinary_share", "hospital.ordinary_share"),
                        ("child_rate", "body.child_rate"), ("special_min", "policy.special_min"), ("surgery_order", "rule.surgery_order")):
        r[field] = p[name]
    r["surgery_first"], r["surgery_bleeding"] = SURGERY_ORDER
    red = pathway.paths.get("red", ())
    r["theatre_row"] = begins.get("red", 0) + next((k for k, x in enumerate(red) if x.station == "theatre_lifesaving"), 0)
    r["child_row"] = begins.get("red", 0) + next((k for k, x in enumerate(red) if x.station == "resus_child"), 0)
    r["load_station"] = stations.index("load") if "load" in stations else 0
    r["move_station"] = stations.index("transfer_prepare") if "transfer_prepare" in stations else 0
    return par


def build(city: City, scenario: Scenario, *, pool: object, parameters: Values, policy: str | None = None,
          horizon_min: float = 2880.0) -> Model:
    """Arrays for the kernel. The same arrays whatever the order in which scenes, hospitals, bases and lists were given."""
    p = parameters
    expectant = scalar(city.values(scenario.night), "city.expectant", p["city.expectant"]) > 0.0
    pathway = model_pathway(scenario, p, expectant=expectant)
    scenes, hospitals = sorted_sites(city, scenario)
    laws = LawTable()
    station, row, begins, names = pathway_arrays(pathway, laws)
    chosen = POLICIES.index(policy_of(city, scenario, policy))
    par = parameter_record(scenario, pathway, begins, p, horizon_min, (scenario.casualties(), len(scenes), len(hospitals)))
    r = par[0]
    r["policy"], r["spread_weight_min"], r["protect_min"] = chosen, p["policy.load_weight_min"], p["policy.protect_min"]
    r["overflow"], r["top_level"], r["expectant"] = p["policy.overflow"], max((h.level for h in hospitals), default=0), expectant
    values = city.values(scenario.night)
    r["first_crew_min"] = scalar(values, "city.first_crew_min", p["city.first_crew_min"])
    r["hand_over_law"] = laws.position(scenario.service.get("hand_over", lognormal(p["hand_over.mean_min"], p["hand_over.cv"])))
    site, unit, queue, step = site_arrays(city, scenario, pathway, p, station, horizon_min)
    codes_of = [*(x.code for x in scenes), *(x.code for x in hospitals)]
    step = place_live(scenario, codes_of, len(scenes), pathway, site, unit, queue, step, station)
    travel = travel_matrix(city, scenes, hospitals, p)
    source, race, codes = sources(scenario, scenes, hospitals, travel, p, laws)
    arrays = pool_arrays(pool)
    person = people(scenario, scenes, hospitals, codes, names, begins, row, arrays["template"])
    at = {code: k for k, code in enumerate(codes_of)}
    kinds = tuple(k.name for k in pathway.kinds)
    live = live_records(scenario, at, names, begins, row, kinds, tuple(k.parts for k in pathway.kinds), station)
    fleet = vehicles(city, scenario, scenes, at, p)
    plan, quota = policy_tables(scenario, scenes, hospitals, chosen)
    N, S, H, K = len(person), len(scenes), len(hospitals), len(pathway.kinds)
    events = 16 * N + 2 * len(step) + 4 * len(fleet) + 64
    sim = R.Sim(
        par=par, law=laws.rows(), table=laws.values(), station=station, row=row, **arrays, travel=travel, race=race, plan=plan, quota=quota,
        source=source, person=person, live=live, vehicle=fleet, sent0=sent_before(scenario, codes_of, S, H), step=step, site=site, unit=unit, queue=queue, body=np.zeros(N, R.BODY_STATE),
        sent=np.zeros((max(S, 1), 3, H), np.int64), loss=np.zeros((S + H, K + EXTRA_CAUSES), np.int64),
        histogram=np.zeros((len(unit), 289), np.int64), incision=np.zeros((SPECIALTIES, INCISION_BINS), np.int64), event=np.zeros(events, R.EVENT),
        calendar=np.zeros(int(horizon_min * r["buckets_per_min"]) + 2, np.int32), heap=np.zeros(events, np.int32),
        control=np.zeros(1, R.CONTROL), todo=np.zeros(S + H + 1, np.int32), trace=np.zeros(0, R.TRACE))
    return Model(sim, tuple(codes_of), S, kinds, tuple(s.name for s in pathway.stations),
                 tuple(names), (*kinds, "unreached", "travel", "care", "left"), tuple(codes),
                 tuple(k.parts for k in pathway.kinds), tuple(begins.items()))


def prepare_laws(*laws: Law) -> R.Sim:
    """Arrays that hold only laws: for looking at a distribution with the kernel's own functions."""
    table = LawTable()
    for law in laws:
        table.position(law)
    empty = {name: np.zeros(1) for name in R.Sim._fields}
    return R.Sim(**{**empty, "law": R.seen(table.rows()), "table": table.values()})
