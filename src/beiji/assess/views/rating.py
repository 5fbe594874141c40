"""Rating: the page of one question, the operations that devices send, and the same by plain forms."""

from __future__ import annotations

from uuid import UUID

import uuid6
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from beiji.programme.requests import CityRequest
from beiji.ui.languages import LANGUAGES, Language, language_of

from .. import access
from ..forms import AnswerForm, MeasureForm, NoteForm, UndoForm
from ..pages.question import rating_page
from .by_form import keep_and_return

SECOND_COOKIE = "beiji_second"
#: In the address of a question that is taken along.
ALONG = "along"
#: What `rating.js` is made of: fetched beside it, and kept with the page where it is taken along.
OFFLINE_PARTS = (
    "assess/queue.js",
    "assess/files.js",
    "assess/photo.js",
    "ui/js/offline/store.js",
    "ui/js/offline/taking.js",
)
YEAR_SECONDS = 365 * 86400


@require_GET
def rate(request: CityRequest, city: str, visit: UUID, indicator: str) -> HttpResponse:
    """One question: for raters to answer, for others of the visit to read once they may. A device that takes the visit along
    asks for it with one's own word alone: what lies on a tablet in a ward tells nobody else's."""
    row = access.visit_to_read_or_404(request.person, visit)
    alone = ALONG in request.GET
    page = rating_page(request.person, row, indicator, request.GET.get("part", ""), request.now, alone=alone)
    second, chosen = _second_language(request)
    context = {
        "visit": row,
        "page": page,
        "second": second,
        "languages": LANGUAGES,
        "second_choices": _second_choices(request, second),
        "note_form": NoteForm(),
        "operation_id": uuid6.uuid7(),
        "other_id": uuid6.uuid7(),
        "offline_parts": OFFLINE_PARTS,
        "density": "touch" if request.COOKIES.get("beiji_density") != "desk" else "desk",
    }
    response = render(request, "assess/rate.html", context)
    if chosen:
        response.set_cookie(SECOND_COOKIE, second.code if second else "none", max_age=YEAR_SECONDS, samesite="Lax")
    return response


def _second_language(request: CityRequest) -> tuple[Language | None, bool]:
    """The language beside the reader's, and whether it was chosen just now; never the reader's own."""
    wanted = request.GET.get("second")
    chosen = wanted is not None
    if wanted is None:
        wanted = request.COOKIES.get(SECOND_COOKIE)
    second = next((language for language in LANGUAGES if language.code == wanted), None)
    return (None if second == language_of() else second), chosen


def _second_choices(request: CityRequest, second: Language | None) -> list[tuple[str, str, bool]]:
    """Links that put another language beside the reader's, as (address, word, current)."""
    query = request.GET.copy()
    choices = []
    for language in (None, *(language for language in LANGUAGES if language != language_of())):
        query["second"] = language.code if language else "none"
        choices.append((f"?{query.urlencode()}", language.name if language else _("one language"), language == second))
    return choices


@require_POST
def answers(request: CityRequest, city: str, visit: UUID, indicator: str) -> HttpResponse:
    """An answer without script; "save and go on" leads to the next question."""
    row = access.visit_to_rate_or_404(request.person, visit)
    onward = request.POST.get("then", "")
    if not onward.startswith(f"/{city}/assessments/"):
        onward = ""
    return keep_and_return(request, row, indicator, "rate", AnswerForm(request.POST), onward=onward)


@require_POST
def measurements(request: CityRequest, city: str, visit: UUID, indicator: str) -> HttpResponse:
    """A measurement without script."""
    row = access.visit_to_rate_or_404(request.person, visit)
    return keep_and_return(request, row, indicator, "measure", MeasureForm(request.POST))


@require_POST
def notes(request: CityRequest, city: str, visit: UUID, indicator: str) -> HttpResponse:
    """A note without script."""
    row = access.visit_to_rate_or_404(request.person, visit)
    return keep_and_return(request, row, indicator, "note", NoteForm(request.POST))


@require_POST
def withdrawals(request: CityRequest, city: str, visit: UUID, indicator: str) -> HttpResponse:
    """Take back one's own answer, measurement, note or attachment, without script."""
    row = access.visit_to_rate_or_404(request.person, visit)
    return keep_and_return(request, row, indicator, "undo", UndoForm(request.POST))
