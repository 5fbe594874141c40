"""The worker: does one job after the other until it is told to end."""

from __future__ import annotations

import logging
import signal
import time
from datetime import datetime
from types import FrameType

from django.db import DatabaseError, close_old_connections, connection

from beiji.records import jobs, running

from . import nightly, parent, sending

log = logging.getLogger(__name__)
#: Seconds between two looks into an empty queue, between two looks at the clock and the leases, and after the database went away.
IDLE_S = 0.5
ROUND_S = 20.0
AWAY_S = 5.0


class Ending(BaseException):
    """The worker is told to end: raised in the middle of whatever it does, so that a transaction is rolled back at once."""


def _end(_signal: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # once is enough; what follows gives the job back
    raise Ending


def main() -> int:
    """Work until SIGTERM or SIGINT; as a child of `beiji serve` also until that ends, however it ends."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    try:
        parent.end_with_it()
        _work()
    except Ending:
        pass
    return 0


def _work() -> None:
    looked = float("-inf")
    while True:
        try:
            close_old_connections()
            if time.monotonic() - looked > ROUND_S:
                look_round(jobs.clock())
                looked = time.monotonic()
            if running.run_one() is None:
                time.sleep(IDLE_S)
        except DatabaseError:  # the worker lives on through an hour in which the database was away
            log.exception("the database does not answer; the worker tries again")
            connection.close()
            time.sleep(AWAY_S)


def look_round(now: datetime) -> None:
    """Ask for what is due by the clock, and take back what dead workers left."""
    nightly.ask(now)
    sending.ask(now)
    jobs.reap(now)
