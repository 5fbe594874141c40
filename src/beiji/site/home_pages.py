"""What the first page of each role says: finished words and numbers, one frozen object per page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.assess.access import may_plan
from beiji.programme.models import Person, Subject
from beiji.readiness.pages import city as city_pages
from beiji.readiness.pages.cells import Cell, domain_cell, hospital_url, why_url
from beiji.readiness.queries import Picture
from beiji.records import providers
from beiji.reports.access import may_make_page
from beiji.ui import formats, words
from beiji.ui.days import due_words
from beiji.ui.languages import pick

from .gates import Gate

#: Lines of the to-do list on a first page; the rest is one link away.
LONGEST_LIST = 8
#: From so many days ahead a day is written as a date.
FAR_DAYS = 93


@dataclass(frozen=True)
class Line:
    """One thing to do, as the component `todo` takes it."""

    what: str
    why: str
    url: str
    when: str
    state: str
    act: str


@dataclass(frozen=True)
class ProofCount:
    """How many standings rest on one kind of proof."""

    proof: str
    word: str
    count: int


@dataclass(frozen=True)
class Lapse:
    """A standing that time alone will end."""

    text: str
    day: str
    url: str


@dataclass(frozen=True)
class DomainLine:
    """A domain of one's own hospital with its cell."""

    title: str
    cell: Cell


@dataclass(frozen=True)
class Day:
    """What a person has to do: the first lines, how many more there are, how many of all are late."""

    title: str
    lines: Sequence[Line]
    more: int
    late: int


def day_of(todos: Sequence[providers.ToDo], today: date, *, decides: bool = False) -> Day:
    """The day of a person; one who `decides` has decisions before him, nothing else."""
    lines = lines_of(todos, today)
    late = sum(line.state == "late" for line in lines)
    return Day(counting_sentence(lines, decides=decides), lines[:LONGEST_LIST], max(0, len(lines) - LONGEST_LIST), late)


def stage_words(stages: Sequence[Gate], picture: Picture, today: date) -> str:
    """Where the programme stands, and over how many hospitals."""
    count = len(picture.subjects)
    hospitals = ngettext("{count} hospital, as of {day}", "{count} hospitals, as of {day}", count).format(
        count=count, day=formats.date_text(today)
    )
    current = next((stage for stage in stages if stage.is_current), None)
    if current is None:
        return hospitals
    return _("Stage {number}: {title}, month {month} · {hospitals}").format(
        number=current.number, title=current.title, month=picture.city.month_of(today), hospitals=hospitals
    )


def lines_of(todos: Sequence[providers.ToDo], today: date) -> list[Line]:
    """What is due first, first; without a date comes last, the weightier before the lighter."""
    ordered = sorted(todos, key=lambda t: (t.due or date.max, -t.weight, str(t.what)))
    return [
        Line(
            what=str(todo.what),
            why=str(todo.why),
            url=todo.url,
            when=due_words(todo.due, today, far=FAR_DAYS) if todo.due else "",
            state="" if todo.due is None or todo.due > today else "today" if todo.due == today else "late",
            act=_("open"),
        )
        for todo in ordered
    ]


def counting_sentence(lines: Sequence[Line], *, decides: bool = False) -> str:
    """The heading of a day: how much there is, how much of it is late."""
    late = sum(line.state == "late" for line in lines)
    if not lines:
        return _("No decision waits for you.") if decides else _("Nothing is due today.")
    todo = ngettext("{count} thing to do", "{count} things to do", len(lines))
    if decides:
        todo = ngettext("{count} decision waits for you", "{count} decisions wait for you", len(lines))
    todo = todo.format(count=len(lines))
    if not late:
        return _("{todo}, none of them late.").format(todo=todo)
    return ngettext("{todo}, {late} of them late.", "{todo}, {late} of them late.", late).format(todo=todo, late=late)


def proof_counts(picture: Picture) -> list[ProofCount]:
    """Standings by the proof they rest on, strongest first, then those whose proof has lapsed and those nobody knows."""
    counts = picture.tally
    by_proof = [ProofCount(p.value, words.proof_word(p.value), n) for p, n in reversed(list(counts.proofs.items()))]
    lapsed = ProofCount("", words.state_word("stale"), counts.stale)
    return [*by_proof, lapsed, ProofCount("", words.state_word("unknown"), counts.unknown)]


def lapses(picture: Picture, most: int = 5) -> list[Lapse]:
    """Standings that will lapse within a month, soonest first."""
    lines = []
    for subject, question, day in city_pages.lapsing(picture)[:most]:
        title = f"{formats.code_text(question.code)} {pick(question.titles)}"
        text = title if len(picture.subjects) == 1 else f"{pick(subject.names)}: {title}"
        lines.append(Lapse(text, formats.date_text(day), why_url(picture.city.pk, subject.code, question.capability)))
    return lines


def domain_lines(picture: Picture, hospital: Subject) -> list[DomainLine]:
    """The written domains of one's own hospital."""
    method = picture.method
    codes = {q.domain for q in picture.questions.get(hospital.code, ())}
    domains = [d for d in method.domains if d.code in codes] if method else []
    return [DomainLine(pick(d.titles), domain_cell(picture, hospital, d.code)) for d in domains]


def own_page(city: str, hospital: Subject) -> str:
    return hospital_url(city, hospital.code)


def acts_of_manager(city: str, person: Person) -> list[dict[str, Any]]:
    """What a manager does from here; an administrator sees the same page, but neither plans nor reports."""
    acts = []
    if may_plan(person):
        acts.append({"label": _("Plan a visit"), "href": reverse("assess:plan", kwargs={"city": city}), "kind": ""})
    if may_make_page(person):
        acts.append(
            {"label": _("Make report"), "href": reverse("reports:list", kwargs={"city": city}), "kind": "primary"}
        )
    return acts
