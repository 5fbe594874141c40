"""Pages of a whole standard stay short: what needs attention is open, the rest folded, and every domain can be reached."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from beiji.readiness.rules.rows import Condition
from tests import cast

from .conftest import timed

HOSPITAL = "/yangzhou/readiness/ginkgo/"


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


def page(world: cast.World, url: str, language: str = "en") -> str:
    client = Client()
    client.force_login(world.people["manager"].accounts.get())
    client.cookies["beiji_language"] = language
    response = client.get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def folds(html: str) -> dict[str, bool]:
    """Id of what folds → whether it is open."""
    found = re.findall(r'<details class="panel" ?(open)?>(?:(?!</details>).)*?<div id="([\w-]+)"', html)
    return {code: bool(is_open) for is_open, code in found}


def test_domains_are_folded_but_those_that_need_attention(loaded: cast.World, record: Callable) -> None:
    for place in ("ginkgo-east", "ginkgo-west"):
        record(timed(place, 12, date(2026, 10, 1), Condition.DAY), timed(place, 12, date(2026, 10, 1), Condition.NIGHT))
    before = folds(page(loaded, HOSPITAL))
    record(timed("ginkgo-east", 24, date(2026, 10, 2), Condition.NIGHT))
    html = page(loaded, HOSPITAL)
    after = folds(html)
    assert after["TRI"], "a must-pass item was measured and missed there"
    assert set(after) == set(before)
    links = re.findall(r'class="index-link" href="#([\w-]+)"', html)
    assert links == list(after), "the index leads to every domain, and the id lies inside what a link opens"
    for code, is_open in after.items():
        domain = html.split(f'id="{code}"')[0].rsplit("<details", 1)[1]
        assert is_open == ("must-pass item" in domain or 'data-level="0"' in domain.split("<h2>")[1])


def test_figures_of_a_hospital_lead_to_the_items_they_count(loaded: cast.World) -> None:
    html = page(loaded, HOSPITAL)
    assert "/yangzhou/readiness/items/?show=open&amp;subject=ginkgo" in html
    items = page(loaded, "/yangzhou/readiness/items/?show=open&subject=ginkgo")
    counted = re.search(r'show=open&amp;subject=ginkgo.*?figures-value">\s*(\d+)', html)
    assert counted
    assert re.search(rf'role="status">\s*{counted[1]} of', items)


def test_the_map_offers_every_written_domain(loaded: cast.World) -> None:
    html = page(loaded, "/yangzhou/readiness/")
    offered = re.findall(r'class="menu-item" href="[^"]*\?view=([\w-]+)"', html)
    assert offered == list(folds(page(loaded, HOSPITAL)))
    chosen = page(loaded, f"/yangzhou/readiness/?view={offered[-1]}")
    assert re.search(rf'view={offered[-1]}" aria-current="true"', chosen)


def test_city_wide_pages_say_the_range_and_a_hospital_its_own_number(loaded: cast.World) -> None:
    city = page(loaded, "/yangzhou/readiness/?view=SUR", "he")
    assert "120/70" not in city
    assert re.search(r"25 עד 120", city)
    assert not re.search(r"25 עד 120", page(loaded, HOSPITAL, "he"))
