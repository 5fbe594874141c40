"""What a second program, written from the model card, found in the engine: each fault on paper, in a tiny hospital."""

import dataclasses

import numpy as np
import pytest

from beiji.science.city import City
from beiji.science.draws import fixed
from beiji.science.run import simulate
from beiji.science.scenario import Arrivals

from . import cities
from .test_way import incident, reds, story, tiny


def worsening(truth, at, to):
    """Casualties whose signs say `truth` from the start and `to` from an exposure on; nobody dies."""
    pool = cities.plain_pool([at])
    return dataclasses.replace(pool, category=np.full(4, truth, np.int32), cross_category=np.full((4, 8), to, np.int32))


def test_who_is_black_but_alive_and_seen_to_be_red_is_looked_at_once():
    """Black walks red's path: the look calls him red, and the rest follows in the same bay. Look 0 to 5, rest 5 to 24, not two looks."""
    town = City("one", (tiny(resus_bays=1, resus_teams=1, surgeons=1, anaesthetists=1, nurses=3, icu_beds=0, ward_beds=0),))
    scenario = incident(reds(0.0, groups=("black",), colours=("black",)), transfers=False)
    assert [(e[0], e[1]) for e in story(town, scenario) if e[3] == "resus"] == [(0.0, "start"), (5.0, "done"), (5.0, "start"), (24.0, "done")]


def test_who_becomes_red_during_the_look_goes_to_the_bay():
    """A yellow in the urgent place (factor 0.6) whose signs become red at minute 2: the look ends at 5, he is red, and red's path begins; the tag had followed already."""
    town = City("two", (tiny(resus_bays=1, resus_teams=1, surgeons=1, anaesthetists=1, nurses=9, physicians=1, urgent_places=1, icu_beds=0),))
    scenario = incident(reds(0.0, groups=("yellow",), colours=("yellow",), stage="urgent_look"), pool=worsening(1, 1.2, 0), transfers=False)
    lines = story(town, scenario, what=("start", "colour"))
    assert [(e[0], e[1], e[3], e[4]) for e in lines if e[0] <= 5.0] == [
        (0.0, "start", "urgent_look", 1000), (2.0, "colour", None, 0), (5.0, "colour", None, 0), (5.0, "start", "resus", 1000)]


def test_who_sinks_below_red_is_not_called_yellow():
    """Group yellow, signs red from the start and, in the bay (factor 0.3), black but alive from minute 2: whoever examines him calls him red, not what his injury was."""
    town = City("three", (tiny(resus_bays=1, resus_teams=1, surgeons=1, anaesthetists=1, nurses=3, icu_beds=0),))
    scenario = incident(reds(0.0, groups=("yellow",)), pool=worsening(0, 0.6, 3), transfers=False)
    lines = story(town, scenario, what=("start", "colour"))
    assert [(e[0], e[1], e[4]) for e in lines if e[1] == "colour"][:2] == [(2.0, "colour", 3), (5.0, "colour", 0)]
    assert next(e[3] for e in lines if e[0] == 5.0 and e[1] == "start") == "resus"


def waited(town, scenario, station):
    """Minutes waited at a station for a place, people, both."""
    r = simulate(town, scenario, replications=1, threads=1, unlimited=False, horizon_min=100.0)
    row = next(row for row in r.lacking if row["station"] == station)
    return [pytest.approx(row[name], abs=1e-3) for name in ("place_min", "people_min", "both_min")]


def test_from_a_power_cut_on_the_theatre_is_lacking_too():
    """No surgeon all the time, no theatre from minute 40: he waits 40 minutes for people and 60 for both."""
    pool = dataclasses.replace(cities.plain_pool(), surgical=np.ones(4, np.int32))
    town = City("dark", (tiny(theatres=1, anaesthetists=1, scrub_nurses=2, blood_units=9, power_min=100, physicians=1),))
    scenario = incident(reds(0.0, stage="theatre_lifesaving"), pool=pool, transfers=False, grid_failure_min=40.0)
    assert waited(town, scenario, "theatre_lifesaving") == [0.0, 40.0, 60.0]


def test_when_the_last_place_beside_is_taken_the_own_place_is_lacking():
    """The bay is full and nobody is idle. Until minute 30 a minor place would do and only people are lacking; then it is taken and both are."""
    town = City("full", (tiny(resus_bays=1, resus_teams=1, surgeons=1, anaesthetists=1, nurses=2, minor_places=1, physicians=1),))
    lists = (reds(0.0, 10.0), Arrivals("b", minutes=(30.0,), hospital="q", stage="minor_look", groups=("green",), colours=("green",)))
    scenario = incident(*lists, service={"resus_look": fixed(200.0), "minor_look": fixed(200.0)})
    assert waited(town, scenario, "resus") == [0.0, 20.0, 70.0]
