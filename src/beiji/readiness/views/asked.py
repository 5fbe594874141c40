"""The day asked about, and the day as known on which it is asked: both may stand in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from beiji.programme.access import days_of, today_in
from beiji.ui import days, formats

from ..book import end_of


@dataclass(frozen=True)
class Asked:
    """`day` and `known_at` are None for today as known now; `query` repeats them in links."""

    now: datetime
    today: date
    day: date | None
    known: date | None
    known_at: datetime | None
    query: str
    mistake: str

    @property
    def words(self) -> str:
        """ "as of 24 November 2026", with what was known when, and a hint for days to come."""
        said = gettext("as of %(day)s") % {"day": formats.date_text(self.day or self.today)}
        if self.known is not None:
            said += gettext(", as known on %(day)s") % {"day": formats.date_text(self.known)}
        if self.day is not None and self.day > self.today:
            said += gettext(", if nothing is done until then")
        return said


def asked_of(request: HttpRequest) -> Asked:
    """Read `day` and `known` from the address; a date that is none is said, not guessed."""
    city: Any = request.city  # type: ignore[attr-defined]
    now = timezone.now()
    mistakes: list[str] = []
    values: dict[str, date] = {}
    for name in ("day", "known"):
        raw = request.GET.get(name, "").strip()
        if not raw:
            continue
        try:
            values[name] = days.read_day(raw, days_of(city))
        except days.DayError as error:
            mistakes.append(days.sentence(error))
    known = values.get("known")
    kept = {name: value.isoformat() for name, value in values.items()}
    return Asked(
        now=now,
        today=today_in(city, now),
        day=values.get("day"),
        known=known,
        known_at=end_of(known, city) if known else None,
        query=f"?{urlencode(kept)}" if kept else "",
        mistake=" ".join([*mistakes, gettext("Today is shown.")]) if mistakes else "",
    )
