"""How a worker does one job: beside it a thread renews the lease, tells how far it is and looks whether it shall stop.

Progress is told from beside, because the work itself may stand in one long transaction. SQLite has one writer at a time, so
there it goes into a small file of the data folder, which all processes of that one machine see.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from . import jobs
from .jobs import Kind, LeaseLost, NotYet, Stopped
from .models import Job, JobContent
from .refused import ChangeRefused

Clock = Callable[[], datetime]
log = logging.getLogger(__name__)
#: Seconds between two looks of the thread beside the work.
BEAT_S = 0.5
#: Milliseconds that it waits for SQLite's one writer before it tries again at its next look.
PATIENCE_MS = 200
#: How a worker ends itself when the job in its hands is no longer its own, or hangs.
GAVE_UP = 75


class Run:
    """A job in the hands of a worker. `now`: the instant at which it was begun."""

    def __init__(self, job: Job, now: datetime, clock: Clock = jobs.clock) -> None:
        self.job = job
        self.now = now
        self.clock = clock
        self.is_done = False
        self.stop_asked = False
        self.done, self.total = 0, 0

    def tell(self, done: int, total: int) -> None:
        """Say how far it is, at a place where the work could end. Raises Stopped when somebody asked for that."""
        self.done, self.total = done, total
        if self.stop_asked:
            raise Stopped

    @property
    def given(self) -> str:
        """What the job was given."""
        return JobContent.objects.values_list("given", flat=True).get(job=self.job)

    @contextlib.contextmanager
    def once(self) -> Iterator[dict[str, Any]]:
        """A transaction that holds what the job writes together with its end: both are there, or neither.

        Gives the result to be filled in. Raises LeaseLost at its end when the job is somebody else's by now.
        """
        result: dict[str, Any] = {}
        with transaction.atomic():
            yield result
            jobs.finish(self.job, self.clock(), result)
        self.is_done = True

    def keep_made(self, ids: list[str]) -> None:
        """Keep the ids of what came out of it; inside `once`."""
        JobContent.objects.update_or_create(job=self.job, defaults={"made": ids})


class Beside:
    """The thread beside the work."""

    def __init__(self, run: Run, kind: Kind) -> None:
        self._run, self._kind = run, kind
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="beiji-lease", daemon=True)
        self._told = (0, 0)
        self._renewed = run.now

    def __enter__(self) -> Beside:
        self._thread.start()
        return self

    def __exit__(self, *_how: object) -> None:
        self._over.set()
        self._thread.join()
        forget_progress(self._run.job)

    def _look(self) -> None:
        try:
            while not self._over.wait(BEAT_S):
                try:
                    self._once()
                except OperationalError:  # SQLite's writer is at work, or the database is away for a moment
                    continue
        finally:
            connection.close()

    def _once(self) -> None:
        run, job = self._run, self._run.job
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        if (run.done, run.total) != self._told:
            self._told = (run.done, run.total)
            tell_progress(job, *self._told)
        with scopes_disabled():
            asked = Job.objects.filter(pk=job.pk, claim=job.claim).values_list("stop_asked_at", flat=True).first()
        run.stop_asked = asked is not None
        now = run.clock()
        if now - run.now > self._kind.longest:
            self._end_all(now)
        if now - self._renewed >= jobs.RENEWAL:
            if not jobs.renew(job, now) and not self._over.is_set() and not run.is_done:
                log.error("the job %s was given to another worker; this one ends", job.pk)
                os._exit(GAVE_UP)
            self._renewed = now

    def _end_all(self, now: datetime) -> None:
        job = self._run.job
        log.error("the job %s takes longer than %s; its worker ends", job.pk, self._kind.longest)
        with contextlib.suppress(LeaseLost, OperationalError), translation.override(job.language):
            jobs.fail(job, now, _("It took too long and was ended. Whoever runs the server finds more in its log."))
        os._exit(GAVE_UP)


def _file(job: Job) -> Path:
    return Path(settings.DATA) / "work" / str(job.pk)


def tell_progress(job: Job, done: int, total: int) -> None:
    """Where pages look for it."""
    if connection.vendor != "sqlite":
        jobs.tell(job, done, total)
        return
    file = _file(job)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    written = file.with_suffix(".new")
    written.write_text(f"{done} {total}", encoding="ascii")
    written.replace(file)


def progress_of(job: Job) -> tuple[int, int]:
    """How far it is, and of how much; (0, 0) when nobody can say."""
    if connection.vendor == "sqlite" and job.state == Job.State.RUNNING:
        with contextlib.suppress(OSError, ValueError):
            done, total = _file(job).read_text(encoding="ascii").split()
            return int(done), int(total)
    return job.done, job.total


def forget_progress(job: Job) -> None:
    with contextlib.suppress(OSError):
        _file(job).unlink()


def me() -> str:
    """How a worker signs its claims."""
    return f"{socket.gethostname()[:60]} {os.getpid()}"


def run_one(clock: Clock = jobs.clock, worker: str = "") -> Job | None:
    """Claim one job and do it. Returns it as it stands then; None when none is due."""
    now = clock()
    job = jobs.claim(worker or me(), now)
    if job is None:
        return None
    with translation.override(job.language), contextlib.suppress(LeaseLost):
        _carry_out(Run(job, now, clock))
    with scopes_disabled():
        return Job.objects.filter(pk=job.pk).first()


def _carry_out(run: Run) -> None:
    """Do the job and write how it ended."""
    job, kind = run.job, jobs.kind_of(run.job)
    if kind is None:
        jobs.fail(job, run.now, _("This version of the program does not know such work. Start it again."))
        return
    try:
        with Beside(run, kind), scope(city=job.city):
            result = kind.work(run)
        if not run.is_done:
            jobs.finish(job, run.clock(), result or {})
    except Stopped:
        jobs.stop(job, run.clock())
    except ChangeRefused as refused:
        jobs.fail(job, run.clock(), str(refused))
    except NotYet as incomplete:
        jobs.try_again(job, run.clock(), str(incomplete))
    except OperationalError:
        log.warning("the job %s was broken off by the database", job.pk, exc_info=True)
        jobs.try_again(job, run.clock(), _("The database was too busy each time it was tried. Start it again later."))
    except LeaseLost:
        log.error("the job %s was given to another worker meanwhile; nothing of it was kept here", job.pk)
    except Exception:
        log.exception("the job %s failed", job.pk)
        sentence = _("The program made a fault. Whoever runs the server finds the reason in its log, under {code}.")
        after = jobs.try_again if kind.is_tried_after_faults else jobs.fail
        after(job, run.clock(), sentence.format(code=job.pk))
    except BaseException:  # told to end, by a signal: another worker takes it up
        if not connection.in_atomic_block:
            connection.close()  # whatever the signal interrupted on it
        jobs.give_back(job, run.clock())
        raise
