"""Which change first: paired differences over scenarios, models of deterioration and the register's ranges; tied groups, not places."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .city import City
from .errors import Problem, ScienceError
from .estimate import interval, student_quantile
from .parameters import Register, register
from .run import simulate
from .scenario import Scenario

MODELS = ("sacco", "mills", "simedis")
PARAMETER_SETS, PAIRS = 12, 60
SAMPLED = "assumption"


@dataclass(frozen=True)
class Change:
    """Something that could be done: a name and what it makes of the city. `cost` in any one unit, only if a named person confirmed it."""

    name: str
    city: Callable[[City], City]
    cost: float | None = None


@dataclass(frozen=True)
class Ranked:
    """One change: expected deaths averted an event with an interval over parameter sets; `group`: 1 is the leading group, changes of one group are tied;
    `leads`: share of parameter sets in which it averted most; `clear`: its interval leaves out zero. `by_scenario`: deaths averted in each."""

    name: str
    averted: float
    low: float
    high: float
    group: int
    leads: float
    by_scenario: dict[str, float]

    @property
    def clear(self) -> bool:
        """Is there a measurable effect?"""
        return not self.low <= 0.0 <= self.high


@dataclass(frozen=True)
class Ranking:
    """Rows, most averted first. `sets`: averted deaths by parameter set (rows) and change (columns), for plots and for questions."""

    rows: tuple[Ranked, ...]
    names: tuple[str, ...]
    sets: np.ndarray

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Names by tied group."""
        return tuple(tuple(r.name for r in self.rows if r.group == g) for g in sorted({r.group for r in self.rows}))


def drawn_parameters(seed: int, base: Register, sampled: Sequence[str]) -> Register:
    """A parameter set: each named parameter uniform over its register range, by a draw keyed to its name, so that one more parameter moves no other."""
    values = {}
    for name in sampled:
        row = base.row(name)
        key = np.random.default_rng([seed, *name.encode()])
        values[name] = float(row.low + (row.high - row.low) * key.random())
    return base.with_values(values)


def tied_groups(sets: np.ndarray, level: float = 0.95) -> list[int]:
    """Group of each column, ordered by mean: a new group begins where the paired difference to the group's first is clear (Bonferroni over the columns)."""
    n, changes = sets.shape
    order = list(np.argsort(-sets.mean(axis=0), kind="stable"))
    groups, leader, group = [0] * changes, order[0], 1
    t = student_quantile(1 - (1 - level) / 2 / max(1, changes - 1), n - 1)
    for k in order:
        difference = sets[:, leader] - sets[:, k]
        half = t * difference.std(ddof=1) / np.sqrt(n)
        if k != leader and difference.mean() > half and difference.mean() > 0:
            leader, group = k, group + 1
        groups[k] = group
    return groups


def rank(city: City, scenarios: Sequence[Scenario], changes: Sequence[Change], *, weights: Sequence[float] | None = None, budget: int | None = None,
         deterioration: Sequence[str] = MODELS, seed: int = 1, parameters: Register | None = None, sampled: Sequence[str] | None = None,
         progress: Callable[[int, int], None] | None = None) -> Ranking:
    """Rank changes by expected deaths averted, averaged over scenarios (by weights, e.g. likelihood) and models of deterioration.

    Every change is compared with the base on the same draws; each parameter set draws the register's assumptions from their ranges and cycles through the
    models, so that ties are shown where the order hangs on assumed numbers. budget: pairs of runs for each change (None: 12 sets of 60). Ties are tied groups.
    """
    shares = list(weights) if weights is not None else [1.0] * len(scenarios)
    total = sum(shares)
    pairs = max(10, (budget or PARAMETER_SETS * PAIRS) // PARAMETER_SETS)
    problems = [] if len(shares) == len(scenarios) and total > 0 else [Problem("scenarios", "There is no scenario with a weight above 0, or not one weight for each.", "Give at least one scenario and as many weights as scenarios.")]
    problems += [] if changes else [Problem("changes", "There are no changes.", "Give at least one change.")]
    problems += [Problem("deterioration", f"Unknown model {m!r}.", f"Choose among: {', '.join(MODELS)}.") for m in deterioration if m not in MODELS]
    if problems:
        raise ScienceError(problems)
    base = parameters or register()
    chosen = tuple(sampled) if sampled is not None else effect_parameters(base)
    sets = np.zeros((PARAMETER_SETS, len(changes)))
    parts = {s.code: np.zeros(len(changes)) for s in scenarios}
    for k in range(PARAMETER_SETS):
        limits, model = drawn_parameters(seed + k, base, chosen), deterioration[k % len(deterioration)]
        for scenario, weight in zip(scenarios, shares, strict=True):
            def deaths(town: City, scenario: Scenario = scenario, limits: Register = limits, model: str = model, first: int = k * pairs) -> float:
                run = simulate(town, scenario, replications=pairs, seed=seed, first=first, deterioration=model, parameters=limits, unlimited=False)
                return float(run.measure("deaths").mean())
            before = deaths(city)
            averted = np.array([before - deaths(change.city(city)) for change in changes])
            parts[scenario.code] += averted / PARAMETER_SETS
            sets[k] += averted * weight / total
        if progress is not None:
            progress(k + 1, PARAMETER_SETS)
    return _ranking(changes, sets, parts)


def effect_parameters(base: Register) -> tuple[str, ...]:
    """The assumptions that a ranking samples: effects of treatment, service times, shares of those who take a stage, personal rate."""
    return tuple(name for name in base.names() if base.row(name).kind == SAMPLED and (
        name.startswith(("effect.", "take.", "body.")) or name.endswith(".mean_min")))


def _ranking(changes: Sequence[Change], sets: np.ndarray, parts: dict[str, np.ndarray]) -> Ranking:
    groups = tied_groups(sets)
    leads = (sets == sets.max(axis=1, keepdims=True)).mean(axis=0)
    rows = []
    for k, change in enumerate(changes):
        i = interval(sets[:, k])
        rows.append(Ranked(change.name, i.mean, i.low, i.high, groups[k], float(leads[k]), {code: float(part[k]) for code, part in parts.items()}))
    return Ranking(tuple(sorted(rows, key=lambda r: (r.group, -r.averted))), tuple(c.name for c in changes), sets)
