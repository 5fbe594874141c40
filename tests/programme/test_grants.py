"""Grants that end: instants, guests from abroad, endings, and what a refusal says."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from beiji.programme import access, changes
from beiji.programme.grants import HOLDS, holding, span_of, state_of
from beiji.programme.models import City, RoleGrant, Subject
from beiji.records.models import AuditLine
from tests.cast import NOW, PASSWORD, TODAY

HOUR = timedelta(hours=1)
ZONE = "Asia/Shanghai"


def from_abroad(world, **changed):
    """Let the assessor, a guest, look from abroad from an hour from now for a week."""
    world.city.refresh_from_db()
    return changes.give_from_abroad(
        **{
            "person": world.people["assessor"], "role": "remote-expert", "purpose": "second reading of the standard",
            "approval": "YZ-2026-17", "begins": NOW + HOUR, "ends": NOW + timedelta(days=7),
            "by": world.people["manager"].pk, "now": NOW, **changed,
        }
    )  # fmt: skip


def switch(world, allowed: bool = True, now=NOW) -> int:
    return changes.allow_from_abroad(city=world.city, allowed=allowed, by=world.people["administrator"].pk, now=now)


def roles_at(world, now) -> set[str]:
    person = world.people["assessor"]
    return {live.role for live in access.roles_on(person, access.today_in(world.city, now), now)}


def test_a_grant_holds_from_its_first_instant_until_before_its_last(yangzhou):
    switch(yangzhou)
    grant = from_abroad(yangzhou)
    second = timedelta(seconds=1)
    assert "remote-expert" not in roles_at(yangzhou, NOW + HOUR - second)
    assert "remote-expert" in roles_at(yangzhou, NOW + HOUR)
    assert "remote-expert" in roles_at(yangzhou, grant.ends_at - second)
    assert "remote-expert" not in roles_at(yangzhou, grant.ends_at)


def test_without_an_instant_a_grant_given_by_instants_opens_nothing(yangzhou):
    switch(yangzhou)
    from_abroad(yangzhou, begins=NOW - 48 * HOUR)
    assert "remote-expert" not in {live.role for live in access.roles_on(yangzhou.people["assessor"], TODAY)}


def test_a_grant_that_is_ended_opens_nothing_a_second_later(yangzhou):
    switch(yangzhou)
    grant, manager = from_abroad(yangzhou, begins=NOW - HOUR), yangzhou.people["manager"]
    changes.end_grant(grant=grant, reason="the reading is done", by=manager.pk, now=NOW + HOUR)
    grant.refresh_from_db()
    assert (grant.ended_at, grant.ended_by, grant.end_reason) == (NOW + HOUR, manager.pk, "the reading is done")
    assert "remote-expert" not in roles_at(yangzhou, NOW + HOUR + timedelta(seconds=1))
    with pytest.raises(changes.ProgrammeError, match="taken back already"):
        changes.end_grant(grant=grant, reason="again", by=manager.pk, now=NOW + 2 * HOUR)


def test_an_ending_needs_its_reason(yangzhou):
    grant = RoleGrant.objects.filter(person=yangzhou.people["assessor"]).get()
    with pytest.raises(changes.ProgrammeError, match="Write why the access ends"):
        changes.end_grant(grant=grant, reason="  ", by=yangzhou.people["manager"].pk, now=NOW)


def test_from_abroad_is_off_until_the_city_switches_it_on_and_switching_it_off_ends_all(yangzhou):
    with pytest.raises(changes.ProgrammeError, match="lets in nobody from abroad"):
        from_abroad(yangzhou)
    switch(yangzhou)
    from_abroad(yangzhou, begins=NOW - HOUR)
    assert switch(yangzhou, allowed=False, now=NOW + HOUR) == 1
    assert "remote-expert" not in roles_at(yangzhou, NOW + HOUR + timedelta(seconds=1))
    assert AuditLine.objects.filter(kind="programme.from-abroad-switched").count() == 2


def test_why_the_program_ended_an_access_is_read_in_the_readers_language(world, monkeypatch):
    """Whoever switched it off spoke Chinese; the row holds no sentence of his."""
    monkeypatch.setattr(timezone, "now", lambda: NOW + HOUR)
    with scope(city="yangzhou"), translation.override("zh-hans"):
        switch(world)
        grant = from_abroad(world)
        switch(world, allowed=False, now=NOW + HOUR)
    page = body(signed_in("li-wen").get(f"/yangzhou/access/{grant.person_id}/"))
    assert "The city lets in nobody from abroad any more." in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"purpose": " "}, "for what the person is let in"),
        ({"approval": ""}, "number of the approval"),
        ({"ends": NOW}, "end before it begins"),
        ({"begins": NOW - 3 * HOUR, "ends": NOW - HOUR}, "over already"),
        ({"ends": NOW + timedelta(days=400)}, "At most 366 days"),
        ({"role": "manager"}, "not given here"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(yangzhou, changed, sentence):
    switch(yangzhou)
    with pytest.raises(changes.ProgrammeError, match=sentence):
        from_abroad(yangzhou, **changed)


def test_only_guests_are_let_in_from_abroad_and_nobody_twice(yangzhou):
    switch(yangzhou)
    with pytest.raises(changes.ProgrammeError, match="visiting institution"):
        from_abroad(yangzhou, person=yangzhou.people["coordinator"])
    from_abroad(yangzhou)
    with pytest.raises(changes.ProgrammeError, match="end it first"):
        from_abroad(yangzhou, begins=NOW + 48 * HOUR)
    from_abroad(yangzhou, role="instructor")


def test_whoever_looks_from_abroad_sees_no_subject(yangzhou):
    switch(yangzhou)
    person = changes.add_person(
        city=yangzhou.city, names={"en": "Far"}, organisation=yangzhou.organisations["integrator"], by=None, now=NOW
    )
    from_abroad(yangzhou, person=person, begins=NOW - HOUR)
    access.enter(person, TODAY, NOW)
    assert access.has_role(person, "remote-expert")
    assert not Subject.objects.visible_to(person).exists()


DAYS = st.integers(-3, 3).map(lambda n: TODAY + timedelta(days=n))
INSTANTS = st.integers(-80, 80).map(lambda n: NOW + n * HOUR)


@pytest.mark.django_db
@given(
    since=DAYS, until=st.none() | DAYS, begins=st.none() | INSTANTS, ends=st.none() | INSTANTS, ended=st.none() | INSTANTS,
    now=INSTANTS,
)  # fmt: skip
def test_the_database_and_the_pure_rule_agree(world_of_module, since, until, begins, ends, ended, now):
    """One rule, asked in two ways. A grant is ended by the clock, so nobody asks for an instant before its end."""
    if (until is not None and until < since) or (ended is not None and now < ended):
        return
    person = world_of_module.people["leader"]
    with scope(city="yangzhou"), transaction.atomic():
        grant = RoleGrant.objects.create(
            city=person.city, person=person, role="lead", since=since, until=until, begins_at=begins, ends_at=ends,
            ended_on=access.today_in(person.city, ended) if ended else None, ended_at=ended, granted_at=NOW,
        )  # fmt: skip
        day = access.today_in(person.city, now)
        asked = RoleGrant.objects.filter(holding(day, now), pk=grant.pk).exists()
        transaction.set_rollback(True)
    assert asked == span_of(grant, ZONE).holds_at(now) == (state_of(grant, ZONE, now) == HOLDS)


def test_days_are_the_midnights_of_the_citys_clock():
    grant = RoleGrant(since=date(2026, 11, 24), until=date(2026, 11, 26))
    span = span_of(grant, ZONE)
    assert span.since == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert span.until == datetime(2026, 11, 25, 16, tzinfo=UTC)


def signed_in(name: str) -> Client:
    client = Client()
    assert client.login(username=name, password=PASSWORD)
    return client


def body(response) -> str:
    return response.content.decode()


def refusal(client: Client, address: str) -> str:
    """What a refused page says, without what is drawn by lot for each answer and the address that was asked."""
    answer = client.get(address)
    assert answer.status_code == 404
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", body(answer))
    return text.replace(f'"{address}"', '""')


def test_what_is_hidden_is_refused_in_the_words_of_what_there_is_not(world, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client = signed_in("noam-levi")
    ends = ("readiness/egret/", "readiness/nothing/", "no-such-room/")
    first, *others = (refusal(client, f"/yangzhou/{end}") for end in ends)
    assert all(other == first for other in others)
    assert "li-wen" in first, "whom to ask stands there"
    assert "Egret" not in first


def test_a_taken_back_guest_is_refused_at_the_next_click_and_told_whom_to_ask(world, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client = signed_in("noam-levi")
    assert client.get("/yangzhou/readiness/ginkgo/").status_code == 200
    with scope(city="yangzhou"):
        grant = RoleGrant.objects.get(person=world.people["assessor"])
        changes.end_grant(grant=grant, reason="called home", by=world.people["manager"].pk, now=NOW)
    ends = ("readiness/ginkgo/", "readiness/nothing/", "", "no-such-room/")
    first, *others = (refusal(client, f"/yangzhou/{end}") for end in ends)
    assert all(other == first for other in others)
    assert "You have no role in this city now" in first
    assert "li-wen" in first
    assert "called home" not in first


def test_a_stranger_is_told_nobody_of_the_city(world, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    assert "li-wen" not in body(signed_in("stranger").get("/yangzhou/readiness/"))


def test_a_manager_gives_access_by_the_page_and_ends_it_there(world, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    manager, administrator = signed_in("li-wen"), signed_in("chen-wei")
    sent = {
        "person": world.people["assessor"].pk, "role": "instructor", "purpose": "course C1", "approval": "FAO 88",
        "since": "2026-11-24", "from_time": "08:00", "until": "2026-11-30", "to_time": "18:00",
    }  # fmt: skip
    refused = manager.post("/yangzhou/access/new/", sent)
    assert refused.status_code == 422
    assert "administrator can switch that on" in body(refused)
    assert (
        administrator.post("/yangzhou/access/switches/", {"from_abroad": "yes", "watermarks": "no"}).status_code == 302
    )
    assert City.objects.get(pk="yangzhou").lets_in_from_abroad
    page = manager.post("/yangzhou/access/new/", sent, follow=True)
    assert "FAO 88" in body(page)
    assert "course C1" in body(page)
    assert "30 November 2026 18:00" in body(page)
    with scope(city="yangzhou"):
        grant = RoleGrant.objects.get(role="instructor")
    assert grant.ends_at == datetime(2026, 11, 30, 10, tzinfo=UTC)
    without = manager.post(f"/yangzhou/access/grants/{grant.pk}/end/", {"reason": ""}, follow=True)
    assert "Reason: This field is required." in body(without)
    ended = manager.post(f"/yangzhou/access/grants/{grant.pk}/end/", {"reason": "course is over"}, follow=True)
    assert "course is over" in body(ended)
    assert "Taken back" in body(ended)
    assert "FAO 88" in body(manager.get("/yangzhou/access/?q=fao"))
    assert "FAO 88" not in body(manager.get("/yangzhou/access/?state=holds"))


def test_a_manager_ends_no_access_of_the_citys_own_people(world, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with scope(city="yangzhou"):
        own = RoleGrant.objects.get(person=world.people["coordinator"])
    assert signed_in("li-wen").post(f"/yangzhou/access/grants/{own.pk}/end/", {"reason": "x"}).status_code == 404
    assert signed_in("chen-wei").post(f"/yangzhou/access/grants/{own.pk}/end/", {"reason": "x"}).status_code == 302
