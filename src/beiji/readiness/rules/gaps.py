"""Gaps: what an indicator asks for and the standing does not give; and who may set a failed item aside."""

from __future__ import annotations

from collections.abc import Iterable

from .rows import Row, Standing
from .words import Evaluator, Proof, State


def is_gap(state: State, *, strict: bool, covered: bool) -> bool:
    """Whether there is a gap.

    ``strict``: must-pass, core, or feeding the engine: a gap unless *met*; else unless *met* or *in place*.
    ``covered``: a locked assessment covered the item; only then is *unknown* a gap.
    """
    if state is State.UNKNOWN:
        return covered
    return state is not State.MET and (strict or state is not State.IN_PLACE)


def is_open(state: State) -> bool:
    """Whether a must-pass item is open: unless it is in place or met."""
    return state not in (State.IN_PLACE, State.MET)


def who_found_it_failing(found: Standing, rows: Iterable[Row]) -> Row | None:
    """The row of the highest evaluator among the open misses of rank ≥ 2, None where there is none. *Not applicable*
    needs the approval of an evaluator not lower than that one."""
    open_misses = {
        key for p in found.parts if p.state is State.BELOW and p.proof is not Proof.STATED for key in p.deciding
    }
    return max((r for r in rows if r.id in open_misses), key=lambda r: (r.evaluator, r.as_of, r.id), default=None)


def may_set_aside(evaluator: Evaluator, failing: Row | None) -> bool:
    """Whether an evaluator may declare an item not applicable: from outside, and not lower than who found it failing."""
    return evaluator.is_outside and (failing is None or evaluator >= failing.evaluator)
