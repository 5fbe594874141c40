"""Which change first: what matters leads, what does not is no measurable difference, equal hospitals are tied, and the intervals hold what they promise."""
import dataclasses
import os

import numpy as np
import pytest

from beiji.science.arms import NOTHING, Bench, checked_weights
from beiji.science.city import Base, City, Point
from beiji.science.errors import ScienceError
from beiji.science.estimate import interval
from beiji.science.gain import one_more
from beiji.science.ranking import (
    COSTS,
    LEVEL,
    NONE,
    SAVES,
    Change,
    breaks,
    order_kept,
    rank,
    sequential,
    tied_groups,
    together,
)
from beiji.science.run import simulate

from . import cities

TOWN, INCIDENT = cities.city(4, 10), cities.scenario(60)
FULL = bool(os.environ.get("BEIJI_FULL"))


def keys(name, **values):
    return Change(name, lambda c: c.with_hospital("", {f"hospital.{k}": v for k, v in values.items()}))


FLEET = Change("ambulances", lambda c: dataclasses.replace(c, day={**c.day, "city.ambulances": 60}))
SMALL = {"half_width": 0.2, "most_events": 60, "draws": 3}


@pytest.fixture(scope="module")
def found():
    """A city of ten ambulances, with the fleet, beds that nobody waits for, and nothing at all as candidates."""
    return rank(TOWN, [INCIDENT], [keys("more ward beds", ward_beds=2000), FLEET, Change("nothing", lambda c: c)], threads=1, **SMALL)


def test_the_planted_bottleneck_leads_and_holds_under_every_model_and_draw(found):
    first = found.rows[0]
    assert (first.name, first.group, first.verdict, first.fragile) == ("ambulances", 1, SAVES, ())
    assert first.low > 0.0
    assert set(first.by_model) == {"mills", "simedis"}
    assert (first.held, found.order_held, found.draws) == (3, 3, 3)
    assert first.event_low <= first.lives <= first.event_high
    assert found.groups == (("ambulances",),)


def test_a_null_change_is_no_measurable_difference(found):
    nothing = next(row for row in found.rows if row.name == "nothing")
    assert (nothing.lives, nothing.low, nothing.high, nothing.touched, nothing.verdict, nothing.group) == (0.0, 0.0, 0.0, 0.0, NONE, None)
    assert next(row for row in found.rows if row.name == "more ward beds").verdict == NONE


def test_one_thread_or_two_the_same_numbers(found):
    again = rank(TOWN, [INCIDENT], [keys("more ward beds", ward_beds=2000), FLEET, Change("nothing", lambda c: c)], threads=2, **SMALL)
    assert again == found


def test_taking_away_costs_and_weights_add_scenarios_up():
    few = Change("three ambulances", lambda c: dataclasses.replace(c, day={**c.day, "city.ambulances": 3}))
    small = dataclasses.replace(cities.scenario(20), code="small")
    made = rank(TOWN, [INCIDENT, small], [few], weights=[0.25, 0.75], models=("sacco",), half_width=5.0, draws=0, threads=1)
    row = made.rows[0]
    assert (row.verdict, made.order_held, row.held) == (COSTS, None, None)
    assert row.lives == pytest.approx(0.25 * row.by_scenario["ring-incident"] + 0.75 * row.by_scenario["small"])


def test_equal_changes_of_two_equal_hospitals_are_tied():
    pair = tuple(cities.hospital(code, 1, Point(32.4, lon)) for code, lon in (("a", 119.40), ("b", 119.44)))
    of_city = {"city.ambulances": {0: 30}, "city.distribution_policy": "spread"}
    town = City("two", pair, (Base("x", Point(32.4, 119.42)),), of_city, of_city)
    scene = dataclasses.replace(cities.scenario(40, 1).scenes[0], at=Point(32.4, 119.42))
    much = {f"hospital.{k}": {0: v} for k, v in (("icu_beds", 8), ("theatres", 6), ("surgeons", 12), ("anaesthetists", 12), ("scrub_nurses", 12), ("ventilators", 20), ("nurses", 80))}
    both = [Change(f"more at {code}", lambda c, code=code: c.with_hospital(code, much), places=(code,)) for code in "ab"]
    made = rank(town, [dataclasses.replace(cities.scenario(40, 1), scenes=(scene,))], both, models=("sacco",), half_width=0.3, most_events=90, draws=2, threads=1)
    assert [set(group) for group in made.groups] == [{"more at a", "more at b"}]
    assert made.strongest() == (), "what names a hospital is not told in lives"


def test_common_draws_cut_the_variance_of_a_capacity_change_tenfold_on_the_reference_case():
    city, incident = cities.city(15), cities.scenario(500)
    before, after = (simulate(town, incident, replications=40, threads=1, unlimited=False).measure("survivors") for town in (city, one_more(city, "hospital.icu_beds")))
    assert before.var(ddof=1) + after.var(ddof=1) > 10 * (after - before).var(ddof=1)


def test_intervals_of_a_sequential_search_hold_together_as_often_as_they_say():
    """Synthetic differences, skewed as lives saved are: most events change nothing, a few much."""
    rng, mean, several = np.random.default_rng(7), np.array([0.0, 0.1, 0.3]), 3
    level, repetitions = together(LEVEL, several), 4000 if FULL else 250
    held = 0
    for _ in range(repetitions):
        touched = rng.random((400, several)) < 0.4
        rows = mean + np.where(touched, rng.exponential(0.8, (400, several)), 0.0) - 0.32
        seen, _ = sequential(lambda n, rows=rows: rows[:n], 0.12, 400, level)
        held += all(i.low <= m <= i.high for i, m in zip((interval(c, level) for c in seen.T), mean, strict=True))
    assert held / repetitions > LEVEL - 0.035, "skew and looking more than once cost a little"


def test_intervals_of_the_engines_own_differences_hold_the_long_runs_mean():
    blocks, size = (200, 50) if FULL else (25, 50)
    town, incident = cities.city(4, 10), cities.scenario(30)
    bench = Bench(town, [incident], [FLEET], (1.0,), threads=1)
    arm = frozenset(["ambulances"])
    lives = bench.lives([NOTHING, arm], blocks * size)
    saved = lives[arm] - lives[NOTHING]
    covered = sum(i.low <= saved.mean() <= i.high for i in map(interval, saved.reshape(blocks, size)))
    assert covered >= 0.8 * blocks


def test_more_events_leave_the_first_ones_as_they_were():
    arm = frozenset(["ambulances"])
    few, many = (Bench(TOWN, [INCIDENT], [FLEET], (1.0,), threads=1) for _ in range(2))
    few.lives([arm], 7)
    assert (few.lives([arm], 20)[arm] == many.lives([arm], 20)[arm]).all()
    assert few.runs == many.runs == 20


def test_tied_groups():
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 0.1, (12, 1))
    rows = np.hstack([1.0 + noise, 1.01 + noise + rng.normal(0, 0.1, (12, 1)), 3.0 + rng.normal(0, 0.1, (12, 1)), noise])
    assert tied_groups(rows) == [2, 2, 1, 3]
    assert tied_groups(rows[:, :1]) == [1]


def test_the_order_is_kept_where_groups_stay_apart_and_every_one_saves():
    drawn = np.array([[3.0, 2.0, 1.0], [1.0, 2.0, 0.5], [3.0, 0.5, 1.0], [3.0, 2.0, -1.0]])
    assert order_kept(drawn, [1, 2, 2]).tolist() == [[True] * 3, [False, False, True], [True] * 3, [True, True, False]]


def test_a_model_breaks_a_place_by_turning_it_or_by_saving_where_the_first_does_not():
    rng = np.random.default_rng(2)
    a, b, none = (mean + rng.normal(0, 0.1, 60) for mean in (2.0, 1.0, 0.0))
    rows, group = np.stack([a, b, none], axis=1), {0: 1, 1: 2}
    turned = np.stack([b, a, none], axis=1)
    assert [breaks(k, rows, rows, group) for k in range(3)] == [False, False, False]
    assert [breaks(k, rows, turned, group) for k in range(3)] == [True, True, False]
    assert breaks(2, rows, np.stack([a, b, none + 1.0], axis=1), group)
    assert breaks(1, rows, np.stack([a, b - 1.5, none], axis=1), group)


def test_bad_calls_are_refused_all_at_once():
    with pytest.raises(ScienceError) as caught:
        rank(TOWN, [INCIDENT], [], models=("magic",), half_width=0.0, most_events=3, draws=-1)
    assert len(caught.value.problems) == 5
    with pytest.raises(ScienceError, match="ambulances is given twice"):
        rank(TOWN, [INCIDENT], [FLEET, FLEET])
    with pytest.raises(ScienceError, match=r"sum to 0\.9"):
        checked_weights([INCIDENT, dataclasses.replace(INCIDENT, code="b")], [0.4, 0.5])
    for scenarios, weights in (([], None), ([INCIDENT, INCIDENT], None), ([INCIDENT], [0.5, 0.5]), ([INCIDENT], [float("nan")])):
        with pytest.raises(ScienceError):
            checked_weights(scenarios, weights)


def test_a_fault_of_one_change_names_it_and_a_horizon_within_which_nobody_is_treated_is_refused():
    with pytest.raises(ScienceError, match="broken"):
        rank(TOWN, [INCIDENT], [keys("broken", theatres=-1)], threads=1)
    with pytest.raises(ScienceError, match="Nobody is treated in a hospital within 3 minutes"):
        rank(TOWN, [INCIDENT], [FLEET], threads=1, horizon_min=3.0)
