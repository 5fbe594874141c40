"""A change that the database ends is done again, where nothing is left of the first try."""

import pytest
from django.db import OperationalError, connection

from beiji.programme import writing
from tests.committed import ended_by_the_database

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.parametrize(("sqlstate", "tries"), [("40P01", 3), ("40001", 3), ("23505", 1)])
def test_a_change_that_the_database_ends_runs_again(monkeypatch, sqlstate, tries):
    monkeypatch.setattr(writing, "FIRST_PAUSE_S", 0)
    runs = []

    @writing.change
    def ended_twice() -> str:
        runs.append(connection.in_atomic_block)
        if len(runs) < 3:
            raise ended_by_the_database(sqlstate)
        return "written"

    if tries == 3:
        assert ended_twice() == "written"
    else:
        with pytest.raises(OperationalError):
            ended_twice()
    assert runs == [True] * tries
