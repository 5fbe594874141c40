"""Reports in the browser: the list, making one, reading one, taking it as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from beiji.programme.access import days_of, today_in
from beiji.records import audit
from beiji.ui.languages import LANGUAGES, language_of

from .. import access, changes, composing, rendering, wording
from ..forms import SnapshotForm


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest, city: str) -> HttpResponse:
    """Reports the person may read, newest first, and the form that makes one."""
    person: Any = request.person  # type: ignore[attr-defined]
    hospitals, with_page = access.hospitals_to_report(person), access.may_make_page(person)
    form = (
        SnapshotForm(
            request.POST if request.method == "POST" else None,
            hospitals=hospitals,
            with_page=with_page,
            days=days_of(request.city),  # type: ignore[attr-defined]
        )
        if hospitals or with_page
        else None
    )
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            return _make(request, form, {h.code: h for h in hospitals})
    now = timezone.now()
    awaiting = composing.awaiting(today_in(request.city, now), now) if with_page else {}  # type: ignore[attr-defined]
    context = {
        "snapshots": access.snapshots_of(person)[:200],
        "form": form,
        "languages": LANGUAGES,
        "warning": wording.draft_warning(awaiting),
    }
    return render(request, "reports/list.html", context, status=422 if form and form.errors else 200)


def _make(request: HttpRequest, form: SnapshotForm, hospitals: dict[str, Any]) -> HttpResponse:
    person: Any = request.person  # type: ignore[attr-defined]
    try:
        snapshot = changes.make_snapshot(
            city=request.city,  # type: ignore[attr-defined]
            audience=form.cleaned_data["audience"],
            subject=hospitals.get(form.cleaned_data["hospital"]) if form.cleaned_data["audience"] == "ward" else None,
            as_of=form.cleaned_data["as_of"],
            by=person.pk,
            now=timezone.now(),
        )
    except changes.ReportError as error:
        messages.error(request, str(error))
        return redirect("reports:list", city=request.city.pk)  # type: ignore[attr-defined]
    return redirect("reports:snapshot", city=snapshot.city_id, number=snapshot.number)


@require_GET
def snapshot(request: HttpRequest, city: str, number: str) -> HttpResponse:
    """One report in the reader's language, word for word as it prints."""
    found = access.snapshot_or_404(request.person, number)  # type: ignore[attr-defined]
    document = rendering.document_for(found, language_of().pack)
    return render(request, "reports/snapshot.html", {"snapshot": found, "document": document, "languages": LANGUAGES})


@require_GET
def file(request: HttpRequest, city: str, number: str, language: str, kind: str) -> HttpResponse:
    """The report as PDF or Word file; taking it is an audit line."""
    found = access.snapshot_or_404(request.person, number)  # type: ignore[attr-defined]
    if kind not in rendering.FORMATS or language not in {entry.pack for entry in LANGUAGES}:
        raise Http404
    content = rendering.render(found, language, kind)
    now: datetime = timezone.now()
    audit.write(
        "reports.file-taken", city=city, by=request.person.pk, of=found, now=now, kind_of_file=kind, language=language
    )  # type: ignore[attr-defined]
    response = HttpResponse(content, content_type=rendering.FORMATS[kind][0])
    response["Content-Disposition"] = f'attachment; filename="{rendering.file_name(found, language, kind)}"'
    return response
