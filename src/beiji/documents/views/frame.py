"""What every page of a document has: its title, whose it is, and the way up."""

from __future__ import annotations

from typing import Any

from beiji.programme.requests import CityRequest

from .. import access
from ..models import Document
from ..owners import head_of, owner_of
from ..rules import Act


def frame(request: CityRequest, document: Document) -> dict[str, Any]:
    """Context of every page of a document; the menu marks the entry of the room that owns it."""
    vars(request)["menu_key"] = owner_of(document).menu
    return {
        "document": document,
        "head": head_of(document),
        "sees_drafts": access.may(request.person, document, Act.READ_DRAFT),
    }
