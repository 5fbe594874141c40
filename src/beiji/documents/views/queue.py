"""The translation queue: what waits, one text beside its translation, and the approval."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.programme import exports, parts
from beiji.programme.posting import done, form_page, pressed, sent, submitted
from beiji.programme.requests import CityRequest

from .. import access, changes
from ..forms import TranslationForm
from ..pages import queue as pages


@require_GET
def queue(request: CityRequest, city: str) -> HttpResponse:
    """Every sentence that lacks an approved translation, once, oldest first."""
    access.queue_or_404(request.person)
    if exports.is_wanted(request):
        return exports.list_as_file(
            request, "translations", _("Translations"), pages.columns(), _queue(request)["list"]
        )
    return parts.page(request, "documents/queue.html", lambda: _queue(request), access.wordings_written())


def _queue(request: CityRequest) -> dict[str, Any]:
    waiting = pages.lines(access.queue_for(request.person))
    return {"list": exports.listed(request, waiting, pages.columns(), pages.facets(waiting))}


@require_http_methods(["GET", "POST"])
def translate(request: CityRequest, city: str, text: UUID, language: str) -> HttpResponse:
    """One text with a field for its translation; an existing proposal can be approved by somebody else."""
    row = access.text_or_404(request.person, text, language)
    source, proposal = access.versions_of(row)[-1], access.proposal_of(row, language)
    form = TranslationForm(sent(request), source=source.hash, proposal=proposal)

    def change() -> HttpResponse:
        changes.propose_translation(text=row, language=language, by=request.person, now=request.now, **form.said())
        return done(request, _("Translation kept; somebody else has to approve it."), "documents:queue")

    answer = submitted(request, form, change, at="body")
    if answer is not None:
        return answer
    page = pages.text_page(row, language, form.answered(), may_follow=access.may_follow(request.person))
    form.shows_newest()
    return form_page(request, "documents/translate.html", {**page, "form": form}, form)


@require_POST
def approve(request: CityRequest, city: str, translation: int) -> HttpResponse:
    """Stand for a translation that somebody else wrote."""
    row = access.translation_or_404(request.person, translation)

    def change() -> str:
        places = changes.approve_translation(translation=row, by=request.person, now=request.now)
        return ngettext(
            "Translation approved; reports print it from now on.",
            "Translation approved; reports print it from now on, at {places} places.",
            places,
        ).format(places=places)

    return pressed(request, change, "documents:queue")
