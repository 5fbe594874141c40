"""The recording rules let pass what the law allows and refuse each thing it forbids."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from beiji.readiness.rules.recording import check_row, rows_ended_by_reopening
from beiji.readiness.rules.rows import (
    ALWAYS,
    CapabilityFacts,
    Condition,
    EditionFacts,
    Evaluator,
    Kind,
    LedgerError,
    Method,
    Notice,
    PartKind,
    Proof,
    Row,
    Source,
    SubjectFacts,
    TreeNode,
    ValidityStep,
)
from tests.readiness.oracle_facts import CAPABILITY, FULL, HOSPITAL, at, day
from tests.readiness.oracle_histories import History, histories
from tests.readiness.oracle_rows import stands


@settings(max_examples=600 if FULL else 40, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories())
def test_every_legal_history_may_be_recorded(history: History) -> None:
    for n, row in enumerate(history.rows):
        before = history.rows[:n]
        ends = next((old for old in before if old.id == row.supersedes), None)
        reopening = row.withdrawal and ends is not None and not stands(ends, before, row.recorded_at)
        if row.subject == "stranger" or row.capability != CAPABILITY or reopening:
            continue
        by_ledger = row.method is Method.MISSED_DRILL and not row.withdrawal
        check_row(row, capability=history.capability, subject=history.subject, rows=before, by_ledger=by_ledger)


def facts(**different: object) -> CapabilityFacts:
    validity = (ValidityStep(date.min, ALWAYS, dict.fromkeys(Proof, 365)),)
    plain = {"kind": Kind.OBSERVED, "validity": validity}
    first = EditionFacts(1, date.min, ALWAYS, **{**plain, **different})
    return CapabilityFacts(
        CAPABILITY, (first, dataclasses.replace(first, number=2, from_day=day(6), recorded_at=at(5)))
    )


OURS = Row(1, HOSPITAL, CAPABILITY, 1, day(1), at(1), Method.SELF_RATING, Evaluator.SELF, level=2, office="ginkgo")
THEIRS = dataclasses.replace(
    OURS, id=2, method=Method.SPOT_CHECK, evaluator=Evaluator.CITY, office="commission", as_of=day(2), recorded_at=at(2)
)
MISS = dataclasses.replace(
    THEIRS, id=3, method=Method.MISSED_DRILL, level=None, shown=False, condition=Condition.DAY, as_of=day(3)
)
MISS = dataclasses.replace(MISS, recorded_at=at(4))
EXTERNAL = {"evaluator": Evaluator.EXTERNAL, "office": "ministry"}


def correction(old: Row, **different: object) -> Row:
    plain = {"id": 9, "recorded_at": at(8), "supersedes": old.id, "reason": "mistyped"}
    return dataclasses.replace(old, **{**plain, **different})


def withdrawal(old: Row, **different: object) -> Row:
    nothing = {"level": None, "value": None, "shown": None, "withdrawal": True}
    return correction(old, **{**nothing, **different})


ALLOWED = {
    "the office itself corrects": correction(OURS, level=1),
    "a higher evaluator corrects": correction(OURS, method=Method.SPOT_CHECK, evaluator=Evaluator.PEER, office="egret"),
    "the office itself withdraws": withdrawal(THEIRS),
    "a higher evaluator withdraws": withdrawal(THEIRS, **EXTERNAL),
    "only the notified office withdraws a miss": withdrawal(MISS),
}

REFUSED = {
    # "A row may be superseded or withdrawn only by the office that recorded it or by a higher evaluator"
    "another office of the same rank corrects": correction(THEIRS, office="centre"),
    "a lower evaluator corrects": correction(THEIRS, evaluator=Evaluator.PEER, office="egret"),
    "a lower evaluator withdraws": withdrawal(THEIRS, evaluator=Evaluator.PEER, office="egret"),
    # "a hospital's row never supersedes one from outside"
    "the hospital corrects one from outside": correction(
        THEIRS, method=Method.SELF_RATING, evaluator=Evaluator.SELF, office="ginkgo"
    ),
    # "with a reason"
    "a correction without reason": correction(OURS, reason=""),
    "a withdrawal without reason": withdrawal(OURS, reason=""),
    # "for the same subject, capability, edition and `as_of`"
    "a correction of another day": correction(OURS, as_of=day(2)),
    "a correction of another edition": correction(OURS, edition=2, as_of=day(7)),
    "a correction of another subject": correction(OURS, subject="egret"),
    "a correction of another capability": correction(OURS, capability="other"),
    # "from then on only that office can withdraw it"
    "a higher evaluator withdraws a miss": withdrawal(MISS, **EXTERNAL),
    # "(`as_of` ≤ `recorded_at`)"
    "a day to come": dataclasses.replace(OURS, id=9, as_of=day(2)),
    # "A row belongs to the edition in force on its `as_of`; any other is refused."
    "an edition not yet in force": dataclasses.replace(OURS, id=9, edition=2),
    "an edition no longer in force": dataclasses.replace(OURS, id=9, as_of=day(7), recorded_at=at(7)),
    # "carries exactly one of"
    "two outcomes": dataclasses.replace(OURS, id=9, shown=True),
    "no outcome": dataclasses.replace(OURS, id=9, level=None),
    "a level beyond the anchors": dataclasses.replace(OURS, id=9, level=3),
    # "a drill is never entered as a level"
    "a drill as a level": dataclasses.replace(OURS, id=9, method=Method.OWN_DRILL, notice=Notice.ANNOUNCED),
    # "checked on the spot from outside"
    "the hospital checks itself on the spot": dataclasses.replace(OURS, id=9, method=Method.SPOT_CHECK),
    # "a measured row names the one in which it happened"
    "a test in any condition": dataclasses.replace(
        THEIRS, id=9, method=Method.TIMED_TEST, level=None, shown=True, condition=Condition.ANY
    ),
    # "if none does, the ledger writes": nobody else
    "a miss typed by hand": dataclasses.replace(MISS, id=9),
}


@pytest.mark.parametrize("what", ALLOWED)
def test_what_the_law_allows_is_recorded(what: str) -> None:
    check_row(ALLOWED[what], capability=facts(), subject=SubjectFacts(HOSPITAL), rows=[OURS, THEIRS, MISS])


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_law_forbids_is_refused(what: str) -> None:
    with pytest.raises(LedgerError):
        check_row(REFUSED[what], capability=facts(), subject=SubjectFacts(HOSPITAL), rows=[OURS, THEIRS, MISS])


def test_a_row_on_the_wrong_node_is_refused() -> None:
    # "A row on a hospital for a capability that is kept per campus, or the reverse, is refused"
    east = TreeNode("east", PartKind.CAMPUS, HOSPITAL)
    on_campus = dataclasses.replace(OURS, subject="east")
    for row, kept, nodes in ((OURS, True, (east,)), (on_campus, False, (east,)), (on_campus, True, ())):
        with pytest.raises(LedgerError):
            check_row(row, capability=facts(per_campus=kept), subject=SubjectFacts(HOSPITAL, nodes), rows=[])
    # "a hospital without campuses is its own campus"
    check_row(OURS, capability=facts(per_campus=True), subject=SubjectFacts(HOSPITAL), rows=[])


def test_nothing_is_changed_in_a_row_that_no_longer_stands() -> None:
    # "and only while it stands"; "a withdrawal is final"
    corrected, ended = correction(OURS, id=7, recorded_at=at(3)), withdrawal(THEIRS, id=8, recorded_at=at(3))
    for again in (correction(OURS), withdrawal(OURS), correction(THEIRS), withdrawal(THEIRS), withdrawal(ended)):
        rows = [OURS, THEIRS, corrected, ended]
        with pytest.raises(LedgerError):
            check_row(again, capability=facts(), subject=SubjectFacts(HOSPITAL), rows=rows)


def test_reopening_a_visit_ends_its_rows_and_their_corrections_for_good() -> None:
    # "reopening ends them and what they were superseded by from the same visit, and ended rows never return"
    visit = Source("visit", "first")
    old = dataclasses.replace(THEIRS, source=visit)
    new = correction(old, id=7, recorded_at=at(3))
    other = dataclasses.replace(THEIRS, id=8, source=Source("visit", "second"))
    ended = {row.id for row in rows_ended_by_reopening([old, new, other, OURS], "first", at(4))}
    assert ended == {2, 7}
    ends = [withdrawal(row, id=20 + row.id, recorded_at=at(4) + timedelta(hours=1)) for row in (old, new)]
    history = [old, new, other, OURS, *ends]
    assert [row.id for row in history if stands(row, history, at(9))] == [8, 1]
