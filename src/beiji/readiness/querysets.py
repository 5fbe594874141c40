"""Querysets that models need at definition time; what a person may see is decided in access.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from beiji.programme.models import Person


class OfSubjectQuerySet(models.QuerySet[Any]):
    """Evidence, standings and roll-ups: all of them belong to one whole subject."""

    def visible_to(self, person: Person) -> OfSubjectQuerySet:
        """Those of the subjects that the person may see."""
        from .access import filter_visible

        return filter_visible(self, person)
