"""A hospital's dispute and the team's answer: by when it is due, and what the lock says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: Working days within which the team answers, signed by the city's side (reference: authority of the visiting team).
ANSWER_WITHIN = 10
SATURDAY = 5


class DisputeState(StrEnum):
    """Where a dispute stands on a day."""

    WAITING = "waiting"
    WRITTEN = "written"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    ANSWERED_LATE = "answered-late"


@dataclass(frozen=True)
class Dispute:
    """One dispute in plain values, days of the city's calendar: made, answered in writing and signed, if at all."""

    made_on: date
    written_on: date | None = None
    signed_on: date | None = None

    @property
    def due_on(self) -> date:
        """The last day of the answer."""
        return working_days_after(self.made_on, ANSWER_WITHIN)


def working_days_after(day: date, count: int) -> date:
    """The day that lies `count` working days after `day`: Monday to Friday.

    *Assumption*: public holidays and the shifted working days around them are not known here; who needs them adds days.
    """
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def state_of(dispute: Dispute, today: date) -> DisputeState:
    """A signed answer ends it; without one it is unanswered once its last day is over, written or not."""
    if dispute.signed_on is not None:
        return DisputeState.ANSWERED_LATE if dispute.signed_on > dispute.due_on else DisputeState.ANSWERED
    if today > dispute.due_on:
        return DisputeState.UNANSWERED
    return DisputeState.WRITTEN if dispute.written_on is not None else DisputeState.WAITING
