"""The day that a page shows, and the day as known on which it shows it: both may stand in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext

from beiji.programme.access import days_of
from beiji.programme.requests import CityRequest
from beiji.ui import days, formats

from ..book import end_of


@dataclass(frozen=True)
class Moment:
    """`day` and `known_at` are None for today as known now; `query` repeats them in links; `mistake` says what in the
    address was no day."""

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
        words = gettext("as of %(day)s") % {"day": formats.date_text(self.day or self.today)}
        if self.known is not None:
            words += gettext(", as known on %(day)s") % {"day": formats.date_text(self.known)}
        if self.day is not None and self.day > self.today:
            words += gettext(", if nothing is done until then")
        return words


def moment_of(request: CityRequest) -> Moment:
    """Read `day` and `known` from the address; a date that is none is said, not guessed."""
    mistakes: list[str] = []
    values: dict[str, date] = {}
    for name in ("day", "known"):
        raw = request.GET.get(name, "").strip()
        if not raw:
            continue
        try:
            values[name] = days.read_day(raw, days_of(request.city))
        except days.DayError as error:
            mistakes.append(days.sentence(error))
    known = values.get("known")
    read = {name: value.isoformat() for name, value in values.items()}
    return Moment(
        now=request.now,
        today=request.today,
        day=values.get("day"),
        known=known,
        known_at=end_of(known, request.city) if known else None,
        query=f"?{urlencode(read)}" if read else "",
        mistake=" ".join([*mistakes, gettext("Today is shown.")]) if mistakes else "",
    )
