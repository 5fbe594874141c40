"""Published scores: ISS, NISS, RTS, triage RTS and TRISS.

AIS arrays have the injuries on the last axis: ``(…, 6)`` for one worst grade per ISS region (head and neck, face, chest, abdomen, extremities,
external), any length for all injuries. Grades are 0 (none) to 6.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from beiji.science.parameters import Register, data_rows, register

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

REGIONS = ("head_neck", "face", "chest", "abdomen", "extremities", "external")
#: Sums of three squares of 0 to 5 that exist, and 75. No other ISS or NISS is attainable.
ATTAINABLE = frozenset({a * a + b * b + c * c for a in range(6) for b in range(a + 1) for c in range(b + 1)})
MAXIMUM = 75


class ScoreError(ValueError):
    """Grades or vital signs that cannot be."""


def iss(worst_by_region: ArrayLike) -> Ints:
    """Return the Injury Severity Score from the worst AIS of each of the six regions: squares of the three worst; any AIS 6 gives 75 (Baker 1974)."""
    grades = _grades(worst_by_region)
    if grades.shape[-1] != len(REGIONS):
        raise ScoreError(f"ISS needs one grade for each of the {len(REGIONS)} regions, got {grades.shape[-1]}.")
    return _three_worst(grades)


def niss(grades: ArrayLike) -> Ints:
    """Return the New ISS from all injuries, whatever the region: squares of the three worst; any AIS 6 gives 75 (Osler 1997)."""
    return _three_worst(_grades(grades))


def _grades(values: ArrayLike) -> Ints:
    grades = np.asarray(values, np.int64)
    if grades.ndim == 0 or np.any((grades < 0) | (grades > 6)):
        raise ScoreError("AIS grades are whole numbers from 0 (no injury) to 6.")
    return grades


def _three_worst(grades: Ints) -> Ints:
    worst = np.sort(grades, axis=-1)[..., -3:]
    return np.where(np.any(grades == 6, axis=-1), MAXIMUM, np.sum(worst * worst, axis=-1)).astype(np.int64)


def rts_codes(gcs: ArrayLike, systolic: ArrayLike, rate: ArrayLike) -> Ints:
    """Return the coded values (GCS, systolic pressure in mmHg, breaths per minute), each 0 to 4, stacked on a new first axis (Champion 1989)."""
    gcs_, systolic_, rate_ = (np.asarray(values, np.float64) for values in (gcs, systolic, rate))
    if np.any((gcs_ < 3) | (gcs_ > 15)) or np.any(systolic_ < 0) or np.any(rate_ < 0):
        raise ScoreError("GCS lies between 3 and 15; pressure and rate are 0 or more.")
    codes = [
        _band(name, values)
        for name, values in (("gcs", gcs_), ("systolic", np.floor(systolic_)), ("rate", np.floor(rate_)))
    ]
    return np.stack(np.broadcast_arrays(*codes)).astype(np.int64)


@lru_cache(maxsize=1)
def _bands() -> dict[str, tuple[list[float], list[int]]]:
    """Lower ends of the bands and their codes, by sign."""
    bands: dict[str, tuple[list[float], list[int]]] = {}
    for row in data_rows("rts_codes.csv"):
        ends, codes = bands.setdefault(row["sign"], ([], []))
        ends.append(float(row["from"]))
        codes.append(int(row["code"]))
    return bands


def _band(sign: str, values: Floats) -> Ints:
    ends, codes = _bands()[sign]
    return np.asarray(codes, np.int64)[np.searchsorted(ends, values, side="right") - 1]


def trts(gcs: ArrayLike, systolic: ArrayLike, rate: ArrayLike) -> Ints:
    """Return the triage RTS, 0 to 12: the unweighted sum of the three codes."""
    return np.asarray(rts_codes(gcs, systolic, rate).sum(axis=0), np.int64)


def rts(gcs: ArrayLike, systolic: ArrayLike, rate: ArrayLike, *, weights: Register | None = None) -> Floats:
    """Return the Revised Trauma Score, 0 to 7.8408."""
    weights = weights or register()
    codes = rts_codes(gcs, systolic, rate)
    return np.asarray(
        weights["rts.gcs"] * codes[0] + weights["rts.systolic"] * codes[1] + weights["rts.rate"] * codes[2], np.float64
    )


def triss(
    rts_value: ArrayLike, iss_value: ArrayLike, age_years: ArrayLike, *, mechanism: str, weights: Register | None = None
) -> Floats:
    """Return the probability of survival by TRISS; ``mechanism`` is ``blunt`` or ``penetrating``.

    b = b0 + b1 RTS + b2 ISS + b3 (age >= 55); Ps = 1 / (1 + exp(-b)). Coefficients in the register as ``triss.*``.
    """
    weights = weights or register()
    if mechanism not in ("blunt", "penetrating"):
        raise ScoreError(f"TRISS knows the mechanisms blunt and penetrating, not {mechanism}.")
    b0, b1, b2, b3 = (weights[f"triss.{mechanism}.{name}"] for name in ("b0", "rts", "iss", "age"))
    old = np.asarray(age_years, np.float64) >= weights["triss.age_from"]
    logit = b0 + b1 * np.asarray(rts_value, np.float64) + b2 * np.asarray(iss_value, np.float64) + b3 * old
    return np.asarray(1.0 / (1.0 + np.exp(-logit)), np.float64)
