"""A measured miss is called by the standard's failure title, with the target and the numbers; nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from django.utils import translation

from beiji.programme.models import Subject
from beiji.readiness import changes, queries
from beiji.readiness.failing import failures_of
from beiji.readiness.pages import counted, wording
from beiji.readiness.pages.city import shared_gaps
from beiji.readiness.rules.rows import Condition, Evaluator, Method
from tests import cast

from .conftest import timed

DAY = date(2026, 10, 1)


def first_of(city) -> tuple[str, str]:
    picture = queries.picture(city=city, subjects=Subject.objects.hospitals(), now=cast.NOW)
    return next((line.title, line.words) for line in shared_gaps(picture) if line.code == "TRI-6")


def test_a_gap_that_was_measured_says_what_failed_with_target_and_values(loaded: cast.World, record: Callable) -> None:
    record(timed("ginkgo-east", 24, DAY, Condition.NIGHT), timed("ginkgo-west", 31, DAY, Condition.NIGHT))
    record(timed("egret", 40, DAY, Condition.DAY))
    said = {}
    for language in ("en", "zh-hans", "he"):
        with translation.override(language):
            said[language] = first_of(loaded.city)
    assert said["en"][0].endswith("within 15 min (measured: 24–40 min)")
    assert said["zh-hans"][0] == "急诊科未能在15分钟内腾空（实测：24–40 分钟）"
    assert "15" in said["he"][0]
    assert "(נמדד: " in said["he"][0]
    assert said["en"][1].startswith("falls short in 2 of 2 hospitals (2 measured)")


def test_a_gap_that_was_only_checked_keeps_the_title_of_the_item(loaded: cast.World, record: Callable) -> None:
    seen = changes.Draft("egret", "ed-clear-time", Method.SPOT_CHECK, Evaluator.EXTERNAL, DAY, level=1)
    record(seen)
    title, words = first_of(loaded.city)
    assert "measured" not in title
    assert "15 min" not in title
    assert words.startswith("falls short in 1 of 2 hospitals (1 checked)")
    picture = queries.picture(city=loaded.city, subjects=Subject.objects.hospitals(), now=cast.NOW)
    assert failures_of(picture, picture.shared_gaps) == {}


@pytest.mark.parametrize(
    ("values", "unit", "words"),
    [
        (("24",), "min", "24 min"),
        (("15.04", "24"), "min", "15.04–24.00 min"),
        (("0.45", "0.62"), "share", "45–62 %"),
        (("0.45",), "share", "45\u202f%"),
    ],
)
def test_measured_values_are_said_as_one_number_or_a_range(values, unit, words):
    assert wording.amounts([Fraction(v) for v in values], unit) == words


def test_without_a_failure_the_title_stands():
    assert counted.gap_title({"en": "Cleared"}, None) == "Cleared"
