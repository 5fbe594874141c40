"""How far two assessors agree: shares and quadratic-weighted kappa, per domain and as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

from .answers import Answers


@dataclass(frozen=True)
class Agreement:
    """`n` pairs; shares as exact fractions; `kappa` None where it is undefined (no variation in the answers)."""

    n: int
    exact: Fraction | None
    within_one: Fraction | None
    kappa: Fraction | None


def paired_levels(answers: Answers, raters: Sequence[UUID]) -> list[tuple[int, int]]:
    """Levels that two assessors gave to the same question, in the order of `raters` (the lead first).

    Of three or more each is paired with the next. Who does not rate, and words that are no level, are left out. Only
    first words count, given before another's could be seen: whoever adapts to what he reads would otherwise agree.
    """
    pairs: list[tuple[int, int]] = []
    for given in answers.first.values():
        levels = [said for p in raters if p in given and isinstance(said := given[p].said, int)]
        pairs += pairwise(levels)
    return pairs


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> Fraction | None:
    """Quadratic-weighted Cohen kappa of paired ordered levels: 1 − Σw·observed ÷ Σw·expected, w = (i − j)².

    Source: Cohen J, Psychol Bull 1968;70:213. None when both assessors use one and the same level throughout, since
    then nothing could have disagreed.
    """
    n = len(pairs)
    if n == 0:
        return None
    observed = Fraction(sum((a - b) ** 2 for a, b in pairs), n)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    weights = sum((a - b) ** 2 * first[a] * second[b] for a in first for b in second)
    expected = Fraction(weights, n * n)
    return None if expected == 0 else 1 - observed / expected


def agreement(pairs: Sequence[tuple[int, int]]) -> Agreement:
    """All three figures for a set of pairs; empty shares are None."""
    n = len(pairs)
    if n == 0:
        return Agreement(0, None, None, None)
    return Agreement(
        n=n,
        exact=Fraction(sum(a == b for a, b in pairs), n),
        within_one=Fraction(sum(abs(a - b) <= 1 for a, b in pairs), n),
        kappa=weighted_kappa(pairs),
    )
