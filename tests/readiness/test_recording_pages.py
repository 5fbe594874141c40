"""Recording, confirming and withdrawing by hand: who may, what is refused with which sentence, what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from beiji.readiness import changes
from beiji.readiness.models import Evidence
from beiji.readiness.rules.rows import Condition, Evaluator, Method, Notice
from tests import cast

from .conftest import timed
from .test_changes import state
from .test_pages import signed_in, text_of

NEW = "/yangzhou/readiness/egret/ed-clear-time/evidence/new/"
TYPED = {
    "method": "own-drill",
    "as_of": "2026-11-20",
    "condition": "night",
    "notice": "unannounced",
    "value": "13",
    "sample": "1",
    "label": "Drill of 20 November",
}


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


@pytest.fixture
def own_coordinator(loaded: cast.World) -> Client:
    """The coordinator of Egret."""
    return signed_in("coordinator_other", loaded)


def row_url(row: Evidence, verb: str = "") -> str:
    return f"/yangzhou/readiness/rows/{row.pk}/{verb}"


def test_a_coordinator_records_his_own_drill_and_the_city_confirms_it(
    loaded: cast.World, own_coordinator: Client
) -> None:
    response = own_coordinator.post(NEW, TYPED)
    assert response.status_code == 302
    row = Evidence.objects.get()
    assert (row.method, row.evaluator, row.office, row.value) == ("own-drill", 0, "egret", "13")
    manager = signed_in("manager", loaded)
    assert "Confirm the raw record" in text_of(manager.get(row_url(row)))
    assert "Confirm the raw record" not in text_of(own_coordinator.get(row_url(row)))
    assert (
        manager.post(row_url(row, "confirmation/"), {"reason": "Log and video seen", "language": "en"}).status_code
        == 302
    )
    confirmed = Evidence.objects.get(supersedes=row)
    assert (confirmed.evaluator, confirmed.office, confirmed.value, confirmed.notice) == (
        2,
        "commission",
        "13",
        "unannounced",
    )
    assert "superseded: Log and video seen" in text_of(manager.get(row_url(row)))


def test_what_the_law_refuses_is_said_in_one_sentence_and_nothing_is_recorded(own_coordinator: Client) -> None:
    for change, sentence in (
        ({"condition": "any"}, "Say whether it happened by day, by night or on a holiday."),
        ({"notice": ""}, "Say whether the drill was scripted, announced or unannounced."),
        ({"as_of": "2026-11-30"}, "The day 2026-11-30 has not come yet."),
        ({"level": "2"}, "A row says exactly one thing"),
        ({"value": ""}, "A row says exactly one thing"),
        ({"value": "", "level": "2"}, "A drill is not entered as a level."),
    ):
        response = own_coordinator.post(NEW, TYPED | change)
        assert response.status_code == 422
        assert sentence in response.content.decode().replace("&#x27;", "'")
    assert not Evidence.objects.exists()


SHARE = "/yangzhou/readiness/egret/activation-level-share/evidence/new/"


@pytest.mark.parametrize("typed", ["45", "45%", "４５％", "%45", "\u200f45"])
def test_a_share_is_typed_in_per_cent_whatever_the_keyboard(own_coordinator: Client, typed: str) -> None:
    """45 was once kept as 4,500 % and stood as Proven."""
    assert '<span class="field-unit"><input' in own_coordinator.get(SHARE).content.decode()
    assert own_coordinator.post(SHARE, TYPED | {"value": typed}).status_code == 302
    assert Evidence.objects.get().value == "9/20"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("value", "4500", "is too large; the most that can be entered is"),
        ("value", "0.45", "would be less than one per cent"),
        ("value", "1E-99999999", "is not a number"),
        ("sample", "0", "is too small"),
        ("sample", "12.5", "is not a whole number"),
        ("as_of", "26-11-20", "Write the year with four digits"),
        ("as_of", "1926-11-20", "is far from the programme. Enter a day between 1 April 2015 and 1 April 2035"),
        ("as_of", "2126-11-20", "is far from the programme"),
    ],
)
def test_a_slip_of_the_hand_is_refused_with_one_sentence(
    own_coordinator: Client, field: str, typed: str, words: str
) -> None:
    response = own_coordinator.post(SHARE, TYPED | {"value": "45", field: typed})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Evidence.objects.exists()


def test_the_form_offers_only_what_this_person_and_capability_can_say(
    loaded: cast.World, own_coordinator: Client
) -> None:
    own = own_coordinator.get(NEW).content.decode()
    assert 'value="own-drill"' in own
    assert 'value="timed-test"' not in own
    outside = signed_in("manager", loaded).get(NEW).content.decode()
    assert 'value="timed-test"' in outside
    assert 'value="self-rating"' not in outside
    ginkgo = signed_in("lead", loaded).get(NEW.replace("egret", "ginkgo")).content.decode()
    assert 'value="ginkgo-west"' in ginkgo
    forged = own_coordinator.post(NEW, TYPED | {"method": "timed-test"})
    assert forged.status_code == 422
    assert not Evidence.objects.exists()


def test_only_those_who_may_record_find_the_page(loaded: cast.World) -> None:
    ginkgo = NEW.replace("egret", "ginkgo")
    for part, status in (
        ("coordinator", 200),
        ("lead", 200),
        ("manager", 200),
        ("assessor", 404),
        ("administrator", 404),
    ):
        assert signed_in(part, loaded).get(ginkgo).status_code == status, part
    assert signed_in("coordinator", loaded).get(NEW).status_code == 404
    assert signed_in("leader", loaded).get(ginkgo).status_code == 404


def test_a_hospital_cannot_withdraw_what_was_found_from_outside(
    loaded: cast.World, record: Callable, own_coordinator: Client
) -> None:
    (row, _) = record(
        timed("egret", 24, date(2026, 10, 1), Condition.DAY), timed("egret", 9, date(2026, 10, 1), Condition.NIGHT)
    )
    assert "Withdraw this row" not in text_of(own_coordinator.get(row_url(row)))
    response = own_coordinator.post(row_url(row, "withdrawal/"), {"reason": "unfair", "language": "en"})
    assert response.status_code == 422
    assert "Row" in response.content.decode()
    assert "can change it." in response.content.decode()
    assert state() == "below"


def test_withdrawing_needs_a_reason_and_is_final(loaded: cast.World, own_coordinator: Client) -> None:
    own_coordinator.post(NEW, TYPED)
    row = Evidence.objects.get()
    assert own_coordinator.post(row_url(row, "withdrawal/"), {"reason": " ", "language": "en"}).status_code == 422
    assert (
        own_coordinator.post(row_url(row, "withdrawal/"), {"reason": "wrong watch", "language": "en"}).status_code
        == 302
    )
    assert "withdrawn: wrong watch" in text_of(own_coordinator.get(row_url(row)))
    again = own_coordinator.post(row_url(row, "withdrawal/"), {"reason": "again", "language": "en"})
    assert again.status_code == 422
    assert "no longer stands" in again.content.decode()
    assert state() == "unknown"


def test_rows_of_other_hospitals_do_not_exist(loaded: cast.World, own_coordinator: Client) -> None:
    own_coordinator.post(NEW, TYPED)
    row = Evidence.objects.get()
    stranger = signed_in("coordinator", loaded)
    assert stranger.get(row_url(row)).status_code == 404
    assert stranger.post(row_url(row, "withdrawal/"), {"reason": "x", "language": "en"}).status_code == 404
    assert own_coordinator.get("/yangzhou/readiness/rows/999999/").status_code == 404


def test_a_confirmed_notified_drill_counts_as_exercised(loaded: cast.World, record: Callable) -> None:
    day = date(2026, 11, 20)
    own = changes.Draft(
        "egret", "ed-clear-time", Method.OWN_DRILL, Evaluator.SELF, day, value=13, condition=Condition.NIGHT,
        notice=Notice.UNANNOUNCED, notified_on=date(2026, 11, 18),
    )  # fmt: skip
    (row,) = record(own, office="egret")
    signed_in("manager", loaded).post(row_url(row, "confirmation/"), {"reason": "Log seen", "language": "en"})
    text = text_of(signed_in("manager", loaded).get("/yangzhou/readiness/egret/ed-clear-time/"))
    assert "exercised" in text
