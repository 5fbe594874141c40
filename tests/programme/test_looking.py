"""What a person could see over time, and why an address opens or not: the story of a foreign assessor, the clock moved."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from beiji.programme import changes, queries
from beiji.programme.explaining import explain, path_of
from beiji.programme.models import RoleGrant
from beiji.programme.reaching import pieces_of
from beiji.site import access_command
from tests.cast import NOW
from tests.programme.test_grants import body, refusal, signed_in

DAY = timedelta(days=1)
#: 09:00 on the first day of the visit, by the city's clock.
FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
GINKGO, EGRET = "/yangzhou/readiness/ginkgo/", "/yangzhou/readiness/egret/"


@pytest.fixture
def guest(yangzhou):
    """An assessor from abroad whose visit to Egret is from 1 to 3 December."""
    world = yangzhou
    person = changes.add_person(
        city=world.city, code="rina", names={"en": "Rina Gal"}, organisation=world.organisations["integrator"], by=None,
        now=NOW,
    )  # fmt: skip
    common = {
        "person": person,
        "subject": world.subjects["egret"],
        "source": f"visit:{uuid4()}",
        "by": world.people["manager"].pk,
    }
    changes.grant_role(role="assessor", since=date(2026, 12, 1), until=date(2026, 12, 4), now=NOW, **common)
    changes.grant_role(role="write-up", since=date(2026, 12, 4), until=date(2026, 12, 25), now=NOW, **common)
    changes.create_account(person=person, username="rina", password="correct horse battery", by=None, now=NOW)
    return queries.person_called("rina", "yangzhou")


def verdict(guest, address, now):
    return explain(guest, queries.grants_of(guest), address, now, "no page of the city")


def pieces(guest, now):
    return pieces_of(guest, queries.grants_of(guest), queries.deeds_of(guest), now)


def test_from_grant_to_revocation(yangzhou, guest, monkeypatch):
    """Before the visit nothing, in it the hospital alone, taken back on the second day nothing at the next click; and the sheet
    says afterwards exactly that."""
    clock = [FIRST - DAY]
    monkeypatch.setattr(timezone, "now", lambda: clock[0])
    client = signed_in("rina")
    assert "You have no role in this city now" in refusal(client, EGRET)
    clock[0] = FIRST
    client = signed_in("rina")
    assert client.get(EGRET).status_code == 200
    assert client.get(GINKGO).status_code == 404
    grant = RoleGrant.objects.get(person=guest, role="assessor")
    clock[0] = FIRST + DAY
    client = signed_in("rina")
    assert client.get(EGRET).status_code == 200
    for given in RoleGrant.objects.filter(person=guest):
        changes.end_grant(grant=given, reason="called home", by=yangzhou.people["manager"].pk, now=clock[0])
    clock[0] += timedelta(seconds=1)
    assert "li-wen" in refusal(client, EGRET), "whom to ask stands there"
    clock[0] = FIRST + 30 * DAY
    (piece,) = pieces(guest, clock[0])
    assert piece.span.since == datetime(2026, 11, 30, 16, tzinfo=UTC), "midnight by the city's clock"
    assert piece.span.until == FIRST + DAY
    assert [g.pk for g in piece.grants] == [grant.pk]
    assert {name for reach in piece.reach for name in reach.names} == {"Egret"}


def test_a_time_is_cut_where_what_was_open_changes(yangzhou, guest):
    from_abroad = datetime(2026, 12, 2, 4, tzinfo=UTC)
    changes.allow_from_abroad(city=yangzhou.city, allowed=True, by=yangzhou.people["administrator"].pk, now=NOW)
    changes.give_from_abroad(
        person=guest, role="remote-expert", purpose="second reading", approval="YZ-17", begins=from_abroad,
        ends=from_abroad + 10 * DAY, by=yangzhou.people["manager"].pk, now=NOW,
    )  # fmt: skip
    told = [
        ([str(g.role) for g in piece.grants], any("Egret" in r.names for r in piece.reach))
        for piece in reversed(pieces(guest, FIRST + 60 * DAY))
    ]
    assert [(set(roles), sees) for roles, sees in told] == [
        ({"assessor"}, True), ({"assessor", "remote-expert"}, True), ({"write-up", "remote-expert"}, False),
        ({"write-up"}, False),
    ]  # fmt: skip


def test_what_is_to_come_was_not_seen(yangzhou, guest):
    assert pieces(guest, FIRST - DAY) == []
    (piece,) = pieces(guest, FIRST)
    assert piece.span.until == FIRST


def test_a_role_that_an_earlier_version_took_back_counts_for_its_whole_last_day(yangzhou):
    """Rows of earlier versions know the day only; the sheet says rather too much than too little."""
    person = yangzhou.people["leader"]
    grant = RoleGrant.objects.get(person=person)
    RoleGrant.objects.filter(pk=grant.pk).update(ended_on=date(2026, 11, 20))
    (piece,) = pieces_of(person, queries.grants_of(person), [], NOW)
    assert piece.span.until == datetime(2026, 11, 20, 16, tzinfo=UTC)


def test_the_page_itself_says_why_it_opens_and_why_not(yangzhou, guest):
    now = FIRST
    opened = verdict(guest, EGRET, now)
    assert (opened.opens, [s.grant.role for s in opened.holding if s.opens]) == (True, ["assessor"])
    closed = verdict(guest, GINKGO, now)
    assert (closed.opens, [s.rule for s in closed.holding]) == (False, ["no such subject"])
    over = verdict(guest, EGRET, FIRST + 4 * DAY)
    assert (over.opens, [s.grant.role for s in over.others]) == (False, ["assessor"])
    assert verdict(guest, "/yangzhou/readiness/nothing/", now).holding[0].rule == "no such subject"


def test_an_explanation_writes_nothing(yangzhou):
    from beiji.records.models import AuditLine

    manager = yangzhou.people["manager"]
    before = AuditLine.objects.count()
    assert explain(manager, queries.grants_of(manager), "/yangzhou/decisions/?file=csv", NOW, "no").opens
    assert AuditLine.objects.count() == before


@pytest.mark.parametrize("typed", ["https://beiji.example/yangzhou/readiness/?q=a", "yangzhou/readiness/?q=a"])
def test_an_address_is_taken_as_it_stands_in_a_browser(typed):
    assert path_of(typed) == "/yangzhou/readiness/?q=a"


def test_the_manager_reads_the_sheet_and_asks_for_an_address(world, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    manager, assessor = signed_in("li-wen"), world.people["assessor"]
    sheet = body(manager.get(f"/yangzhou/access/{assessor.pk}/seen/"))
    assert "Ginkgo" in sheet
    assert "Egret" not in sheet
    ask = f"/yangzhou/access/{assessor.pk}/why/?address="
    assert "It opens for" in body(manager.get(ask + GINKGO))
    assert "no role that" in body(manager.get(ask + EGRET))
    other = manager.get(ask + "/nanjing/readiness/")
    assert other.status_code == 422
    assert "This is no page of the city" in body(other)


def test_the_command_says_it_at_the_server(world, monkeypatch, capsys):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    assert access_command.run("noam-levi", GINKGO) == 0
    assert access_command.run("noam-levi", EGRET) == 1
    said = capsys.readouterr().out
    assert re.search(r"for: assessor on ginkgo", said)
    assert "against: assessor on ginkgo, 2026-01-01– (no such subject)" in said
    with pytest.raises(Exception, match="nobody in yangzhou has the user name nemo"):
        access_command.run("nemo", GINKGO)
