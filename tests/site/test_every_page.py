"""Every page of the registry, walked by every role: rights, query budgets, leaks, headers, languages."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse
from django_scopes import scope

from beiji.assess import access as assess_access
from beiji.documents import access as documents_access
from beiji.improve import access as improve_access
from beiji.improve.models import Decision
from beiji.programme import access as programme_access
from beiji.programme.models import Person
from beiji.readiness import access as readiness_access
from beiji.records.pages import Page, pages
from beiji.reports import access as reports_access
from tests.cast import TODAY

ROLES = (
    "administrator", "manager", "coordinator", "coordinator_other", "lead", "assessor", "writer", "translator", "leader", "stranger", "anonymous",
)  # fmt: skip
TABLE = Path(__file__).resolve().parent.parent / "permissions.csv"
CANARY = "CANARY"


def expectations() -> list[dict[str, str]]:
    with open(TABLE, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def address_of(page: Page) -> str | None:
    """The page's example address in the demo, or None while the demo holds no example of it."""
    with scope(city="yangzhou"):
        try:
            return reverse(page.name, kwargs=dict(page.example()))
        except NoReverseMatch:
            return None


def url_names(resolver=None, prefix: str = "") -> set[str]:
    """Every named address of the project, below every include."""
    found: set[str] = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found |= url_names(pattern, space)
        elif pattern.name:
            found.add(prefix + pattern.name)
    return found


def by_name() -> dict[str, Page]:
    return {page.name: page for page in pages()}


def test_every_address_is_in_the_registry_and_every_page_in_the_table():
    assert url_names() == set(by_name()), "an address is missing from the registry, or a registered page has none"
    wanted = {(page.name, method) for page in pages() for method in page.methods}
    written = {(row["page"], row["method"]) for row in expectations()}
    assert written == wanted, "tests/permissions.csv and the registry of pages differ"


def answer(demo, address: str | None, method: str, role: str) -> int:
    assert address, "the demo holds no example of this page"
    client = demo.clients[role]
    return (client.get(address) if method == "GET" else client.post(address, {})).status_code


@pytest.mark.parametrize("row", expectations(), ids=lambda row: f"{row['page']}-{row['method']}")
def test_each_role_gets_what_the_table_says(demo, row):
    address = address_of(by_name()[row["page"]])
    got = {role: str(answer(demo, address, row["method"], role)) for role in ROLES}
    assert got == {role: row[role] for role in ROLES}


def wrong_rows(demo, room: str = "") -> list[str]:
    """Rows of the table for GET, of one room or of all, that do not hold at this moment."""
    found = []
    for row in expectations():
        if row["method"] != "GET" or not row["page"].startswith(room):
            continue
        address = address_of(by_name()[row["page"]])
        for role in (
            ("coordinator", "coordinator_other", "assessor", "writer", "leader", "translator") if address else ()
        ):
            if str(answer(demo, address, "GET", role)) != row[role]:
                found.append(f"{row['page']} {role}")
    return found


#: The one filter of every room: module, name, and the pages that must notice its absence.
FILTERS = (
    (programme_access, "filter_visible_subjects", "readiness:"),
    (programme_access, "filter_visible_subjects", "assess:"),
    (programme_access, "filter_visible_subjects", "improve:"),
    (programme_access, "filter_visible_subjects", "reports:"),
    (readiness_access, "filter_visible", "readiness:row"),
    (assess_access, "filter_visible", "assess:visit"),
    (improve_access, "filter_visible_actions", "improve:action"),
    (reports_access, "filter_visible", "reports:"),
)
#: Doors in front of whole pages: who has no business there finds no page.
DOORS = (
    (readiness_access, "reads_the_ledger", "readiness:"),
    (assess_access, "may_use_room", "assess:visits"),
    (assess_access, "may_read_answers", "assess:attachment"),
    (improve_access, "may_read", "improve:register"),
    (improve_access, "may_read_decisions", "improve:decision"),
    (documents_access, "may_use_queue", "documents:"),
)


def without(monkeypatch, module, name: str) -> None:
    """Take one filter or door away: everything passes."""
    monkeypatch.setattr(module, name, (lambda rows, person: rows) if name.startswith("filter") else lambda *who: True)


@pytest.mark.parametrize(
    ("module", "name", "room"), [*FILTERS, *DOORS], ids=lambda part: getattr(part, "__name__", part)
)
def test_the_table_fails_when_a_filter_is_removed(demo, monkeypatch, module, name, room):
    """The matrix bites: with one filter gone, somebody of its room sees what he must not."""
    assert not wrong_rows(demo, room), "the table holds before anything is removed"
    without(monkeypatch, module, name)
    assert wrong_rows(demo, room), f"{module.__name__}.{name} can be removed and no page of {room} notices"


def test_every_filter_of_the_house_is_removed_once():
    """A new room's `visible_to` has to stand in the list above."""
    rooms = (programme_access, readiness_access, assess_access, improve_access, reports_access, documents_access)
    written = {(m, name) for m in rooms for name in vars(m) if name.startswith("filter_visible")}
    assert written - {(m, name) for m, name, _ in FILTERS} == {
        (improve_access, "filter_visible_findings"),
        (improve_access, "filter_visible_decisions"),
    }, "these two have tests of their own below"


def test_a_list_of_findings_grows_when_its_filter_is_removed(demo, monkeypatch):
    """The list answers 200 for both, so its words are compared: another hospital's finding must not stand there."""
    address, other = address_of(by_name()["improve:findings"]), demo.clients["coordinator_other"]
    before = other.get(address).content.count(b"/findings/")
    items = len(other.get(address).content)
    without(monkeypatch, improve_access, "filter_visible_findings")
    after = other.get(address)
    assert (after.content.count(b"/findings/"), len(after.content)) > (before, items)


def test_a_decision_does_not_exist_for_a_coordinator_also_behind_the_door(demo, monkeypatch):
    """The page's door answers first; the object's own filter has to hold alone."""
    with scope(city=demo.city.pk):
        decision = Decision.objects.first()
        person = programme_access.enter(Person.objects.get(accounts__username="coordinator"), TODAY)
        with pytest.raises(Http404):
            improve_access.decision_or_404(person, decision.pk)
        without(monkeypatch, improve_access, "filter_visible_decisions")
        assert improve_access.decision_or_404(person, decision.pk) == decision


@pytest.mark.parametrize("page", [p for p in pages() if "GET" in p.methods], ids=lambda p: p.name)
def test_each_page_keeps_its_query_budget(demo, page):
    address = address_of(page)
    assert address, f"the demo holds no example of {page.name}"
    role = next(
        r for r in ("manager", "lead", "coordinator", "leader") if demo.clients[r].get(address).status_code < 400
    )
    with CaptureQueriesContext(connection) as caught:
        demo.clients[role].get(address)
    assert len(caught) <= page.queries, (
        f"{page.name} asked {len(caught)} times for {role}; its budget is {page.queries}"
    )


@pytest.mark.parametrize("language", ["en", "zh-hans", "he"])
@pytest.mark.parametrize("page", [p for p in pages() if "GET" in p.methods and p.look], ids=lambda p: p.name)
def test_each_page_says_its_language_and_leaks_nothing_of_another_city(demo, page, language):
    address = address_of(page)
    for role in ("manager", "lead", "coordinator", "leader"):
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


def test_policy_headers_stand_on_every_page(demo):
    for page in pages():
        address = address_of(page)
        if "GET" in page.methods and address:
            response = demo.clients["manager"].get(address)
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            if "/yangzhou/" in address:
                assert "private" in response.headers["Cache-Control"], f"a proxy may keep {page.name}"
