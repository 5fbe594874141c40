"""What a visit asks: the frozen indicators with their words, and for which campuses or places each is asked apart."""

from __future__ import annotations

from dataclasses import dataclass

from beiji.programme.models import Subject
from beiji.readiness.methodology import Question, questions_of_pack
from beiji.readiness.models import Edition

from .models import Visit


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
    """The visit's indicators in the order of the standard; from the pack version that was frozen when it was planned."""
    questions = {q.code: q for q in questions_of_pack(visit.city, visit.digest, visit.subject, visit.first_day)}
    wanted = [questions[code] for code in visit.indicators if code in questions]
    editions = editions_in_force(visit, {q.indicator.capability_id for q in wanted})
    campuses, places = _parts(visit)
    found = []
    for question in wanted:
        edition = editions[question.indicator.capability_id]
        parts = campuses if edition.per_campus else places if edition.per_place else ()
        found.append(Asked(question, edition, tuple(parts) or ("",)))
    return found


def editions_in_force(visit: Visit, capabilities: set[int]) -> dict[int, Edition]:
    """The edition of each capability that is in force on the visit's first day."""
    found: dict[int, Edition] = {}
    for edition in Edition.objects.filter(capability__in=capabilities).order_by("number"):
        if edition.from_day is None or edition.from_day <= visit.first_day:
            found[edition.capability_id] = edition
    return found


def _parts(visit: Visit) -> tuple[list[str], list[str]]:
    """Codes of the subject's campuses and places on the visit's first day."""
    nodes = list(Subject.objects.filter(parent=visit.subject).on(visit.first_day))
    nodes += list(Subject.objects.filter(parent__parent=visit.subject).on(visit.first_day))
    return (
        [n.code for n in nodes if n.kind == Subject.Kind.CAMPUS],
        [n.code for n in nodes if n.kind == Subject.Kind.PLACE],
    )


def parts_of(visit: Visit) -> dict[str, tuple[str, ...]]:
    """Indicator → the parts it is asked for. Frozen with the visit, so one object answers from memory the second time."""
    if "_parts_of" not in visit.__dict__:
        visit.__dict__["_parts_of"] = {item.code: item.parts for item in asked_in(visit)}
    return dict(visit.__dict__["_parts_of"])


def must_pass_codes(items: list[Asked]) -> frozenset[str]:
    """Codes of the items that this subject must pass."""
    return frozenset(item.code for item in items if item.question.must_pass)
