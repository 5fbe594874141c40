"""Entries of this room in the side menu and in lists that other pages are made of."""

from __future__ import annotations


def register() -> None:
    """Nothing yet."""
