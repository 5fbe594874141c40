"""Visits that a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from beiji.programme.models import Person


class VisitQuerySet(models.QuerySet[Any]):
    """Assessments of a city."""

    def visible_to(self, person: Person) -> VisitQuerySet:
        """Those of the subjects the person may see."""
        from .access import filter_visible

        return filter_visible(self, person)
