"""Gaps without an action, planning an action, and changing one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from beiji.documents.changes import TextError
from beiji.programme.access import days_of
from beiji.programme.versions import Outdated
from beiji.ui.editing import is_unanswered, with_choices
from beiji.ui.languages import language_of, pick

from .. import access, changes, offering, queries
from ..forms import MINOR, OWN_WORDS, ActionForm
from ..models import Action
from ..pages import offers as offers_page
from ..pages.lines import line_of, subject_name
from ..rules import advice_levels, proposed_due
from .asked import Asked, asked_of, rooms
from .clashing import clash_page


@require_GET
def offers(request: HttpRequest, city: str) -> HttpResponse:
    """What could be planned next: gaps that many hospitals share once for the city; then hospital by hospital."""
    asked = asked_of(request)
    if not access.may_plan(asked.person):
        raise Http404
    hospitals = [s.code for s in access.hospitals_to_plan_for(asked.person)]
    chosen = request.GET.get("subject", "")
    only = chosen if chosen in hospitals else hospitals[0] if len(hospitals) == 1 else ""
    found = offering.offers(asked.person, asked.city, asked.now, only=only)
    page = offers_page.page_of(found, city, only)
    return render(request, "improve/offers.html", {"page": page, "rooms": rooms(asked, "offers")})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, city: str) -> HttpResponse:
    """Plan an action against a gap: the pack's advice, or the person's own words. Without a gap, the list of them."""
    asked = asked_of(request)
    if access.may_plan(asked.person) and "subject" not in request.GET:
        return redirect("improve:offers", city=city)
    subject = access.subject_to_plan_for_or_404(asked.person, request.GET.get("subject", ""))
    gap = offering.gap_of(
        asked.city, subject, request.GET.get("capability", ""), request.GET.get("indicator", ""), asked.now
    )
    if gap is None:
        raise Http404
    advice = [(level, pick(gap.advice.get(str(level)))) for level in advice_levels(gap.digit)]
    advice = [(level, text) for level, text in advice if text]
    initial = {
        "measure": str(advice[0][0]) if advice else OWN_WORDS,
        "language": language_of().pack,
        "concerns": gap.concerned,
        "due": proposed_due(gap.effort, asked.today),
        "effort": gap.effort,
        "lead_unit": offering.unit_of(subject),
        "price_year": asked.today.year,
    }
    data = request.POST if request.method == "POST" else None
    form = _form(data, asked, initial, advice=advice, hospitals=gap.hospitals)
    if request.method == "POST" and form.is_valid():
        draft = changes.ActionDraft(
            subject=subject, capability=gap.capability.code, indicator=gap.indicator, **form.said()
        )
        try:
            action = changes.plan_action(city=asked.city, draft=draft, by=asked.person, now=asked.now)
        except (changes.ImproveError, TextError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("{code} is planned.").format(code=action.code))
            return redirect("improve:action", city=city, action=action.pk)
    context = {
        "form": form,
        "gap": gap,
        "page": offers_page.planned_for(gap, subject),
        "open_actions": [line_of(a, asked.today) for a in offering.open_actions(asked.person, subject, gap)],
        "back": _offers_url(city),
    }
    return render(request, "improve/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, city: str, action: UUID) -> HttpResponse:
    """Change what was said of an action; the gap, and the proof that closes it, stay."""
    asked = asked_of(request)
    found = access.action_to_change_or_404(asked.person, action)
    form = _edit_form(request, asked, found)
    back = reverse("improve:action", kwargs={"city": city, "action": found.pk})
    if request.method == "POST" and form.is_valid() and not is_unanswered(request.POST):
        # a field that this person's form does not have keeps its value: what he cannot see he cannot mean to empty
        stands = {name: getattr(found, name) for name in changes.PLAIN_FIELDS}
        about: dict[str, Any] = {
            "subject": found.subject,
            "capability": found.capability.code,
            "indicator": found.indicator,
        }
        draft = changes.ActionDraft(**about, **(stands | form.said()))
        seen = form.cleaned_data["version"] or 0  # a page that does not say what it showed is old
        try:
            changed = changes.change_action(action=found, draft=draft, by=asked.person, now=asked.now, seen=seen)
        except Outdated:
            pass
        except (changes.ImproveError, TextError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Changes kept.") if changed else _("Nothing was changed."))
            return redirect(back)
    if form.is_bound and form.is_valid():
        found.refresh_from_db()
        current = _edit_form(request, asked, found, is_fresh=True)
        return clash_page(request, form, current, of=found, kind="improve.action-changed", cancel=back)
    context = {
        "form": form,
        "action": found,
        "subject": subject_name(found.subject),
        "title": pick(found.titles),
        "back": back,
    }
    return render(request, "improve/edit.html", context, status=422 if form.errors else 200)


def _edit_form(request: HttpRequest, asked: Asked, found: Action, *, is_fresh: bool = False) -> ActionForm:
    """The form of an action, with what the person sent unless `is_fresh`; values chosen from a clash are put in."""
    original = queries.original_of(found)
    initial: dict[str, Any] = {
        "version": found.version,
        "body": original.body if original else pick(found.advice),
        "language": original.language if original else language_of().pack,
        **{name: getattr(found, name) for name in changes.PLAIN_FIELDS},
    }
    for name in ("cost_low", "cost_high"):
        initial[name] = None if initial[name] is None else initial[name] // MINOR
    kept = (found.leader_id, found.responsible_id)
    fresh = _form(None, asked, initial, kept=kept)
    if is_fresh or request.method != "POST":
        return fresh
    return _form(with_choices(request.POST, fresh), asked, initial, kept=kept)


def _form(
    data: Any, asked: Asked, initial: Mapping[str, Any], advice: Any = (), hospitals: Any = None, kept: Any = ()
) -> ActionForm:
    return ActionForm(
        data,
        initial=dict(initial),
        days=days_of(asked.city),
        organisations=queries.organisations(),
        people=queries.people(kept),
        stages=queries.stages(),
        decisions=queries.decisions_to_follow(asked.person) if access.may_read_decisions(asked.person) else None,
        advice=advice,
        hospitals=hospitals,
    )


def _offers_url(city: str) -> str:
    return reverse("improve:offers", kwargs={"city": city})
