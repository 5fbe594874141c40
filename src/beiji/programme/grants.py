"""The one rule of when a grant holds: pure, for one row; `holding` is the same for the database.

A grant begins and ends at instants. Given by days, these are the midnights of the city's clock; given by instants, those; ended
before its time, then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from .models import RoleGrant

Role = RoleGrant.Role
#: Roles used from abroad: off until the city lets them in; de-identified material only (decision 38).
FROM_ABROAD: tuple[str, ...] = (Role.REMOTE_EXPERT, Role.INSTRUCTOR)
#: The longest grant from abroad. *Assumption*: a purpose that lasts longer is approved again.
LONGEST_FROM_ABROAD = timedelta(days=366)

#: Why a grant ended where the program itself ended it; every reader has the words in his language (`pages.grants`).
NOBODY_FROM_ABROAD = "nobody-from-abroad"

HOLDS, NOT_YET, OVER, TAKEN_BACK = "holds", "not-yet", "over", "taken-back"


@dataclass(frozen=True)
class Span:
    """From one instant until before another; `until` None: until taken back."""

    since: datetime
    until: datetime | None

    def holds_at(self, now: datetime) -> bool:
        """Does it hold at an instant?"""
        return self.since <= now and (self.until is None or now < self.until)

    @property
    def is_empty(self) -> bool:
        """It was taken back before it began."""
        return self.until is not None and self.until <= self.since


def midnight(day: date, zone: str) -> datetime:
    """The instant at which a day begins by a city's clock."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def span_of(grant: RoleGrant, zone: str) -> Span:
    """From when until when a grant holds, or has held."""
    since = midnight(grant.since, zone)
    ends = [grant.ends_at, grant.ended_at]
    if grant.until is not None:
        ends.append(midnight(grant.until, zone))
    if grant.ended_on is not None and grant.ended_at is None:
        ends.append(midnight(grant.ended_on, zone))
    known = [end for end in ends if end is not None]
    begins = since if grant.begins_at is None else max(since, grant.begins_at)
    return Span(begins, min(known) if known else None)


def state_of(grant: RoleGrant, zone: str, now: datetime) -> str:
    """Whether a grant holds, will hold, is over by itself, or was taken back before."""
    span = span_of(grant, zone)
    if span.holds_at(now):
        return HOLDS
    if grant.ended_on is not None:
        return TAKEN_BACK
    return NOT_YET if now < span.since else OVER


def holding(day: date, now: datetime | None) -> Q:
    """Grants that hold at an instant on a day of the city's calendar. Without an instant, those given by instants are left
    out: whoever forgets to say when opens no door."""
    days = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))
    days &= Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    if now is None:
        return days & Q(begins_at__isnull=True, ends_at__isnull=True)
    begun = Q(begins_at__isnull=True) | Q(begins_at__lte=now)
    return days & begun & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))
