"""Findings: the list in the order of the leaders' page, and the editor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.programme import exports
from beiji.programme.access import days_of
from beiji.programme.posting import done, edited, form_page, pressed, sent, submitted
from beiji.programme.requests import CityRequest

from .. import access, changes, deciding
from ..forms import FindingForm
from ..models import Finding
from ..pages import deciding as pages
from ..pages.links import room_links


@require_GET
def index(request: CityRequest, city: str) -> HttpResponse:
    """Findings that stand, those on the page for leaders first."""
    access.room_or_404(request.person)
    rows = deciding.findings_of(request.person)
    visible = {s.pk for s in access.subjects_seen_by(request.person)}
    may_change = {f.pk for f in rows if access.may_change_finding(request.person, f)}
    numbers = deciding.numbers_on([f.text for f in rows], request.city, request.now)
    lines, columns = pages.finding_lines(rows, visible, may_change, numbers), pages.finding_columns()
    shown = exports.listed(request, lines, columns, pages.finding_facets(lines))
    if exports.is_wanted(request):
        return exports.list_as_file(request, "findings", pgettext("experts'", "Findings"), columns, shown)
    context = {
        "list": shown,
        "rooms": room_links(request, "findings"),
        "may_write": access.may_write_findings(request.person),
    }
    return render(request, "improve/findings.html", context)


@require_http_methods(["GET", "POST"])
def new(request: CityRequest, city: str) -> HttpResponse:
    """Write a finding in one's own language."""
    access.writer_or_404(request.person)
    form = _form(request, sent(request), {"found_on": request.today})

    def change() -> HttpResponse:
        finding = changes.write_finding(city=request.city, by=request.person, now=request.now, **form.said())
        sentence = _("{code} is kept; its translation waits in the queue.").format(code=finding.code)
        return done(request, sentence, "improve:findings")

    context = {"form": form, "finding": None}
    return submitted(request, form, change) or form_page(request, "improve/finding.html", context, form)


@require_http_methods(["GET", "POST"])
def edit(request: CityRequest, city: str, finding: UUID) -> HttpResponse:
    """Give a finding other words, another place, other hospitals."""
    row = access.finding_to_change_or_404(request.person, finding)

    def form_of(row: Finding, data: Any) -> FindingForm:
        return _form(request, data, deciding.values_of_finding(row))

    def change(form: FindingForm, seen: int) -> HttpResponse:
        said = form.said_of(row)
        changes.change_finding(finding=row, by=request.person, now=request.now, seen=seen, **said)
        return done(request, _("Changes kept."), "improve:findings")

    cancel = reverse("improve:findings", kwargs={"city": city})
    answer, form = edited(request, row, form_of, change, kind="improve.finding-changed", cancel=cancel)
    return answer or form_page(request, "improve/finding.html", {"form": form, "finding": row}, form)


@require_POST
def end(request: CityRequest, city: str, finding: UUID) -> HttpResponse:
    """Take a finding back."""
    row = access.finding_to_change_or_404(request.person, finding)

    def change() -> str:
        changes.end_finding(finding=row, by=request.person, now=request.now)
        return _("{code} is taken back; reports made before keep it.").format(code=row.code)

    return pressed(request, change, "improve:findings")


def _form(request: CityRequest, data: Any, initial: dict[str, Any]) -> FindingForm:
    return FindingForm(
        data,
        initial=initial,
        days=days_of(request.city),
        subjects=access.hospitals_seen_by(request.person),
        indicators=pages.indicator_choices(deciding.questions_of(request.city, request.now)),
        must_name=not access.sees_whole_city(request.person),
    )
