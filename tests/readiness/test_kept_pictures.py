"""A page keeps its picture of the city until somebody has written, also when writers overlap (PostgreSQL)."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django_scopes import scope

from beiji import packs
from beiji.programme.writing import change
from beiji.readiness import changes as ledger
from beiji.readiness import queries
from beiji.readiness.rules.rows import Evaluator, Method
from beiji.records import audit
from tests import cast
from tests.cast import NOW, TODAY

pytestmark = [
    pytest.mark.usefixtures("committed"),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer"),
]


def test_a_writer_who_began_earlier_and_ends_later_is_seen():
    world = cast.build()
    with scope(city="yangzhou"):
        ledger.load_packs(city=world.city, library=packs.load_packs(packs.packs_root()), now=NOW, by=None)
    written, may_end = threading.Event(), threading.Event()

    @change
    def slowly() -> None:
        draft = ledger.Draft(
            subject="egret", capability="ed-clear-time", method=Method.SPOT_CHECK, evaluator=Evaluator.EXTERNAL,
            as_of=TODAY, level=2,
        )  # fmt: skip
        ledger.record_evidence(city=world.city, draft=draft, by=None, office="integrator", now=NOW)
        written.set()
        assert may_end.wait(20)

    def write() -> None:
        try:
            with scope(city="yangzhou"):
                slowly()
        finally:
            written.set()
            connection.close()

    def digit() -> int | None:
        with scope(city="yangzhou"):
            picture = queries.picture(city=world.city, subjects=[world.subjects["egret"]], now=NOW)
            return picture.standing("egret", "ed-clear-time").digit

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(20)
    with scope(city="yangzhou"):  # somebody's audit line, of a later number and written before
        audit.write("records.attachment-added", city="yangzhou", by=None, of="records.attachment:x", now=NOW)
    assert digit() is None
    may_end.set()
    thread.join()
    assert digit() == 2
