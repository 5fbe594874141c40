"""Every page of the city for whoever looks from abroad, and for guests whose time is over or not come: rights by grant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django_scopes import scope

from beiji.programme import changes
from beiji.programme.models import Organisation, Person
from tests.cast import NOW
from tests.pages import address_of, addresses, seen_pages

HOUR = timedelta(hours=1)
#: What a remote expert and a foreign instructor open; everything else of the city does not exist for them.
FROM_ABROAD = {
    "site:home": 200, "readiness:standard": 200, "readiness:standard-item": 200,
    # one's own work, notices and their choice, and a list of reports that is always empty
    "programme:work": 200, "site:bell": 200, "site:choice": 200, "site:notices": 200, "reports:list": 200,
}  # fmt: skip


def guest_with(demo, username: str, role: str, begins, ends) -> Client:
    """A guest with one grant, signed in."""
    with scope(city=demo.city.pk):
        manager = Person.objects.get(accounts__username="manager")
        office = Organisation.objects.filter(side="guest").first()
        changes.allow_from_abroad(city=demo.city, allowed=True, by=manager.pk, now=NOW - 48 * HOUR)
        person = changes.add_person(
            city=demo.city, names={"en": username}, organisation=office, by=None, now=NOW - 48 * HOUR
        )
        changes.give_from_abroad(
            person=person, role=role, purpose="p", approval="1", begins=begins, ends=ends, by=manager.pk,
            now=NOW - 48 * HOUR,
        )  # fmt: skip
        account = changes.create_account(person=person, username=username, password=None, by=None, now=NOW)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def answers(client: Client) -> dict[str, int]:
    """Status of every page of the city that answers GET and is there for somebody."""
    pages = [page.name for page in seen_pages() if "city" in addresses()[page.name]]
    known = {name: address_of(name) for name in pages}
    return {name: client.get(address).status_code for name, address in known.items() if address}


@pytest.mark.parametrize("role", ["remote-expert", "instructor"])
def test_from_abroad_the_standard_opens_and_nothing_else(demo, role):
    client = guest_with(demo, f"far-{role}", role, NOW - HOUR, NOW + HOUR)
    open_pages = {name: status for name, status in answers(client).items() if status != 404}
    assert open_pages == FROM_ABROAD
    page = client.get(address_of("readiness:standard-item")).content.decode()
    with scope(city=demo.city.pk):
        names = [
            p.names["en"] for p in Person.objects.filter(accounts__username__in=("manager", "coordinator", "lead"))
        ]
    assert not [name for name in names if name in page], "no person of the city stands there"


@pytest.mark.parametrize(("begins", "ends"), [(NOW - 2 * HOUR, NOW - HOUR / 60), (NOW + HOUR / 60, NOW + HOUR)])
def test_a_minute_before_and_a_minute_after_the_city_does_not_exist(demo, begins, ends):
    client = guest_with(demo, "late", "remote-expert", begins, ends)
    assert set(answers(client).values()) == {404}
