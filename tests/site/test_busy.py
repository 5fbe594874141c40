"""Who could not write because others did reads that, and that nothing was kept."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from beiji.programme import writing
from beiji.reports import changes
from tests import cast
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
