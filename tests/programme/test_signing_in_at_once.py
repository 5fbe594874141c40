"""Guesses that arrive together are counted one after the other. In a file of its own, since it commits."""

import threading

import pytest
from django.db import connection

from beiji.programme import signing_in
from tests.cast import NOW


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite's transactions come one after the other by themselves"
)
def test_twenty_guesses_at_once_are_five_looks_at_the_password(committed):
    looked, start = [], threading.Barrier(20)

    def guess() -> None:
        start.wait()
        try:
            signing_in.begin(name="gao-yuan", address="198.51.100.20", now=NOW)
            looked.append(1)
        except signing_in.TooSoon:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == 5
