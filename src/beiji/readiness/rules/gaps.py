"""Gaps: what an indicator asks for and the standing does not give."""

from __future__ import annotations

from .words import State


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
