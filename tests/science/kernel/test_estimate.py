"""Intervals, stopping, pairing, causes."""
import math

import numpy as np
import pytest

from beiji.science import estimate, outcome
from beiji.science.errors import ScienceError
from beiji.science.experiment import Variant, compare, experiment
from beiji.science.run import simulate

from . import cities

TOWN, INCIDENT = cities.city(4, 15), cities.scenario(60)


@pytest.mark.parametrize(("p", "freedom", "t"), [(0.975, 1, 12.7062), (0.975, 9, 2.2622), (0.975, 29, 2.0452), (0.95, 5, 2.0150), (0.995, 120, 2.6174),
                                                (0.975, 10_000, 1.9602)])
def test_student_quantiles(p, freedom, t):
    """Table values of Student's distribution, four decimals."""
    assert estimate.student_quantile(p, freedom) == pytest.approx(t, abs=6e-5)


def test_interval_by_hand():
    """1, 2, 3, 4, 5: mean 3, s.d. 1.5811, half-width 2.7764·1.5811/√5."""
    i = estimate.interval([1, 2, 3, 4, 5, math.nan])
    assert (i.mean, i.n, i.missing) == (3, 5, 1)
    assert i.half_width == pytest.approx(1.9632, abs=1e-4)
    assert i.predictive_high - i.mean == pytest.approx(2.7764 * 1.5811 * math.sqrt(1.2), abs=1e-3)
    assert estimate.interval([]).n == 0
    assert math.isinf(estimate.interval([4.0]).high)


def test_interval_covers():
    rng = np.random.default_rng(1)
    inside = sum(i.low <= 5 <= i.high for i in (estimate.interval(rng.normal(5, 2, 12)) for _ in range(800)))
    assert 0.93 < inside / 800 < 0.97


def test_simulate_until_stops_when_narrow_enough():
    r = estimate.simulate_until(TOWN, INCIDENT, measure="deaths", half_width=0.4, max_replications=2000, threads=1, unlimited=False)
    assert estimate.interval(r.measure("deaths")).half_width <= 0.4 or len(r) == 2000
    whole = simulate(TOWN, INCIDENT, replications=len(r), threads=1, unlimited=False)
    assert np.array_equal(whole.out["survivors_q"], r.out["survivors_q"])
    assert np.array_equal(whole.loss, r.loss)
    with pytest.raises(ScienceError, match="half_width"):
        estimate.simulate_until(TOWN, INCIDENT, half_width=0.0)


def test_common_draws_make_a_difference_visible():
    base, rows = experiment(TOWN, INCIDENT, [Variant("teams", city=lambda c: c.with_hospital("", {"hospital.resus_teams": 8})), Variant("near", policy="nearest")],
                            replications=40, threads=1, unlimited=False)
    d = rows[0][2]
    assert d.n == 40
    assert d.correlation > 0.9
    independent = simulate(TOWN, INCIDENT, replications=40, seed=99, threads=1, unlimited=False)
    assert (d.high - d.low) < 0.5 * (estimate.interval(independent.measure("deaths")).high - estimate.interval(independent.measure("deaths")).low)
    assert not compare(base, base).clear
    with pytest.raises(ScienceError, match="seed"):
        compare(base, independent)


def test_causes_and_references():
    r = simulate(TOWN, INCIDENT, replications=20, threads=1)
    rows = outcome.preventable(r)
    refs = outcome.references(r)
    assert sum(row.deaths for row in rows) == pytest.approx(refs[outcome.IMMEDIATE].mean, abs=1e-9)
    assert outcome.residue(r) == 0
    assert 0 < refs[outcome.UNLIMITED].mean < refs[outcome.IMMEDIATE].mean
    drawn = outcome.deaths_drawn(r)
    assert drawn.mean() == pytest.approx(r.measure("deaths").mean(), abs=0.5)
    assert (drawn >= r.measure("dead")).all()
