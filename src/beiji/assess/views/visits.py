"""Assessments: the list, the plan of a new one, one visit with its phases, lock and reopening."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.programme import choosing, exports, parts
from beiji.programme.access import days_of
from beiji.programme.people import people_to_choose
from beiji.programme.posting import done, form_page, pressed, sent, submitted
from beiji.programme.requests import CityRequest
from beiji.ui.languages import pick

from .. import access, changes
from ..forms import PhaseForm, PlanForm, ReopenForm, ReplanForm
from ..pages import listing as pages
from ..pages.visit import visit_page as page_of


@require_GET
def visit_list(request: CityRequest, city: str) -> HttpResponse:
    """Assessments that the person may see; open ones first."""
    access.room_or_404(request.person)
    locked = parts.kept(request, "assess-locked", lambda: pages.locked_lines(request.person))
    lines, columns = [*pages.open_lines(request.person), *locked], pages.columns()
    shown = exports.listed(request, lines, columns, pages.facets(lines))
    if exports.is_wanted(request):
        return exports.list_as_file(request, "visits", _("Assessments"), columns, shown)
    context = {"list": shown, "may_plan": access.may_plan(request.person)}
    return render(request, "assess/visits.html", context)


@require_http_methods(["GET", "POST"])
def plan(request: CityRequest, city: str) -> HttpResponse:
    """Plan a visit: whom, when, what is asked, and who goes."""
    access.planner_or_404(request.person)
    initial = {"first_day": request.today, "last_day": request.today, "round": access.latest_round()}
    form = PlanForm(
        sent(request),
        subjects=access.subjects_to_visit(request.today),
        people=_people(request),
        initial=initial,
        days=days_of(request.city),
    )

    def change() -> HttpResponse:
        visit = changes.plan_visit(city=request.city, by=request.person.pk, now=request.now, **form.said())
        return done(request, _("Visit planned; the standard is frozen for it."), "assess:visit", visit=visit.pk)

    answer = submitted(request, form, change)
    return answer or form_page(request, "assess/plan.html", {"form": form, "lines": form.seats}, form)


@require_http_methods(["GET", "POST"])
def replan(request: CityRequest, city: str, visit: UUID) -> HttpResponse:
    """Change the plan of a visit that has not begun."""
    row = access.visit_to_replan_or_404(request.person, visit)
    people = _people(request, also=[member.person_id for member in row.members.all()])
    form = ReplanForm(sent(request), visit=row, people=people, days=days_of(request.city))

    def change() -> HttpResponse:
        changes.replan_visit(visit=row, by=request.person.pk, now=request.now, **form.said())
        return done(request, _("Plan kept; the standard is frozen for it again."), "assess:visit", visit=row.pk)

    answer = submitted(request, form, change)
    context = {"form": form, "lines": form.seats, "visit": row}
    return answer or form_page(request, "assess/plan.html", context, form)


@require_GET
def people(request: CityRequest, city: str) -> HttpResponse:
    """Whom a planner may send, while he types."""
    access.planner_or_404(request.person)
    return choosing.answer(request, people_to_choose())


def _people(request: CityRequest, also: Iterable[UUID] = ()) -> choosing.People:
    return choosing.People(people_to_choose(also=also), reverse("assess:people", kwargs={"city": request.city.pk}))


@require_POST
def cancellation(request: CityRequest, city: str, visit: UUID) -> HttpResponse:
    """Call off a visit that has not begun."""
    row = access.visit_to_replan_or_404(request.person, visit)
    onward = reverse("assess:visits", kwargs={"city": city})

    def change() -> str:
        name = pick(row.subject.names)
        changes.cancel_visit(visit=row, by=request.person.pk, now=request.now)
        return _("The visit to {hospital} is called off.").format(hospital=name)

    return pressed(request, change, "assess:visit", visit=row.pk, onward=onward)


@require_GET
def visit_page(request: CityRequest, city: str, visit: UUID) -> HttpResponse:
    """One visit: phase, team, progress, differences, what keeps it from its lock."""
    row = access.visit_or_404(request.person, visit)
    page = page_of(request.person, row, request.now)
    return render(request, "assess/visit.html", {"visit": row, "page": page, "reopen_form": ReopenForm()})


@require_POST
def phase(request: CityRequest, city: str, visit: UUID) -> HttpResponse:
    """Bring a visit into another phase."""
    row = access.visit_to_run_or_404(request.person, visit)
    form = PhaseForm(request.POST)

    def change() -> str:
        changes.move_visit(visit=row, to=form.cleaned_data["phase"], by=request.person.pk, now=request.now)
        return _("The visit is now in the phase: {phase}.").format(phase=row.get_phase_display())

    unclear = _("Choose the phase that comes next.")
    return pressed(request, change, "assess:visit", visit=row.pk, form=form, unclear=unclear)


@require_POST
def lock(request: CityRequest, city: str, visit: UUID) -> HttpResponse:
    """Make the team's answers evidence."""
    row = access.visit_to_lead_or_404(request.person, visit)

    def change() -> str:
        rows = changes.lock_visit(visit=row, by=request.person, now=request.now).rows
        return ngettext(
            "The visit is locked; {count} row of evidence was written.",
            "The visit is locked; {count} rows of evidence were written.",
            rows,
        ).format(count=rows)

    return pressed(request, change, "assess:visit", visit=row.pk)


@require_POST
def reopening(request: CityRequest, city: str, visit: UUID) -> HttpResponse:
    """End the rows of a locked visit, with a reason, and settle again."""
    row = access.visit_to_run_or_404(request.person, visit)
    form = ReopenForm(request.POST)

    def change() -> str:
        reason = form.cleaned_data["reason"]
        rows = changes.reopen_visit(visit=row, reason=reason, by=request.person, now=request.now)
        return ngettext(
            "The visit is open again; {count} row of evidence ended.",
            "The visit is open again; {count} rows of evidence ended.",
            rows,
        ).format(count=rows)

    unclear = _("Give the reason for reopening; it stands in the ledger beside every row that ends.")
    return pressed(request, change, "assess:visit", visit=row.pk, form=form, unclear=unclear)
