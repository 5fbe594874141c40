"""What is decided about plans: who may do which step. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID


class Hurdle(StrEnum):
    """Why somebody cannot do a step with this version, though the step is his."""

    NONE = ""
    OWN_WORDS = "own-words"
    SAME_EYES = "same-eyes"


def hurdle_of_review(person: UUID, writers: Collection[UUID], submitted_by: UUID | None) -> Hurdle:
    """A second person reviews: nobody who wrote in it or handed it in."""
    return Hurdle.OWN_WORDS if person in writers or person == submitted_by else Hurdle.NONE


def hurdle_of_approval(person: UUID, reviewed_by: UUID | None) -> Hurdle:
    """Review and approval are two people's."""
    return Hurdle.SAME_EYES if person == reviewed_by else Hurdle.NONE


def minutes_of(typed: str) -> int | None:
    """Whole minutes since the declaration, 0 to 24 hours; None for anything else."""
    typed = typed.strip()
    minutes = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else -1
    return minutes if 0 <= minutes <= 24 * 60 else None
