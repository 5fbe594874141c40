"""Hazard vulnerability: probability × (impact and what is lacking in preparation), as in the usual table of seven columns.

A row: P/3 × (sum of the six other columns)/18. A group, and the whole: (ΣP / 3n) × (ΣS / 18n) over all its n rows. The
published label says "magnitude minus mitigation"; nothing is subtracted: the three columns of preparation are scored in reverse
and added. A row that does not apply is a row of noughts and stays in n, so that *not applicable* is not neutral here; a row
that nobody filled is in neither sum nor n, and a group that is not complete has no grade.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from .values import HAZARD_COLUMNS, NA, Answer, Answers, Entry, Part, Plan, Result, grade_of

HIGHEST = 3
_OTHERS = len(HAZARD_COLUMNS) - 1
_NOUGHTS = (0,) * len(HAZARD_COLUMNS)


def risk(row: Sequence[int]) -> Fraction:
    """Relative risk of one hazard, 0 to 1."""
    return Fraction(row[0], HIGHEST) * Fraction(sum(row[1:]), HIGHEST * _OTHERS)


def score(plan: Plan, answers: Answers) -> Result:
    """Groups and the whole, with the hazards ranked; there are neither pillars nor 4S."""
    rows = {e.code: _columns(answers[e.code]) for e in plan.entries if e.code in answers}
    groups = {code: _part(plan, answers, [e for e in plan.entries if e.group == code], rows) for code in plan.groups}
    ranked = sorted(((code, risk(row)) for code, row in rows.items()), key=lambda pair: (-pair[1], pair[0]))
    return Result(_part(plan, answers, plan.entries, rows), groups, {}, {}, tuple(ranked))


def _columns(answer: Answer) -> tuple[int, ...]:
    return answer if isinstance(answer, tuple) else _NOUGHTS


def _part(plan: Plan, answers: Answers, entries: Sequence[Entry], rows: Mapping[str, Sequence[int]]) -> Part:
    filled = [rows[e.code] for e in entries if e.code in rows]
    n = len(filled)
    product = None
    if n:
        likely = Fraction(sum(row[0] for row in filled), HIGHEST * n)
        product = likely * Fraction(sum(sum(row[1:]) for row in filled), HIGHEST * _OTHERS * n)
    completeness = Fraction(n, len(entries)) if entries else None
    provisional = completeness is not None and completeness < plan.complete
    left_out = sum(answers.get(e.code) == NA for e in entries)
    return Part(
        score=product,
        floor=None,
        completeness=completeness,
        items=len(entries),
        assessed=n - left_out,
        not_applicable=left_out,
        grade=None if provisional else grade_of(product, plan),
        provisional=provisional,
    )
