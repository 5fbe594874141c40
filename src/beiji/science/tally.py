"""A stream of values in little memory: count, mean, spread and quantiles of one measure over any number of replications.

Values are counted rounded to a grain, far finer than what is printed; memory depends on how many different values there are, not on how many events.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

from beiji.science.estimate import student_quantile

LEVEL = 0.95
#: Of so many single events the middle range is told: "9 of 10".
EVENTS = 0.90


class Tally:
    """Values of one measure; those that are not finite (nobody got there) are left out."""

    def __init__(self, grain: float) -> None:
        self.grain = grain
        self.counts: Counter[int] = Counter()
        self.n = 0
        self.around: float | None = None
        self.sums: tuple[float, float] = (0.0, 0.0)

    def add(self, values: np.ndarray[Any, Any]) -> None:
        """Take a block of values in."""
        x = np.asarray(values, float)
        x = x[np.isfinite(x)]
        if not len(x):
            return
        if self.around is None:
            self.around = float(x[0])
        apart = x - self.around
        self.sums = (self.sums[0] + math.fsum(apart), self.sums[1] + math.fsum(apart * apart))
        self.n += len(x)
        where, counts = np.unique(np.rint(x / self.grain).astype(np.int64), return_counts=True)
        for at, count in zip(where.tolist(), counts.tolist(), strict=True):
            self.counts[at] += count

    @property
    def mean(self) -> float:
        """Mean of all values."""
        return (self.around or 0.0) + self.sums[0] / self.n

    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the mean (Student t)."""
        if self.n < 2:
            return -math.inf, math.inf
        variance = max(0.0, (self.sums[1] - self.sums[0] ** 2 / self.n) / (self.n - 1))
        half = student_quantile(0.5 + LEVEL / 2, self.n - 1) * math.sqrt(variance / self.n)
        return self.mean - half, self.mean + half

    def events(self) -> tuple[float, float]:
        """Between which values at least nine of ten single events lie: the least range from an observed value to an observed value that leaves out
        at most one in twenty at either side."""
        most = math.floor(self.n * (1.0 - EVENTS) / 2 + 1e-9)
        ordered = sorted(self.counts)
        return self._after(ordered, most), self._after(ordered[::-1], most)

    def _after(self, ordered: list[int], left_out: int) -> float:
        seen = 0
        for at in ordered:
            seen += self.counts[at]
            if seen > left_out:
                return at * self.grain
        return math.nan

    def by_value(self) -> tuple[tuple[float, int], ...]:
        """(value, events) in rising order."""
        return tuple((at * self.grain, self.counts[at]) for at in sorted(self.counts))
