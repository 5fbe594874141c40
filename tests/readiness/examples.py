"""Examples in the demo city for the addresses of this room; they belong to the hospital ginkgo."""

from __future__ import annotations

from beiji.programme.models import Subject
from beiji.readiness import access
from beiji.readiness.backing import Sheet
from beiji.readiness.models import Evidence


def _row() -> int | None:
    """The newest row of the hospital, its own if there is one."""
    rows = Evidence.objects.filter(whole__code="ginkgo", withdrawal=False).order_by("-evaluator", "id")
    return rows.values_list("pk", flat=True).last()


def _sheet() -> Sheet | None:
    return Sheet.objects.filter(evidence__whole__code="ginkgo").first()


ARGUMENTS = {
    "subject": lambda: "ginkgo",
    "capability": lambda: "ed-clear-time",
    "row": _row,
    "indicator": lambda: "TRI-6",
}
PAGES = {
    "readiness:sheet": {
        "row": lambda: getattr(_sheet(), "evidence_id", None),
        "sheet": lambda: getattr(_sheet(), "attachment_id", None),
    },
}
FILTERS = ((Subject, "readiness:"), (Evidence, "readiness:row"))
DOORS = ((access, "reads_the_ledger", "readiness:"),)
