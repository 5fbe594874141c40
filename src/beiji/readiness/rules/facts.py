"""What held on a day as known: edition, target, validity, campuses, places. Pure look-ups, no decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypeVar

from .rows import CapabilityFacts, EditionFacts, Part, PartKind, Proof, SubjectFacts, TargetStep, TreeNode, ValidityStep
from .words import Condition, Kind

Step = TypeVar("Step", TargetStep, ValidityStep)


def edition_in_force(capability: CapabilityFacts, day: date, known_at: datetime) -> EditionFacts | None:
    """The edition in force on ``day``: of those known that have begun, the latest."""
    begun = [e for e in capability.editions if e.from_day <= day and e.recorded_at <= known_at]
    return max(begun, key=lambda e: (e.from_day, e.number), default=None)


def edition_by_number(capability: CapabilityFacts, number: int) -> EditionFacts | None:
    """The edition that a row names."""
    return next((e for e in capability.editions if e.number == number), None)


def raised_on(capability: CapabilityFacts, row_edition: EditionFacts, day: date, known_at: datetime) -> date | None:
    """First day on which a newer edition that raises the bar was in force, up to ``day``; None if there is none."""
    newer = [
        e.from_day
        for e in capability.editions
        if e.raises
        and e.recorded_at <= known_at
        and e.from_day <= day
        and (e.from_day, e.number) > (row_edition.from_day, row_edition.number)
    ]
    return min(newer, default=None)


def _step_on(steps: Iterable[Step], day: date, known_at: datetime) -> Step | None:
    begun = [s for s in steps if s.from_day <= day and s.recorded_at <= known_at]
    return max(begun, key=lambda s: (s.from_day, s.recorded_at), default=None)


def targets_on(edition: EditionFacts, day: date, known_at: datetime) -> Mapping[int | None, Fraction]:
    """Minute → target on ``day``; empty for what has no number."""
    step = _step_on(edition.targets, day, known_at)
    return {} if step is None else step.values


def valid_until(edition: EditionFacts, as_of: date, proof: Proof, known_at: datetime) -> date:
    """First day on which a pass of ``as_of`` no longer counts, by the validity in force on its ``as_of``."""
    step = _step_on(edition.validity, as_of, known_at)
    if step is None:
        raise LookupError(f"edition {edition.number} has no validity on {as_of}")
    return as_of + timedelta(days=step.days[proof])


def nodes_on(subject: SubjectFacts, kind: PartKind, day: date, known_at: datetime) -> list[TreeNode]:
    """Campuses or places that exist on ``day`` as known."""
    return [
        n
        for n in subject.nodes
        if n.kind is kind
        and n.recorded_at <= known_at
        and n.from_day <= day
        and not (n.until_day is not None and n.until_recorded_at <= known_at and n.until_day <= day)
    ]


def parts_of(capability: CapabilityFacts, subject: SubjectFacts, day: date, known_at: datetime) -> tuple[Part, ...]:
    """What is judged apart on ``day``: campuses × places × conditions × minutes, sorted."""
    edition = edition_in_force(capability, day, known_at)
    if edition is None:
        return ()
    campuses = [n.code for n in nodes_on(subject, PartKind.CAMPUS, day, known_at)]
    units = campuses if edition.per_campus and campuses else [subject.code]
    conditions = edition.prove_in or (Condition.ANY,)
    minutes: list[int | None] = [None]
    if edition.kind is Kind.QUANTITY:
        minutes = list(targets_on(edition, day, known_at)) or [None]
    found: list[Part] = []
    for unit in units:
        places: list[str | None] = [None]
        if edition.per_place:
            parents = {unit, *campuses} if unit == subject.code else {unit}
            listed = nodes_on(subject, PartKind.PLACE, day, known_at)
            places = [n.code for n in listed if n.parent in parents] or [None]
        found += [Part(unit, place, c, m) for place in places for c in conditions for m in minutes]
    return tuple(sorted(found, key=Part.key))
