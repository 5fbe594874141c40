"""The register of actions and the board, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from beiji.ui.languages import pick

from ..changes.errors import sentence_of
from ..queries import PAGE_SIZE, ActionsPage, Choices, Column, Filters
from ..rules import BOARD, ActionState, refusal_of_move
from .lines import Line, line_of
from .words import state_word


@dataclass(frozen=True)
class Option:
    """A choice of a filter."""

    value: str
    word: str
    chosen: bool


@dataclass(frozen=True)
class Select:
    """A filter with its choices; the first is everything."""

    name: str
    label: str
    every: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Head:
    """A column's head; `sort` leads to the register sorted by it."""

    label: str
    sort: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class FilterBar:
    """The filters as fields, and those in force as chips that can be taken away."""

    selects: Sequence[Select]
    overdue: bool
    chips: Sequence[tuple[str, str]]
    clear: str
    keep: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class RegisterPage:
    """The register."""

    lines: Sequence[Line]
    heads: Sequence[Head]
    filters: FilterBar
    count: str
    previous: str
    next: str
    here: str
    late: int


@dataclass(frozen=True)
class BoardColumn:
    """A column with its cards; `note` says what moves a card there when no hand can, `refusal` what to do instead."""

    state: str
    title: str
    total: int
    note: str
    refusal: str
    cards: Sequence[Line]
    more: str
    more_words: str


def query_of(filters: Filters, **changed: Any) -> str:
    """The address part that asks for these filters."""
    values: dict[str, Any] = {
        "subject": filters.subject,
        "domain": filters.domain,
        "state": filters.state,
        "owner": filters.owner,
        "overdue": "yes" if filters.overdue else "",
        "sort": ("-" if filters.descending else "") + filters.sort,
        **changed,
    }
    kept = {key: value for key, value in values.items() if value and (key, value) != ("sort", "due")}
    return "?" + urlencode(kept) if kept else "?"


def filter_bar(filters: Filters, offered: Choices, *, with_state: bool = True) -> FilterBar:
    """The filters in words."""
    every_hospital, every_domain, every_unit = _("All hospitals"), _("All domains"), _("All lead units")
    selects = [
        _select("subject", _("Hospital"), every_hospital, offered.subjects, filters.subject),
        _select("domain", _("Domain"), every_domain, offered.domains, filters.domain),
        _select("owner", _("Lead unit"), every_unit, offered.owners, filters.owner),
    ]
    states = [(state.value, state_word(state)) for state in ActionState]
    if with_state:
        selects.append(_select("state", _("State"), _("All but withdrawn"), states, filters.state))
    words = {s.name: next((o.word for o in s.options if o.chosen), "") for s in selects}
    chips = [(word, query_of(filters, **{name: ""})) for name, word in words.items() if word]
    if filters.overdue:
        chips.append((_("Overdue"), query_of(filters, overdue="")))
    sort = ("-" if filters.descending else "") + filters.sort
    return FilterBar(selects, filters.overdue, chips, "?", [("sort", sort)] if sort != "due" else [])


def _select(name: str, label: str, every: str, offered: Sequence[tuple[str, Any]], chosen: str) -> Select:
    return Select(name, label, every, [Option(code, pick(names), code == chosen) for code, names in offered])


def register_page(actions: ActionsPage, filters: Filters, offered: Choices, *, today: date, late: int) -> RegisterPage:
    """One page of the register in words."""
    number, total = actions.number, actions.total
    first, last = (number - 1) * PAGE_SIZE + 1, min(number * PAGE_SIZE, total)
    here = ""
    if total > PAGE_SIZE:
        here = _("{first} to {last} of {total}").format(first=first, last=last, total=total)
    return RegisterPage(
        lines=[line_of(action, today) for action in actions.rows],
        heads=_heads(filters),
        filters=filter_bar(filters, offered),
        count=ngettext("{count} action", "{count} actions", total).format(count=total),
        previous=query_of(filters, page=number - 1) if number > 1 else "",
        next=query_of(filters, page=number + 1) if last < total else "",
        here=here,
        late=late,
    )


def _heads(filters: Filters) -> list[Head]:
    """The columns of a Chinese register of rectification, in its order (field.md, section 1)."""

    def sortable(label: str, key: str) -> Head:
        is_on = filters.sort == key
        turned = is_on and not filters.descending
        address = query_of(filters, sort=("-" if turned else "") + key)
        return Head(label, address, ("descending" if filters.descending else "ascending") if is_on else "")

    return [
        sortable(pgettext("an action's", "Number"), "number"),
        sortable(_("Problem"), "subject"),
        Head(_("Measure")),
        sortable(_("Lead unit"), "lead"),
        Head(_("Supporting unit")),
        Head(_("Responsible leader")),
        sortable(_("Deadline"), "due"),
        Head(_("Proof that closes")),
    ]


def board_at(city: str, filters: Filters, card: str) -> str:
    """The address of a card on the board."""
    return f"{reverse('improve:board', kwargs={'city': city})}{query_of(filters)}#{card}"


def _refusal(state: ActionState) -> str:
    """What is said beside a card that is dropped where only evidence moves."""
    refusal = refusal_of_move(ActionState.PLANNED, state)
    return sentence_of(refusal) if refusal else ""


def board_columns(columns: Sequence[Column], cards: dict[Any, Line], city: str, filters: Filters) -> list[BoardColumn]:
    """The board's columns in words."""
    found = []
    for column in columns:
        by_evidence = column.state in (ActionState.CLOSED, ActionState.REOPENED)
        rest = column.total - len(column.actions)
        address = reverse("improve:register", kwargs={"city": city}) + query_of(filters, state=column.state.value)
        more = ngettext("{count} more in the table", "{count} more in the table", rest).format(count=rest)
        found.append(
            BoardColumn(
                state=column.state.value,
                title=state_word(column.state),
                total=column.total,
                note=_("Only evidence moves a card here.") if by_evidence else "",
                refusal=_refusal(column.state) if by_evidence else "",
                cards=[cards[action.pk] for action in column.actions],
                more=address if rest else "",
                more_words=more if rest else "",
            )
        )
    assert [c.state for c in found] == [state.value for state in BOARD]  # the columns never change their order
    return found
