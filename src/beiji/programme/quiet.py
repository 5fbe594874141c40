"""When somebody's phone may sound."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

#: When the one message of a day comes, for those who want one. *Assumption*: before the morning's handover.
MORNING = time(8)


def message_time(
    now: datetime, zone: str, delay: timedelta, quiet_from: time, quiet_until: time, *, daily: bool
) -> datetime:
    """The instant from which a message may be sent: after the delay, in the morning for those who want one a day, and never in
    the quiet hours of the city's wall clock. The same hour twice means: never quiet."""
    wall = (now + delay).astimezone(ZoneInfo(zone))
    if daily:
        wall = _next(wall, MORNING)
    if _is_quiet(wall.time(), quiet_from, quiet_until):
        wall = _next(wall, quiet_until)
    return wall.astimezone(now.tzinfo)


def _is_quiet(at: time, begin: time, end: time) -> bool:
    return begin <= at < end if begin <= end else at >= begin or at < end


def _next(wall: datetime, at: time) -> datetime:
    """The next time that the wall clock shows an hour."""
    day = wall.date() + timedelta(days=wall.time() >= at)
    return datetime.combine(day, at, wall.tzinfo)
