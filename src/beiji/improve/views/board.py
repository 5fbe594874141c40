"""The board: actions in columns, moved by dragging or by the menu of a card."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from beiji.programme import parts
from beiji.programme.posting import pressed
from beiji.programme.requests import CityRequest

from .. import access, changes, queries
from ..forms import CardForm
from ..pages import register as pages
from ..pages.action import moved_words
from ..pages.lines import line_of
from ..pages.links import room_links


@require_GET
def board(request: CityRequest, city: str) -> HttpResponse:
    """Columns planned, in progress, awaiting proof, closed, reopened."""
    access.room_or_404(request.person)
    filters = queries.Filters.read(
        {key: request.GET.get(key, "") for key in ("subject", "domain", "owner", "only", "q")}
    )
    mine = request.person.pk if filters.only == "mine" else None
    refused = {m.extra_tags: str(m) for m in messages.get_messages(request) if m.level == messages.ERROR}
    context = {
        **parts.kept(request, "improve/board.html", lambda: _columns(request, filters), mine),
        "refused": refused,
        "query": pages.query_of(filters),
        "rooms": room_links(request, "board"),
        "may_plan": access.may_plan(request.person),
    }
    return render(request, "improve/board.html", context)


def _columns(request: CityRequest, filters: queries.Filters) -> dict[str, Any]:
    """What all read who see the same actions: the columns with their cards, and what may be filtered by."""
    keys = None
    if filters.search:
        every = [line_of(a, request.today) for a in queries.every_action(request.person, filters, request.today)]
        keys = {line.id for line in pages.searched(every, filters.search)}
    columns = queries.board(request.person, filters, request.today, keys)
    plans_for = {s.pk for s in access.subjects_to_plan_for(request.person)}
    cards = {a.pk: line_of(a, request.today, plans_for) for column in columns for a in column.actions}
    return {
        "columns": pages.board_columns(columns, cards, request.city.pk, filters),
        "tools": pages.tools_of(filters, queries.choices(request.person), is_board=True),
    }


@require_POST
def moves(request: CityRequest, city: str) -> HttpResponse:
    """Move a card to a column; refused where only evidence moves."""
    form = CardForm(request.POST)
    if not form.is_valid():
        raise Http404("no such card or column")
    row = access.action_to_change_or_404(request.person, form.cleaned_data["card"])

    def change() -> str:
        step = form.said()
        try:
            changes.move_by_hand(action=row, by=request.person, now=request.now, **step)
        except changes.ImproveError as refused:
            words = _("{code} was not moved. {why}").format(code=row.code, why=refused)
            raise changes.ImproveError(words) from refused
        return moved_words(row.code, step["to"])

    card = f"card-{row.number}"
    return pressed(request, change, pages.board_at(city, queries.Filters.read(request.GET), card), tags=card)
