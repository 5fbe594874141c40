"""A Word file is brought into a draft, its report read, its blocks taken out again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.programme.posting import done, form_page, pressed, sent, submitted
from beiji.programme.requests import CityRequest

from .. import access, asked, changes, reading
from ..forms import WordForm
from ..pages import document as pages
from ..pages.word import report
from ..rules import Act
from .frame import frame


@require_http_methods(["GET", "POST"])
def word(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """Choose a file; what became of it is shown at once, and can be taken back."""
    row, draft = asked.draft_or_404(request.person, document)
    form = WordForm(sent(request), request.FILES or None)

    def change() -> HttpResponse:
        file = form.cleaned_data["file"]
        content = file.read()
        brought = changes.bring_word(
            draft=draft, name=file.name, content=content, brought=changes.read_word(content),
            instead=form.cleaned_data["where"] == "instead", by=request.person, now=request.now,
        )  # fmt: skip
        sentence = _("The file stands in the draft. Read what became of it.")
        return done(request, sentence, "documents:word-report", document=row.pk, word=brought.pk)

    context = {**frame(request, row), "form": form, "back": pages.address(row, "draft")}
    return submitted(request, form, change) or form_page(request, "documents/word.html", context, form)


@require_GET
def word_report(request: CityRequest, city: str, document: UUID, word: UUID) -> HttpResponse:
    """What became of a file."""
    row = access.document_or_404(request.person, document, Act.READ_DRAFT)
    page = report(access.word_or_404(row, word), reading.draft_of(row))
    may_edit = access.may(request.person, row, Act.EDIT)
    context = {**frame(request, row), "page": page, "word": word, "may_edit": may_edit}
    return render(request, "documents/word_report.html", context | {"back": pages.address(row, "draft")})


@require_POST
def word_removal(request: CityRequest, city: str, document: UUID, word: UUID) -> HttpResponse:
    """Take its blocks out of the draft again."""
    row, draft = asked.draft_or_404(request.person, document)
    brought = access.word_or_404(row, word)

    def change() -> str:
        changes.take_word_back(draft=draft, word=brought, by=request.person, now=request.now)
        return _("The draft says again what it said before the file, and what was written beside it since.")

    return pressed(request, change, pages.address(row, "draft"))
