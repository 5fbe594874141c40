"""The life of a version: handed in, looked at by a second person, approved, superseded; or sent back, or put away.

Which person may do what is the affair of the room that owns the document; the order is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    """How a version stands. What is being written is a draft and no version yet."""

    REVIEW = "review"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    RETURNED = "returned"
    PUT_AWAY = "put-away"


class Act(StrEnum):
    """What somebody does with a document."""

    READ = "read"
    READ_DRAFT = "read-draft"
    EDIT = "edit"
    COMMENT = "comment"
    SUBMIT = "submit"
    REVIEW = "review"
    SEND_BACK = "send-back"
    APPROVE = "approve"


#: State and what is done → the state afterwards; nothing else can be done.
_AFTER = {
    (State.REVIEW, Act.REVIEW): State.REVIEWED,
    (State.REVIEW, Act.SEND_BACK): State.RETURNED,
    (State.REVIEWED, Act.SEND_BACK): State.RETURNED,
    (State.REVIEWED, Act.APPROVE): State.APPROVED,
}


def after(state: str, act: str) -> State | None:
    """The state after an act; None where it cannot be done now."""
    return _AFTER.get((State(state), Act(act)))


def state_of(states: Iterable[str]) -> State:
    """The state of a version by its steps, the oldest first. Raises ValueError where there is none."""
    last = None
    for state in states:
        last = State(state)
    if last is None:
        raise ValueError("a version has at least the step by which it came about")
    return last


def is_frozen_open(state: str) -> bool:
    """Is the version on its way, so that nobody writes meanwhile?"""
    return state in (State.REVIEW, State.REVIEWED)
