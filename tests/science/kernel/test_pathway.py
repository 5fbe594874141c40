"""Stages are rows of data: the standard rows are in order, and a new stage needs no change of the kernel."""

import dataclasses

from beiji.science.check import check
from beiji.science.draws import fixed, lognormal, quantiles
from beiji.science.parameters import register
from beiji.science.pathway import Kind, Stage, Station, standard_pathway
from beiji.science.playback import CODES
from beiji.science.run import simulate
from beiji.science.scenario import Arrivals
from beiji.science.stage_table import PAGE, page

from . import cities


def test_places_rise_along_every_standard_path():
    assert check(cities.city(2, 5), cities.scenario(5, pathway=standard_pathway(register()))) == []


def test_purposes_are_not_shared_by_accident():
    stages = {s.name: s for path in standard_pathway(register()).paths.values() for s in path}
    durations = [s.purpose for s in stages.values() if not s.name.endswith("_child")]  # a child's row stands in place of its adult twin
    assert len(durations) == len(set(durations))
    assert not set(durations) & {s.take_purpose for s in stages.values()}


def test_a_new_stage_is_rows_of_data():
    """A burn bath between imaging and theatre: a kind, a station, a stage, a key at the hospital. Everyone red goes through it."""
    standard = standard_pathway(register())
    red = standard.paths["red"]
    bath = Stage("burn_bath", "burn_bath", fixed(25.0), 900)
    pathway = dataclasses.replace(
        standard,
        kinds=(*standard.kinds, Kind("burn_baths", 1, "hospital.burn_baths")),
        stations=(*standard.stations, Station("burn_bath", (("burn_baths", 1),))),
        paths={**standard.paths, "red": (*red[:4], bath, *red[4:])},
    )
    town = cities.city(2, 10).with_hospital("", {"hospital.burn_baths": 1})
    r = simulate(
        town, cities.scenario(60, pathway=pathway), replications=5, threads=1, unlimited=False, detail="casualty"
    )
    baths = [row for row in r.casualties if row["stage"] == "burn_bath"]
    assert len(baths) > 20
    assert any(row["end_min"] > row["start_min"] for row in baths)


def test_service_times_can_be_overridden_and_arrivals_given():
    town = cities.city(1, 5, hospital_keys={"hospital.ed_occupied_share": 0, "hospital.minor_places": 1})
    incident = cities.scenario(
        0,
        scenes=1,
        service={"minor": fixed(30.0), "door_triage": fixed(0.0)},
        mix={"green": 1.0},
        arrivals=(Arrivals("log", minutes=(5.0, 5.0, 5.0), hospital="h000", colours=("green",), stage="minor"),),
    )
    incident = dataclasses.replace(incident, scenes=())
    r = simulate(town, incident, replications=1, threads=1, unlimited=False, detail="casualty")
    waits = sorted(row["end_min"] - row["start_min"] for row in r.casualties if row["stage"] == "minor")
    assert waits == [0.0, 30.0, 60.0]


def test_minutes_of_hospital_keys_are_the_means_of_their_stages():
    town = cities.city(2, 10)
    quick = simulate(
        town.with_hospital("", {"hospital.ct_report_min": 1}),
        cities.scenario(60),
        replications=10,
        threads=1,
        unlimited=False,
    )
    slow = simulate(
        town.with_hospital("", {"hospital.ct_report_min": 180}),
        cities.scenario(60),
        replications=10,
        threads=1,
        unlimited=False,
    )
    assert slow.measure("deaths").mean() > quick.measure("deaths").mean()
    own = simulate(
        town,
        cities.scenario(60, service={"ct_report": lognormal(180.0, 0.1)}),
        replications=10,
        threads=1,
        unlimited=False,
    )
    assert own.measure("deaths").mean() > quick.measure("deaths").mean()


def test_gaps_and_curves_count_from_the_lists_start():
    town = cities.city(1, 5)
    gaps = Arrivals("gaps", count=3, gap=fixed(10.0), start_min=30.0, hospital="h000")
    curve = Arrivals("curve", count=2, curve=quantiles((5.0, 5.0)), start_min=100.0, shares={"h000": 1.0})
    incident = dataclasses.replace(cities.scenario(0, scenes=1, arrivals=(gaps, curve)), scenes=())
    r = simulate(town, incident, replications=1, threads=1, unlimited=False, detail="casualty")
    minutes = sorted(float(line["at"]) for line in r.trace[0] if line["code"] == CODES.index("arrive"))
    assert minutes == [40.0, 50.0, 60.0, 105.0, 105.0]


def test_the_page_of_stages_is_what_the_engine_runs():
    assert PAGE.read_text(encoding="utf-8") == page(standard_pathway(register())), "python -m beiji.science.stage_table"


def test_nobody_waits_for_a_place_of_the_kind_he_holds():
    """A hospital without resuscitation bays and with one urgent place: red-tagged who are not severe pass through it one by one."""
    town = cities.city(1, 20, hospital_keys={"hospital.resus_bays": 0, "hospital.urgent_places": 1, "hospital.ed_occupied_share": 0,
                                             "hospital.door_triage_overtriage": 0.9})
    r = simulate(town, cities.scenario(12, scenes=1, mix={"green": 1.0}, transfers=False), replications=5, threads=1, unlimited=False)
    assert r.measure("waiting").max() == 0
    assert (r.out["left"] + r.out["in_stage"] + r.out["dead"] == 12).all()
    red = standard_pathway(register()).paths["red"]
    wrong = dataclasses.replace(standard_pathway(register()), paths={**standard_pathway(register()).paths, "red": (*red[-1:], *red[:-1])})
    assert any("resus_look" in p.where for p in check(town, cities.scenario(5, pathway=wrong)))
