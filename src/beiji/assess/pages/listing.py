"""The list of assessments: what runs, and what is locked, by round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from beiji.programme.models import Person
from beiji.ui.languages import pick

from .. import access, asked
from ..models import Member, Visit
from ..rules.consensus import progress
from . import words
from .steps import keys_of

#: Kind of chip by phase; an open visit is quiet until it is on the ward.
PHASE_CHIPS = {
    Visit.Phase.ON_SITE: "info",
    Visit.Phase.CONSENSUS: "warn",
    Visit.Phase.REPLY: "warn",
    Visit.Phase.LOCKED: "outline",
}


@dataclass(frozen=True)
class Line:
    """One visit of the list."""

    url: str
    name: str
    kind: str
    scope: str
    round: int
    first_day: date
    dates: str
    phase: str
    chip: str
    lead: str
    done: int | None
    total: int


@dataclass(frozen=True)
class Listing:
    """The page: open visits first, then the locked ones of one round or all."""

    running: Sequence[Line]
    locked: Sequence[Line]
    rounds: Sequence[tuple[str, str, bool]]
    may_plan: bool


def visit_url(visit: Visit) -> str:
    """Address of a visit."""
    return reverse("assess:visit", kwargs={"city": visit.city_id, "visit": visit.pk})


def lead_of(visit: Visit) -> str:
    """Name of the lead assessor."""
    return next((pick(m.person.names) for m in visit.members.all() if m.post == Member.Post.LEAD), "")


def line_of(visit: Visit, done: int | None, total: int = 0) -> Line:
    """One visit in words; `done` is None for whoever does not rate in it."""
    return Line(
        url=visit_url(visit),
        name=pick(visit.subject.names),
        kind=visit.get_kind_display(),
        scope=visit.get_scope_display(),
        round=visit.round,
        first_day=visit.first_day,
        dates=words.dates(visit.first_day, visit.last_day, short=True),
        phase=visit.get_phase_display(),
        chip=PHASE_CHIPS.get(Visit.Phase(visit.phase), "outline"),
        lead=lead_of(visit),
        done=done,
        total=total,
    )


def answered_by(person: Person, visits: Iterable[Visit]) -> dict[Any, tuple[int, int]]:
    """Key of visit → questions that the person has answered, and all, for the visits in which he rates."""
    mine = [visit for visit in visits if access.rates_in(person, visit)]
    given = access.answers_in(mine)
    return {v.pk: progress(given[v.pk], keys_of(asked.asked_in(v)), person.pk) for v in mine}


def listing(person: Person, number: int | None) -> Listing:
    """The list for one person, its locked part for one round or all."""
    visits = list(access.visits_of(person))
    running = [v for v in visits if v.phase != Visit.Phase.LOCKED]
    running.sort(key=lambda v: (v.phase == Visit.Phase.PLANNED, v.first_day))  # what is going on before what is to come
    locked = [v for v in visits if v.phase == Visit.Phase.LOCKED]
    numbers = sorted({v.round for v in locked})
    done = answered_by(person, running)
    return Listing(
        running=[line_of(v, *done.get(v.pk, (None, 0))) for v in running],
        locked=[line_of(v, None) for v in locked if number is None or v.round == number],
        rounds=[(str(n), str(n), n == number) for n in numbers] if len(numbers) > 1 else [],
        may_plan=access.may_plan(person),
    )
