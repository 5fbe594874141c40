"""Examples in the demo city for the addresses of this room."""

from __future__ import annotations

from typing import Any

from beiji.documents import access
from beiji.documents.models import Translation, UserText


def _key_of(rows: Any) -> Any:
    return rows.values_list("pk", flat=True).first()


ARGUMENTS = {
    "text": lambda: _key_of(UserText.objects.exclude(versions__language="he").order_by("created_at")),
    "language": lambda: "he",
    "translation": lambda: _key_of(Translation.objects.filter(approval__isnull=True)),
}
DOORS = ((access, "may_use_queue", "documents:"),)
