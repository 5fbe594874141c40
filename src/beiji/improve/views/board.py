"""The board: actions in columns, moved by dragging or by the menu of a card."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from .. import access, changes, queries
from ..pages import register as pages
from ..pages.action import moved_words
from ..pages.lines import line_of
from ..rules import ActionState
from .asked import asked_of, rooms


@require_GET
def board(request: HttpRequest, city: str) -> HttpResponse:
    """Columns planned, in progress, awaiting proof, closed, reopened."""
    asked = asked_of(request)
    filters = queries.Filters.read({key: request.GET.get(key, "") for key in ("subject", "domain", "owner", "overdue")})
    columns = queries.board(asked.person, filters, asked.today)
    plans_for = {s.pk for s in access.subjects_to_plan_for(asked.person)}
    refused = {m.extra_tags: str(m) for m in messages.get_messages(request) if m.level == messages.ERROR}
    cards = {a.pk: line_of(a, asked.today, plans_for) for column in columns for a in column.actions}
    context = {
        "columns": pages.board_columns(columns, cards, city, filters),
        "refused": refused,
        "filters": pages.filter_bar(filters, queries.choices(asked.person), with_state=False),
        "query": pages.query_of(filters),
        "rooms": rooms(asked, "board"),
        "may_plan": access.may_plan(asked.person),
    }
    return render(request, "improve/board.html", context)


@require_POST
def moves(request: HttpRequest, city: str) -> HttpResponse:
    """Move a card to a column; refused where only evidence moves."""
    asked = asked_of(request)
    try:
        key = UUID(request.POST.get("card", ""))
        to = ActionState(request.POST.get("to", ""))
        seen = ActionState(request.POST["from"]) if request.POST.get("from") else None
    except ValueError:
        raise Http404("no such card or column") from None
    action = access.action_to_change_or_404(asked.person, key)
    try:
        changes.move_by_hand(action=action, to=to, seen=seen, by=asked.person, now=asked.now)
        messages.success(request, moved_words(action.code, to))
    except changes.ImproveError as error:
        words = _("{code} was not moved. {why}").format(code=action.code, why=error)
        messages.error(request, words, extra_tags=f"card-{action.number}")
    back = queries.Filters.read(request.GET)
    return redirect(f"{reverse('improve:board', kwargs={'city': city})}{pages.query_of(back)}#card-{action.number}")
