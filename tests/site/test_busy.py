"""Who could not write because others did reads that, and that nothing was kept."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django_scopes import scope

from beiji.programme import writing
from beiji.reports import changes
from tests import cast
from tests.cast import NOW
from tests.committed import ended_by_the_database


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ended_by_the_database("55P03"), 503),
        (ended_by_the_database("40P01"), 503),
        (OperationalError("database is locked"), 503),
    ],
    ids=["waited", "ended", "sqlite"],
)
def test_a_page_that_could_not_write_says_so(world, monkeypatch, error, status):
    def refuse(**_words: object) -> None:
        raise error

    monkeypatch.setattr(changes, "make_snapshot", refuse)
    client = Client(headers={"accept-language": "en"})
    client.login(username="li-wen", password=cast.PASSWORD)
    answer = client.post("/yangzhou/reports/", {"audience": "ministers"})
    assert answer.status_code == status
    assert "What you just sent was not kept" in answer.content.decode()


def test_a_fault_of_ours_is_not_taken_for_a_busy_database():
    assert not writing.is_busy(OperationalError("no such column: x"))
    assert not writing.is_busy(ValueError("database is locked"))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite waits as long as its setting says")
@pytest.mark.usefixtures("committed")
def test_nobody_waits_for_ever_for_a_writer_that_stopped():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')")
        assert cursor.fetchone() == ("20s", "2min")
    cast.build()
    held, may_end = threading.Event(), threading.Event()

    @writing.change
    def stop_in_the_middle() -> None:
        writing.hold_city("yangzhou", NOW)
        held.set()
        may_end.wait(20)

    def run() -> None:
        try:
            stop_in_the_middle()
        finally:
            connection.close()

    @writing.change
    def wait_in_vain() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
        writing.hold_city("yangzhou", NOW)

    thread = threading.Thread(target=run)
    thread.start()
    assert held.wait(20)
    try:
        with scope(city="yangzhou"), pytest.raises(OperationalError) as refused:
            wait_in_vain()
    finally:
        may_end.set()
        thread.join()
    assert writing.is_busy(refused.value)
