"""Dates, numbers, ranges, money and ages as each language writes them; the same words on screen, in PDF and in DOCX.

The one home of instants in words: a moment is brought into the active time zone, which is the city's own in every
request and command of a city (`programme.access.city_time`), so that a page says what the wall clock said.

Everything here answers plain text. Codes and numbers that would be torn apart inside Hebrew are held together with
isolates (U+2066 to U+2069), which browsers, Typst and word processors all understand.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from beiji.ui.languages import language_of

Number = int | float | Decimal
_LRI, _FSI, _PDI = "\u2066", "\u2068", "\u2069"
_THIN = "\u202f"
_MINUS = "\u2212"
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
#: How a browser's own field for a clock time writes it.
CLOCK_FIELD = "%H:%M"
_CURRENCY_SIGNS = {"CNY": "¥", "ILS": "₪", "USD": "$", "EUR": "€"}
_CURRENCY_WORDS_ZH = {"CNY": "元", "ILS": "新谢克尔", "USD": "美元", "EUR": "欧元"}


def isolate(text: object, direction: str = "ltr") -> str:
    """`text` held together inside a sentence of the other direction: codes, phones, times, ranges.

    `direction` is "ltr", or "auto" for a name whose script is not known.
    """
    return f"{_FSI if direction == 'auto' else _LRI}{text}{_PDI}"


def code_text(code: object, language: str | None = None) -> str:
    """A code, phone number or clock time for running text: isolated in Hebrew, bare elsewhere."""
    return isolate(code) if language_of(language).direction == "rtl" else str(code)


def in_city(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    """A moment in the active time zone, the city's; a plain day, or a moment without a zone, as it is."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return timezone.localtime(value)
    return value


def day_of(moment: dt.datetime) -> dt.date:
    """The city's day at a moment."""
    return timezone.localtime(moment).date() if moment.tzinfo is not None else moment.date()


def date_text(day: dt.date, language: str | None = None) -> str:
    """A day: 23 November 2026 · 2026年11月23日 · 23.11.2026."""
    kind, day = language_of(language).code, in_city(day)
    if kind == "zh-hans":
        return f"{day.year}年{day.month}月{day.day}日"
    if kind == "he":
        return f"{day.day}.{day.month}.{day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def date_short(day: dt.date, language: str | None = None) -> str:
    """A day where room is scarce: 23 Nov 2026 · 2026-11-23 · 23.11.2026."""
    kind, day = language_of(language).code, in_city(day)
    if kind == "zh-hans":
        return f"{day:%Y-%m-%d}"
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}" if kind == "en" else date_text(day, language)


def month_text(day: dt.date, language: str | None = None) -> str:
    """A month: November 2026 · 2026年11月 · 11.2026."""
    kind, day = language_of(language).code, in_city(day)
    if kind == "zh-hans":
        return f"{day.year}年{day.month}月"
    return f"{day.month}.{day.year}" if kind == "he" else f"{_MONTHS[day.month - 1]} {day.year}"


def time_text(moment: dt.time | dt.datetime, language: str | None = None) -> str:
    """A clock time, 24 hours."""
    shown = in_city(moment) if isinstance(moment, dt.datetime) else moment
    return f"{shown:%H:%M}"


def datetime_text(moment: dt.datetime, language: str | None = None) -> str:
    """A day and a clock time of the city's wall."""
    return f"{date_text(moment, language)} {time_text(moment, language)}"


def number_text(value: Number, language: str | None = None, digits: int | None = None) -> str:
    """A number with grouped thousands and a real minus; `digits` after the point, by default none, or one if the value has a fraction."""
    if digits is None:
        digits = 0 if value == int(value) else 1
    shown = f"{abs(value):,.{digits}f}"
    negative = value < 0 and shown.strip("0.,") != ""
    return f"{_MINUS}{shown}" if negative else shown


def signed_text(value: Number, language: str | None = None, digits: int | None = None) -> str:
    """A difference, always with its sign; zero has none. Kept left to right in Hebrew."""
    shown = number_text(value, language, digits)
    shown = f"+{shown}" if value > 0 and shown.strip("0.,") else shown
    return code_text(shown, language)


def percent_text(share: Number, language: str | None = None, digits: int = 0) -> str:
    """A share of one as per cent: 61 % (English, thin space) · 61%."""
    shown = number_text(float(share) * 100, language, digits)
    return f"{shown}{_THIN}%" if language_of(language).code == "en" else code_text(f"{shown}%", language)


def range_text(
    low: Number, high: Number, language: str | None = None, unit: str = "", digits: int | None = None
) -> str:
    """A range. Hebrew joins in words (9 עד 16); elsewhere a dash, or a word as soon as a bound is negative."""
    kind = language_of(language).code
    first, last = number_text(low, language, digits), number_text(high, language, digits)
    if kind == "he":
        joined = f"{isolate(first)} עד {isolate(last)}"
    elif low < 0 or high < 0:
        joined = f"{first} 至 {last}" if kind == "zh-hans" else f"{first} to {last}"
    else:
        joined = f"{first}–{last}"
    return f"{joined} {unit}" if unit else joined


def money_text(minor: int, currency: str = "CNY", language: str | None = None) -> str:
    """An amount given in minor units (fen, agorot, cents), without the minor part: ¥40,000 · 4 万元 · 40,000 ¥."""
    major = Decimal(minor) / 100
    kind = language_of(language).code
    if kind == "zh-hans":
        word = _CURRENCY_WORDS_ZH.get(currency, currency)
        for size, name in ((Decimal(100_000_000), "亿"), (Decimal(10_000), "万")):
            if abs(major) >= size:
                scaled = (major / size).quantize(Decimal("0.01")).normalize()
                return f"{scaled:,f} {name}{word}".replace("-", _MINUS)
        return f"{number_text(int(major), language)} {word}"
    sign = _CURRENCY_SIGNS.get(currency, currency)
    amount = number_text(int(major), language)
    return isolate(f"{sign}{amount}") if kind == "he" else f"{sign}{amount}"


def age_text(moment: dt.date | dt.datetime, now: dt.datetime) -> str:
    """How long ago, in the current gettext language: "5 min ago", "3 days ago", "in 2 days". A date counts whole days."""
    if isinstance(moment, dt.datetime):
        seconds = int((now - moment).total_seconds())
    else:
        seconds = (day_of(now) - moment).days * 86_400
        if seconds == 0:
            return gettext("today")
    ahead, size = seconds < 0, abs(seconds)
    if size < 60:
        return gettext("just now")
    for unit, length in (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if size >= (2 * length if unit in ("year", "month") else length):
            return _counted(unit, size // length, ahead)
    return gettext("just now")


def _counted(unit: str, n: int, ahead: bool) -> str:
    """One whole sentence for each unit and direction, so that every language may bend it."""
    if ahead:
        pattern = {
            "year": lambda: ngettext("in %(n)s year", "in %(n)s years", n),
            "month": lambda: ngettext("in %(n)s month", "in %(n)s months", n),
            "day": lambda: ngettext("in %(n)s day", "in %(n)s days", n),
            "hour": lambda: ngettext("in %(n)s hour", "in %(n)s hours", n),
            "minute": lambda: ngettext("in %(n)s minute", "in %(n)s minutes", n),
        }[unit]()
    else:
        pattern = {
            "year": lambda: ngettext("%(n)s year ago", "%(n)s years ago", n),
            "month": lambda: ngettext("%(n)s month ago", "%(n)s months ago", n),
            "day": lambda: ngettext("%(n)s day ago", "%(n)s days ago", n),
            "hour": lambda: ngettext("%(n)s hour ago", "%(n)s hours ago", n),
            "minute": lambda: ngettext("%(n)s minute ago", "%(n)s minutes ago", n),
        }[unit]()
    return pattern % {"n": n}
