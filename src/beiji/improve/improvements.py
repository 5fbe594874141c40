"""What improved between two days: gaps that were closed, with the actions that evidence closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from beiji.programme.models import City, Subject
from beiji.readiness import queries as ledger
from beiji.readiness.rules.rows import Standing as PlainStanding

from .models import Action, Step
from .rules import StepKind


@dataclass(frozen=True)
class Improvement:
    """A gap that was there on the first day and not on the second; `actions` that evidence closed in between."""

    subject: Subject
    indicator: str
    titles: Mapping[str, str]
    before: PlainStanding
    after: PlainStanding
    actions: Sequence[Action]


def improvements_between(
    city: City, day1: date, day2: date, *, subjects: Sequence[Subject], known_at: datetime
) -> list[Improvement]:
    """What improved for these subjects between two days, as known at a moment; in the order of the standard."""
    first = ledger.picture(city=city, subjects=subjects, now=known_at, day=day1, known_at=known_at)
    last = ledger.picture(city=city, subjects=subjects, now=known_at, day=day2, known_at=known_at)
    closed = _closed_by(known_at)
    found = []
    for subject in subjects:
        still = {g.question.code for g in last.gaps(subject.code)}
        order = {q.code: place for place, q in enumerate(first.questions.get(subject.code, ()))}
        gone = [g for g in first.gaps(subject.code) if g.question.code not in still]
        for gap in sorted(gone, key=lambda g: order[g.question.code]):
            question = gap.question
            found.append(
                Improvement(
                    subject=subject,
                    indicator=question.code,
                    titles=question.indicator.titles,
                    before=gap.standing,
                    after=last.standing(subject.code, question.capability),
                    actions=closed.get((subject.pk, question.indicator.capability_id), []),
                )
            )
    return found


def _closed_by(known_at: datetime) -> dict[tuple[int, int], list[Action]]:
    """(subject, capability) → actions that stood closed at a moment."""
    newest: dict[UUID, str] = {}
    for step in Step.objects.filter(at__lte=known_at).order_by("at", "id").values("action_id", "kind"):
        newest[step["action_id"]] = step["kind"]
    keys = [key for key, kind in newest.items() if kind == StepKind.CLOSED.value]
    found: dict[tuple[int, int], list[Action]] = {}
    for action in Action.objects.filter(pk__in=keys).prefetch_related("concerns"):
        for subject in action.concerns.all():
            found.setdefault((subject.pk, action.capability_id), []).append(action)
    return found
