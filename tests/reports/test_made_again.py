"""A report is made again, at the instant that it was known at, and says the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django_scopes import scope

from beiji.improve import changes as improve
from beiji.programme import changes as programme
from beiji.readiness import changes as ledger
from beiji.readiness.models import Evidence
from beiji.readiness.rules.rows import Evaluator, Method
from beiji.reports import composing, freezing
from beiji.reports.changes import make_snapshot
from beiji.reports.models import Snapshot
from tests import cast
from tests.cast import NOW, TODAY


@pytest.fixture(scope="module")
def world_of_module(loaded_of_module):
    return loaded_of_module


@pytest.fixture
def city(world):
    with scope(city="yangzhou"):
        record(world.city, level=1, now=NOW)
        yield world.city


def record(city, *, level: int, now) -> Evidence:
    draft = ledger.Draft(
        subject="egret", capability="ed-clear-time", method=Method.SPOT_CHECK, evaluator=Evaluator.EXTERNAL,
        as_of=TODAY, level=level,
    )  # fmt: skip
    return ledger.record_evidence(city=city, draft=draft, by=None, office="integrator", now=now)


def made_again(kept: Snapshot) -> str:
    basis = composing.read(city=kept.city, subject=kept.subject, as_of=kept.as_of, known_at=kept.known_at)
    return freezing.digest_of(composing.content(kept.audience, kept.subject, basis, kept.number))


def test_whoever_waited_for_the_lock_writes_after_the_report(city, world):
    """A request that began two seconds before the report, and got the city's row after it."""
    made = make_snapshot(city=city, audience="ward", subject=world.subjects["egret"], by=None, now=NOW)
    late = NOW - timedelta(seconds=2)
    row = record(city, level=0, now=late)
    improve.write_finding(
        city=city, body="Nobody came.", language="en", found_on=TODAY, by=world.people["manager"], now=late, order=1
    )
    assert row.recorded_at > made.known_at
    assert made_again(made) == made.digest


def test_what_is_recorded_while_a_report_is_read_is_not_in_it(city, monkeypatch):
    read = composing.read

    def read_while_others_write(**words):
        record(city, level=0, now=NOW - timedelta(seconds=1))
        return read(**words)

    monkeypatch.setattr(composing, "read", read_while_others_write)
    made = make_snapshot(city=city, audience="ministers", by=None, now=NOW)
    monkeypatch.undo()
    assert Evidence.objects.count() == 2
    assert made_again(made) == made.digest


def test_a_hospital_that_was_entered_later_is_in_no_earlier_report(city):
    made = make_snapshot(city=city, audience="ministers", by=None, now=NOW)
    programme.add_subject(
        city=city, code="pine", kind="hospital", names=cast.names("Pine"), size="large", by=None,
        now=NOW + timedelta(hours=1), since=date(2020, 1, 1),
    )  # fmt: skip
    assert made_again(made) == made.digest
    later = make_snapshot(city=city, audience="ministers", by=None, now=NOW + timedelta(hours=2))
    assert later.content["numbers"] != made.content["numbers"]


def test_two_reports_of_one_instant_are_numbered_and_known_one_after_the_other(city):
    first = make_snapshot(city=city, audience="ministers", by=None, now=NOW)
    second = make_snapshot(city=city, audience="ministers", by=None, now=NOW)
    assert first.number < second.number
    assert first.known_at < second.known_at
