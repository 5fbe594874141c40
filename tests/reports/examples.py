"""Examples in the demo city for the addresses of this room."""

from __future__ import annotations

from typing import Any

from beiji.programme.models import Subject
from beiji.reports.models import Snapshot


def _list_of_a_hospital() -> Any:
    lists = Snapshot.objects.filter(audience="ward", subject__code="ginkgo")
    return lists.values_list("number", flat=True).first()


ARGUMENTS = {"number": _list_of_a_hospital, "language": lambda: "zh-Hans", "kind": lambda: "pdf"}
FILTERS = ((Subject, "reports:"), (Snapshot, "reports:"))
