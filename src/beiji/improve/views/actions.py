"""The register of actions, and the page of one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from beiji.documents.changes import TextError
from beiji.ui.languages import language_of

from .. import access, changes, queries
from ..forms import NoteForm, ReasonForm
from ..pages import action as action_page
from ..pages.lines import line_of
from ..pages.register import register_page
from ..rules import ActionState
from .asked import asked_of, page_number, rooms


@require_GET
def register(request: HttpRequest, city: str) -> HttpResponse:
    """Every action that the person may see, with the columns of a register of rectification; filters are in the address."""
    asked = asked_of(request)
    filters = queries.Filters.read(request.GET)
    found = queries.filtered(asked.person, filters, asked.today)
    total = found.count()
    number = page_number(request, total, queries.PAGE_SIZE)
    shown = queries.page_of(found, filters, number)
    page = register_page(
        [line_of(a, asked.today) for a in shown],
        filters,
        queries.choices(asked.person),
        total=total,
        number=number,
        late=queries.counts(asked.person, asked.today).overdue,
    )
    context = {"page": page, "rooms": rooms(asked, "register"), "may_plan": access.may_plan(asked.person)}
    return render(request, "improve/register.html", context)


@require_GET
def action(request: HttpRequest, city: str, action: UUID) -> HttpResponse:
    """One action: what is to be done, by whom, what will prove it, and what has happened."""
    asked = asked_of(request)
    found = access.action_or_404(asked.person, action)
    steps = queries.steps_of(found)
    page = action_page.page_of(
        found,
        today=asked.today,
        standings=queries.standings_of(found, asked.now),
        steps=steps,
        people=queries.people_by_id([found.planned_by, *(s.by for s in steps)]),
        visible={s.pk for s in access.subjects_seen_by(asked.person)},
        may_change=access.may_plan_for(asked.person, found.subject),
        sees_decision=access.may_read_decisions(asked.person),
    )
    initial = {"language": language_of().pack}
    return render(
        request,
        "improve/action.html",
        {"page": page, "note": NoteForm(initial=initial), "reason": ReasonForm(initial=initial)},
    )


@require_POST
def steps(request: HttpRequest, city: str, action: UUID) -> HttpResponse:
    """Start an action, put it back, or declare it done."""
    asked = asked_of(request)
    found = access.action_to_change_or_404(asked.person, action)
    form = NoteForm(request.POST)
    states = {state.value: state for state in ActionState}
    to, seen = states.get(request.POST.get("to", "")), states.get(request.POST.get("from", ""))
    if to is None or not form.is_valid():
        messages.error(request, _("The step was not understood; choose it on the page."))
        return redirect("improve:action", city=city, action=found.pk)
    try:
        changes.move_by_hand(action=found, to=to, seen=seen, by=asked.person, now=asked.now, **form.cleaned_data)
        messages.success(request, action_page.moved_words(found.code, to))
    except (changes.ImproveError, TextError) as error:
        messages.error(request, str(error))
    return redirect("improve:action", city=city, action=found.pk)


@require_POST
def withdrawal(request: HttpRequest, city: str, action: UUID) -> HttpResponse:
    """End an action that is not pursued any more."""
    asked = asked_of(request)
    found = access.action_to_change_or_404(asked.person, action)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the reason why it is not pursued any more."))
        return redirect("improve:action", city=city, action=found.pk)
    try:
        changes.withdraw_action(action=found, by=asked.person, now=asked.now, **form.cleaned_data)
        messages.success(request, _("{code} is withdrawn; it stays in the register.").format(code=found.code))
    except (changes.ImproveError, TextError) as error:
        messages.error(request, str(error))
    return redirect("improve:action", city=city, action=found.pk)
