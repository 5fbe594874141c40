"""Snapshots that a person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from beiji.programme.models import Person


class SnapshotQuerySet(models.QuerySet[Any]):
    """Reports of a city."""

    def visible_to(self, person: Person) -> SnapshotQuerySet:
        """Pages for the top for managers and leaders, a hospital's list for whoever may see the hospital."""
        from .access import filter_visible

        return filter_visible(self, person)
