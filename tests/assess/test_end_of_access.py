"""What the team of a visit sees ends with the visit, to the minute; writing it up is a grant of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from beiji.programme.models import RoleGrant
from tests.assess.browsing import item, send, signed_in, url
from tests.assess.test_visits import answer_must_pass
from tests.cast import TODAY

#: Midnight in the city at the end of the visit's last day, 24 November: 16:00 UTC.
END = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
HOSPITAL = "/yangzhou/readiness/egret/"
EVIDENCE = "/yangzhou/readiness/egret/ed-clear-time/"


def statuses(world, visit, moment: datetime, monkeypatch, part: str = "assessor") -> dict[str, int]:
    """What somebody of the team gets at a moment."""
    monkeypatch.setattr(timezone, "now", lambda: moment)
    client = signed_in(world, part)
    asked = {"hospital": HOSPITAL, "evidence": EVIDENCE, "visit": url("visit", visit), "list": "/yangzhou/assessments/"}
    return {name: client.get(address).status_code for name, address in asked.items()}


@pytest.fixture
def only_visit(yangzhou, visit):
    """The cast without the roles that it holds beside the visit."""
    RoleGrant.objects.filter(source="").exclude(person=yangzhou.people["manager"]).update(until=TODAY)
    return visit


@pytest.mark.parametrize("part", ["assessor", "lead"])
def test_the_hospital_is_seen_until_the_last_minute_of_the_visit_and_not_after(yangzhou, only_visit, monkeypatch, part):
    seen = statuses(yangzhou, only_visit, END - timedelta(seconds=1), monkeypatch, part)
    assert seen == {"hospital": 200, "evidence": 200, "visit": 200, "list": 200}
    after = statuses(yangzhou, only_visit, END, monkeypatch, part)
    assert after == {"hospital": 404, "evidence": 404, "visit": 200, "list": 200}


def test_who_writes_up_still_answers_in_the_own_visit_and_in_no_other(yangzhou, only_visit, assessor, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: END + timedelta(hours=1))
    client = signed_in(yangzhou, "assessor")
    assert client.get(item(only_visit)).status_code == 200
    [kept] = send(client, only_visit, assessor.word("rate", indicator="TRI-3", level=2)).json()["results"]
    assert kept["kept"], "what a tablet held back over night is not lost"
    other = type(only_visit).objects.create(
        city=only_visit.city, subject=only_visit.subject, round=1, kind="external", scope="core",
        first_day=date(2026, 6, 1), last_day=date(2026, 6, 1), pack=only_visit.pack, digest=only_visit.digest,
        indicators=["TRI-3"], planned_by=only_visit.planned_by, planned_at=only_visit.planned_at,
    )  # fmt: skip
    assert client.get(url("visit", other)).status_code == 404


def test_the_lead_settles_and_locks_while_the_visit_is_written_up(yangzhou, only_visit, lead, monkeypatch):
    answer_must_pass(only_visit, lead)
    monkeypatch.setattr(timezone, "now", lambda: END + timedelta(days=2))
    client = signed_in(yangzhou, "lead")
    client.post(url("phase", only_visit), {"phase": "consensus"})
    assert client.post(url("lock", only_visit)).status_code == 302
    only_visit.refresh_from_db()
    assert only_visit.phase == "locked"


def test_after_three_weeks_nothing_is_left(yangzhou, only_visit, monkeypatch):
    last = statuses(yangzhou, only_visit, END + timedelta(days=21, seconds=-1), monkeypatch)
    assert last["visit"] == 200
    monkeypatch.setattr(timezone, "now", lambda: END + timedelta(days=21))
    assert signed_in(yangzhou, "assessor").get(url("visit", only_visit)).status_code == 404


def test_the_two_grants_stand_side_by_side(yangzhou, only_visit):
    grants = RoleGrant.objects.filter(source=only_visit.stream, person=yangzhou.people["lead"])
    assert [(g.role, g.since, g.until) for g in grants] == [
        ("lead", date(2026, 11, 23), date(2026, 11, 25)),
        ("write-up", date(2026, 11, 25), date(2026, 12, 16)),
    ]
