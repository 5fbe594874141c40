"""The largest event managed alone, on a tiny hospital worked by hand."""
import pytest

from beiji.science.alone import (
    DEFINITION,
    DEFINITION_OF_CITY,
    SCENE_LIMITS,
    largest_alone,
    managed_events,
    scaled,
    wilson,
)
from beiji.science.draws import fixed, uniform_law
from beiji.science.errors import ScienceError
from beiji.science.parameters import register
from beiji.science.playback import wait_ends, waits
from beiji.science.run import simulate
from beiji.science.scenario import Arrivals

from . import cities


def tiny(bays, minutes, law=None, night=None):
    """All come at once to so many bays of fixed minutes."""
    lists = (Arrivals("a", minutes=(0.0,) * 60, hospital="q", stage="care", colours=("red",)),)
    town, incident = cities.queue_case({"resus": bays}, {"care": ("resus", law or fixed(minutes))}, lists)
    if night is not None:
        town = town.with_hospital("q", {})
        hospital = town.hospitals[0]
        town = type(town)(town.code, (type(hospital)(hospital.code, hospital.at, 1, {"hospital.resus": bays}, {"hospital.resus": night}),))
    return town, incident


@pytest.mark.parametrize(("bays", "minutes", "alone"), [
    (2, 10.0, 4),    # waits 0 0 10 10 20 …: with the fifth one in five waits over 10 minutes
    (3, 4.0, 10),    # waits 0 4 8 12: the tenth waits 12 and is one in ten, which is managed; with the eleventh two are late
    (2, 11.0, 2),    # the third waits 11 minutes
    (1, 5.0, 3),     # waits 0 5 10 15
])
def test_the_largest_event_of_a_tiny_hospital_is_the_one_worked_by_hand(bays, minutes, alone):
    town, incident = tiny(bays, minutes)
    found = largest_alone(town, incident, "q", replications=12, threads=1, horizon_min=600.0)
    assert found.casualties == alone
    assert found.low <= found.casualties <= found.high
    assert found.definition == DEFINITION
    assert not found.bounded


def test_by_night_it_is_the_nights_people_that_count():
    town, incident = tiny(4, 10.0, night=1)
    day = largest_alone(town, incident, "q", night=False, replications=12, threads=1, horizon_min=600.0)
    night = largest_alone(town, incident, "q", night=True, replications=12, threads=1, horizon_min=600.0)
    assert (day.casualties, night.casualties) == (8, 2)


def test_shares_fall_with_the_event_and_the_interval_holds_the_answer():
    town, incident = tiny(3, 0.0, law=uniform_law(2.0, 18.0))
    found = largest_alone(town, incident, "q", replications=60, threads=1, horizon_min=600.0)
    shares = list(found.shares.values())
    assert shares == sorted(shares, reverse=True)
    assert found.shares[found.casualties] >= 0.9 > found.shares[found.casualties + 1]
    assert found.low <= found.casualties <= found.high
    assert found.low < found.high


def test_a_search_that_ends_at_its_bound_says_so_and_a_hospital_that_there_is_not_is_refused():
    town, incident = tiny(60, 1.0)
    found = largest_alone(town, incident, "q", replications=4, threads=1, most=20, horizon_min=600.0)
    assert found.casualties == 20
    assert found.bounded
    with pytest.raises(ScienceError, match="Unknown hospital 'w'"):
        largest_alone(town, incident, "w")


def test_scenes_grow_in_proportion():
    incident = cities.scenario(30, scenes=3)
    assert [s.casualties for s in scaled(incident, 90).scenes] == [30, 30, 30]
    assert sum(s.casualties for s in scaled(incident, 7).scenes) == 7


def test_the_city_of_one_hospital_without_a_scene_manages_what_the_hospital_manages():
    town, incident = tiny(2, 10.0)
    found = largest_alone(town, incident, replications=12, threads=1, horizon_min=600.0)
    assert (found.casualties, found.place, found.definition) == (4, town.code, DEFINITION_OF_CITY)


def test_a_city_short_of_ambulances_manages_less_alone():
    few, many = (managed_events(cities.city(3, n), cities.scenario(60, 1), register(), 20, scene_limits=SCENE_LIMITS, threads=1) for n in (4, 40))
    unlooked = managed_events(cities.city(3, 4), cities.scenario(60, 1), register(), 20, scene_limits={}, threads=1)
    assert few < unlooked
    assert few < many


def test_the_waits_of_an_event_at_once_are_those_told_one_by_one():
    made = simulate(cities.city(3, 12, factor=0.4), cities.scenario(90), replications=2, threads=1, detail="casualty", unlimited=False)
    for k, trace in enumerate(made.trace):
        ends = wait_ends(trace, 2880.0)
        told = waits(made.model, k, trace)
        at_once = zip(*(ends[name].tolist() for name in ("site", "station", "start", "end")), strict=True)
        assert sorted((made.model.sites[s], made.model.stations[t], a, b) for s, t, a, b in at_once) == sorted((w["site"], w["stage"], w["start_min"], w["end_min"]) for w in told)
        assert ends["unserved"].sum() == sum(w["ended_by"] in ("limit", "death", "horizon") for w in told) > 0
    assert len(wait_ends(made.trace[0][:0], 9.0)["end"]) == 0


def test_wilsons_interval_by_hand():
    """Nine of ten: 0.596 to 0.982."""
    low, high = wilson(9, 10)
    assert low == pytest.approx(0.596, abs=5e-4)
    assert high == pytest.approx(0.982, abs=5e-4)
