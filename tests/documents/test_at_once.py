"""A draft that is handed in while somebody writes in it: what he was told is kept stands in the version."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django_scopes import scope

from beiji.documents import changes, reading
from beiji.documents.changes import NewBlock
from tests import cast
from tests.documents.conftest import Desk


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer")
@pytest.mark.usefixtures("committed")
def test_words_that_are_being_kept_stand_in_the_version_that_is_handed_in():
    with scope(city="yangzhou"):
        desk = Desk(cast.build(), NewBlock("heading", "1 Purpose", level=1), NewBlock("text", "Call wave 2 at T+30."))
        draft, said = desk.draft, desk.said(1, "Call wave 2 at T+20.")
    is_writing, is_handed_in = threading.Event(), threading.Event()

    def write() -> None:
        with scope(city="yangzhou"), transaction.atomic():
            changes.save_block(draft=draft, said=said, by=desk.person("coordinator"), now=desk.now)
            is_writing.set()
            is_handed_in.wait(1)
        connection.close()

    def hand_in():
        is_writing.wait(5)
        try:
            with scope(city="yangzhou"):
                return changes.submit(draft=draft, by=desk.person("coordinator"), now=desk.now)
        finally:
            is_handed_in.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        writing, handing_in = pool.submit(write), pool.submit(hand_in)
        writing.result()
        version = handing_in.result()
    with scope(city="yangzhou"):
        assert [one.block.body for one in reading.blocks_of_version(version)][1] == "Call wave 2 at T+20."
