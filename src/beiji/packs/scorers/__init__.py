"""Scorers of instruments: how other bodies' standards turn answers into a score. The ledger's own rule is not here.

Each says by itself what *not applicable* and *not assessed* mean; see `docs/reference/packs.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import hazards, means
from .values import (
    HAZARD_COLUMNS,
    NA,
    Answer,
    Answers,
    Entry,
    Grade,
    GradeCap,
    Part,
    Plan,
    Result,
    grade_of,
    rounded,
)

RULES: Mapping[str, Callable[[Plan, Answers], Result]] = {
    "weighted-levels": means.score,
    "share-of-standards": means.score,
    "safety-index": means.score,
    "hazard-vulnerability": hazards.score,
}


def score(plan: Plan, answers: Answers) -> Result:
    """What the plan's rule makes of the answers."""
    return RULES[plan.rule](plan, answers)


__all__ = [
    "HAZARD_COLUMNS", "NA", "RULES", "Answer", "Answers", "Entry", "Grade", "GradeCap", "Part", "Plan", "Result",
    "grade_of", "rounded", "score",
]  # fmt: skip
