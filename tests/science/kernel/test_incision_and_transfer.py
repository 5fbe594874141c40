"""Named outcomes of two promises: medians from the door to the incision by specialty, and what a transfer keeps, repeats and costs."""

import dataclasses

import numpy as np
import pytest

from beiji.science.city import City
from beiji.science.pathway import BURN, COMPRESSIBLE, HEAD, NON_COMPRESSIBLE, ORTHOPAEDIC
from beiji.science.results import SPECIALTIES
from beiji.science.run import simulate

from . import cities
from .test_way import incident, reds, story, tiny

SURGERY = {"theatres": 1, "surgeons": 1, "anaesthetists": 1, "scrub_nurses": 2, "blood_units": 10}
QUIET = {"travel.noise_cv": 0.0, "travel.hour_factor.10": 1.0, "take.red.ventilated": 1.0, "take.yellow.theatre": 0.6}


def needing(*needs, surgical=1):
    """A pool in which the template of each group has its own needs; nobody's clock runs."""
    plain = cities.plain_pool()
    return dataclasses.replace(plain, needs=np.array([*needs, *[0] * (4 - len(needs))], np.int32), surgical=np.full(4, surgical, np.int32))


# ---- from the door to the incision -----------------------------------------------------------------------------------
def test_the_median_is_from_the_first_door_to_the_incision_of_those_operated():
    """One theatre, 100 minutes an operation, three bleeding abdomens at minute 7: incisions 0, 100 and 200 minutes after the door."""
    town = City("cut", (tiny(**SURGERY),))
    scenario = incident(reds(7.0, 7.0, 7.0, stage="ct_report"), pool=needing(NON_COMPRESSIBLE), parameters=QUIET, service={"ct_report": cities.Law("fixed", 0, 0.0)})
    r = simulate(town, scenario, replications=2, threads=1, unlimited=False, horizon_min=600.0)
    (row,) = r.incisions
    assert (row["specialty"], row["operations"]) == ("general", 3.0)
    assert row["median_min"] == pytest.approx(101.0, abs=1.0)
    assert row["quarter_min"] < 2.0 < 200.0 < row["three_quarters_min"]


@pytest.mark.parametrize(("needs", "named"), [(COMPRESSIBLE, "vascular"), (HEAD, "neurosurgery"), (NON_COMPRESSIBLE | HEAD, "general"), (0, "other")])
def test_whose_operation_it_is_follows_the_leading_need(needs, named):
    town = City("cut", (tiny(**SURGERY),))
    scenario = incident(reds(0.0, stage="ct_report"), pool=needing(needs), parameters=QUIET, service={"ct_report": cities.Law("fixed", 0, 0.0)})
    (row,) = simulate(town, scenario, replications=1, threads=1, unlimited=False, horizon_min=600.0).incisions
    assert row["specialty"] == named


def test_deferred_surgery_comes_after_life_saving_surgery_and_is_told_apart():
    """Of one theatre the fractures of minute 0 wait for the two bleeding abdomens of minutes 5 and 6."""
    plain = needing(NON_COMPRESSIBLE, ORTHOPAEDIC)
    pool = dataclasses.replace(plain, surgical=np.array([1, 0, 0, 0], np.int32))
    lists = (reds(0.0, 0.0, 0.0, stage="ct_report", groups=("yellow",), colours=("yellow",), code="a"), reds(5.0, 6.0, stage="ct_report", code="b"))
    town = City("order", (tiny(**SURGERY),))
    scenario = incident(*lists, pool=pool, parameters=QUIET, service={"ct_report": cities.Law("fixed", 0, 0.0), "theatre_deferred": cities.Law("fixed", 0, 60.0)})
    medians = {}
    for seed in range(1, 30):
        r = simulate(town, scenario, replications=1, seed=seed, threads=1, unlimited=False, horizon_min=900.0)
        found = {row["specialty"]: row for row in r.incisions}
        if found.get("orthopaedic", {}).get("operations") == 3.0:
            medians = {name: row["median_min"] for name, row in found.items()}
            break
    assert medians["orthopaedic"] > medians["general"]


def test_in_a_city_limbs_wait_longest_and_sums_do_not_depend_on_threads():
    town, scenario = cities.city(3, 20, factor=0.7), cities.scenario(120, 1, mechanism="penetrating")
    one, two = (simulate(town, scenario, replications=200, threads=n, unlimited=False) for n in (1, 2))
    assert (one.incision == two.incision).all()
    assert {row["specialty"] for row in one.incisions} <= set(SPECIALTIES)
    assert one.incisions[-1]["specialty"] == "orthopaedic"
    assert sum(row["operations"] for row in one.incisions if row["specialty"] != "orthopaedic") == pytest.approx(one.measure("operated").mean())


# ---- transfers -------------------------------------------------------------------------------------------------------
def three(most_moves):
    """Theatre only at b, intensive care only at c; casualties come to a. Ways of 30 minutes."""
    hospitals = (tiny("a", icu_beds=0, transfer_teams=2), tiny("b", icu_beds=0, transfer_teams=2, **SURGERY), tiny("c"))
    town = City("moves", hospitals, travel_min=dict.fromkeys((("a", "b"), ("b", "c"), ("a", "c")), 30.0))
    scenario = incident(reds(0.0, hospital="a", stage="ct_report"), pool=needing(NON_COMPRESSIBLE | BURN), parameters={**QUIET, "transfer.most_moves": most_moves},
                        service={"ct_report": cities.Law("fixed", 0, 0.0)})
    return town, scenario


def test_a_casualty_is_moved_as_often_as_his_needs_ask_and_each_crews_minutes_count():
    """Ten minutes of preparation and thirty of road to theatre, 100 of surgery, ten and thirty to intensive care: 40 and 180. Two crews of 70 minutes."""
    town, scenario = three(3.0)
    assert [(e[0], e[3]) for e in story(town, scenario, what=("start",)) if e[3] in ("theatre_lifesaving", "icu_ventilated")] == [
        (40.0, "theatre_lifesaving"), (180.0, "icu_ventilated")]
    r = simulate(town, scenario, replications=1, threads=1, unlimited=False, horizon_min=600.0)
    assert r.measure("moved")[0] == 2
    assert r.measure("crew_min")[0] == pytest.approx(140.0)


def test_who_may_be_moved_once_waits_at_the_second_hospital():
    town, scenario = three(1.0)
    assert [e[3] for e in story(town, scenario, what=("start",)) if e[3] in ("theatre_lifesaving", "icu_ventilated")] == ["theatre_lifesaving"]


@pytest.mark.parametrize(("begin", "units", "pool"), [
    ("door_triage", {"door_triage_teams": 1}, needing(0, surgical=0)), ("ct_report", {}, needing(0, surgical=1)),
    ("ct_report", {"icu_beds": 0}, needing(HEAD, surgical=0)), ("ct_report", {"ward_beds": 0}, needing(0, surgical=0))],
    ids=["resuscitation", "theatre", "intensive care", "ward"])
def test_any_need_that_a_hospital_cannot_meet_moves_him(begin, units, pool):
    """What is nowhere in this hospital is found in the next, whatever it is; where that is nowhere either he stays."""
    there = tiny("b", resus_bays=1, resus_teams=1, **SURGERY)
    scenario = incident(reds(0.0, hospital="a", stage=begin), pool=pool, parameters={**QUIET, "take.red.ward": 1.0}, service={"ct_report": cities.Law("fixed", 0, 0.0)})

    def moved(other):
        town = City("any", (tiny("a", transfer_teams=1, **units), other), travel_min={("a", "b"): 30.0})
        return simulate(town, scenario, replications=1, threads=1, unlimited=False, horizon_min=600.0).measure("moved")[0]

    assert moved(there) == 1
    nothing = {"icu_beds": 0, "ventilators": 0, "ward_beds": 0, "nurses": 0}
    assert moved(tiny("b", **nothing)) == 0
