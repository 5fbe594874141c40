"""What people read on the ledger's pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from beiji.programme.models import Subject
from beiji.readiness import changes, queries
from beiji.readiness.pages.todos import things_to_do
from beiji.readiness.rules.rows import Condition, Evaluator, Method
from tests import cast

from .conftest import timed

DAY, NIGHT = Condition.DAY, Condition.NIGHT
MAP = "/yangzhou/readiness/"
GINKGO = f"{MAP}ginkgo/"
WHY = f"{GINKGO}ed-clear-time/"


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


def signed_in(part: str, world: cast.World, language: str = "en") -> Client:
    """A browser of one of the cast."""
    client = Client()
    account = world.people[part].accounts.get()
    client.force_login(account)
    client.cookies["beiji_language"] = language
    return client


def text_of(response) -> str:
    """What a reader sees, without marks."""
    assert response.status_code == 200
    body = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_the_map_names_every_hospital_and_its_open_must_pass_items(loaded: cast.World, record: Callable) -> None:
    record(timed("ginkgo-east", 24, date(2026, 10, 1), NIGHT))
    response = signed_in("manager", loaded).get(MAP)
    text = text_of(response)
    assert "How ready is Yangzhou?" in text
    assert "Ginkgo" in text
    assert "Egret" in text
    found = queries.picture(city=loaded.city, subjects=Subject.objects.hospitals(), now=cast.NOW).tally
    assert found.open_items == found.open_unknown + 1, "one was measured and missed, of the others nobody knows"
    assert f"must-pass items open {found.open_items} in 2 hospitals · {found.open_unknown} of them unknown" in text
    assert "data-must" in response.content.decode()


def test_the_map_shows_4s_in_the_words_and_the_order_of_the_pack(loaded: cast.World) -> None:
    text = text_of(signed_in("manager", loaded, "zh-hans").get(f"{MAP}?view=fours"))
    assert re.search("体系.*空间.*人员.*物资.*医院", text)


def test_a_coordinator_sees_only_his_own_hospital(loaded: cast.World) -> None:
    client = signed_in("coordinator", loaded)
    assert "Egret" not in text_of(client.get(MAP))
    assert client.get(GINKGO).status_code == 200
    assert client.get(f"{MAP}egret/").status_code == 404
    assert client.get(f"{MAP}egret/gaps/").status_code == 404
    assert client.get(f"{MAP}egret/ed-clear-time/").status_code == 404


def test_the_menu_leads_a_coordinator_to_his_hospital_and_the_manager_to_the_map(loaded: cast.World) -> None:
    assert f'href="{GINKGO}"' in signed_in("coordinator", loaded).get(WHY).content.decode()
    assert f'href="{MAP}"' in signed_in("manager", loaded).get(WHY).content.decode()


def test_to_do_lists_name_what_expires_and_what_to_confirm(loaded: cast.World, record: Callable) -> None:
    soon = date(2025, 12, 10)
    record(timed("ginkgo-east", 14, soon, DAY), timed("ginkgo-east", 14, soon, NIGHT))
    record(timed("ginkgo-west", 14, soon, DAY), timed("ginkgo-west", 14, soon, NIGHT))
    own = changes.Draft("ginkgo-east", "ed-clear-time", Method.SELF_RATING, Evaluator.SELF, date(2026, 5, 1), level=1)
    record(own, office="ginkgo")
    todos = things_to_do(loaded.people["coordinator"], loaded.city, cast.TODAY)
    said = [(str(t.what), t.due) for t in todos]
    assert said[0][0].startswith("Renew the proof of TRI-6")
    assert said[0][1] == date(2026, 12, 10)
    assert said[1] == ("Confirm 1 item", None)
    city = [str(t.what) for t in things_to_do(loaded.people["manager"], loaded.city, cast.TODAY)]
    assert city == ["1 proof expires within 30 days", "1 item to confirm"]
    assert list(things_to_do(loaded.people["assessor"], loaded.city, cast.TODAY)) == []


@pytest.mark.parametrize("part", ["translator", "leader", "stranger"])
def test_others_see_no_hospital(loaded: cast.World, part: str) -> None:
    client = signed_in(part, loaded)
    for url in (MAP, f"{MAP}gaps/", f"{MAP}capabilities/ed-clear-time/", GINKGO, f"{GINKGO}gaps/", WHY):
        assert client.get(url).status_code == 404


def test_unknown_capability_and_subject_do_not_exist(loaded: cast.World) -> None:
    client = signed_in("manager", loaded)
    assert client.get(f"{GINKGO}no-such-thing/").status_code == 404
    assert client.get(f"{MAP}nowhere/").status_code == 404
    assert client.get(f"{MAP}capabilities/no-such-thing/").status_code == 404


def test_why_says_the_rule_the_row_the_place_and_the_target(loaded: cast.World, record: Callable) -> None:
    record(timed("ginkgo-west", 24, date(2026, 10, 3), NIGHT))
    text = text_of(signed_in("lead", loaded).get(WHY))
    assert "A measured miss stays open until a later measured pass; misses never expire." in text
    assert "24 min · timed test · at night · ginkgo-west" in text
    assert "at most 15 min" in text
    assert "Integrator · external assessors" in text
    assert "failed" not in text_of(signed_in("lead", loaded).get(f"{WHY}?day=2026-10-02"))


def test_a_superseded_row_is_struck_through_with_its_reason(loaded: cast.World, record: Callable) -> None:
    (first,) = record(timed("ginkgo-east", 41, date(2026, 10, 3), DAY))
    changes.withdraw_evidence(
        evidence=first, evaluator=Evaluator.EXTERNAL, reason="wrong watch", by=None, office="integrator", now=cast.NOW
    )
    body = signed_in("manager", loaded).get(WHY).content.decode()
    assert re.search(r"<del>.*41 min.*</del>\s+<span class=\"meta\">withdrawn: wrong watch", body)


def test_yesterday_is_shown_as_it_was_known(loaded: cast.World, record: Callable) -> None:
    record(timed("ginkgo-east", 14, date(2026, 10, 3), DAY), timed("ginkgo-west", 14, date(2026, 10, 3), DAY))
    client = signed_in("manager", loaded)
    assert "as known on 1 November 2026" in text_of(client.get(f"{WHY}?day=2026-10-20&known=2026-11-01"))
    assert "14 min" not in text_of(client.get(f"{WHY}?day=2026-10-20&known=2026-11-01"))
    assert "14 min" in text_of(client.get(f"{WHY}?day=2026-10-20"))
    assert "if nothing is done until then" in text_of(client.get(f"{GINKGO}?day=2028-01-01"))


def test_a_bad_date_is_said_and_today_shown(loaded: cast.World) -> None:
    text = text_of(signed_in("manager", loaded).get(f"{GINKGO}?day=31/12/2026"))
    assert "“\u206631/12/2026\u2069” is not a day. Write it as 2026-11-20. Today is shown." in text


def test_the_gap_list_gives_the_packs_advice_and_what_closes_it(loaded: cast.World, record: Callable) -> None:
    record(timed("ginkgo-west", 24, date(2026, 10, 3), NIGHT))
    text = text_of(signed_in("coordinator", loaded).get(f"{GINKGO}gaps/"))
    assert "TRI-6" in text
    assert "Next step" in text
    assert "Closed by" in text
    assert "failed when measured" in text


def test_the_capability_page_lists_targets_and_hospitals(loaded: cast.World, record: Callable) -> None:
    record(timed("egret", 12, date(2026, 10, 3), DAY))
    text = text_of(signed_in("manager", loaded).get(f"{MAP}capabilities/ed-clear-time/"))
    assert "at most 15 min" in text
    assert "at most 20 min" in text
    assert "Egret" in text


@pytest.mark.parametrize("language", ["zh-hans", "he"])
def test_pages_speak_the_readers_language(loaded: cast.World, record: Callable, language: str) -> None:
    record(timed("ginkgo-west", 24, date(2026, 10, 3), NIGHT))
    client = signed_in("manager", loaded, language)
    for url in (MAP, GINKGO, f"{GINKGO}gaps/", WHY, f"{MAP}gaps/", f"{MAP}capabilities/ed-clear-time/"):
        text = text_of(client.get(url))
        for english in ("must-pass", "measured", "Another day", "gap", "evidence"):
            assert english not in text, (url, english)


LISTS = (
    MAP,
    f"{MAP}?view=TRI",
    f"{MAP}?view=pillars",
    f"{MAP}?view=fours",
    GINKGO,
    f"{GINKGO}gaps/",
    WHY,
    f"{MAP}gaps/",
)


@pytest.mark.parametrize("url", LISTS)
def test_pages_cost_the_same_queries_with_one_and_with_three_rows(
    loaded: cast.World, record: Callable, url: str, django_assert_max_num_queries
) -> None:
    client = signed_in("manager", loaded)
    counts = []
    for drafts in (
        [timed("ginkgo-west", 24, date(2026, 10, 3), NIGHT)],
        [timed("ginkgo-east", 24, date(2026, 10, 4), NIGHT), timed("egret", 30, date(2026, 10, 4), DAY)],
    ):
        record(*drafts)
        with django_assert_max_num_queries(30) as counted:
            assert client.get(url).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]
