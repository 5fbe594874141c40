"""Scorer ``weighted-levels``: domain, pillar, 4S and hospital from items, in exact fractions.

Weights, cut-offs and caps are those of the ledger's law; a pack may only name other cut-offs and counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from .gaps import is_open
from .rows import HospitalRollUp, Item, RollUp
from .words import CapCode, Kind, Proof, State


@dataclass(frozen=True, slots=True)
class Scorer:
    """Numbers of the scorer: digit → least share, and the limits of the caps."""

    cutoffs: tuple[tuple[int, Fraction], ...] = ((3, Fraction(4, 5)), (2, Fraction(3, 5)), (1, Fraction(3, 10)))
    measurable_share: Fraction = Fraction(1, 2)
    measured_share: Fraction = Fraction(3, 5)
    open_at_most: int = 1
    zero_count: int = 3
    zero_at_most: int = 0
    domain_under: Fraction = Fraction(3, 10)
    domain_at_most: int = 2
    complete: Fraction = Fraction(95, 100)


LAW = Scorer()
"""The numbers of the law."""

_NOTHING = RollUp(None, None, None, None, None, (), None, provisional=True, has_word=False, shown_score=None)


def item_value(item: Item) -> Fraction:
    """Digit ÷ top digit of its kind; claimed and stale count as at most 1; unknown as 0."""
    digit = item.digit or 0
    if item.state in (State.CLAIMED, State.STALE):
        digit = min(digit, 1)
    return Fraction(digit, item.kind.top_digit)


def item_weights(
    crit_weights: Mapping[str, int], domain_of: Mapping[str, str], domain_weights: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """Weight of each item: domain weight × its criticality ÷ the sum of criticalities in its domain."""
    sums: dict[str, int] = {}
    for code, weight in crit_weights.items():
        sums[domain_of[code]] = sums.get(domain_of[code], 0) + weight
    return {
        code: domain_weights[domain_of[code]] * Fraction(weight, sums[domain_of[code]])
        for code, weight in crit_weights.items()
    }


def weigh_by_group(items: Sequence[Item], group_of: Mapping[str, str], shares: Mapping[str, Fraction]) -> list[Item]:
    """Items with the weight that they have where groups (pillars) carry fixed shares: share × item ÷ its group.

    Only groups with an applicable item count; items that are not applicable keep weight 0.
    """
    sums: dict[str, Fraction] = {}
    for item in items:
        if item.applicable:
            sums[group_of[item.code]] = sums.get(group_of[item.code], Fraction(0)) + item.weight
    return [
        replace(
            item,
            weight=shares[group_of[item.code]] * item.weight / sums[group_of[item.code]]
            if item.applicable
            else Fraction(0),
        )
        for item in items
    ]


def aggregate(items: Iterable[Item], scorer: Scorer = LAW) -> RollUp:
    """One domain, pillar or 4S column."""
    return _aggregate(list(items), scorer, domain_is_under=False)


def hospital(
    items: Iterable[Item], domains: Mapping[str, Sequence[Item]], *, expected: int, scorer: Scorer = LAW
) -> HospitalRollUp:
    """The hospital: all items, capped by its domains; its word withheld while domains are missing."""
    by_domain = {code: aggregate(members, scorer) for code, members in domains.items()}
    shown = [r.shown_score for r in by_domain.values() if r.shown_score is not None]
    is_under = any(score < scorer.domain_under for score in shown)
    total = _aggregate(list(items), scorer, domain_is_under=is_under)
    present = sum(_is_present(members) for members in domains.values())
    if present < expected:
        total = replace(total, has_word=False)
    return HospitalRollUp(total, by_domain, present, expected)


def _is_present(members: Sequence[Item]) -> bool:
    """An assessed item, or wholly not applicable."""
    applicable = [m for m in members if m.applicable]
    return any(m.state is not State.UNKNOWN for m in applicable) or (bool(members) and not applicable)


def _aggregate(items: Sequence[Item], scorer: Scorer, *, domain_is_under: bool) -> RollUp:
    applicable = [i for i in items if i.applicable]
    assessed = [i for i in applicable if i.state is not State.UNKNOWN]
    set_aside = tuple(sorted(i.code for i in items if not i.applicable and i.state is State.BELOW))
    whole = _weight(applicable)
    if not whole:
        # Nothing applies: there is neither weight that could be missing nor a must-pass item that could be unseen.
        return replace(_NOTHING, provisional=False, set_aside=set_aside)
    floor = _mean(applicable)
    completeness = _weight(assessed) / whole
    if not assessed or not _weight(assessed):
        return replace(_NOTHING, floor=floor, completeness=completeness, set_aside=set_aside)
    score = _mean(assessed)
    must_pass = [i for i in applicable if i.must_pass]
    provisional = completeness < scorer.complete or any(not i.checked for i in must_pass)
    shown = floor if provisional else score
    uncapped = digit_of(shown, scorer)
    limits = _limits(applicable, scorer, domain_is_under, unknown_is_zero=provisional)
    return RollUp(
        score=score,
        floor=floor,
        completeness=completeness,
        digit=min([uncapped, *limits.values()]),
        uncapped=uncapped,
        caps=tuple(code for code in CapCode if code in limits and limits[code] < uncapped),
        mark=_mark(assessed, must_pass),
        provisional=provisional,
        has_word=not provisional,
        shown_score=shown,
        set_aside=set_aside,
    )


def exact_sum(numbers: Iterable[Fraction]) -> Fraction:
    """The sum over one common denominator: many times quicker than adding fraction to fraction, and as exact."""
    numbers = list(numbers)
    common = lcm(*(n.denominator for n in numbers))
    return Fraction(sum(n.numerator * (common // n.denominator) for n in numbers), common)


def _weight(items: Iterable[Item]) -> Fraction:
    return exact_sum(i.weight for i in items)


def _mean(items: Sequence[Item]) -> Fraction:
    """Mean value by weight, in whole numbers over the common denominators of weights and of values."""
    values = [item_value(i) for i in items]
    per_weight = lcm(*(i.weight.denominator for i in items))
    per_value = lcm(*(v.denominator for v in values))
    weights = [i.weight.numerator * (per_weight // i.weight.denominator) for i in items]
    worth = sum(w * v.numerator * (per_value // v.denominator) for w, v in zip(weights, values, strict=True))
    return Fraction(worth, per_value * sum(weights))


def digit_of(score: Fraction, scorer: Scorer = LAW) -> int:
    """Digit by cut-offs, compared unrounded."""
    return next((digit for digit, least in scorer.cutoffs if score >= least), 0)


def _limits(
    applicable: Sequence[Item], scorer: Scorer, domain_is_under: bool, *, unknown_is_zero: bool
) -> dict[CapCode, int]:
    """Code → highest digit still allowed, for each cap whose condition holds."""
    must_pass = [i for i in applicable if i.must_pass]
    measurable = [i for i in applicable if i.kind is not Kind.DOCUMENT]
    measured = [i for i in measurable if i.state is State.MET]
    zeros = [i for i in must_pass if i.digit == 0 or (unknown_is_zero and i.digit is None)]
    limits: dict[CapCode, int] = {}
    if any(i.state is not State.MET for i in must_pass):
        limits[CapCode.MUST_PASS_NOT_MET] = 2
    if _weight(measurable) < scorer.measurable_share * _weight(applicable):
        limits[CapCode.FEW_MEASURABLE] = 2
    if _weight(measured) < scorer.measured_share * _weight(measurable):
        limits[CapCode.LITTLE_MEASURED] = 2
    if any(is_open(i.state) for i in must_pass):
        limits[CapCode.MUST_PASS_OPEN] = scorer.open_at_most
    if len(zeros) >= scorer.zero_count:
        limits[CapCode.MUST_PASS_ZERO] = scorer.zero_at_most
    if domain_is_under:
        limits[CapCode.DOMAIN_UNDER] = scorer.domain_at_most
    return limits


def _mark(assessed: Sequence[Item], must_pass: Sequence[Item]) -> Proof | None:
    """Weakest proof among must-pass items (empty if one is unknown), else the lower weighted median."""
    if must_pass:
        proofs = [i.proof for i in must_pass]
        known = [p for p in proofs if p is not None]
        return min(known, key=lambda p: p.order) if len(known) == len(proofs) else None
    return _lower_weighted_median(assessed)


def _lower_weighted_median(assessed: Sequence[Item]) -> Proof | None:
    """The first proof, from the weakest on, at which half of the weight is reached."""
    marked = sorted(((i.proof, i.weight) for i in assessed if i.proof is not None), key=lambda pair: pair[0].order)
    half = sum((weight for _, weight in marked), Fraction(0)) / 2
    reached = Fraction(0)
    for proof, weight in marked:
        reached += weight
        if reached >= half:
            return proof
    return None
