"""Every sentence of the ledger's law as a named case, put to the real rules."""

from __future__ import annotations

import pytest

from . import cases_aggregates, cases_counts, cases_edges, cases_recording, cases_rows, cases_standing
from .law import CASES, load

FILES = (cases_rows, cases_standing, cases_recording, cases_aggregates, cases_edges, cases_counts)
LAW = load()


@pytest.mark.parametrize("name", sorted(CASES))
def test_case(name: str) -> None:
    CASES[name](LAW)


def test_each_case_quotes_the_law() -> None:
    assert FILES
    assert [name for name, function in CASES.items() if not (function.__doc__ or "").strip()] == []
