"""Assessments: the list, the plan of a new one, one visit with its phases, lock and reopening."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.programme.access import days_of, today_in

from .. import access, changes
from ..changes import Seat
from ..forms import PhaseForm, PlanForm, ReopenForm, seat_forms, seats_of
from ..pages.listing import listing
from ..pages.visit import visit_page as page_of


@require_GET
def visit_list(request: HttpRequest, city: str) -> HttpResponse:
    """Assessments that the person may see; open ones first."""
    person = request.person  # type: ignore[attr-defined]
    if not access.may_use_room(person):
        raise Http404
    asked = request.GET.get("round", "")
    page = listing(person, int(asked) if asked.isdecimal() and len(asked) < 3 else None)
    return render(request, "assess/visits.html", {"page": page, "round": asked})


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, city: str) -> HttpResponse:
    """Plan a visit: whom, when, what is asked, and who goes."""
    person, now = request.person, timezone.now()  # type: ignore[attr-defined]
    if not access.may_plan(person):
        raise Http404
    today = today_in(request.city, now)  # type: ignore[attr-defined]
    data, people = request.POST if request.method == "POST" else None, access.people_to_choose()
    start = {"first_day": today, "last_day": today, "kind": "external", "scope": "full", "round": access.latest_round()}
    days = days_of(request.city)  # type: ignore[attr-defined]
    form = PlanForm(data, subjects=access.subjects_to_visit(today), people=people, initial=start, days=days)
    lines = seat_forms(data, people)
    if request.method == "POST" and all([form.is_valid(), *(line.is_valid() for line in lines)]):
        wanted = {name: value for name, value in form.cleaned_data.items() if name != "lead"}
        team = [Seat(*seat) for seat in seats_of(form.cleaned_data["lead"], lines)]
        try:
            visit = changes.plan_visit(city=request.city, team=team, by=person.pk, now=now, **wanted)  # type: ignore[attr-defined]
            messages.success(request, _("Visit planned; the standard is frozen for it."))
            return redirect("assess:visit", city=city, visit=visit.pk)
        except changes.AssessError as error:
            form.add_error(None, str(error))
    return render(request, "assess/plan.html", {"form": form, "lines": lines}, status=422 if form.errors else 200)


@require_GET
def visit_page(request: HttpRequest, city: str, visit: UUID) -> HttpResponse:
    """One visit: phase, team, progress, differences, what keeps it from its lock."""
    found = access.visit_or_404(request.person, visit)  # type: ignore[attr-defined]
    page = page_of(request.person, found, timezone.now())  # type: ignore[attr-defined]
    return render(request, "assess/visit.html", {"visit": found, "page": page, "reopen_form": ReopenForm()})


@require_POST
def phase(request: HttpRequest, city: str, visit: UUID) -> HttpResponse:
    """Bring a visit into another phase."""
    person = request.person  # type: ignore[attr-defined]
    found = access.visit_or_404(person, visit)
    if not (access.leads(person, found) or access.may_plan(person)):
        raise Http404
    form = PhaseForm(request.POST)
    try:
        if not form.is_valid():
            raise changes.AssessError(_("Choose the phase that comes next."))
        changes.move_visit(visit=found, to=form.cleaned_data["phase"], by=person.pk, now=timezone.now())
        messages.success(request, _("The visit is now in the phase: {phase}.").format(phase=found.get_phase_display()))
    except changes.AssessError as error:
        messages.error(request, str(error))
    return redirect("assess:visit", city=city, visit=found.pk)


@require_POST
def lock(request: HttpRequest, city: str, visit: UUID) -> HttpResponse:
    """Make the team's answers evidence."""
    person = request.person  # type: ignore[attr-defined]
    found = access.visit_or_404(person, visit)
    if not access.leads(person, found):
        raise Http404
    try:
        kept = changes.lock_visit(visit=found, by=person, now=timezone.now())
        sentence = ngettext(
            "The visit is locked; {count} row of evidence was written.",
            "The visit is locked; {count} rows of evidence were written.",
            kept.rows,
        )
        messages.success(request, sentence.format(count=kept.rows))
    except changes.AssessError as error:
        messages.error(request, str(error))
    return redirect("assess:visit", city=city, visit=found.pk)


@require_POST
def reopening(request: HttpRequest, city: str, visit: UUID) -> HttpResponse:
    """End the rows of a locked visit, with a reason, and settle again."""
    person = request.person  # type: ignore[attr-defined]
    found = access.visit_or_404(person, visit)
    if not (access.leads(person, found) or access.may_plan(person)):
        raise Http404
    form = ReopenForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        ended = changes.reopen_visit(visit=found, reason=reason, by=person, now=timezone.now())
        sentence = ngettext(
            "The visit is open again; {count} row of evidence ended.",
            "The visit is open again; {count} rows of evidence ended.",
            ended,
        )
        messages.success(request, sentence.format(count=ended))
    except changes.AssessError as error:
        messages.error(request, str(error))
    return redirect("assess:visit", city=city, visit=found.pk)
