"""Outcomes: preventable deaths against two references, and by cause. The law stands in structure.md, 4."""
from dataclasses import dataclass

import numpy as np

from .estimate import Interval, interval
from .results import LIFE, Results

IMMEDIATE, UNLIMITED = "immediate unlimited care", "unlimited hospitals, real travel"


@dataclass(frozen=True)
class CauseRow:
    """Expected preventable deaths a replication by what was waited for, with the interval of the mean."""

    cause: str
    deaths: float
    low: float
    high: float


def references(results: Results, level: float = 0.95) -> dict[str, Interval]:
    """Preventable deaths against each reference: survival there minus survival in the run, same casualties, same draws."""
    found = {IMMEDIATE: interval(results.measure("preventable"), level)}
    if results.has_unlimited:
        found[UNLIMITED] = interval(results.measure("preventable_by_hospitals"), level)
    return found


def preventable(results: Results, level: float = 0.95) -> list[CauseRow]:
    """Rows by cause, greatest first; they add up to the preventable deaths against immediate unlimited care, exactly (`residue` is 0)."""
    rows = []
    for cause in results.model.causes:
        values = results.cause_by_replication(cause)
        if values.any():
            found = interval(values, level)
            rows.append(CauseRow(cause, found.mean, found.low, found.high))
    return sorted(rows, key=lambda row: -row.deaths)


def residue(results: Results) -> int:
    """Σ of the charged falls minus the fall from the reference, in integers of 2**-40 lives over all replications: 0 unless the kernel is at fault."""
    fall = int((results.out["reference_q"] - results.out["survivors_q"]).sum())
    by_cause = int(results.out["loss_q"].astype(object).sum())
    by_site = int(results.loss.astype(object).sum())
    return abs(by_cause - fall) + abs(by_site - fall)


def deaths_drawn(results: Results, seed: int = 0) -> np.ndarray:
    """Whole deaths for an exercise: realised deaths plus a Poisson-free draw of the expected remainder (one uniform a replication)."""
    expected = results.measure("deaths")
    realised = results.measure("dead")
    rest = np.maximum(expected - realised, 0.0)
    u = np.random.default_rng(seed).random(len(rest))
    drawn: np.ndarray = (realised + np.floor(rest + u)).astype(int)
    return drawn


__all__ = ["IMMEDIATE", "LIFE", "UNLIMITED", "CauseRow", "deaths_drawn", "preventable", "references", "residue"]
