"""The register of actions and the board, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from beiji.programme.models import Person
from beiji.ui.languages import pick
from beiji.ui.listing import (
    FILE_KINDS,
    Column,
    Head,
    Listing,
    Option,
    Select,
    folded,
    is_said,
    page_number,
    search_word,
)

from ..changes.errors import sentence_of
from ..queries import PAGE_SIZE, Choices, Filters, every_action, page_of_actions
from ..queries import Column as StateColumn
from ..rules import BOARD, ActionState, refusal_of_move
from .lines import Line, line_of
from .words import state_word


@dataclass(frozen=True)
class RegisterPage:
    """The register: `list` is what stands around the lines."""

    list: Listing[Line]
    count: str
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
        "q": filters.search,
        "subject": filters.subject,
        "domain": filters.domain,
        "state": filters.state,
        "owner": filters.owner,
        "only": filters.only,
        "sort": ("-" if filters.descending else "") + filters.sort,
        **changed,
    }
    wanted = {key: value for key, value in values.items() if value and (key, value) != ("sort", "due")}
    return "?" + urlencode(wanted)


def tools_of(filters: Filters, offered: Choices, *, is_board: bool = False) -> Listing[Line]:
    """Search and filters with those in force, around no lines yet."""
    selects = [
        _select("subject", _("Hospital"), _("All hospitals"), offered.subjects, filters.subject),
        _select("domain", _("Domain"), _("All domains"), offered.domains, filters.domain),
        _select("owner", _("Lead unit"), _("All lead units"), offered.owners, filters.owner),
    ]
    only = [("mine", _("Mine and my unit's")), ("overdue", _("Only overdue"))]
    selects.append(_select("only", _("Show"), _("All actions"), only, filters.only))
    if not is_board:
        states = [(state.value, state_word(state)) for state in ActionState]
        selects.append(_select("state", _("State"), _("All but withdrawn"), states, filters.state))
    words = {s.name: next((o.word for o in s.options if o.chosen), "") for s in selects}
    chips = [(word, query_of(filters, **{name: ""})) for name, word in words.items() if word]
    if filters.search:
        chips.insert(0, (search_word(filters.search), query_of(filters, q="")))
    sort = ("-" if filters.descending else "") + filters.sort
    return Listing(
        rows=(), every=(), total=0, of=0, search=filters.search, selects=selects, chips=chips, clear="?", heads=(),
        kept=[("sort", sort)] if sort != "due" else [], previous="", next="", here="", files=(),
    )  # fmt: skip


def _select(name: str, label: str, every: str, offered: Sequence[tuple[str, Any]], chosen: str) -> Select:
    return Select(name, label, every, [Option(code, pick(names), code == chosen) for code, names in offered])


def searched(lines: Sequence[Line], search: str) -> list[Line]:
    """The lines in which every word of the search stands."""
    words = folded(search).split()
    columns = columns_of()
    return [line for line in lines if is_said(words, line, columns)] if words else list(lines)


def columns_of() -> list[Column[Line]]:
    """The columns of a Chinese register of rectification, in its order (field.md, section 1), with those of a file alone."""
    return [
        Column("number", pgettext("an action's", "Number"), lambda a: a.code),
        Column("subject", _("Problem"), lambda a: f"{a.title} · {a.problem}"),
        Column("measure", _("Measure"), lambda a: str(a.measure), sorts=False),
        Column("lead", _("Lead unit"), lambda a: a.lead),
        Column("supporting", _("Supporting unit"), lambda a: a.supporting, sorts=False),
        Column("leader", _("Responsible leader"), lambda a: a.leader, sorts=False),
        Column("due", _("Deadline"), lambda a: a.due),
        Column("proof", _("Proof that closes"), lambda a: str(a.proof), sorts=False),
        Column("hospital", _("Hospital"), lambda a: a.subject, is_on_page=False),
        Column("responsible", _("Responsible"), lambda a: a.responsible, is_on_page=False),
        Column("state", _("State"), lambda a: a.state_word, is_on_page=False),
        Column("cost", _("Cost"), lambda a: a.cost, is_on_page=False),
    ]


@dataclass(frozen=True)
class PageOfLines:
    """Some lines of the register, the number of their page (from 1), and how many lines there are on all pages."""

    lines: Sequence[Line]
    number: int
    total: int


def lines_of_page(person: Person, filters: Filters, today: date, wanted: str) -> PageOfLines:
    """The page asked for, held within what there is; words are searched in what the lines say."""
    if not filters.search:
        actions = page_of_actions(person, filters, today, wanted)
        return PageOfLines([line_of(a, today) for a in actions.rows], actions.number, actions.total)
    every = searched([line_of(a, today) for a in every_action(person, filters, today)], filters.search)
    number = page_number(wanted, len(every), PAGE_SIZE)
    return PageOfLines(every[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, len(every))


def whole_list(person: Person, filters: Filters, today: date, offered: Choices) -> Listing[Line]:
    """Every line that fits, for a file."""
    actions = every_action(person, filters, today)
    every = searched([line_of(action, today) for action in actions], filters.search)
    return replace(tools_of(filters, offered), every=every, total=len(every), of=len(actions))


def register_page(shown: PageOfLines, filters: Filters, offered: Choices, *, late: int, may_take: bool) -> RegisterPage:
    """One page of the register in words."""
    lines, number, total = shown.lines, shown.number, shown.total
    last = max(1, -(-total // PAGE_SIZE))
    first = (number - 1) * PAGE_SIZE
    here = _("{first} to {last} of {total}").format(first=first + 1, last=min(first + PAGE_SIZE, total), total=total)
    around = replace(
        tools_of(filters, offered),
        rows=lines,
        total=total,
        heads=[_head(column, filters) for column in columns_of() if column.is_on_page],
        previous=query_of(filters, page=number - 1) if number > 1 else "",
        next=query_of(filters, page=number + 1) if number < last else "",
        here=here if last > 1 else "",
        files=[(query_of(filters, file=kind), kind.upper()) for kind in FILE_KINDS] if may_take else (),
    )
    return RegisterPage(around, ngettext("{count} action", "{count} actions", total).format(count=total), late)


def _head(column: Column[Line], filters: Filters) -> Head:
    is_on = filters.sort == column.key
    turned = "-" if is_on and not filters.descending else ""
    return Head(
        column.key,
        column.label,
        query_of(filters, sort=turned + column.key) if column.sorts else "",
        ("descending" if filters.descending else "ascending") if is_on else "",
    )


def board_at(city: str, filters: Filters, card: str) -> str:
    """The address of a card on the board."""
    return f"{reverse('improve:board', kwargs={'city': city})}{query_of(filters)}#{card}"


def _refusal(state: ActionState) -> str:
    """What is said beside a card that is dropped where only evidence moves."""
    refusal = refusal_of_move(ActionState.PLANNED, state)
    return sentence_of(refusal) if refusal else ""


def board_columns(
    columns: Sequence[StateColumn], cards: dict[Any, Line], city: str, filters: Filters
) -> list[BoardColumn]:
    """The board's columns in words."""
    board = []
    for column in columns:
        by_evidence = column.state in (ActionState.CLOSED, ActionState.REOPENED)
        rest = column.total - len(column.actions)
        address = reverse("improve:register", kwargs={"city": city}) + query_of(filters, state=column.state.value)
        more = ngettext("{count} more in the table", "{count} more in the table", rest).format(count=rest)
        board.append(
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
    assert [c.state for c in board] == [state.value for state in BOARD]  # the columns never change their order
    return board
