"""Intervals: Student t over independent replications, quantiles by order statistics, stopping rules."""
import math
from dataclasses import dataclass

import numpy as np

from .city import City
from .errors import Problem, ScienceError
from .results import Results
from .run import SUMMED, simulate
from .scenario import Scenario

FIRST_REPLICATIONS = 30
GROWTH = 1.5


@dataclass(frozen=True)
class Interval:
    """Mean with a confidence interval of the mean, and the predictive interval of one event. `missing`: values left out as undefined."""

    mean: float
    low: float
    high: float
    n: int
    sd: float
    predictive_low: float
    predictive_high: float
    missing: int = 0

    @property
    def half_width(self) -> float:
        """Half of the confidence interval's width."""
        return (self.high - self.low) / 2


def _beta_fraction(x: float, a: float, b: float) -> float:
    """Continued fraction of the incomplete beta function (Lentz)."""
    tiny = 1e-300
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    h = d
    for m in range(1, 300):
        for numerator in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1.0 + numerator * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + numerator / c
            c = c if abs(c) > tiny else tiny
            h *= d * c
        if abs(d * c - 1.0) < 1e-15:
            break
    return h


def student_probability(t: float, freedom: float) -> float:
    """Distribution function of Student's t, by the incomplete beta function."""
    x = freedom / (freedom + t * t)
    a, b = freedom / 2.0, 0.5
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) if 0.0 < x < 1.0 else 0.0
    if x < (a + 1.0) / (a + b + 2.0):
        tail = front * _beta_fraction(x, a, b) / a
    else:
        tail = 1.0 - front * _beta_fraction(1.0 - x, b, a) / b
    return 1.0 - tail / 2.0 if t >= 0 else tail / 2.0


def student_quantile(p: float, freedom: float) -> float:
    """Quantile of Student's t for 0.5 ≤ p < 1, by bisection to 1e-10."""
    low, high = 0.0, 1.0
    while student_probability(high, freedom) < p:
        high *= 2.0
    while high - low > 1e-10 * max(1.0, high):
        middle = (low + high) / 2.0
        low, high = (middle, high) if student_probability(middle, freedom) < p else (low, middle)
    return (low + high) / 2.0


def interval(values: object, level: float = 0.95) -> Interval:
    """Student-t interval of the mean of independent values; NaN values (nobody got there) are left out and counted."""
    x = np.asarray(values, dtype=float).ravel()
    missing = int(np.isnan(x).sum())
    x = x[~np.isnan(x)]
    n = len(x)
    if n == 0:
        return Interval(math.nan, math.nan, math.nan, 0, math.nan, math.nan, math.nan, missing)
    mean = math.fsum(x) / n
    if n == 1:
        return Interval(mean, -math.inf, math.inf, 1, math.nan, -math.inf, math.inf, missing)
    sd = math.sqrt(math.fsum((x - mean) ** 2) / (n - 1))
    t = student_quantile(0.5 + level / 2, n - 1)
    half, predictive = t * sd / math.sqrt(n), t * sd * math.sqrt(1 + 1 / n)
    return Interval(mean, mean - half, mean + half, n, sd, mean - predictive, mean + predictive, missing)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's correlation; NaN when one does not vary."""
    if a.std() == 0 or b.std() == 0:
        return math.nan
    return float(np.corrcoef(a, b)[0, 1])


def joined(parts: list[Results]) -> Results:
    """Runs of the same model with consecutive replications as one."""
    first = parts[0]
    sums = {}
    for name, fields in SUMMED.items():
        sums[name] = getattr(first, name).copy()
        for field in fields:
            sums[name][field] = np.sum([getattr(p, name)[field] for p in parts], axis=0)
    provenance = {**first.provenance, "replications": sum(len(p) for p in parts), "wall_s": sum(float(str(p.provenance["wall_s"])) for p in parts)}
    return Results(first.model, np.concatenate([p.out for p in parts]), sums["queue"], sums["unit"], sums["site"], np.sum([p.loss for p in parts], axis=0),
                   np.sum([p.histogram for p in parts], axis=0), provenance, [t for p in parts for t in p.trace], incision=np.sum([p.incision for p in parts], axis=0))


def simulate_until(city: City, scenario: Scenario, *, measure: str = "deaths", half_width: float, max_replications: int = 10_000,
                   level: float = 0.95, **same: object) -> Results:
    """Run until the half-width of a measure's interval (in its own unit) is small enough, looking at geometrically growing numbers of
    replications from 30 on; stops at max_replications. The rest as in `simulate`."""
    problems = []
    if not half_width > 0:
        problems.append(Problem("half_width", f"{half_width!r} is not above 0.", "Give the half-width in the measure's unit."))
    if max_replications < FIRST_REPLICATIONS:
        problems.append(Problem("max_replications", f"{max_replications!r} is too few.", f"Give at least {FIRST_REPLICATIONS}."))
    if problems:
        raise ScienceError(problems)
    parts: list[Results] = []
    done, want = 0, FIRST_REPLICATIONS
    while True:
        parts.append(simulate(city, scenario, replications=want - done, first=done, **same))  # type: ignore[arg-type]
        done = want
        values = np.concatenate([p.measure(measure) for p in parts])
        if interval(values, level).half_width <= half_width or done >= max_replications:
            return joined(parts)
        want = min(max_replications, math.ceil(done * GROWTH))
