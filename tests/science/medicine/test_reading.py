"""The page that reads three scenarios by day and night is what its numbers say, and its numbers are what the engine says."""

import json
import os
import re

import pytest
from benchmarks import reading

NUMBERS = json.loads(reading.NUMBERS.read_text(encoding="utf-8"))
TEMPLATE = reading.TEMPLATE.read_text(encoding="utf-8")
FULL = os.environ.get("BEIJI_FULL") == "1"


def test_the_page_is_the_template_with_the_numbers():
    assert reading.PAGE.read_text(encoding="utf-8") == reading.page(NUMBERS, TEMPLATE), "run: python benchmarks/reading.py --page"


def test_the_numbers_are_the_engines():
    """The fog by day, nearest, run anew to the last digit; with BEIJI_FULL=1 every cell."""
    made = reading.cells() if FULL else reading.cells(("fog.day.nearest",))
    assert {cell: NUMBERS["cells"][cell] for cell in made} == json.loads(json.dumps(made)), "the engine tells other numbers: run python benchmarks/reading.py and read the page anew"


def test_every_cell_is_there():
    wanted = {f"{name}.{hour}.{policy}" for name in reading.SCENARIOS for hour in reading.HOURS for policy in reading.POLICIES}
    assert set(NUMBERS["cells"]) == wanted


@pytest.mark.parametrize("cell", [c for c in NUMBERS["cells"] if not c.endswith("nearest")])
def test_every_number_has_its_interval(cell):
    told = NUMBERS["cells"][cell]
    assert all(low <= mean <= high for mean, low, high in (told[name] for name in ("survivors", "deaths", "preventable", "against_nearest")))


def test_no_number_of_a_run_stands_in_the_prose_by_hand():
    """A result that is typed would drift: decimals, percentages and minutes of results come out of placeholders; what is left are the settings."""
    prose = re.sub(r"\{\{[^}]+\}\}|`[^`]*`|\([^)]*\.(?:md|py|yaml)[^)]*\)", "", TEMPLATE)
    assert re.findall(r"\d+\.\d+", prose) == []


def against(cell):
    return NUMBERS["cells"][cell]["against_nearest"]


def test_what_the_prose_calls_safe_is_wider_than_its_interval():
    """Fog: watching load saves by day and more by night, and more than the two other policies."""
    for hour in reading.HOURS:
        others = [against(f"fog.{hour}.{policy}") for policy in ("proportional", "concentrate")]
        assert against(f"fog.{hour}.spread")[2] < min(low for _, low, _ in others) < 0.0
    assert against("fog.night.spread")[0] < against("fog.day.spread")[0] - 0.5


def test_what_the_prose_calls_small_is_small():
    """Crush: spread against nearest within a tenth of a death, its sign turning between day and night; proportional the worst of four."""
    day, night = against("crush.day.spread"), against("crush.night.spread")
    assert max(map(abs, (*day, *night))) < 0.1
    assert day[0] * night[0] < 0.0
    for hour in reading.HOURS:
        assert all(against(f"crush.{hour}.proportional")[1] > against(f"crush.{hour}.{policy}")[2] for policy in ("spread", "concentrate"))
        assert against(f"crush.{hour}.proportional")[1] > 0.0


def test_the_scene_is_what_is_waited_for_first():
    first = [cell["short"][0][0] for cell in NUMBERS["cells"].values()]
    assert sum(kind in reading.AT_SCENE for kind in first) >= len(first) - 1


def test_by_night_people_join_what_is_short():
    people = {"physicians", "nurses", "door_triage_teams", "resus_teams", "transfer_teams", "surgeons", "anaesthetists"}

    def minutes(hour):
        return sum(n for name, cell in NUMBERS["cells"].items() if f".{hour}." in name for kind, n, _ in cell["short"] if kind in people)

    assert minutes("night") > 1.3 * minutes("day")
