"""Random facts of the ledger: editions, targets, validities, campuses and places, dated in both times.

Everything is small on purpose: numbers round the target, validities of a few days, days 0 … 12.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from fractions import Fraction

from hypothesis import strategies as st

from beiji.readiness.rules.rows import (
    ALWAYS,
    Better,
    CapabilityFacts,
    Condition,
    EditionFacts,
    Kind,
    PartKind,
    Proof,
    SubjectFacts,
    TargetStep,
    TreeNode,
    ValidityStep,
    end_of,
)

FULL = os.environ.get("BEIJI_FULL") == "1"
"""Whether the deep profile was asked for."""
LAST_DAY = 9
"""Last day on which anything is recorded; days up to ``LAST_ASKED`` are asked, so that passes run out."""
LAST_ASKED = 12
HOSPITAL = "hospital"
CAPABILITY = "capability"

Draw = Callable[[st.SearchStrategy], object]


def day(n: int) -> date:
    return date(2026, 1, 1) + timedelta(days=n)


def at(n: int, minute: int = 0) -> datetime:
    """A moment of day ``n``; facts are recorded at minute 0, rows later."""
    return datetime.combine(day(n), time(8, 0), UTC) + timedelta(minutes=minute)


def end_of_day(n: int) -> datetime:
    """As known on day ``n``."""
    return end_of(day(n))


def short(thing: object) -> str:
    """Only the fields that differ from their default: a failing history is read by a person."""
    if dataclasses.is_dataclass(thing):
        named = {f.name: getattr(thing, f.name) for f in dataclasses.fields(thing)}
        defaults = {f.name: f.default for f in dataclasses.fields(thing)}
        said = [f"{name}={short(value)}" for name, value in named.items() if value != defaults[name]]
        return f"{type(thing).__name__}({', '.join(said)})"
    if isinstance(thing, tuple):
        return f"({', '.join(short(one) for one in thing)})"
    if isinstance(thing, dict):
        return f"{{{', '.join(f'{short(k)}: {short(v)}' for k, v in thing.items())}}}"
    if thing == ALWAYS or thing == date.min:
        return "ever"
    if isinstance(thing, datetime):
        return f"{(thing.date() - day(0)).days}@{thing:%H:%M}"
    if isinstance(thing, date):
        return str((thing - day(0)).days)
    return thing.name if isinstance(thing, Enum) else str(thing)


small = st.integers(0, LAST_DAY)
minutes_of = st.sampled_from([{None: 3}, {None: 3}, {30: 4}, {30: 2, 60: 4}])
conditions_to_prove = st.sampled_from(
    [(), (Condition.DAY,), (Condition.DAY, Condition.NIGHT), (Condition.DAY, Condition.NIGHT), (Condition.NIGHT,)]
)


@st.composite
def dated(draw: Draw) -> tuple[date, datetime]:
    """A later version: in force from a day, recorded on that day or before."""
    begins = draw(st.integers(1, LAST_DAY))
    return day(begins), at(draw(st.integers(0, begins)))


@st.composite
def targets(draw: Draw, base: dict[int | None, int], changing: bool) -> tuple[TargetStep, ...]:
    def numbers(base: dict[int | None, int]) -> dict[int | None, Fraction]:
        return {minute: Fraction(number + draw(st.integers(-1, 1))) for minute, number in base.items()}

    steps = [TargetStep(date.min, ALWAYS, numbers(base))]
    for _ in range(draw(st.integers(0, 2)) if changing else 0):
        begins, known = draw(dated())
        names_more = draw(st.booleans()) and None not in base
        steps.append(TargetStep(begins, known, numbers({30: 3, 60: 3} if names_more else base)))
    return tuple(steps)


@st.composite
def validities(draw: Draw, changing: bool) -> tuple[ValidityStep, ...]:
    def lives() -> dict[Proof, int]:
        return {proof: draw(st.integers(1, 9)) for proof in Proof}

    steps = [ValidityStep(date.min, ALWAYS, lives())]
    if changing and draw(st.integers(0, 3)) == 0:
        steps.append(ValidityStep(*draw(dated()), lives()))
    return tuple(steps)


@st.composite
def capabilities(draw: Draw, changing: bool = True) -> CapabilityFacts:
    """A capability; ``changing``: with later editions, targets and validities."""
    kind = draw(st.sampled_from([Kind.QUANTITY, Kind.QUANTITY, Kind.OBSERVED, Kind.DOCUMENT]))
    better = draw(st.sampled_from(list(Better)))
    per_campus, per_place = (
        draw(st.sampled_from([False, False, True])),
        draw(st.sampled_from([False, False, False, True])),
    )
    base = draw(minutes_of)

    def edition(number: int, begins: date, known: datetime) -> EditionFacts:
        quantity = kind is Kind.QUANTITY
        return EditionFacts(
            number,
            begins,
            known,
            kind,
            draw(validities(changing)),
            better=better if quantity else None,
            targets=draw(targets(base, changing)) if quantity else (),
            min_sample=draw(st.sampled_from([1, 1, 2])),
            prove_in=draw(conditions_to_prove),
            per_campus=per_campus,
            per_place=per_place,
            zero_at=draw(st.sampled_from([None, Fraction(5), Fraction(1)])) if quantity else None,
            raises=draw(st.booleans()),
            percentile=80,
            by_records=draw(st.booleans()) if quantity and None in base else False,
        )

    editions = [edition(1, date.min, ALWAYS)]
    for number in range(2, 2 + (draw(st.sampled_from([0, 0, 1, 1, 2])) if changing else 0)):
        editions.append(edition(number, *draw(dated())))
    return CapabilityFacts(CAPABILITY, tuple(editions))


@st.composite
def subjects(draw: Draw, changing: bool = True) -> SubjectFacts:
    """A hospital with up to two campuses and two places, opened on some day and closed on another. Places hang on the
    campuses where there are any, and neither open before their campus nor stay open after it."""

    def node(code: str, kind: PartKind, parent: TreeNode | None) -> TreeNode:
        begins, known = draw(dated()) if changing and draw(st.booleans()) else (date.min, ALWAYS)
        if parent and parent.from_day > begins:
            begins, known = parent.from_day, parent.recorded_at
        made = TreeNode(code, kind, parent.code if parent else HOSPITAL, begins, known)
        if changing and draw(st.integers(0, 3)) == 0:
            ends, end_known = draw(dated())
            if ends > begins:
                made = dataclasses.replace(made, until_day=ends, until_recorded_at=end_known)
        if parent and parent.until_day and (made.until_day is None or made.until_day > parent.until_day):
            made = dataclasses.replace(made, until_day=parent.until_day, until_recorded_at=parent.until_recorded_at)
        return made

    codes = ("east", "west")[: draw(st.sampled_from([0, 0, 1, 2]))]
    campuses = some_new(draw, [node(code, PartKind.CAMPUS, None) for code in codes])
    codes = ("gate", "ward")[: draw(st.sampled_from([0, 0, 1, 2]))]
    places = some_new(draw, [node(code, PartKind.PLACE, draw(st.sampled_from(campuses or [None]))) for code in codes])
    later = continuations(draw, campuses, "annex", {})
    homes = {old: n.code for n in later for old in n.continues}
    return SubjectFacts(HOSPITAL, (*campuses, *places, *later, *continuations(draw, places, "hall", homes)))


def some_new(draw: Draw, nodes: list[TreeNode]) -> list[TreeNode]:
    """Some that open later were not part of what stood before; of those that begin first at least one was."""
    first = min((n.from_day for n in nodes), default=date.min)
    divided = next((n.code for n in nodes if n.from_day == first), None)
    can_be = [n.from_day > date.min and n.code != divided for n in nodes]
    return [dataclasses.replace(n, is_new=can and draw(st.booleans())) for n, can in zip(nodes, can_be, strict=True)]


def continuations(draw: Draw, nodes: list[TreeNode], code: str, homes: dict[str, str]) -> list[TreeNode]:
    """Perhaps one that continues those which end on one day, under a new code; a place where its campus goes on."""
    ended = [n for n in nodes if n.until_day is not None]
    if not ended or draw(st.booleans()):
        return []
    one = draw(st.sampled_from(ended))
    alike = [n for n in ended if n.until_day == one.until_day and n.parent == one.parent]
    parent = homes.get(one.parent, one.parent)
    if parent == one.parent and one.parent != HOSPITAL and one.kind is PartKind.PLACE:
        return []  # its campus has perhaps ended too: nothing would hang on it
    known = max(n.until_recorded_at for n in alike)
    return [
        TreeNode(code, one.kind, parent, one.until_day, known, continues=tuple(n.code for n in alike)),
    ]
