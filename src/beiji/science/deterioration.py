"""Three models of how survival falls while a casualty waits, brought to one form: curve tables over exposure minutes.

*Exposure* is the time a casualty deteriorates: real minutes, times a personal rate, times what treatment leaves of it. A curve row is one kind of
course; a casualty has a row and the exposure minutes at which each point of RPM is lost. So the kernel holds no medicine, and the three models differ
by data only:

``sacco``    Sacco's Delphi table of RPM after waiting, read through his survival by RPM (both interpolated);
``mills``    log-logistic decay of Mills, Argon and Ziya: of the ten rows (class and scenario) the one whose start is nearest, scaled to start at
             Sacco's value;
``simedis``  Gompertz course of the SimedisScore over the time of death that the ISS predicts, to death for lethal injuries and to a plateau for
             others, read through Sacco's survival.

A casualty without a time-critical need and with RPM 10 to 12 stays on a flat curve in all three; its level is that of admitted casualties with
good signs, not Sacco's, whose 76,459 patients include the severely injured with good signs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from beiji.science.parameters import Register, data_rows, register

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MODELS = ("sacco", "mills", "simedis")
NODE_MIN = 5
#: Nodes of a curve: 0, 5, … 2,880 exposure minutes; the last value holds on.
NODES = 577
TOP = 12
STATES = TOP + 1


class DeteriorationError(ValueError):
    """An unknown model or an argument that cannot be."""


@lru_cache(maxsize=1)
def sacco_tables() -> tuple[Floats, Ints]:
    """Return Sacco's survival by RPM (13) and RPM after 0, 30 … 360 min (13 rows by initial RPM, 13 columns)."""
    survival = np.array([float(row["probability"]) for row in data_rows("sacco_survival.csv")])
    after = np.array(
        [
            [int(row["rpm"]), *(int(row[f"at_{minute}_min"]) for minute in range(30, 361, 30))]
            for row in data_rows("sacco_deterioration.csv")
        ]
    )
    survival.flags.writeable = after.flags.writeable = False
    return survival, after


@lru_cache(maxsize=1)
def mills_table() -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return (beta0, beta1 in min, beta2) by (scenario, class)."""
    return {
        (row["scenario"], row["class"]): (float(row["beta0"]), float(row["beta1_min"]), float(row["beta2"]))
        for row in data_rows("mills.csv")
    }


def sacco_survival(rpm: ArrayLike, *, floor: float | None = None) -> Floats:
    """Return the probability of survival by RPM, 0 to 12, linear between whole scores.

    RPM 0 *after waiting* counts ``floor`` (default: the register's ``outcome.dead_floor``, 0), not the 0.052 that Sacco found for RPM 0 at the scene.
    """
    survival, _ = sacco_tables()
    table = survival.copy()
    table[0] = register()["outcome.dead_floor"] if floor is None else floor
    return np.asarray(np.interp(np.asarray(rpm, np.float64), np.arange(STATES), table), np.float64)


def sacco_rpm(initial: ArrayLike, wait_min: ArrayLike) -> Floats:
    """Return RPM after ``wait_min`` minutes without treatment, linear between the table's 30-minute columns; after 360 min the table starts again from the value
    reached. An initial RPM outside 0 to 12 or a negative wait raises :class:`DeteriorationError`.
    """
    start, wait = np.broadcast_arrays(np.asarray(initial, np.int64), np.asarray(wait_min, np.float64))
    if np.any((start < 0) | (start > TOP)) or np.any(~(wait >= 0)):
        raise DeteriorationError("RPM lies between 0 and 12 and a wait is 0 minutes or more.")
    _, after = sacco_tables()
    columns = np.arange(0, 361, 30)
    result = np.empty(start.shape)
    for index in np.ndindex(start.shape):
        score, left = int(start[index]), float(wait[index])
        while left > columns[-1] and score > 0:
            score, left = int(after[score, -1]), left - float(columns[-1])
        result[index] = np.interp(left, columns, after[score])
    return result


def mills(wait_min: ArrayLike, beta0: float, beta1_min: float, beta2: float) -> Floats:
    """Return survival beta0 / ((t / beta1)^beta2 + 1) after ``wait_min`` minutes (Mills, Argon and Ziya 2013)."""
    return np.asarray(beta0 / ((np.asarray(wait_min, np.float64) / beta1_min) ** beta2 + 1.0), np.float64)


def gompertz(wait_min: ArrayLike, b: float, c: float, *, gamma: float = 1.0, top: float | None = None) -> Floats:
    """Return the SimedisScore a - (a - a exp(-exp(b - c t)))^gamma (Benhassine 2023); ``c`` is negative, per minute.

    ``gamma`` 1 is a lethal course; below 1 the score ends on a plateau above 0.
    """
    a = register()["simedis.a"] if top is None else top
    exponent = np.minimum(b - c * np.asarray(wait_min, np.float64), 700.0)
    return np.asarray(a - (a - a * np.exp(-np.exp(exponent))) ** gamma, np.float64)


def gompertz_b(score: float, *, top: float | None = None) -> float:
    """Return b for a starting score: ln(-ln(score / a)). The printed b of three victims in the WSC 2025 table have the wrong sign (see the tests)."""
    a = register()["simedis.a"] if top is None else top
    if not 0 < score < a:
        raise DeteriorationError(f"A Gompertz course starts between 0 and {a:g}, not at {score:g}.")
    return math.log(-math.log(score / a))


def gompertz_c(b: float, death_min: float) -> float:
    """Return c = (b - e) / t_death, so that the course ends at ``death_min`` whatever the start."""
    return (b - math.e) / death_min


def death_time_min(iss: ArrayLike, *, limits: Register | None = None) -> Floats:
    """Return the minutes to death of an untreated lethal injury, 43500 ISS^-1.95 (Benhassine 2023)."""
    limits = limits or register()
    return np.asarray(
        limits["simedis.death_a"] * np.asarray(iss, np.float64) ** limits["simedis.death_power"], np.float64
    )


@dataclass(frozen=True)
class Courses:
    """What deterioration says of n casualties: a curve and the exposure minutes at which each RPM state begins.

    ``curves``: survival if definitive control comes at exposure minute 5k, shape (m, 577); ``curve``: row per casualty; ``crossing_min``: shape
    (n, 13), column j is where RPM falls to ``rpm - j`` (inf: never); ``death_min``: exposure minutes to RPM 0 (inf: never).
    """

    curves: Floats
    curve: Ints
    crossing_min: Floats
    death_min: Floats


def courses(
    model: str,
    rpm: Ints,
    *,
    time_critical: NDArray[np.bool_],
    severity: Ints,
    iss: Ints,
    limits: Register | None = None,
) -> Courses:
    """Return curves and crossings of the named model for casualties given by RPM, time-critical need, severity (0 red, 1 yellow, 2 green, 3 black)
    and ISS. An unknown model raises :class:`DeteriorationError` listing the known ones.
    """
    limits = limits or register()
    if model not in MODELS:
        raise DeteriorationError(f"Unknown deterioration model {model}. Known models: {', '.join(MODELS)}.")
    stable_from = limits["casualty.stable_rpm_from"]
    keys = [
        _key(model, int(r), int(s), int(i), limits) if bool(critical) or r < stable_from else _flat_key(int(s))
        for r, critical, s, i in zip(rpm, time_critical, severity, iss, strict=True)
    ]
    rows = {key: at for at, key in enumerate(sorted(set(keys)))}
    made = [_course(key, limits) for key in rows]
    curve = np.array([rows[key] for key in keys], np.int64)
    crossing = np.stack([crossings for _, crossings in made])[curve]
    return Courses(np.stack([values for values, _ in made]), curve, crossing, crossing[np.arange(len(rpm)), rpm])


_GRID = np.arange(0.0, NODE_MIN * (NODES - 1) + 1.0)
_GREEN = 2
Key = tuple[str, ...]


def _flat_key(severity: int) -> Key:
    return ("flat", "minor" if severity == _GREEN else "stable")


def _key(model: str, rpm: int, severity: int, iss: int, limits: Register) -> Key:
    """Return what names one kind of course; casualties with the same key share a curve."""
    if model == "sacco":
        return ("sacco", str(rpm))
    if model == "simedis":
        return (
            "simedis",
            str(rpm),
            "lethal" if iss >= limits["simedis.lethal_iss"] else "plateau",
            str(max(iss, round(limits["simedis.least_iss"]))),
        )
    start = sacco_tables()[0][rpm]
    nearest = min((abs(beta[0] - start), name, kind) for (name, kind), beta in mills_table().items() if name.isdigit())
    return ("mills", str(rpm), nearest[2], nearest[1])


def _course(key: Key, limits: Register) -> tuple[Floats, Floats]:
    """Return the curve (577 nodes) and the crossings (13) of one kind of course."""
    if key[0] == "flat":
        return np.full(NODES, limits[f"outcome.{key[1]}_survival"]), np.array([0.0] + [np.inf] * TOP)
    rpm = int(key[1])
    if key[0] == "sacco":
        course = sacco_rpm(np.full(_GRID.shape, rpm), _GRID)
    elif key[0] == "mills":
        course = _mills_course(rpm, key[2], key[3])
    else:
        course = _simedis_course(rpm, key[2] == "lethal", int(key[3]), limits)
    survival = sacco_survival(course, floor=limits["outcome.dead_floor"])
    late = np.maximum(_GRID - limits["outcome.routine_delay_min"], 0.0)
    curve = np.interp(late, _GRID, survival)[::NODE_MIN]
    return curve, _crossings(course, rpm)


def _mills_course(rpm: int, kind: str, scenario: str) -> Floats:
    """RPM along a Mills curve: the score whose Sacco survival has fallen by the same factor; dead when it falls under that of RPM 0."""
    survival, _ = sacco_tables()
    beta = mills_table()[(scenario, kind)]
    left = survival[rpm] * mills(_GRID, *beta) / beta[0]
    course = np.interp(left, survival, np.arange(STATES))
    course[left <= survival[0]] = 0.0
    return np.asarray(course, np.float64)


def _simedis_course(rpm: int, lethal: bool, iss: int, limits: Register) -> Floats:
    """RPM along a Gompertz course to the ISS's time of death, started at the score that this RPM stands for."""
    if rpm == 0:
        return np.zeros(_GRID.shape)
    per_score, top = limits["simedis.rpm_per_score"], limits["simedis.a"]
    b = gompertz_b(min(rpm / per_score, limits["simedis.start_cap"]), top=top)
    death = float(death_time_min(iss, limits=limits))
    score = gompertz(_GRID, b, gompertz_c(b, death), gamma=1.0 if lethal else limits["simedis.gamma"], top=top)
    course = np.minimum(rpm * score / score[0], rpm)
    if lethal:
        course[death <= _GRID] = 0.0
    return np.asarray(course, np.float64)


def _crossings(course: Floats, rpm: int) -> Floats:
    """Return the exposure minute at which the course first reaches ``rpm - j`` (interpolated), for j = 0 … 12; inf where it never does."""
    crossing = np.full(STATES, np.inf)
    crossing[0] = 0.0
    for lost in range(1, rpm + 1):
        below = np.flatnonzero(course <= rpm - lost + 1e-9)
        if below.size == 0:
            break
        at = int(below[0])
        if at == 0:
            crossing[lost] = 0.0
            continue
        before, after = course[at - 1], course[at]
        share = 1.0 if before == after else (before - (rpm - lost)) / (before - after)
        crossing[lost] = _GRID[at - 1] + min(max(share, 0.0), 1.0) * (_GRID[at] - _GRID[at - 1])
    return crossing


def survival_at(made: Courses, casualty: int, exposure_min: ArrayLike) -> Floats:
    """Plain form of the kernel's look-up: survival of one casualty if definitive control comes at ``exposure_min``; 0 from RPM 0 on."""
    at = np.asarray(exposure_min, np.float64)
    value = np.interp(at, NODE_MIN * np.arange(NODES), made.curves[made.curve[casualty]])
    return np.asarray(np.where(at >= made.death_min[casualty], 0.0, value), np.float64)
