"""From the database to the plain values of the rules and back. Reads; decides nothing.

A `Book` holds a city's capabilities as loaded; building one costs three queries, whatever the number of capabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from beiji.programme.models import City, Subject

from .evaluators import StrikingOff
from .models import Edition, Evidence, NotifiedDrill, TargetStep, ValidityStep
from .rules import rows as plain
from .rules.facts import edition_in_force
from .rules.rows import ALWAYS

Kind = Subject.Kind


def exact(number: Fraction) -> str:
    """How an exact number is stored: "15" or "29/2"."""
    return str(number)


def local(instant: datetime, city: City) -> datetime:
    """The instant with the city's own calendar, so that its date is the city's."""
    return instant.astimezone(ZoneInfo(city.time_zone))


def end_of(day: date, city: City) -> datetime:
    """The last instant of a day of the city: "as known on that day"."""
    return plain.end_of(day, ZoneInfo(city.time_zone))


def size_class(subject: Subject) -> str:
    """Class of the targets: a hospital's size, of another subject its kind."""
    return subject.size if subject.kind in (Kind.HOSPITAL, Kind.CAMPUS) else subject.kind


@dataclass(frozen=True)
class Entry:
    """One edition with its steps, before a class of subject is chosen."""

    edition: Edition
    targets: tuple[TargetStep, ...]
    validities: tuple[ValidityStep, ...]


def _in_the_newest_unit(entries: Sequence[Entry]) -> None:
    """Where a release changed the unit by an exact factor, older editions are read in the unit of the newest.

    Their numbers are converted here and those of their rows in `plain_row`, so that whoever compares or prints them needs
    not know; what is stored stays as it was recorded.
    """
    for edition, targets in ((e.edition, e.targets) for e in entries if e.edition.scale != "1"):
        scale = Fraction(edition.scale)
        edition.unit = entries[-1].edition.unit
        edition.zero_at = {size: exact(Fraction(number) * scale) for size, number in edition.zero_at.items()}
        for step in targets:
            step.values = {minute: exact(Fraction(number) * scale) for minute, number in step.values.items()}


class Book:
    """Capabilities of a city, or those named, as the rules read them; with the words of their editions for pages."""

    def __init__(self, city: City, capability_ids: Iterable[int] | None = None, *, words: bool = False) -> None:
        self.city = city
        editions = Edition.objects.select_related("capability")
        if not words:
            editions = editions.defer("titles", "measure", "feeds", "capability__titles")
        if capability_ids is not None:
            editions = editions.filter(capability__in=list(capability_ids))
        rows = list(editions)
        targets = _by_edition(TargetStep.objects.filter(edition__in=[e.pk for e in rows]))
        validities = _by_edition(ValidityStep.objects.filter(edition__in=[e.pk for e in rows]))
        self.entries: dict[str, list[Entry]] = {}
        self.ids: dict[str, int] = {}
        for e in rows:
            self.ids[e.capability.code] = e.capability_id
            entry = Entry(e, tuple(targets.get(e.pk, ())), tuple(validities.get(e.pk, ())))
            self.entries.setdefault(e.capability.code, []).append(entry)
        for entries in self.entries.values():
            _in_the_newest_unit(entries)
        self._facts: dict[tuple[str, str], plain.CapabilityFacts] = {}

    def codes(self) -> list[str]:
        """All capabilities, sorted."""
        return sorted(self.entries)

    def concerns(self, code: str, subject: Subject) -> bool:
        """Whether this kind of subject is asked for the capability: for a number those that have a target, else those
        that the pack names, which are hospitals where it names none."""
        size = size_class(subject)
        newest = self.entries[code][-1]
        if newest.edition.kind == Edition.Kind.QUANTITY:
            return any(t.size == size for t in newest.targets)
        return size in newest.edition.asked_of if newest.edition.asked_of else subject.kind == Kind.HOSPITAL

    def facts(self, code: str, size: str) -> plain.CapabilityFacts:
        """The capability as it concerns one class of subject."""
        key = (code, size)
        if key not in self._facts:
            editions = tuple(self._edition(entry, size) for entry in self.entries[code])
            self._facts[key] = plain.CapabilityFacts(code, editions)
        return self._facts[key]

    def edition_on(self, code: str, day: date, known_at: datetime) -> Edition | None:
        """The stored edition in force on a day."""
        facts = edition_in_force(self.facts(code, ""), day, known_at)
        if facts is None:
            return None
        return next(e.edition for e in self.entries[code] if e.edition.number == facts.number)

    def _known(self, from_day: date | None, recorded_at: datetime) -> tuple[date, datetime]:
        """The first version (no day) holds for all earlier days and was always known."""
        return (date.min, ALWAYS) if from_day is None else (from_day, local(recorded_at, self.city))

    def _edition(self, entry: Entry, size: str) -> plain.EditionFacts:
        e = entry.edition
        targets = [
            plain.TargetStep(*self._known(t.from_day, t.recorded_at), _numbers(t.values))
            for t in entry.targets
            if t.size == size
        ]
        validity = [
            plain.ValidityStep(
                *self._known(v.from_day, v.recorded_at), {plain.Proof(p): days for p, days in v.days.items()}
            )
            for v in entry.validities
        ]
        zero = e.zero_at.get(size)
        from_day, recorded_at = self._known(e.from_day, e.recorded_at)
        return plain.EditionFacts(
            number=e.number,
            from_day=from_day,
            recorded_at=recorded_at,
            kind=plain.Kind(e.kind),
            validity=tuple(validity),
            better=plain.Better(e.better) if e.better else None,
            targets=tuple(targets),
            min_sample=e.min_sample,
            prove_in=tuple(plain.Condition(c) for c in e.prove_in),
            per_campus=e.per_campus,
            per_place=e.per_place,
            zero_at=None if zero is None else Fraction(zero),
            raises=e.raises,
            percentile=e.percentile,
            unit=e.unit,
            by_records=e.by_records,
        )


def _by_edition(steps: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for step in steps:
        found.setdefault(step.edition_id, []).append(step)
    return found


def _numbers(values: dict[str, str]) -> dict[int | None, Fraction]:
    return {int(minute) if minute else None: Fraction(number) for minute, number in values.items()}


def subject_facts(whole: Subject, nodes: Sequence[Subject], city: City) -> plain.SubjectFacts:
    """The subject with its campuses and places; a node without a first day has always been there."""
    tree = []
    for node in nodes:
        if node.kind not in (Kind.CAMPUS, Kind.PLACE):
            continue
        parent = next((n.code for n in nodes if n.pk == node.parent_id), whole.code)
        always = node.since is None
        tree.append(
            plain.TreeNode(
                code=node.code,
                kind=plain.PartKind(node.kind),
                parent=parent,
                from_day=date.min if node.since is None else node.since,
                recorded_at=ALWAYS if always else local(node.recorded_at, city),
                until_day=node.until,
                until_recorded_at=local(node.until_recorded_at, city) if node.until_recorded_at else ALWAYS,
                is_new=node.is_new,
                continues=tuple(node.continues),
            )
        )
    return plain.SubjectFacts(whole.code, tuple(tree))


def nodes_under(wholes: Iterable[Subject]) -> dict[int, list[Subject]]:
    """Campuses and places of each whole subject, by its key; one query."""
    keys = [w.pk for w in wholes]
    found: dict[int, list[Subject]] = {key: [] for key in keys}
    parts = Subject.objects.filter(kind__in=(Kind.CAMPUS, Kind.PLACE)).order_by("order", "code")
    campus_of: dict[int, int] = {}
    waiting = []
    for part in parts:
        if part.parent_id in found:
            found[part.parent_id].append(part)
            campus_of[part.pk] = part.parent_id
        else:
            waiting.append(part)
    for part in waiting:
        whole = campus_of.get(part.parent_id or 0)
        if whole is not None:
            found[whole].append(part)
    return found


FIELDS = (
    "id", "subject__code", "capability__code", "edition__number", "edition__scale", "place__code", "level", "value", "shown",
    "withdrawal", "at_min", "method", "condition", "evaluator", "notice", "sample", "as_of", "first_day",
    "recorded_at", "notified_on", "drill_id", "supersedes_id", "reason", "office", "by", "source_kind", "source_id",
    "source_label", "whole_id",
)  # fmt: skip


def plain_row(values: dict[str, Any], city: City) -> plain.Row:
    """One row of the database as the rules read it."""
    return plain.Row(
        id=values["id"],
        subject=values["subject__code"],
        capability=values["capability__code"],
        edition=values["edition__number"],
        as_of=values["as_of"],
        recorded_at=local(values["recorded_at"], city),
        method=plain.Method(values["method"]),
        evaluator=plain.Evaluator(values["evaluator"]),
        level=values["level"],
        value=None if values["value"] is None else Fraction(values["value"]) * Fraction(values["edition__scale"]),
        shown=values["shown"],
        withdrawal=values["withdrawal"],
        at_min=values["at_min"],
        condition=plain.Condition(values["condition"]),
        place=values["place__code"],
        notice=plain.Notice(values["notice"]) if values["notice"] else None,
        sample=values["sample"],
        first_day=values["first_day"],
        notified_at=values["notified_on"],
        drill=str(values["drill_id"] or ""),
        supersedes=values["supersedes_id"],
        reason=values["reason"],
        office=values["office"],
        by=str(values["by"] or ""),
        source=plain.Source(values["source_kind"], values["source_id"], values["source_label"]),
    )


def rows_of(wholes: Iterable[Subject], city: City, codes: Iterable[str] | None = None) -> dict[int, list[plain.Row]]:
    """Evidence of whole subjects by their key, of all or the named capabilities; one query."""
    found: dict[int, list[plain.Row]] = {w.pk: [] for w in wholes}
    evidence = Evidence.objects.filter(whole__in=list(found))
    if codes is not None:
        evidence = evidence.filter(capability__code__in=list(codes))
    for values in evidence.order_by("id").values(*FIELDS):
        found[values["whole_id"]].append(plain_row(values, city))
    return found


def plain_drill(drill: NotifiedDrill, city: City) -> plain.NotifiedDrill:
    """A notified drill as the rules read it."""
    return plain.NotifiedDrill(
        id=str(drill.pk),
        subject=drill.subject.code,
        capability=drill.capability.code,
        condition=plain.Condition(drill.condition),
        starts_at=local(drill.starts_at, city),
        notified_at=drill.notified_on,
        office=drill.office,
        evaluator=plain.Evaluator(drill.evaluator),
        place=drill.place.code if drill.place else None,
        called_off_at=local(drill.called_off_at, city) if drill.called_off_at else None,
    )


def struck_off(city: City) -> list[plain.StruckOff]:
    """Who was struck off the list of evaluators; one query."""
    return [
        plain.StruckOff(
            s.office,
            local(s.recorded_at, city),
            str(s.person or ""),
            lifted_at=local(s.lifted_at, city) if s.lifted_at else None,
        )
        for s in StrikingOff.objects.filter(city=city)
    ]
