"""Two records of one person: seen side by side, joined, separated; what was written under either stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from beiji.programme import changes
from beiji.programme.changes import ProgrammeError
from beiji.programme.identity import PersonAlias
from beiji.programme.models import RoleGrant
from beiji.programme.people import name_in, people_by_id, people_to_choose
from tests.cast import NOW, TODAY


@pytest.fixture
def twins(yangzhou):
    """One nurse, brought in twice by two spellings; the second record has an account and a role."""
    with scope(city="yangzhou"):
        office = yangzhou.people["coordinator"].organisation
        admin = yangzhou.people["administrator"]
        made = [
            changes.add_person(city=yangzhou.city, names={"en": name}, organisation=office, by=admin.pk, now=NOW)
            for name in ("Sun Li", "Sun Lee")
        ]
        for person, name in zip(made, ("sun-li", "sun-lee"), strict=True):
            changes.create_account(person=person, username=name, password="a long password", by=admin.pk, now=NOW)
        changes.grant_role(person=made[1], role="translator", since=TODAY, by=admin.pk, now=NOW)
        yield (*made, admin)


def join(kept, joined, admin):
    changes.join_people(person=joined, kept=kept, reason="brought in twice", by=admin, now=NOW + timedelta(hours=1))


def test_names_roles_and_account_follow_and_nothing_else_is_changed(twins):
    kept, joined, admin = twins
    join(kept, joined, admin)
    assert name_in(people_by_id([joined.pk]), joined.pk) == "Sun Li"
    assert not people_to_choose().filter(pk=joined.pk).exists()
    held = RoleGrant.objects.filter(role="translator", ended_on__isnull=True, person__in=[kept, joined])
    assert [grant.person_id for grant in held] == [kept.pk]
    assert not joined.accounts.get().is_active
    assert kept.accounts.get().is_active
    with pytest.raises(ProgrammeError, match="joined to a record already"):
        join(joined, kept, admin)
    changes.separate_people(person=joined, reason="two nurses", by=admin, now=NOW + timedelta(hours=2))
    assert name_in(people_by_id([joined.pk]), joined.pk) == "Sun Lee"
    assert [row.kept_id for row in PersonAlias.objects.filter(person=joined)] == [kept.pk, None]
    with pytest.raises(ProgrammeError, match="stands by itself"):
        changes.separate_people(person=joined, reason="again", by=admin, now=NOW)


def test_what_would_lose_something_is_refused(twins, yangzhou):
    kept, joined, admin = twins
    for person, other, why in (
        (kept, kept, "another record"),
        (admin, kept, "is an administrator"),
        (yangzhou.people["stranger"], kept, "another record"),
    ):
        with pytest.raises(ProgrammeError, match=why):
            join(other, person, admin)
    bare = changes.add_person(city=kept.city, names={"en": "Sun Li"}, by=admin.pk, now=NOW)
    with pytest.raises(ProgrammeError, match="keep the record that signs in"):
        join(bare, joined, admin)


def test_erasing_the_kept_record_erases_what_is_joined_to_it(twins):
    kept, joined, admin = twins
    join(kept, joined, admin)
    changes.erase_person(person=kept, by=admin.pk, now=NOW + timedelta(days=1))
    joined.refresh_from_db()
    assert (joined.names, joined.search_text) == ({}, "")


def test_an_administrator_sees_both_and_joins_them(twins, monkeypatch):
    kept, joined, admin = twins
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    client = Client()
    client.force_login(admin.accounts.get())
    page = reverse("programme:joining", kwargs={"city": "yangzhou", "person": joined.pk})
    assert "You see both before anything is joined" in client.get(page).content.decode()
    both = client.get(page, {"other": kept.pk}).content.decode()
    assert "Sun Li" in both
    assert "Sun Lee" in both
    assert client.post(f"{page}?other={kept.pk}", {"reason": ""}).status_code == 422
    done = client.post(f"{page}?other={kept.pk}", {"reason": "brought in twice"}, follow=True).content.decode()
    assert "The records are one person now: Sun Li." in done
    assert "Also kept as" in done
    gone = client.get(reverse("programme:person", kwargs={"city": "yangzhou", "person": joined.pk})).content.decode()
    assert "This record is part of another one" in gone
