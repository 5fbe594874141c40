"""From a story and a seed to what happened: levels of every visit, measured values of every test and drill.

Plain values in, plain values out. A draw depends on the seed and on what it decides (hospital, indicator, purpose),
never on the order, so that one more hospital moves no other number.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from beiji.packs.library import Library
from beiji.packs.overlay import apply_overlay
from beiji.packs.schemas.capabilities import Capability
from beiji.packs.schemas.cities import City, Hospital
from beiji.packs.schemas.standards import Indicator, Standard
from beiji.packs.schemas.story import Drill, Moment, Story, Visit

MOST_WEAK_MUST_PASS = 2
MOST_WEAK = 5
STANDARD = "mci-hospital"
TIMED_IN_FULL_VISITS = ("TRI-9", "TRI-10")
CALL_IN = "callin-wave1"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured row: `part` is the campus, or the hospital itself; exactly one of `value` and `shown`."""

    capability: str
    part: str
    condition: str
    at_min: int | None
    value: Fraction | None
    shown: bool | None
    sample: int
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """A visit as it went. `levels` are the team's words; `second` those of the second assessor where he differs."""

    round: int
    hospital: str
    scope: str
    team: str
    first_day: date
    last_day: date
    levels: Mapping[str, int]
    second: Mapping[str, int] | None = None
    measures: Sequence[Measure] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class DrillPlan:
    """A drill in one hospital as it went."""

    id: str
    hospital: str
    day: date
    notice: str
    by: str
    measures: Sequence[Measure]
    real: bool = False


def programme_start(today: date, months: int) -> date:
    """The first day of month 1, so that `today` lies in month `months` of the programme."""
    index = today.year * 12 + today.month - months
    return date(index // 12, index % 12 + 1, 1)


class Plan:
    """What happened in the demo city up to `today`, under one seed."""

    def __init__(self, library: Library, city: City, story: Story, *, today: date, seed: int) -> None:
        self.library, self.city, self.story = library, city, story
        self.today, self.seed = today, seed
        self.standard: Standard = apply_overlay(library.standards[STANDARD], city)
        self.start = programme_start(today, story.months)

    # ── days and draws ───────────────────────────────────────────────────────────────────────────────────────────

    def day(self, moment: Moment) -> date:
        """The calendar day of a moment; a weekend moves to Monday, the 31st of a short month to its last day."""
        index = self.start.year * 12 + self.start.month - 1 + moment.month - 1
        first = date(index // 12, index % 12 + 1, 1)
        day = min(first + timedelta(days=moment.day - 1), _last_of(first))
        return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))

    def draw(self, *decides: object) -> float:
        """A number in [0, 1) that depends on the seed and on what it decides."""
        words = "/".join(str(word) for word in (self.seed, *decides))
        return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") / 2**64

    # ── levels ───────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Indicators of the standard by id, in order."""
        return {indicator.id: indicator for _, indicator in self.standard.indicators()}

    def circumstances(self, hospital: str) -> frozenset[str]:
        """What holds for a hospital in the month of the demo."""
        return frozenset({*self.city.header.circumstances, *self.city.hospitals[hospital].near, "stage-2"})

    def must_pass(self, hospital: str, indicator: str) -> bool:
        """Whether failing the indicator caps the hospital's level."""
        return self.indicators[indicator].criticality(self.circumstances(hospital)) == "must-pass"

    @cached_property
    def planted(self) -> dict[tuple[str, str], int]:
        """(hospital, indicator) → level of a planted fault."""
        return {
            (hospital, fault.indicator): fault.level
            for fault in self.story.faults
            if fault.indicator and fault.level is not None
            for hospital in fault.hospitals
        }

    @cached_property
    def weak(self) -> dict[tuple[str, str], int]:
        """(hospital, indicator) → level of what is weak by the profile, few hospitals for each indicator."""
        spared = {
            (hospital, item) for drill in self.story.drills for hospital in drill.hospitals for item in drill.passes
        }
        levels: dict[tuple[str, str], int] = {}
        faulty = {fault.indicator for fault in self.story.faults}
        for indicator in self.indicators:
            if indicator in faulty:
                continue
            excess = {}
            for hospital, profile in self.story.profiles.items():
                if (hospital, indicator) in spared:
                    continue
                over = self.draw("weak", hospital, indicator) - float(profile.strength)
                if over > 0:
                    excess[hospital] = over
            must_pass = any(self.must_pass(hospital, indicator) for hospital in self.story.profiles)
            most = MOST_WEAK_MUST_PASS if must_pass else MOST_WEAK
            for hospital in sorted(excess, key=lambda name: (-excess[name], name))[:most]:
                low = not must_pass and self.draw("zero", hospital, indicator) < 0.2
                levels[hospital, indicator] = 0 if low else 1
        return levels

    def first_level(self, hospital: str, indicator: str) -> int:
        """What the assessors see in round 1."""
        key = (hospital, indicator)
        return self.planted.get(key, self.weak.get(key, 2))

    def own_level(self, hospital: str, indicator: str, day: date) -> int:
        """How the hospital rates itself on a day."""
        seen = self.level_on(hospital, indicator, day)
        kind = float(self.story.profiles[hospital].optimism)
        return min(2, seen + 1) if self.draw("own", hospital, indicator) < kind else seen

    def level_on(self, hospital: str, indicator: str, day: date) -> int:
        """What is there on a day: the first level, lifted by the courses and the actions that lie before."""
        level = self.first_level(hospital, indicator)
        for course in self.story.courses:
            if hospital in course.hospitals and indicator in course.lifts and self.day(course) < day:
                level = min(2, level + 1)
        for action in self.story.actions:
            done = action.declared is not None and self.day(action.declared) < day
            if done and action.lifts and action.indicator == indicator and hospital in action.hospitals:
                level = max(level, action.lifts)
        return level

    # ── visits ───────────────────────────────────────────────────────────────────────────────────────────────────

    def asked(self, hospital: str, scope: str) -> list[str]:
        """The items of a visit: all, or core and must-pass."""
        return [
            id
            for id, indicator in self.indicators.items()
            if indicator.applies_to(self.city.hospitals[hospital].hospital_class)
            if scope == "full" or indicator.core or self.must_pass(hospital, id)
        ]

    def visits(self) -> list[VisitPlan]:
        """All visits from outside that are over, in order of their days."""
        plans = [self._visit(visit) for visit in self.story.visits]
        return sorted((plan for plan in plans if plan.last_day < self.today), key=lambda plan: plan.first_day)

    def _visit(self, visit: Visit) -> VisitPlan:
        first_day = self.day(visit)
        items = self.asked(visit.hospital, visit.scope)
        levels = {id: self.level_on(visit.hospital, id, first_day) for id in items}
        second = {id: self._other_eye(visit, id, level) for id, level in levels.items()} if visit.second else None
        return VisitPlan(
            round=visit.round,
            hospital=visit.hospital,
            scope=visit.scope,
            team=visit.team,
            first_day=first_day,
            last_day=first_day + timedelta(days=visit.days - 1),
            levels=levels,
            second=second,
            measures=tuple(self._tests(visit, levels)),
        )

    def _other_eye(self, visit: Visit, indicator: str, level: int) -> int:
        """The second assessor agrees in nine of ten; where not, he is one level off."""
        if self.draw("second", visit.round, visit.hospital, indicator) >= 0.1:
            return level
        return level - 1 if level == 2 else level + 1

    def _tests(self, visit: Visit, levels: Mapping[str, int]) -> Iterator[Measure]:
        """Timed tests of a visit: planted faults in full visits of round 1, a fixed few in every full visit."""
        hospital = visit.hospital
        if visit.round == 1 and visit.scope == "full":
            for fault in self.story.faults:
                if fault.indicator and hospital in fault.hospitals and fault.indicator in levels:
                    for shift in fault.measured:
                        yield from self.measures(hospital, fault.indicator, shift, passes=False, why=f"r1-{shift}")
        if visit.scope == "full":
            for id in TIMED_IN_FULL_VISITS:
                if id in levels:
                    passes = levels[id] == 2
                    yield from self.measures(hospital, id, "day", passes=passes, why="test")

    def call_in_tests(self, visit: VisitPlan) -> list[Measure]:
        """The test group is called in: in full visits of round 1, in every visit of round 2; day and night."""
        if CALL_IN not in self.library.capabilities or (visit.round == 1 and visit.scope != "full"):
            return []
        fault = next((fault for fault in self.story.faults if fault.capability == CALL_IN), None)
        missed = set(fault.measured) if fault and visit.hospital in fault.hospitals else set()
        measures: list[Measure] = []
        for shift in ("day", "night"):
            why = f"call-in-{shift}"
            measures += self.measures(visit.hospital, CALL_IN, shift, passes=shift not in missed, why=why)
        return measures

    # ── drills and values ────────────────────────────────────────────────────────────────────────────────────────

    def drills(self) -> list[DrillPlan]:
        """All drills that are over, one entry for each hospital, in order of their days."""
        plans = [
            DrillPlan(
                drill.id,
                hospital,
                self.day(drill),
                drill.notice,
                drill.by,
                tuple(self._drilled(drill, hospital)),
                drill.real,
            )
            for drill in self.story.drills
            for hospital in drill.hospitals
        ]
        return sorted((plan for plan in plans if plan.day < self.today and plan.measures), key=lambda plan: plan.day)

    def _drilled(self, drill: Drill, hospital: str) -> Iterator[Measure]:
        for passes, items in ((True, drill.passes), (False, drill.misses)):
            for item in items:
                yield from self.measures(hospital, item, drill.shift, passes=passes, why=drill.id)

    def capability_of(self, item: str) -> Capability | None:
        """The capability of that id, or the one that the indicator of that id reads."""
        indicator = self.indicators.get(item)
        return self.library.capabilities.get(indicator.reads if indicator else item)

    def measures(self, hospital: str, item: str, shift: str, *, passes: bool, why: str) -> Iterator[Measure]:
        """Rows of one capability on one occasion: every campus it is kept for, every minute it is judged at."""
        capability = self.capability_of(item)
        if capability is None or capability.kind == "document":
            return
        indicator = item if item in self.indicators else ""
        place = self.city.hospitals[hospital]
        sample = capability.min_sample or 1
        for part in parts_of(place, capability):
            if capability.kind == "observed":
                yield Measure(capability.id, part, shift, None, None, passes, sample, indicator)
                continue
            share = self.draw("value", hospital, part, item, shift, why)
            for minute, value in measured_values(capability, place.hospital_class, share, passes=passes):
                yield Measure(capability.id, part, shift, minute, value, None, sample, indicator)


def parts_of(hospital: Hospital, capability: Capability) -> list[str]:
    """Codes that a capability is kept for: the campuses, or the hospital itself."""
    if capability.per_campus and hospital.campuses:
        return [campus.id for campus in hospital.campuses]
    return [hospital.id]


def measured_values(
    capability: Capability, size_class: str, share: float, *, passes: bool
) -> Iterator[tuple[int | None, Fraction]]:
    """A value for every minute that a class of subject is judged at (None: it has one number), never falling."""
    target = capability.target[size_class]  # type: ignore[index]
    by_minute: dict[int | None, Fraction] = {}
    if isinstance(target, dict):
        by_minute.update(target.items())
    else:
        by_minute[None] = target
    least = Fraction(0)
    for minute, wanted in by_minute.items():
        value = measured_value(capability, size_class, wanted, share, passes=passes)
        if minute is not None and capability.better == "higher":
            value = least = max(value, least)
        yield minute, value


def measured_value(
    capability: Capability, size_class: str, target: Fraction, share: float, *, passes: bool
) -> Fraction:
    """A plausible number on the right side of `target`, in the grain of the unit; `share` in [0, 1) says how far."""
    grain = 100 if capability.unit == "share" else 1
    if capability.better == "lower":
        factor = 0.60 + 0.38 * share if passes else 1.5 + share
        value = Fraction(round(float(target) * factor * grain), grain)
        if passes:
            return min(value, target)
        return max(_short_of_zero(capability, size_class, value), target + Fraction(1, grain))
    if passes:
        value = Fraction(math.ceil(float(target) * (1 + 0.25 * share) * grain), grain)
        return max(target, min(value, Fraction(1))) if capability.unit == "share" else max(target, value)
    return max(
        Fraction(0),
        min(Fraction(int(float(target) * (0.45 + 0.4 * share) * grain), grain), target - Fraction(1, grain)),
    )


def _short_of_zero(capability: Capability, size_class: str, value: Fraction) -> Fraction:
    """Keep a miss of a planted fault at digit 1: just short of the value that counts as nothing at all."""
    zero = capability.zero_at.get(size_class) if isinstance(capability.zero_at, dict) else capability.zero_at
    return value if zero is None else min(value, zero - Fraction(1, 100 if capability.unit == "share" else 1))


def _last_of(first: date) -> date:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return following - timedelta(days=1)
