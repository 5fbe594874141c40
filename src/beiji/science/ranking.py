"""Which change first: paired differences over a portfolio of incidents, tied groups instead of places, and how well the order stands.

First every change alone, on common draws, until each interval is narrow enough or the cap is reached. Then the same under the other models of deterioration,
and for the strongest under draws of the register's ranges. Where the order breaks, a change is called fragile.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arms import NOTHING, Bench, Change, Setting, checked_weights
from .city import City
from .errors import Problem, ScienceError, unknown
from .estimate import Interval, interval, student_quantile
from .scenario import Scenario
from .tally import Tally

MODELS = ("sacco", "mills", "simedis")
FIRST_EVENTS, MOST_EVENTS, HALF_WIDTH = 50, 400, 0.05
#: Draws of the register's ranges, and the most events of each draw and of each other model.
DRAWS, DRAW_EVENTS, MODEL_EVENTS = 12, 60, 200
STRONGEST = 8
LEVEL = 0.95
#: A change whose place breaks in more than this share of the draws is fragile (assumption).
BREAKS = 0.2
SAVES, NONE, COSTS = "helps", "none", "harms"
LIFE_GRAIN = 1e-6


@dataclass(frozen=True)
class Effect:
    """What one change is worth to the city: expected lives saved an event, with an interval that holds for the whole list together; between which values nine of
    ten single events lie; in which share of events it changed anything. `verdict`: helps, none (no measurable difference) or harms. `group`: 1 is the leading
    group of those that save, changes of a group are tied; None for the others."""

    name: str
    lives: float
    low: float
    high: float
    event_low: float
    event_high: float
    touched: float
    verdict: str
    group: int | None
    places: tuple[str, ...]
    by_scenario: dict[str, float]
    by_model: dict[str, tuple[float, float, float]]
    held: int | None = None
    leads: int | None = None
    fragile: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """Effects, first group first. `events`: pairs of events of each change; `stopped`: "narrow" or "cap"; `draws`: how many draws of the ranges were made for
    the strongest; `order_held`: in how many of them the whole order of groups was the same."""

    rows: tuple[Effect, ...]
    events: int
    stopped: str
    widest: float
    model: str
    models: tuple[str, ...]
    draws: int
    order_held: int | None
    base: float

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Names by tied group, those that save measurably."""
        return tuple(tuple(r.name for r in self.rows if r.group == g) for g in sorted({r.group for r in self.rows if r.group is not None}))

    def strongest(self, most: int = STRONGEST) -> tuple[str, ...]:
        """The changes of the whole city that save most, by expected lives."""
        saving = [r for r in self.rows if r.verdict == SAVES and not r.places]
        return tuple(r.name for r in sorted(saving, key=lambda r: (-r.lives, r.name))[:most])


def sequential(sample: Callable[[int], np.ndarray], half_width: float, cap: int, level: float) -> tuple[np.ndarray, str]:
    """Rows of differences (events × changes) from a first look at 50 on, each next look at as many as the widest interval asks for by its spread so far, until
    every half-width is small enough ("narrow") or the cap is reached ("cap")."""
    events = min(FIRST_EVENTS, cap)
    while True:
        rows = sample(events)
        widest = max(interval(column, level).half_width for column in rows.T)
        if widest <= half_width:
            return rows, "narrow"
        if events >= cap:
            return rows, "cap"
        events = min(cap, max(events + 1, math.ceil(1.1 * events * (widest / half_width) ** 2)))


def tied_groups(rows: np.ndarray, level: float = LEVEL) -> list[int]:
    """Group of each column, ordered by mean: a new group begins where the paired difference to the group's first is clear (Bonferroni over the columns)."""
    n, changes = rows.shape
    if changes < 2:
        return [1] * changes
    order = list(np.argsort(-rows.mean(axis=0), kind="stable"))
    groups, leader, group = [0] * changes, order[0], 1
    t = student_quantile(1 - (1 - level) / 2 / (changes - 1), n - 1)
    for k in order:
        difference = rows[:, leader] - rows[:, k]
        half = t * difference.std(ddof=1) / np.sqrt(n)
        if k != leader and difference.mean() > half:
            leader, group = k, group + 1
        groups[k] = group
    return groups


def together(level: float, several: int) -> float:
    """The level of one interval such that so many of them hold together (Bonferroni)."""
    return 1.0 - (1.0 - level) / max(1, several)


def verdict(i: Interval) -> str:
    """Does a change save, cost, or make no measurable difference?"""
    return SAVES if i.low > 0.0 else COSTS if i.high < 0.0 else NONE


def check_ranking(changes: Sequence[Change], *, half_width: float, most_events: int, draws: int, models: Sequence[str]) -> list[Problem]:
    """Every fault of what was asked for."""
    problems = [] if changes else [Problem("candidates", "There is no candidate.", "Give at least one change that could be made.")]
    names = [change.name for change in changes]
    problems += [Problem("candidates", f"{name} is given twice.", "Give each candidate a name of its own.") for name in sorted({n for n in names if names.count(n) > 1})]
    if not (math.isfinite(half_width) and half_width > 0):
        problems.append(Problem("half_width", f"{half_width!r} is not above 0.", "Give the half-width in the measure's unit."))
    if most_events < FIRST_EVENTS:
        problems.append(Problem("most_events", f"{most_events} events are too few.", f"Give at least {FIRST_EVENTS}."))
    if draws < 0:
        problems.append(Problem("draws", f"{draws} is no number of draws.", "Give 0 or more."))
    return problems + [unknown("deterioration", "model", m, MODELS) for m in models if m not in MODELS]


def rank(city: City, scenarios: Sequence[Scenario], changes: Sequence[Change], *, weights: Sequence[float] | None = None, half_width: float = HALF_WIDTH,
         most_events: int = MOST_EVENTS, models: Sequence[str] = MODELS, draws: int = DRAWS, **same: Any) -> Ranking:
    """Rank changes by the expected lives that they save an event. `models`: the first decides, the others say whether the order stands. Options as of `Bench`."""
    problems = check_ranking(changes, half_width=half_width, most_events=most_events, draws=draws, models=models)
    if problems:
        raise ScienceError(problems)
    bench = Bench(city, scenarios, changes, checked_weights(scenarios, weights), **same)
    return rank_on(bench, half_width=half_width, most_events=most_events, models=models, draws=draws)


def rank_on(bench: Bench, *, half_width: float = HALF_WIDTH, most_events: int = MOST_EVENTS, models: Sequence[str] = MODELS, draws: int = DRAWS) -> Ranking:
    """The same on a bench, whose runs stay for what is asked next."""
    names = tuple(change.name for change in bench.changes)
    level = together(LEVEL, len(names))
    rows, stopped = sequential(lambda events: differences(bench, names, events, Setting(models[0])), half_width, most_events, level)
    events = len(rows)
    intervals = [interval(column, level) for column in rows.T]
    verdicts = [verdict(i) for i in intervals]
    saving = [k for k, v in enumerate(verdicts) if v == SAVES]
    group: dict[int, int | None] = dict(zip(saving, tied_groups(rows[:, saving]), strict=True)) if saving else {}
    parts = scenario_means(bench, names, events, Setting(models[0]))
    others = {model: differences(bench, names, min(events, MODEL_EVENTS), Setting(model)) for model in models[1:]}
    strong = sorted(saving, key=lambda k: (-intervals[k].mean, names[k]))[:STRONGEST]
    drawn = _drawn(bench, [names[k] for k in strong], min(events, DRAW_EVENTS), models[0], draws)
    kept = order_kept(drawn, [group[k] or 0 for k in strong])
    made = []
    for k, change in enumerate(bench.changes):
        i, spread = intervals[k], Tally(LIFE_GRAIN)
        spread.add(rows[:, k])
        at = strong.index(k) if k in strong else -1
        held = int(kept[:, at].sum()) if at >= 0 and draws else None
        fragile = tuple(m for m, other in others.items() if breaks(k, rows, other, group))
        if held is not None and held < (1.0 - BREAKS) * draws:
            fragile = (*fragile, "draws")
        made.append(Effect(
            change.name, i.mean, i.low, i.high, *spread.events(), float((rows[:, k] != 0.0).mean()), verdicts[k], group.get(k), change.places,
            parts[change.name], {m: _three(interval(other[:, k], level)) for m, other in others.items()}, held,
            int((drawn[:, at] >= drawn.max(axis=1)).sum()) if at >= 0 and draws else None, fragile))
    place = {SAVES: 0, NONE: 1, COSTS: 2}
    made.sort(key=lambda r: (place[r.verdict], r.group or 0, -r.lives, r.name))
    base = float(bench.lives([NOTHING], events, Setting(models[0]))[NOTHING].mean())
    return Ranking(tuple(made), events, stopped, max(i.half_width for i in intervals), models[0], tuple(models), draws,
                   int(kept.all(axis=1).sum()) if strong and draws else None, base)


def differences(bench: Bench, names: Sequence[str], events: int, setting: Setting) -> np.ndarray:
    """Lives saved by each change alone: events × changes, each paired with the same event of the city as it is."""
    arms = [frozenset([name]) for name in names]
    found = bench.lives([NOTHING, *arms], events, setting)
    return np.stack([found[arm] - found[NOTHING] for arm in arms], axis=1) if arms else np.zeros((events, 0))


def scenario_means(bench: Bench, names: Sequence[str], events: int, setting: Setting) -> dict[str, dict[str, float]]:
    """Change → scenario → expected lives saved an event of it."""
    arms = {name: frozenset([name]) for name in names}
    found = bench.by_scenario([NOTHING, *arms.values()], events, setting)
    return {name: {s.code: float((found[arm][k] - found[NOTHING][k]).mean()) for k, s in enumerate(bench.scenarios)} for name, arm in arms.items()}


def _drawn(bench: Bench, names: Sequence[str], events: int, model: str, draws: int) -> np.ndarray:
    """Mean lives saved by each change in each draw of the register's ranges, on the same events in all draws: draws × changes."""
    if not names:
        return np.zeros((draws, 0))
    return np.array([differences(bench, names, events, Setting(model, k)).mean(axis=0) for k in range(draws)]).reshape(draws, len(names))


def order_kept(drawn: np.ndarray, groups: Sequence[int]) -> np.ndarray:
    """Whether, in each draw, each change still saves and still lies on its side of every change of another group: draws × changes."""
    kept = drawn > 0.0
    for a, mine in enumerate(groups):
        for b, theirs in enumerate(groups):
            if mine < theirs:
                right = drawn[:, a] >= drawn[:, b]
                kept[:, a] &= right
                kept[:, b] &= right
    return kept


def breaks(k: int, rows: np.ndarray, other: np.ndarray, group: dict[int, int | None]) -> bool:
    """Does another model of deterioration break the place of a change? One that saves: it no longer does there, or a change of another group is clearly on the
    other side of it. One that does not: there it saves measurably."""
    mine = group.get(k)
    if mine is None:
        return verdict(interval(other[:, k], together(LEVEL, rows.shape[1]))) == SAVES
    if other[:, k].mean() <= 0.0:
        return True
    against = [j for j, theirs in group.items() if theirs is not None and theirs != mine]
    level = together(LEVEL, len(against))
    for j in against:
        ahead = 1.0 if mine < (group[j] or 0) else -1.0
        if interval(ahead * (other[:, k] - other[:, j]), level).high < 0.0:
            return True
    return False


def _three(i: Interval) -> tuple[float, float, float]:
    return i.mean, i.low, i.high
