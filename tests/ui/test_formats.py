"""Dates, numbers and ranges as each language writes them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import translation

import beiji
from beiji.ui import formats
from beiji.ui.languages import language_of, pick, picked_language

DAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 14, 5, tzinfo=dt.UTC)
LRI, PDI, MINUS, THIN = "\u2066", "\u2069", "\u2212", "\u202f"


@pytest.mark.parametrize(
    ("language", "long", "short", "month"),
    [
        ("en", "23 November 2026", "23 Nov 2026", "November 2026"),
        ("zh-hans", "2026年11月23日", "2026-11-23", "2026年11月"),
        ("he", "23.11.2026", "23.11.2026", "11.2026"),
    ],
)
def test_days(language, long, short, month):
    assert formats.date_text(DAY, language) == long
    assert formats.date_short(DAY, language) == short
    assert formats.month_text(DAY, language) == month


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "9–16 min"), ("zh-hans", "9–16 min"), ("he", f"{LRI}9{PDI} עד {LRI}16{PDI} min")],
)
def test_ranges_are_words_in_hebrew(language, expected):
    assert formats.range_text(9, 16, language, "min") == expected


def test_a_negative_bound_is_joined_by_a_word():
    assert formats.range_text(-0.05, 0.49, "en", digits=2) == f"{MINUS}0.05 to 0.49"
    assert formats.range_text(-0.05, 0.49, "zh-hans", digits=2) == f"{MINUS}0.05 至 0.49"


@pytest.mark.parametrize(
    ("language", "minor", "expected"),
    [
        ("en", 4_000_000, "¥40,000"),
        ("zh-hans", 4_000_000, "4 万元"),
        ("zh-hans", 1_550_000, "1.55 万元"),
        ("zh-hans", 12_000_000_000, "1.2 亿元"),
        ("zh-hans", 90_000, "900 元"),
        ("he", 4_000_000, f"{LRI}¥40,000{PDI}"),
    ],
)
def test_money(language, minor, expected):
    assert formats.money_text(minor, "CNY", language) == expected


def test_numbers_have_a_real_minus_and_zero_none():
    assert formats.number_text(-1203) == f"{MINUS}1,203"
    assert formats.number_text(-0.001, digits=1) == "0.0"
    assert formats.signed_text(3, "en") == "+3"
    assert formats.signed_text(-4, "he") == f"{LRI}{MINUS}4{PDI}"
    assert formats.percent_text(0.614, "en") == f"61{THIN}%"
    assert formats.percent_text(0.614, "zh-hans") == "61%"


@pytest.mark.parametrize(
    ("language", "ago", "expected"),
    [
        ("en", dt.timedelta(seconds=20), "just now"),
        ("en", dt.timedelta(hours=2), "2 hours ago"),
        ("en", dt.timedelta(days=-3), "in 3 days"),
        ("en", dt.timedelta(days=59), "59 days ago"),
        ("en", dt.timedelta(days=70), "2 months ago"),
        ("zh-hans", dt.timedelta(days=1), "1 天前"),
        ("he", dt.timedelta(days=1), "לפני יום"),
        ("he", dt.timedelta(days=5), "לפני 5 ימים"),
    ],
)
def test_ages(language, ago, expected):
    with translation.override(language):
        assert formats.age_text(NOW - ago, NOW) == expected


def test_a_text_falls_back_to_english_and_says_so():
    names = {"en": "Duty room", "zh-Hans": "值班室"}
    assert pick(names, "zh-hans") == "值班室"
    assert picked_language(names, "zh-hans") is None
    assert pick(names, "he") == "Duty room"
    assert picked_language(names, "he") == language_of("en")
    assert pick("plain") == "plain"
    assert pick(None) == ""


#: Lines that name the zone beside the time: sign-in, before any city is known, and the administrator's checks.
NAMES_ITS_ZONE = {
    "site/access_command.py", "site/adapter.py", "site/store_checks.py", "site/upkeep_checks.py", "site/backup/commands.py", "site/backup/making.py",
}  # fmt: skip


def test_moments_are_put_into_words_in_one_place():
    """Elsewhere a clock time would be the server's or the database's, not the city's."""
    package = Path(beiji.__file__).parent
    for file in package.rglob("*.py"):
        name = file.relative_to(package).as_posix()
        if name.startswith(("science/", "packs/")) or name in {"ui/formats.py", "site/settings.py", *NAMES_ITS_ZONE}:
            continue
        text = file.read_text(encoding="utf-8")
        # An instant that a page wrote with its zone is read back as it was.
        assert not re.search(r"%H(?!\S*%z)|strftime\(|strptime\(", text), (
            f"{name} writes or reads a clock time of its own"
        )
    templates = [t for t in package.rglob("*.html") if re.search(r"\|(date|time):", t.read_text(encoding="utf-8"))]
    assert [t.name for t in templates] == ["asked.html"], "Django's filters; the one left fills a date field"
