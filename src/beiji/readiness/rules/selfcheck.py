"""The nightly self-check: what in the answers is missing, contradictory, unproven, expiring or improbable.

It judges nobody and changes no score: each remark is something that a person should look at. Plain values in, remarks out. What
"expiring" means in days is the caller's; all else is here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from .counting import Held
from .rows import NoteKind, Part, PartStanding, Standing
from .words import Better, Condition, Kind, State


class Group(StrEnum):
    """The five kinds of remark, in the order in which they are shown."""

    MISSING = "missing"
    CONTRADICTORY = "contradictory"
    UNPROVEN = "unproven"
    EXPIRING = "expiring"
    IMPROBABLE = "improbable"


class Code(StrEnum):
    """Every remark."""

    NOBODY_SAID = "nobody-said"
    """A must-pass or core item of which nobody has said anything."""
    LEFT_OUT = "left-out"
    """A locked assessment covered the item and left nothing about it."""
    CONDITION_MISSING = "condition-missing"
    """Something is known by day, say, and nothing by night, though it must be proven in both."""
    WORD_IS_BETTER = "word-is-better"
    """The hospital's own word is better than what was found."""
    WORD_IS_WORSE = "word-is-worse"
    """The hospital's own word is worse than what stands."""
    FELL_AFTER_PROOF = "fell-after-proof"
    """What was measured as met was found missing later."""
    SET_ASIDE = "set-aside"
    """Declared not applicable, and found below."""
    ONLY_WORD = "only-word"
    """A must-pass or core item stands on nothing but the hospital's own word."""
    NEVER_MEASURED = "never-measured"
    """A must-pass item that can be measured was only looked at."""
    EXPIRES_SOON = "expires-soon"
    """Time alone will change the standing within the days asked for."""
    EXPIRED = "expired"
    """It has lapsed."""
    NIGHT_IS_BETTER = "night-is-better"
    """The number by night is better than the one by day, by more than a quarter of it."""
    FEWER_LATER = "fewer-later"
    """Over the minutes a number gets worse, although people and places are only added."""
    TOO_GOOD = "too-good"
    """Five times better than the target, or a time of nothing."""
    ALL_ALIKE = "all-alike"
    """Nearly all levels of one self-rating are the same."""


GROUP_OF: Mapping[Code, Group] = {
    Code.NOBODY_SAID: Group.MISSING,
    Code.LEFT_OUT: Group.MISSING,
    Code.CONDITION_MISSING: Group.MISSING,
    Code.WORD_IS_BETTER: Group.CONTRADICTORY,
    Code.WORD_IS_WORSE: Group.CONTRADICTORY,
    Code.FELL_AFTER_PROOF: Group.CONTRADICTORY,
    Code.SET_ASIDE: Group.CONTRADICTORY,
    Code.ONLY_WORD: Group.UNPROVEN,
    Code.NEVER_MEASURED: Group.UNPROVEN,
    Code.EXPIRES_SOON: Group.EXPIRING,
    Code.EXPIRED: Group.EXPIRING,
    Code.NIGHT_IS_BETTER: Group.IMPROBABLE,
    Code.FEWER_LATER: Group.IMPROBABLE,
    Code.TOO_GOOD: Group.IMPROBABLE,
    Code.ALL_ALIKE: Group.IMPROBABLE,
}
TOO_GOOD_TIMES = 5
"""How many times better than its target a number is asked about."""
NIGHT_SHARE = Fraction(1, 4)
"""By more than which share of the day's number a better night is asked about; one minute is no riddle."""
ALIKE_LEAST = 20
ALIKE_SHARE = Fraction(95, 100)
"""Fewest levels of a self-rating, and the share of one level from which on it is asked about."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One indicator of one subject with all that is known: what the capability is, targets by minute, and the number
    that decides each part, where there is one."""

    held: Held
    standing: Standing
    kind: Kind
    better: Better | None = None
    unit: str = ""
    targets: Mapping[int | None, Fraction] = field(default_factory=dict)
    values: Mapping[Part, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rating:
    """One self-rating of a subject: how often each level was given."""

    hospital: str
    levels: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at. `indicator` and `capability` are empty where it is about a whole self-rating; `values` are
    the numbers compared, `day` the day of expiry, `count` and `of` how many levels were alike."""

    code: Code
    hospital: str
    indicator: str = ""
    capability: str = ""
    must_pass: bool = False
    conditions: tuple[Condition, ...] = ()
    values: tuple[Fraction, ...] = ()
    minutes: tuple[int, ...] = ()
    unit: str = ""
    day: date | None = None
    count: int = 0
    of: int = 0

    @property
    def group(self) -> Group:
        return GROUP_OF[self.code]


def remarks(answers: Iterable[Answer], ratings: Iterable[Rating], day: date, within_days: int) -> list[Remark]:
    """All remarks, by kind, then in the order of the answers; the order of ratings follows that of their subjects."""
    found = [remark for answer in answers for remark in _of(answer, day + timedelta(days=within_days))]
    found += [remark for rating in ratings for remark in _of_rating(rating)]
    order = list(Group)
    return sorted(found, key=lambda remark: order.index(remark.group))


def _of(answer: Answer, last: date) -> Iterator[Remark]:
    held = answer.held
    if not held.applies:
        if held.state is State.BELOW:
            yield _remark(Code.SET_ASIDE, answer)
        return
    yield from _missing(answer)
    yield from _contradictory(answer)
    yield from _unproven(answer)
    yield from _expiring(answer, last)
    yield from _improbable(answer)


def _remark(code: Code, answer: Answer, **more: object) -> Remark:
    held = answer.held
    return Remark(code, held.hospital, held.indicator, held.capability, held.must_pass, **more)  # type: ignore[arg-type]


def _missing(answer: Answer) -> Iterator[Remark]:
    held = answer.held
    if all(part.state is State.UNKNOWN for part in answer.standing.parts):
        if held.covered:
            yield _remark(Code.LEFT_OUT, answer)
        elif held.must_pass or held.core:
            yield _remark(Code.NOBODY_SAID, answer)
        return
    known = {p.part.condition for p in answer.standing.parts if p.state is not State.UNKNOWN}
    silent = {p.part.condition for p in answer.standing.parts} - known
    if silent:
        yield _remark(Code.CONDITION_MISSING, answer, conditions=tuple(sorted(silent)))


def _contradictory(answer: Answer) -> Iterator[Remark]:
    if answer.standing.contradicted:
        yield _remark(Code.FELL_AFTER_PROOF, answer)
    notes = {note.kind for part in answer.standing.parts for note in part.notes}
    if NoteKind.CLAIMS_BETTER in notes:
        yield _remark(Code.WORD_IS_BETTER, answer)
    if NoteKind.CLAIMS_WORSE in notes:
        yield _remark(Code.WORD_IS_WORSE, answer)


def _unproven(answer: Answer) -> Iterator[Remark]:
    held = answer.held
    if held.state is State.CLAIMED and (held.must_pass or held.core):
        yield _remark(Code.ONLY_WORD, answer)
    elif held.state is State.IN_PLACE and held.must_pass and answer.kind is not Kind.DOCUMENT:
        yield _remark(Code.NEVER_MEASURED, answer)


def _expiring(answer: Answer, last: date) -> Iterator[Remark]:
    if answer.held.state is State.STALE:
        yield _remark(Code.EXPIRED, answer)
        return
    days = [part.holds_until for part in answer.standing.parts if part.holds_until is not None]
    if days and min(days) <= last:
        yield _remark(Code.EXPIRES_SOON, answer, day=min(days))


def _improbable(answer: Answer) -> Iterator[Remark]:
    if answer.better is None:
        return
    yield from _nights(answer, answer.better)
    yield from _later(answer, answer.better)
    for part, value in answer.values.items():
        target = answer.targets.get(part.minute)
        if target is not None and _is_too_good(value, target, answer.better, answer.unit):
            yield _remark(Code.TOO_GOOD, answer, values=(value, target), unit=answer.unit)
            return


def _is_too_good(value: Fraction, target: Fraction, better: Better, unit: str) -> bool:
    """A time of nothing, or far beyond the target; a share cannot be beyond 1 and is not asked about."""
    if unit == "share" or not target:
        return False
    if better is Better.LOWER:
        return value * TOO_GOOD_TIMES < target
    return value > target * TOO_GOOD_TIMES


def _is_better(one: Fraction, other: Fraction, better: Better) -> bool:
    return one < other if better is Better.LOWER else one > other


def _nights(answer: Answer, better: Better) -> Iterator[Remark]:
    for part, night in answer.values.items():
        if part.condition is not Condition.NIGHT:
            continue
        day = answer.values.get(Part(part.campus, part.place, Condition.DAY, part.minute))
        if day is not None and abs(night - day) > NIGHT_SHARE * day and _is_better(night, day, better):
            yield _remark(Code.NIGHT_IS_BETTER, answer, values=(night, day), unit=answer.unit)
            return


def _later(answer: Answer, better: Better) -> Iterator[Remark]:
    rows: dict[tuple[str, str | None, Condition], list[tuple[int, Fraction]]] = {}
    for part, value in answer.values.items():
        if part.minute is not None:
            rows.setdefault((part.campus, part.place, part.condition), []).append((part.minute, value))
    for series in rows.values():
        series.sort()
        for (early, one), (late, other) in pairwise(series):
            if _is_better(one, other, better):
                yield _remark(Code.FEWER_LATER, answer, values=(one, other), minutes=(early, late), unit=answer.unit)
                return


def _of_rating(rating: Rating) -> Iterator[Remark]:
    of = sum(rating.levels.values())
    most = max(rating.levels.values(), default=0)
    if of >= ALIKE_LEAST and Fraction(most, of) >= ALIKE_SHARE:
        yield Remark(Code.ALL_ALIKE, rating.hospital, count=most, of=of)


def by_group(found: Iterable[Remark]) -> dict[Group, int]:
    """How many remarks of each kind, all five named."""
    counts = Counter(remark.group for remark in found)
    return {group: counts[group] for group in Group}


def deciding_rows(parts: Iterable[PartStanding]) -> dict[Part, int]:
    """Part → the newest row that decides it."""
    return {found.part: max(found.deciding) for found in parts if found.deciding}
