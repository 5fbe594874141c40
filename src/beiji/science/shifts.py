"""Shifts: which timetable holds at an hour, at which minutes of a run the shift changes, and how many people come or go then. Plain; structure.md, 5."""
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .pathway import Values

NAMES = ("shift.day_from_hour", "shift.night_from_hour", "shift.free_day")
HOUR_MIN = 60.0
DAY_MIN = 24.0 * HOUR_MIN


@dataclass(frozen=True)
class Change:
    """A change of shift at a minute of the run; is the coming one the night's?"""

    at_min: float
    night: bool


def is_night(hour: float, p: Values | Mapping[str, float]) -> bool:
    """Do the night's timetables hold at an hour of the day (decimal)?"""
    return p["shift.free_day"] > 0.0 or not p["shift.day_from_hour"] <= hour % 24.0 < p["shift.night_from_hour"]


def changes(hour: float, horizon_min: float, p: Values) -> tuple[Change, ...]:
    """Changes of shift inside a run that begins at an hour, in order; none on a weekend or holiday."""
    return () if p["shift.free_day"] > 0.0 else tuple(sorted(_changes(hour % 24.0, horizon_min, p), key=lambda change: change.at_min))


def _changes(hour: float, horizon_min: float, p: Values) -> Iterator[Change]:
    for name, night in (("shift.day_from_hour", False), ("shift.night_from_hour", True)):
        minute = (p[name] - hour) * HOUR_MIN
        if minute <= 0.0:
            minute += DAY_MIN
        while minute <= horizon_min:
            yield Change(minute, night)
            minute += DAY_MIN


def handed_over(level: int, goes: tuple[int, int], comes: tuple[int, int]) -> int:
    """What the people of a kind come to at a change of shift; `goes` and `comes`: (at minute 0, after all rises and falls) of either shift's timetable.
    More come only up to what the coming shift can have in all; fewer stay only down to it."""
    apart = comes[0] - goes[0]
    if apart > 0:
        return min(level + apart, max(level, comes[1]))
    return max(level + apart, min(level, comes[1]))
