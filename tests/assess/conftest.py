"""A visit to Ginkgo with a lead and an assessor, on the real standard."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import uuid6
from django.utils import timezone

from beiji.assess import changes
from beiji.assess.changes import Seat
from beiji.programme import access
from tests.cast import NOW, TODAY

FIRST_DAY = date(2026, 11, 23)


class Device:
    """A tablet: numbers its operations and remembers what it said."""

    def __init__(self, visit, person, may_settle: bool = False) -> None:
        self.visit, self.person, self.may_settle = visit, person, may_settle
        self.name, self.seq, self.clock = f"tablet-{uuid6.uuid7()}"[:40], 0, NOW - timedelta(hours=2)

    def word(self, kind: str, **payload) -> dict:
        """One operation as the client words it."""
        self.seq += 1
        self.clock += timedelta(minutes=1)
        return {
            "id": str(uuid6.uuid7()), "kind": kind, "device": self.name, "seq": self.seq,
            "made_at": self.clock.isoformat(), "payload": payload,
        }  # fmt: skip

    def send(self, data: dict, now: datetime = NOW) -> tuple[UUID, bool]:
        return changes.take_operation(
            visit=self.visit, data=data, person=self.person, may_settle=self.may_settle, now=now
        )

    def say(self, kind: str, **payload) -> UUID:
        return self.send(self.word(kind, **payload))[0]


@pytest.fixture(scope="module")
def world_of_module(loaded_of_module):
    """Every visit stands on the methodology."""
    return loaded_of_module


@pytest.fixture
def visit(yangzhou):
    team = [Seat(yangzhou.people["lead"], "lead"), Seat(yangzhou.people["assessor"], "assessor")]
    made = changes.plan_visit(
        city=yangzhou.city, subject=yangzhou.subjects["egret"], round=1, kind="external", scope="full",
        first_day=FIRST_DAY, last_day=TODAY, team=team, by=yangzhou.people["manager"].pk, now=NOW,
    )  # fmt: skip
    changes.move_visit(visit=made, to="on-site", by=yangzhou.people["lead"].pk, now=NOW)
    for part in ("lead", "assessor"):
        access.enter(yangzhou.people[part], TODAY)
    return made


@pytest.fixture
def lead(yangzhou, visit) -> Device:
    return Device(visit, yangzhou.people["lead"], may_settle=True)


@pytest.fixture
def assessor(yangzhou, visit) -> Device:
    return Device(visit, yangzhou.people["assessor"])


@pytest.fixture
def frozen(monkeypatch):
    """The clock of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
