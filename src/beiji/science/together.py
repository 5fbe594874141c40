"""Changes made together: what pairs are worth beyond their sum, how the worth of all is shared out, and the best set that a budget pays for.

Only the strongest few are looked at, since thirty changes make 435 pairs. Shares are Shapley's: the mean of what a change adds over orders in which all are
made; they add up to the worth of all together exactly, whatever the number of orders.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from .arms import NOTHING, Bench, Change, Setting
from .errors import Problem, ScienceError, unknown
from .estimate import interval
from .ranking import LEVEL, Ranking, together, verdict

Arm = frozenset[str]
#: Orders sampled for Shapley's shares, each with its reverse; up to so many changes all orders are taken.
ORDERS, ALL_ORDERS = 8, 3
TOGETHER_EVENTS = 100
#: Up to so many changes that the budget can pay for, every affordable set is run; beyond, the best so many by singles and pairs.
EVERY_SET, LOOKED_AT, MOST_PAID = 5, 5, 8
UNITS = ("days", "money")


@dataclass(frozen=True)
class Pair:
    """What two changes save together beyond the sum of each alone. `verdict`: helps (more together), none, harms (less: they do the same work)."""

    first: str
    second: str
    lives: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True)
class Share:
    """A change's share of what all of the strongest save together; the interval counts the events and the sampled orders."""

    name: str
    lives: float
    low: float
    high: float


@dataclass(frozen=True)
class Shares:
    """Shares add up to `all_lives`. `orders`: how many orders; `every`: were these all there are?"""

    rows: tuple[Share, ...]
    all_lives: float
    low: float
    high: float
    orders: int
    every: bool
    events: int


@dataclass(frozen=True)
class BestSet:
    """The best set that a budget pays for, `left_out`: changes without a confirmed cost in that unit; `tied`: other sets that were run and do not differ
    measurably from it; `every`: was every affordable set run?"""

    unit: str
    budget: float
    names: tuple[str, ...]
    cost: float
    lives: float
    low: float
    high: float
    verdict: str
    tied: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...]
    too_dear: tuple[str, ...]
    every: bool
    events: int


def pairs(bench: Bench, names: Sequence[str], *, events: int = TOGETHER_EVENTS, setting: Setting = Setting()) -> tuple[Pair, ...]:  # noqa: B008 - frozen
    """Every pair of the names, the strongest interaction first."""
    chosen = list(combinations(names, 2))
    arms: list[Arm] = [NOTHING, *(frozenset([n]) for n in names), *(frozenset(c) for c in chosen)]
    found = bench.lives(arms, events, setting)
    made = []
    for a, b in chosen:
        beyond = found[frozenset([a, b])] - found[frozenset([a])] - found[frozenset([b])] + found[NOTHING]
        i = interval(beyond, together(LEVEL, len(chosen)))
        made.append(Pair(a, b, i.mean, i.low, i.high, verdict(i)))
    return tuple(sorted(made, key=lambda p: (-abs(p.lives), p.first, p.second)))


def orders_of(names: Sequence[str], seed: int) -> tuple[list[tuple[str, ...]], bool]:
    """Orders in which the changes are made: all of a few, else a sample in which every order comes with its reverse."""
    if len(names) <= ALL_ORDERS:
        return list(permutations(names)), True
    rng = np.random.default_rng([seed, len(names)])
    made: list[tuple[str, ...]] = []
    for _ in range(ORDERS):
        order = tuple(names[k] for k in rng.permutation(len(names)))
        made += [order, order[::-1]]
    return made, False


def shares(bench: Bench, names: Sequence[str], *, events: int = TOGETHER_EVENTS, setting: Setting = Setting()) -> Shares:  # noqa: B008 - frozen
    """Shapley's shares of the names."""
    orders, every = orders_of(names, bench.seed)
    arms = {frozenset(order[:k]) for order in orders for k in range(len(order) + 1)} | {NOTHING}
    found = bench.lives(sorted(arms, key=sorted), events, setting)
    added = {name: np.zeros((len(orders), events)) for name in names}
    for row, order in enumerate(orders):
        for k, name in enumerate(order):
            added[name][row] = found[frozenset(order[:k + 1])] - found[frozenset(order[:k])]
    made = []
    for name in names:
        i = interval(added[name].mean(axis=0), together(LEVEL, len(names)))
        sampled = 0.0 if every else interval(added[name].mean(axis=1), together(LEVEL, len(names))).half_width
        half = math.hypot(i.half_width, sampled)
        made.append(Share(name, i.mean, i.mean - half, i.mean + half))
    total = interval(found[frozenset(names)] - found[NOTHING])
    return Shares(tuple(sorted(made, key=lambda s: (-s.lives, s.name))), total.mean, total.low, total.high, len(orders), every, events)


def affordable(costs: Mapping[str, float], budget: float) -> list[Arm]:
    """Every set that the budget pays for, the empty one first."""
    names = sorted(costs)
    return [frozenset(c) for size in range(len(names) + 1) for c in combinations(names, size) if math.fsum(costs[n] for n in c) <= budget * (1 + 1e-12)]


def best(value: Callable[[Arm], float], costs: Mapping[str, float], budget: float) -> Arm:
    """The set of the greatest value that the budget pays for; of equal ones the cheapest, then the smallest, then by name."""
    return min(affordable(costs, budget), key=lambda arm: (-value(arm), math.fsum(costs[n] for n in arm), len(arm), sorted(arm)))


def check_budget(unit: str, budget: float, changes: Sequence[Change]) -> list[Problem]:
    """Every fault of a budget."""
    if unit not in UNITS:
        return [unknown("budget", "unit", unit, UNITS)]
    if not (math.isfinite(budget) and budget > 0):
        return [Problem("budget", f"A budget of {budget:g} {unit} pays for nothing.", "Give an amount above 0.")]
    if all(getattr(change, unit) is None for change in changes):
        return [Problem("budget", f"No candidate has a cost in {unit} that a named person confirmed.", "Write the cost and who confirmed it beside each candidate.")]
    return []


def best_set(bench: Bench, ranking: Ranking, unit: str, budget: float, *, free_of_money: bool = False, events: int = TOGETHER_EVENTS) -> BestSet:
    """The set of changes that saves most for a budget of `days` or `money`, of those that save measurably. `free_of_money`: only what costs no money. A few
    affordable changes: every set is run. More: every set of the eight best is valued by singles and pairs, and the best five are run."""
    problems = check_budget(unit, budget, bench.changes)
    if problems:
        raise ScienceError(problems)
    saving = set(ranking.strongest(len(bench.changes)))
    known = {c.name: float(getattr(c, unit)) for c in bench.changes if c.name in saving and getattr(c, unit) is not None and (not free_of_money or c.money == 0.0)}
    costs = {name: cost for name, cost in known.items() if cost <= budget}
    paid = _worth_looking_at(costs, {r.name: r.lives for r in ranking.rows})
    costs = {name: costs[name] for name in paid}
    setting, every = Setting(ranking.model), len(costs) <= EVERY_SET
    arms = affordable(costs, budget) if every else _likely(bench, costs, budget, events, setting)
    found = bench.lives([NOTHING, *arms], events, setting)
    means = {arm: float((found[arm] - found[NOTHING]).mean()) for arm in arms}
    chosen = min(arms, key=lambda arm: (-means[arm], math.fsum(costs[n] for n in arm), len(arm), sorted(arm)))
    i = interval(found[chosen] - found[NOTHING], together(LEVEL, len(arms)))
    level = together(LEVEL, len(arms) - 1)
    tied = [arm for arm in arms if arm not in (chosen, NOTHING) and interval(found[chosen] - found[arm], level).low <= 0.0]
    tied.sort(key=lambda arm: (-means[arm], sorted(arm)))
    left_out = [c.name for c in bench.changes if c.name in saving and c.name not in known]
    return BestSet(unit, budget, tuple(sorted(chosen)), math.fsum(costs[n] for n in chosen), i.mean, i.low, i.high, verdict(i), tuple(tuple(sorted(a)) for a in tied[:LOOKED_AT]),
                   tuple(left_out), tuple(sorted(set(known) - {n for n, c in known.items() if c <= budget})), every, events)


def _worth_looking_at(costs: Mapping[str, float], lives: Mapping[str, float]) -> list[str]:
    """Up to eight: half by lives, half by lives for the cost, what costs nothing first."""
    by_lives = sorted(costs, key=lambda n: (-lives[n], n))
    by_rate = sorted(costs, key=lambda n: (-(lives[n] / costs[n] if costs[n] else math.inf), -lives[n], n))
    made: list[str] = []
    for pair in zip(by_lives, by_rate, strict=True):
        made += [name for name in pair if name not in made]
    return made[:MOST_PAID]


def _likely(bench: Bench, costs: Mapping[str, float], budget: float, events: int, setting: Setting) -> list[Arm]:
    """The affordable sets of the greatest worth by singles and pairs."""
    names = sorted(costs)
    found = bench.lives([NOTHING, *(frozenset([n]) for n in names)], events, setting)
    alone = {n: float((found[frozenset([n])] - found[NOTHING]).mean()) for n in names}
    beyond = {frozenset([p.first, p.second]): p.lives for p in pairs(bench, names, events=events, setting=setting)}

    def worth(arm: Iterable[str]) -> float:
        members = sorted(arm)
        return math.fsum(alone[n] for n in members) + math.fsum(beyond[frozenset(c)] for c in combinations(members, 2))

    return sorted(affordable(costs, budget), key=lambda arm: (-worth(arm), math.fsum(costs[n] for n in arm), sorted(arm)))[:LOOKED_AT]
