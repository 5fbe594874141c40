"""Pages of this room, for the registry in `records.pages`."""

from typing import Any

from beiji.records.pages import Page
from beiji.records.pages import register as register_pages

CITY = {"city": "yangzhou"}
HOSPITAL = {**CITY, "subject": "ginkgo"}
CAPABILITY = {"capability": "ed-clear-time"}


def _newest_row() -> int:
    """Some row of the example hospital, the hospital's own if there is one."""
    from .models import Evidence

    found = Evidence.objects.filter(whole__code="ginkgo", withdrawal=False).order_by("-evaluator", "id")
    return found.values_list("pk", flat=True).last() or 0


def _sheet() -> dict[str, Any]:
    """A file behind some row of the example hospital; none before somebody attached one."""
    from .backing import Sheet

    found = Sheet.objects.filter(evidence__whole__code="ginkgo").first()
    return {**CITY, "row": found.evidence_id, "sheet": found.attachment_id} if found else {**CITY}


def register() -> None:
    register_pages(
        Page("readiness:map", example=lambda: CITY, queries=36),
        Page("readiness:change", example=lambda: CITY, queries=40),
        Page("readiness:shared-gaps", example=lambda: CITY, queries=20),
        Page("readiness:capability", example=lambda: CITY | CAPABILITY, queries=36),
        Page("readiness:hospital", example=lambda: HOSPITAL, queries=30),
        Page("readiness:gaps", example=lambda: HOSPITAL, queries=30),
        Page("readiness:record", example=lambda: HOSPITAL | CAPABILITY, queries=25, methods=("GET", "POST")),
        Page("readiness:row", example=lambda: CITY | {"row": _newest_row()}, queries=30),
        Page("readiness:confirmation", example=lambda: CITY | {"row": _newest_row()}, look=False, methods=("POST",)),
        Page("readiness:withdrawal", example=lambda: CITY | {"row": _newest_row()}, look=False, methods=("POST",)),
        Page("readiness:striking", example=lambda: CITY | {"row": _newest_row()}, look=False, methods=("POST",)),
        Page("readiness:striking-back", example=lambda: CITY | {"row": _newest_row()}, look=False, methods=("POST",)),
        Page("readiness:sheet", example=_sheet, queries=12, look=False),
        Page("readiness:why", example=lambda: HOSPITAL | CAPABILITY, queries=36),
    )
