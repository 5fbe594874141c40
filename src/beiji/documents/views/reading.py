"""A document is read: the version in force, any version, the history, what differs between two."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from beiji.programme import exports
from beiji.programme.posting import handed
from beiji.programme.requests import CityRequest
from beiji.records.serving import file_response
from beiji.ui.languages import LANGUAGES

from .. import access, asked, printing, reading
from ..forms import ReasonForm
from ..models import Document
from ..pages import document as pages
from ..rules import Act
from .frame import frame


@require_GET
def document(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """The version in force; where there is none, the version under way or the draft, for whoever reads drafts."""
    row = access.document_or_404(request.person, document, Act.READ)
    lines = reading.versions_of_document(row)
    in_force = reading.version_in_force(lines)
    if in_force is not None:
        return _version(request, row, in_force, lines)
    may_see_drafts = access.may(request.person, row, Act.READ_DRAFT)
    under_way = reading.version_under_way(lines)
    if may_see_drafts and under_way is not None:
        return redirect("documents:version", city=city, document=row.pk, number=under_way.row.number)
    if may_see_drafts and reading.draft_of(row) is not None:
        return redirect("documents:draft", city=city, document=row.pk)
    return redirect("documents:history", city=city, document=row.pk)


@require_GET
def version(request: CityRequest, city: str, document: UUID, number: int) -> HttpResponse:
    """One version."""
    row = access.document_or_404(request.person, document, Act.READ)
    wanted = access.version_or_404(request.person, row, number)
    lines = reading.versions_of_document(row)
    line = next(line for line in lines if line.row.pk == wanted.pk)
    return _version(request, row, line, lines)


def _version(
    request: CityRequest, row: Document, line: reading.VersionLine, lines: list[reading.VersionLine]
) -> HttpResponse:
    written = reading.blocks_of_version(line.row)
    may_remark = access.may(request.person, row, Act.COMMENT)
    remarks = pages.remarks(row, written) if may_remark else {}
    page = pages.reading(pages.version_words(line.row.number), line.state, written, remarks)
    context = {
        **frame(request, row),
        "page": page,
        "version": line.row,
        "sub": pages.state_sentence(line, request.now),
        "acts": pages.acts(request.person, row, line, lines, reading.draft_of(row)),
        "files": pages.files(row, line.row.number) if exports.may_take_lists(request.person) else [],
        "may_remark": may_remark,
        "remark": request.GET.get("remark", ""),
        "reason": ReasonForm(),
        "here": request.path,
    }
    return render(request, "documents/version.html", context)


@require_GET
def file(request: CityRequest, city: str, document: UUID, number: int, language: str, kind: str) -> HttpResponseBase:
    """A version as PDF or Word file in one language; taking it is an audit line with its number."""
    row = access.document_or_404(request.person, document, Act.READ)
    version = access.version_or_404(request.person, row, number)
    if kind not in printing.FORMATS or language not in {one.pack for one in LANGUAGES}:
        raise Http404("no such file")
    taken = exports.leave(request, f"document:{version.pk}")
    if isinstance(taken, HttpResponse):
        return taken

    def change() -> HttpResponseBase:
        words = pages.on_paper(row, version, language)
        content = printing.render(
            **words, stamp=exports.stamp_of(request, taken), illustrative=request.city.illustrative,
            written=reading.blocks_of_version(version), language=language, kind=kind,
        )  # fmt: skip
        exports.note_taken(
            city=request.city, by=request.person.pk, now=request.now, name="document", kind=kind, rows=1,
            filters=f"{version.pk} {language}", number=taken.number,
        )  # fmt: skip
        response = HttpResponse(content, content_type=printing.FORMATS[kind][0])
        name = f"{words['title']} {number} {language}.{kind}"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return response

    return handed(request, change, "documents:version", document=row.pk, number=number)


@require_GET
def history(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """All versions, and who did what with each."""
    row = access.document_or_404(request.person, document, Act.READ)
    lines = asked.lines_shown(request.person, row, reading.versions_of_document(row))
    draft = reading.draft_of(row) if access.may(request.person, row, Act.READ_DRAFT) else None
    context = {
        **frame(request, row),
        "versions": pages.history(row, lines),
        "draft": draft,
        "may_edit": access.may(request.person, row, Act.EDIT)
        and draft is None
        and not reading.version_under_way(lines),
    }
    return render(request, "documents/history.html", context)


@require_GET
def comparison(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """What differs between two versions, or a version and the draft."""
    row = access.document_or_404(request.person, document, Act.READ)
    lines = asked.lines_shown(request.person, row, reading.versions_of_document(row))
    sides = asked.sides(request.person, row, lines, request.GET.get("from", ""), request.GET.get("to", ""))
    old, new = (asked.side_or_404(request.person, row, key) for key in sides)
    context = {
        **frame(request, row),
        "title": _("{old} and {new}").format(old=old.name, new=new.name),
        "page": pages.comparison(old.written, new.written),
        "sides": pages.sides(row, lines, old.key, new.key, with_draft=asked.sees_draft(request.person, row)),
        "new_href": new.href,
    }
    return render(request, "documents/comparison.html", context)


@require_GET
def image(request: CityRequest, city: str, document: UUID, revision: UUID) -> HttpResponse:
    """The picture of a block, for whoever reads the document."""
    row = access.document_or_404(request.person, document, Act.READ)
    return file_response(asked.picture_or_404(request.person, row, revision))
