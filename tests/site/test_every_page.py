"""Every page of the registry, walked by every role: rights, query budgets, leaks, headers, languages."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django_scopes import scope, scopes_disabled

from beiji.improve import access as improve_access
from beiji.improve.models import Decision, Finding
from beiji.programme import access as programme_access
from beiji.programme.models import Person
from beiji.programme.visible import FILTERS, VisibleQuerySet
from tests.cast import TODAY
from tests.pages import ROLES, address_of, addresses, pages, seen_pages, stated

CANARY = "CANARY"


def test_every_address_stands_in_a_table_and_every_page_of_a_table_has_one():
    """A page without a row is one that nobody has said who may see it."""
    assert set(addresses()) == {page.name for page in pages()}
    assert len({(page.name, page.method) for page in pages()}) == len(pages()), "a row stands twice"


def test_a_page_of_a_city_answers_the_verbs_of_its_rows_and_no_others(demo):
    """Refused by the verb itself (405): a view that forgot to say which verbs it takes would answer any."""
    answered = []
    for name in (name for name, arguments in addresses().items() if "city" in arguments):
        rows = [page for page in pages() if page.name == name]
        able = (role for role in ROLES if role != "anonymous" and rows[0].status[role] != "404")
        role = next(able, "manager")  # a card that nobody names is nobody's: all get 404
        for method in {"GET", "POST"} - {page.method for page in rows}:
            if answer(demo, address_of(name), method, role) != 405:
                answered.append(f"{name} answers {method}")
    assert answered == []


def answer(demo, address: str | None, method: str, role: str) -> int:
    assert address, "the demo holds no example of this page"
    client = demo.clients[role]
    return (client.get(address) if method == "GET" else client.post(address, {})).status_code


@pytest.mark.one_database
@pytest.mark.parametrize("page", pages(), ids=lambda page: f"{page.name}-{page.method}")
def test_each_role_gets_what_the_table_says(demo, pictures_kept, page):
    address = address_of(page.name)
    assert {role: str(answer(demo, address, page.method, role)) for role in ROLES} == page.status


ROLES_WITH_LIMITS = ("coordinator", "coordinator_other", "assessor", "writer", "leader", "translator")


def wrong_rows(demo, room: str = "") -> Iterator[str]:
    """Rows of the table for GET, of one room or of all, that do not hold at this moment; looked for as they are asked for."""
    for page in seen_pages():
        address = address_of(page.name) if page.name.startswith(room) else None
        for role in ROLES_WITH_LIMITS if address else ():
            if str(answer(demo, address, "GET", role)) != page.status[role]:
                yield f"{page.name} {role}"


def take_away(monkeypatch, module, name: str) -> None:
    """Take one door away: everybody passes."""
    monkeypatch.setattr(module, name, lambda *who: True)


def take_away_filter(monkeypatch, model) -> None:
    """Take one filter away: every row passes."""
    monkeypatch.setitem(FILTERS, model, lambda rows, person: rows)


@pytest.mark.one_database
@pytest.mark.parametrize(("model", "start"), stated("FILTERS"), ids=str)
def test_the_table_fails_when_a_filter_is_removed(demo, pictures_kept, monkeypatch, model, start):
    """The matrix bites: with one filter gone, somebody of its room sees what he must not. (That the table holds with all
    of them is shown row by row above.)"""
    take_away_filter(monkeypatch, model)
    assert any(wrong_rows(demo, start)), f"the filter of {model.__name__} can be removed and no page of {start} notices"


@pytest.mark.one_database
@pytest.mark.parametrize(("module", "name", "start"), stated("DOORS"), ids=lambda part: getattr(part, "__name__", part))
def test_the_table_fails_when_a_door_is_removed(demo, pictures_kept, monkeypatch, module, name, start):
    """The same for the doors in front of whole pages."""
    take_away(monkeypatch, module, name)
    assert any(wrong_rows(demo, start)), f"{module.__name__}.{name} can be removed and no page of {start} notices"


def test_every_list_that_people_see_a_part_of_has_a_filter_and_every_filter_is_removed_once():
    """A new room's filter has to stand in its `examples.py`."""
    lists = {m for m in apps.get_models() if isinstance(getattr(m, "objects", None) and scopeless(m), VisibleQuerySet)}
    assert lists == set(FILTERS)
    removed = {FILTERS[model] for model, _start in stated("FILTERS")}
    hiding_nothing = {FILTERS[model] for model in stated("OPEN")}
    others = {improve_access.filter_visible_findings, improve_access.filter_visible_decisions}
    assert set(FILTERS.values()) - removed - hiding_nothing == others, "these two have tests of their own below"


def scopeless(model) -> object:
    """An empty list of a model, whatever the city."""
    with scopes_disabled():
        return model.objects.none()


def test_a_list_of_findings_grows_when_its_filter_is_removed(demo, monkeypatch):
    """The list answers 200 for both, so its words are compared: another hospital's finding must not stand there."""
    address, other = address_of("improve:findings"), demo.clients["coordinator_other"]
    before = other.get(address).content.count(b"/findings/")
    items = len(other.get(address).content)
    take_away_filter(monkeypatch, Finding)
    after = other.get(address)
    assert (after.content.count(b"/findings/"), len(after.content)) > (before, items)


def test_a_decision_does_not_exist_for_a_coordinator_also_behind_the_door(demo, monkeypatch):
    """The page's door answers first; the object's own filter has to hold alone."""
    with scope(city=demo.city.pk):
        decision = Decision.objects.first()
        person = programme_access.enter(Person.objects.get(accounts__username="coordinator"), TODAY)
        with pytest.raises(Http404):
            improve_access.decision_or_404(person, decision.pk)
        take_away_filter(monkeypatch, Decision)
        assert improve_access.decision_or_404(person, decision.pk) == decision


@pytest.mark.parametrize(
    "page",
    [p for p in seen_pages() if {p.status[r] for r in ROLES if r != "anonymous"} != {"404"}],
    ids=lambda p: p.name,
)
def test_each_page_keeps_its_query_budget_and_carries_the_policy(demo, page):
    address = address_of(page.name)
    assert address, f"the demo holds no example of {page.name}"
    role = next(
        r
        for r in ("manager", "lead", "coordinator", "leader", "administrator")
        if demo.clients[r].get(address).status_code < 400
    )
    with CaptureQueriesContext(connection) as caught:
        response = demo.clients[role].get(address)
    assert len(caught) <= page.queries, (
        f"{page.name} asked {len(caught)} times for {role}; its budget is {page.queries}"
    )
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if "/yangzhou/" in address:
        assert "private" in response.headers["Cache-Control"], f"a proxy may keep {page.name}"


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["en", "zh-hans", "he"])
@pytest.mark.parametrize("page", [p for p in seen_pages() if p.look], ids=lambda p: p.name)
def test_each_page_says_its_language_and_leaks_nothing_of_another_city(demo, pictures_kept, page, language):
    address = address_of(page.name)
    for role in ("manager", "lead", "coordinator", "leader", "administrator"):
        client = demo.clients[role]
        client.cookies["beiji_language"] = language
        response = client.get(address)
        if response.status_code != 200:
            continue
        text = response.content.decode()
        assert CANARY not in text, f"{page.name} shows {role} words of another city"
        assert re.search(r'<html[^>]* lang="(en|zh-Hans|he)"', text)
        assert ('dir="rtl"' in text.split(">", 2)[1]) == (language == "he")
        assert len(re.findall(r"<h1[ >]", text)) == 1, f"{page.name} has not exactly one h1"
        weight = len(gzip.compress(response.content, mtime=0))
        assert weight <= 30_000, f"{page.name} weighs {weight} bytes compressed"
        if language != "en":
            break  # what another role sees besides was looked at in English


def test_a_page_travels_compressed_for_whoever_can_read_that(demo):
    address, client = address_of("readiness:map"), demo.clients["manager"]
    client.cookies["beiji_language"] = "en"
    plain, packed = (client.get(address, headers=said) for said in ({}, {"accept-encoding": "gzip"}))
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.content) < len(plain.content) / 5
    assert b"Ginkgo General" in gzip.decompress(packed.content)
