"""Three scorers that weigh answers: weighted levels with caps, share of standards met, and an index of modules (1:2:4).

They differ in what an answer is worth and in how modules meet; *not applicable* leaves numerator and denominator alike, and what
was not assessed is in neither: it shows in `completeness`, and at its worst in `floor`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from .values import NA, Answers, Entry, Part, Plan, Result, grade_of


@dataclass(frozen=True, slots=True)
class _Valued:
    """An item that applies: its weight in the whole, and what its answer is worth (None: not assessed)."""

    entry: Entry
    weight: Fraction
    value: Fraction | None


def score(plan: Plan, answers: Answers) -> Result:
    """Groups, pillars, 4S and the whole."""
    weights = _weights(plan)
    valued = [_valued(plan, answers, entry, weights) for entry in plan.entries if answers.get(entry.code) != NA]
    groups = {code: _part(plan, answers, valued, [e for e in plan.entries if e.group == code]) for code in plan.groups}
    whole = _part(plan, answers, valued, plan.entries)
    if plan.rule == "safety-index":
        whole = _graded(_of_modules(whole, plan, valued), plan, valued)
    whole = _capped_by_groups(whole, groups, plan)
    pillars, fours = (_by(plan, answers, valued, name) for name in ("pillar", "fours"))
    return Result(whole, groups, pillars, fours)


def _weights(plan: Plan) -> dict[str, Fraction]:
    """Group weight × item weight ÷ the item weights of the group."""
    sums: dict[str, Fraction] = {}
    for entry in plan.entries:
        sums[entry.group] = sums.get(entry.group, Fraction(0)) + entry.weight
    return {entry.code: plan.groups[entry.group] * entry.weight / sums[entry.group] for entry in plan.entries}


def _valued(plan: Plan, answers: Answers, entry: Entry, weights: Mapping[str, Fraction]) -> _Valued:
    answer = answers.get(entry.code)
    return _Valued(entry, weights[entry.code], plan.values[answer] if isinstance(answer, str) else None)


def _by(plan: Plan, answers: Answers, valued: Sequence[_Valued], name: str) -> dict[str, Part]:
    """A part for each pillar or column of 4S; an item that is in none is left out."""
    codes = sorted({getattr(entry, name) for entry in plan.entries} - {""})
    return {code: _part(plan, answers, valued, [e for e in plan.entries if getattr(e, name) == code]) for code in codes}


def _part(plan: Plan, answers: Answers, valued: Sequence[_Valued], entries: Sequence[Entry]) -> Part:
    inside = {entry.code for entry in entries}
    applicable = [v for v in valued if v.entry.code in inside]
    assessed = [v for v in applicable if v.value is not None]
    whole = _sum(v.weight for v in applicable)
    part = Part(
        score=_scaled(_mean(assessed, plan), plan),
        floor=_scaled(_mean(applicable, plan), plan),
        completeness=_sum(v.weight for v in assessed) / whole if whole else None,
        items=len(entries),
        assessed=len(assessed),
        not_applicable=sum(answers.get(entry.code) == NA for entry in entries),
    )
    return _graded(part, plan, applicable)


def _of_modules(whole: Part, plan: Plan, valued: Sequence[_Valued]) -> Part:
    """The whole with score, floor and completeness of an index: each module by itself first, then by the weights of the modules.

    A module in which nothing applies drops out; its weight is shared by the others. A blank inside a module is re-normalised
    within the module, so that it moves no weight between modules.
    """
    scores: list[tuple[Fraction, Fraction]] = []
    floors: list[tuple[Fraction, Fraction]] = []
    shares: list[tuple[Fraction, Fraction]] = []
    for code, weight in plan.groups.items():
        inside = [v for v in valued if v.entry.group == code]
        assessed = [v for v in inside if v.value is not None]
        floor, mean = _mean(inside, plan), _mean(assessed, plan)
        if floor is not None:
            floors.append((weight, floor))
            shares.append((weight, _sum(v.weight for v in assessed) / _sum(v.weight for v in inside)))
        if mean is not None:
            scores.append((weight, mean))
    score, floor, completeness = (_weighted(pairs) for pairs in (scores, floors, shares))
    return replace(whole, score=_scaled(score, plan), floor=_scaled(floor, plan), completeness=completeness)


def _graded(part: Part, plan: Plan, applicable: Sequence[_Valued]) -> Part:
    """The part with its grade, capped by must-pass items; nothing assessed: no grade. An unknown must-pass item makes it
    provisional, however small its weight."""
    if part.score is None:
        return replace(part, grade=None, provisional=part.completeness is not None, caps=())
    too_little = part.completeness is not None and part.completeness < plan.complete
    provisional = too_little or any(v.entry.must_pass and v.value is None for v in applicable)
    grade = grade_of(part.floor if provisional else part.score, plan)
    caps = []
    for cap in plan.caps:
        if cap.code != "must-pass-open":
            continue
        missed = [v for v in applicable if v.entry.must_pass and _is_missed(v, cap.value, provisional)]
        if len(missed) >= cap.count and _is_worse(cap.at_most, grade, plan):
            grade = cap.at_most
            caps.append(cap.code)
    return replace(part, grade=grade, provisional=provisional, caps=tuple(caps))


def _is_missed(valued: _Valued, value: Fraction, unknown_is_missed: bool) -> bool:
    return unknown_is_missed if valued.value is None else valued.value <= value


def _capped_by_groups(whole: Part, groups: Mapping[str, Part], plan: Plan) -> Part:
    if whole.grade is None:
        return whole
    shown = [g.floor if g.provisional else g.score for g in groups.values() if g.score is not None]
    for cap in plan.caps:
        under = cap.code == "group-under" and any(score is not None and score < cap.share for score in shown)
        if under and _is_worse(cap.at_most, whole.grade, plan):
            whole = replace(whole, grade=cap.at_most, caps=(*whole.caps, cap.code))
    return whole


def _is_worse(one: str, other: str | None, plan: Plan) -> bool:
    order = [grade.code for grade in plan.grades]
    return other is not None and order.index(one) > order.index(other)


def _mean(valued: Sequence[_Valued], plan: Plan) -> Fraction | None:
    """Mean value by weight, what was not assessed at the lowest value; None over nothing."""
    lowest = min(plan.values.values())
    return _weighted([(v.weight, lowest if v.value is None else v.value) for v in valued])


def _weighted(pairs: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    whole = _sum(weight for weight, _ in pairs)
    return _sum(weight * value for weight, value in pairs) / whole if whole else None


def _sum(numbers: Iterable[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0))


def _scaled(score: Fraction | None, plan: Plan) -> Fraction | None:
    """Stretched from the lowest and highest value of an answer to 0 and 1, where the instrument says so."""
    if score is None or not plan.rescale:
        return score
    low, high = min(plan.values.values()), max(plan.values.values())
    return (score - low) / (high - low)
