"""Children, burns and chemicals, told by outcomes: who comes to them, where they lie, where they are sent, and what is not said of them."""

import dataclasses

import numpy as np
import pytest

from beiji.science.casualties import build_pool
from beiji.science.city import Base, City, Point
from beiji.science.experiment import compare
from beiji.science.outcome import preventable, residue
from beiji.science.pathway import BURN, HEAD
from beiji.science.run import prepare, simulate
from beiji.science.scenario import Scenario, Scene

from . import cities
from .test_way import SURE, incident, reds, story, tiny

CHILDREN = dataclasses.replace(cities.plain_pool(), child=np.ones(4, bool))
STAFF = {"resus_bays": 2, "resus_teams": 2, "surgeons": 2, "anaesthetists": 2, "nurses": 20}
QUIET = {"travel.noise_cv": 0.0, "travel.hour_factor.10": 1.0, "take.red.ventilated": 1.0}


def needy(needs, **fields):
    """A pool in which everybody has these needs and nobody's clock runs."""
    return dataclasses.replace(cities.plain_pool(), needs=np.full(4, needs, np.int32), **fields)


def starts(town, scenario, *stations):
    """(minute, casualty, station, site) of every start at these stations."""
    from beiji.science.session import Session
    session = Session(town, scenario, trace=True, horizon_min=600.0)
    session.close()
    return [(round(e["minute"], 2), e["casualty"], e["station"], e["site"]) for e in session.events() if e["what"] == "start" and e["station"] in stations]


# ---- the child in an adult hospital ----------------------------------------------------------------------------------
@pytest.mark.parametrize(("teams", "share", "ends"), [(1, 1000, [5.0, 24.0]), (0, 833, [6.0, 28.8])])
def test_where_no_paediatric_team_comes_a_childs_care_is_that_of_a_thin_team(teams, share, ends):
    """A team of five and a paediatric team: look 5, rest 19. Five of six take 6 and 22.8."""
    town = City("child", (tiny(**STAFF, paediatric_teams=teams),))
    scenario = incident(reds(0.0), pool=CHILDREN, service={"resus_look_child": cities.Law("fixed", 0, 5.0), "resus_child": cities.Law("fixed", 0, 19.0)})
    lines = [e for e in story(town, scenario) if e[3] == "resus_child"]
    assert [e[4] for e in lines if e[1] == "start"] == [share, share]
    assert [e[0] for e in lines if e[1] == "done"] == ends


def test_a_paediatric_team_is_for_children():
    town = City("adult", (tiny(**STAFF, paediatric_teams=1),))
    assert [e[4] for e in story(town, incident(reds(0.0))) if e[3] == "resus" and e[1] == "start"] == [1000, 1000]


def test_children_stand_in_one_line_with_adults():
    """Adult, child, adult at minute 0 and one bay with its team: they are seen in this order."""
    pool = dataclasses.replace(cities.plain_pool(), child=np.array([False, True, False, False]), group=np.zeros(4, np.int32), category=np.zeros(4, np.int32))
    town = City("line", (tiny(**{**STAFF, "resus_bays": 1}, paediatric_teams=1),))
    lists = dataclasses.replace(reds(0.0, 0.0, 0.0), templates=(0, 1, 0))
    looked = [e[1] for e in starts(town, incident(lists, pool=pool), "resus", "resus_child")]
    assert looked == [0, 0, 1, 1, 2, 2]


def test_children_without_paediatric_teams_fare_worse_and_with_them_no_better_than_adults():
    town = cities.city(3, 20)
    scenario = cities.scenario(60, 1, mix={"red": 1.0}, child_share=1.0)
    helped = town.with_hospital("", {"hospital.paediatric_teams": 20})
    same = {"replications": 60, "threads": 1, "unlimited": False}
    with_teams, without = simulate(helped, scenario, **same), simulate(town, scenario, **same)
    assert compare(without, with_teams, "survivors").low > 0.0
    assert with_teams.measure("children").min() == 60.0
    assert with_teams.measure("children_survivors") == pytest.approx(with_teams.measure("survivors"))


def test_a_study_may_let_children_fall_faster():
    town, scenario = cities.city(3, 20), cities.scenario(60, 1, mix={"red": 1.0}, child_share=1.0)
    faster = dataclasses.replace(scenario, parameters={"body.child_rate": 1.5})
    same = {"replications": 20, "threads": 1, "unlimited": False}
    assert compare(simulate(town, faster, **same), simulate(town, scenario, **same), "survivors").low > 0.0


# ---- places ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("station", "key", "pool"), [("burn", "burn_beds", needy(BURN)), ("icu_child", "paediatric_icu_beds", needy(HEAD, child=np.ones(4, bool)))])
def test_a_bed_of_its_kind_is_taken_where_it_is_free_and_nobody_waits_for_it(station, key, pool):
    """Two casualties and one such bed: the second lies in ordinary intensive care at the same minute."""
    town = City("bed", (tiny(**{key: 1}),))
    scenario = incident(reds(0.0, 0.0, stage="ct_report"), pool=pool, parameters=QUIET, service={"ct_report": cities.Law("fixed", 0, 0.0)})
    assert starts(town, scenario, station, "icu_ventilated") == [(0.0, 0, station, "q"), (0.0, 1, "icu_ventilated", "q")]


@pytest.mark.parametrize(("crews", "there", "minutes"), [(1, "b", 40.0), (0, "a", 0.0)])
def test_a_burned_casualty_is_moved_to_a_burn_bed_that_is_free_elsewhere(crews, there, minutes):
    """Ten minutes of preparation and thirty of road; without a crew he lies in intensive care where he is."""
    town = City("burned", (tiny("a", transfer_teams=crews), tiny("b", burn_beds=1)), travel_min={("a", "b"): 30.0})
    scenario = incident(reds(0.0, hospital="a", stage="ct_report"), pool=needy(BURN), parameters=QUIET, service={"ct_report": cities.Law("fixed", 0, 0.0)})
    assert starts(town, scenario, "burn", "icu_ventilated") == [(minutes, 0, "burn" if crews else "icu_ventilated", there)]


def test_the_bed_that_he_is_moved_for_is_kept():
    """One burn bed, two burned casualties in two other hospitals at minutes 0 and 5: the second does not set out."""
    hospitals = (tiny("a", transfer_teams=1), tiny("b", burn_beds=1), tiny("c", transfer_teams=1))
    ways = dict.fromkeys((("a", "b"), ("b", "c"), ("a", "c")), 30.0)
    lists = (reds(0.0, hospital="a", stage="ct_report", code="a"), reds(5.0, hospital="c", stage="ct_report", code="c"))
    scenario = incident(*lists, pool=needy(BURN), parameters=QUIET, service={"ct_report": cities.Law("fixed", 0, 0.0)})
    assert starts(City("kept", hospitals, travel_min=ways), scenario, "burn", "icu_ventilated") == [(5.0, 1, "icu_ventilated", "c"), (40.0, 0, "burn", "b")]


# ---- routing ---------------------------------------------------------------------------------------------------------
def sent(policy, pool, *, near=None, far=None, minutes=(10.0, 25.0), **fields):
    """How many of ten reds are sent to the farther of two hospitals."""
    town = City("way", (tiny("far", **STAFF, **(far or {})), tiny("near", **STAFF, **(near or {}))), (Base("b", Point(32, 119)),),
                {"city.ambulances": 10}, {"city.ambulances": 10}, travel_min={("s", "near"): minutes[0], ("s", "far"): minutes[1]})
    if fields:
        town = town.with_hospital("far", {}, **fields)
    scenario = Scenario("way", 10.0, (Scene("s", Point(32, 119), 10, self_evacuation=0.0),), mix={"red": 1.0}, policy=policy, pool=pool,
                        parameters={**SURE, **QUIET, "policy.load_weight_min": 0.0, "policy.protect_min": 0.0, "policy.overflow": 10.0, "city.scene_undertriage": 0.0})
    rows = simulate(town, scenario, replications=1, threads=1, unlimited=False, horizon_min=300.0).hospitals
    return next(row["arrived"] for row in rows if row["hospital"] == "far")


@pytest.mark.parametrize(("policy", "pool", "far", "there"), [
    ("spread", CHILDREN, {"paediatric_teams": 1}, 10), ("spread", cities.plain_pool(), {"paediatric_teams": 1}, 0), ("nearest", CHILDREN, {"paediatric_teams": 1}, 0),
    ("spread", needy(BURN), {"burn_beds": 1}, 10), ("concentrate", needy(BURN), {"burn_beds": 1}, 10), ("spread", CHILDREN, {}, 0)])
def test_an_ambulance_goes_a_quarter_of_an_hour_farther_for_what_a_casualty_wants(policy, pool, far, there):
    assert sent(policy, pool, far=far) == there


def test_it_does_not_go_farther_than_the_register_says():
    assert sent("spread", CHILDREN, far={"paediatric_teams": 1}, minutes=(10.0, 31.0)) == 0


def test_a_hospital_may_take_children_only():
    closed = {"accepts": frozenset(), "accepts_children": frozenset({"red"})}
    for pool, there in ((CHILDREN, 10), (cities.plain_pool(), 0)):
        assert sent("nearest", pool, minutes=(25.0, 10.0), **closed) == there


# ---- what is not said ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("mechanism", ["burn", "chemical"])
def test_nobody_burned_or_poisoned_is_counted_as_dead_or_saved(mechanism):
    """They walk the whole way and wait, but survivors, deaths and preventable deaths are of the others: here of nobody."""
    scenario = cities.scenario(80, 1, mechanism=mechanism, mix={"red": 0.4, "yellow": 0.3, "green": 0.3})
    r = simulate(cities.city(3, 8, factor=0.3), scenario, replications=10, threads=1)
    for name, value in (("unscored", 80), ("scored", 0), ("survivors", 0), ("lived", 0), ("deaths", 0), ("preventable", 0), ("preventable_by_hospitals", 0), ("dead", 0)):
        assert r.measure(name) == pytest.approx(value), name
    assert preventable(r) == []
    assert sum(row["waits"] * row["mean_min"] for row in r.stations) > 100.0
    assert {row["station"] for row in r.stations} >= {"resus", "icu_ventilated", "ward"}


def test_of_an_explosion_only_the_burned_are_left_out():
    r = simulate(cities.city(3, 8, factor=0.3), cities.scenario(80, 1, mechanism="explosion"), replications=20, threads=1)
    burned = r.measure("unscored")
    assert 1.0 < burned.mean() < 15.0
    assert (r.measure("scored") == 80 - burned).all()
    assert (r.measure("survivors") + r.measure("deaths") == pytest.approx(r.measure("scored")))
    assert (r.measure("lived") <= r.measure("scored")).all()
    assert r.measure("deaths").mean() > 0.5
    assert residue(r) == 0


def test_their_signs_still_fall_and_who_was_dead_when_found_is_dead():
    pool = build_pool(mechanism="burn")
    told = pool.unscored == 0
    assert (pool.rpm[told] == 0).all(), "only the dead when found are told"
    assert (pool.cross_count[~told] > 0).any(), "their colours still change"
    assert not (np.where(np.arange(8) < pool.cross_count[:, None], pool.cross_category, 0)[~told] == 4).any()
    assert (pool.curves[pool.curve[~told]] == 1.0).all()


def test_a_pool_of_blunt_injuries_is_told_whole():
    model = prepare(cities.city(3), cities.scenario(30))
    assert not model.sim.template["unscored"].any()
