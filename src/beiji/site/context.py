"""What the frame of every page needs: the side menu, the languages, the person's post."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from beiji.records import providers


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame. Outside a city the menu is empty."""
    person, city = getattr(request, "person", None), getattr(request, "city", None)
    entries = providers.rail.collect(person, city) if person is not None else []
    return {
        "rail": sorted(entries, key=lambda entry: entry.order)[:7],
        "languages": settings.LANGUAGES,
    }
