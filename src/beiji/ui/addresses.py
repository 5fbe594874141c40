"""Addresses of pages, for pages that hold hundreds of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, get_urlconf, reverse


def address(page: str, **where: Any) -> str:
    """The address of a named page, as `reverse` finds it; found once for the same page and place. Raises NoReverseMatch."""
    return _address(page, get_urlconf(), get_script_prefix(), tuple(where.items()))


@lru_cache(maxsize=8192)
def _address(page: str, urlconf: str | None, prefix: str, where: tuple[tuple[str, Any], ...]) -> str:
    return reverse(page, urlconf, kwargs=dict(where))
