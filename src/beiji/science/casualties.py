"""A pool of casualty templates: injuries, needs, the signs at every stage of decline, the colour each triage rule gives them, and a survival curve.

The kernel draws templates from the pool and knows no medicine. The pool is a function of its arguments alone: every draw is keyed by (seed, template,
purpose), so a longer pool or a new sign moves no other draw. Severity is clinical truth (red needs a life-saving intervention); the colour is what
the rule makes of the signs, so over- and undertriage come out of the rule and are not drawn from accuracy tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from beiji.science import deterioration
from beiji.science.parameters import Register, data_rows, register
from beiji.science.scores import MAXIMUM, REGIONS, iss, niss
from beiji.science.signs import NEED_NAMES, Draws, Need, Purpose, signs_of
from beiji.science.triage import BLACK, DEAD, RULES, Findings, TriageError, triage

Ints = NDArray[np.int64]
__all__ = ["NEED_NAMES", "TIME_CRITICAL", "CasualtyError", "Need", "Pool", "build_pool", "mechanisms", "need_rates"]

Int32s = NDArray[np.int32]
Floats = NDArray[np.float64]


TIME_CRITICAL = sum(1 << bit for bit in range(Need.ORTHOPAEDIC))
SEVERITIES = ("red", "yellow", "green", "black")
#: Shares of the pool held by each severity; the scenario's mix decides how often each is drawn, so these only set how many faces each has.
POOL_SHARES = (0.35, 0.30, 0.30, 0.05)
STATES = deterioration.STATES
#: Every injury of these is a burn or a poisoning.
UNSCORED_MECHANISMS = ("burn", "chemical", "poisoning")
MAX_CROSSINGS = 8
_ADULT_ONLY = {"start": "start", "mstart": "mstart", "jumpstart": "start"}


class CasualtyError(ValueError):
    """A pool that cannot be built; the message names the argument and the known values."""


@dataclass(frozen=True)
class Pool:
    """n casualty templates in the order of their ids; see :func:`build_pool`.

    ``group`` severity code; ``category`` colour by the rule at exposure 0; ``needs`` bit mask of :class:`Need`; ``curve`` row of ``curves``
    (survival at exposure 0, 5, … 2,880 min); ``cross_at``/``cross_category`` (n, 8) exposure minutes, strictly ascending, and the colour from then on;
    ``need_rate`` relative speed of the exposure clock by the mask of needs that remain. ``found`` are the signs, shape (n, 13), column j with j points of
    RPM lost. ``unscored`` marks who is burned or poisoned: the tables are of blunt and penetrating force, so nobody of them is counted as dead or saved; the
    signs fall by the same tables, which decides colours and hence the flow, and no more.
    """

    group: Int32s
    category: Int32s
    needs: Int32s
    curve: Int32s
    cross_count: Int32s
    cross_at: Floats
    cross_category: Int32s
    walks: Int32s
    blood: Int32s
    surgical: Int32s
    iss: Int32s
    niss: Int32s
    age: Int32s
    child: NDArray[np.bool_]
    rpm: Int32s
    ais: Ints
    mechanism: tuple[str, ...]
    pattern: tuple[str, ...]
    found: Findings
    curves: Floats
    need_rate: Floats
    unscored: Int32s
    rule: str
    model: str

    def __len__(self) -> int:
        return len(self.group)


def mechanisms() -> tuple[str, ...]:
    """Return the known mechanisms of injury, in file order."""
    return tuple(dict.fromkeys(row["mechanism"] for row in data_rows("injury_patterns.csv")))


def build_pool(
    *,
    mechanism: str | Mapping[str, float] | tuple[tuple[str, float], ...],
    rule: str = "start",
    model: str = "sacco",
    child_share: float | None = None,
    seed: int = 1,
    size: int = 2000,
    parameters: Register | None = None,
) -> Pool:
    """Build ``size`` templates of one mechanism or a mix of them (shares that sum to one, as a mapping or as pairs), triaged by ``rule`` and declining by ``model``.

    Children of up to ``casualty.child_age_limit_years`` are triaged by JumpSTART where the rule is START, mSTART or JumpSTART. Raises
    :class:`CasualtyError` for an unknown mechanism, rule or model, shares that do not sum to one, or a pool under 100 templates.
    """
    limits = parameters or register()
    share = limits["casualty.child_share"] if child_share is None else child_share
    mix = {mechanism: 1.0} if isinstance(mechanism, str) else dict(mechanism)
    _refuse_bad(mix, rule, model, share, size)
    draw = Draws(seed, size)
    group = np.searchsorted(np.cumsum(POOL_SHARES), (np.arange(size) + 0.5) / size).clip(0, 3).astype(np.int64)
    names, kind = _choose_patterns(mix, group, draw)
    needs = np.array([_need_mask(row["needs"]) for row in kind], np.int64)
    ais, all_grades = _injuries(kind, group, draw)
    scored, new_scored = iss(ais), niss(all_grades)
    rpm = _initial_rpm(group, needs, draw, limits)
    child, age = _ages(share, draw, limits)
    critical = (needs & TIME_CRITICAL) != 0
    made = deterioration.courses(
        model, rpm, time_critical=critical, severity=group, iss=np.where(group == BLACK, MAXIMUM, scored), limits=limits
    )
    found = signs_of(rpm, group, needs, ais, age, kind, draw, limits)
    colour = _colours(rule, found, child, rpm, limits)
    count, at, to = _crossings(colour, made.crossing_min)
    blood = _blood(kind, draw, limits)
    unscored = _unscored(names, needs, rpm)
    curve, curves, count, at, to = _without_outcome(unscored, made, count, at, to)
    i32 = np.int32
    return Pool(
        group=group.astype(i32), category=np.minimum(colour[:, 0], BLACK).astype(i32), needs=needs.astype(i32), curve=curve.astype(i32), cross_count=count, cross_at=at,
        cross_category=to, walks=found.walks[:, 0].astype(i32), blood=blood.astype(i32), surgical=_chance(kind, "surgical_share", draw.u(Purpose.SURGICAL)),
        iss=scored.astype(i32), niss=new_scored.astype(i32), age=age.astype(i32), child=child, rpm=rpm.astype(i32), ais=ais, mechanism=tuple(names),
        pattern=tuple(row["pattern"] for row in kind), found=found, curves=curves, need_rate=need_rates(limits), unscored=unscored.astype(i32), rule=rule, model=model,
    )  # fmt: skip


def need_rates(limits: Register | None = None) -> Floats:
    """Return the relative speed of the exposure clock for each of the 1,024 masks of remaining needs: full while an airway, chest, bleeding or head
    need remains, slower for a burn or crush alone, slowest when only intensive care is missing, 0 when nothing time-critical remains.
    """
    limits = limits or register()
    masks = np.arange(1 << len(NEED_NAMES))
    slow = {
        Need.BURN: "effect.burn_need_rate",
        Need.CRUSH: "effect.crush_need_rate",
        Need.ICU: "effect.icu_only_need_rate",
    }
    rate = np.zeros(len(masks))
    for bit in range(len(NEED_NAMES)):
        if bit in (Need.ORTHOPAEDIC, Need.CONTAMINATED):
            continue
        rate = np.maximum(rate, np.where(masks >> bit & 1, limits[slow[bit]] if bit in slow else 1.0, 0.0))
    return rate


def _refuse_bad(mix: Mapping[str, float], rule: str, model: str, child_share: float, size: int) -> None:
    faults = [
        f"Unknown mechanism {name}. Known mechanisms: {', '.join(mechanisms())}."
        for name in mix
        if name not in mechanisms()
    ]
    if not mix or abs(sum(mix.values()) - 1.0) > 1e-6 or min(mix.values(), default=0.0) < 0:
        faults.append(
            f"The shares of mechanisms sum to {sum(mix.values()):g}. Give shares of 0 and more that sum to 1."
        )
    if rule not in RULES:
        faults.append(f"Unknown triage rule {rule}. Known rules: {', '.join(RULES)}.")
    if model not in deterioration.MODELS:
        faults.append(f"Unknown deterioration model {model}. Known models: {', '.join(deterioration.MODELS)}.")
    if not 0 <= child_share <= 1:
        faults.append(f"The share of children is {child_share:g}. Give a share from 0 to 1.")
    if size < 100:
        faults.append(f"A pool of {size} templates is too small. Give at least 100.")
    if faults:
        raise CasualtyError("\n".join(faults))


def _choose_patterns(mix: Mapping[str, float], group: Ints, draw: Draws) -> tuple[list[str], list[dict[str, str]]]:
    """Return mechanism and injury pattern of each template; the dead at once have the patterns of the red."""
    order = sorted(mix)
    bounds = np.cumsum([mix[name] for name in order])
    chosen = [order[at] for at in np.searchsorted(bounds / bounds[-1], draw.u(Purpose.MECHANISM))]
    table: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in data_rows("injury_patterns.csv"):
        table.setdefault((row["mechanism"], row["severity"]), []).append(row)
    patterns = []
    for name, severity, u in zip(chosen, group, draw.u(Purpose.PATTERN), strict=True):
        rows = table[(name, SEVERITIES[severity] if severity != BLACK else "red")]
        patterns.append(rows[_pick([float(row["weight"]) for row in rows], float(u))])
    return chosen, patterns


def _pick(weights: list[float], u: float) -> int:
    bounds = np.cumsum(weights)
    return int(np.searchsorted(bounds, u * bounds[-1]).clip(0, len(weights) - 1))


@lru_cache(maxsize=64)
def _need_mask(names: str) -> int:
    return sum(1 << NEED_NAMES.index(name) for name in names.split())


def _injuries(kind: list[dict[str, str]], group: Ints, draw: Draws) -> tuple[Ints, Ints]:
    """Return the worst AIS of each region (n, 6) and all injuries (n, 4); the dead at once have the worst grade of each range plus one, at most 6."""
    worst = np.zeros((len(kind), len(REGIONS)), np.int64)
    every = np.zeros((len(kind), 4), np.int64)
    u = [draw.u(Purpose.INJURY + slot) for slot in range(every.shape[1])]
    for i, row in enumerate(kind):
        for slot, spec in enumerate(row["injuries"].split()):
            region, span = spec.split(":")
            low, high = (int(grade) for grade in span.split("-"))
            grade = low + int(u[slot][i] * (high - low + 1))
            if group[i] == BLACK and high >= 3:
                grade = min(high + 1, 6)
            at = REGIONS.index(region)
            worst[i, at] = max(worst[i, at], grade)
            every[i, slot] = grade
    return worst, every


def _initial_rpm(group: Ints, needs: Ints, draw: Draws, limits: Register) -> Ints:
    """Return the RPM when found; without a time-critical need it is that of the stable (the signs of a fracture alone do not fall)."""
    table: dict[str, list[tuple[int, float]]] = {}
    for row in data_rows("rpm_mix.csv"):
        table.setdefault(row["severity"], []).append((int(row["rpm"]), float(row["weight"])))
    rpm = np.zeros(len(group), np.int64)
    for i, (severity, u) in enumerate(zip(group, draw.u(Purpose.RPM), strict=True)):
        options = table[SEVERITIES[severity]]
        rpm[i] = options[_pick([weight for _, weight in options], float(u))][0]
    stable = ((needs & TIME_CRITICAL) == 0) & (group != BLACK)
    return np.where(stable, np.maximum(rpm, round(limits["casualty.stable_rpm_from"])), rpm)


def _ages(child_share: float, draw: Draws, limits: Register) -> tuple[NDArray[np.bool_], Ints]:
    """Return who is a child and everybody's age in whole years."""
    child = draw.u(Purpose.CHILD) < child_share
    old = draw.u(Purpose.ELDERLY) < limits["casualty.elderly_share"]
    u = draw.u(Purpose.AGE)
    top = limits["casualty.child_age_limit_years"]
    from_old, oldest = limits["casualty.elderly_from_years"], limits["casualty.oldest_years"]
    age = np.where(
        child, 1 + u * top, np.where(old, from_old + u * (oldest + 1 - from_old), top + 1 + u * (from_old - top - 1))
    )
    return child, np.floor(np.where(child, np.minimum(age, top), age)).astype(np.int64)


def _colours(rule: str, found: Findings, child: NDArray[np.bool_], rpm: Ints, limits: Register) -> Ints:
    """Return the colour of every state (n, 13); a state with RPM 0 is dead whatever the rule says."""
    if rule not in RULES:
        raise TriageError(f"Unknown triage rule {rule}. Known rules: {', '.join(RULES)}.")
    colour = triage(_ADULT_ONLY.get(rule, rule), found, limits=limits)
    if rule in _ADULT_ONLY:
        colour = np.where(child[:, None], triage("jumpstart", found, limits=limits), colour)
    return np.where(np.arange(STATES)[None, :] >= rpm[:, None], DEAD, colour).astype(np.int64)


def _crossings(colour: Ints, crossing_min: Floats) -> tuple[Int32s, Floats, Int32s]:
    """Return count, exposure minutes and new colours of the changes of colour; states passed at one instant count as the last of them. Who
    has RPM 0 when injured is black and dies at exposure 0.
    """
    n = len(colour)
    count, at, to = np.zeros(n, np.int32), np.full((n, MAX_CROSSINGS), np.inf), np.zeros((n, MAX_CROSSINGS), np.int32)
    for i in range(n):
        changes: list[tuple[float, int]] = [(0.0, DEAD)] if colour[i, 0] == DEAD else []
        for minute, new in zip(crossing_min[i, 1:], colour[i, 1:], strict=True):
            if not np.isfinite(minute) or colour[i, 0] == DEAD:
                break
            if changes and changes[-1][0] >= minute:
                changes.pop()
            if new != (changes[-1][1] if changes else colour[i, 0]):
                changes.append((float(minute), int(new)))
            if new == DEAD:
                break
        if len(changes) > MAX_CROSSINGS:
            raise CasualtyError(f"Template {i} changes colour {len(changes)} times; the pool holds {MAX_CROSSINGS}.")
        count[i] = len(changes)
        for slot, (minute, new) in enumerate(changes):
            at[i, slot], to[i, slot] = minute, new
    return count, at, to


def _unscored(mechanism: list[str], needs: Ints, rpm: Ints) -> NDArray[np.bool_]:
    """Return whose mortality no table of the model describes: burned or poisoned. Who is dead when found is dead."""
    named: NDArray[np.bool_] = np.isin(mechanism, UNSCORED_MECHANISMS) | ((needs & (1 << Need.BURN)) != 0)
    told: NDArray[np.bool_] = named & (rpm > 0)
    return told


def _without_outcome(
    unscored: NDArray[np.bool_], made: deterioration.Courses, count: Int32s, at: Floats, to: Int32s
) -> tuple[Ints, Floats, Int32s, Floats, Int32s]:
    """Return curves, the row of each template and the crossings, with no fall of survival and no death for the unscored."""
    if not unscored.any():
        return made.curve, made.curves, count, at, to
    slot = np.arange(at.shape[1])[None, :]
    gone = unscored[:, None] & (slot < count[:, None]) & (to == DEAD)
    curves = np.vstack([made.curves, np.ones((1, made.curves.shape[1]))])
    curve = np.where(unscored, len(made.curves), made.curve)
    return curve, curves, count - gone.sum(axis=1).astype(np.int32), np.where(gone, np.inf, at), np.where(gone, 0, to).astype(np.int32)


def _chance(kind: list[dict[str, str]], column: str, u: Floats) -> Int32s:
    return (u < np.array([float(row[column]) for row in kind])).astype(np.int32)


def _blood(kind: list[dict[str, str]], draw: Draws, limits: Register) -> Ints:
    """Return red-cell units wanted: none, an ordinary transfusion, or a massive one (zero-inflated heavy tail)."""
    some = _chance(kind, "blood_share", draw.u(Purpose.BLOOD)).astype(bool)
    massive = draw.u(Purpose.MASSIVE) < limits["casualty.massive_transfusion_share"]
    units = np.where(massive, limits["casualty.massive_transfusion_units"], limits["casualty.transfusion_units"])
    return np.where(some, units, 0).astype(np.int64)
