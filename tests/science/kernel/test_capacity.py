"""Capacity over time, by hand: activation level, declaration, call-in waves, reverse triage, blood, power."""
import dataclasses

import pytest

from beiji.science.capacity import (
    CLEAR,
    Step,
    as_timetable,
    final,
    greatest,
    hospital_capacity,
    timetable_steps,
    value_at,
)
from beiji.science.city import Hospital, Point
from beiji.science.parameters import register
from beiji.science.pathway import KINDS, Kind

TEAMS, BEDS = Kind("resus_teams", 1, "hospital.resus_teams", people=True), Kind("icu_beds", 0, "hospital.icu_beds")
RULES = {"declare_min": 10.0, "share": 1.0, "wave_1_share": 1.0, "wave_2_min": 60.0}


def steps(kind, table, **changes):
    base, made = timetable_steps(kind, table, **{**RULES, **changes})
    return base, [(s.at_min, s.after_min, s.amount, s.wave) for s in made]


def test_a_plan_is_counted_from_the_declaration():
    assert steps(BEDS, {0: 2, 30: 4, 60: 3}) == (2, [(10, 30, 2, 0), (10, 60, -1, 0)])
    assert steps(BEDS, 5) == (5, [])


def test_the_first_wave_comes_in_part_and_the_rest_with_the_second():
    assert steps(TEAMS, {0: 2, 30: 6, 60: 8}, wave_1_share=0.5) == (2, [(10, 30, 2, 1), (10, 60, 2, 2), (10, 60, 2, 2)])


def test_a_late_second_wave_delays_what_was_planned_for_it():
    assert steps(TEAMS, {0: 2, 60: 8, 120: 9}, wave_2_min=90.0) == (2, [(10, 90, 6, 2), (10, 120, 1, 2)])


@pytest.mark.parametrize(("share", "amounts"), [(0.0, []), (0.5, [2]), (1.0, [5])])
def test_the_activation_level_scales_rises_and_rounds_down(share, amounts):
    assert [s[2] for s in steps(BEDS, {0: 2, 30: 7}, share=share)[1]] == amounts


def test_falls_are_not_softened_by_the_level():
    assert steps(BEDS, {0: 8, 30: 3}, share=0.0)[1] == [(10, 30, -5, 0)]


def whole(**changes):
    day = {"hospital.ward_beds": 20, "hospital.icu_beds": 3, "hospital.theatres": 2, "hospital.blood_units": 40, "hospital.resus_bays": 4,
           "hospital.reverse_triage_share": 0.2, "hospital.ed_occupied_share": 1.0, "hospital.ed_clear_min": 40, "hospital.power_min": 15,
           "hospital.declare_min": 10, "hospital.blood_delivery_min": 50}
    h = Hospital("h", Point(0, 0), 1, day, day, occupied_beds=180)
    return dataclasses.replace(h, **changes)


def kind_steps(hospital, kind, **more):
    _, made = hospital_capacity(hospital, night=False, kinds=KINDS, parameters=register(), **more)
    return [s for s in made if s.kind == kind]


def test_reverse_triage_frees_half_at_an_hour_and_the_rest_at_two():
    assert kind_steps(whole(activation="over"), "ward_beds") == [Step("ward_beds", 10, 60, 18, declared=True), Step("ward_beds", 10, 120, 18, declared=True)]
    assert sum(s.amount for s in kind_steps(whole(activation="full"), "ward_beds")) == 18
    assert kind_steps(whole(activation="partial"), "ward_beds") == []


def test_the_emergency_department_is_cleared_in_four_quarters_from_the_declaration():
    assert [(s.at_min, s.part) for s in kind_steps(whole(), "resus_bays") if s.mode == CLEAR] == [(20, 1), (30, 2), (40, 3), (50, 4)]


def test_blood_is_delivered_and_power_fails_and_returns():
    assert [(s.at_min, s.amount) for s in kind_steps(whole(), "blood_units", blood_delivery=300)] == [(60, 300)]
    assert [(s.at_min, s.mode) for s in kind_steps(whole(), "theatres", grid_failure_min=120.0)] == [(120, 2), (135, 3)]


def test_what_is_not_given():
    base, _ = hospital_capacity(whole(), night=False, kinds=KINDS, parameters=register())
    assert base["oxygen_places"] == 1_000_000
    assert base["decon_lanes"] == 0


def test_small_helpers():
    assert value_at({0: 1, 30: 5}, 29.9) == 1
    assert value_at({10: 3}, 5) == 0
    assert list(as_timetable({30: 1, 0: 2})) == [0, 30]
    moves = [Step("x", 0, 30, 5), Step("x", 0, 10, -2), Step("x", 0, 60, -4)]
    assert greatest(3, moves) == 6
    assert final(3, moves) == 2
