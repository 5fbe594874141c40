"""Planning and changing: what is frozen, what is refused with one sentence, what the person's words become."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from beiji.documents import access as documents
from beiji.documents.changes import TextError
from beiji.improve import changes
from beiji.improve.models import Action, Finding, Step
from beiji.readiness.models import Capability, Indicator
from beiji.readiness.rules.rows import State
from tests import cast

from .conftest import CLEAR, draft, fails, passes, planned, state


@pytest.fixture
def gap(at_work):
    fails(at_work)
    return at_work


def test_the_packs_words_are_frozen_in_three_languages(gap):
    action = planned(gap)
    indicator = Indicator.objects.get(capability__code=CLEAR)
    assert action.text is None
    texts = indicator.texts_for("large")
    assert action.advice == texts["advice"]["1"]
    assert set(action.advice) == {"en", "zh-Hans", "he"}
    assert action.proof == texts["proven_by"]
    assert action.indicator == indicator.code
    assert action.domain == indicator.domain.code
    assert action.wanted == "met"
    assert action.code == "A-001"


def test_own_words_keep_their_language_and_wait_for_translation(gap):
    action = planned(gap, body="每周五夜间拉动一次。", language="zh-Hans", advice_level=None)
    words = documents.words_of(action.text, "he")
    assert (words.body, words.language, words.untranslated) == ("每周五夜间拉动一次。", "zh-Hans", True)


def test_numbers_count_up(gap):
    assert [planned(gap).number for _ in range(3)] == [1, 2, 3]


def test_nothing_is_planned_where_the_evidence_already_shows_it(gap):
    passes(gap)
    with pytest.raises(changes.ImproveError, match="nothing to close"):
        planned(gap)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"cost_low": 5, "cost_high": 3}, "lower cost is above"),
        ({"cost_low": 5}, "both ends"),
        ({"capability": "no-such-thing"}, "no capability no-such-thing"),
        ({"advice_level": None}, "Say what is to be done"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(gap, changed, sentence):
    with pytest.raises(changes.ImproveError, match=sentence):
        planned(gap, **changed)
    assert not Action.objects.exists()


def test_words_that_cannot_be_kept_leave_nothing(gap):
    with pytest.raises(TextError):
        planned(gap, body="x", language="fr")
    assert not Action.objects.exists()


def test_an_action_may_want_more_than_the_law_but_never_less(gap):
    assert planned(gap, wanted=State.IN_PLACE).wanted == "met"


def test_changing_an_action_names_what_changed(gap):
    action = planned(gap)
    changed = changes.change_action(
        action=action, draft=draft(gap, due=cast.TODAY + timedelta(days=60), responsible=gap.people["coordinator_other"]),
        by=gap.people["manager"], now=cast.NOW,
    )  # fmt: skip
    assert sorted(changed) == ["due", "responsible"]


def test_advice_left_as_it_is_needs_no_translation_and_edited_advice_does(gap):
    action = planned(gap)
    who = gap.people["manager"]
    same = draft(gap, body=action.advice["en"], language="en")
    assert changes.change_action(action=action, draft=same, by=who, now=cast.NOW) == []
    other = draft(gap, body="Ask every ward for two beds.", language="en")
    assert changes.change_action(action=action, draft=other, by=who, now=cast.NOW) == ["text"]
    assert documents.words_of(Action.objects.get().text, "en").body == "Ask every ward for two beds."


def test_a_declaration_may_say_what_was_done(gap):
    action = planned(gap)
    changes.declare_done(
        action=action, by=gap.people["coordinator_other"], now=cast.NOW, note="新流程已下发。", language="zh-Hans"
    )
    step = Step.objects.get(action=action)
    assert documents.words_of(step.note, "zh-Hans").body == "新流程已下发。"
    with pytest.raises(changes.ImproveError, match="stands there already"):
        changes.declare_done(action=action, by=gap.people["coordinator_other"], now=cast.NOW)
    changes.put_back(action=action, by=gap.people["coordinator_other"], now=cast.NOW)
    assert state(action) == "planned"


def test_findings_are_kept_changed_and_taken_back(at_work):
    lead = at_work.people["lead"]
    finding = changes.write_finding(
        city=at_work.city, body="הצוות לא הוזעק בלילה.", language="he", found_on=date(2026, 10, 2), by=lead,
        now=cast.NOW, subjects=[at_work.subjects["ginkgo"]], indicators=["ACT-5"], order=1,
    )  # fmt: skip
    assert finding.code == "F-01"
    changes.change_finding(
        finding=finding,
        body="הצוות הוזעק באיחור.",
        language="he",
        found_on=date(2026, 10, 2),
        by=lead,
        now=cast.NOW,
        order=2,
    )
    fresh = Finding.objects.get()
    assert (fresh.order, fresh.subjects.count()) == (2, 0)
    assert documents.words_of(fresh.text, "he").body == "הצוות הוזעק באיחור."
    changes.end_finding(finding=finding, by=lead, now=cast.NOW)
    with pytest.raises(changes.ImproveError, match="taken back already"):
        changes.end_finding(finding=finding, by=lead, now=cast.NOW)
    with pytest.raises(changes.ImproveError, match="after today"):
        changes.write_finding(
            city=at_work.city, body="x", language="en", found_on=date(2027, 1, 1), by=lead, now=cast.NOW
        )


def asked(world, **changed):
    values = {
        "body": "批准夜间统一召回。", "language": "zh-Hans", "owner": world.organisations["government"],
        "cost_class": "low", "asked_on": date(2026, 9, 1), "due": date(2026, 12, 1),
    }  # fmt: skip
    return changes.ask_decision(city=world.city, by=world.people["manager"], now=cast.NOW, **{**values, **changed})


def ruled(world, decision, word="taken", day=date(2026, 10, 1), **more):
    return changes.record_ruling(
        decision=decision, word=word, decided_on=day, decided_by=world.people["leader"].pk,
        by=world.people["manager"], now=cast.NOW, **more,
    )  # fmt: skip


def test_what_the_authorities_took_is_not_reworded(at_work):
    decision = asked(at_work)
    ruled(at_work, decision, "deferred", note="לדיון בינואר", language="he")
    keep = {
        "language": "zh-Hans", "owner": decision.owner, "cost_class": "middle", "asked_on": decision.asked_on,
        "due": decision.due, "by": at_work.people["manager"], "now": cast.NOW,
    }  # fmt: skip
    changes.change_decision(decision=decision, body="批准夜间统一召回,并列入预算。", **keep)
    ruled(at_work, decision, "taken", date(2026, 11, 1))
    with pytest.raises(changes.ImproveError, match="have decided"):
        changes.change_decision(decision=decision, body="别的", **keep)


@pytest.mark.parametrize(
    ("word", "day", "sentence"),
    [
        ("taken", date(2026, 8, 1), "before it was asked"),
        ("taken", date(2027, 8, 1), "after today"),
        ("liked", date(2026, 10, 1), "taken, deferred or refused"),
    ],
)
def test_a_ruling_in_the_wrong_order_is_refused(at_work, word, day, sentence):
    decision = asked(at_work)
    with pytest.raises(changes.ImproveError, match=sentence):
        ruled(at_work, decision, word, day)


def test_a_decision_due_before_it_is_asked_is_refused(at_work):
    with pytest.raises(changes.ImproveError, match="days in order"):
        asked(at_work, due=date(2026, 8, 1))


def test_an_item_that_need_only_be_in_place_is_closed_by_what_is_seen(gap):
    loose = (
        Indicator.objects.filter(core=False, feeds_engine=False, domain__code="PLN").exclude(crit="must-pass").first()
    )
    who = gap.people["manager"]
    said = draft(gap, capability=loose.capability.code, advice_level=0)
    action = changes.plan_action(city=gap.city, draft=said, by=who, now=cast.NOW)
    assert action.wanted == "in-place"
    assert action.proof == loose.texts_for("large")["anchors"]["2"]
    more = draft(gap, capability=loose.capability.code, wanted=State.MET)
    assert changes.change_action(action=action, draft=more, by=who, now=cast.NOW) == ["wanted", "proof"]
    assert Action.objects.get().proof == loose.texts_for("large")["proven_by"]


def test_a_capability_that_no_question_reads_says_how_it_is_measured(gap):
    read = Indicator.objects.values("capability")
    alone = Capability.objects.exclude(pk__in=read).first()
    said = draft(gap, capability=alone.code, advice_level=None, body="Build one call-in platform.", language="en")
    action = changes.plan_action(city=gap.city, draft=said, by=gap.people["manager"], now=cast.NOW)
    assert action.titles == alone.titles
    assert action.proof == alone.editions.get().measure
    assert action.wanted == "met"
