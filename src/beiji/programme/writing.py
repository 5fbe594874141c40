"""How a change is written: one transaction, locks in one order, once more when the database ends it.

The order, for every transaction of every room (docs/understand/house.md, "Locks"):

1. the row of the **city** (`hold_city`): one writer at a time in all that a map or a report can show;
2. then at most one row of a **room** (`hold_row`): a visit while its operations are taken.

PostgreSQL holds the rows without blocking foreign keys (FOR NO KEY UPDATE). On SQLite the IMMEDIATE transaction holds
everything, and the same calls only look at the order. Either function outside a `@change`, or in the wrong order, is a fault of the
programmer and raises RuntimeError on both databases.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, models, transaction

from .models import City

P = ParamSpec("P")
R = TypeVar("R")

#: PostgreSQL's codes for "serialization failure" and "deadlock detected": nothing was written, doing it again is right.
TO_BE_DONE_AGAIN = frozenset({"40001", "40P01"})
#: "Lock not available" after waiting as long as the settings allow; on SQLite the same in words.
WAITED_IN_VAIN = frozenset({"55P03"})
LOCKED_IN_WORDS = "database is locked"
TRIES = 5
#: Longest wait before the second try, in seconds; it doubles with each further one.
FIRST_PAUSE_S = 0.02
#: A frozen instant further ahead than this means that the clock was set back, not that a writer waited for its lock.
CLOCK_SLIP = timedelta(minutes=15)

#: What the change that runs now holds; None outside of any.
_held: ContextVar[list[str] | None] = ContextVar("held", default=None)


def change(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function of a `changes` module in a transaction of its own, or in the one that its caller has open.

    When the database ends the outermost transaction to resolve a conflict, the function runs again, at most `TRIES`
    times. So it must read what it decides upon itself, after it holds its locks, and leave nothing behind but rows.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _held.get() is not None:
            with transaction.atomic():
                return function(*args, **kwargs)
        tries = 1 if connection.in_atomic_block else TRIES
        for attempt in range(1, tries + 1):
            token = _held.set([])
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if attempt == tries or getattr(error.__cause__, "sqlstate", None) not in TO_BE_DONE_AGAIN:
                    raise
            finally:
                _held.reset(token)
            time.sleep(random.uniform(0, FIRST_PAUSE_S * 2**attempt))
        raise AssertionError("the last try returns or raises")

    return run


def is_busy(error: BaseException) -> bool:
    """Did the database refuse because others were writing all the time? Then nothing was written, and later it will be."""
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state in TO_BE_DONE_AGAIN | WAITED_IN_VAIN or LOCKED_IN_WORDS in str(error)


def hold_city(city: City | str, now: datetime) -> datetime:
    """Be the only writer of a city until the transaction ends. Returns the instant to write with.

    That is `now`, unless a report has meanwhile been frozen as known at a later instant: then just after it, so that
    the report can be made again exactly as it was.
    """
    held = _inside()
    code = city if isinstance(city, str) else city.pk
    if any(name != code for name in held) and code not in held:
        raise RuntimeError(f"city {code} is held after {held}; hold the city first, and one city only")
    if code not in held:
        # The update holds the row as FOR NO KEY UPDATE does, and tells whoever keeps a picture that it is out of date.
        City.objects.filter(pk=code).update(written=models.F("written") + 1)
        held.append(code)
    frozen: datetime | None = City.objects.values_list("known_until", flat=True).get(pk=code)
    if frozen is not None and now <= frozen < now + CLOCK_SLIP:
        return frozen + timedelta(microseconds=1)
    return now


def hold_row(row: models.Model) -> None:
    """Hold one row of a room until the transaction ends; read what you decide upon afterwards."""
    held = _inside()
    name = f"{row._meta.label_lower}:{row.pk}"
    if name not in held:
        held.append(name)
    if connection.features.has_select_for_update:
        rows = type(row)._default_manager.select_for_update(no_key=True)
        list(rows.filter(pk=row.pk).order_by().values_list("pk"))


def freeze_knowledge(city: City, known_at: datetime, now: datetime) -> datetime:
    """The instant as known at which a report may be made: all that was recorded until then can be seen, and nothing
    recorded later will lie before it. Call it in a change of its own and read afterwards.

    `known_at` at or after `now` becomes the instant of holding; an earlier one stays.
    """
    held_at = hold_city(city, now)
    known = held_at if known_at >= now else known_at
    City.objects.filter(pk=city.pk).exclude(known_until__gte=known).update(known_until=known)
    return known


def _inside() -> list[str]:
    held = _held.get()
    if held is None:
        raise RuntimeError("locks are held inside a @change only; they would be gone before anything is written")
    return held
