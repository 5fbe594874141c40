"""Rating: the page of one question, the operations that devices send, and the same by plain forms."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import uuid6
from django.http import HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from beiji.programme.requests import CityRequest
from beiji.records.refused import ChangeRefused
from beiji.ui.languages import LANGUAGES, Language, language_of

from .. import access, changes
from ..forms import AnswerForm, MeasureForm, NoteForm, UndoForm
from ..pages.question import rating_page
from .by_form import is_same_person, keep_and_return

logger = logging.getLogger(__name__)
SECOND_COOKIE = "beiji_second"
YEAR_SECONDS = 365 * 86400
#: A device sends its queue in parcels; a larger one is refused whole.
LARGEST_PARCEL = 200


@require_GET
def rate(request: CityRequest, city: str, visit: UUID, indicator: str) -> HttpResponse:
    """One question: for raters to answer, for others of the visit to read once they may."""
    row = access.visit_to_read_or_404(request.person, visit)
    page = rating_page(request.person, row, indicator, request.GET.get("part", ""), request.now)
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
def operations(request: CityRequest, city: str, visit: UUID) -> JsonResponse:
    """Take a device's queue. Each operation is answered for itself: kept, or refused with a sentence."""
    row = access.visit_to_rate_or_404(request.person, visit)
    data = _data_of(request)
    parcel = data.get("operations")
    if not isinstance(parcel, list) or len(parcel) > LARGEST_PARCEL:
        return JsonResponse({"error": _("The operations could not be read; load the page again.")}, status=400)
    if not is_same_person(request, data.get("person")):
        return JsonResponse({"error": _("Somebody else has signed in here meanwhile; sign in again.")}, status=409)
    take = partial(
        changes.take_operations,
        visit=row,
        person=request.person,
        may_settle=access.may_settle(request.person, row),
    )
    return JsonResponse({"results": _answers(take, parcel, request.now)})


def _answers(take: Callable[..., list[tuple[UUID, bool]]], parcel: list[Any], now: datetime) -> list[dict[str, Any]]:
    """What becomes of each operation of a parcel: taken together, or, where one is refused, each for itself.

    One parcel arrives at one instant: nobody has read an answer to its first half.
    """
    try:
        taken = take(entries=[(data, now) for data in parcel])
    except Exception:
        return [_answered(take, data, now) for data in parcel]
    return [
        {"id": str(data["id"]), "kept": True, "is_new": is_new}
        for data, (_k, is_new) in zip(parcel, taken, strict=True)
    ]


def _answered(take: Callable[..., list[tuple[UUID, bool]]], data: Any, now: datetime) -> dict[str, Any]:
    """What becomes of one operation. Nothing that it holds may fail its neighbours: even a fault of ours is its own."""
    given = data.get("id") if isinstance(data, dict) else None
    answer: dict[str, Any] = {"id": given if isinstance(given, str) and len(given) <= 40 else None}
    try:
        [(_key, is_new)] = take(entries=[(data, now)])
    except ChangeRefused as refused:
        return answer | {"kept": False, "error": str(refused)}
    except Exception:
        logger.exception("an operation could not be taken")
        return answer | {"kept": False, "again": True, "error": _("The server could not take this entry.")}
    return answer | {"kept": True, "is_new": is_new}


def _data_of(request: CityRequest) -> dict[str, Any]:
    """What a device sent; empty when it cannot be read. The device then sends its entries one by one."""
    try:
        data = json.loads(
            request.body, parse_constant=lambda word: None
        )  # NaN is no number: the operation is refused by name
    except (ValueError, RecursionError, RawPostDataException):  # the last one: a form was sent here
        return {}
    return data if isinstance(data, dict) else {}


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
