"""The kernel's draws against their plain twin, laws against their distribution functions."""
import math
from statistics import NormalDist

import numpy as np
import pytest
from numba import njit

from beiji.science import draws
from beiji.science.build import prepare_laws
from beiji.science.kernel import draws as fast
from beiji.science.session import Session

from . import cities


@njit
def kernel_value(sim, law, u):
    return fast.value(sim, law, u)


@njit
def kernel_probability(sim, law, x):
    return fast.probability(sim, law, x)


@njit
def kernel_later(sim, law, u, elapsed):
    return fast.later(sim, law, u, elapsed)


@njit
def kernel_uniform(seed, replication, kind, stable_id, purpose, occurrence):
    return fast.uniform(fast.entity_key(fast.replication_key(seed, replication), kind, stable_id), purpose, occurrence)


LAWS = [draws.fixed(7.0), draws.lognormal(24.0, 0.5), draws.exponential(9.0), draws.uniform_law(2.0, 5.0), draws.triangular(41, 95, 210),
        draws.quantiles((0.0, 1.0, 1.0, 4.0, 10.0))]


def test_stable_ids_are_fnv_1a():
    assert draws.stable_hash("") == 0x811C9DC5
    assert draws.stable_hash("a") == 0xE40C292C
    assert draws.stable_hash("foobar") == 0xBF9CF968
    assert draws.numbered_id("a", 3) == 0xE40C292C << 32 | 3


def test_mix_is_the_finaliser_of_splitmix64():
    """First outputs of SplitMix64 for the state 0 (Vigna's reference implementation)."""
    assert [draws.mix(draws.GOLDEN * k & draws.MASK) for k in (1, 2, 3)] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_kernel_draws_equal_the_plain_ones():
    for seed, replication, kind, stable_id, purpose, occurrence in ((0, 0, 1, 1, 1, 0), (7, 1000, 2, 2**63 + 5, 69, 2**32 - 1), (2**62, 3, 3, 12345, 32, 1)):
        plain = draws.uniform(draws.entity_key(seed, replication, kind, stable_id), purpose, occurrence)
        assert kernel_uniform(seed, replication, kind, np.uint64(stable_id), purpose, occurrence) == plain
        assert 0 < plain < 1


def test_a_casualtys_key_is_its_stable_id():
    session = Session(cities.city(3, 10), cities.scenario(9), seed=5, replication=2)
    assert int(session.sim.body["key"][0]) == draws.entity_key(5, 2, 1, draws.numbered_id("s0", 1))
    assert int(session.sim.site["key"][3]) == draws.entity_key(5, 2, 2, draws.stable_hash("h000"))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_inversion_and_distribution_function_agree(law):
    sim = prepare_laws(law)
    for u in (1e-6, 0.01, 0.1, 0.3, 0.5, 0.77, 0.97, 0.999, 1 - 1e-9):
        x = kernel_value(sim, 0, u)
        if law.name == "fixed":
            assert x == 7.0
        elif not (law.name == "quantiles" and x == 1.0):        # a step of the distribution function
            assert kernel_probability(sim, 0, x) == pytest.approx(u, abs=2e-8)
    mean = np.mean([kernel_value(sim, 0, (k + 0.5) / 40_000) for k in range(40_000)])
    assert mean == pytest.approx(law.mean(), rel=2e-3)
    assert prepare_laws(law.scaled(3.0)).law.shape == (1,)
    assert kernel_value(prepare_laws(law.scaled(3.0)), 0, 0.4) == pytest.approx(3 * kernel_value(sim, 0, 0.4))


@pytest.mark.parametrize("law", [law for law in LAWS if law.name != "fixed"], ids=lambda law: law.name)
def test_what_has_lasted_a_while_ends_as_the_law_says_of_those_that_last_so_long(law):
    """The rest of what has lasted up to the law's 30 % point: by the law cut there its ends are uniform; and nothing ends before now."""
    sim = prepare_laws(law)
    gone = kernel_value(sim, 0, 0.3)
    ended = kernel_probability(sim, 0, gone)
    for u in (1e-6, 0.01, 0.25, 0.5, 0.9, 0.999):
        x = kernel_later(sim, 0, u, gone)
        assert x >= gone
        if not (law.name == "quantiles" and x == 1.0):
            assert (kernel_probability(sim, 0, x) - ended) / (1.0 - ended) == pytest.approx(u, abs=1e-6)
        assert kernel_later(sim, 0, u, 0.0) == kernel_value(sim, 0, u)
    assert kernel_later(sim, 0, 0.5, 1e9) == 1e9, "what has outlived its law ends now"


def test_normal_quantile():
    quantile = njit(lambda u: fast.normal_quantile(u))
    for u in (1e-12, 0.001, 0.02425, 0.3, 0.5, 0.9, 0.97575, 1 - 1e-9):
        assert quantile(u) == pytest.approx(NormalDist().inv_cdf(u), rel=2e-8, abs=1e-8)


def test_log_normal_from_mean_and_cv():
    """24 min, cv 0.5 → mu 3.0665, sigma 0.4724; 45 min, cv 0.4 → 3.7325, 0.3853."""
    for mean, cv, mu, sigma in ((24, 0.5, 3.0665, 0.4724), (45, 0.4, 3.7325, 0.3853)):
        law = draws.lognormal(mean, cv)
        assert (round(law.a, 4), round(law.b, 4)) == (mu, sigma)
    assert draws.lognormal(0.0, 0.4) == draws.fixed(0.0)
    assert draws.lognormal(8.0, 0.0) == draws.fixed(8.0)


def test_laws_from_packs():
    assert draws.law_from({"lognormal": {"mean": 24, "cv": 0.5}}) == draws.lognormal(24, 0.5)
    assert draws.law_from({"triangular": {"low": 1, "mode": 2, "high": 3}}) == draws.triangular(1, 2, 3)
    assert draws.law_from({"uniform": {"low": 1, "high": 3}}).mean() == 2
    assert draws.law_from(5) == draws.fixed(5) == draws.law_from({"fixed": 5})
    assert math.isclose(draws.law_from({"exponential": {"mean": 4}}).mean(), 4)
    assert draws.law_from({"quantiles": [0, 10]}).mean() == 5
