"""What the twin runs on: a city and a scenario turned into plain lists, by structure.md, 1, 3, 5 to 8. Nothing of the engine's own arrays is used."""
import math

from beiji.science.casualties import build_pool
from beiji.science.draws import fixed, lognormal
from beiji.science.parameters import register
from beiji.science.pathway import standard_pathway

from .draws import code_id, numbered

COLOURS = ("red", "yellow", "green", "black")
POLICIES = ("nearest", "proportional", "spread", "concentrate", "table", "split")
FRONT = ("resus_bays", "urgent_places", "minor_places")
PLENTY = 1_000_000
UNLIMITED = 1_000_000_000
RISE_SHARE = {"standby": 0.0, "partial": 0.5, "full": 1.0, "over": 1.0}
REVERSE_SHARE = {"standby": 0.0, "partial": 0.0, "full": 0.5, "over": 1.0}
CHANGE, CLEAR, OUTAGE, RESTORE = "change", "clear", "outage", "restore"


def rounded(x):
    """Nearest whole number, halves up."""
    return math.floor(x + 0.5)


def table_of(value):
    """Minute → value, ascending; a number holds from minute 0."""
    return sorted((float(m), float(v)) for m, v in value.items()) if hasattr(value, "items") else [(0.0, float(value))]


def number_of(values, key, p):
    """A key that is one number: the given one (of a timetable the entry at 0) or the register's."""
    value = values.get(key, p[key])
    return dict(table_of(value)).get(0.0, 0.0)


class Row:
    """A stage. Flags are attributes with an underscore, e.g. `row.is_fifo`."""

    FLAGS = ("fifo", "triage", "branch", "load", "entry", "inpatient", "transfer", "skip", "else", "cure_at_start", "blood", "surgery", "move")

    def __init__(self, at, path, stage, station):
        self.at, self.path, self.name, self.station = at, path, stage.name, station
        for field in ("needs_any", "needs_none", "take_purpose", "take_from", "take_to", "purpose", "protect", "partial", "partial_min", "short", "cures", "adds"):
            setattr(self, field, getattr(stage, field))
        self.law = stage.duration
        for flag in self.FLAGS:
            setattr(self, f"is_{flag}", flag in stage.flags)


class Station:
    """Requirements of one queue: (kind, units); the kinds that are places; the blood that may be taken."""

    def __init__(self, at, spec, kinds, classes):
        self.at, self.name = at, spec.name
        self.needs = [(kinds.index(name), units) for name, units in spec.requires]
        self.places = [(k, n) for k, n in self.needs if classes[k] == 0]
        self.services = [(k, n) for k, n in self.needs if classes[k] == 1]
        self.blood = kinds.index(spec.blood) if spec.blood else None


class SitePlan:
    """A scene or hospital before the run."""

    def __init__(self, code, entity, is_scene, start=0.0):
        self.code, self.entity, self.is_scene, self.id, self.start = code, entity, is_scene, code_id(code), start
        self.base, self.steps, self.possible, self.pace = {}, [], [], []
        self.under = self.over = self.occupied = 0.0
        self.level, self.lanes, self.weights = -1, (), [0, 0, 0]


class Inputs:
    """Everything the run needs."""

    def __init__(self, city, scenario, *, deterioration="sacco", policy=None, horizon_min=None, parameters=None):
        p = parameters or register()
        self.p = p = p.with_values(scenario.parameters) if scenario.parameters else p
        self.city, self.scenario = city, scenario
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
        self.people = self.read_people()
        self.vehicles = self.read_fleet()
        self.hand_over = scenario.service.get("hand_over", lognormal(p["hand_over.mean_min"], p["hand_over.cv"]))
        self.transfers = scenario.transfers and "transfer" in self.begins
        self.plan = self.read_plan()

    # ---- the pathway --------------------------------------------------------------------------------------------
    def read_pathway(self):
        """Kinds, stations and rows; a path ends with a row None. Minutes that a key of the city or hospital gives are a pace: the law has mean 1."""
        own = self.scenario.pathway is not None
        pathway = self.scenario.pathway or standard_pathway(self.p)
        laws = dict(self.scenario.service)
        if not own:
            laws.setdefault("load", lognormal(1.0, self.p["load.cv"]))
        pathway = pathway.with_durations(laws)
        self.paced = {name: key for name, key in (("load", "city.load_min"), ("ct_report", "hospital.ct_report_min"), ("hospital_decon", "hospital.decon_min"))
                      if not own and name not in self.scenario.service}
        self.kinds = [kind.name for kind in pathway.kinds]
        self.kind_specs = pathway.kinds
        classes = [kind.kind_class for kind in pathway.kinds]
        self.stations = [Station(t, spec, self.kinds, classes) for t, spec in enumerate(pathway.stations)]
        names = [s.name for s in self.stations]
        self.users = [[s.at for s in self.stations if k in [kind for kind, _ in s.needs] or k == s.blood] for k in range(len(self.kinds))]
        self.rows, self.begins = [], {}
        for path, stages in pathway.paths.items():
            self.begins[path] = len(self.rows)
            for stage in stages:
                self.rows.append(Row(len(self.rows), path, stage, self.stations[names.index(stage.station)]))
            self.rows.append(None)
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
        self.needs = [int(pool.needs[k]) | (1 << 10 if pool.surgical[k] else 0) | (1 << 11 if pool.group[k] in (0, 3) else 0) for k in range(n)]
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
            if key in self.city.travel_min:
                return float(self.city.travel_min[key])
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

    # ---- sites --------------------------------------------------------------------------------------------------
    def finish(self, plan):
        """Steps in table order; which stations are possible; the pace of each."""
        index = {kind: k for k, kind in enumerate(self.kinds)}
        plan.base = [plan.base.get(kind, 0) for kind in self.kinds]
        plan.steps = sorted(((index[kind], at, after, amount, mode, part) for kind, at, after, amount, mode, part in plan.steps if kind in index),
                            key=lambda s: (s[0], s[1] + s[2]))
        most, last = list(plan.base), list(plan.base)
        for kind, _, _, amount, mode, _ in plan.steps:
            if mode == CHANGE:
                last[kind] += amount
                most[kind] = max(most[kind], last[kind])
        if plan.is_scene and self.ambulances is not None:
            most[self.ambulances] = UNLIMITED
        plan.possible = [all(most[k] >= n for k, n in station.needs) for station in self.stations]
        plan.weights = [0 if k is None else last[k] for k in self.front]
        return plan

    def scene_plan(self, scene):
        """Crews come with the first crew unless the scene gives them; minutes of a scene count from its start."""
        p, plan = self.p, SitePlan(scene.code, 4, True, scene.start_min)
        crew = number_of(self.values, "city.first_crew_min", p)
        tables = {"triage_crews": {crew: p["scene.triage_teams"]} if scene.triage_crews is None else scene.triage_crews,
                  "first_aid_crews": {crew: p["scene.first_aid_teams"]} if scene.first_aid_crews is None else scene.first_aid_crews,
                  "scene_decon_lanes": scene.decon_lanes or {}}
        for kind, table in tables.items():
            before = 0
            for minute, value in table_of(table):
                plan.steps.append((kind, scene.start_min + minute, 0.0, rounded(value) - before, CHANGE, 0))
                before = rounded(value)
        plan.under, plan.over = number_of(self.values, "city.scene_undertriage", p), number_of(self.values, "city.scene_overtriage", p)
        plan.pace = [number_of(self.values, "city.load_min", p) if s.name == "load" and "load" in self.paced else 1.0 for s in self.stations]
        return self.finish(plan)

    def hospital_plan(self, h):
        """Capacities at the alert and the steps of one hospital, by structure.md, 5."""
        p, plan, values = self.p, SitePlan(h.code, 2, False), h.values(self.night)

        def key(name):
            return number_of(values, name, p)

        declare = key("hospital.declare_min")
        slow = p["shift.free_day_callin"] if p["shift.free_day"] > 0.0 else 1.0
        wave_2, wave_1_share = key("hospital.callin_wave2_min"), key("hospital.callin_wave1_share")
        for kind in self.kind_specs:
            if not kind.key:
                continue
            table = table_of(values.get(kind.key, PLENTY if kind.name == "oxygen_places" else 0.0))
            base = plan.base[kind.name] = rounded(dict(table).get(0.0, 0.0))
            if kind.name == "ct_reporters" and self.night and 0 < base <= p["shift.reporter_home_most"] and p["shift.reporter_home_min"] > 0.0:
                plan.base[kind.name] = 0
                plan.steps.append((kind.name, declare, slow * p["shift.reporter_home_min"], base, CHANGE, 0))
            before, later = base, 0
            for minute, value in table:
                if minute <= 0.0:
                    continue
                level = rounded(value)
                if value > base:
                    level = base + math.floor(RISE_SHARE[h.activation] * (level - base))
                change, before = level - before, level
                when, now = minute, change
                if kind.people and change > 0 and minute <= 30.0:
                    now = rounded(wave_1_share * change)
                    later += change - now
                    when = minute * slow
                elif kind.people and change > 0:
                    when = max(minute, wave_2) * slow
                if now:
                    plan.steps.append((kind.name, declare, when, now, CHANGE, 0))
            if later:
                plan.steps.append((kind.name, declare, wave_2 * slow, later, CHANGE, 0))
            if kind.people:
                plan.steps += [(kind.name, at, 0.0, apart, CHANGE, 0) for at, apart in self.changes_of_shift(h, kind)]
            if kind.occupiable and key("hospital.ed_occupied_share") > 0.0:
                plan.steps += [(kind.name, declare + key("hospital.ed_clear_min") * j / 4, 0.0, 0, CLEAR, j) for j in (1, 2, 3, 4)]
            failure = self.scenario.grid_failure_min
            if kind.name in ("theatres", "icu_beds") and failure is not None and key("hospital.power_min") > 0.0:
                plan.steps += [(kind.name, failure, 0.0, 0, OUTAGE, 0), (kind.name, failure + key("hospital.power_min"), 0.0, 0, RESTORE, 0)]
            if kind.name == "ward_beds":
                o = min(p["hospital.bed_occupancy"], 0.99)
                occupied = h.occupied_beds if h.occupied_beds is not None else base * o / (1.0 - o)
                gained = math.floor(key("hospital.reverse_triage_share") * REVERSE_SHARE[h.activation] * occupied)
                plan.steps += [("ward_beds", declare, 60.0, gained // 2, CHANGE, 0), ("ward_beds", declare, 120.0, gained - gained // 2, CHANGE, 0)] if gained else []
            if kind.name == "blood_units" and self.delivery(h):
                plan.steps.append(("blood_units", declare + key("hospital.blood_delivery_min"), 0.0, self.delivery(h), CHANGE, 0))
        plan.level, plan.lanes = h.level, tuple(c in h.accepts for c in COLOURS[:3])
        plan.under, plan.over = key("hospital.door_triage_undertriage"), key("hospital.door_triage_overtriage")
        plan.occupied = key("hospital.ed_occupied_share")
        plan.pace = [key(self.paced[s.name]) if s.name in self.paced and s.name != "load" else 1.0 for s in self.stations]
        return self.finish(plan)

    def changes_of_shift(self, h, kind):
        """(minute, people more or fewer) at each change of shift: structure.md, 5, Shifts."""
        if self.p["shift.free_day"] > 0.0:
            return
        plan = {}
        for night in (False, True):
            table = table_of(h.values(night).get(kind.key, 0.0))
            first, last = rounded(dict(table).get(0.0, 0.0)), rounded(table[-1][1])
            plan[night] = first, first + math.floor(RISE_SHARE[h.activation] * (last - first)) if last > first else last
        level, goes, at = plan[self.night][1], self.night, 0.0
        while True:
            comes = not goes
            hour = self.p["shift.night_from_hour"] if comes else self.p["shift.day_from_hour"]
            minute = ((hour - self.scenario.hour) * 60.0) % 1440.0
            while minute <= at:
                minute += 1440.0
            at = minute
            if at > self.horizon:
                return
            apart = plan[comes][0] - plan[goes][0]
            then = min(level + apart, max(level, plan[comes][1])) if apart > 0 else max(level + apart, min(level, plan[comes][1]))
            if then != level:
                yield at, then - level
            level, goes = then, comes

    def delivery(self, hospital):
        """The hospital's part of the blood station's stock."""
        stock = number_of(self.values, "city.blood_stock", self.p)
        shelf = {h.code: dict(table_of(h.values(self.night).get("hospital.blood_units", 0.0))).get(0.0, 0.0) for h in self.hospitals}
        total = sum(shelf.values())
        return math.floor(stock * shelf[hospital.code] / total) if total > 0 else 0

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
