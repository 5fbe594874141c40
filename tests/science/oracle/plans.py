"""What a scene or hospital has, and when it has more or less of it: structure.md, 5 (capacity of hospitals, shifts, crews, occupied at the alert)."""
import math

from .draws import code_id

COLOURS = ("red", "yellow", "green", "black")
PLENTY = 1_000_000
UNLIMITED = 1_000_000_000
RISE_SHARE = {"standby": 0.0, "partial": 0.5, "full": 1.0, "over": 1.0}
REVERSE_SHARE = {"standby": 0.0, "partial": 0.0, "full": 0.5, "over": 1.0}
ON_POWER = ("theatres", "burn_beds", "paediatric_icu_beds", "icu_beds")
CHANGE, CLEAR, OUTAGE, RESTORE = "change", "clear", "outage", "restore"


def rounded(x):
    """Nearest whole number, halves up."""
    return math.floor(x + 0.5)


def table_of(value):
    """Minute → value, ascending; a number holds from minute 0."""
    return sorted((float(m), float(v)) for m, v in value.items()) if hasattr(value, "items") else [(0.0, float(value))]


def first_of(value):
    """What a timetable has at minute 0."""
    return dict(table_of(value)).get(0.0, 0.0)


def number_of(values, key, p):
    """A key that is one number: the given one (of a timetable the entry at 0) or the register's."""
    return first_of(values.get(key, p[key]))


class SitePlan:
    """A scene or hospital before the run."""

    def __init__(self, code, entity, is_scene, start=0.0):
        self.code, self.entity, self.is_scene, self.id, self.start = code, entity, is_scene, code_id(code), start
        self.base, self.steps, self.possible, self.pace = {}, [], [], []
        self.under = self.over = self.occupied = 0.0
        self.level, self.lanes, self.child_lanes, self.weights, self.most, self.room = -1, (), (), [0, 0, 0], [], 0

    def step(self, kind, at, after, amount, mode=CHANGE, part=0):
        """At minute `at` and, times the hospital's pace, so many minutes after it."""
        if amount or mode != CHANGE:
            self.steps.append((kind, at, after, amount, mode, part))


class Plans:
    """The part of the inputs that plans the sites."""

    def finish(self, plan):
        """Parts; steps in table order; which stations are possible; weights of a policy."""
        index = {kind: k for k, kind in enumerate(self.kinds)}
        plan.base = [plan.base.get(kind, 0) * self.parts[k] for k, kind in enumerate(self.kinds)]
        plan.steps = sorted(((index[kind], at, after, amount * self.parts[index[kind]], mode, part)
                             for kind, at, after, amount, mode, part in plan.steps if kind in index), key=lambda s: (s[0], s[1] + s[2]))
        most, last = list(plan.base), list(plan.base)
        for kind, _, _, amount, mode, _ in plan.steps:
            if mode == CHANGE:
                last[kind] += amount
                most[kind] = max(most[kind], last[kind])
        if plan.is_scene and self.ambulances is not None:
            most[self.ambulances] = UNLIMITED
        plan.most, plan.possible = most, [self.ever(station, most) for station in self.stations]
        plan.weights = [0 if k is None else last[k] for k in self.front]
        return plan

    def ever(self, station, most):
        """Can a station ever start here? Of a team one head must once be there; the own place or one beside."""
        there = all(most[k] >= n for k, n in station.places) or any(most[k] >= 1 for k in station.beside)
        return there and all(most[k] >= n for k, n in station.others) and (not station.team or any(most[k] >= self.parts[k] for k, _ in station.team))

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
                plan.step(kind, scene.start_min + minute, 0.0, rounded(value) - before)
                before = rounded(value)
        plan.under, plan.over = number_of(self.values, "city.scene_undertriage", p), number_of(self.values, "city.scene_overtriage", p)
        plan.pace = [number_of(self.values, "city.load_min", p) if "load" in self.paced and s.name == "load" else 1.0 for s in self.stations]
        return self.finish(plan)

    def hospital_plan(self, h):
        """Capacities at the alert and the steps of one hospital."""
        p, plan, values = self.p, SitePlan(h.code, 2, False), h.values(self.night)

        def key(name):
            return number_of(values, name, p)

        declare, plan.occupied = key("hospital.declare_min"), key("hospital.ed_occupied_share")
        for kind in self.kind_specs:
            if not kind.key:
                continue
            self.timetable(plan, h, kind, declare, key)
            if kind.people:
                for at, apart in self.changes_of_shift(h, kind):
                    plan.step(kind.name, at, 0.0, apart)
            if (kind.occupiable or kind.name == "nurses") and plan.occupied > 0.0:
                for j in (1, 2, 3, 4):
                    plan.step(kind.name, declare + key("hospital.ed_clear_min") * j / 4, 0.0, 0, CLEAR, j)
            failure = self.scenario.grid_failure_min
            if kind.name in ON_POWER and failure is not None and key("hospital.power_min") > 0.0:
                plan.step(kind.name, failure, 0.0, 0, OUTAGE)
                plan.step(kind.name, failure + key("hospital.power_min"), 0.0, 0, RESTORE)
            if kind.name == "ward_beds":
                self.reverse_triage(plan, h, declare, key)
            if kind.name == "blood_units":
                plan.step("blood_units", declare + key("hospital.blood_delivery_min"), 0.0, self.delivery(h))
        plan.level, plan.lanes, plan.child_lanes = h.level, tuple(c in h.accepts for c in COLOURS[:3]), tuple(c in h.accepts_children for c in COLOURS[:3])
        plan.room = rounded(key("hospital.waiting_room"))
        plan.under, plan.over = key("hospital.door_triage_undertriage"), key("hospital.door_triage_overtriage")
        plan.pace = [self.pace_of(s, key) for s in self.stations]
        return self.finish(plan)

    def pace_of(self, station, key):
        """Minutes that a key of the hospital gives a stage; of a report without those of its reading."""
        if station.name not in self.paced or station.name == "load":
            return 1.0
        return max(0.0, key(self.paced[station.name]) - (self.reading_min if station.name == "ct_report" else 0.0))

    def timetable(self, plan, h, kind, declare, key):
        """A kind at minute 0, and its planned rises and falls: people in two waves, everything by the level of activation."""
        p, values = self.p, h.values(self.night)
        slow = p["shift.free_day_callin"] if p["shift.free_day"] > 0.0 else 1.0
        wave_2, wave_1_share = key("hospital.callin_wave2_min"), key("hospital.callin_wave1_share")
        table = table_of(values.get(kind.key, PLENTY if kind.name == "oxygen_places" else 0.0))
        base = plan.base[kind.name] = rounded(dict(table).get(0.0, 0.0))
        if kind.name == "ct_reporters" and self.night and 0 < base <= p["shift.reporter_home_most"] and p["shift.reporter_home_min"] > 0.0:
            plan.base[kind.name] = 0
            plan.step(kind.name, declare, slow * p["shift.reporter_home_min"], base)
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
            plan.step(kind.name, declare, when, now)
        plan.step(kind.name, declare, wave_2 * slow, later)

    def reverse_triage(self, plan, h, declare, key):
        """Beds emptied within two hours: half after one, the rest after two."""
        base, o = plan.base["ward_beds"], min(self.p["hospital.bed_occupancy"], 0.99)
        occupied = h.occupied_beds if h.occupied_beds is not None else base * o / (1.0 - o)
        gained = math.floor(key("hospital.reverse_triage_share") * REVERSE_SHARE[h.activation] * occupied)
        plan.step("ward_beds", declare, 60.0, gained // 2)
        plan.step("ward_beds", declare, 120.0, gained - gained // 2)

    def changes_of_shift(self, h, kind):
        """(minute, people more or fewer) at each change of shift."""
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
        shelf = {h.code: first_of(h.values(self.night).get("hospital.blood_units", 0.0)) for h in self.hospitals}
        total = sum(shelf.values())
        return math.floor(stock * shelf[hospital.code] / total) if total > 0 else 0
