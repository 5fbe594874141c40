"""The room's decisions, in plain values."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from beiji.improve import rules
from beiji.improve.rules import ActionState, Refusal, StepKind
from beiji.readiness.rules import counting
from beiji.readiness.rules.rows import State
from tests.readiness.counted import held

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("step", "state"),
    [
        ("", "planned"),
        ("started", "in-progress"),
        ("put-back", "planned"),
        ("declared", "awaiting-proof"),
        ("closed", "closed"),
        ("reopened", "reopened"),
        ("withdrawn", "withdrawn"),
    ],
)
def test_the_newest_step_says_where_an_action_stands(step, state):
    assert rules.state_after(step).value == state


def test_no_hand_reaches_closed_or_reopened():
    for state in ActionState:
        assert rules.refusal_of_move(state, ActionState.CLOSED) is Refusal.ONLY_PROOF_CLOSES
        assert rules.refusal_of_move(state, ActionState.REOPENED) is Refusal.ONLY_PROOF_REOPENS
        assert not {ActionState.CLOSED, ActionState.REOPENED} & set(rules.moves_from(state))
    assert rules.moves_from(ActionState.CLOSED) == []
    assert rules.moves_from(ActionState.WITHDRAWN) == []


def test_every_subject_concerned_must_have_reached_what_is_wanted():
    for wanted, (one, two) in product((State.IN_PLACE, State.MET), product(State, State)):
        reached = one.goodness >= wanted.goodness and two.goodness >= wanted.goodness
        assert rules.is_proved([one, two], wanted) is reached
    assert rules.is_proved([], State.IN_PLACE) is False


@pytest.mark.parametrize(
    ("state", "standing", "disproved", "step"),
    [
        (ActionState.PLANNED, State.MET, False, StepKind.CLOSED),
        (ActionState.AWAITING_PROOF, State.MET, False, StepKind.CLOSED),
        (ActionState.CLOSED, State.MET, False, None),
        (ActionState.CLOSED, State.STALE, False, StepKind.REOPENED),
        (ActionState.CLOSED, State.UNKNOWN, False, StepKind.REOPENED),
        (ActionState.AWAITING_PROOF, State.BELOW, True, StepKind.REOPENED),
        (ActionState.AWAITING_PROOF, State.BELOW, False, None),
        (ActionState.IN_PROGRESS, State.BELOW, True, None),
        (ActionState.WITHDRAWN, State.MET, False, None),
    ],
)
def test_what_evidence_does(state, standing, disproved, step):
    assert rules.next_step(state, states=[standing], wanted=State.MET, disproved=disproved) is step


@pytest.mark.parametrize(
    ("due", "state", "late"),
    [
        (date(2026, 11, 23), ActionState.PLANNED, True),
        (date(2026, 11, 24), ActionState.PLANNED, False),
        (date(2026, 11, 23), ActionState.REOPENED, True),
        (date(2026, 11, 23), ActionState.AWAITING_PROOF, True),
        (date(2026, 11, 24), ActionState.AWAITING_PROOF, False),
        (date(2026, 11, 23), ActionState.WITHDRAWN, False),
        (date(2026, 11, 23), ActionState.CLOSED, False),
    ],
)
def test_late_is_what_is_not_proven_after_its_day(due, state, late):
    assert rules.is_overdue(due, DAY, state) is late


def test_due_soon_begins_today():
    assert rules.is_due_soon(DAY, DAY, ActionState.PLANNED)
    assert rules.is_due_soon(date(2026, 12, 8), DAY, ActionState.PLANNED)
    assert not rules.is_due_soon(date(2026, 12, 9), DAY, ActionState.PLANNED)


@pytest.mark.parametrize(("digit", "levels"), [(None, [0, 1, 2]), (0, [0, 1, 2]), (1, [1, 2]), (2, [2]), (3, [2])])
def test_advice_is_offered_from_the_level_that_stands(digit, levels):
    assert rules.advice_levels(digit) == levels


@pytest.mark.parametrize(
    ("lacking", "of", "is_shared"), [("ab", 5, True), ("ab", 6, False), ("a", 1, False), ("abc", 7, True)]
)
def test_a_gap_of_two_hospitals_in_five_is_shared_and_of_one_never(lacking, of, is_shared):
    gap = counting.shared_gap(
        held(hospital=code, state=State.BELOW if code in lacking else State.MET) for code in "abcdefg"[:of]
    )
    assert rules.is_for_the_city(gap) is is_shared


def test_the_due_date_offered_follows_the_effort():
    assert rules.proposed_due("XS", DAY) == date(2026, 12, 8)
    assert rules.proposed_due("?", DAY) == rules.proposed_due("M", DAY)


def test_the_last_ruling_counts():
    assert rules.decision_state([]) == "asked"
    assert rules.decision_state(["deferred", "taken"]) == "taken"
