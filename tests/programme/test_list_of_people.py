"""The list of people: the database chooses the rows of one page, as the words on the page say."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from beiji.programme import changes, queries
from beiji.programme.models import Account, Person
from beiji.programme.pages.people import CHIPS, access_of
from beiji.ui.listing import Wish
from tests import cast
from tests.cast import NOW, TODAY

HERE = "/yangzhou/people/"


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def staff(yangzhou) -> dict[str, Person]:
    """One person for each way to sign in."""
    people = {
        way: changes.add_person(
            city=yangzhou.city, names=cast.names(f"Nurse {way}"), organisation=yangzhou.organisations["egret"], by=None,
            now=NOW, staff_number=f"E-{number}",
        )
        for number, way in enumerate(CHIPS)
    }  # fmt: skip
    for way in ("waiting", "closed", "uncoded"):
        changes.open_account(person=people[way], username=f"nurse-{way}", by=None, now=NOW)
    changes.open_account(person=people["expired"], username="nurse-expired", by=None, now=NOW - timedelta(days=30))
    Account.objects.filter(username="nurse-uncoded").update(code_hash="", code_until=None)
    changes.close_account(person=people["closed"], by=None, now=NOW)
    changes.create_account(person=people["open"], username="nurse-open", password=cast.PASSWORD, by=None, now=NOW)
    return people


def codes(wish: Wish) -> list[str]:
    return [p.names["en"] for p in queries.people_fitting(Person.objects.all(), wish, TODAY, NOW)]


@pytest.mark.parametrize("way", list(CHIPS))
def test_the_filter_by_way_of_signing_in_gives_those_of_whom_the_page_says_it(staff, way):
    fitting = queries.with_access(
        queries.people_fitting(Person.objects.all(), Wish(chosen={"access": way}), TODAY, NOW)
    )
    assert staff[way] in fitting
    said = {p.pk for p in queries.with_access(Person.objects.all()) if access_of(p.accounts.first(), NOW) == way}
    assert {p.pk for p in fitting} == said


@pytest.mark.parametrize(
    ("wish", "names"),
    [
        (Wish(search="nurse waiting"), ["Nurse waiting"]),
        (Wish(search="NURSE-OPEN"), ["Nurse open"]),
        (Wish(search="e-2"), ["Nurse waiting"]),
        (Wish(search="egret nurse", chosen={"access": "none"}), ["Nurse none"]),
        (Wish(chosen={"role": "leader"}), ["gao-yuan"]),
        (Wish(chosen={"office": "government"}), ["gao-yuan"]),
        (Wish(search="nurse", sort="number", descending=True), [f"Nurse {way}" for way in reversed(CHIPS)]),
        (Wish(search="nurse", sort="name"), sorted(f"Nurse {way}" for way in CHIPS)),
    ],
)  # fmt: skip
def test_a_search_a_filter_and_an_order_are_the_databases(staff, wish, names):
    assert codes(wish) == names


@pytest.mark.parametrize("sort", ["name", "office", "post", "number", "access", "last"])
@pytest.mark.parametrize("descending", [False, True])
def test_every_order_keeps_everybody(staff, sort, descending):
    assert sorted(codes(Wish(sort=sort, descending=descending))) == sorted(codes(Wish()))


def test_rows_without_a_value_come_last_whichever_way(staff):
    for descending in (False, True):
        assert set(codes(Wish(sort="number", descending=descending))[: len(CHIPS)]) == {f"Nurse {way}" for way in CHIPS}


def test_a_role_that_has_ended_filters_nobody(staff, yangzhou):
    grant = changes.grant_role(person=staff["none"], role="translator", since=TODAY, by=None, now=NOW)
    assert "Nurse none" in codes(Wish(chosen={"role": "translator"}))
    changes.end_role(grant=grant, by=staff["none"].pk, now=NOW)
    assert "Nurse none" not in codes(Wish(chosen={"role": "translator"}))


def test_a_page_holds_fifty_and_the_file_all(world):
    with scope(city="yangzhou"):
        for number in range(60):
            changes.add_person(city=world.city, names=cast.names(f"Chen {number}"), by=None, now=NOW)
    client = Client(headers={"accept-language": "en"})
    client.login(username="chen-wei", password=cast.PASSWORD)
    first, second = (client.get(HERE, {"q": "Chen", "page": page}).content.decode() for page in ("1", "2"))
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (50, 11), "with Chen Wei himself"
    assert re.search(r"51 to 61 of 61", second)
    table = client.get(HERE, {"q": "Chen", "file": "csv"}).content.decode()
    assert len([line for line in table.splitlines() if "Chen" in line or "chen-wei" in line]) == 61
