"""The queue of a device: operations that were made without the server, sent in parcels."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import JsonResponse
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beiji.programme.requests import CityRequest
from beiji.records import operations as records
from beiji.records.refused import ChangeRefused

from .. import access, changes
from .by_form import is_same_person

logger = logging.getLogger(__name__)
Take = Callable[..., list[tuple[UUID, bool]]]


@require_POST
def operations(request: CityRequest, city: str, visit: UUID) -> JsonResponse:
    """Take a device's queue. Each operation is answered for itself: kept, or refused with a sentence."""
    row = access.visit_to_rate_or_404(request.person, visit)
    try:
        parcel = records.parcel_of(_body_of(request))
    except records.OperationError as refused:
        return JsonResponse({"error": str(refused)}, status=400)
    if not is_same_person(request, parcel.person):
        return JsonResponse({"error": _("Somebody else has signed in here meanwhile; sign in again.")}, status=409)
    take = partial(
        changes.take_operations,
        visit=row,
        person=request.person,
        may_settle=access.may_settle(request.person, row),
    )
    return JsonResponse({"results": _answers(take, parcel.operations, request.now)})


def _answers(take: Take, parcel: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    """What becomes of each operation of a parcel: taken together, or, where one is refused, each for itself.

    One parcel arrives at one instant: nobody has read an answer to its first half.
    """
    try:
        results = take(entries=[(data, now) for data in parcel])
    except Exception:
        return [_answered(take, data, now) for data in parcel]
    return [
        {"id": str(data["id"]), "kept": True, "is_new": is_new}
        for data, (_key, is_new) in zip(parcel, results, strict=True)
    ]


def _answered(take: Take, data: Any, now: datetime) -> dict[str, Any]:
    """What becomes of one operation. Nothing that it holds may fail its neighbours: even a fault of ours is its own."""
    answer: dict[str, Any] = {"id": records.named_id(data)}
    try:
        [(_key, is_new)] = take(entries=[(data, now)])
    except ChangeRefused as refused:
        may_follow = {"again": True} if isinstance(refused, changes.NotYetKnown) else {}
        return answer | {"kept": False, "error": str(refused)} | may_follow
    except Exception:
        logger.exception("an operation could not be taken")
        return answer | {"kept": False, "again": True, "error": _("The server could not take this entry.")}
    return answer | {"kept": True, "is_new": is_new}


def _body_of(request: CityRequest) -> bytes:
    """What was sent; nothing where it was a form, which has been read already."""
    try:
        return request.body
    except RawPostDataException:
        return b""
