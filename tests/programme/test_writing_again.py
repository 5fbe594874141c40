"""A change that the database ends is done again, where nothing is left of the first try."""

import threading

import pytest
from django.db import OperationalError, connection
from django.db.models import F
from django_scopes import scope

from beiji.programme import writing
from beiji.programme.models import Subject
from tests import cast
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


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer")
def test_of_two_who_wait_for_each_other_both_have_written_in_the_end():
    """Two rows held in opposite order by hand, as no change of ours does: PostgreSQL ends one, and it runs again."""
    world = cast.build()
    runs, meet = [], threading.Barrier(2)

    @writing.change
    def hold_both(first: str, second: str) -> None:
        runs.append(first)
        Subject.objects.filter(code=first).update(order=F("order") + 1)
        if len(runs) <= 2:
            meet.wait(20)
        Subject.objects.filter(code=second).update(order=F("order") + 1)

    def run(first: str, second: str) -> None:
        try:
            with scope(city="yangzhou"):
                hold_both(first, second)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in (("egret", "ginkgo"), ("ginkgo", "egret"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 3
    with scope(city="yangzhou"):
        orders = dict(Subject.objects.filter(code__in=("egret", "ginkgo")).values_list("code", "order"))
    assert orders == {"egret": world.subjects["egret"].order + 2, "ginkgo": world.subjects["ginkgo"].order + 2}
