"""Examples in the demo city for the addresses of this room."""

from __future__ import annotations

from typing import Any

from beiji.improve import access
from beiji.improve.models import Action, Decision, Finding, Ruling
from beiji.programme.models import Subject


def _key_of(rows: Any) -> Any:
    return rows.values_list("pk", flat=True).first()


def _scanned() -> Any:
    """Decisions of the page for leaders that were recorded with the signed paper."""
    return Ruling.objects.filter(scan__isnull=False, decision__order__gt=0).order_by("-id")


ARGUMENTS = {
    "action": lambda: _key_of(Action.objects.filter(subject__code="ginkgo")),
    # the visiting team's own: the table of rights speaks of its author and of the manager
    "finding": lambda: _key_of(Finding.objects.filter(ended_at__isnull=True, indicators=["TRI-6"])),
    "decision": lambda: _key_of(Decision.objects.filter(order__gt=0)),
    "ruling": lambda: _key_of(_scanned()),
}
PAGES = {"improve:scan": {"decision": lambda: _scanned().values_list("decision", flat=True).first()}}
FILTERS = ((Subject, "improve:"), (Action, "improve:action"))
DOORS = (
    (access, "may_read", "improve:register"),
    (access, "may_read_decisions", "improve:decision"),
    (access, "is_leader", "improve:decision"),
)
