"""Comparing variants: paired replications on common draws, so that the difference and not the noise is seen."""
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .city import City
from .errors import Problem, ScienceError
from .estimate import correlation, interval
from .results import Results
from .run import simulate
from .scenario import Scenario

PAIRED_FIELDS = ("seed", "first", "replications", "scenario", "deterioration", "horizon_min")


@dataclass(frozen=True)
class Difference:
    """other − base of a measure over paired replications. `clear`: the interval leaves out zero; else there is no measurable difference."""

    measure: str
    mean: float
    low: float
    high: float
    n: int
    correlation: float
    worse_share: float

    @property
    def clear(self) -> bool:
        """Is there a measurable difference?"""
        return not self.low <= 0.0 <= self.high


def compare(base: Results, other: Results, measure: str = "deaths", level: float = 0.95) -> Difference:
    """Paired difference of a measure. Refuses runs whose draws do not pair: another seed, range of replications, scenario, model or horizon."""
    problems = [Problem(f"provenance.{field}", f"{base.provenance[field]!r} in one run, {other.provenance[field]!r} in the other.",
                        "Run both with the same value, else their draws do not pair.")
                for field in PAIRED_FIELDS if base.provenance[field] != other.provenance[field]]
    if problems:
        raise ScienceError(problems)
    a, b = base.measure(measure), other.measure(measure)
    d = interval(b - a, level)
    return Difference(measure, d.mean, d.low, d.high, d.n, correlation(a, b) if d.n > 1 else math.nan, float(((b - a) > 0).mean()))


@dataclass(frozen=True)
class Variant:
    """One arm of an experiment: a change of the city or the scenario, or another policy."""

    name: str
    city: Callable[[City], City] | None = None
    scenario: Callable[[Scenario], Scenario] | None = None
    policy: str | None = None


def experiment(city: City, scenario: Scenario, variants: Mapping[str, Variant] | list[Variant], *, measure: str = "deaths",
               **same: object) -> tuple[Results, list[tuple[Variant, Results, Difference]]]:
    """Run the base and each variant on the same draws; returns the base and, for each variant, its results and the paired difference."""
    arms = list(variants.values()) if isinstance(variants, Mapping) else list(variants)
    base = simulate(city, scenario, **same)  # type: ignore[arg-type]
    rows = []
    for arm in arms:
        changed = {**same, **({"policy": arm.policy} if arm.policy else {})}
        other = simulate(arm.city(city) if arm.city else city, arm.scenario(scenario) if arm.scenario else scenario, **changed)  # type: ignore[arg-type]
        rows.append((arm, other, compare(base, other, measure)))
    return base, rows
