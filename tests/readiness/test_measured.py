"""Numbers stand beside their target in a figure: what decides, what is earlier, what misses, in either direction."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from django.test import Client
from django.utils import timezone

from beiji.readiness.pages.measured import misses
from beiji.readiness.rules.rows import Condition
from beiji.ui.dotplot import Dot, DotLine, dot_plot, ticks_of
from tests import cast

from .conftest import timed

WHY = "/yangzhou/readiness/ginkgo/ed-clear-time/"
EVERYWHERE = "/yangzhou/readiness/capabilities/ed-clear-time/"


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


def figure(world: cast.World, url: str, language: str = "en") -> str:
    client = Client()
    client.force_login(world.people["manager"].accounts.get())
    client.cookies["beiji_language"] = language
    return "".join(re.findall(r"<figure.*?</figure>", client.get(url).content.decode(), re.S))


def dots(svg: str) -> list[tuple[float, str, str]]:
    """(x, fill, stroke) of every dot."""
    return [
        (float(x), fill, stroke)
        for x, fill, stroke in re.findall(
            r'<circle cx="([\d.]+)"[^>]*fill="var\(--(\w+)\)" stroke="var\(--(\w+)\)"', svg
        )
    ]


def bars(svg: str) -> list[float]:
    return [float(x) for x in re.findall(r'<line x1="([\d.]+)"[^>]*stroke="var\(--ink\)"', svg)]


def test_nothing_is_drawn_where_nothing_was_measured(loaded: cast.World) -> None:
    assert figure(loaded, WHY) == ""
    assert figure(loaded, EVERYWHERE) == ""


def test_the_target_stands_between_what_passes_and_what_misses(loaded: cast.World, record: Callable) -> None:
    record(timed("ginkgo-east", 24, date(2026, 9, 1), Condition.NIGHT))
    record(timed("ginkgo-east", 12, date(2026, 10, 1), Condition.NIGHT))
    record(timed("ginkgo-west", 31, date(2026, 10, 1), Condition.NIGHT))
    for language, way in (("en", 1), ("he", -1)):
        svg = figure(loaded, WHY, language)
        drawn = sorted(dots(svg), key=lambda dot: way * dot[0])
        assert [(fill, stroke) for _x, fill, stroke in drawn] == [
            ("accent", "accent"), ("surface", "bad"), ("bad", "bad"),
        ]  # fmt: skip
        (target,) = set(bars(svg))
        assert way * drawn[0][0] < way * target < way * drawn[1][0]
    assert "against the target: at most 15 min" in figure(loaded, WHY)


def test_each_hospital_stands_beside_its_own_target(loaded: cast.World, record: Callable) -> None:
    record(timed("ginkgo-east", 24, date(2026, 9, 1), Condition.NIGHT))
    record(timed("egret", 40, date(2026, 9, 1), Condition.DAY))
    svg = figure(loaded, EVERYWHERE)
    assert len(dots(svg)) == 2
    assert len(bars(svg)) == 2
    assert "24 min" in svg
    assert "40 min" in svg


@pytest.mark.parametrize(
    ("value", "better", "is_miss"),
    [("15", "lower", False), ("15.01", "lower", True), ("6", "higher", False), ("5", "higher", True)],
)
def test_on_the_target_is_no_miss(value: str, better: str, is_miss: bool) -> None:
    assert misses(Fraction(value), Fraction("15" if better == "lower" else "6"), better) is is_miss
    assert not misses(Fraction(value), None, better)


@pytest.mark.parametrize(
    ("high", "ticks"),
    [
        (35, [0, 10, 20, 30, 40]),
        (20, [0, 5, 10, 15, 20]),
        (0.62, [0, 0.2, 0.4, 0.6, 0.8]),
        (0, [0, 0.5, 1.0]),
        (1, [0, 0.5, 1.0]),
    ],
)
def test_ticks_are_round_and_hold_the_highest_number(high: float, ticks: list[float]) -> None:
    assert [round(t, 6) for t in ticks_of(high)] == ticks


def test_a_figure_says_its_finding_and_writes_no_name_as_markup() -> None:
    svg = dot_plot([DotLine("<East>", [Dot(3)], None, "3")], "a & b", say=str)
    assert "<title>a &amp; b</title>" in svg
    assert "&lt;East&gt;" in svg
    assert bars(svg) == []
