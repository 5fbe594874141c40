"""Querysets that models need at definition time; what a person may see is decided in access.py."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from .visible import VisibleQuerySet


class SubjectQuerySet(VisibleQuerySet):
    """Subjects of a city."""

    def on(self, day: date, known_at: datetime | None = None) -> SubjectQuerySet:
        """Those that exist on a day, as known at an instant (without one: as known now)."""
        not_ended = Q(until__isnull=True) | Q(until__gt=day)
        if known_at is None:
            return self.filter(Q(since__isnull=True) | Q(since__lte=day), not_ended)
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day),
            not_ended | Q(until_recorded_at__gt=known_at),
            recorded_at__lte=known_at,
        )

    def hospitals(self) -> SubjectQuerySet:
        """Hospitals as wholes, without their campuses and places."""
        return self.filter(kind="hospital")
