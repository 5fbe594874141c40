"""Waiting rooms that can be full: on foot goes on, brought waits in the vehicle; 0 is a room without limit."""
import dataclasses

import numpy as np

from beiji.science.run import simulate
from beiji.science.scenario import Arrivals
from beiji.science.session import Session

from . import cities
from .audit import faults

ROOM = {"hospital.waiting_room": 2}


def walkers(n, group="green", **fields):
    """n casualties of a group who come on foot to h000 in the same minute."""
    return dataclasses.replace(cities.scenario(0, scenes=1), scenes=(), transfers=False,
                               arrivals=(Arrivals("a", minutes=(5.0,) * n, hospital="h000", groups=(group,) * n, colours=(group,)),), **fields)


def test_who_comes_on_foot_to_a_full_room_goes_on_to_the_nearest_with_a_seat():
    """Seven come to a room of two seats: two stay, five go on; the third hospital is nearer than the second, and its room holds four."""
    town = cities.city(3, 4, hospital_keys=ROOM | {"hospital.ed_occupied_share": 0.0})
    town = town.with_hospital("h002", {"hospital.waiting_room": 4}).with_hospital("h001", {"hospital.waiting_room": 0})
    town = dataclasses.replace(town, travel_min={("h000", "h001"): 30.0, ("h000", "h002"): 6.0, ("h001", "h002"): 30.0})
    results = simulate(town, walkers(7), replications=20, threads=1)
    arrived = {row["hospital"]: row["arrived"] for row in results.hospitals}
    assert results.measure("turned_away").mean() == 5.0
    assert arrived["h000"] == 2.0
    assert arrived["h000"] + arrived["h001"] + arrived["h002"] == 7.0
    assert arrived["h002"] >= 4.0
    free = simulate(town.with_hospital("", {"hospital.waiting_room": 0}), walkers(7), replications=5, threads=1)
    assert free.measure("turned_away").max() == 0.0


def test_who_finds_every_room_full_stands_where_he_came():
    town = cities.city(2, 4, hospital_keys={"hospital.waiting_room": 1, "hospital.ed_occupied_share": 0.0, "hospital.door_triage_teams": 0})
    town = dataclasses.replace(town, travel_min={("h000", "h001"): 2.0})
    session = Session(town, walkers(6, "yellow"), seed=1).advance(13.0)
    assert session.sim.site["seated"].sum() == 6
    assert (session.sim.body["phase"] == 1).all()


def test_who_is_brought_to_a_full_room_holds_his_ambulance_until_he_is_called_in():
    """A room of one seat and few people: ambulances wait before the door, and fewer come back to the scene."""
    town = cities.city(1, 6, factor=0.3, hospital_keys={"hospital.ed_occupied_share": 0.0})
    incident = cities.scenario(40, scenes=1, transfers=False)
    full, free = (simulate(town.with_hospital("", {"hospital.waiting_room": n}), incident, replications=20, threads=1) for n in (1, 0))
    assert full.measure("held_vehicles").mean() > 2.0
    assert free.measure("held_vehicles").max() == 0.0
    assert (full.measure("scene_cleared_min") - free.measure("scene_cleared_min")).mean() > 0.3
    session = Session(town.with_hospital("", {"hospital.waiting_room": 1}), incident, seed=4)
    most = 0
    for minute in range(10, 600, 7):
        session.advance(minute)
        assert faults(session) == []
        body, site = session.sim.body, session.sim.site[session.model.site("h000")]
        assert site["outside"] == (body["seat"] == 2).sum()
        assert site["seated"] == (body["seat"] == 1).sum()
        assert not (site["outside"] and site["seated"] < 1)
        most = max(most, int(site["outside"]))
    assert most > 0


def test_a_restart_remembers_seats_and_vehicles_before_the_door():
    town = cities.city(1, 6, factor=0.3, hospital_keys={"hospital.waiting_room": 1, "hospital.ed_occupied_share": 0.0})
    incident = cities.scenario(40, scenes=1)
    session = Session(town, incident, seed=4)
    while not (session.sim.body["seat"] == 2).any():
        session.advance(session.now_min + 5.0)
    anew = Session(town, session.picture().onto(incident), seed=4)
    for field in ("seated", "outside"):
        assert np.array_equal(anew.sim.site[field], session.sim.site[field])
    assert faults(anew) == []


def test_lives_by_severity_add_up_and_no_outcome_is_told_by_place():
    results = simulate(cities.city(3, 15, factor=0.4), cities.scenario(90), replications=30, threads=2, detail="casualty")
    rows = {row["group"]: row for row in results.by_severity}
    assert sum(row["casualties"] for row in rows.values()) == 90.0
    assert sum(row["deaths"] for row in rows.values()) == np.float64(results.measure("deaths").mean()).round(9) or abs(
        sum(row["deaths"] for row in rows.values()) - results.measure("deaths").mean()) < 1e-6
    shares = {group: row["deaths"] / row["casualties"] for group, row in rows.items()}
    assert shares["red"] > shares["yellow"] > shares["green"]
    told = results.outcomes
    assert len(told) == 30 * 90
    assert abs(sum(row["survival"] for row in told) / 30 - results.measure("survivors").mean()) < 1e-6
    assert sum(row["died"] for row in told) == results.out["dead"].sum()
    assert not {"site", "hospital", "station"} & set(told[0])
