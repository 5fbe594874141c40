"""The pages: what people read, how many questions they ask the database, who may see them, what they refuse."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from beiji.improve import changes
from beiji.improve.models import Action, Decision, Finding, Step
from tests import cast

from .conftest import CLEAR, draft, passes, planned, state

CITY = {"city": "yangzhou"}


def at(name: str, **more) -> str:
    return reverse(f"improve:{name}", kwargs={**CITY, **more})


def make(world, hospital="egret", **changed) -> Action:
    with scope(city="yangzhou"):
        return planned(world, hospital, **changed)


def make_decision(world, **changed) -> Decision:
    values = {
        "body": "批准夜间统一召回。", "language": "zh-Hans", "owner": world.organisations["government"], "cost_class": "low",
        "asked_on": date(2026, 9, 1), "due": date(2026, 12, 1), "by": world.people["manager"], "now": cast.NOW,
    }  # fmt: skip
    with scope(city="yangzhou"):
        return changes.ask_decision(city=world.city, **{**values, **changed})


def make_finding(world, subjects=(), by="manager", body="夜间未能召回人员。") -> Finding:
    with scope(city="yangzhou"):
        return changes.write_finding(
            city=world.city, body=body, language="zh-Hans", found_on=date(2026, 10, 1), by=world.people[by], now=cast.NOW,
            subjects=[world.subjects[code] for code in subjects], order=1,
        )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("page", ["register", "board"])
def test_actions_are_listed_with_one_number_of_questions(manager, gap, page, count, django_assert_max_num_queries):
    for number in range(count):
        make(gap, body=f"我们每周演练 {number}", language="zh-Hans", advice_level=None)
    with django_assert_max_num_queries(17):
        answer = manager.get(at(page))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count("A-00") >= count


@pytest.mark.parametrize("count", [1, 3])
def test_findings_are_listed_with_one_number_of_questions(manager, city, count, django_assert_max_num_queries):
    for number in range(count):
        make_finding(city, ["egret"], body=f"发现 {number}")
    with django_assert_max_num_queries(12):
        text = manager.get(at("findings")).content.decode()
    assert text.count("发现 ") == count
    assert "original, not translated" in text


@pytest.mark.parametrize("count", [1, 3])
def test_decisions_are_listed_with_one_number_of_questions(manager, city, count, django_assert_max_num_queries):
    for number in range(count):
        make_decision(city, body=f"请示 {number}")
    with django_assert_max_num_queries(12):
        text = manager.get(at("decisions")).content.decode()
    assert text.count("请示 ") == count


# --- the register --------------------------------------------------------------------------------------------------
def test_the_register_has_the_columns_of_a_register_of_rectification(manager, gap):
    make(gap, leader=gap.people["leader"], supporting_unit=gap.organisations["commission"])
    manager.cookies["beiji_language"] = "zh-hans"
    text = manager.get(at("register")).content.decode()
    for word in ("存在问题", "整改措施", "牵头单位", "配合单位", "责任领导", "整改期限", "销号依据"):
        assert word in text


def test_filters_are_in_the_address(manager, gap):
    make(gap)
    late = make(gap, "ginkgo", due=cast.TODAY - timedelta(days=400))
    with scope(city="yangzhou"):
        changes.start_action(action=late, by=gap.people["manager"], now=cast.NOW)

    def codes(query: str) -> set[str]:
        text = manager.get(at("register") + query).content.decode()
        return {code for code in ("A-001", "A-002") if code in text}

    assert codes("") == {"A-001", "A-002"}
    assert codes("?subject=egret") == {"A-001"}
    assert codes("?state=in-progress") == {"A-002"}
    assert codes("?owner=ginkgo&only=overdue") == {"A-002"}
    assert codes("?domain=TRI&subject=nowhere") == set()
    assert codes("?sort=-number&state=nonsense&page=99999999") == {"A-001", "A-002"}


def test_a_thousand_actions_come_in_pages(manager, gap, django_assert_max_num_queries):
    first = make(gap)
    with scope(city="yangzhou"):
        fields = {
            f.attname: getattr(first, f.attname) for f in Action._meta.concrete_fields if f.name not in ("id", "number")
        }
        Action.objects.bulk_create([Action(number=n, **fields) for n in range(2, 1001)])
    with django_assert_max_num_queries(17):
        answer = manager.get(at("register") + "?page=40&sort=number")
    text = answer.content.decode()
    assert "976 to 1000 of 1000" in text
    assert "A-1000" in text
    assert len(answer.content) < 100_000
    assert len(manager.get(at("board")).content) < 100_000


def test_withdrawn_actions_are_left_out_until_asked_for(manager, gap):
    action = make(gap)
    manager.post(at("withdrawal", action=action.pk), {"reason": "合并", "language": "zh-Hans"}, follow=True)
    assert "A-001" not in manager.get(at("register")).content.decode()
    assert "A-001" in manager.get(at("register") + "?state=withdrawn").content.decode()


# --- moving --------------------------------------------------------------------------------------------------------
def test_a_card_is_moved_and_the_move_is_said(manager, gap):
    action = make(gap)
    answer = manager.post(at("moves"), {"card": action.pk, "to": "in-progress"}, follow=True)
    assert "A-001 moved to: In progress." in answer.content.decode()
    with scope(city="yangzhou"):
        assert state(action) == "in-progress"


@pytest.mark.parametrize("to", ["closed", "reopened"])
def test_a_card_is_not_closed_by_hand(manager, gap, to):
    action = make(gap)
    text = manager.post(at("moves"), {"card": action.pk, "to": to}, follow=True).content.decode()
    assert "A-001 was not moved." in text
    assert "Only proof closes" in text or "Only evidence reopens" in text
    with scope(city="yangzhou"):
        assert state(action) == "planned"


@pytest.mark.parametrize("data", [{}, {"card": "x", "to": "closed"}, {"card": "0" * 32, "to": "somewhere"}])
def test_a_move_that_makes_no_sense_is_not_found(manager, gap, data):
    assert manager.post(at("moves"), data).status_code == 404


def test_the_page_of_an_action_tells_its_story(manager, gap):
    action = make(gap)
    manager.post(at("steps", action=action.pk), {"to": "awaiting-proof", "note": "流程已下发。", "language": "zh-Hans"})
    with scope(city="yangzhou"):
        rows = passes(gap)
    text = manager.get(at("action", action=action.pk)).content.decode()
    assert "Declared done" in text
    assert "流程已下发。" in text
    assert f"row {rows[-1].pk}" in text
    assert "Closed by evidence" in text
    assert "Declare done</button>" not in text


def test_a_step_that_is_not_understood_is_one_sentence(manager, gap):
    action = make(gap)
    answer = manager.post(at("steps", action=action.pk), {"to": "done"}, follow=True)
    assert "The step was not understood" in answer.content.decode()


# --- planning ------------------------------------------------------------------------------------------------------
def new_url(subject="egret", capability=CLEAR) -> str:
    return f"{at('new')}?subject={subject}&capability={capability}"


def plan_data(world, **changed):
    values = {
        "measure": "1", "language": "en", "lead_unit": world.organisations["egret"].pk, "due": "2027-01-15", "effort": "M",
        "cost_low": "20000", "cost_high": "30000", "price_year": "2026",
    }  # fmt: skip
    return {**values, **changed}


def test_an_action_is_planned_from_a_gap_with_the_packs_advice(manager, gap):
    page = manager.get(new_url()).content.decode()
    assert page.count('name="measure"') >= 2
    answer = manager.post(new_url(), plan_data(gap), follow=True)
    assert "A-001 is planned." in answer.content.decode()
    with scope(city="yangzhou"):
        action = Action.objects.get()
        assert (action.cost_low, action.cost_high) == (2_000_000, 3_000_000)
        assert action.text is None
        assert action.advice["he"]


def test_own_words_are_needed_where_they_were_chosen(manager, gap):
    answer = manager.post(new_url(), plan_data(gap, measure="own"))
    assert answer.status_code == 422
    assert "Say what is to be done." in answer.content.decode()
    manager.post(new_url(), plan_data(gap, measure="own", body="Two beds from each ward."))
    with scope(city="yangzhou"):
        assert Action.objects.get().text is not None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"cost_low": "9", "cost_high": "3"}, "lower cost is above"),
        ({"cost_high": ""}, "both ends"),
        ({"due": "next week"}, "is not a day"),
        ({"due": "26-12-01"}, "Write the year with four digits"),
        ({"due": "2126-12-01"}, "far from the programme"),
        ({"cost_high": "0,900"}, "can be read in two ways"),
        ({"cost_high": "99999999999"}, "is too large"),
        ({"lead_unit": ""}, "required"),
    ],
)
def test_bad_input_is_said_and_nothing_is_planned(manager, gap, changed, sentence):
    answer = manager.post(new_url(), plan_data(gap, **changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    with scope(city="yangzhou"):
        assert not Action.objects.exists()


def test_a_city_action_is_offered_once_for_a_shared_gap(manager, gap):
    text = manager.get(at("offers")).content.decode()
    assert "2 of 2 hospitals" in text
    with scope(city="yangzhou"):
        hospitals = [gap.subjects[code].pk for code in ("egret", "ginkgo")]
    manager.post(new_url("yangzhou"), plan_data(gap, concerns=hospitals))
    with scope(city="yangzhou"):
        assert Action.objects.get().concerns.count() == 2
    assert "2 of 2 hospitals" not in manager.get(at("offers")).content.decode()


def test_a_second_action_against_a_gap_is_warned_of_with_a_link(manager, gap):
    assert "open action" not in manager.get(new_url()).content.decode()
    first = make(gap)
    withdrawn = make(gap)
    with scope(city="yangzhou"):
        changes.withdraw_action(action=withdrawn, reason="twice", language="en", by=gap.people["manager"], now=cast.NOW)
    text = manager.get(new_url()).content.decode()
    assert "An open action against this gap exists already" in text
    assert f'href="{at("action", action=first.pk)}"' in text
    assert at("action", action=withdrawn.pk) not in text
    with scope(city="yangzhou"):
        planned(gap, "city", concerns=[gap.subjects["egret"], gap.subjects["ginkgo"]])
    assert "2 open actions against this gap exist already" in manager.get(new_url()).content.decode()


def test_what_nobody_lacks_cannot_be_planned(manager, gap):
    assert manager.get(new_url(capability="no-such-thing")).status_code == 404
    assert manager.get(new_url(subject="nowhere")).status_code == 404


def test_editing_keeps_the_advice_unless_the_words_are_changed(manager, gap):
    action = make(gap)
    page = manager.get(at("edit", action=action.pk)).content.decode()
    assert action.advice["en"][:20] in page
    data = plan_data(gap, body=action.advice["en"], version=1)
    del data["measure"]
    manager.post(at("edit", action=action.pk), data)
    with scope(city="yangzhou"):
        fresh = Action.objects.get()
        assert fresh.text is None
        assert fresh.due == date(2027, 1, 15)


# --- who may see what ----------------------------------------------------------------------------------------------
def test_a_coordinator_sees_and_moves_only_the_own_hospital(coordinator, gap):
    own, other = make(gap, "ginkgo"), make(gap, "egret")
    text = coordinator.get(at("register")).content.decode()
    assert own.code in text
    assert other.code not in text
    assert coordinator.get(at("action", action=other.pk)).status_code == 404
    assert coordinator.get(at("edit", action=other.pk)).status_code == 404
    assert coordinator.post(at("moves"), {"card": other.pk, "to": "in-progress"}).status_code == 404
    assert coordinator.post(at("steps", action=other.pk), {"to": "in-progress"}).status_code == 404
    assert coordinator.post(at("withdrawal", action=other.pk), {"reason": "x", "language": "en"}).status_code == 404
    assert coordinator.get(new_url("egret")).status_code == 404
    assert coordinator.get(at("decisions")).status_code == 404
    assert coordinator.get(at("finding-new")).status_code == 404
    with scope(city="yangzhou"):
        assert not Step.objects.exists()


def test_a_coordinator_reads_a_city_action_without_the_other_hospitals_standing(coordinator, gap):
    action = make(gap, "city", concerns=[gap.subjects["egret"], gap.subjects["ginkgo"]])
    text = coordinator.get(at("action", action=action.pk)).content.decode()
    assert "And 1 other hospital." in text
    assert "Egret" not in text
    assert "Declare done</button>" not in text
    assert coordinator.post(at("steps", action=action.pk), {"to": "awaiting-proof"}).status_code == 404


def test_a_lead_reads_but_does_not_plan_or_move(client, gap):
    action = make(gap, "ginkgo")
    client.login(username="dana-peretz", password=cast.PASSWORD)
    assert client.get(at("action", action=action.pk)).status_code == 200
    assert client.get(at("offers")).status_code == 404
    assert client.post(at("moves"), {"card": action.pk, "to": "in-progress"}).status_code == 404


@pytest.mark.parametrize("who", ["gao-yuan", "sun-yue", "stranger"])
@pytest.mark.parametrize(
    "page", ["register", "board", "offers", "findings", "decisions", "finding-new", "decision-new"]
)
def test_the_room_does_not_exist_for_those_without_business_in_it(client, city, who, page):
    client.login(username=who, password=cast.PASSWORD)
    is_open = (who, page) == ("gao-yuan", "decisions")  # a leader reads what he is asked
    assert client.get(at(page)).status_code == (200 if is_open else 404)


def test_a_finding_is_seen_by_those_who_may_see_all_its_hospitals(client, city):
    make_finding(city, ["ginkgo"], body="银杏的发现")
    make_finding(city, ["ginkgo", "egret"], body="两家的发现")
    make_finding(city, [], body="全市的发现")
    client.login(username="dana-peretz", password=cast.PASSWORD)
    text = client.get(at("findings")).content.decode()
    assert "银杏的发现" in text
    assert "两家的发现" not in text
    assert "全市的发现" not in text


def test_a_lead_changes_the_own_finding_and_not_anothers(client, city):
    own, other = make_finding(city, ["ginkgo"], by="lead"), make_finding(city, ["ginkgo"])
    client.login(username="dana-peretz", password=cast.PASSWORD)
    assert client.get(at("finding", finding=own.pk)).status_code == 200
    assert client.get(at("finding", finding=other.pk)).status_code == 404
    assert client.post(at("finding-end", finding=other.pk)).status_code == 404
    assert client.post(at("finding-end", finding=own.pk), follow=True).status_code == 200
    assert own.code not in client.get(at("findings")).content.decode()


# --- findings and decisions ----------------------------------------------------------------------------------------
def test_a_finding_is_typed_in_ones_own_language(manager, city):
    data = {"body": "בלילה אין צוות.", "language": "he", "found_on": "2026-10-01", "order": "1"}
    answer = manager.post(at("finding-new"), data, follow=True)
    text = re.sub(r"\s+", " ", answer.content.decode())
    assert 'lang="he" dir="rtl">בלילה אין צוות.' in text
    assert "original, not translated" in text
    assert manager.post(at("finding-new"), {**data, "body": " "}).status_code == 422
    assert manager.post(at("finding-new"), {**data, "found_on": "2099-01-01"}).status_code == 422


def test_a_decision_is_asked_ruled_and_kept(manager, city):
    data = {
        "body": "批准。", "language": "zh-Hans", "owner": city.organisations["government"].pk, "cost_class": "low",
        "asked_on": "2026-09-01", "due": "2026-12-01", "order": "1",
    }  # fmt: skip
    assert manager.post(at("decision-new"), {**data, "due": "2026-08-01"}).status_code == 422
    manager.post(at("decision-new"), data)
    with scope(city="yangzhou"):
        decision = Decision.objects.get()
    ruling = {
        "word": "taken",
        "decided_on": "2026-10-01",
        "decided_by": city.people["leader"].pk,
        "language": "en",
        "seen": 1,
    }
    refused = manager.post(at("rulings", decision=decision.pk), {**ruling, "decided_on": "2026-01-01"})
    assert refused.status_code == 422
    assert "before it was asked" in refused.content.decode()
    text = manager.post(at("rulings", decision=decision.pk), ruling, follow=True).content.decode()
    assert "Taken" in text
    answer = manager.post(at("decision-edit", decision=decision.pk), {**data, "body": "其他。"})
    assert answer.status_code == 422
    assert "have decided" in answer.content.decode()


def test_a_lead_asks_but_does_not_record_the_authorities_word(client, city):
    decision = make_decision(city)
    client.login(username="dana-peretz", password=cast.PASSWORD)
    assert client.get(at("decision", decision=decision.pk)).status_code == 200
    assert client.get(at("decision-edit", decision=decision.pk)).status_code == 404
    ruling = {"word": "taken", "decided_on": "2026-10-01", "decided_by": city.people["leader"].pk, "language": "en"}
    assert client.post(at("rulings", decision=decision.pk), ruling).status_code == 404


def test_the_source_of_a_cost_is_read_in_the_readers_language_until_somebody_types_another(manager, gap):
    words = {"en": "Quotation of 2 suppliers", "zh-Hans": "2家供应商报价", "he": "הצעות מחיר של 2 ספקים"}
    action = make(gap, cost_low=100, cost_high=200, cost_source=words["zh-Hans"], cost_source_words=words)
    page = at("action", action=action.pk)
    assert words["he"] in manager.get(page, headers={"accept-language": "he"}).content.decode()
    assert words["zh-Hans"] in manager.get(page, headers={"accept-language": "zh-hans"}).content.decode()
    with scope(city="yangzhou"):
        Action.objects.filter(pk=action.pk).update(cost_source="账单", cost_source_words={})
    assert "账单" in manager.get(page).content.decode()


def test_typing_another_source_of_the_cost_takes_the_packs_words_away(gap):
    words = {"en": "Quotation", "zh-Hans": "报价", "he": "הצעת מחיר"}
    action = make(gap, cost_low=100, cost_high=200, cost_source="报价", cost_source_words=words)
    with scope(city="yangzhou"):
        typed = draft(gap, cost_low=100, cost_high=200, cost_source="估价")
        changes.change_action(action=action, draft=typed, by=gap.people["manager"], now=cast.NOW)
        kept = Action.objects.get(pk=action.pk)
    assert (kept.cost_source, kept.cost_source_words) == ("估价", {})
