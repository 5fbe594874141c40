"""Work in the background: one row for each job, which is queue, lease and account of it at once (decision 35).

A job is a row of the transaction that asks for it, so it is there exactly when that is committed. A worker claims it by a
conditional update, renews its lease and writes the end by an update that names its claim: whoever was taken for dead
meanwhile writes nothing any more. Work that must happen once is written in one transaction with the job's end (`Run.once`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled
from django_stubs_ext import StrOrPromise

from .models import Job, JobContent

if TYPE_CHECKING:
    from .running import Run

State = Job.State
#: A worker that was not heard of for so long is dead; it renews four times as often. *Assumption*, above what a database is away
#: for when it is started anew.
LEASE = timedelta(seconds=60)
RENEWAL = LEASE / 4
#: First wait before work that was broken off is tried again; it doubles each time, up to the longest.
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
#: What has ended is shown for so long, then cleared.
SHOWN_FOR = timedelta(days=30)


class LeaseLost(Exception):
    """The job is no longer this worker's: whatever it has not committed must not be."""


class NotYet(Exception):
    """Not all of it could be done; it is tried again later. The text is one finished, translated sentence."""


class Stopped(Exception):
    """Somebody asked for the job to be stopped, and it has come to a place where it can be."""


@dataclass(frozen=True)
class Kind:
    """A kind of work, which a room registers.

    `work` does it and returns the result (counts and ids); it must end the same when it is done twice, or write in `Run.once`.
    `said`: the result in words; `page`: the address where it is looked at, or "". `tries`: claims before it has failed;
    `is_tried_after_faults`: also after a fault of the program, for work that nobody waits for. `longest`: a job that takes
    longer hangs, and is ended with its worker. `can_be_stopped`: by its starter and by administrators.
    """

    code: str
    title: StrOrPromise
    work: Callable[[Run], Mapping[str, Any] | None]
    said: Callable[[Job], str] = lambda job: ""
    page: Callable[[Job], tuple[str, str]] = lambda job: ("", "")
    tries: int = 3
    is_tried_after_faults: bool = False
    longest: timedelta = timedelta(minutes=30)
    can_be_stopped: bool = True


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Add kinds of work; a code may be registered once. Raises ValueError on a second time."""
    for kind in kinds:
        if kind.code in _KINDS and _KINDS[kind.code] != kind:
            raise ValueError(f"kind of work {kind.code} is registered twice")
        _KINDS[kind.code] = kind


def kind_of(job: Job) -> Kind | None:
    """The kind of a job; None when a later or earlier version of the program made it."""
    return _KINDS.get(job.kind)


def kinds() -> list[Kind]:
    """All registered kinds, by code."""
    return [_KINDS[code] for code in sorted(_KINDS)]


def ask_for(
    kind: str,
    *,
    city: str,
    by: UUID | None,
    now: datetime,
    argument: Mapping[str, Any] | None = None,
    given: str = "",
    key: str = "",
    may_repeat: bool = False,
) -> Job | None:
    """Put a job into the queue, in the caller's transaction. None where a job of this `key` was asked for before; with
    `may_repeat` one that failed or was stopped stands in nobody's way.

    Raises KeyError for an unregistered kind.
    """
    if kind not in _KINDS:
        raise KeyError(f"kind of work {kind} is not registered")
    job = Job(
        city=city, kind=kind, key=key, person=by, language=translation.get_language() or "en", argument=dict(argument or {}),
        made_at=now, due_at=now,
    )  # fmt: skip
    with scopes_disabled():
        if may_repeat:
            Job.objects.filter(key=key, state__in=(State.FAILED, State.STOPPED)).update(key="")
        if key and Job.objects.filter(key=key).exists():
            return None
        Job.objects.bulk_create([job], ignore_conflicts=bool(key))  # another process may be quicker since we looked
        if key and not Job.objects.filter(pk=job.pk).exists():
            return None
    if given:
        JobContent.objects.create(job=job, given=given)
    return job


def clock() -> datetime:
    """The instant by which leases are measured: of the database where workers of several machines share one."""
    if connection.vendor != "postgresql":
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        instant: datetime = cursor.fetchone()[0]
        return instant


def claim(worker: str, now: datetime) -> Job | None:
    """Take the job that has waited longest; None when there is none. Of several workers one gets it."""
    with scopes_disabled():
        waiting = Job.objects.filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "made_at", "id")
        for key, number in waiting.values_list("pk", "claim")[:10]:
            mine = Job.objects.filter(pk=key, state=State.WAITING, claim=number).update(
                state=State.RUNNING, claim=number + 1, attempts=F("attempts") + 1, worker=worker, began_at=now,
                lease_until=now + LEASE, done=0, total=0,
            )  # fmt: skip
            if mine:
                return Job.objects.get(pk=key)
        return None


def _held(job: Job) -> QuerySet[Job]:
    rows: QuerySet[Job] = Job.objects.filter(pk=job.pk, state=State.RUNNING, claim=job.claim)
    return rows


def renew(job: Job, now: datetime) -> bool:
    """Say that the worker lives. False when the job is no longer its own."""
    with scopes_disabled():
        return bool(_held(job).update(lease_until=now + LEASE))


def tell(job: Job, done: int, total: int) -> None:
    """Write how far it is."""
    with scopes_disabled():
        _held(job).update(done=done, total=total)


def finish(job: Job, now: datetime, result: Mapping[str, Any]) -> None:
    """Write that it is done. Raises LeaseLost when somebody else has it by now; then the caller's transaction must not stand."""
    _end(job, now, State.DONE, result=dict(result), done=F("total"))


def fail(job: Job, now: datetime, sentence: str) -> None:
    """Write that it will not be done, and why. Raises LeaseLost as `finish` does."""
    _end(job, now, State.FAILED, sentence=sentence)


def stop(job: Job, now: datetime) -> None:
    """Write that it was stopped on request. Raises LeaseLost as `finish` does."""
    _end(job, now, State.STOPPED)


_WHEN_ENDED: dict[str, Callable[[Job, datetime], None]] = {}


def when_ended(name: str, function: Callable[[Job, datetime], None]) -> None:
    """Call a function in the transaction in which a job is done or has failed. Raises ValueError when the name is taken."""
    if _WHEN_ENDED.setdefault(name, function) is not function:
        raise ValueError(f"{name} is registered twice")


@transaction.atomic
def _end(job: Job, now: datetime, state: str, **more: Any) -> None:
    with scopes_disabled():
        if not _held(job).update(state=state, ended_at=now, lease_until=None, **more):
            raise LeaseLost(str(job.pk))
        JobContent.objects.filter(job=job).update(given="")
        if state != State.STOPPED and job.person is not None:
            for tell in _WHEN_ENDED.values():
                tell(job, now)


def give_back(job: Job, now: datetime) -> None:
    """Let another worker have it at once, as a worker does that is told to end; the attempt does not count."""
    with scopes_disabled():
        _held(job).update(state=State.WAITING, lease_until=None, attempts=F("attempts") - 1)


def try_again(job: Job, now: datetime, sentence: str) -> None:
    """Back into the queue after a pause, or failed with `sentence` when it was tried often enough."""
    kind = kind_of(job)
    if kind is None or job.attempts >= kind.tries:
        fail(job, now, sentence)
        return
    pause = min(FIRST_PAUSE * 2 ** (job.attempts - 1), LONGEST_PAUSE)
    with scopes_disabled():
        _held(job).update(state=State.WAITING, lease_until=None, due_at=now + pause)


def reap(now: datetime) -> int:
    """Take jobs back whose worker was not heard of in time: they wait for another, or have failed. Returns how many."""
    with scopes_disabled():
        lost = list(Job.objects.filter(state=State.RUNNING, lease_until__lt=now))
        taken = 0
        for job in lost:
            # The claim is raised, so that the old worker, should it live after all, writes nothing any more.
            mine = _held(job).filter(lease_until__lt=now).update(claim=F("claim") + 1)
            if not mine:
                continue
            job.claim += 1
            taken += 1
            if job.stop_asked_at is not None:
                stop(job, now)
                continue
            with translation.override(job.language):
                sentence = _("The work was broken off each time it was begun. Ask whoever runs the server.")
                try_again(job, now, sentence)
        return taken


def can_be_stopped(job: Job) -> bool:
    """Is it still to end, of a kind that people may stop, and has nobody asked for that yet?"""
    kind = kind_of(job)
    return not job.has_ended and job.stop_asked_at is None and (kind is None or kind.can_be_stopped)


def ask_to_stop(job: Job, by: UUID, now: datetime) -> bool:
    """Stop a job that waits at once, one that runs as soon as it comes to a place where it can. False when it had ended."""
    if Job.objects.filter(pk=job.pk, state=State.WAITING).update(
        state=State.STOPPED, ended_at=now, stop_asked_by=by, stop_asked_at=now
    ):
        JobContent.objects.filter(job=job).update(given="")
        return True
    running = Job.objects.filter(pk=job.pk, state=State.RUNNING)
    return bool(running.update(stop_asked_by=by, stop_asked_at=now))


def clear(now: datetime) -> int:
    """Delete what ended longer ago than it is shown. Returns how many."""
    with scopes_disabled():
        old = Job.objects.filter(ended_at__lt=now - SHOWN_FOR)
        count = old.count()
        old.delete()
        return count


def waiting_since(instant: datetime) -> int:
    """How many jobs should have been begun, or taken over from a dead worker, by an instant: no worker is there."""
    with scopes_disabled():
        waiting = Q(state=State.WAITING, due_at__lt=instant)
        return Job.objects.filter(waiting | Q(state=State.RUNNING, lease_until__lt=instant)).count()
