"""Choosing a hospital, in plain Python: the slow, obvious twin of `kernel/policies.py`. Costs and candidates: structure.md, 8."""
import math
from collections.abc import Sequence
from dataclasses import dataclass

from .draws import Purpose, stable_hash, uniform
from .scenario import POLICIES

__all__ = ["POLICIES", "Candidate", "choose", "cost"]


@dataclass(frozen=True)
class Candidate:
    """A hospital as a policy sees it, for one casualty's lane: minutes away, level, load and capacity of the lane's front places now,
    declared weight, and from the scenario's table or split: rank or share (None: not named), quota, sent so far; `detour`: minutes
    that count against it because it lacks what a child or a burned casualty wants."""

    code: str
    minutes: float
    level: int
    accepts: bool
    load: int
    capacity: int
    weight: float = 0.0
    plan: float | None = None
    quota: int = 0
    sent: int = 0
    detour: float = 0.0


def cost(policy: str, hospital: Candidate, *, red: bool, green: bool, top_level: int, weight_min: float, protect_min: float, overflow: float,
         casualty_key: int = 0) -> float | None:
    """Cost of a candidate, minutes-like; None: no candidate under this policy."""
    places = max(1, hospital.capacity)
    protect = protect_min if hospital.level == top_level else 0.0
    if policy == "nearest":
        return hospital.minutes
    if policy == "proportional":
        if hospital.weight <= 0:
            return None
        return -math.log(uniform(casualty_key, Purpose.POLICY_RACE, stable_hash(hospital.code))) / hospital.weight
    if policy == "spread":
        return hospital.minutes + hospital.detour + weight_min * hospital.load / places + (0.0 if red else protect)
    if policy == "concentrate":
        if green:
            return hospital.minutes + protect
        full = 1000.0 if hospital.load >= overflow * places else 0.0
        return 1000.0 * (top_level - hospital.level) + full + hospital.minutes + hospital.detour + weight_min * max(0, hospital.load - places) / places
    if hospital.plan is None:
        return None
    if policy == "table":
        return hospital.plan + (1000.0 if hospital.sent >= hospital.quota else 0.0)
    return (hospital.sent + 1) / hospital.plan if hospital.plan > 0 else None


def choose(policy: str, hospitals: Sequence[Candidate], **rules: object) -> str | None:
    """Code of the hospital of least cost, ties to the first by code; nearest of all that can be reached when no candidate is left."""
    ordered = [h for h in sorted(hospitals, key=lambda h: h.code) if math.isfinite(h.minutes)]
    costs = [(value, h) for h in ordered if h.accepts and (value := cost(policy, h, **rules)) is not None]  # type: ignore[arg-type]
    if costs:
        return min(costs, key=lambda pair: pair[0])[1].code
    return min(ordered, key=lambda h: h.minutes).code if ordered else None
