"""Findings and decisions, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from beiji.documents.pages.typed import TypedText
from beiji.programme.models import Person
from beiji.programme.people import name_in
from beiji.ui.languages import pick
from beiji.ui.listing import Column, Facet

from ..deciding import Registered
from ..models import Finding, Ruling
from ..rules import DecisionState
from .lines import joined, shown, subject_name
from .words import DECISION_CHIPS, decision_word


@dataclass(frozen=True)
class FindingLine:
    """A finding in words."""

    code: str
    place: int
    words: TypedText
    where: str
    indicators: Sequence[str]
    found_on: date
    href: str


@dataclass(frozen=True)
class DecisionLine:
    """A decision in words; `late` when it still waits after its day."""

    code: str
    href: str
    words: TypedText
    asked_on: date
    owner: str
    cost: str
    due: date
    is_late: bool
    state: str
    state_word: str
    chip: str
    decided_on: date | None
    actions: str


@dataclass(frozen=True)
class RulingLine:
    """What the authorities said, in words."""

    word: str
    chip: str
    decided_on: date
    by: str
    note: TypedText | None
    scan: str


@dataclass(frozen=True)
class DecisionPage:
    """One decision."""

    line: DecisionLine
    place: int
    edit: str
    rulings_url: str
    rulings: Sequence[RulingLine]


def finding_lines(
    rows: Iterable[Finding], visible: set[int], may_change: set[UUID], numbers: Mapping[str, int]
) -> list[FindingLine]:
    """Findings in words; hospitals that the reader may not see are not named."""
    return [
        FindingLine(
            code=finding.code,
            place=finding.order,
            words=shown(finding.text, numbers),
            where=_where(finding, visible),
            indicators=list(finding.indicators),
            found_on=finding.found_on,
            href=reverse("improve:finding", kwargs={"city": finding.city_id, "finding": finding.pk})
            if finding.pk in may_change
            else "",
        )
        for finding in rows
    ]


def _where(finding: Finding, visible: set[int]) -> str:
    subjects = list(finding.subjects.all())
    if not subjects:
        return _("Whole city")
    named = [subject_name(s) for s in subjects if s.pk in visible]
    if len(subjects) > 3 or len(named) < len(subjects):
        return ngettext("{count} hospital", "{count} hospitals", len(subjects)).format(count=len(subjects))
    return joined(named)


def decision_lines(
    rows: Iterable[Registered], today: date, numbers: Mapping[UUID, Mapping[str, int]]
) -> list[DecisionLine]:
    """The register in words; `numbers` fill the fields of each decision."""
    return [_line(r, today, numbers[r.decision.pk]) for r in rows]


def _line(registered: Registered, today: date, numbers: Mapping[str, int]) -> DecisionLine:
    decision, state, ruling, actions = registered.decision, registered.state, registered.ruling, registered.actions
    waits = state in (DecisionState.ASKED, DecisionState.DEFERRED)
    return DecisionLine(
        code=decision.code,
        href=reverse("improve:decision", kwargs={"city": decision.city_id, "decision": decision.pk}),
        words=shown(decision.text, numbers),
        asked_on=decision.asked_on,
        owner=pick(decision.owner.names),
        cost=str(decision.get_cost_class_display()),
        due=decision.due,
        is_late=waits and decision.due < today,
        state=state.value,
        state_word=decision_word(state),
        chip=DECISION_CHIPS[state],
        decided_on=ruling.decided_on if ruling else None,
        actions=ngettext("{count} action", "{count} actions", actions).format(count=actions) if actions else "",
    )


def decision_page(
    registered: Registered, rulings: Sequence[Ruling], people: Mapping[UUID, Person], today: date,
    numbers: Mapping[str, int],
) -> DecisionPage:  # fmt: skip
    """One decision with what the authorities said, newest first."""
    decision = registered.decision
    kwargs = {"city": decision.city_id, "decision": decision.pk}
    return DecisionPage(
        line=_line(registered, today, numbers),
        place=decision.order,
        edit=reverse("improve:decision-edit", kwargs=kwargs),
        rulings_url=reverse("improve:rulings", kwargs=kwargs),
        rulings=[
            RulingLine(
                word=decision_word(DecisionState(ruling.word)),
                chip=DECISION_CHIPS[DecisionState(ruling.word)],
                decided_on=ruling.decided_on,
                by=name_in(people, ruling.decided_by),
                note=shown(ruling.note) if ruling.note else None,
                scan=reverse("improve:scan", kwargs={**kwargs, "ruling": ruling.pk}) if ruling.scan_id else "",
            )
            for ruling in rulings
        ],
    )


def finding_columns() -> list[Column[FindingLine]]:
    """The columns of the findings on the screen and in a file; those without a place on the leaders' page come last."""
    return [
        Column("place", pgettext("on a page", "Place"), lambda f: f.place or None),
        Column("number", pgettext("an action's", "Number"), lambda f: f.code, is_on_page=False),
        Column("finding", _("Finding"), lambda f: str(f.words), sorts=False),
        Column("hospitals", _("Hospitals"), lambda f: f.where, sorts=False),
        Column("questions", _("Questions"), lambda f: ", ".join(f.indicators), sorts=False),
        Column("found", _("Found on"), lambda f: f.found_on),
    ]


def finding_facets(lines: Sequence[FindingLine]) -> list[Facet[FindingLine]]:
    """On the page for leaders or not; the question."""
    codes = sorted({code for line in lines for code in line.indicators})
    placed = [("leaders", _("On the page for leaders")), ("other", _("Not on it"))]
    return [
        Facet("show", _("Show"), _("All findings"), placed, lambda f: ("leaders" if f.place else "other",)),
        Facet("question", _("Question"), _("All questions"), [(c, c) for c in codes], lambda f: tuple(f.indicators)),
    ]


def decision_columns() -> list[Column[DecisionLine]]:
    """The columns of the register of decisions on the screen and in a file."""
    return [
        Column("number", pgettext("an action's", "Number"), lambda d: d.code),
        Column("words", _("What is to be decided"), lambda d: str(d.words), sorts=False),
        Column("owner", _("Owner"), lambda d: d.owner),
        Column("cost", _("Cost class"), lambda d: d.cost, sorts=False),
        Column("asked", _("Asked on"), lambda d: d.asked_on),
        Column("due", _("To be decided by"), lambda d: d.due),
        Column("state", _("State"), lambda d: d.state_word, sorts=False),
        Column("decided", _("Decided on"), lambda d: d.decided_on, is_on_page=False),
    ]


def decision_facets(lines: Sequence[DecisionLine]) -> list[Facet[DecisionLine]]:
    """State, who decides, cost class."""
    states = {line.state: line.state_word for line in lines}
    owners, costs = sorted({line.owner for line in lines}), {line.cost: None for line in lines}
    late = [("late", _("past their day"))]
    return [
        Facet("show", _("Show"), _("All decisions"), late, lambda d: ("late",) if d.is_late else ()),
        Facet("state", _("State"), _("All states"), list(states.items()), lambda d: (d.state,)),
        Facet("owner", _("Owner"), _("All owners"), [(o, o) for o in owners], lambda d: (d.owner,)),
        Facet("cost", _("Cost class"), _("All cost classes"), [(c, c) for c in costs], lambda d: (d.cost,)),
    ]


def indicator_choices(indicators: Iterable[Any]) -> list[tuple[str, str]]:
    """Questions of the standard as choices."""
    return [(i.code, f"{i.code} {pick(i.titles)}") for i in indicators]
