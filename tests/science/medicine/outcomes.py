"""Outcomes worked out beforehand, each a claim that raises AssertionError when it is wrong: shifts, live starts, calls, ranges, what a summary says."""

import re
from dataclasses import replace

import numpy as np

from beiji.packs import simulation
from beiji.science import session as decide
from beiji.science.capacity import hospital_capacity
from beiji.science.draws import fixed, triangular
from beiji.science.parameters import register
from beiji.science.pathway import standard_pathway
from beiji.science.run import simulate
from beiji.science.scenario import Arrivals, LiveCasualty
from beiji.science.session import Session
from beiji.science.summary import summarise
from beiji.science.tally import Tally
from beiji.science.words import Words

from ..kernel import cities

QUICK = {"seed": 1, "threads": 1, "unlimited": False}


def two_come_at_once(servers=1, minutes=10.0):
    """Two casualties at minute 0 who are served for ten minutes each."""
    lists = (Arrivals("a", minutes=(0.0, 0.0), hospital="q", stage="serve", colours=("green",)),)
    return cities.queue_case({"server": servers}, {"serve": ("server", fixed(minutes))}, lists)


def waited(town, incident):
    """Minutes waited by all, in one replication."""
    rows = simulate(town, incident, replications=1, detail="casualty", horizon_min=100.0, **QUICK).casualties
    return sum(row["end_min"] - row["start_min"] for row in rows)


def the_night_has_the_nights_people():
    """Two serve by day, one by night: the second waits ten minutes by night and none by day."""
    town, incident = two_come_at_once()
    hospital = replace(town.hospitals[0], day={"hospital.server": 2}, night={"hospital.server": 1})
    town = replace(town, hospitals=(hospital,))
    for hour, minutes in ((8.0, 0), (12.0, 0), (17.8, 0), (18.0, 10), (19.9, 10), (23.0, 10), (0.0, 10), (7.8, 10)):
        assert waited(town, replace(incident, hour=hour)) == minutes, hour


def a_live_stage_ends_by_its_remaining_minutes():
    """Ten minutes into a service of 5 to 15 (most often 10): less than five are left, 5/3 on average; who waits behind learns it."""
    town, incident = cities.queue_case({"server": 1}, {"serve": ("server", triangular(5.0, 10.0, 15.0))}, ())
    live = (LiveCasualty("q", "serve", running_min=10.0, colour="green", since_min=20.0), LiveCasualty("q", "serve", colour="green", since_min=5.0))
    rows = simulate(town, replace(incident, live=live), replications=200, detail="casualty", horizon_min=100.0, **QUICK).casualties
    waits = np.array([row["end_min"] - row["start_min"] for row in rows if row["casualty"] == 1])
    assert len(waits) == 200
    assert 0.0 <= waits.min() <= waits.max() <= 5.0
    assert abs(waits.mean() - 5.0 / 3.0) < 0.25


def a_live_start_remembers_what_still_protects():
    """Death at 15 minutes of exposure; for 20 minutes the clock still runs at half speed, so that death comes at minute 25."""
    town, incident = cities.queue_case({"server": 1}, {"serve": ("server", fixed(1000.0))}, (), pool=cities.plain_pool(np.array([15.0])))
    first = LiveCasualty("q", "serve", running_min=1.0, colour="green", since_min=9.0, exposure_min=0.0, template=0)
    waiting = LiveCasualty("q", "serve", colour="green", since_min=5.0, exposure_min=0.0, template=0, partial=(0.5, 20.0))
    incident = replace(incident, live=(first, waiting), pathway=replace(incident.pathway, paths={"hospital": (replace(incident.pathway.paths["hospital"][0], protect=0.0),)}))
    for horizon, dead in ((14.0, 0), (24.0, 0), (26.0, 1)):
        out = simulate(town, incident, replications=1, horizon_min=horizon, **QUICK).out
        assert out["dead"][0] == dead, horizon


def a_called_wave_comes_at_its_own_pace():
    """Called at minute 30, planned for 120 minutes after the declaration, in a hospital whose people take J times as long: there at 30 + 120 J."""
    town = cities.city(1, 10).with_hospital("h000", {"hospital.surgeons": {0: 1, 120: 6}, "hospital.callin_wave2_min": 60, "hospital.declare_min": 120.0})
    incident = cities.scenario(3, 1, parameters={"hospital.callin_cv": 0.5})
    apart = 0
    for seed in (1, 2, 3):
        session = Session(town, incident, seed=seed).advance(30.0).apply(decide.call_wave("h000", 2))
        at = session.model.site("h000")
        pace = float(session.sim.site["callin_pace"][at])
        apart += abs(pace - 1.0) > 0.05
        unit = session.sim.unit[at * len(session.model.kinds) + session.model.kind("surgeons")]
        session.advance(30.0 + 120.0 * pace - 0.01)
        assert unit["cap"] == 1
        session.advance(30.0 + 120.0 * pace + 0.01)
        assert unit["cap"] == 6
    assert apart >= 2


def minutes_to_theatre_are_of_those_operated():
    """Held against the stories: from injury to the first start of life-saving surgery, mean over those who had one, in a city where many never do."""
    town = cities.city(3, 20, factor=0.5)
    results = simulate(town, cities.scenario(120, 1), replications=4, detail="casualty", horizon_min=400.0, **QUICK)
    first = {}
    for row in results.casualties:
        if row["stage"] == "theatre_lifesaving" and row["ended_by"] == "service":
            first.setdefault((row["replication"], row["casualty"]), row["end_min"])
    told = results.measure("time_to_theatre_min")
    assert results.out["surgical"].sum() > len(first)
    for k in range(4):
        mine = [minute for (replication, _), minute in first.items() if replication == k]
        assert results.out["surgical"][k] >= len(mine) > 0
        assert abs(told[k] - np.mean(mine)) < 1e-6


def the_kind_that_is_full_first_is_named():
    """Two bays, one team, half an hour each, one after the other: with arrivals at 0, 0 and 5 a bay is lacking at 5 and a team at 30; with one bay after
    one team and arrivals at 0, 0 the team is lacking at 0, the bay never."""
    for order, servers, minutes, kind, at in (
        (("resus_bays", "resus_teams"), {"resus_bays": 2, "resus_teams": 1}, (0.0, 0.0, 5.0), "resus_bays", 5.0),
        (("resus_teams", "resus_bays"), {"resus_teams": 1, "resus_bays": 1}, (0.0, 0.0), "resus_teams", 0.0),
    ):
        lists = (Arrivals("a", minutes=minutes, hospital="q", stage="one", colours=("red",)),)
        stages = {"one": (order[0], fixed(30.0)), "two": (order[1], fixed(40.0))}
        town, incident = cities.queue_case(servers, stages, lists)
        rows = summarise(simulate(town, incident, replications=2, horizon_min=300.0, **QUICK)).saturated
        assert [(row.kind, row.first_min) for row in rows] == [(kind, at)]


def only_occupied_beds_can_be_emptied():
    """Occupied beds of the demo city are beds times the register's occupancy; reverse triage empties its share of half of them (full activation)."""
    library = simulation.find_library()
    pack = simulation.find_city(library, "yangzhou")
    city, p = simulation.load_city(pack), register()
    kinds = standard_pathway(p).kinds
    for hospital in city.hospitals:
        beds = float(pack.hospitals[hospital.code].beds)
        occupied = round(beds * 0.9)
        assert hospital.occupied_beds == occupied
        share = float(hospital.day.get("hospital.reverse_triage_share", p["hospital.reverse_triage_share"]))
        before, steps = hospital_capacity(hospital, night=False, kinds=kinds, parameters=p)
        planned = dict(hospital.day["hospital.ward_beds"])
        gained = before["ward_beds"] + sum(s.amount for s in steps if s.kind == "ward_beds") - planned[max(planned)]
        assert gained == int(share * 0.5 * occupied), hospital.code


def the_interval_of_a_mean_covers_it_as_often_as_it_says():
    """Student's interval of 8 normal values, 4,000 times, against the per cent that is printed beside it."""
    said = float(re.search(r"\(([0-9]+) % interval", Words("en").table["expert"])[1]) / 100
    rng, hits = np.random.default_rng(5), 0
    for _ in range(4000):
        tally = Tally(1e-6)
        tally.add(rng.normal(3.0, 2.0, 8))
        low, high = tally.interval()
        hits += low <= 3.0 <= high
    assert abs(hits / 4000 - said) < 0.011


def nine_of_ten_events_lie_in_the_range_that_says_so():
    """And not many more: a range of all would hold them too."""
    said = [int(n) for n in re.findall(r"([0-9]+) of ([0-9]+) events", Words("en").table["survive"])[0]]
    lived = simulate(cities.city(5, 15), cities.scenario(300, 2), replications=400, horizon_min=600.0, **QUICK).measure("lived")
    tally = Tally(1.0)
    tally.add(lived)
    low, high = tally.events()
    assert ((lived >= low) & (lived <= high)).mean() >= said[0] / said[1]
    assert ((lived > low) & (lived < high)).mean() < said[0] / said[1]


