"""Day, night, and the change between them inside a run: by hand, and by what it costs."""

import dataclasses
from dataclasses import replace

import pytest

from beiji.science import shifts
from beiji.science.capacity import CHANGE, hospital_capacity
from beiji.science.city import Hospital, Point
from beiji.science.draws import fixed
from beiji.science.estimate import interval
from beiji.science.parameters import register
from beiji.science.pathway import KINDS, Kind
from beiji.science.run import simulate
from beiji.science.scenario import Arrivals

from ..oracle import compare
from . import cities

P = register()


def town(day, night, **scalars):
    """One hospital with surgeons (and what else is given) by day and by night."""
    plain = {"hospital.declare_min": 10, "hospital.callin_wave1_share": 1, "hospital.callin_wave2_min": 60, **scalars}
    return Hospital("h", Point(0, 0), 1, {**plain, **day}, {**plain, **night})


def surgeons(hospital, hour, parameters=P, horizon=2880.0, kind="surgeons"):
    """(surgeons at minute 0, [(minute, more or fewer)])."""
    base, steps = hospital_capacity(hospital, night=shifts.is_night(hour, parameters), kinds=KINDS, parameters=parameters,
                                    changes=shifts.changes(hour, horizon, parameters))
    return base[kind], [(s.at_min + s.after_min, s.amount) for s in steps if s.kind == kind and s.mode == CHANGE]


# ---- which shift -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("hour", "night"), [(0.0, True), (7.99, True), (8.0, False), (12.0, False), (17.99, False), (18.0, True), (23.99, True)])
def test_the_night_is_from_18_to_8(hour, night):
    assert shifts.is_night(hour, P) is night
    assert replace(cities.scenario(3, 1), hour=hour).night is night


def test_the_hours_are_the_registers_and_a_free_day_is_night_all_day():
    incident = replace(cities.scenario(3, 1), hour=19.0)
    assert incident.night
    assert not replace(incident, parameters={"shift.night_from_hour": 20.0}).night
    assert replace(incident, hour=12.0, parameters={"shift.free_day": 1.0}).night


@pytest.mark.parametrize(("hour", "minutes"), [(5.0 + 50 / 60, [130, 730, 1570, 2170]), (17.0, [60, 900, 1500, 2340]), (8.0, [600, 1440, 2040, 2880]), (18.0, [840, 1440, 2280, 2880])])
def test_the_shift_changes_at_each_8_and_18_oclock_inside_the_run(hour, minutes):
    made = shifts.changes(hour, 2880.0, P)
    assert [change.at_min for change in made] == pytest.approx(minutes)
    assert [change.night for change in made] == [shifts.is_night(hour, P) == (k % 2 == 1) for k in range(4)]
    assert shifts.changes(hour, 2880.0, P.with_values({"shift.free_day": 1.0})) == ()


# ---- who comes and goes ----------------------------------------------------------------------------------------------
DAY, NIGHT = {"hospital.surgeons": {0: 4, 30: 8}}, {"hospital.surgeons": {0: 1, 30: 3}}


def test_in_the_morning_the_day_comes_and_in_the_evening_it_goes_but_not_whom_the_night_would_call():
    """Night 1, called in to 3; the day has 4 and at most 8: + 3 at 08:00 makes 6; - 3 at 18:00 makes 3, the night's plan; + 3 again."""
    assert surgeons(town(DAY, NIGHT), 5.0) == (1, [(40, 2), (180, 3), (780, -3), (1620, 3), (2220, -3)])


def test_whoever_was_called_in_at_night_does_not_come_once_more():
    """Night 1, called in to 7 of the 8 that the day can have: one more comes."""
    made = surgeons(town(DAY, {"hospital.surgeons": {0: 1, 30: 7}}), 6.0, horizon=200.0)
    assert made == (1, [(40, 6), (120, 1)])


def test_in_the_evening_nobody_is_sent_home_whom_the_night_would_call():
    """Day 4, called in to 8; the night has 1 and can have 3: - 3 makes 5."""
    assert surgeons(town(DAY, NIGHT), 17.0, horizon=200.0) == (4, [(40, 4), (60, -3)])


def test_a_night_like_the_day_changes_nothing_and_places_keep_their_number():
    assert surgeons(town(DAY, DAY), 5.0)[1] == [(40, 4)]
    beds = town({"hospital.icu_beds": 6}, {"hospital.icu_beds": 2})
    assert surgeons(beds, 5.0, kind="icu_beds") == (2, [])


def test_nurses_change_in_parts_of_one():
    made = surgeons(town({"hospital.nurses": 10}, {"hospital.nurses": 6}), 5.0, horizon=200.0, kind="nurses")
    assert made == (120, [(180, 80)])


def test_on_a_free_day_the_call_in_takes_longer_and_no_shift_changes():
    free = P.with_values({"shift.free_day": 1.0, "shift.free_day_callin": 1.5})
    assert surgeons(town(DAY, NIGHT), 12.0, free) == (1, [(10 + 45, 2)])


@pytest.mark.parametrize(("hour", "there", "steps"), [(2.0, 1, [(35, 1)]), (2.0, 2, []), (12.0, 1, [])])
def test_a_radiologist_who_is_alone_at_night_is_at_home(hour, there, steps):
    """He reads 25 minutes after the declaration at minute 10; where two have the night, or by day, somebody is in the house."""
    keys = {"hospital.ct_reporters": there}
    base, made = surgeons(town(keys, keys), hour, horizon=300.0, kind="ct_reporters")
    assert made == steps
    assert base == (0 if steps else there)
    inside = P.with_values({"shift.reporter_home_min": 0.0})
    assert surgeons(town(keys, keys), hour, inside, horizon=300.0, kind="ct_reporters") == (there, [])


# ---- what it does ----------------------------------------------------------------------------------------------------
def test_who_waits_before_8_oclock_is_served_when_the_day_comes():
    """One serves at night, two by day, 100 minutes each; three come at 07:00, two hours of night would have made them wait 100 and 200 minutes."""
    lists = (Arrivals("a", minutes=(0.0, 0.0, 0.0), hospital="q", stage="serve", colours=("green",)),)
    place, incident = cities.queue_case({"server": 1}, {"serve": ("server", fixed(100.0))}, lists)
    pathway = replace(incident.pathway, kinds=(Kind("server", 1, "hospital.server", people=True),))
    hospital = replace(place.hospitals[0], day={"hospital.server": 2}, night={"hospital.server": 1})
    place = replace(place, hospitals=(hospital,))

    def waits(hour):
        rows = simulate(place, replace(incident, pathway=pathway, hour=hour), replications=1, threads=1, detail="casualty", horizon_min=400.0, unlimited=False).casualties
        return sorted(row["end_min"] - row["start_min"] for row in rows)

    assert waits(7.0) == [0.0, 60.0, 100.0]
    assert waits(3.0) == [0.0, 100.0, 200.0]
    assert waits(10.0) == [0.0, 0.0, 100.0]


def halved(place):
    """By night half of the people of every kind, at least one of each there is."""
    people = {kind.key for kind in KINDS if kind.people}

    def half(key, value):
        return {minute: float(-(-number // 2)) for minute, number in value.items()} if key in people else value

    return dataclasses.replace(place, hospitals=tuple(replace(h, night={key: half(key, value) for key, value in h.night.items()}) for h in place.hospitals))


def test_a_night_costs_lives_because_people_are_fewer_and_with_the_days_people_costs_none():
    """Same roads at all hours, so that only the people differ; paired draws."""
    roads = {f"travel.hour_factor.{hour:02d}": 1.0 for hour in range(24)}
    incident = cities.scenario(150, 1, mix={"red": 0.5, "yellow": 0.3, "green": 0.2}, parameters={**roads, "shift.reporter_home_min": 0.0})
    plain, thin = cities.city(3, 60, factor=0.5), halved(cities.city(3, 60, factor=0.5))

    def deaths(place, hour, **more):
        changed = replace(incident, hour=hour, parameters={**incident.parameters, **more})
        return simulate(place, changed, replications=150, threads=2, unlimited=False, horizon_min=600.0).measure("deaths")

    day, night = deaths(thin, 8.0), deaths(thin, 20.0)
    assert interval(night - day).low > 0.1
    assert (deaths(plain, 8.0) == deaths(plain, 20.0)).all(), "who has as many by night loses as many"
    holiday = deaths(thin, 8.0, **{"shift.free_day": 1.0, "shift.free_day_callin": 1.0})
    assert (holiday == night).all(), "a holiday has the night's people"


@pytest.mark.parametrize(("hour", "more"), [(7.5, {}), (17.4, {}), (5.0, {"shift.day_from_hour": 6.5}), (11.0, {"shift.free_day": 1.0}), (2.0, {"shift.reporter_home_most": 3.0})])
def test_the_twin_agrees_over_a_change_of_shift(hour, more):
    place = halved(cities.city(4, 25, factor=0.5))
    incident = cities.scenario(70, 2, parameters=more)
    assert compare.differences(place, replace(incident, hour=hour), replications=3, unlimited=True) == []


@pytest.mark.parametrize(("name", "value"), [("shift.day_from_hour", 10.0), ("shift.reporter_home_min", 60.0), ("shift.free_day", 1.0)])
def test_the_twin_finds_a_wrong_shift(name, value):
    place, incident = halved(cities.city(4, 25, factor=0.5)), replace(cities.scenario(70, 2), hour=7.0)
    assert compare.differences(place, incident, replications=3, twin_scenario=replace(incident, parameters={name: value}))
