"""What the twin runs on: a city and a scenario turned into plain lists, by structure.md, 1, 3, 5 to 8. Nothing of the engine's own arrays is used."""
import math

import numpy as np

from beiji.science.casualties import build_pool
from beiji.science.draws import fixed, lognormal
from beiji.science.parameters import register
from beiji.science.pathway import standard_pathway

from .draws import numbered
from .plans import COLOURS, Plans, number_of, rounded, table_of

POLICIES = ("nearest", "proportional", "spread", "concentrate", "table", "split")
FRONT = ("resus_bays", "urgent_places", "minor_places")
PLACE, SERVICE = 0, 1
CHILD, BURNED = 1 << 16, 1 << 5


class Row:
    """A stage. Flags are attributes with an underscore, e.g. `row.is_fifo`."""

    FLAGS = ("fifo", "triage", "branch", "load", "entry", "inpatient", "transfer", "skip", "else", "cure_at_start", "blood", "surgery", "move",
             "look", "retag", "deferred", "first_care", "if_free")

    def __init__(self, at, path, stage, station):
        self.at, self.path, self.name, self.station = at, path, stage.name, station
        for field in ("needs_any", "needs_all", "needs_none", "take_purpose", "take_from", "take_to", "purpose", "protect", "partial", "partial_min", "short", "cures", "adds", "aside_protect"):
            setattr(self, field, getattr(stage, field))
        self.law = stage.duration
        for flag in self.FLAGS:
            setattr(self, f"is_{flag}", flag in stage.flags)


class Station:
    """Requirements of one queue: (kind, units). Its own kinds, its team of whom fewer may come, places beside, the blood that may be taken."""

    def __init__(self, at, spec, kinds, classes):
        self.at, self.name = at, spec.name
        self.needs = [(kinds.index(name), units) for name, units in spec.requires]
        self.team = [(kinds.index(name), units) for name, units in spec.requires if name in spec.team]
        self.own = [need for need in self.needs if need not in self.team]
        self.places = [(k, n) for k, n in self.own if classes[k] == PLACE]
        self.others = [(k, n) for k, n in self.own if classes[k] != PLACE]
        self.beside = [kinds.index(name) for name in spec.aside]
        self.blood = kinds.index(spec.blood) if spec.blood else None
        self.second = None


class Inputs(Plans):
    """Everything the run needs."""

    def __init__(self, city, scenario, *, deterioration="sacco", policy=None, horizon_min=None, parameters=None):
        p = parameters or register()
        self.p = p = p.with_values(scenario.parameters) if scenario.parameters else p
        self.city, self.scenario = city, scenario
        self.given_min = {**city.travel_min, **scenario.travel_min}
        self.night = p["shift.free_day"] > 0.0 or not p["shift.day_from_hour"] <= scenario.hour % 24.0 < p["shift.night_from_hour"]
        self.horizon = float(p["run.horizon_min"] if horizon_min is None else horizon_min)
        self.values = city.values(self.night)
        self.scenes = sorted(scenario.scenes, key=lambda s: s.code)
        self.hospitals = sorted(city.hospitals, key=lambda h: h.code)
        self.S, self.H = len(self.scenes), len(self.hospitals)
        self.policy = policy or scenario.policy or self.values.get("city.distribution_policy", "nearest")
        self.top_level = max(h.level for h in self.hospitals)
        self.hour_factor = [p[f"travel.hour_factor.{h:02d}"] * scenario.travel_factor for h in range(24)]
        self.read_pathway()
        self.read_pool(scenario.pool or build_pool(mechanism=scenario.mechanism, rule=scenario.rule, model=deterioration,
                                                   child_share=scenario.child_share, parameters=p))
        places = [*self.scenes, *self.hospitals]
        self.travel = [[0.0 if a is b else self.minutes(a, b) for b in places] for a in places]
        self.sites = [self.scene_plan(s) for s in self.scenes] + [self.hospital_plan(h) for h in self.hospitals]
        special = [(need, self.kinds.index(kind)) for need, kind in ((CHILD, "paediatric_teams"), (BURNED, "burn_beds")) if kind in self.kinds]
        self.special = [(need, k) for need, k in special if any(site.most[k] > 0 for site in self.sites[self.S:])]
        self.people = self.read_people()
        self.vehicles = self.read_fleet()
        self.hand_over = scenario.service.get("hand_over", lognormal(p["hand_over.mean_min"], p["hand_over.cv"]))
        self.transfers = scenario.transfers and "transfer" in self.begins
        self.plan = self.read_plan()

    # ---- the pathway --------------------------------------------------------------------------------------------
    def read_pathway(self):
        """Kinds, stations and rows; a path ends with a row None. Minutes that a key of the city or hospital gives are a pace: the law has mean 1."""
        own = self.scenario.pathway is not None
        expectant = number_of(self.values, "city.expectant", self.p) > 0.0
        pathway = self.scenario.pathway or standard_pathway(self.p, expectant=expectant)
        laws = dict(self.scenario.service)
        if not own:
            laws.setdefault("load", lognormal(1.0, self.p["load.cv"]))
        pathway = pathway.with_durations(laws)
        self.paced = {name: key for name, key in (("load", "city.load_min"), ("ct_report", "hospital.ct_report_min"), ("hospital_decon", "hospital.decon_min"))
                      if not own and name not in self.scenario.service}
        self.kinds = [kind.name for kind in pathway.kinds]
        self.kind_specs, self.parts = pathway.kinds, [kind.parts for kind in pathway.kinds]
        self.classes = [kind.kind_class for kind in pathway.kinds]
        self.stations = [Station(t, spec, self.kinds, self.classes) for t, spec in enumerate(pathway.stations)]
        self.queues = list(self.stations)  # the stations' own queues, then the second ones of those with a team
        for station in self.stations:
            if station.team:
                station.second = len(self.queues)
                self.queues.append(station)
        self.users = [[q for q, s in enumerate(self.queues) if k in [kind for kind, _ in s.needs] or k == s.blood or k in s.beside] for k in range(len(self.kinds))]
        self.rows, self.begins = [], {}
        for path, stages in pathway.paths.items():
            if path == "black" and stages == pathway.paths.get("red"):
                self.begins["black"] = self.begins["red"]
                continue
            self.begins[path] = len(self.rows)
            for stage in stages:
                self.rows.append(Row(len(self.rows), path, stage, next(s for s in self.stations if s.name == stage.station)))
            self.rows.append(None)
        self.expectant = "black" in self.begins and self.begins["black"] != self.begins.get("red")
        self.reading_min = next((row.law.mean() for row in self.rows if row is not None and row.name == "ct_read"), 0.0)
        names = [s.name for s in self.stations]
        bay = [row for row in self.rows if row is not None and row.path == "red" and row.is_entry]
        self.bay_factor = bay[0].protect if bay else None
        self.first_in_line = {row.station.at for row in self.rows if row is not None and row.is_surgery} | {row.station.at for row in bay}
        self.ambulances = self.kinds.index("ambulances") if "ambulances" in self.kinds else None
        self.front = [self.kinds.index(k) if k in self.kinds else None for k in FRONT]
        self.loading = names.index("load") if "load" in names else None
        self.preparing = names.index("transfer_prepare") if "transfer_prepare" in names else None

    def row_named(self, stage, colour):
        """Where a given casualty enters: in his colour's path if the stage is there, else the first of the name that is not an ELSE row."""
        own = self.begins.get(colour, len(self.rows))
        while own < len(self.rows) and self.rows[own] is not None:
            if self.rows[own].name == stage:
                return own
            own += 1
        found = [r.at for r in self.rows if r is not None and r.name == stage]
        return next((k for k in found if not self.rows[k].is_else), found[0])

    # ---- templates ----------------------------------------------------------------------------------------------
    def read_pool(self, pool):
        """Templates as plain lists."""
        n = len(pool.group)
        self.group_of = [int(g) for g in pool.group]
        self.groups = [[k for k in range(n) if self.group_of[k] == g] for g in range(4)]
        self.child, self.unscored = ([bool(x) for x in np.broadcast_to(flag, n)] for flag in (pool.child, pool.unscored))
        self.needs = [int(pool.needs[k]) | (1 << 10 if pool.surgical[k] else 0) | (1 << 11 if pool.group[k] in (0, 3) else 0) | (CHILD if self.child[k] else 0)
                      for k in range(n)]
        self.truth = [int(x) for x in pool.category]
        self.walks = [bool(x) for x in pool.walks]
        self.blood = [int(x) for x in pool.blood]
        self.surgical = [bool(x) for x in pool.surgical]
        self.crossings = [[(float(pool.cross_at[k][j]), int(pool.cross_category[k][j])) for j in range(int(pool.cross_count[k]))] for k in range(n)]
        self.curve_of = [int(x) for x in pool.curve]
        self.curves = pool.curves.tolist()
        self.speed = [float(x) for x in pool.need_rate]

    # ---- travel -------------------------------------------------------------------------------------------------
    def minutes(self, one, other):
        """Base minutes between two places."""
        for key in ((one.code, other.code), (other.code, one.code)):
            if key in self.given_min:
                return float(self.given_min[key])
        p = self.p
        km = one.at.km(other.at) * p["travel.detour"]
        near = min(km, p["travel.near_km"])
        river = p["travel.river_min"] if one.bank is not None and other.bank is not None and one.bank != other.bank else 0.0
        return 60.0 * (near / p["travel.speed_kmh"] + (km - near) / p["travel.speed_far_kmh"]) + river

    def read_fleet(self):
        """Ambulances (id, scene, minute it can leave, base minutes), by base and number: shares of the fleet by largest remainders, each to the scene that
        begins within 15 minutes of the first and has most casualties for each ambulance already sent and this one."""
        bases = sorted(self.city.bases, key=lambda b: b.code)
        if not bases or not self.scenes:
            return []
        first = min(s.start_min for s in self.scenes)
        near = [k for k, s in enumerate(self.scenes) if s.start_min <= first + 15.0]
        sent, have, fleet = [0] * self.S, [0] * len(bases), []
        for minute, total in table_of(self.values.get("city.ambulances", self.p["city.ambulances"])):
            exact = [rounded(total) * b.weight / sum(x.weight for x in bases) for b in bases]
            want = [math.floor(x) for x in exact]
            by_remainder = sorted(range(len(bases)), key=lambda k: (want[k] - exact[k], k))
            for k in by_remainder[:rounded(total) - sum(want)]:
                want[k] += 1
            for k, base in enumerate(bases):
                while have[k] < want[k]:
                    have[k] += 1
                    scene = max(near, key=lambda s: (self.scenes[s].casualties / (sent[s] + 1), -s))
                    sent[scene] += 1
                    fleet.append((numbered(base.code, have[k]), scene, minute + self.p["travel.rollout_min"], self.minutes(base, self.scenes[scene])))
        return fleet

    # ---- people and plans ---------------------------------------------------------------------------------------
    def read_people(self):
        """Sources in order: scenes by code, lists by code; of each the casualties by number."""
        if self.scenario.live:
            raise ValueError("The twin does not start from a live picture.")
        p = self.p
        leave, find = lognormal(p["self.leave_mean_min"], p["self.leave_cv"]), lognormal(p["scene.find_mean_min"], p["scene.find_cv"])
        self.sources = []
        for k, scene in enumerate(self.scenes):
            mix = scene.mix or self.scenario.mix
            shares = [p["self.red"], p["self.yellow"], p["self.green"], 0.0]
            if scene.self_evacuation is not None:
                overall = sum(mix.get(c, 0.0) * s for c, s in zip(COLOURS, shares, strict=True))
                shares = [min(1.0, s * scene.self_evacuation / overall) if overall > 0 else 0.0 for s in shares]
            weights = [math.exp(-self.travel[k][self.S + h] / p["self.near_scale_min"]) if hospital.accepts and self.travel[k][self.S + h] < math.inf else 0.0
                       for h, hospital in enumerate(self.hospitals)]
            self.sources.append({"code": scene.code, "site": k, "count": scene.casualties, "mix": mix, "contaminated": scene.contaminated, "start": scene.start_min,
                                 "self": shares, "weights": weights, "find": scene.find or find, "leave": leave, "list": None})
        for given in sorted(self.scenario.arrivals, key=lambda a: a.code):
            weights = [float(given.shares.get(h.code, 0.0) if given.shares else 1.0) for h in self.hospitals]
            self.sources.append({"code": given.code, "site": None, "count": given.number(), "mix": given.mix or self.scenario.mix, "contaminated": given.contaminated,
                                 "start": given.start_min, "weights": weights, "list": given, "law": given.gap or given.curve or fixed(0.0)})
        return [(source, number) for source in self.sources for number in range(1, source["count"] + 1)]

    def read_plan(self):
        """(scene, lane, hospital) → (rank or share, quota); the most particular entry of the scenario holds."""
        plan, index = {}, {h.code: k for k, h in enumerate(self.hospitals)}
        for s, scene in enumerate(self.scenes):
            for lane, colour in enumerate(COLOURS[:3]):
                keys = [(scene.code, colour), (scene.code, ""), ("", colour), ("", "")]
                if self.policy == "table":
                    chosen = next((self.scenario.table[k] for k in keys if k in self.scenario.table), ())
                    plan.update({(s, lane, index[code]): (rank, quota) for rank, (code, quota) in enumerate(chosen)})
                elif self.policy == "split":
                    chosen = next((self.scenario.split[k] for k in keys if k in self.scenario.split), {})
                    plan.update({(s, lane, index[code]): (share, 0) for code, share in chosen.items()})
        return plan
