"""What people type as a day, and what is refused with which words."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

import beiji
from beiji.ui.days import DayError, Days, read_day, sentence
from beiji.ui.fields import DayField, DayForm, NumberField
from beiji.ui.formats import date_text
from beiji.ui.numbers import SHARE

DAYS = Days.around(date(2025, 4, 1))
DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "typed",
    ["2026-11-20", "2026/11/20", "2026.11.20", "2026年11月20日", "２０２６年１１月２０日", "２０２６－１１－２０", "20.11.2026",
     "\u200f20.11.2026", " 2026-11-20 ", "٢٠٢٦-١١-٢٠", "2026 年 11 月 20 日"],
)  # fmt: skip
def test_a_day_is_read_as_the_house_and_its_people_write_it(typed):
    assert read_day(typed, DAYS) == DAY


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("26-11-20", "leaves the century open. Write the year with four digits"),
        ("26/11/20", "leaves the century open"),
        ("20.11.26", "leaves the century open"),
        ("26年11月20日", "leaves the century open"),
        ("0026-11-20", "far from the programme. Enter a day between 1 April 2015 and 1 April 2035"),
        ("2015-03-31", "far from the programme"),
        ("2035-04-02", "far from the programme"),
        ("20226-11-20", "far from the programme"),
        ("9999-12-31", "far from the programme"),
        ("0000-01-01", "far from the programme"),
        ("2026-13-20", "is not a day"),
        ("2026-02-30", "is not a day"),
        ("11/20/2026", "is not a day"),
        ("20 November 2026", "is not a day"),
        ("tomorrow", "is not a day"),
        ("9" * 50, "is not a day"),
    ],
)
def test_a_refused_day_says_what_was_typed_and_how_to_write_it(typed, words):
    with pytest.raises(DayError) as refused:
        read_day(typed, DAYS)
    assert words in sentence(refused.value)


def test_the_ends_of_the_time_are_days_of_it():
    assert read_day("2015-04-01", DAYS) == date(2015, 4, 1)
    assert read_day("2035-04-01", DAYS) == date(2035, 4, 1)
    assert Days.around(date(2024, 2, 29)).first == date(2014, 2, 28)


@given(st.dates(date(2015, 4, 1), date(2035, 4, 1)), st.sampled_from(["zh-hans", "he"]))
def test_a_day_as_the_house_prints_it_is_read_back(day, language):
    assert read_day(date_text(day, language), DAYS) == day


class Asking(DayForm):
    day = DayField()
    share = NumberField(limits=SHARE, unit="%", required=False)


def test_fields_answer_what_is_kept_and_one_sentence_for_what_is_not():
    form = Asking({"day": "２０２６-11-20", "share": "45"}, days=DAYS)
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["day"], str(form.cleaned_data["share"])) == (DAY, "0.45")
    refused = Asking({"day": "26-11-20", "share": "4500"}, days=DAYS)
    assert set(refused.errors) == {"day", "share"}
    assert all(len(sentences) == 1 for sentences in refused.errors.values())
    assert 'min="2015-04-01" max="2035-04-01"' in str(form["day"])
    assert 'value="61.4"' in str(Asking(initial={"share": SHARE.high * 614 / 1000}, days=DAYS)["share"])


def test_a_form_that_forgets_its_days_takes_none():
    class Forgetful(forms.Form):
        day = DayField()

    with pytest.raises(RuntimeError, match="DayForm"):
        Forgetful({"day": "2026-11-20"}).is_valid()


def test_no_form_of_the_house_reads_a_day_or_number_of_its_own():
    """One home: Django's own fields take years of two digits, other calendars' order, and no full-width digit."""
    for file in Path(beiji.__file__).parent.glob("*/forms.py"):
        own = re.findall(
            r"^ +(\w+) = forms\.(?:Date|DateTime|Integer|Decimal|Float|Duration)Field", file.read_text(), re.MULTILINE
        )
        assert not own, f"{file.parent.name} reads {own} its own way"
