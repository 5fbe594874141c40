"""The register of actions, and the page of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from beiji.programme import exports, parts
from beiji.programme.people import people_by_id
from beiji.programme.posting import pressed
from beiji.programme.requests import CityRequest

from .. import access, changes, queries
from ..forms import ReasonForm, StepForm
from ..pages import action as action_page
from ..pages import register as pages
from ..pages.links import room_links


@require_GET
def register(request: CityRequest, city: str) -> HttpResponse:
    """Every action that the person may see, with the columns of a register of rectification; filters are in the address."""
    access.room_or_404(request.person)
    filters = queries.Filters.read(request.GET)
    if exports.is_wanted(request):
        offered = queries.choices(request.person)
        listing = pages.whole_list(request.person, filters, request.today, offered)
        return exports.list_as_file(request, "actions", _("Actions"), pages.columns_of(), listing)
    mine = request.person.pk if filters.only == "mine" else None
    return parts.page(request, "improve/register.html", lambda: _register(request, filters), mine)


def _register(request: CityRequest, filters: queries.Filters) -> dict[str, Any]:
    offered = queries.choices(request.person)
    shown = pages.lines_of_page(request.person, filters, request.today, request.GET.get("page", ""))
    return {
        "page": pages.register_page(
            shown,
            filters,
            offered,
            late=queries.counts(request.person, request.today).overdue,
            may_take=exports.may_take_lists(request.person),
        ),
        "rooms": room_links(request, "register"),
        "may_plan": access.may_plan(request.person),
    }


@require_GET
def action(request: CityRequest, city: str, action: UUID) -> HttpResponse:
    """One action: what is to be done, by whom, what will prove it, and what has happened."""
    access.room_or_404(request.person)
    row = access.action_or_404(request.person, action)
    steps = queries.steps_of(row)
    page = action_page.page_of(
        row,
        today=request.today,
        standings=queries.standings_of(row, request.now),
        steps=steps,
        people=people_by_id([row.planned_by, *(s.by for s in steps)]),
        visible={s.pk for s in access.subjects_seen_by(request.person)},
        may_change=access.may_plan_for(request.person, row.subject),
        sees_decision=access.may_read_decisions(request.person),
    )
    return render(request, "improve/action.html", {"page": page, "note": StepForm(), "reason": ReasonForm()})


@require_POST
def steps(request: CityRequest, city: str, action: UUID) -> HttpResponse:
    """Start an action, put it back, or declare it done."""
    row = access.action_to_change_or_404(request.person, action)
    form = StepForm(request.POST)

    def change() -> str:
        step = form.said()
        changes.move_by_hand(action=row, by=request.person, now=request.now, **step)
        return action_page.moved_words(row.code, step["to"])

    unclear = _("The step was not understood; choose it on the page.")
    return pressed(request, change, "improve:action", action=row.pk, form=form, unclear=unclear)


@require_POST
def withdrawal(request: CityRequest, city: str, action: UUID) -> HttpResponse:
    """End an action that is not pursued any more."""
    row = access.action_to_change_or_404(request.person, action)
    form = ReasonForm(request.POST)

    def change() -> str:
        changes.withdraw_action(action=row, by=request.person, now=request.now, **form.cleaned_data)
        return _("{code} is withdrawn; it stays in the register.").format(code=row.code)

    unclear = _("Give the reason why it is not pursued any more.")
    return pressed(request, change, "improve:action", action=row.pk, form=form, unclear=unclear)
