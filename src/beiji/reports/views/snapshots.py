"""Reports in the browser: the list, making one, reading one, taking it as a file."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods

from beiji.programme import exports, parts
from beiji.programme.access import days_of
from beiji.programme.posting import form_page, sent, submitted
from beiji.programme.requests import CityRequest
from beiji.ui.languages import LANGUAGES, language_of

from .. import access, changes, composing, freezing, rendering, wording
from ..forms import SnapshotForm


@require_http_methods(["GET", "POST"])
def index(request: CityRequest, city: str) -> HttpResponse:
    """Reports the person may read, newest first, and the form that makes one."""
    hospitals, with_page = access.hospitals_to_report(request.person), access.may_make_page(request.person)
    form = SnapshotForm(sent(request), hospitals=hospitals, with_page=with_page, days=days_of(request.city))
    may_make = bool(hospitals or with_page)
    if request.method == "POST" and not may_make:
        raise Http404("not his to make")

    def change() -> HttpResponse:
        snapshot = changes.make_snapshot(city=request.city, by=request.person.pk, now=request.now, **form.said())
        return redirect("reports:snapshot", city=city, number=snapshot.number)

    answer = submitted(request, form, change)
    if answer is not None:
        return answer
    awaiting = {}
    if with_page:
        awaiting = parts.kept(request, "reports-awaiting", lambda: composing.awaiting(request.today, request.now))
    context = {
        "snapshots": access.newest_snapshots(request.person),
        "form": form if may_make else None,
        "languages": LANGUAGES,
        "warning": wording.draft_warning(awaiting),
    }
    return form_page(request, "reports/list.html", context, form)


@require_GET
def snapshot(request: CityRequest, city: str, number: str) -> HttpResponse:
    """One report in the reader's language, word for word as it prints."""
    row = access.snapshot_or_404(request.person, number)
    freezing.content_of(row)  # held against its digest each time; only then what was drawn of these words may be shown

    def draw() -> SafeString:
        document = rendering.document_for(row, language_of().pack)
        return parts.drawn("reports/article.html", {"snapshot": row, "document": document})

    article = parts.kept(request, "reports/article.html", draw, row.digest)
    return render(request, "reports/snapshot.html", {"snapshot": row, "article": article, "languages": LANGUAGES})


@require_GET
def file(request: CityRequest, city: str, number: str, language: str, kind: str) -> HttpResponse:
    """The report as PDF or Word file; taking it is an audit line."""
    row = access.snapshot_or_404(request.person, number)
    if kind not in rendering.FORMATS or language not in {entry.pack for entry in LANGUAGES}:
        raise Http404("no such file")
    taken = exports.leave(request, f"report:{row.number}")
    if isinstance(taken, HttpResponse):
        return taken
    content = changes.take_file(
        snapshot=row, language=language, kind=kind, by=request.person.pk, now=request.now, number=taken.number,
        stamp=exports.stamp_of(request, taken),
    )  # fmt: skip
    response = HttpResponse(content, content_type=rendering.FORMATS[kind][0])
    response["Content-Disposition"] = f'attachment; filename="{rendering.file_name(row, language, kind)}"'
    return response
