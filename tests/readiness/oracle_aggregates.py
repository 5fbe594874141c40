"""The ledger's law by another hand: notified drills, gaps and aggregates. See ``oracle.py``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tests.readiness.oracle_rows import stands

from beiji.readiness.rules.rows import (
    Evaluator,
    NotifiedDrill,
    Row,
    State,
    end_of,
)

# ------------------------------------------------------------------ notified drills and gaps


def drill_is_missed(drill: NotifiedDrill, rows: Sequence[Row], today: date, known_at: datetime) -> bool:
    """Whether the ledger writes *shown: no* for the notified office."""
    start = drill.starts_at.date()
    last = start + timedelta(days=30)
    # "A drill is notified to an office outside on an earlier day"
    notified = drill.notified_at < start and drill.evaluator is not Evaluator.SELF
    # "and may be called off, on record, before it starts"
    called_off = drill.called_off_at is not None and drill.called_off_at < drill.starts_at
    # "handed in means that a row of it stands within 30 days"
    then = min(known_at, end_of(last, drill.starts_at.tzinfo))
    handed_in = any(row.drill == drill.id and stands(row, rows, then) for row in rows)
    return notified and not called_off and not handed_in and today > last


def is_gap(state: State, *, strict: bool, covered: bool) -> bool:
    """Whether there is a gap."""
    if state is State.UNKNOWN:
        return covered  # "*Unknown* is a gap once an assessment that covered it is locked."
    # "For must-pass and core items and for whatever feeds the engine there is a gap unless the standing is *met*; for
    # other items unless it is *met* or *in place*."
    return state not in ({State.MET} if strict else {State.MET, State.IN_PLACE})


def is_open(state: State) -> bool:
    """Whether a must-pass item in this state is open."""
    # "A must-pass item is **open** unless it is in place or met."
    return state not in {State.IN_PLACE, State.MET}
