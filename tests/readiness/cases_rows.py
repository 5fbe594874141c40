"""Named cases of the ledger: rows, correction, method and proof. Docstrings quote the law."""

from __future__ import annotations

from typing import Any

from beiji.readiness.rules.rows import Condition, Evaluator, Method, Notice, Proof, Source

from .law import (
    BY_DAY,
    HOSPITAL,
    case,
    checked,
    clear,
    day,
    document,
    drill,
    ended,
    observed,
    rated,
    row,
    said,
    series,
    stand,
    timed,
)

SELF, PEER, EXTERNAL = Evaluator.SELF, Evaluator.PEER, Evaluator.EXTERNAL
SCRIPTED, ANNOUNCED, UNANNOUNCED = Notice.SCRIPTED, Notice.ANNOUNCED, Notice.UNANNOUNCED


def proof(law: Any, found: Any, passed: bool, capability: Any = None) -> Proof:
    result: Proof = law.proof_of(found, (capability or observed()).editions[0], passed)
    return result


# ------------------------------------------------------------------ method → proof


@case
def own_word_paper_and_interview_are_stated(law: Any) -> None:
    """self-rating, interview, uploaded document, approved plan, album of a drill: stated"""
    for method in (Method.SELF_RATING, Method.DOCUMENT, Method.PLAN, Method.ALBUM):
        assert proof(law, row(1, 0, method, level=2), True) is Proof.STATED
    assert proof(law, row(1, 0, Method.INTERVIEW, EXTERNAL, level=2), True) is Proof.STATED


@case
def what_is_not_confirmed_from_outside_is_stated(law: Any) -> None:
    """the hospital's own drill, event or routine times not confirmed from outside: stated"""
    assert proof(law, drill(1, 9, UNANNOUNCED, True, SELF, own=True, notified_at=day(0)), True) is Proof.STATED
    assert proof(law, row(1, 0, Method.REAL_EVENT, shown=True), True) is Proof.STATED
    assert proof(law, row(1, 0, Method.ROUTINE_SERIES, shown=True), True) is Proof.STATED


@case
def own_scripted_drill_that_passed_is_stated_even_if_confirmed(law: Any) -> None:
    """own scripted drill that passed, even if confirmed: stated"""
    assert proof(law, drill(1, 0, SCRIPTED, True, EXTERNAL, own=True), True) is Proof.STATED


@case
def own_scripted_drill_that_failed_is_seen_once_confirmed(law: Any) -> None:
    """own scripted drill that failed, confirmed: seen"""
    assert proof(law, drill(1, 0, SCRIPTED, False, EXTERNAL, own=True), False) is Proof.SEEN


@case
def spot_check_is_seen(law: Any) -> None:
    """checked on the spot from outside: seen"""
    assert proof(law, checked(1, 0, 2), True) is Proof.SEEN


@case
def scripted_drill_before_outsider_passed_is_seen(law: Any) -> None:
    """scripted drill passed before an outside evaluator: seen"""
    assert proof(law, drill(1, 0, SCRIPTED, True, EXTERNAL, own=False), True) is Proof.SEEN


@case
def any_drill_before_outsider_failed_is_exercised(law: Any) -> None:
    """any drill before an outside evaluator that failed: exercised"""
    for notice in Notice:
        assert proof(law, drill(1, 0, notice, False, PEER, own=False), False) is Proof.EXERCISED


@case
def unscripted_drill_before_outsider_is_exercised(law: Any) -> None:
    """unscripted drill before an outside evaluator: exercised; announced counts as unscripted"""
    for notice in (ANNOUNCED, UNANNOUNCED):
        assert proof(law, drill(1, 0, notice, True, EXTERNAL, own=False), True) is Proof.EXERCISED


@case
def own_unscripted_drill_confirmed_afterwards_is_seen(law: Any) -> None:
    """own unscripted drill whose raw record is confirmed from outside afterwards: seen"""
    for passed in (True, False):
        assert proof(law, drill(1, 0, UNANNOUNCED, passed, EXTERNAL, own=True), passed) is Proof.SEEN


@case
def own_unscripted_drill_notified_beforehand_is_exercised(law: Any) -> None:
    """own unscripted drill notified to one beforehand and its raw record confirmed: exercised"""
    for passed in (True, False):
        found = drill(1, 9, UNANNOUNCED, passed, EXTERNAL, own=True, notified_at=day(8))
        assert proof(law, found, passed) is Proof.EXERCISED


@case
def a_drill_notified_on_its_own_day_was_not_notified_beforehand(law: Any) -> None:
    """A drill is notified to an office outside on an earlier day"""
    assert proof(law, drill(1, 9, UNANNOUNCED, True, EXTERNAL, own=True, notified_at=day(9)), True) is Proof.SEEN


@case
def timed_test_is_exercised(law: Any) -> None:
    """timed test during a visit: exercised"""
    assert proof(law, timed(1, 0, 14), True, clear()) is Proof.EXERCISED


@case
def missed_notified_drill_is_exercised(law: Any) -> None:
    """a notified drill neither called off before it began nor handed in within 30 days (a miss): exercised"""
    missed = row(1, 0, Method.MISSED_DRILL, shown=False)
    assert proof(law, missed, False, clear(min_sample=5)) is Proof.EXERCISED


@case
def real_event_and_series_confirmed_are_performed(law: Any) -> None:
    """real event, or the whole series of routine trauma-team times, confirmed from outside: performed"""
    assert proof(law, row(1, 0, Method.REAL_EVENT, PEER, shown=True), True) is Proof.PERFORMED
    assert proof(law, series(1, 0, 9, 14), True, clear()) is Proof.PERFORMED


@case
def measurement_below_minimum_sample_is_seen(law: Any) -> None:
    """measurement below the minimum sample: seen"""
    small = clear(min_sample=5)
    assert proof(law, timed(1, 0, 14, sample=4), True, small) is Proof.SEEN
    assert proof(law, timed(1, 0, 14, sample=5), True, small) is Proof.EXERCISED


@case
def failed_drill_before_outsider_stays_exercised_with_a_small_sample(law: Any) -> None:
    """**any** drill before an outside evaluator that failed: exercised"""
    assert (
        proof(law, drill(1, 0, UNANNOUNCED, False, PEER, own=False), False, observed(min_sample=5)) is Proof.EXERCISED
    )
    assert proof(law, drill(1, 0, UNANNOUNCED, True, PEER, own=False), True, observed(min_sample=5)) is Proof.SEEN


@case
def a_level_is_at_most_seen(law: Any) -> None:
    """level (0, 1 or 2: a claim by the anchors of an indicator; its proof is at most seen)"""
    assert proof(law, row(1, 0, Method.TIMED_TEST, level=2), True, clear()) is Proof.SEEN
    assert proof(law, row(1, 0, Method.REAL_EVENT, EXTERNAL, level=2), True, clear()) is Proof.SEEN


@case
def any_row_from_outside_but_an_interview_is_seen_of_a_document(law: Any) -> None:
    """document: seen from outside (any row from outside but an interview counts as seen here)"""
    paper = document()
    assert proof(law, row(1, 0, Method.DOCUMENT, PEER, shown=True), True, paper) is Proof.SEEN
    assert proof(law, row(1, 0, Method.TIMED_TEST, EXTERNAL, shown=True), True, paper) is Proof.SEEN
    assert proof(law, row(1, 0, Method.INTERVIEW, EXTERNAL, shown=True), True, paper) is Proof.STATED
    assert proof(law, row(1, 0, Method.DOCUMENT, SELF, shown=True), True, paper) is Proof.STATED


# ------------------------------------------------------------------ what stands


@case
def rows_not_yet_recorded_are_not_known(law: Any) -> None:
    """Rows: as_of ≤ d, recorded_at ≤ k"""
    late = timed(1, 10, 14, recorded_at=row(9, 20, Method.SELF_RATING).recorded_at)
    assert said(stand(law, [late], on=15)) == "unknown"
    assert said(stand(law, [late], on=15, known=20)) == "met 3 exercised"
    assert said(stand(law, [late], on=9, known=20)) == "unknown"


@case
def a_superseded_row_does_not_count(law: Any) -> None:
    """neither superseded nor withdrawn as known on k"""
    typo, mended = timed(1, 10, 41), timed(2, 10, 14, supersedes=1, recorded_at=row(9, 12, Method.PLAN).recorded_at)
    assert said(stand(law, [typo, mended], on=11)) == "below 1 exercised"
    assert said(stand(law, [typo, mended], on=12)) == "met 3 exercised"


@case
def when_the_superseding_row_is_withdrawn_the_first_returns(law: Any) -> None:
    """if a superseding row is itself withdrawn, the first returns"""
    first, second = timed(1, 10, 14), timed(2, 10, 41, supersedes=1)
    rows = [first, second, ended(3, 12, second)]
    assert said(stand(law, rows, on=11)) == "below 1 exercised"
    assert said(stand(law, rows, on=12)) == "met 3 exercised"


@case
def a_withdrawn_row_leaves_no_trace(law: Any) -> None:
    """a withdrawn row leaves no trace"""
    mistake = timed(1, 10, 70)
    rows = [timed(3, 5, 14), mistake, ended(2, 12, mistake)]
    assert stand(law, rows, on=14) == stand(law, rows[:1], on=14)


@case
def reopening_a_visit_ends_also_what_was_superseded(law: Any) -> None:
    """reopening ends them and what they were superseded by from the same visit, and ended rows never return"""
    visit = {"source": Source("visit", "v1")}
    first, second = timed(1, 10, 14, **visit), timed(2, 10, 13, supersedes=1, **visit)
    other = timed(3, 10, 70)
    found = law.rows_ended_by_reopening([first, second, other], "v1", ended(9, 20, first).recorded_at)
    assert [r.id for r in found] == [1, 2]
    rows = [first, second, *(ended(10 + r.id, 20, r) for r in found)]
    assert said(stand(law, rows, on=21)) == "unknown"


@case
def a_row_may_be_superseded_in_place_and_condition(law: Any) -> None:
    """for the same subject, capability, edition and as_of"""
    wrong = timed(1, 10, 14, **BY_DAY)
    right = timed(2, 10, 14, supersedes=1, condition=Condition.NIGHT)
    law.check_row(right, capability=clear(), subject=HOSPITAL, rows=[wrong])


@case
def stands_tells_of_one_row(law: Any) -> None:
    """neither superseded nor withdrawn"""
    first, second = timed(1, 10, 14), timed(2, 10, 41, supersedes=1)
    assert not law.stands(first, [first, second], second.recorded_at)
    assert law.stands(second, [first, second], second.recorded_at)
    assert law.stands(rated(5, 1, 2), [rated(5, 1, 2)], second.recorded_at)
