"""Ranking of changes: what matters leads, what does not is tied with nothing, one more parameter moves no other."""
import dataclasses

import numpy as np
import pytest

from beiji.science.errors import ScienceError
from beiji.science.parameters import register
from beiji.science.ranking import Change, drawn_parameters, effect_parameters, rank, tied_groups

from . import cities

TOWN, INCIDENT = cities.city(4, 10), cities.scenario(60)


def keys(name, **values):
    return Change(name, lambda c: c.with_hospital("", {f"hospital.{k}": v for k, v in values.items()}))


def test_what_matters_leads_and_what_does_not_is_no_measurable_difference():
    fleet = Change("ambulances", lambda c: dataclasses.replace(c, day={**c.day, "city.ambulances": 60}))
    found = rank(TOWN, [INCIDENT], [keys("more ward beds", ward_beds=2000), fleet, keys("the same", ct_scanners=10)], budget=240)
    assert found.rows[0].name == "ambulances"
    assert found.rows[0].clear
    assert found.rows[0].leads > 0.8
    assert found.groups[0] == ("ambulances",)
    assert abs(next(r for r in found.rows if r.name == "more ward beds").averted) < 0.2
    assert found.sets.shape == (12, 3)


def test_a_change_that_changes_nothing_averts_nothing():
    row = rank(TOWN, [INCIDENT], [Change("nothing", lambda c: c)], weights=[2.0], budget=120, deterioration=("sacco",)).rows[0]
    assert (row.averted, row.low, row.high, row.clear) == (0.0, 0.0, 0.0, False)


def test_tied_groups():
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 0.1, (12, 1))
    sets = np.hstack([1.0 + noise, 1.01 + noise + rng.normal(0, 0.1, (12, 1)), 3.0 + rng.normal(0, 0.1, (12, 1)), noise])
    assert tied_groups(sets) == [2, 2, 1, 3]


def test_one_more_parameter_moves_no_other():
    base = register()
    few, more = effect_parameters(base)[:5], effect_parameters(base)[:6]
    a, b = drawn_parameters(3, base, few), drawn_parameters(3, base, more)
    assert all(a[name] == b[name] for name in few)
    assert all(base.row(name).low <= b[name] <= base.row(name).high for name in more)


def test_bad_calls_are_refused_all_at_once():
    with pytest.raises(ScienceError) as caught:
        rank(TOWN, [], [], deterioration=("magic",))
    assert len(caught.value.problems) == 3
