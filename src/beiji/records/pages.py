"""The registry of pages: one list that drives the permission matrix, query budgets, axe and screenshots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Page:
    """A view that a person can reach.

    `name` is the URL name; `example` gives the URL's arguments in the demo city (a callable, since some objects exist
    only in the database); `queries` bounds the database queries of one GET, whatever the number of rows;
    `look` says that it is a whole page to be drawn and checked for accessibility (not a fragment, download or redirect);
    `methods` are the verbs it answers.
    """

    name: str
    example: Callable[[], Mapping[str, Any]] = field(default=dict)
    queries: int = 20
    look: bool = True
    methods: tuple[str, ...] = ("GET",)


_PAGES: dict[str, Page] = {}


def register(*pages: Page) -> None:
    """Add pages. Raises ValueError when a URL name is registered twice."""
    for page in pages:
        if page.name in _PAGES:
            raise ValueError(f"page {page.name} is registered twice")
        _PAGES[page.name] = page


def pages() -> list[Page]:
    """All registered pages, by URL name."""
    return [_PAGES[name] for name in sorted(_PAGES)]
