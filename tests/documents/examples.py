"""Examples in the demo city for the addresses of this room; the document is the one that has a version in force and a draft."""

from __future__ import annotations

from typing import Any

from beiji.documents import access
from beiji.documents.models import Comment, Document, DraftBlock, Revision, Translation, UserText, WordFile


def _key_of(rows: Any) -> Any:
    return rows.values_list("pk", flat=True).first()


def _block() -> Any:
    """A text in the draft."""
    rows = DraftBlock.objects.filter(draft__document__subject__code="ginkgo", revision__kind="text")
    return rows.values_list("block", flat=True).first()


ARGUMENTS = {
    "text": lambda: _key_of(UserText.objects.exclude(versions__language="he").order_by("created_at")),
    "language": lambda: "he",
    "translation": lambda: _key_of(Translation.objects.filter(approval__isnull=True)),
    "document": lambda: _key_of(Document.objects.filter(subject__code="ginkgo")),
    "number": lambda: 1,
    "block": _block,
    "word": lambda: _key_of(WordFile.objects.filter(document__subject__code="ginkgo")),
    "comment": lambda: _key_of(Comment.objects.filter(document__subject__code="ginkgo")),
    "revision": lambda: _key_of(
        Revision.objects.filter(document__subject__code="ginkgo", kind="image").order_by("-written_at", "-id")
    ),
}
PAGES = {"documents:file": {"language": lambda: "he", "kind": lambda: "docx"}}
FILTERS = ((Document, "documents:document"),)
DOORS = ((access, "may_use_queue", "documents:"),)
