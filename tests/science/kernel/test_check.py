"""Bad input: each case gives a sentence that names field, value and mend; all faults at once; never a hang, a default or a stale result."""
import dataclasses
import math
import threading

import numpy as np
import pytest

from beiji.science.check import check, check_run
from beiji.science.draws import Law, exponential, law_from, quantiles, triangular
from beiji.science.errors import Cancelled, ScienceError
from beiji.science.parameters import register
from beiji.science.pathway import Station, standard_pathway
from beiji.science.run import simulate
from beiji.science.scenario import Arrivals, LiveCasualty, Scene

from . import cities

TOWN, INCIDENT = cities.city(3, 10), cities.scenario(30)


def keys(**values):
    return TOWN.with_hospital("h001", {f"hospital.{k}": v for k, v in values.items()})


def incident(**fields):
    return dataclasses.replace(INCIDENT, **fields)


def scene(**fields):
    return incident(scenes=(dataclasses.replace(INCIDENT.scenes[0], **fields),))


def pathway(**changes):
    return incident(pathway=dataclasses.replace(standard_pathway(register()), **changes))


RED = standard_pathway(register()).paths["red"]
CASES = [
    (dataclasses.replace(TOWN, hospitals=()), INCIDENT, "hospitals", "no hospitals"),
    (keys(resus_teams=-1), INCIDENT, "hospital h001.day.hospital.resus_teams", "-1 is not a number from 0"),
    (keys(resus_teams={0: 2, 30: -2}), INCIDENT, "resus_teams@30", "-2 is not"),
    (keys(resus_teams=math.nan), INCIDENT, "resus_teams", "nan is not"),
    (keys(resus_teams={0: 2, 60: 4, 30: 3}), INCIDENT, "resus_teams", "goes backwards: minute 30 after 60"),
    (keys(resus_teams=2.5), INCIDENT, "hospital h001.day.hospital.resus_teams", "2.5 teams is not a whole number"),
    (keys(nurses={0: 4, 30: 6.5}), INCIDENT, "hospital.nurses@30", "6.5 people is not a whole number"),
    (cities.city(3, {0: 10.5}), INCIDENT, "city.ambulances@0", "10.5 vehicles is not a whole number"),
    (keys(resus_teams={}), INCIDENT, "resus_teams", "empty"),
    (keys(resus_team=3), INCIDENT, "hospital h001.day.hospital.resus_team", "Unknown resource"),
    (dataclasses.replace(TOWN, hospitals=(*TOWN.hospitals, TOWN.hospitals[0])), INCIDENT, "hospitals", "used twice"),
    (dataclasses.replace(TOWN, bases=()), INCIDENT, "bases", "No ambulance base"),
    (cities.city(3, 0), INCIDENT, "city.ambulances", "0 ambulances"),
    (cities.city(3, 10, policy="dice"), INCIDENT, "city.distribution_policy", "Unknown policy 'dice'"),
    (dataclasses.replace(TOWN, travel_min={("s0", h.code): math.inf for h in TOWN.hospitals}), INCIDENT, "scene s0", "Unreachable"),
    (dataclasses.replace(TOWN, travel_min={("s0", "h000"): math.nan}), INCIDENT, "travel_min[s0, h000]", "nan is not"),
    (TOWN.with_hospital("h001", {}, activation="wild"), INCIDENT, "activation", "Unknown level 'wild'"),
    (TOWN.with_hospital("h001", {}, accepts=frozenset({"blue"})), INCIDENT, "accepts", "Unknown colour 'blue'"),
    (TOWN.with_hospital("h001", {}, at=cities.Point(99.0, 0.0)), INCIDENT, "hospital h001.lat", "99.0 is not"),
    (TOWN, incident(scenes=()), "casualties", "0 casualties"),
    (TOWN, scene(casualties=200_000), "casualties", "200,000 casualties"),
    (TOWN, scene(casualties=-3), "scene s0.casualties", "-3 is not"),
    (TOWN, incident(mix={"red": 0.5, "yellow": 0.2}), "mix", "sum to 0.7, not to 1"),
    (TOWN, incident(mix={"red": math.nan, "green": 1.0}), "mix", "nan is not"),
    (TOWN, incident(mix={"red": 0.5, "mauve": 0.5}), "mix.mauve", "Unknown severity group"),
    (TOWN, scene(contaminated=1.5), "contaminated", "1.5 is not"),
    (TOWN, scene(start_min=math.inf), "start_min", "inf is not"),
    (TOWN, scene(find=exponential(-2.0)), "scene s0.find", "negative or unordered"),
    (TOWN, scene(find=quantiles((5.0, 3.0))), "scene s0.find", "never fall"),
    (TOWN, scene(triage_crews={10: 2, 5: 3}), "triage_crews", "goes backwards"),
    (TOWN, incident(hour=25.0), "hour", "25.0 is not"),
    (TOWN, incident(service={"surgery": exponential(5)}), "service.surgery", "Unknown stage"),
    (TOWN, incident(service={"ct": triangular(5, 3, 9)}), "service.ct", "unordered"),
    (TOWN, incident(service={"ct": Law("odd", 9)}), "service.ct", "Unknown distribution code 9"),
    (TOWN, incident(service={"ct": exponential(math.nan)}), "service.ct", "NaN"),
    (TOWN, incident(parameters={"body.rate": 1.0}), "parameters.body.rate", "Unknown parameter"),
    (TOWN, incident(parameters={"body.rate_cv": 9.0}), "parameters.body.rate_cv", "9.0 is not"),
    (TOWN, incident(policy="dice"), "policy", "Unknown policy"),
    (TOWN, incident(policy="table"), "table", "there is no table"),
    (TOWN, incident(policy="split", split={("", ""): {"h000": 0.5, "h001": 0.4}}), "split", "sum to 0.9"),
    (TOWN, incident(policy="split", split={("", ""): {"nowhere": 1.0}}), "split", "Unknown hospital 'nowhere'"),
    (TOWN, incident(policy="table", table={("x", ""): (("h000", 5),)}), "table", "Unknown scene or colour"),
    (TOWN, incident(arrivals=(Arrivals("a", minutes=(1.0, math.nan), hospital="h000"),)), "arrivals a.minutes[1]", "nan is not"),
    (TOWN, incident(arrivals=(Arrivals("a", count=3, hospital="nowhere"),)), "arrivals a.hospital", "Unknown hospital"),
    (TOWN, incident(arrivals=(Arrivals("a", count=3, shares={"h000": 0.0}),)), "arrivals a.shares", "above 0"),
    (TOWN, incident(arrivals=(Arrivals("a", count=3, colours=("red", "red")),)), "arrivals a.colours", "2 values for 3"),
    (TOWN, incident(arrivals=(Arrivals("a", count=1, groups=("blue",)),)), "arrivals a.groups", "Unknown colour"),
    (TOWN, incident(arrivals=(Arrivals("a", minutes=(1.0,), count=2),)), "arrivals a.count", "does not fit"),
    (TOWN, incident(live=(LiveCasualty("nowhere", "resus"),)), "live[0].site", "Unknown site"),
    (TOWN, incident(live=(LiveCasualty("h000"),)), "live[0]", "Neither a stage nor"),
    (TOWN, incident(live=(LiveCasualty("h000", "cutting"),)), "live[0].stage", "Unknown stage"),
    (TOWN, incident(live=(LiveCasualty("h000", "resus", running_min=-4.0),)), "live[0].running_min", "-4.0 is not"),
    (TOWN, pathway(stations=(*standard_pathway(register()).stations, Station("odd", (("magic", 1),)))), "station odd", "Unknown resource 'magic'"),
    (TOWN, pathway(paths={"hospital": (RED[-1], RED[0])}), "stage hospital.resus", "does not come after"),
    (TOWN, pathway(paths={"hospital": (dataclasses.replace(RED[0], flags=("shiny",)),)}), "stage hospital.resus", "Unknown flag"),
    (TOWN, pathway(paths={"hospital": (dataclasses.replace(RED[0], take_to=2.0),)}), "stage hospital.resus", "Write 0"),
    (TOWN, incident(pool=dataclasses.replace(cities.plain_pool(), category=np.full(4, 4))), "pool.category", "not a colour of the living"),
    (TOWN, incident(pool=dataclasses.replace(cities.plain_pool(), curves=np.array([np.linspace(0.1, 0.9, 577)]))), "pool.curves", "rise"),
]


@pytest.mark.parametrize(("town", "event", "where", "what"), CASES, ids=[f"{k}-{c[2]}" for k, c in enumerate(CASES)])
def test_each_fault_is_named_with_value_and_mend(town, event, where, what):
    problems = check(town, event)
    hit = [p for p in problems if where in p.where and what in p.what + " " + p.mend]
    assert hit, [str(p) for p in problems]
    assert all(len(p.mend) > 10 for p in problems)
    with pytest.raises(ScienceError):
        simulate(town, event, replications=1, threads=1)


def test_a_good_city_has_no_faults():
    assert check(TOWN, INCIDENT) == []


def test_a_missing_key_is_named():
    h = TOWN.hospitals[0]
    lame = dataclasses.replace(h, day={k: v for k, v in h.day.items() if k != "hospital.theatres"})
    problems = check(dataclasses.replace(TOWN, hospitals=(lame,)), INCIDENT)
    assert [p.what for p in problems] == ["No value for hospital.theatres."]


def test_all_faults_at_once():
    problems = check(keys(resus_teams=-1, theatres=math.nan), incident(hour=99.0, mix={"red": 0.4}), deterioration="magic", horizon_min=-5)
    assert len(problems) >= 7          # two keys by day and night, hour, mix, model, horizon


@pytest.mark.parametrize(("call", "where"), [({"replications": 0}, "replications"), ({"replications": 1.5}, "replications"), ({"seed": -1}, "seed"),
                                            ({"seed": True}, "seed"), ({"threads": 0}, "threads"), ({"threads": 5000}, "threads"), ({"detail": "all"}, "detail"),
                                            ({"first": -1}, "first")])
def test_bad_calls(call, where):
    with pytest.raises(ScienceError, match=where):
        simulate(TOWN, INCIDENT, **call)
    assert len(check_run(replications=0, seed=-1, threads=0, detail="x", first=-1)) == 5


def test_unknown_names_name_the_known():
    with pytest.raises(KeyError, match="h000"):
        TOWN.hospital("nowhere")
    with pytest.raises(KeyError, match="deaths"):
        simulate(TOWN, INCIDENT, replications=1, threads=1, unlimited=False).measure("luck")
    with pytest.raises(ValueError, match="Unknown distribution 'weibull'"):
        law_from({"weibull": {"a": 1}})
    with pytest.raises(ValueError, match="Not a distribution"):
        law_from("soon")


def test_a_cancelled_run_says_so_and_gives_nothing():
    stop = threading.Event()
    with pytest.raises(Cancelled, match="of 4000"):
        simulate(TOWN, INCIDENT, replications=4000, threads=2, cancel=stop, progress=lambda done, _all: stop.set() if done > 50 else None)


def test_progress_reaches_the_end():
    seen = []
    simulate(TOWN, INCIDENT, replications=30, threads=2, unlimited=False, progress=lambda done, whole: seen.append((done, whole)))
    assert seen[-1] == (30, 30)
    assert [d for d, _ in seen] == sorted(d for d, _ in seen)


def test_stories_that_do_not_fit_are_refused():
    with pytest.raises(ScienceError, match="at most 33,333 replications"):
        simulate(TOWN, INCIDENT, replications=40_000, detail="casualty")
    from beiji.science.run import prepare, written
    sim = prepare(TOWN, INCIDENT).fresh(trace=5)
    sim.control["traced"] = 5
    with pytest.raises(ScienceError, match="too short"):
        written(sim)


def test_extremes_run():
    """One casualty; nobody but expectants; a scene without casualties; a horizon of a minute."""
    assert simulate(TOWN, cities.scenario(1, scenes=1), replications=3, threads=1).out["casualties"].tolist() == [1, 1, 1]
    simulate(TOWN, incident(mix={"black": 1.0}), replications=3, threads=1)
    simulate(TOWN, incident(scenes=(*INCIDENT.scenes, Scene("empty", cities.Point(32.4, 119.4), 0))), replications=3, threads=1)
    assert simulate(TOWN, INCIDENT, replications=2, threads=1, horizon_min=1.0).measure("arrived").max() == 0
