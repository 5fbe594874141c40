"""Gaps without an action, planning an action, and changing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from beiji.programme import choosing, exports, parts
from beiji.programme.access import days_of
from beiji.programme.people import people_to_choose
from beiji.programme.posting import done, edited, form_page, sent, submitted
from beiji.programme.requests import CityRequest
from beiji.ui.languages import pick

from .. import access, changes, offering, queries
from ..forms import ActionForm
from ..models import Action
from ..pages import offers as offers_page
from ..pages.lines import line_of, subject_name
from ..pages.links import room_links


@require_GET
def offers(request: CityRequest, city: str) -> HttpResponse:
    """What could be planned next: gaps that many hospitals share once for the city; then hospital by hospital."""
    if exports.is_wanted(request):
        made = _offers(request, city)
        return exports.list_as_file(request, "gaps-to-plan", _("Gaps without an action"), made["columns"], made["list"])
    return parts.page(request, "improve/offers.html", lambda: _offers(request, city))


def _offers(request: CityRequest, city: str) -> dict[str, Any]:
    access.planner_or_404(request.person)
    only = offering.hospital_to_list(request.person, request.GET.get("subject", ""))
    offered = offering.offers(request.person, request.city, request.now, only=only)
    page = offers_page.page_of(offered, city, only)
    rows: Sequence[Any] = page.gaps if only else page.shared
    columns: Sequence[Any] = offers_page.gap_columns() if only else offers_page.shared_columns()
    shown = exports.listed(request, rows, columns, offers_page.facets(offered, rows), keep=("subject",))
    return {"page": page, "list": shown, "columns": columns, "rooms": room_links(request, "offers")}


@require_http_methods(["GET", "POST"])
def new(request: CityRequest, city: str) -> HttpResponse:
    """Plan an action against a gap: the pack's advice, or the person's own words. Without a gap, the list of them."""
    if access.may_plan(request.person) and "subject" not in request.GET:
        return redirect("improve:offers", city=city)
    subject = access.subject_to_plan_for_or_404(request.person, request.GET.get("subject", ""))
    gap = offering.gap_or_404(
        request.city, subject, request.GET.get("capability", ""), request.GET.get("indicator", ""), request.now
    )
    start = offers_page.start_of(gap, subject, request.today)
    form = _form(request, sent(request), start.values, advice=start.advice, hospitals=gap.hospitals)

    def change() -> HttpResponse:
        draft = changes.ActionDraft(
            subject=subject, capability=gap.capability.code, indicator=gap.indicator, **form.said()
        )
        action = changes.plan_action(city=request.city, draft=draft, by=request.person, now=request.now)
        sentence = _("{code} is planned.").format(code=action.code)
        return done(request, sentence, "improve:action", action=action.pk)

    answer = submitted(request, form, change)
    if answer is not None:
        return answer
    context = {
        "form": form,
        "gap": gap,
        "page": offers_page.planned_for(gap, subject),
        "open_actions": [line_of(a, request.today) for a in offering.open_actions(request.person, subject, gap)],
        "back": reverse("improve:offers", kwargs={"city": city}),
    }
    return form_page(request, "improve/new.html", context, form)


@require_http_methods(["GET", "POST"])
def edit(request: CityRequest, city: str, action: UUID) -> HttpResponse:
    """Change what was said of an action; the gap, and the proof that closes it, stay."""
    row = access.action_to_change_or_404(request.person, action)

    def form_of(row: Action, data: Any) -> ActionForm:
        return _form(request, data, queries.values_of(row), also=(row.leader_id, row.responsible_id))

    def change(form: ActionForm, seen: int) -> HttpResponse:
        draft = changes.draft_over(row, form.said())
        is_new = changes.change_action(action=row, draft=draft, by=request.person, now=request.now, seen=seen)
        sentence = _("Changes kept.") if is_new else _("Nothing was changed.")
        return done(request, sentence, "improve:action", action=row.pk)

    back = reverse("improve:action", kwargs={"city": city, "action": row.pk})
    answer, form = edited(request, row, form_of, change, kind="improve.action-changed", cancel=back)
    context = {
        "form": form,
        "action": row,
        "subject": subject_name(row.subject),
        "title": pick(row.titles),
        "back": back,
    }
    return answer or form_page(request, "improve/edit.html", context, form)


def _form(
    request: CityRequest, data: Any, initial: Mapping[str, Any], advice: Any = (), hospitals: Any = None, also: Any = ()
) -> ActionForm:
    return ActionForm(
        data,
        initial=dict(initial),
        days=days_of(request.city),
        organisations=queries.organisations(),
        people=choosing.People(
            people_to_choose(city_only=True, also=also), reverse("improve:people", kwargs={"city": request.city.pk})
        ),
        stages=queries.stages(),
        decisions=queries.decisions_to_follow(request.person),
        advice=advice,
        hospitals=hospitals,
    )


@require_GET
def people(request: CityRequest, city: str) -> HttpResponse:
    """Whom a planner may make responsible, while he types."""
    access.planner_or_404(request.person)
    return choosing.answer(request, people_to_choose(city_only=True))
