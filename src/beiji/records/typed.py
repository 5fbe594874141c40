"""The one cleaner through which everything typed passes before it is kept.

What it takes away nobody can see or type on purpose, and each of it has broken a page, a database or a printed file:
control characters, noncharacters, lone surrogates, the byte order mark, and the overrides of writing direction, which
can make a sentence read as another one. The marks with which a report names a person (⟦person:…⟧) are ours; from
outside they become plain brackets. Marks that people who write Hebrew and English do type (U+200E, U+200F, isolates)
and joiners inside emoji or Persian words stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters but tab, line feed and carriage return
    "\u202a-\u202e"  # embeddings and overrides of direction
    "\ufeff\ufff9-\ufffb"  # byte order mark, interlinear annotation
    "\ud800-\udfff"
    "\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_LINES = re.compile("\r\n?|\x85|\u2028|\u2029")
_MARKS = str.maketrans({"\u27e6": "[", "\u27e7": "]"})
#: Fields that are compared, not kept: changing a character of a password would lock its owner out.
UNTOUCHED = ("password", "csrfmiddlewaretoken")


def clean_text(text: str) -> str:
    """`text` in canonical composition (NFC), lines ending in a line feed, without what nobody can have meant to type."""
    seen = _UNSEEN.sub("", _LINES.sub("\n", text)).translate(_MARKS)
    return unicodedata.normalize("NFC", seen)


def clean_form(data: QueryDict) -> QueryDict:
    """The same form with every value cleaned, names and order kept."""
    cleaned = data.copy()
    for name, values in cleaned.lists():
        if not name.startswith(UNTOUCHED):
            cleaned.setlist(name, [clean_text(value) for value in values])
    cleaned._mutable = False
    return cleaned


class TypedTextMiddleware:
    """Cleans every form before a view reads it, so that no form can forget to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """After the check of the form's origin, which has read the body anyway."""
        if request.GET:
            request.GET = clean_form(request.GET)  # type: ignore[assignment]
        if request.method == "POST" and request.POST:
            request.POST = clean_form(request.POST)  # type: ignore[assignment]


def as_uuid(value: Any) -> UUID | None:
    """The UUID that a text writes out in its usual form; None for anything else."""
    try:
        key = UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None
    return key if key is not None and str(key) == value.lower() else None
