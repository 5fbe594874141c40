"""Every page and file says what the city's wall clock said, near midnight too, wherever the server stands."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db.models import DateTimeField
from django.utils import timezone
from django_scopes import scope

from beiji.documents.models import TextVersion
from beiji.improve.models import Action
from beiji.improve.rules import ActionState
from beiji.packs.library import packs_root
from beiji.programme.models import City
from beiji.reports.changes import make_snapshot
from tests.pages import address_of, seen_pages

#: Nobody else is 5 h 45 min ahead: a moment shown in another zone has other minutes. 00:15 on the 24th there.
ZONE = ZoneInfo("Asia/Kathmandu")
NIGHT = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
CLOCK = re.compile(r"(?<![\d:.+-])([01]\d|2[0-3]):([0-5]\d)(?![\d:])")
#: A role that is given by the day begins and ends with the city's day.
BEGINS_WITH_THE_DAY = ("own", "programme:grants", "programme:guests", "programme:holder", "programme:seen")
READERS = ("manager", "lead", "coordinator", "translator", "leader")


@pytest.fixture
def night(demo, monkeypatch):
    """The demo city moved to a zone of its own, just after midnight there."""
    City.objects.filter(pk=demo.city.pk).update(time_zone="Asia/Kathmandu")
    monkeypatch.setattr(timezone, "now", lambda: NIGHT)
    demo.city.refresh_from_db()
    return demo


def instants() -> list[datetime]:
    """Every moment that the database keeps, and now."""
    found = [NIGHT]
    with scope(city="yangzhou"):
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, DateTimeField):
                    found += model._base_manager.exclude(**{field.name: None}).values_list(field.name, flat=True)
    return found


def clocks(text: str) -> set[str]:
    """Clock times that a person reads, those shown on hovering included."""
    hovering = re.findall(r'title="([^"]*)"', text)
    read = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    return {":".join(found) for found in CLOCK.findall(html.unescape(" ".join([read, *hovering])))}


def written_clocks() -> set[str]:
    """Clock times that stand in the words of the packs and of people: "at 22:00 the duty desk is called"."""
    words = [path.read_text(encoding="utf-8") for path in packs_root().rglob("*.yaml")]
    with scope(city="yangzhou"):
        words += TextVersion.objects.values_list("body", flat=True)
    return clocks(" ".join(words))


def test_every_page_shows_the_times_of_the_city_and_its_day(night, pictures_kept):
    """At 00:15 in the city it is still the day before in UTC: no page may call that day today."""
    of_city = {f"{moment.astimezone(ZONE):%H:%M}" for moment in instants()} | written_clocks()
    pages_with_times = set()
    for page in seen_pages():
        shows_the_city = page.look and page.name != "ui:catalogue"  # made-up times
        address = address_of(page.name) if shows_the_city else None
        for role in READERS if address else ():
            response = night.clients[role].get(address)
            if response.status_code != 200 or response.streaming:
                continue
            text = response.content.decode()
            assert "as of 23 November 2026" not in text, page.name
            seen = clocks(text)
            if seen:
                pages_with_times.add(page.name)
            seen -= {"00:00"} if page.name in BEGINS_WITH_THE_DAY else set()
            assert seen <= of_city, f"{page.name} shows {role} {sorted(seen - of_city)}, not a time of the city"
    assert {"improve:action", "reports:list", "readiness:row"} <= pages_with_times
    assert "24 November 2026" in night.clients["manager"].get("/yangzhou/").content.decode()


def test_a_report_made_at_night_carries_the_city_s_day_in_every_file(night):
    with scope(city="yangzhou"):
        snapshot = make_snapshot(city=night.city, audience="ministers", by=None, now=NIGHT)
        assert snapshot.as_of == date(2026, 11, 24)
        text = str(snapshot.content["documents"])
        for day_before in ("23 November 2026", "2026-11-23", "2026年11月23日", "23.11.2026"):
            assert day_before not in text
        assert "24 November 2026" in text
        made = night.clients["manager"].get(f"/yangzhou/reports/{snapshot.number}/").content.decode()
    assert "24 November 2026 00:15" in made


def test_a_step_taken_at_twenty_past_eight_in_the_evening_says_so(demo, monkeypatch):
    """The history of an action said 12:25 where the wall clock said 20:25."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 24, 12, 25, tzinfo=UTC))
    with scope(city="yangzhou"):
        action = Action.objects.with_state().in_states(ActionState.PLANNED).first()
    page = f"/yangzhou/actions/{action.pk}/"
    assert demo.clients["manager"].post(f"{page}steps/", {"to": "in-progress", "language": "en"}).status_code == 302
    text = demo.clients["manager"].get(page).content.decode()
    assert "24 November 2026 20:25" in text
    assert "12:25" not in text
