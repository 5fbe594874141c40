"""Examples in the demo city for the addresses of this package; they belong to the hospital ginkgo."""

from __future__ import annotations

from typing import Any

from beiji.folders import access
from beiji.folders.models import Clause, ClauseList, LibraryFile, TableDraft


def _file() -> Any:
    """The newest file that guests may see too: that one lies in the folder of the test."""
    rows = LibraryFile.objects.filter(subject__code="ginkgo", personal=False)
    return rows.order_by("-added_at", "-id").values_list("pk", flat=True).first()


def _key_of(rows: Any) -> Any:
    return rows.values_list("pk", flat=True).first()


ARGUMENTS = {
    "subject": lambda: "ginkgo",
    "file": _file,
    "clauses": lambda: _key_of(ClauseList.objects.filter(subject__code="ginkgo", rows__isnull=False)),
    "clause": lambda: _key_of(Clause.objects.filter(clauses__subject__code="ginkgo")),
    "draft": lambda: _key_of(TableDraft.objects.all()),
}
#: A bundle needs its files on disk: that of the list with no clause yet has none.
PAGES = {
    "folders:list-bundle": {"clauses": lambda: _key_of(ClauseList.objects.filter(rows__isnull=True))},
}
FILTERS = ((LibraryFile, "folders:file"), (ClauseList, "folders:list"))
DOORS = (
    (access, "reads_libraries", "folders:libraries"),
    (access, "may_keep", "folders:file-edit"),
    (access, "keeps_lists", "folders:lists"),
)
