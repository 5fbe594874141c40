"""Days as people type them, read in one place and held near the programme's own time.

A day is written year first (2026-11-20, 2026/11/20, 2026年11月20日) or, with points, day first (20.11.2026), as the house
itself prints it. The order of 11/12/2026 differs between countries and a year of two digits says no century: both are
refused, not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from .formats import date_short, date_text, isolate
from .numbers import plain

#: How far from the programme's first day a day may lie, in years.
YEARS_AROUND = 10
_YEAR_FIRST = re.compile(r"(?P<y>\d+) ?([-/.年]) ?(?P<m>\d{1,2}) ?([-/.月]) ?(?P<d>\d{1,2}) ?日?")
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2}) ?\. ?(?P<m>\d{1,2}) ?\. ?(?P<y>\d{3,})")
_SHORT_YEAR = re.compile(r"\d{1,2}([-/. ])\d{1,2}\1\d{1,2}|\d{2}年.*")


class DayError(ValueError):
    """What was typed is refused; `code` says why, `parts` are the values that the sentence names."""

    def __init__(self, code: str, **parts: str) -> None:
        super().__init__(code)
        self.code, self.parts = code, parts


@dataclass(frozen=True)
class Days:
    """The days that a programme can mean, both ends included."""

    first: date
    last: date

    @classmethod
    def around(cls, start: date) -> Days:
        """Ten years before the programme's first day until ten years after it."""
        safe = start.replace(day=min(start.day, 28)) if start.month == 2 else start
        return cls(safe.replace(year=start.year - YEARS_AROUND), safe.replace(year=start.year + YEARS_AROUND))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def read_day(typed: str, days: Days) -> date:
    """The day somebody typed. Raises DayError when it is none or lies outside `days`."""
    text = plain(typed)[:40]
    shown = isolate(text[:20])
    if _SHORT_YEAR.fullmatch(text):
        raise DayError("short-year", typed=shown)
    match = _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    if match is None:
        raise DayError("none", typed=shown)
    year, month, day = (int(match[name][:6]) for name in "ymd")
    try:
        day_typed = date(year, month, day)
    except ValueError:
        # a year of five digits is a slip on the date field of a browser: outside every programme
        raise DayError("none" if 0 < year < 10_000 else "outside", typed=shown, **_ends(days)) from None
    if day_typed not in days:
        raise DayError("outside", typed=shown, **_ends(days))
    return day_typed


def _ends(days: Days) -> dict[str, str]:
    return {"first": date_text(days.first), "last": date_text(days.last)}


def sentence(error: DayError) -> str:
    """Why a typed day is refused, and what to type instead, in the current language."""
    pattern = {
        "none": gettext("“{typed}” is not a day. Write it as 2026-11-20."),
        "short-year": gettext("“{typed}” leaves the century open. Write the year with four digits: 2026-11-20."),
        "outside": gettext("“{typed}” is far from the programme. Enter a day between {first} and {last}."),
    }[error.code]
    return pattern.format(**error.parts)


def due_words(due: date, today: date, *, far: int | None = None) -> str:
    """How far a day is: "3 days late", "today", "in 9 days"; from `far` days on the day itself."""
    days = (due - today).days
    if days < 0:
        return ngettext("{days} day late", "{days} days late", -days).format(days=-days)
    if days == 0:
        return gettext("today")
    if far is not None and days >= far:
        return date_short(due)
    return ngettext("in {days} day", "in {days} days", days).format(days=days)
