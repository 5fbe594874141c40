"""Changes made together: shares that add up, pairs, and the best set for a budget against brute force."""
import dataclasses
import math
from itertools import combinations

import numpy as np
import pytest

from beiji.science.arms import Bench, Change
from beiji.science.errors import ScienceError
from beiji.science.ranking import NONE, Effect, Ranking
from beiji.science.together import affordable, best, best_set, pairs, shares

from . import cities


class Known(Bench):
    """A bench whose lives are known by hand: the worth of a set plus the noise of the event, common to all sets."""

    def lives(self, arms, events, setting=None):
        noise = np.random.default_rng(3).normal(50.0, 4.0, events)
        return {arm: noise + self.worth(arm) for arm in arms}


def known(worth, costs):
    changes = [Change(name, lambda c: c, days=cost) for name, cost in costs.items()]
    bench = Known(cities.city(1), [cities.scenario(5)], changes, (1.0,))
    bench.worth = worth
    rows = tuple(Effect(name, worth({name}), 0.1, 9.0, 0.0, 9.0, 1.0, "helps", 1, (), {}, {}) for name in costs)
    return bench, Ranking(rows, 50, "narrow", 0.1, "sacco", ("sacco",), 0, None, 50.0)


def by_brute_force(worth, costs, budget):
    sets = [set(c) for size in range(len(costs) + 1) for c in combinations(costs, size)]
    return max(worth(s) for s in sets if sum(costs[n] for n in s) <= budget)


@pytest.mark.parametrize("seed", range(12))
def test_the_best_set_is_that_of_brute_force_and_of_the_knapsack(seed):
    rng = np.random.default_rng(seed)
    names = "abcdefgh"[: rng.integers(2, 9)]
    lives, costs = {n: float(rng.exponential(1.0)) for n in names}, {n: float(rng.integers(0, 9)) for n in names}
    budget = float(rng.integers(1, 25))

    def added(arm):
        return math.fsum(lives[n] for n in arm)

    dearest = [0.0] * (int(budget) + 1)             # the textbook table of the 0-1 knapsack
    for name in names:
        dearest = [max(v, dearest[at - int(costs[name])] + lives[name]) if at >= costs[name] else v for at, v in enumerate(dearest)]
    chosen = best(added, costs, budget)
    assert added(chosen) == pytest.approx(dearest[-1]) == pytest.approx(by_brute_force(added, costs, budget))
    assert math.fsum(costs[n] for n in chosen) <= budget


@pytest.mark.parametrize(("many", "every"), [(4, True), (8, False)])
def test_a_set_of_the_bench_is_the_best_also_where_two_do_the_same_work(many, every):
    costs = {n: float(3 + k % 4) for k, n in enumerate("abcdefgh"[:many])}

    def worth(arm):
        return sum(1.0 + 0.1 * "abcdefgh".index(n) for n in arm) - 1.5 * ({"c", "d"} <= set(arm)) + 0.8 * ({"a", "b"} <= set(arm))

    bench, ranking = known(worth, costs)
    found = best_set(bench, ranking, "days", 10.0)
    assert worth(found.names) == pytest.approx(by_brute_force(worth, costs, 10.0))
    assert (found.every, found.cost <= 10.0, found.lives) == (every, True, pytest.approx(worth(found.names)))


def test_of_a_tie_the_cheapest_and_what_nobody_confirmed_is_named():
    bench, ranking = known(lambda arm: float(bool(arm)), {"a": 5.0, "b": 2.0, "c": None})
    found = best_set(bench, ranking, "days", 9.0)
    assert (found.names, found.cost, found.left_out) == (("b",), 2.0, ("c",))
    assert ("a",) in found.tied
    bench.changes = [dataclasses.replace(change, money=7.0 if change.name == "b" else 0.0) for change in bench.changes]
    assert best_set(bench, ranking, "days", 9.0, free_of_money=True).names == ("a",)
    assert best_set(bench, ranking, "days", 1.0).names == ()
    for unit, amount in (("days", 0.0), ("days", -3.0), ("days", math.nan), ("weeks", 3.0), ("money", math.inf)):
        with pytest.raises(ScienceError):
            best_set(bench, ranking, unit, amount)


def test_shares_add_up_and_equal_parts_are_equal():
    def worth(arm):
        return 6.0 * ({"a", "b", "c"} <= set(arm)) + 2.0 * ("d" in arm)

    three, _ = known(worth, dict.fromkeys("abc", 1.0))
    made = shares(three, ["a", "b", "c"])
    assert made.every
    assert [row.lives for row in made.rows] == pytest.approx([2.0, 2.0, 2.0])
    eight, _ = known(worth, dict.fromkeys("abcdefgh", 1.0))
    made = shares(eight, list("abcdefgh"))
    assert sum(row.lives for row in made.rows) == pytest.approx(made.all_lives) == pytest.approx(8.0)
    share = {row.name: row for row in made.rows}
    assert (share["d"].lives, share["h"].lives) == (pytest.approx(2.0), pytest.approx(0.0))
    assert share["a"].low <= 2.0 <= share["a"].high, "the sampled orders are counted in the interval"


def test_pairs_are_what_is_beyond_the_sum():
    bench, _ = known(lambda arm: len(arm) + 3.0 * ({"a", "c"} <= set(arm)) - 0.5 * ({"a", "b"} <= set(arm)), dict.fromkeys("abc", 1.0))
    made = pairs(bench, ["a", "b", "c"])
    assert [(p.first, p.second, round(p.lives, 9), p.verdict) for p in made] == [("a", "c", 3.0, "helps"), ("a", "b", -0.5, "harms"), ("b", "c", 0.0, NONE)]


def test_shares_of_the_engine_add_up_to_the_last_digit_that_counts():
    town = cities.city(4, 10, factor=0.5)
    changes = [Change(k, lambda c, k=k: c.with_hospital("", {f"hospital.{k}": {0: 40}})) for k in ("icu_beds", "resus_teams", "nurses", "theatres")]
    bench = Bench(town, [cities.scenario(60)], changes, (1.0,), threads=1)
    made = shares(bench, [c.name for c in changes], events=6)
    assert abs(sum(row.lives for row in made.rows) - made.all_lives) < 1e-9
    assert {len(a) for _, a, _ in bench._kept} == {0, 1, 2, 3, 4}


def test_every_affordable_set_is_listed_once():
    found = affordable({"a": 1.0, "b": 2.0, "c": 0.0}, 2.0)
    assert len(found) == len(set(found)) == 6
