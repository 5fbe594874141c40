"""The scenarios of the packs in the demo city: each runs, its page is what its numbers say, and what a scenario adds to a city is what its words say."""

import argparse
import json
import re
from dataclasses import replace

import pytest
from benchmarks import scenarios

from beiji.packs import simulate as command
from beiji.packs import simulation, simulation_request
from beiji.science.city import City
from beiji.science.errors import ScienceError
from beiji.science.impaired import Impaired
from beiji.science.run import simulate

NUMBERS = json.loads(scenarios.NUMBERS.read_text(encoding="utf-8"))
KINDS = (
    "fog", "chemical", "crush", "dust", "train", "tornado", "bus-crash", "collapse", "ship", "school-bus", "poisoning", "power",
)  # fmt: skip


@pytest.fixture(scope="module")
def world():
    return scenarios.world()


def test_scenarios_load_whole():
    library = simulation.find_library()
    assert len(library.scenarios) >= 12
    for pack in library.scenarios.values():
        scenario = simulation.load_scenario(pack)
        assert scenario.casualties() == pack.casualties.count + sum(row.count for row in pack.hospital_arrivals)
        assert (scenario.season, len(scenario.scenes)) == (pack.season, len(pack.scenes))
        assert all(text[language] for text in (pack.title, pack.shows, pack.does_not_show) for language in ("en", "zh-Hans", "he"))


def test_the_page_is_the_template_with_the_numbers():
    template = scenarios.TEMPLATE.read_text(encoding="utf-8")
    assert scenarios.PAGE.read_text(encoding="utf-8") == scenarios.page(NUMBERS, template), (
        "run: python benchmarks/scenarios.py --page"
    )


def test_every_scenario_runs_at_its_hour_and_at_night(world):
    """Nobody is lost, nobody is left unreached, and at least the twelve kinds of incident are there; one line of the page is the engine's to the digit."""
    city, all_of_them = world
    assert [kind for kind in KINDS if not any(kind in name for name in all_of_them)] == []
    assert set(NUMBERS["cells"]) == {f"{name}.{when}" for name in all_of_them for when in ("own", "night")}
    for name, scenario in all_of_them.items():
        for hour in scenarios.hours(scenario).values():
            results = scenarios.run(city, replace(scenario, hour=hour), 3)
            assert (results.measure("casualties") == scenario.casualties()).all(), name
            assert results.measure("unreached").sum() == 0, name
    told = NUMBERS["cells"]["bus-crash-county-hospital.own"]
    assert scenarios.cell(scenarios.run(city, all_of_them["bus-crash-county-hospital"])).items() <= told.items(), (
        "run: python benchmarks/scenarios.py"
    )


def test_no_survival_is_told_of_the_burned_and_the_poisoned():
    for name in ("metal-dust-burns", "food-poisoning"):
        told = NUMBERS["cells"][f"{name}.own"]
        assert told["unscored"] == told["casualties"]


def test_a_damaged_hospital_costs_lives_and_still_gets_most():
    assert NUMBERS["rises"]["tornado-damaged-hospital"][1] > 0.3
    assert 0.0 < NUMBERS["rises"]["hospital-without-power"][1] < 0.3
    assert NUMBERS["cells"]["tornado-damaged-hospital.own"]["came"][0] == "lotus"


def with_lotus(city: City, **changes) -> City:
    return replace(city, hospitals=tuple(replace(h, **changes) if h.code == "lotus" else h for h in city.hospitals))


def test_an_impaired_hospital_is_one_whose_timetable_says_less(world):
    """Half of the bays, power that fails, another colour accepted: by a row, or by a city written by hand."""
    city, all_of_them = world
    scenario = all_of_them["g2-fog-pileup"]
    row = Impaired(
        "lotus",
        frozenset({"green"}),
        20.0,
        {"hospital.power_min": 30.0},
        {"hospital.resus_bays": {0.0: 0.5, 45.0: 1.0}},
    )
    lotus = city.hospital("lotus")
    assert (
        lotus.day["hospital.resus_bays"] == {0.0: 4.0, 30.0: 4.0, 60.0: 4.0, 120.0: 4.0}
        or len(lotus.day["hospital.resus_bays"]) == 4
    )
    changed = {}
    for side in ("day", "night"):
        old = getattr(lotus, side)["hospital.resus_bays"]
        bays = {0.0: old[0.0] // 2, 30.0: old[30.0] // 2, 45.0: old[30.0], 60.0: old[60.0], 120.0: old[120.0]}
        changed[side] = {**getattr(lotus, side), "hospital.resus_bays": bays, "hospital.power_min": 30.0}
    by_hand = with_lotus(city, accepts=frozenset({"green"}), grid_failure_min=20.0, **changed)
    by_row, same = (
        scenarios.run(*pair, 20) for pair in ((city, replace(scenario, impaired=(row,))), (by_hand, scenario))
    )
    assert (by_row.measure("survivors") == same.measure("survivors")).all()
    assert by_row.hospitals == same.hospitals
    assert (by_row.measure("survivors") != scenarios.run(city, scenario, 20).measure("survivors")).any()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((Impaired("lotos"),), "Unknown hospital 'lotos'"),
        ((Impaired("lotus"), Impaired("lotus")), "more than one row"),
        ((Impaired("lotus", accepts=frozenset({"blue"})),), "Unknown colour 'blue'"),
        ((Impaired("lotus", left={"hospital.waiting_room": 0.5}),), "gives no such number"),
        ((Impaired("lotus", left={"hospital.theatres": 1.5}),), "is no share that is left"),
    ],
)
def test_a_wrong_row_is_refused_in_a_sentence(world, rows, said):
    city, all_of_them = world
    with pytest.raises(ScienceError, match=said):
        simulate(city, replace(all_of_them["g2-fog-pileup"], impaired=rows), replications=1, threads=1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("share: 1\n", "share: 1\n    overtriage: 5\n", "overtriage is 5.0. Give a share from 0 to 1"),
        ("licence:", "impaired: [{hospital: pine, left: {hospital.theatre: 0}}]\nlicence:", "Did you mean hospital.theatres?"),
        ("licence:", "impaired: [{hospital: pine, left: {hospital.theatres: 2}}]\nlicence:", "hospital.theatres needs shares from 0 to 1"),
        ("licence:", "impaired: [{hospital: pine, values: {hospital.power_min: 500}}]\nlicence:", "hospital.power_min must lie between 0 and 120"),
        ("licence:", "impaired: [{hospital: pine, values: {hospital.theatres: 1}}]\nlicence:", "is no scalar of a hospital"),
        ("licence:", "impaired: [{hospital: pine}]\nlicence:", "impaired[0] changes nothing. Write accepts"),
    ],
)
def test_a_wrong_field_of_the_file_is_named_with_its_mend(tmp_path, old, new, said):
    library = simulation.find_library()
    text = (library.root / "scenarios" / "crowd-crush.yaml").read_text(encoding="utf-8")
    own = tmp_path / "mine.yaml"
    own.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(simulation.SimulationError, match=re.escape(said)):
        simulation.load_scenario(simulation.find_scenario(library, str(own)))


def test_a_scene_has_its_own_over_triage(world):
    """At the school few are tagged red who are not in danger; with the city's share more would be."""
    city, all_of_them = world
    scenario = all_of_them["food-poisoning"]
    plain = replace(scenario, scenes=tuple(replace(scene, overtriage=None) for scene in scenario.scenes))
    few, many = (
        sum(float(row["arrived_red"]) for row in scenarios.run(city, one, 10).hospitals) for one in (scenario, plain)
    )
    assert few < many - 5


def test_values_of_a_scenario_hold_beside_changes_by_hand():
    """They were left out in silence when a scenario was run by the command."""
    parser = argparse.ArgumentParser()
    command.add_words(parser)
    asked = simulation_request.request(
        parser.parse_args(["food-poisoning", "--city", "yangzhou", "--set", "take.red.icu=0.5"])
    )
    assert asked.scenario.parameters["take.green.xray"] == 0.1
    assert asked.scenario.parameters["take.red.icu"] == 0.5
    assert any("It is for" in note for note in asked.notes)
