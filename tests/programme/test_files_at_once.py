"""Files that leave at the same instant: each has a number of its own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django_scopes import scope

from beiji.programme import changes
from tests import cast
from tests.cast import NOW


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer")
@pytest.mark.usefixtures("committed")
def test_files_that_leave_at_once_have_each_its_number():
    manager = cast.build().people["manager"]
    start = threading.Barrier(6)

    def take(turn: int) -> int:
        start.wait()
        try:
            with scope(city="yangzhou"):
                return changes.take_file(
                    person=manager, address=f"/yangzhou/{turn}", what="list:findings", now=NOW
                ).number
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(take, range(6))) == [1, 2, 3, 4, 5, 6]
