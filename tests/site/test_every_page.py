"""Every page of the registry, walked by every role: rights, query budgets, leaks, headers, languages."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse
from django_scopes import scope

from beiji.programme import access as programme_access
from beiji.records.pages import Page, pages

ROLES = (
    "administrator", "manager", "coordinator", "coordinator_other", "lead", "assessor", "translator", "leader", "stranger", "anonymous",
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


def wrong_rows(demo) -> list[str]:
    """Rows of the table for GET that do not hold at this moment."""
    found = []
    for row in expectations():
        address = address_of(by_name()[row["page"]])
        if row["method"] == "GET" and address:
            for role in ("coordinator_other", "assessor", "leader", "translator"):
                if str(answer(demo, address, "GET", role)) != row[role]:
                    found.append(f"{row['page']} {role}")
    return found


def test_the_table_fails_when_the_filter_of_subjects_is_removed(demo, monkeypatch):
    """The matrix bites: with the one filter gone, somebody sees what he must not."""
    monkeypatch.setattr(programme_access, "filter_visible_subjects", lambda subjects, person: subjects)
    assert wrong_rows(demo)


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
        assert len(response.content) <= 200_000, f"{page.name} weighs {len(response.content)} bytes"


def test_policy_headers_stand_on_every_page(demo):
    for page in pages():
        address = address_of(page)
        if "GET" in page.methods and address:
            response = demo.clients["manager"].get(address)
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"
