"""Kernel and plain twin agree in every replication: on random cities with every mechanism, on ties, with each kind scarce, on the three scenarios."""

import dataclasses
import os

import pytest

from beiji.packs import simulation as packs
from beiji.science import draws as plain_draws
from beiji.science.scenario import Arrivals

from ..kernel import cities
from . import draws, twin
from .cases import odd_case, random_case, ties, way_case
from .compare import differences

DEEP = os.environ.get("BEIJI_FULL") == "1"
KINDS = sorted({kind for table in cities.SIZES.values() for kind in table})


def packed(name):
    """The demo city and one of its scenarios."""
    library = packs.find_library()
    town = packs.load_city(packs.find_city(library, "yangzhou"))
    return town, packs.load_scenario(packs.find_scenario(library, name))


def test_the_twin_draws_what_the_plain_draws_draw():
    key = draws.key_of(7, 3, draws.CASUALTY, draws.numbered("s1", 12))
    assert key == plain_draws.entity_key(7, 3, 1, plain_draws.numbered_id("s1", 12))
    assert draws.u(key, draws.RIDE, 1) == plain_draws.uniform(key, plain_draws.Purpose.RIDE, 1)


@pytest.mark.parametrize("policy", ["nearest", "proportional", "spread", "concentrate"])
def test_agrees_on_a_small_city(policy):
    assert differences(cities.city(5, 20), cities.scenario(60), policy=policy, unlimited=True) == []


@pytest.mark.parametrize("model", ["mills", "simedis"])
def test_agrees_under_each_model_of_deterioration(model):
    assert differences(cities.city(3, 12), cities.scenario(40), deterioration=model) == []


@pytest.mark.parametrize("number", range(150 if DEEP else 16))
def test_agrees_on_a_random_city(number):
    town, incident = random_case(number)
    assert differences(town, incident, seed=number + 1, unlimited=number % 3 == 0) == []


@pytest.mark.parametrize("number", range(300 if DEEP else 14))
def test_agrees_on_the_way_of_a_casualty(number):
    """Few people, thin nights, changes of shift inside the run, every rule of before and now, cities that let wait, transfers more than once: casualty by
    casualty, minute by minute."""
    town, incident, options = way_case(number)
    assert differences(town, incident, seed=number + 1, unlimited=number % 3 == 0, **options) == []


@pytest.mark.parametrize("number", range(700, 800 if DEEP else 708))
def test_agrees_on_an_odd_city(number):
    town, incident, options = odd_case(number)
    assert differences(town, incident, seed=2**40 + number, unlimited=True, **options) == []


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_each_kind_scarce(kind):
    few = {0: 2, 45: 6, 90: 3} if kind in ("scrub_nurses", "blood_units") else {0: 1, 45: 2, 90: 1}
    town = cities.city(3, 15, hospital_keys={f"hospital.{kind}": few})
    assert differences(town, cities.scenario(60), replications=5 if DEEP else 1, seed=4) == []


@pytest.mark.parametrize("policy", ["nearest", "spread", "concentrate"])
@pytest.mark.parametrize("scenes", [1, 2])
def test_agrees_when_everything_happens_at_the_same_minutes(policy, scenes):
    """Fixed whole minutes, bursts, equal distances, steps at the minutes of the bursts: only the order of ties decides."""
    town, incident = ties(policy, scenes)
    assert differences(town, incident, replications=20 if DEEP else 4) == []


def test_agrees_where_given_casualties_enter_a_stage():
    lists = (Arrivals("bays", minutes=(5.0, 5.0, 9.0), hospital="h000", stage="ct", colours=("red", "yellow", "green")), Arrivals("beds", count=9, gap=plain_draws.exponential(3.0), stage="icu"))
    assert differences(cities.city(2, 3), dataclasses.replace(cities.scenario(10, 1), arrivals=lists)) == []


@pytest.mark.parametrize("horizon", [60.0, 100.0, 130.0])
def test_agrees_on_what_happens_exactly_at_the_horizon(horizon):
    town, incident = ties()
    assert differences(town, incident, replications=2, horizon_min=horizon) == []


def test_agrees_on_a_textbook_queue():
    pool = cities.plain_pool([5.0, 30.0, float("inf")])
    lists = (Arrivals("x", count=200, gap=plain_draws.exponential(1.0), colours=("red", "yellow") * 100),)
    stages = {"one": ("a", plain_draws.exponential(1.5)), "two": ("b", plain_draws.fixed(1.0))}
    assert differences(*cities.queue_case({"a": 2, "b": 1}, stages, lists, pool=pool), replications=3) == []


@pytest.mark.parametrize("name", ["g2-fog-pileup", "chemical-park-explosion", "crowd-crush"])
def test_agrees_on_the_scenarios_of_the_demo_city(name):
    town, incident = packed(name)
    for policy in (None, "spread", "concentrate") if DEEP else (None, "spread"):
        assert differences(town, incident, replications=20 if DEEP else 2, policy=policy, unlimited=policy is None) == []


@pytest.mark.parametrize("number", range(6))
def test_looking_at_every_head_starts_nobody_whom_the_touched_stations_would_not(number):
    """The thorough twin tries all heads, the lean one only those of stations that have changed: a head that slept would part them."""
    town, incident = random_case(number)
    rows = [twin.simulate(town, incident, replications=2, seed=9, thorough=thorough) for thorough in (True, False)]
    for one, other in zip(*rows, strict=True):
        assert {k: v for k, v in one.items() if k != "sites"} == {k: v for k, v in other.items() if k != "sites"}
