"""The list of assessments: what goes on, what is to come, what is locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from beiji.programme.models import Person
from beiji.programme.people import name_in, people_by_id
from beiji.ui.addresses import address
from beiji.ui.languages import pick
from beiji.ui.listing import Column, Facet

from .. import access, asked, given
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
    phase_code: str
    chip: str
    lead: str
    done: int | None
    total: int


def visit_url(visit: Visit) -> str:
    """Address of a visit."""
    return address("assess:visit", city=visit.city_id, visit=visit.pk)


def lead_of(visit: Visit) -> UUID | None:
    """The lead assessor's id."""
    return next((m.person_id for m in visit.members.all() if m.post == Member.Post.LEAD), None)


def line_of(visit: Visit, people: Mapping[UUID, Person], done: int | None, total: int = 0) -> Line:
    """One visit in words; `people`: the leads; `done` is None for whoever does not rate in it."""
    return Line(
        url=visit_url(visit),
        name=pick(visit.subject.names),
        kind=visit.get_kind_display(),
        scope=visit.get_scope_display(),
        round=visit.round,
        first_day=visit.first_day,
        dates=words.dates(visit.first_day, visit.last_day, short=True),
        phase=visit.get_phase_display(),
        phase_code=visit.phase,
        chip=PHASE_CHIPS.get(Visit.Phase(visit.phase), "outline"),
        lead=name_in(people, lead_of(visit)),
        done=done,
        total=total,
    )


def answered_by(person: Person, visits: Iterable[Visit]) -> dict[Any, tuple[int, int]]:
    """Key of visit → questions that the person has answered, and all, for the visits in which he rates."""
    mine = [visit for visit in visits if access.rates_in(person, visit)]
    answers = given.answers_in(mine)
    return {v.pk: progress(answers[v.pk], keys_of(asked.asked_in(v)), person.pk) for v in mine}


def open_lines(person: Person) -> list[Line]:
    """Visits that go on and that are to come, of those that the person may see; with how far he is in his own."""
    visits = list(access.visits_of(person).exclude(phase=Visit.Phase.LOCKED))
    visits.sort(key=lambda v: (v.phase == Visit.Phase.PLANNED, v.first_day))
    done, leads = answered_by(person, visits), people_by_id(map(lead_of, visits))
    return [line_of(v, leads, *done.get(v.pk, (None, 0))) for v in visits]


def locked_lines(person: Person) -> list[Line]:
    """Locked visits that the person may see, the newest round first."""
    visits = list(access.visits_of(person).filter(phase=Visit.Phase.LOCKED))
    leads = people_by_id(map(lead_of, visits))
    return [line_of(v, leads, None) for v in visits]


def columns() -> list[Column[Line]]:
    """The columns on the screen and in a file, in one order."""
    return [
        Column("hospital", gettext("Hospital"), lambda v: v.name),
        Column("phase", gettext("Phase"), lambda v: v.phase, lambda v: PHASES.index(v.phase_code)),
        Column("days", gettext("Days"), lambda v: v.dates, lambda v: v.first_day),
        Column("kind", gettext("Kind"), lambda v: f"{v.kind}, {v.scope}"),
        Column("round", gettext("Round"), lambda v: v.round),
        Column("lead", gettext("Lead assessor"), lambda v: v.lead),
        Column("answered", gettext("Answered by you"), answered_words, lambda v: v.done),
    ]


PHASES = [phase.value for phase in Visit.Phase]


def answered_words(line: Line) -> str:
    """How many questions the reader has answered; nothing where he does not rate."""
    return "" if line.done is None else gettext("%(done)s of %(total)s") % {"done": line.done, "total": line.total}


def facets(lines: Sequence[Line]) -> list[Facet[Line]]:
    """Under way or locked, and round, kind and hospital of what there is."""
    shows = [("running", gettext("Under way")), ("locked", gettext("Locked"))]
    rounds = sorted({v.round for v in lines}, reverse=True)
    names, kinds = dict.fromkeys(v.name for v in lines), dict.fromkeys(v.kind for v in lines)
    return [
        Facet("show", gettext("Show"), gettext("All visits"), shows, lambda v: (_show(v),)),
        Facet(
            "round", gettext("Round"), gettext("All rounds"), [(str(n), str(n)) for n in rounds],
            lambda v: (str(v.round),),
        ),
        Facet("kind", gettext("Kind"), gettext("All kinds"), [(k, k) for k in kinds], lambda v: (v.kind,)),
        Facet("hospital", gettext("Hospital"), gettext("All hospitals"), [(n, n) for n in names], lambda v: (v.name,)),
    ]  # fmt: skip


def _show(line: Line) -> str:
    return "locked" if line.phase_code == Visit.Phase.LOCKED else "running"
