"""What a visit asks: the frozen indicators with their words, and for which campuses or places each is asked apart."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeVar

from django.db.models import Q

from beiji.programme.access import today_in
from beiji.programme.models import Subject
from beiji.readiness.book import Book, local, size_class
from beiji.readiness.methodology import Question, pillars_of_pack, questions_of_pack
from beiji.readiness.models import Domain, Edition, Indicator
from beiji.readiness.rules.facts import edition_in_force, targets_on
from beiji.records.recent import Recent

from .models import Visit
from .rules.measuring import Measuring, methods_for


@dataclass(frozen=True)
class Asked:
    """One indicator of a visit: the question, its capability's edition, and the parts it is asked for ("" = the whole)."""

    question: Question
    edition: Edition
    parts: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.question.code


def asked_in(visit: Visit) -> list[Asked]:
    """The visit's indicators in the order of the standard; from the pack version that was frozen when it was planned.

    Kept in the process until something changes in the city: rooms and campuses are the city's, and so is its stage.
    """
    if "_asked" not in visit.__dict__:
        visit.__dict__["_asked"] = _kept(visit, "items", lambda: _asked_in(visit))
    return list(visit.__dict__["_asked"])


V = TypeVar("V")
#: Of each visit the items, the campuses, names, and words and target of the item that is being rated.
_KEPT: Recent[Any] = Recent(500)


def _kept(visit: Visit, what: str, read: Callable[[], V], *of: Hashable) -> V:
    """Something of the city or of the frozen standard that a visit needs: read once until something changes in the city."""
    kept: V = _KEPT.get_or_read((visit.city_id, visit.city.written, visit.pk, what, *of), read)
    return kept


def _asked_in(visit: Visit) -> list[Asked]:
    questions = {q.code: q for q in questions_of_pack(visit.city, visit.digest, visit.subject, visit.first_day)}
    wanted = [questions[code] for code in visit.indicators if code in questions]
    editions = editions_in_force(visit, {q.indicator.capability_id for q in wanted})
    campuses, places = _parts(visit)
    items = []
    for question in wanted:
        edition = editions[question.indicator.capability_id]
        parts = campuses if edition.per_campus else places if edition.per_place else ()
        items.append(Asked(question, edition, tuple(parts) or ("",)))
    return items


def editions_in_force(visit: Visit, capabilities: set[int]) -> dict[int, Edition]:
    """The edition of each capability that is in force on the visit's first day."""
    editions: dict[int, Edition] = {}
    for edition in Edition.objects.filter(capability__in=capabilities).order_by("number"):
        if edition.from_day is None or edition.from_day <= visit.first_day:
            editions[edition.capability_id] = edition
    return editions


def _nodes(visit: Visit) -> list[Subject]:
    """Campuses and places of the subject on the visit's first day; one object asks the database once."""
    if "_nodes" not in visit.__dict__:
        visit.__dict__["_nodes"] = _kept(visit, "nodes", lambda: _nodes_on(visit.subject, visit.first_day))
    return list(visit.__dict__["_nodes"])


def _nodes_on(whole: Subject, day: date) -> list[Subject]:
    below = (Q(parent=whole), Q(parent__parent=whole))
    return [node for level in below for node in Subject.objects.filter(level).on(day)]


def _parts(visit: Visit) -> tuple[list[str], list[str]]:
    """Codes of the subject's campuses and places on the visit's first day."""
    nodes = _nodes(visit)
    return (
        [n.code for n in nodes if n.kind == Subject.Kind.CAMPUS],
        [n.code for n in nodes if n.kind == Subject.Kind.PLACE],
    )


def texts_of(visit: Visit, codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """All words of some items with the numbers of the visited class of subject; one query."""
    wanted = tuple(codes)

    def read() -> dict[str, dict[str, Any]]:
        pack = {"domain__pack__kind": "standard", "domain__pack__digest": visit.digest}
        size = size_class(visit.subject)
        return {i.code: i.texts_for(size) for i in Indicator.objects.filter(**pack, code__in=wanted)}

    return _kept(visit, "texts", read, wanted)


def codes_reading(visit: Visit, capability: str) -> list[str]:
    """Codes of the visit's items that read a capability."""
    pack = {"domain__pack__kind": "standard", "domain__pack__digest": visit.digest}
    items = Indicator.objects.filter(**pack, capability__code=capability, code__in=visit.indicators)
    codes = items.order_by("code").values_list("code", flat=True).distinct()
    return _kept(visit, "reading", lambda: list(codes), capability)


def part_names(visit: Visit) -> dict[str, Mapping[str, str]]:
    """Names of the campuses and places for which items are asked apart, without the hospital's own name before them."""
    return {node.code: _without(node.names, visit.subject.names) for node in _nodes(visit)}


def _without(names: Mapping[str, str], whole: Mapping[str, str]) -> dict[str, str]:
    """ "Ginkgo General, east campus" → "east campus": on a page about Ginkgo General the rest says it all."""
    names_left = {}
    for language, name in names.items():
        rest = name.removeprefix(whole.get(language, "")).lstrip(" ,，·-–")
        names_left[language] = rest or name
    return names_left


def domains_of(visit: Visit) -> dict[str, Mapping[str, str]]:
    """Titles of the domains of the frozen standard, in its order."""
    domains = Domain.objects.filter(pack__kind="standard", pack__digest=visit.digest).order_by("pack", "order")
    return _kept(visit, "domains", lambda: dict(domains.values_list("code", "titles")))


def pillars_of(visit: Visit) -> dict[str, Mapping[str, str]]:
    """Names of the pillars of the frozen standard."""
    return _kept(visit, "pillars", lambda: pillars_of_pack(visit.digest))


@dataclass(frozen=True)
class Target:
    """What a measurement of an item is compared with on a day: minute since the alert (None: no timetable) → number."""

    unit: str
    better: str
    values: Mapping[int | None, Fraction]


def target_of(visit: Visit, item: Asked, now: datetime) -> Target | None:
    """Today's target of an item for the visited class of subject; None where nothing is counted."""
    today = today_in(visit.city, now)
    return _kept(visit, "target", lambda: _target_on(visit, item, today, now), item.code, today)


def _target_on(visit: Visit, item: Asked, day: date, now: datetime) -> Target | None:
    book = Book(visit.city, [item.edition.capability_id])
    facts = book.facts(item.question.capability, size_class(visit.subject))
    known_at = local(now, visit.city)
    edition = edition_in_force(facts, day, known_at)
    if edition is None:
        return None
    scale = Fraction(item.edition.scale)  # the visit keeps the unit of its first day
    values = {minute: target / scale for minute, target in targets_on(edition, day, known_at).items()}
    return Target(item.edition.unit, item.edition.better, values) if values else None


def measuring_of(visit: Visit, item: Asked, target: Target | None) -> Measuring:
    """How a measurement of an item may be entered on this visit."""
    minutes = tuple(sorted(m for m in target.values if m is not None)) if target else ()
    methods = methods_for(item.edition.kind, outside=visit.kind != Visit.Kind.SELF)
    return Measuring(item.edition.kind, minutes, methods, item.edition.unit)


def measuring_in(visit: Visit, indicator: str, now: datetime) -> Measuring:
    """The same by code; kept on the visit, so that a queue of many measurements asks the database once for each item."""
    known: dict[str, Measuring] = visit.__dict__.setdefault("_measuring", {})
    if indicator not in known:
        item = next(item for item in asked_in(visit) if item.code == indicator)
        known[indicator] = measuring_of(visit, item, target_of(visit, item, now))
    return known[indicator]


def parts_of(visit: Visit) -> dict[str, tuple[str, ...]]:
    """Indicator → the parts it is asked for."""
    return {item.code: item.parts for item in asked_in(visit)}


def must_pass_codes(items: list[Asked]) -> frozenset[str]:
    """Codes of the items that this subject must pass."""
    return frozenset(item.code for item in items if item.question.must_pass)
