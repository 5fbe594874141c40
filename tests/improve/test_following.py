"""Only evidence closes and reopens, in the transaction in which it is recorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from beiji.improve import changes
from beiji.improve.models import Step
from beiji.improve.rules import ActionState
from beiji.readiness import changes as ledger
from beiji.readiness.models import Evidence
from beiji.readiness.rules.rows import Condition, Evaluator
from beiji.records.models import AuditLine, Event
from tests import cast

from .conftest import CLEAR, fails, passes, planned, record, state, timed


@pytest.fixture
def action(at_work):
    fails(at_work)
    return planned(at_work)


def declared(world, action):
    changes.start_action(action=action, by=world.people["coordinator_other"], now=cast.NOW)
    changes.declare_done(action=action, by=world.people["coordinator_other"], now=cast.NOW)
    return action


def test_an_action_goes_from_plan_to_proof_and_evidence_closes_it(at_work, action):
    assert state(action) == "planned"
    declared(at_work, action)
    assert state(action) == "awaiting-proof"
    rows = passes(at_work)
    assert state(action) == "closed"
    closing = Step.objects.get(action=action, kind="closed")
    assert closing.evidence_id == rows[-1].pk
    assert closing.at == cast.NOW


def test_half_of_the_proof_does_not_close(at_work, action):
    declared(at_work, action)
    record(at_work, [timed("egret", 10, date(2026, 11, 1), Condition.DAY)])
    assert state(action) == "awaiting-proof"


def test_a_failing_drill_reopens_a_closed_action(at_work, action):
    declared(at_work, action)
    passes(at_work)
    failing = fails(at_work, day=date(2026, 11, 20))
    assert state(action) == "reopened"
    assert Step.objects.get(action=action, kind="reopened").evidence_id in {row.pk for row in failing}


def test_evidence_against_a_declaration_brings_the_action_back(at_work, action):
    declared(at_work, action)
    fails(at_work, day=date(2026, 11, 20))
    assert state(action) == "reopened"


def test_a_planned_action_stays_planned_when_the_gap_is_seen_again(at_work, action):
    fails(at_work, day=date(2026, 11, 20))
    assert state(action) == "planned"


def test_rolling_the_evidence_back_takes_the_closure_with_it(at_work, action):
    declared(at_work, action)
    before = Evidence.objects.count()

    def until_the_power_went() -> None:
        with transaction.atomic():
            passes(at_work)
            assert state(action) == "closed"
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        until_the_power_went()
    assert state(action) == "awaiting-proof"
    assert Evidence.objects.count() == before
    assert not AuditLine.objects.filter(kind="improve.action-closed").exists()


def test_withdrawn_evidence_reopens(at_work, action):
    rows = passes(at_work)
    assert state(action) == "closed"
    ledger.withdraw_evidence(
        evidence=rows[0],
        evaluator=Evaluator.EXTERNAL,
        reason="stop watch was wrong",
        by=None,
        office="integrator",
        now=cast.NOW,
    )
    assert state(action) == "reopened"


def test_lapsed_proof_reopens_in_the_nightly_pass(at_work, action):
    passes(at_work)
    later = cast.NOW + timedelta(days=1500)
    ledger.refresh_expired(city=at_work.city, now=later)
    assert state(action) == "reopened"
    step = Step.objects.get(action=action, kind="reopened")
    assert step.at == later
    assert step.by is None


def test_a_city_action_closes_only_when_every_hospital_has_proved_it(at_work):
    fails(at_work)
    fails(at_work, "ginkgo-east")
    record(at_work, [timed("ginkgo-west", 10, date(2026, 10, 1), c) for c in (Condition.DAY, Condition.NIGHT)])
    subjects = at_work.subjects
    action = planned(at_work, "city", concerns=[subjects["egret"], subjects["ginkgo"]])
    passes(at_work)
    assert state(action) == "planned"
    passes(at_work, "ginkgo-east")
    assert state(action) == "closed"
    fails(at_work, day=date(2026, 11, 10))
    assert state(action) == "reopened"


def test_the_database_itself_refuses_a_closure_without_evidence(at_work, action):
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(city=at_work.city, action=action, kind="closed", at=cast.NOW)


@pytest.mark.parametrize(
    ("to", "sentence"), [(ActionState.CLOSED, "Only proof closes"), (ActionState.REOPENED, "Only evidence reopens")]
)
def test_nobody_closes_or_reopens_by_hand(at_work, action, to, sentence):
    with pytest.raises(changes.ImproveError, match=sentence):
        changes.move_by_hand(action=action, to=to, by=at_work.people["manager"], now=cast.NOW)
    assert state(action) == "planned"


def test_a_closed_action_is_not_moved_or_withdrawn_by_hand(at_work, action):
    passes(at_work)
    with pytest.raises(changes.ImproveError, match="closed by evidence"):
        changes.start_action(action=action, by=at_work.people["manager"], now=cast.NOW)
    with pytest.raises(changes.ImproveError, match="nothing to withdraw"):
        changes.withdraw_action(
            action=action, reason="no need", language="en", by=at_work.people["manager"], now=cast.NOW
        )


def test_a_withdrawn_action_is_left_alone_by_evidence(at_work, action):
    who = at_work.people["manager"]
    changes.withdraw_action(action=action, reason="合并到全市任务", language="zh-Hans", by=who, now=cast.NOW)
    passes(at_work)
    assert state(action) == "withdrawn"
    with pytest.raises(changes.ImproveError, match="withdrawn already"):
        changes.withdraw_action(action=action, reason="again", language="en", by=who, now=cast.NOW)
    with pytest.raises(changes.ImproveError, match="plan a new one"):
        changes.start_action(action=action, by=who, now=cast.NOW)


def test_moves_leave_audit_lines_and_events(at_work, action):
    declared(at_work, action)
    passes(at_work)
    kinds = [line.kind for line in AuditLine.objects.filter(kind__startswith="improve.").order_by("id")]
    assert kinds == [
        "improve.action-planned",
        "improve.action-started",
        "improve.action-declared",
        "improve.action-closed",
    ]
    assert [e.data["step"] for e in Event.objects.filter(kind="improve.action").order_by("id")][-1] == "closed"


def test_the_listener_asks_the_same_number_of_questions_for_one_action_and_for_three(
    at_work, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for day in (date(2026, 11, 2), date(2026, 11, 4)):
        fails(at_work, day=day)
        for _ in range(1 if not counts else 2):
            planned(at_work)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            fails(at_work, day=day + timedelta(days=1))
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_evidence_about_something_else_moves_nothing(at_work, action):
    assert action.capability.code == CLEAR
    passes(at_work, "ginkgo-east")
    assert state(action) == "planned"
