"""The whole run against the two published figures that calibration used; agreement here proves nothing and only guards against drift."""

import pytest

from beiji.packs import simulation
from beiji.science.run import simulate


@pytest.fixture(scope="module")
def crush():
    library = simulation.find_library()
    city = simulation.load_city(simulation.find_city(library, "yangzhou"))
    return city, simulation.load_scenario(simulation.find_scenario(library, "crowd-crush"))


def test_critical_mortality_of_an_event_in_the_city_is_near_the_published(crush):
    """Deaths after being found alive, per critically injured: 12.4 % pooled, London 15, Madrid 17 to 19.5."""
    city, scenario = crush
    results = simulate(city, scenario, replications=200, seed=1, policy="spread", threads=1)
    people = scenario.casualties()
    late = results.measure("deaths").mean() - people * scenario.mix["black"]
    assert 0.10 < late / (people * scenario.mix["red"]) < 0.24


@pytest.mark.parametrize("model", ["mills", "simedis"])
def test_the_other_models_disagree_but_not_beyond_reason(crush, model):
    city, scenario = crush
    same = {"replications": 100, "seed": 1, "threads": 1}
    base = simulate(city, scenario, **same).measure("preventable").mean()
    other = simulate(city, scenario, deterioration=model, **same).measure("preventable").mean()
    assert base < other < 5 * base
