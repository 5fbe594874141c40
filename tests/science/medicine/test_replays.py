"""Published incidents: the page is what its numbers say, the numbers are the engine's, misses come first, and the score is what its formula says."""

import json

import numpy as np
import pytest
from benchmarks import replays

from beiji import cli
from beiji.packs.published import published
from beiji.science.replay import ranked_score

NUMBERS = json.loads(replays.NUMBERS.read_text(encoding="utf-8"))


def test_the_page_is_the_template_with_the_numbers():
    template = replays.TEMPLATE.read_text(encoding="utf-8")
    assert replays.PAGE.read_text(encoding="utf-8") == replays.page(NUMBERS, template), "run: python benchmarks/replays.py --page"


def test_the_numbers_are_the_engines():
    told = [row for row in NUMBERS["rows"] if row["incident"] == "tel-aviv-2006"]
    assert replays.plain(replays.report(("tel-aviv-2006",))) == told, "run: python benchmarks/replays.py and read the page anew"


def test_eight_incidents_and_more_with_misses_first_and_what_calibration_used_last():
    assert len(published()) >= 8
    assert {(row["incident"], row["measure"]) for row in NUMBERS["rows"]} == {(one.id, name) for one in published().values() for name in one.observed}
    order = [(not row["counted"], row["inside"]) for row in NUMBERS["rows"]]
    assert order == sorted(order)
    assert [row["measure"] for row in NUMBERS["rows"] if not row["counted"]] == ["died_in_hospital"] * 3
    assert NUMBERS["covered"] == sum(row["inside"] for row in NUMBERS["rows"] if row["counted"])


def test_the_ranked_score_is_the_integral_of_its_definition():
    """Against the integral of (F(x) − 1{x ≥ y})², step by step."""
    values = np.array([3.0, 5.0, 5.0, 9.0])
    for observed in (1.0, 5.0, 6.5, 12.0):
        grid = np.linspace(-1.0, 15.0, 160_001)
        below = np.searchsorted(np.sort(values), grid, side="right") / len(values)
        slow = float(np.sum((below - (grid >= observed)) ** 2) * (grid[1] - grid[0]))
        assert ranked_score(observed, values) == pytest.approx(slow, abs=1e-3)


def test_the_command_tells_one_incident_and_refuses_what_is_none(capsys):
    assert cli.main(["replay", "tel-aviv-2006", "--replications", "40", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["counted"], told["rows"][0]["measure"], told["rows"][0]["observed"]) == (1, "last_red_left_min", 74.0)
    assert cli.main(["replay", "tel-aviv-2060"]) == 2
    assert "Did you mean tel-aviv-2006?" in capsys.readouterr().err
    assert cli.main(["replay", "tel-aviv-2006", "--replications", "10"]) == 2
    assert "Give 40 or more" in capsys.readouterr().err
