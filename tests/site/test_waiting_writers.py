"""A writer that stopped in the middle holds up nobody for ever."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError, connection
from django_scopes import scope

from beiji.programme import writing
from tests import cast
from tests.cast import NOW


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
