"""Work in the background: claimed once, leased, stopped, taken back from the dead, and never done twice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, transaction
from django.utils import translation
from django_scopes import scope, scopes_disabled

from beiji.records import jobs, running
from beiji.records.jobs import FIRST_PAUSE, LEASE, Kind, LeaseLost, NotYet
from beiji.records.models import Job, JobContent
from beiji.records.refused import ChangeRefused
from beiji.records.running import Run
from tests.cast import NOW
from tests.work import run_of, work_off

State = Job.State
LATER = NOW + LEASE + timedelta(seconds=1)


class Bench:
    """A kind of work that does what a test puts on it, and counts how often it was begun."""

    def __init__(self) -> None:
        self.begun = 0
        self.work: Callable[[Run], Any] = lambda run: {"things": 3}

    def __call__(self, run: Run) -> Any:
        self.begun += 1
        return self.work(run)


@pytest.fixture
def bench(monkeypatch) -> Iterator[Bench]:
    bench = Bench()
    monkeypatch.setattr(jobs, "_KINDS", {"test.work": Kind("test.work", "Work", bench)})
    with scopes_disabled():
        yield bench


@pytest.fixture
def job(bench, db) -> Job:
    asked = jobs.ask_for(
        "test.work", city="yangzhou", by=uuid4(), now=NOW, argument={"day": "2026-11-24"}, given="words"
    )
    assert asked is not None
    return asked


def twice(run: Run) -> None:
    with run.once() as result:
        result["things"] = 2
        run.keep_made(["twice"])


def now_of(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_work_is_there_exactly_when_the_change_that_asked_for_it_is(bench, db):
    with transaction.atomic():
        jobs.ask_for("test.work", city="yangzhou", by=None, now=NOW, given="words")
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert not JobContent.objects.exists()


def test_work_that_nobody_registered_is_a_fault_of_the_programmer(bench, db):
    with pytest.raises(KeyError):
        jobs.ask_for("test.other", city="yangzhou", by=None, now=NOW)


def test_what_is_done_says_what_came_out_and_forgets_what_it_was_given(job, bench):
    bench.work = lambda run: {"things": len(run.given)}
    (done,) = work_off(NOW)
    assert (done.state, done.result, done.ended_at, done.lease_until) == (State.DONE, {"things": 5}, NOW, None)
    assert JobContent.objects.get().given == ""
    assert work_off(NOW) == []
    assert bench.begun == 1


def test_one_worker_of_two_gets_a_job(job):
    assert jobs.claim("first", NOW) is not None
    assert jobs.claim("second", NOW) is None


def test_a_key_is_asked_for_once(bench, db):
    assert jobs.ask_for("test.work", city="yangzhou", by=None, now=NOW, key="night:1") is not None
    assert jobs.ask_for("test.work", city="yangzhou", by=None, now=NOW, key="night:1") is None
    assert jobs.ask_for("test.work", city="yangzhou", by=None, now=NOW, key="night:2") is not None
    assert Job.objects.count() == 2


def test_a_lease_that_is_renewed_is_not_taken_back(job):
    run = run_of(job, NOW)
    assert jobs.renew(run.job, NOW + LEASE / 2)
    assert jobs.reap(LATER) == 0
    assert now_of(job).state == State.RUNNING


def test_a_job_of_a_dead_worker_is_done_by_another(job, bench):
    run_of(job, NOW)
    assert jobs.reap(LATER) == 1
    assert jobs.reap(LATER) == 0
    assert work_off(LATER) == [], "not at once: what broke one worker may break the next"
    (done,) = work_off(LATER + FIRST_PAUSE)
    assert (done.state, done.attempts) == (State.DONE, 2)


def test_a_job_that_breaks_every_worker_has_failed_and_says_so(job):
    when = NOW
    for _ in range(3):
        assert jobs.claim("worker", when) is not None
        jobs.reap(when + timedelta(minutes=2))
        when += timedelta(minutes=10)
    failed = now_of(job)
    assert (failed.state, failed.sentence) == (
        State.FAILED,
        "The work was broken off each time it was begun. Ask whoever runs the server.",
    )


@pytest.mark.parametrize("is_done", [False, True], ids=["waits again", "done by another"])
def test_a_worker_that_was_taken_for_dead_writes_nothing_any_more(job, is_done):
    old = run_of(job, NOW)
    jobs.reap(LATER)
    if is_done:
        jobs.finish(run_of(job, LATER + FIRST_PAUSE).job, LATER + FIRST_PAUSE, {"things": 1})
    before = Job.objects.values().get()
    assert not jobs.renew(old.job, LATER)
    with pytest.raises(LeaseLost):
        twice(old)
    with pytest.raises(LeaseLost):
        jobs.fail(old.job, LATER, "too late")
    jobs.tell(old.job, 7, 9)
    jobs.give_back(old.job, LATER)
    assert Job.objects.values().get() == before
    assert JobContent.objects.get().made == [], "what it wrote together with the end is undone"


def test_work_and_its_end_are_written_together(job, bench):
    def work(run: Run) -> None:
        with run.once() as result:
            result["things"] = 2
            run.keep_made(["a", "b"])

    bench.work = work
    (done,) = work_off(NOW)
    assert (done.state, done.result) == (State.DONE, {"things": 2})
    assert JobContent.objects.get().made == ["a", "b"]


def test_what_waits_is_stopped_at_once(job, bench):
    by = uuid4()
    assert jobs.ask_to_stop(job, by, NOW)
    stopped = now_of(job)
    assert (stopped.state, stopped.stop_asked_by, stopped.ended_at) == (State.STOPPED, by, NOW)
    assert work_off(NOW) == []
    assert not jobs.ask_to_stop(job, by, NOW)
    assert JobContent.objects.get().given == ""


def test_what_runs_is_stopped_where_it_tells_how_far_it_is(job, bench, monkeypatch):
    def work(run: Run) -> None:
        with run.once():
            run.keep_made(["half"])
            run.tell(1, 2)
            jobs.ask_to_stop(job, uuid4(), NOW)
            run.stop_asked = True  # as the thread beside the work reads it
            run.tell(2, 2)

    bench.work = work
    (stopped,) = work_off(NOW)
    assert stopped.state == State.STOPPED
    assert JobContent.objects.get().made == [], "nothing of it was kept"


def test_what_was_stopped_while_its_worker_died_does_not_begin_again(job):
    run_of(job, NOW)
    jobs.ask_to_stop(job, uuid4(), NOW)
    jobs.reap(LATER)
    assert now_of(job).state == State.STOPPED


def test_a_refusal_is_said_in_the_language_of_whoever_asked(bench, db):
    with translation.override("zh-hans"):
        jobs.ask_for("test.work", city="yangzhou", by=None, now=NOW)

    def work(run: Run) -> None:
        raise ChangeRefused(translation.get_language() or "")

    bench.work = work
    (failed,) = work_off(NOW)
    assert (failed.state, failed.sentence) == (State.FAILED, "zh-hans")


def test_a_fault_is_logged_under_a_code_and_not_tried_again(job, bench, caplog):
    def work(run: Run) -> None:
        raise ZeroDivisionError("planted")

    bench.work = work
    (failed,) = work_off(NOW)
    assert failed.state == State.FAILED
    assert str(job.pk) in failed.sentence
    assert "planted" not in failed.sentence
    assert str(job.pk) in caplog.text
    assert "planted" in caplog.text


@pytest.mark.parametrize(
    "error", [OperationalError("database is locked"), NotYet("One is left.")], ids=["busy", "left"]
)
def test_what_could_not_be_done_now_is_tried_again_after_longer_and_longer_pauses(job, bench, error, caplog):
    caplog.set_level(logging.CRITICAL)

    def work(run: Run) -> None:
        raise error

    bench.work = work
    when: datetime = NOW
    for attempt in range(2):
        (waiting,) = work_off(when)
        assert (waiting.state, waiting.due_at) == (State.WAITING, when + FIRST_PAUSE * 2**attempt)
        when = waiting.due_at
    (failed,) = work_off(when)
    assert failed.state == State.FAILED
    assert failed.sentence == "One is left." or "too busy" in failed.sentence
    assert bench.begun == 3


def test_a_worker_that_is_told_to_end_gives_its_job_back(job, bench):
    class Ending(BaseException):
        pass

    def work(run: Run) -> None:
        with run.once():
            run.keep_made(["half"])
            raise Ending

    bench.work = work
    with pytest.raises(Ending):
        work_off(NOW)
    back = now_of(job)
    assert (back.state, back.attempts) == (State.WAITING, 0)
    assert JobContent.objects.get().made == []
    bench.work = lambda run: None
    assert [done.state for done in work_off(NOW)] == [State.DONE]


def test_work_of_another_version_fails_in_one_sentence(job, monkeypatch):
    monkeypatch.setattr(jobs, "_KINDS", {})
    (failed,) = work_off(NOW)
    assert "does not know such work" in failed.sentence


def test_progress_is_seen_while_the_work_stands_in_a_transaction(job, bench):
    seen = []

    def work(run: Run) -> None:
        running.tell_progress(run.job, 3, 9)
        seen.append(running.progress_of(now_of(job)))

    bench.work = work
    work_off(NOW)
    assert seen == [(3, 9)]
    assert not running._file(job).exists(), "no file stays behind"


def test_what_has_ended_is_cleared_after_a_month(job):
    work_off(NOW)
    assert jobs.clear(NOW + timedelta(days=29)) == 0
    assert jobs.clear(NOW + timedelta(days=31)) == 1
    assert not JobContent.objects.exists()


def test_work_that_nobody_begins_is_found(job):
    assert jobs.waiting_since(NOW) == 0
    assert jobs.waiting_since(LATER) == 1


def test_a_city_sees_its_own_work_only(job):
    with scope(city="nanjing"):
        assert not Job.objects.exists()
    with scope(city="yangzhou"):
        assert Job.objects.get() == job
