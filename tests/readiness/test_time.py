"""Time alone never heals: over random histories nothing gets better, and nothing known becomes unknown, by waiting."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from beiji.readiness.rules.aggregates import aggregate, item_value
from beiji.readiness.rules.numbers import number
from beiji.readiness.rules.rows import Item, LedgerError, RollUp, Standing, State
from beiji.readiness.rules.standing import standing
from tests.readiness.oracle_facts import FULL, LAST_ASKED, day, end_of_day
from tests.readiness.oracle_histories import History, histories

SETTINGS = settings(max_examples=800 if FULL else 60, deadline=None, suppress_health_check=list(HealthCheck))
FAR = LAST_ASKED + 3


def waited(history: History) -> list[Standing]:
    """The standing on every day from the last row on, as known then; nothing else happens any more."""
    last = max((r.as_of for r in history.rows), default=day(0))
    known = end_of_day(FAR)
    days = [d for n in range(FAR + 12) if (d := day(n)) >= last]
    return [standing(history.rows, history.capability, history.subject, d, known) for d in days]


def is_quiet(history: History) -> bool:
    """Without dated changes of the tree after the last row: these are not time alone."""
    last = max((r.as_of for r in history.rows), default=day(0))
    return all(n.from_day <= last and (n.until_day is None or n.until_day <= last) for n in history.subject.nodes)


@SETTINGS
@given(histories(changing=False))
def test_no_standing_gets_better_and_nothing_becomes_unknown_by_waiting(history: History) -> None:
    assume(is_quiet(history))
    found = waited(history)
    for before, after in pairwise(found):
        assert (before.state is State.UNKNOWN) == (after.state is State.UNKNOWN)
        assert after.state.goodness <= before.state.goodness
        assert (after.digit or 0) <= (before.digit or 0)


@SETTINGS
@given(st.lists(st.tuples(histories(changing=False), st.integers(1, 5), st.booleans()), min_size=1, max_size=4))
def test_no_roll_up_rises_by_waiting(chosen: list[tuple[History, int, bool]]) -> None:
    assume(all(is_quiet(history) for history, _, _ in chosen))
    last = max((r.as_of for history, _, _ in chosen for r in history.rows), default=day(0))
    days = [last + timedelta(days=n) for n in range(25)]
    known = end_of_day(60)
    rolled: list[RollUp] = []
    for d in days:
        inside = []
        for position, (history, weight, must_pass) in enumerate(chosen):
            s = standing(history.rows, history.capability, history.subject, d, known)
            kind = history.capability.editions[-1].kind
            inside.append(
                Item(f"i{position}", Fraction(weight), kind, s.state, s.digit, s.proof, must_pass, checked=s.checked)
            )
            assert 0 <= item_value(inside[-1]) <= 1
        rolled.append(aggregate(inside))
    for before, after in pairwise(rolled):
        assert (before.digit is None) == (after.digit is None)
        assert (after.digit or 0) <= (before.digit or 0)
        assert (after.score or 0) <= (before.score or 0)
        assert (after.floor or 0) <= (before.floor or 0)
        assert before.has_word or not after.has_word
        assert before.completeness == after.completeness


PLAIN = st.from_regex(r"[0-9]{1,8}(\.[0-9]{1,7})?", fullmatch=True)
STRANGE = st.one_of(PLAIN, st.text(max_size=30), st.from_regex(r"[0-9.]{0,4}[eE][+-]?[0-9]{1,9}", fullmatch=True))


@settings(max_examples=2000 if FULL else 300, deadline=None)
@given(STRANGE)
def test_any_text_is_a_short_number_or_refused(text: str) -> None:
    found = accepted(text)
    if found is not None:
        assert 0 <= found < 10**7
        assert 10**6 % found.denominator == 0
        assert len(str(found)) <= 21


def accepted(text: str) -> Fraction | None:
    try:
        return number(text)
    except LedgerError as error:
        return None if error.code == "number" and len(str(error)) < 200 else pytest.fail(str(error))


@pytest.mark.parametrize("text", ["1E-99999999", "9" * 100_000, "0." + "0" * 100_000 + "1", "1/" + "9" * 100_000])
def test_a_text_that_is_dear_to_read_is_refused_at_once(text: str) -> None:
    with pytest.raises(LedgerError):
        number(text)
