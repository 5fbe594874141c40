"""For each rule of the law one seeded mutant, and the named case that kills it.

A mutant is the real source with one snippet replaced. If a rule loses its case, or a case its teeth, this fails.
"""

from __future__ import annotations

import pytest

from beiji.readiness.rules.rows import LedgerError

from . import cases_aggregates, cases_counts, cases_edges, cases_recording, cases_rows, cases_standing
from .law import CASES, load
from .mutants import MUTANTS

FILES = (cases_rows, cases_standing, cases_recording, cases_aggregates, cases_edges, cases_counts)
IDS = [f"{number}-{mutant[0]}-{mutant[3]}" for number, mutant in enumerate(MUTANTS)]

#: A mutant may fail its case by a wrong answer, or break down where the law would have answered.
DEAD = (AssertionError, LedgerError, ValueError, ZeroDivisionError, pytest.fail.Exception)


@pytest.mark.parametrize(("module", "snippet", "instead", "name"), MUTANTS, ids=IDS)
def test_mutant_is_killed(module: str, snippet: str, instead: str, name: str) -> None:
    mutant = load((module, snippet, instead))
    with pytest.raises(DEAD):
        CASES[name](mutant)


def test_every_case_kills_a_mutant() -> None:
    assert FILES
    assert sorted(set(CASES) - {mutant[3] for mutant in MUTANTS}) == []
