"""The worker by the clock, and `beiji serve` over its children: restarts, ends, and never two on one data folder."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django_scopes import scopes_disabled

from beiji.output import CommandError
from beiji.records import jobs
from beiji.records.models import Job
from beiji.site import commands, doctor, nightly, supervising, using
from beiji.site.supervising import Child
from tests.cast import NOW
from tests.serving import environment, serving
from tests.site.test_server import children_of, lives
from tests.work import night

PROC = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")


def until(holds: Callable[[], object], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not (result := holds()) and time.monotonic() < end:
        time.sleep(0.1)
    return bool(result)


# By the clock


def keys() -> list[str]:
    with scopes_disabled():
        return sorted(Job.objects.filter(kind=nightly.NIGHT).values_list("key", flat=True))


@pytest.mark.parametrize(
    ("instant", "day"),
    [("2026-11-24T16:04", "2026-11-24"), ("2026-11-24T16:05", "2026-11-25"), ("2026-11-25T16:04", "2026-11-25")],
)
def test_a_citys_night_begins_five_minutes_after_its_own_midnight(instant, day):
    now = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert nightly.night_of("Asia/Shanghai", now).isoformat() == day


def test_a_night_is_passed_once_for_each_city_and_day_however_often_it_is_asked_for(world):
    first = night(NOW)
    assert {job.state for job in first} == {Job.State.DONE}
    assert keys() == ["site.night:nanjing:2026-11-24", "site.night:yangzhou:2026-11-24"]
    assert night(NOW) == []
    assert [job.kind for job in night(NOW + timedelta(hours=1))] == [nightly.TIDYING], "of the house, once an hour"
    assert len(night(NOW + timedelta(days=1))) == len(first)
    assert len(keys()) == 4


def test_a_clock_that_is_set_back_a_day_passes_no_night_again(world):
    night(NOW)
    with scopes_disabled():
        before = Job.objects.count()
    assert [job.kind for job in night(NOW - timedelta(days=1))] != []  # the day before was never passed
    assert night(NOW) == []
    with scopes_disabled():
        assert Job.objects.count() == before + 3


def test_doctor_finds_work_that_nobody_begins(world, monkeypatch):
    nightly.ask(NOW)
    monkeypatch.setattr(jobs, "clock", lambda: NOW + timedelta(minutes=5))
    assert doctor.work() == []
    monkeypatch.setattr(jobs, "clock", lambda: NOW + timedelta(minutes=11))
    (finding,) = doctor.work()
    assert finding.what.startswith("3 pieces of work")


# One server to a folder


def test_a_second_server_of_one_data_folder_is_refused_in_one_sentence(tmp_path):
    refused = f"another Beiji serves from {tmp_path} already (process {os.getpid()})"
    with using.serving(tmp_path):
        with pytest.raises(CommandError) as refusal, using.serving(tmp_path):
            pass
        assert refused in str(refusal.value)
    with using.serving(tmp_path):
        pass


# Children, with processes that do nothing else


def mourned(tmp_path: Path, monkeypatch) -> list[str]:
    """Two lives of a child that dies at once."""
    monkeypatch.setattr(supervising, "FIRST_PAUSE_S", 0.1)
    told: list[str] = []
    monkeypatch.setattr(supervising.log, "error", lambda text, *words: told.append(text % words))
    child = Child("worker", os._exit, (3,))
    threading.Thread(target=lambda: until(lambda: child.deaths >= 2) and os.kill(os.getpid(), signal.SIGTERM)).start()
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        supervising.keep([child])
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    return told


def test_a_child_that_dies_is_started_again_after_longer_and_longer_pauses(tmp_path, monkeypatch):
    first, second = mourned(tmp_path, monkeypatch)[:2]
    assert "worker ended after" in first
    assert "(exit code 3); a new one in 0.1 s" in first
    assert "a new one in 0.2 s" in second


def test_where_the_system_gives_no_process_it_is_asked_again_later(monkeypatch, caplog):
    class None_:
        def start(self) -> None:
            raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(supervising._spawning, "Process", lambda **words: None_())
    child = Child("worker", os._exit, (3,))
    child.start()
    assert child.process is None
    assert child.due > time.monotonic() - 60
    assert "worker could not be started (Resource temporarily unavailable)" in caplog.text


# The whole tree


@pytest.fixture(scope="module")
def made_ready(ready, tmp_path_factory) -> Path:
    """A data folder that is up to date, for both servers of this module."""
    return ready(tmp_path_factory.mktemp("house") / "data")


def of_jobs(data: Path) -> dict[str, tuple[str, str]]:
    """Kind of each job with its state and who claimed it."""
    with closing(sqlite3.connect(data / "beiji.sqlite3")) as looking:
        return {
            kind: (state, worker)
            for kind, state, worker in looking.execute("SELECT kind, state, worker FROM records_job")
        }


def forget_jobs(data: Path) -> None:
    with closing(sqlite3.connect(data / "beiji.sqlite3", timeout=20)) as emptying:
        emptying.execute("DELETE FROM records_job")
        emptying.commit()


@pytest.mark.slow
@pytest.mark.one_database
@PROC
def test_serve_keeps_web_worker_and_engine_alive_and_takes_all_along(made_ready):
    with serving(made_ready, "--processes", "1") as running:
        assert until(lambda: of_jobs(running.data).get(nightly.TIDYING, ("", ""))[0] == "done"), "the worker works"
        family = [c for c in children_of(running.process.pid) if "resource_tracker" not in commandline(c)]
        assert len(family) == 3, "web, worker and engine"
        for child in family:
            os.kill(child, signal.SIGKILL)
        assert until(lambda: answers(running) and len(children_of(running.process.pid)) == 4, 60)
        family = children_of(running.process.pid)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(20) == 0
    assert until(lambda: not [c for c in family if lives(c)], 10), "nobody is left behind"


def answers(running) -> bool:
    try:
        return running.ask("/health/")[0] == 200
    except OSError:
        return False


def commandline(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


@pytest.mark.slow
@pytest.mark.one_database
def test_the_second_server_says_so_and_the_worker_can_stand_alone(made_ready):
    data = made_ready
    before = of_jobs(data)
    with serving(data, "--processes", "1", "--no-worker"):
        assert of_jobs(data) == before
        again = [sys.executable, "-m", "beiji.cli", "serve", "--port", "1024"]
        refused = subprocess.run(again, env=environment(data), capture_output=True, text=True, check=False)
        assert refused.returncode == 2
        assert "another Beiji serves from" in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
        forget_jobs(data)
        alone = subprocess.Popen([sys.executable, "-m", "beiji.cli", "worker"], env=environment(data))
        try:
            assert until(lambda: of_jobs(data).get(nightly.TIDYING, ("", ""))[0] == "done")
        finally:
            alone.send_signal(signal.SIGTERM)
            assert alone.wait(20) == 0


def test_a_worker_is_refused_where_the_database_is_older_than_the_program(db, monkeypatch):
    from beiji.site.findings import Finding

    monkeypatch.setattr(
        commands.store_checks,
        "migrations",
        lambda: [Finding("migrations", "2 steps are not applied", "run beiji init")],
    )
    with pytest.raises(CommandError, match=r"2 steps are not applied; run beiji init\."):
        commands.worker(None)
