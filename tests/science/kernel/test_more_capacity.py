"""(d) On the registered scenarios, of paired runs: more of a kind raises expected deaths nowhere but where the exception is listed and explained."""

import dataclasses
import math
import os
from statistics import NormalDist

import pytest
from benchmarks.engine_capacity import KINDS, LEVEL, SCENARIOS, WORST, one_more

from beiji.packs import simulation
from beiji.science.experiment import compare
from beiji.science.run import simulate

FULL = os.environ.get("BEIJI_FULL") == "1"
PAIRS = 2000 if FULL else 150
SHORT = ("hospital.surgeons", "hospital.theatres", "hospital.nurses", "hospital.icu_beds")

#: (key, change): why more of it may cost; docs/decisions/0020-way-of-a-casualty.md.
EXCEPTIONS = {
    ("hospital.resus_bays", "one more"): "the policy that watches load looks at bays and sends casualties where there are no people for them",
    ("hospital.minor_places", "0 to 1"): "one place makes the slightly injured wait, and who waited 90 minutes is moved by the crew that the severely injured then lack",
    ("hospital.xray_rooms", "0 to 1"): "one room is a queue before theatre, and what is missed without a picture is not simulated",
    ("hospital.ct_scanners", "0 to 1"): "one scanner is a queue before theatre, and what is missed without a picture is not simulated",
    ("hospital.ct_reporters", "0 to 1"): "one reporter is a queue before theatre, and what is missed without a report is not simulated",
}


@pytest.fixture(scope="module")
def world():
    library = simulation.find_library()
    scenarios = {name: simulation.load_scenario(simulation.find_scenario(library, name)) for name in SCENARIOS}
    return simulation.load_city(simulation.find_city(library, "yangzhou")), scenarios


@pytest.fixture(scope="module")
def base(world):
    city, scenarios = world
    return {name: deaths(city, scenario) for name, scenario in scenarios.items()}


def deaths(city, scenario):
    return simulate(city, scenario, replications=PAIRS, threads=2, unlimited=False).measure("deaths")


def bounds(rise):
    """Simultaneous 99 % bounds of the mean rise, over all comparisons of all scenarios."""
    wide = NormalDist().inv_cdf(1.0 - (1.0 - LEVEL) / (2 * len(KINDS) * len(SCENARIOS))) * rise.std(ddof=1) / math.sqrt(len(rise))
    return rise.mean() - wide, rise.mean() + wide


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("key", KINDS if FULL else SHORT)
def test_more_of_a_kind_costs_no_lives(key, name, world, base):
    """With 2,000 pairs (BEIJI_FULL=1) the upper bound lies below 0.05 deaths; with fewer no rise of that size is shown."""
    city, scenarios = world
    scenario = scenarios[name]
    none, one = (deaths(city.with_hospital("", {key: n}), scenario) for n in (0, 1))
    for what, rise in (("0 to 1", one - none), ("one more", deaths(one_more(city, key), scenario) - base[name])):
        if (key, what) in EXCEPTIONS:
            continue
        low, high = bounds(rise)
        assert (high if FULL else low) < WORST, (what, rise.mean(), low, high)


def test_a_rise_would_be_seen(world, base):
    """The other way round, surgeons 1 to 0, is a rise, and it is shown."""
    city, scenarios = world
    none, one = (deaths(city.with_hospital("", {"hospital.surgeons": n}), scenarios["g2-fog-pileup"]) for n in (0, 1))
    assert bounds(none - one)[0] > WORST


def test_a_place_for_the_slightly_injured_costs_lives_only_through_the_crews_that_move_them(world):
    """The trace of the exception, as an experiment: everywhere no place or one, everybody to the nearest hospital. With transfers the rise is charged to
    missing crews; without transfers the same place saves lives."""
    city, scenarios = world
    fog = dataclasses.replace(scenarios["g2-fog-pileup"], policy="nearest")

    def pair(scenario):
        return [simulate(city.with_hospital("", {"hospital.minor_places": n}), scenario, replications=400, threads=2, unlimited=False) for n in (0, 1)]

    none, one = pair(fog)
    crews = one.cause_by_replication("transfer_teams") - none.cause_by_replication("transfer_teams")
    assert compare(none, one).low > 0.0
    assert crews.mean() > compare(none, one).mean
    assert compare(*pair(dataclasses.replace(fog, transfers=False))).high < 0.0


def test_the_exceptions_are_kinds_that_there_are():
    assert {key for key, _ in EXCEPTIONS} <= set(KINDS)
    assert all(len(why) > 20 for why in EXCEPTIONS.values())
