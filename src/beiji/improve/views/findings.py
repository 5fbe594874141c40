"""Findings: the list in the order of the leaders' page, and the editor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.documents.access import versions_of
from beiji.documents.changes import TextError
from beiji.programme.access import days_of
from beiji.programme.versions import Outdated
from beiji.ui.editing import is_unanswered, with_choices
from beiji.ui.languages import language_of

from .. import access, changes, deciding
from ..forms import FindingForm
from ..models import Finding
from ..pages import deciding as pages
from .asked import Asked, asked_of, rooms
from .clashing import clash_page


@require_GET
def index(request: HttpRequest, city: str) -> HttpResponse:
    """Findings that stand, those on the page for leaders first."""
    asked = asked_of(request)
    rows = deciding.findings_of(asked.person)
    visible = {s.pk for s in access.subjects_seen_by(asked.person)}
    may_change = {f.pk for f in rows if access.may_change_finding(asked.person, f)}
    numbers = deciding.numbers_on([f.text for f in rows], asked.city, asked.now)
    context = {
        "findings": pages.finding_lines(rows, visible, may_change, numbers),
        "rooms": rooms(asked, "findings"),
        "may_write": access.may_write_findings(asked.person),
    }
    return render(request, "improve/findings.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, city: str) -> HttpResponse:
    """Write a finding in one's own language."""
    asked = asked_of(request)
    if not access.may_write_findings(asked.person):
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = _form(data, asked, {"language": language_of().pack, "found_on": asked.today})
    if request.method == "POST" and form.is_valid():
        try:
            finding = changes.write_finding(city=asked.city, by=asked.person, now=asked.now, **form.said())
            messages.success(
                request, _("{code} is kept; its translation waits in the queue.").format(code=finding.code)
            )
            return redirect("improve:findings", city=city)
        except (changes.ImproveError, TextError) as error:
            form.add_error(None, str(error))
    context = {"form": form, "finding": None}
    return render(request, "improve/finding.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, city: str, finding: UUID) -> HttpResponse:
    """Give a finding other words, another place, other hospitals."""
    asked = asked_of(request)
    found = _finding(asked, finding)
    form = _edit_form(request, asked, found)
    back = reverse("improve:findings", kwargs={"city": city})
    if request.method == "POST" and form.is_valid() and not is_unanswered(request.POST):
        seen = form.cleaned_data["version"] or 0  # a page that does not say what it showed is old
        try:
            said = form.said() | _kept_unseen(form, found)
            changes.change_finding(finding=found, by=asked.person, now=asked.now, seen=seen, **said)
        except Outdated:
            pass
        except (changes.ImproveError, TextError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Changes kept."))
            return redirect(back)
    if form.is_bound and form.is_valid():
        found = _finding(asked, finding)
        current = _edit_form(request, asked, found, is_fresh=True)
        return clash_page(request, form, current, of=found, kind="improve.finding-changed", cancel=back)
    context = {"form": form, "finding": found}
    return render(request, "improve/finding.html", context, status=422 if form.errors else 200)


def _kept_unseen(form: FindingForm, found: Finding) -> dict[str, Any]:
    """Hospitals that the person does not see and questions of an older standard are not in the form: they stay."""
    fields: Any = form.fields
    codes = {code for code, _title in fields["indicators"].choices}
    hidden = found.subjects.exclude(pk__in=fields["subjects"].queryset.values("pk"))
    return {
        "subjects": [*form.cleaned_data["subjects"], *hidden],
        "indicators": [*form.cleaned_data["indicators"], *(code for code in found.indicators if code not in codes)],
    }


def _edit_form(request: HttpRequest, asked: Asked, found: Finding, *, is_fresh: bool = False) -> FindingForm:
    """The form of a finding, with what the person sent unless `is_fresh`; values chosen from a clash are put in."""
    source = versions_of(found.text)[-1]
    initial = {
        "version": found.version, "body": source.body, "language": source.language, "found_on": found.found_on,
        "order": found.order, "subjects": found.subjects.all(), "indicators": found.indicators,
    }  # fmt: skip
    fresh = _form(None, asked, initial)
    return fresh if is_fresh or request.method != "POST" else _form(with_choices(request.POST, fresh), asked, initial)


@require_POST
def end(request: HttpRequest, city: str, finding: UUID) -> HttpResponse:
    """Take a finding back."""
    asked = asked_of(request)
    found = _finding(asked, finding)
    try:
        changes.end_finding(finding=found, by=asked.person, now=asked.now)
        messages.success(request, _("{code} is taken back; reports made before keep it.").format(code=found.code))
    except changes.ImproveError as error:
        messages.error(request, str(error))
    return redirect("improve:findings", city=city)


def _finding(asked: Asked, key: UUID) -> Finding:
    found = access.finding_or_404(asked.person, key)
    if not access.may_change_finding(asked.person, found):
        raise Http404
    return found


def _form(data: Any, asked: Asked, initial: dict[str, Any]) -> FindingForm:
    return FindingForm(
        data,
        initial=initial,
        days=days_of(asked.city),
        subjects=access.hospitals_seen_by(asked.person),
        indicators=pages.indicator_choices(deciding.questions_of(asked.city, asked.now)),
        must_name=not access.sees_whole_city(asked.person),
    )
