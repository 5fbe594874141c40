"""Pages of this room, for the registry in `records.pages`. Examples belong to the hospital ginkgo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beiji.records.pages import Page


def _a_visit() -> Mapping[str, Any]:
    from .models import Visit

    visits = Visit.objects.filter(subject__code="ginkgo").order_by("-first_day")
    visit = visits.exclude(phase=Visit.Phase.LOCKED).first() or visits.first()
    return {"city": visit.city_id, "visit": visit.pk} if visit else {}


def _a_locked_visit() -> Mapping[str, Any]:
    from .models import Visit

    visit = Visit.objects.filter(subject__code="ginkgo", phase=Visit.Phase.LOCKED).order_by("-first_day").first()
    return {"city": visit.city_id, "visit": visit.pk} if visit else {}


def _a_dispute() -> Mapping[str, Any]:
    from .models import Reply

    disputes = Reply.objects.filter(visit__subject__code="ginkgo", stance=Reply.Stance.DISPUTE)
    reply = disputes.order_by("-at").first()
    return {"city": reply.city_id, "visit": reply.visit_id, "reply": reply.pk} if reply else {}


def _an_item() -> Mapping[str, Any]:
    visit = _a_visit()
    return {**visit, "indicator": "TRI-2"} if visit else {}


def _a_file() -> Mapping[str, Any]:
    from .models import Visit

    given = _a_visit()
    if not given:
        return {}
    from . import access

    attached = access.answers_of(Visit.objects.get(pk=given["visit"])).attachments
    keys = [key for keys in attached.values() for key in keys]
    return {**given, "attachment": keys[0]} if keys else {}


PAGES = (
    Page("assess:visits", example=lambda: {"city": "yangzhou"}, queries=16),
    Page("assess:plan", example=lambda: {"city": "yangzhou"}, queries=24, methods=("GET", "POST")),
    Page("assess:visit", example=_a_visit, queries=32),
    Page("assess:phase", example=_a_visit, look=False, methods=("POST",)),
    Page("assess:lock", example=_a_visit, look=False, methods=("POST",)),
    Page("assess:reopening", example=_a_locked_visit, look=False, methods=("POST",)),
    Page("assess:differences", example=_a_visit, queries=32),
    Page("assess:settlement", example=_an_item, look=False, methods=("POST",)),
    Page("assess:reply", example=_a_locked_visit, queries=36, methods=("GET", "POST")),
    Page("assess:team-answer", example=_a_dispute, look=False, methods=("POST",)),
    Page("assess:signature", example=_a_dispute, look=False, methods=("POST",)),
    Page("assess:rate", example=_an_item, queries=40),
    Page("assess:answers", example=_an_item, look=False, methods=("POST",)),
    Page("assess:measurements", example=_an_item, look=False, methods=("POST",)),
    Page("assess:notes", example=_an_item, look=False, methods=("POST",)),
    Page("assess:withdrawals", example=_an_item, look=False, methods=("POST",)),
    Page("assess:operations", example=_a_visit, look=False, methods=("POST",)),
    Page("assess:attachments", example=_a_visit, look=False, methods=("POST",)),
    Page("assess:attachment", example=_a_file, queries=14, look=False),
)
