"""Reminders of what is due and overdue, once for each step, however often the night is begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from beiji.records import audit, notices
from beiji.records.notices import Due

from ..models import City
from ..rules import BEFORE, reminder_step
from ..telling import Told, tell_all
from ..writing import change, hold_city


@change
def remind(*, city: City, dues: Sequence[Due], day: date, now: datetime) -> int:
    """Tell people of what is due, as far as nobody has told them of that step before. Returns how many things.

    What was kept of the step and the notices stand in one transaction: both are there, or neither.
    """
    now = hold_city(city, now)
    found = [(due, reminder_step(due.day, day, notices.BEFORE_DAYS, notices.AGAIN_DAYS)) for due in dues]
    wanted = [(due, due.kinds[step[0]], _name(due, step)) for due, step in found if step and due.kinds[step[0]]]
    fresh = notices.steps_due((name for _due, _kind, name in wanted), city=city.pk, now=now)
    by_kind: dict[tuple[str, str, bool], list[Told]] = {}
    for due, kind, name in wanted:
        if name in fresh:
            by_kind.setdefault((kind, due.of._meta.label_lower, due.own), []).append(Told(due.of, due.people))
    for (kind, _model, own), said in by_kind.items():
        tell_all(kind, said, city=city, by=None, now=now, own=own)
    return sum(len(said) for said in by_kind.values())


def _name(due: Due, step: tuple[int, int]) -> tuple[str, str]:
    """The thing, and its day with the reminder's number. Whoever was not reminded on the day is in the week after it, once."""
    which, number = step
    return audit.thing(due.of), f"{due.day} {'before' if which == BEFORE else number}"
