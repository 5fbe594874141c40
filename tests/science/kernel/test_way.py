"""The way of a casualty, told by outcomes: three tiny hospitals worked out on paper, and what must be true of every hospital."""

import dataclasses
import itertools

import numpy as np
import pytest

from beiji.science.city import City, Hospital, Point
from beiji.science.draws import exponential, fixed
from beiji.science.experiment import compare
from beiji.science.outcome import residue
from beiji.science.pathway import Kind, Pathway, Stage, Station
from beiji.science.run import simulate
from beiji.science.scenario import Arrivals, Scenario
from beiji.science.session import Session, retag

from . import cities

MINUTES = {"resus_look": 5, "resus": 19, "urgent_look": 5, "urgent": 55, "minor_look": 3, "minor": 27, "door_triage": 0, "icu": 60, "icu_ventilated": 60, "icu_open": 60, "icu_open_ventilated": 60,
           "ct": 10, "ct_read": 8, "ward": 60, "theatre_lifesaving": 100, "transfer_prepare": 10}
NONE = dict.fromkeys(("door_triage_teams", "decon_lanes", "resus_bays", "resus_teams", "urgent_places", "minor_places", "xray_rooms", "ct_scanners", "ct_reporters", "theatres", "surgeons", "anaesthetists", "scrub_nurses", "blood_units", "icu_beds", "ventilators", "ward_beds", "transfer_teams", "physicians", "nurses", "declare_min", "ed_occupied_share"), 0)
SURE = {"look.undertriage": 0.0, "look.overtriage": 0.0, "hospital.callin_cv": 0.0, "body.rate_cv": 0.0, "hospital.ordinary_share": 0.0}


def tiny(code="q", **units):
    """A hospital that has what is named and plenty of beds behind; nobody was there before."""
    keys = {f"hospital.{k}": v for k, v in {**NONE, "icu_beds": 50, "ventilators": 50, "ward_beds": 50, "nurses": 100, **units}.items()}
    return Hospital(code, Point(32, 119), 1, keys, keys)


def incident(*lists, **fields):
    """Given arrivals with fixed minutes, looks without error, bodies that do not change."""
    parameters = {**SURE, **fields.pop("parameters", {})}
    service = {name: fixed(minutes) for name, minutes in MINUTES.items()} | fields.pop("service", {})
    return Scenario("tiny", 10.0, arrivals=lists, mix={"red": 1.0}, service=service, parameters=parameters, pool=fields.pop("pool", cities.plain_pool()), **fields)


def reds(*minutes, groups=("red",), colours=("red",), hospital="q", code="a", stage="resus_look"):
    return Arrivals(code, minutes=minutes, hospital=hospital, stage=stage, groups=groups, colours=colours)


def story(town, scenario, what=("start", "more", "done"), **options):
    """(minute, what, casualty, station, share of the team in thousandths) of what happened, in order."""
    session = Session(town, scenario, trace=True, horizon_min=600.0, **options)
    session.close()
    return [(round(e["minute"], 3), e["what"], e["casualty"], e["station"], e["value"]) for e in session.events() if e["what"] in what]


# ---- three tiny hospitals on paper ---------------------------------------------------------------------------------
def test_one_bay_and_one_team_treat_one_red_after_the_other():
    """Two reds at minute 0, one team of five, no other place. Look 5, rest 19. The first 0 to 24, the second 24 to 48."""
    town = City("one", (tiny(resus_bays=1, resus_teams=1, surgeons=1, anaesthetists=1, nurses=3),))
    lines = [e for e in story(town, incident(reds(0.0, 0.0)), what=("start", "done")) if e[3] == "resus"]
    assert [(e[0], e[1], e[2]) for e in lines] == [
        (0.0, "start", 0), (5.0, "done", 0), (5.0, "start", 0), (24.0, "done", 0), (24.0, "start", 1), (29.0, "done", 1), (29.0, "start", 1), (48.0, "done", 1)]
    assert all(e[4] == 1000 for e in lines if e[1] == "start")


def test_a_red_who_finds_the_bay_full_steps_sideways_and_goes_up():
    """One bay; a second surgeon and two more nurses are idle: three of a team of five, strength 0.6, in the urgent place. Look 5 / 0.6 = 8.333. The rest
    begins there; at 24 bay and team are free: 0.6 × (24 − 8.333) = 9.4 of 19 minutes are done, 9.6 are left, the end is at 33.6."""
    town = City("two", (tiny(resus_bays=1, resus_teams=1, surgeons=2, anaesthetists=1, nurses=4, urgent_places=1, icu_beds=0, ward_beds=0),))
    scenario = incident(reds(0.0, 0.0), transfers=False)
    assert [e for e in story(town, scenario) if e[2] == 1 and e[3] == "resus"] == [
        (0.0, "start", 1, "resus", 600), (8.333, "done", 1, "resus", 0), (8.333, "start", 1, "resus", 600), (24.0, "more", 1, "resus", 1000), (33.6, "done", 1, "resus", 0)]
    beds = City("two", (tiny(resus_bays=1, resus_teams=1, surgeons=2, anaesthetists=1, nurses=6, urgent_places=1),))
    session = Session(beds, incident(reds(0.0, 0.0), parameters={"nurse.icu_per": 4.0}), horizon_min=600.0)
    busy = []
    for minute in (20.0, 25.0):
        units = {u["kind"]: u["busy"] for u in session.advance(minute).snapshot()["units"]}
        busy.append((units["resus_bays"], units["urgent_places"]))
    assert busy == [(1, 1), (1, 0)], "the first goes to a bed, the second up to the bay"


def test_over_triage_costs_a_look():
    """The first of two red tags is no red: after five minutes he goes down to the urgent place, and the bay is free for the second, who ends at 29, not 48."""
    town = City("three", (tiny(resus_bays=1, resus_teams=1, surgeons=1, anaesthetists=1, nurses=2, urgent_places=1, physicians=1),))
    lines = story(town, incident(reds(0.0, 0.0, groups=("yellow", "red"))), what=("start", "done", "colour"))
    assert next((e[0], e[2], e[4]) for e in lines if e[1] == "colour") == (5.0, 0, 1)
    assert [(e[0], e[1]) for e in lines if e[2] == 1 and e[3] == "resus"] == [(5.0, "start"), (10.0, "done"), (10.0, "start"), (29.0, "done")]
    assert [(e[0], e[1]) for e in lines if e[2] == 0 and e[3] in ("urgent_look", "urgent")] == [(5.0, "start"), (15.0, "done"), (29.0, "start"), (84.0, "done")], (
        "a physician without a nurse takes twice the time, and no nurse is idle to watch until 29")


def test_operations_go_by_what_the_injury_is():
    """A fourth, with one theatre. A head is operated 0 to 100; meanwhile come a red head, a green tag who bleeds, a yellow chest. By the surgeon in charge: chest, bleeding,
    head, each 100 minutes. By colour: head, chest, bleeding."""
    pool = dataclasses.replace(cities.plain_pool(), surgical=np.ones(4, np.int32), needs=np.array([1 << 4, 1 << 1, 1 << 3, 0], np.int32))
    town = City("four", (tiny(theatres=1, surgeons=1, anaesthetists=1, scrub_nurses=2, blood_units=20),))
    lists = reds(0.0, 1.0, 2.0, 3.0, stage="theatre_lifesaving", groups=("red", "red", "green", "yellow"), colours=("red", "red", "green", "yellow"))

    def order(rule):
        lines = story(town, incident(lists, pool=pool, parameters={"rule.surgery_order": rule}), what=("start",))
        return [(e[0], e[2]) for e in lines if e[3] == "theatre_lifesaving"]

    assert order(1.0) == [(0.0, 0), (100.0, 3), (200.0, 2), (300.0, 1)]
    assert order(0.0) == [(0.0, 0), (100.0, 1), (200.0, 3), (300.0, 2)]


# ---- 1: care that was not given cures nothing ----------------------------------------------------------------------
def test_a_surgical_casualty_is_never_sent_home_without_the_operation():
    pool = cities.plain_pool([np.inf])
    pool = dataclasses.replace(pool, surgical=np.ones(4, np.int32), needs=np.full(4, 1 << 3, np.int32))
    town = City("none", (tiny(resus_bays=1, resus_teams=1, surgeons=1, anaesthetists=1, nurses=9),))
    r = simulate(town, incident(reds(0.0), pool=pool), replications=1, threads=1, unlimited=False, horizon_min=600.0)
    assert (int(r.out["left"][0]), int(r.out["waiting"][0])) == (0, 1)
    with_theatre = City("some", (tiny(resus_bays=1, resus_teams=1, surgeons=1, anaesthetists=1, nurses=9, theatres=1, scrub_nurses=2, blood_units=9),))
    r = simulate(with_theatre, incident(reds(0.0), pool=pool), replications=1, threads=1, unlimited=False, horizon_min=600.0)
    assert (int(r.out["left"][0]), int(r.out["operated"][0])) == (1, 1)


def test_a_need_that_nobody_met_goes_on_after_leaving():
    """A green tag on a casualty with an open head need and a look that misses it: he walks out, and the clock runs on to his death at exposure 200."""
    pool = dataclasses.replace(cities.plain_pool([200.0]), needs=np.full(4, 1 << 4, np.int32))
    town = City("door", (tiny(minor_places=1, physicians=1),))
    lists = reds(0.0, groups=("green",), colours=("green",), stage="minor_look")
    scenario = dataclasses.replace(incident(lists, pool=pool, service={"ward": fixed(1.0)}), mix={"green": 1.0})
    r = simulate(town, scenario, replications=4, threads=1, unlimited=False, horizon_min=600.0)
    assert r.out["dead_left"].tolist() == [1, 1, 1, 1]
    assert residue(r) == 0
    earlier = dataclasses.replace(scenario, parameters={**scenario.parameters, "rule.open_needs": 0.0})
    assert simulate(town, earlier, replications=4, threads=1, unlimited=False, horizon_min=600.0).out["dead"].sum() == 0


@pytest.mark.parametrize("kinds", [("theatres",), ("icu_beds",), ("nurses",), ("surgeons",), ("theatres", "icu_beds", "resus_teams", "ct_reporters")])
def test_a_city_without_loses_more(kinds):
    town, scenario = cities.city(4, 20), cities.scenario(80)
    base = simulate(town, scenario, replications=150, unlimited=False)
    bare = simulate(town.with_hospital("", {f"hospital.{k}": 0 for k in kinds}), scenario, replications=150, unlimited=False)
    assert compare(base, bare).low > 0.1


# ---- 2 to 4: people are one pool, care degrades --------------------------------------------------------------------
def test_people_are_one_pool_across_bay_and_theatre():
    """One anaesthetist: while he gives an anaesthetic for 100 minutes the next red is cared for by four of five."""
    pool = dataclasses.replace(cities.plain_pool(), surgical=np.ones(4, np.int32))
    town = City("pool", (tiny(resus_bays=2, resus_teams=1, surgeons=2, anaesthetists=1, nurses=20, theatres=1, scrub_nurses=2, blood_units=9, physicians=9),))
    lists = (reds(0.0, stage="theatre_lifesaving"), reds(10.0, code="b"))
    shares = [e[4] for e in story(town, incident(*lists, pool=pool), what=("start",)) if e[3] == "resus"]
    assert shares[0] == 800


def curve_town():
    """Four bays, three teams and the people for them."""
    return City("curve", (tiny(resus_bays=4, resus_teams=3, surgeons=6, anaesthetists=3, nurses=12, urgent_places=10, minor_places=10, theatres=3, scrub_nurses=9),))


def test_level_of_care_falls_with_the_arrival_rate():
    """Hirshberg's curve emerges: near one when reds come each hour, lower and lower as they come faster; nowhere is a number for it put in."""
    levels = []
    for gap in (60.0, 12.0, 6.0, 3.0):
        lists = Arrivals("a", count=40, gap=exponential(gap), hospital="q", stage="resus_look", groups=("red",), colours=("red",))
        r = simulate(curve_town(), incident(lists), replications=40, threads=1, unlimited=False)
        levels.append(float(np.nanmean(r.measure("level_of_care"))))
    assert levels[0] > 0.9
    assert all(a > b + 0.02 for a, b in itertools.pairwise(levels)), levels


def test_a_hospital_without_teams_never_saves_more():
    town, scenario = cities.city(3, 20), cities.scenario(60, transfers=False, policy="nearest")
    runs = [simulate(town.with_hospital("", {"hospital.resus_teams": n}), scenario, replications=200, unlimited=False) for n in (0, 3)]
    assert compare(runs[1], runs[0]).low > -0.02


# ---- 6: rounds and seniority ---------------------------------------------------------------------------------------
def test_who_is_tagged_anew_keeps_his_seniority():
    """Three yellows wait for one urgent place; the first to come becomes red and yellow again: he is still the next."""
    town = City("order", (tiny(urgent_places=1, physicians=1, resus_bays=0),))
    lists = reds(0.0, 1.0, 2.0, groups=("yellow",), colours=("yellow",), stage="urgent_look")
    scenario = dataclasses.replace(incident(lists), mix={"yellow": 1.0})
    session = Session(town, scenario, trace=True, horizon_min=600.0)
    session.advance(3.0).apply(retag(1, "red")).advance(4.0).apply(retag(1, "yellow"))
    session.close()
    order = [e["casualty"] for e in session.events() if e["what"] == "start" and e["station"] == "urgent_look"]
    assert order == [0, 1, 2]


def test_a_worsening_is_seen_at_the_next_round():
    """A yellow who waits becomes red at minute 20. With rounds each 30 min he is tagged within 30 min of it, not at once; with 0 at once."""
    pool = cities.plain_pool([np.inf])
    at, to, count = pool.cross_at.copy(), pool.cross_category.copy(), np.ones(4, np.int32)
    at[:, 0], to[:, 0] = 20.0, 0
    pool = dataclasses.replace(pool, cross_at=at, cross_category=to, cross_count=count, need_rate=np.ones(1024))
    town = City("round", (tiny(urgent_places=1, nurses=0),))
    lists = reds(0.0, groups=("yellow",), colours=("yellow",), stage="urgent_look")
    minutes = []
    for rounds in (30.0, 0.0):
        scenario = dataclasses.replace(incident(lists, pool=pool, parameters={"retriage.round_min": rounds}), mix={"yellow": 1.0})
        minutes.append(next(e[0] for e in story(town, scenario, what=("colour",))))
    assert 20.0 < minutes[0] < 50.0
    assert minutes[1] == 20.0


# ---- 7: a report -----------------------------------------------------------------------------------------------------
def test_a_reader_is_busy_while_he_reads_and_no_longer():
    """Two scans end at minute 10; one reader, 8 min each, a report 30 min after the scan when nobody waits: 40 and 48, not 40 and 70."""
    town = City("report", (tiny(ct_scanners=2, ct_reporters=1, anaesthetists=2, ct_report_min=30),))
    scenario = incident(reds(0.0, 0.0, stage="ct"), parameters={"take.red.ct": 0.9, "ct_report.cv": 0.0})
    found = ([e[0] for e in story(town, scenario, what=("done",), seed=seed) if e[3] == "ct_report"] for seed in range(1, 50))
    assert next(done for done in found if len(done) == 2) == [40.0, 48.0], "of a seed in which both are drawn for CT"


# ---- 8: bottlenecks --------------------------------------------------------------------------------------------------
def test_each_waited_minute_is_charged_to_what_is_lacking_in_it():
    """The second of two casualties lacks place and person for ten minutes, then a person for ten: 5 to the place, 15 to the people; 10 both, 10 people."""
    kinds = (Kind("bed", 0, "hospital.bed"), Kind("doctor", 1, "hospital.doctor", people=True))
    pathway = Pathway(kinds, (Station("care", (("bed", 1), ("doctor", 1))),), {"hospital": (Stage("care", "care", fixed(100.0), 100),)})
    keys = {"hospital.bed": {0: 1, 10: 2}, "hospital.doctor": {0: 1, 20: 2}, "hospital.declare_min": 0, "hospital.callin_wave1_share": 1}
    town = City("lack", (Hospital("q", Point(0, 0), 1, keys, keys),))
    scenario = Scenario("lack", 10.0, arrivals=(reds(0.0, 0.0, stage="care"),), pathway=pathway, pool=cities.plain_pool(), mix={"red": 1.0},
                        parameters={"hospital.callin_cv": 0.0})
    r = simulate(town, scenario, replications=1, threads=1, unlimited=False, horizon_min=300.0)
    assert {row["kind"]: (round(row["lacked_min"], 3), row["minute"]) for row in r.saturation} == {"bed": (5.0, 0.0), "doctor": (15.0, 0.0)}
    (row,) = r.lacking
    assert (round(row["place_min"], 3), round(row["people_min"], 3), round(row["both_min"], 3)) == (0.0, 10.0, 10.0)


def test_what_is_lacking_adds_up_to_what_is_waited():
    r = simulate(cities.city(3, 8, factor=0.5), cities.scenario(120), replications=5, threads=1, unlimited=False)
    waited = sum(row["waits"] * row["mean_min"] for row in r.stations)
    assert waited > 1000
    assert sum(row["lacked_min"] for row in r.saturation) == pytest.approx(waited, abs=0.1)
    assert sum(row["place_min"] + row["people_min"] + row["both_min"] for row in r.lacking) == pytest.approx(waited, abs=0.1)
    assert residue(r) == 0


# ---- 9: transfers ----------------------------------------------------------------------------------------------------
def test_a_transfer_keeps_the_bed_it_goes_to():
    """One intensive-care bed in the next hospital, 30 min away. A casualty is moved for it at minute 0; another comes there at minute 20 and must not take it."""
    a = tiny("a", icu_beds=0, transfer_teams=1)
    b = tiny("b", icu_beds=1)
    town = City("move", (a, b), travel_min={("a", "b"): 30.0})
    pool = dataclasses.replace(cities.plain_pool(), needs=np.full(4, 1 << 4, np.int32))
    lists = (reds(0.0, hospital="a", stage="ct_report", code="a"), reds(20.0, hospital="b", stage="ct_report", code="b"))
    quiet = {"travel.noise_cv": 0.0, "travel.hour_factor.10": 1.0, "take.red.ventilated": 1.0}

    def beds(**parameters):
        scenario = incident(*lists, pool=pool, parameters={**quiet, **parameters}, service={"ct_report": fixed(0.0)})
        return scenario, [(e[0], e[2]) for e in story(town, scenario, what=("start",)) if e[3] == "icu_ventilated"]

    scenario, kept = beds()
    assert kept == [(40.0, 0), (100.0, 1)]
    assert beds(**{"transfer.reserve": 0.0})[1] == [(20.0, 1), (80.0, 0)]
    r = simulate(town, scenario, replications=1, threads=1, unlimited=False, horizon_min=600.0)
    assert r.measure("crew_min")[0] == pytest.approx(10.0 + 30.0 + 30.0)


# ---- before the alert ------------------------------------------------------------------------------------------------
def test_patients_of_before_hold_nurses_and_ordinary_arrivals_go_on():
    keys = {"urgent_places": 8, "nurses": 4, "ed_occupied_share": 1.0, "ed_clear_min": 40}
    town = City("before", (tiny(**keys),))
    parameters = {"hospital.occupancy_cv": 0.0, "hospital.ordinary_share": 0.25}
    session = Session(town, incident(reds(500.0), parameters=parameters), horizon_min=600.0)
    busy = {u["kind"]: u["busy"] for u in session.snapshot()["units"]}
    assert (busy["urgent_places"], busy["nurses"]) == (8, 2.0)
    session.advance(60.0)
    busy = {u["kind"]: u["busy"] for u in session.snapshot()["units"]}
    assert (busy["urgent_places"], busy["nurses"]) == (2, 0.5)


# ---- expectant -------------------------------------------------------------------------------------------------------
def test_the_expectant_wait_only_where_the_city_lets_them():
    """A black casualty and a red behind him: where the city lets wait, black gets comfort and the theatre is the red's."""
    pool = dataclasses.replace(cities.plain_pool(), surgical=np.ones(4, np.int32), category=np.array([0, 1, 2, 3], np.int32))
    beds = {"resus_bays": 1, "resus_teams": 1, "surgeons": 1, "anaesthetists": 1, "nurses": 9, "minor_places": 2, "theatres": 1, "scrub_nurses": 2, "blood_units": 9,
            "door_triage_teams": 1}
    lists = (Arrivals("x", minutes=(0.0, 0.0), hospital="q", groups=("red", "black")),)
    for expectant, first in ((1.0, "comfort"), (0.0, "resus")):
        town = City("wait", (tiny(**beds),), day={"city.expectant": expectant}, night={"city.expectant": expectant})
        scenario = dataclasses.replace(incident(*lists, pool=pool, parameters={"comfort.cv": 0.0}), mix={"red": 0.5, "black": 0.5})
        scenario = dataclasses.replace(scenario, parameters={**scenario.parameters, "hospital.door_triage_undertriage": 0.0})
        lines = story(town, scenario, what=("start",))
        assert next(e[3] for e in lines if e[2] == 1 and e[3] != "door_triage") == first
