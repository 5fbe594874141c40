"""What a scorer takes and what it gives: plain values, exact fractions, no clock and no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

NA = "na"
"""The answer *not applicable*; what has no answer was not assessed. Neither is ever a nought."""

Answer = str | tuple[int, ...]
"""An answer word such as `full` or `2`, or the seven columns of a hazard (see :data:`HAZARD_COLUMNS`)."""

Answers = Mapping[str, Answer]
"""Code of item → its answer; an item that is missing was not assessed."""

HAZARD_COLUMNS = ("probability", "human", "property", "business", "preparedness", "internal", "external")
"""Columns of a hazard, each 0 to 3. The last three are scored in reverse: 1 is good, 3 is none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as a scorer sees it: `weight` within its group."""

    code: str
    group: str
    weight: Fraction = Fraction(1)
    must_pass: bool = False
    pillar: str = ""
    fours: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the least score that earns it."""

    code: str
    at_least: Fraction


@dataclass(frozen=True, slots=True)
class GradeCap:
    """A ceiling. `must-pass-open`: at least `count` must-pass items worth `value` or less · `group-under`: a group
    scores less than `share`; it caps the whole only."""

    code: str
    at_most: str
    value: Fraction = Fraction(0)
    count: int = 1
    share: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Plan:
    """A scorer with its parameters.

    `groups`: code → weight · `values`: answer word → what it is worth · `grades`: best first · `round_to`: the step to
    which a score is rounded, half up, before it is graded · `complete`: share of the weight that must have been assessed
    for a grade of its own · `rescale`: scores are stretched from lowest…highest value to 0…1.
    """

    rule: str
    entries: tuple[Entry, ...]
    groups: Mapping[str, Fraction]
    values: Mapping[str, Fraction]
    grades: tuple[Grade, ...] = ()
    round_to: Fraction | None = None
    complete: Fraction = Fraction(95, 100)
    rescale: bool = False
    caps: tuple[GradeCap, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A group, a pillar, a column of 4S or the whole.

    `score` over what applies and was assessed · `floor` the same with everything that was not assessed at its worst ·
    `completeness` the share of the weight that was assessed. `provisional`: too little was assessed, so the grade is that of
    the floor and reads "at least" (for hazards there is none). `caps`: ceilings that bite.
    """

    score: Fraction | None
    floor: Fraction | None
    completeness: Fraction | None
    items: int
    assessed: int
    not_applicable: int
    grade: str | None = None
    provisional: bool = False
    caps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """All that a scorer says. `ranked`: hazards with their risk, the greatest first; empty for the other rules."""

    whole: Part
    groups: Mapping[str, Part]
    pillars: Mapping[str, Part]
    fours: Mapping[str, Part]
    ranked: tuple[tuple[str, Fraction], ...] = ()


def rounded(score: Fraction, step: Fraction | None) -> Fraction:
    """The score to the nearest step, half up, as printed classes such as 0.36 to 0.65 need it; exact without a step."""
    return score if step is None else (score / step + Fraction(1, 2)).__floor__() * step


def grade_of(score: Fraction | None, plan: Plan) -> str | None:
    """The best grade whose least score is reached; None without a score or without grades."""
    if score is None:
        return None
    near = rounded(score, plan.round_to)
    return next((grade.code for grade in plan.grades if near >= grade.at_least), None)
