"""Named cases of the ledger: what may be recorded, superseded, withdrawn; missed drills; gaps."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from typing import Any

import pytest

from beiji.readiness.rules.rows import (
    Better,
    Condition,
    Evaluator,
    LedgerError,
    Method,
    Notice,
    NotifiedDrill,
    PartKind,
    State,
    SubjectFacts,
    TreeNode,
)

from .law import (
    BY_DAY,
    HOSPITAL,
    at,
    case,
    checked,
    clear,
    day,
    document,
    drill,
    edition,
    end,
    ended,
    observed,
    rated,
    replace,
    row,
    series,
    target,
    timed,
)

SELF, PEER, CITY, EXTERNAL = Evaluator
TWO = SubjectFacts("ginkgo", (TreeNode("east", PartKind.CAMPUS, "ginkgo"), TreeNode("west", PartKind.CAMPUS, "ginkgo")))


def refused(law: Any, found: Any, capability: Any = None, subject: Any = HOSPITAL, rows: Any = (), **facts: Any) -> str:
    """The code with which a row is refused."""
    with pytest.raises(LedgerError) as refusal:
        law.check_row(found, capability=capability or clear(), subject=subject, rows=list(rows), **facts)
    assert str(refusal.value).endswith(".")
    assert "{" not in str(refusal.value)
    return refusal.value.code


def taken(law: Any, found: Any, capability: Any = None, subject: Any = HOSPITAL, rows: Any = (), **facts: Any) -> None:
    law.check_row(found, capability=capability or clear(), subject=subject, rows=list(rows), **facts)


@case
def a_row_says_exactly_one_thing(law: Any) -> None:
    """carries exactly one of level · value · shown · nothing (a withdrawal)"""
    assert refused(law, row(1, 0, Method.SPOT_CHECK)) == "one-word"
    assert refused(law, checked(1, 0, 2, value=3)) == "one-word"
    assert refused(law, row(1, 0, Method.SPOT_CHECK, withdrawal=True)) == "withdraws-nothing"
    taken(law, checked(1, 0, 2))


@case
def a_level_is_0_1_or_2(law: Any) -> None:
    """level (0, 1 or 2: a claim …); level 3 is computed"""
    assert refused(law, checked(1, 0, 3)) == "level"


@case
def a_row_is_not_about_tomorrow(law: Any) -> None:
    """as_of ≤ recorded_at"""
    assert refused(law, checked(1, 5, 2, recorded_at=at(4))) == "future"


@case
def a_row_belongs_to_the_edition_of_its_day(law: Any) -> None:
    """A row belongs to the edition in force on its as_of; any other is refused"""
    two = clear(edition(1), edition(2, start=50))
    assert refused(law, checked(1, 50, 2), two) == "edition"
    assert refused(law, checked(1, 49, 2, edition=2, recorded_at=at(60)), two) == "edition"
    taken(law, checked(1, 49, 2, recorded_at=at(60)), two)


@case
def a_drill_is_never_a_level(law: Any) -> None:
    """a drill is never entered as a level"""
    assert refused(law, row(1, 0, Method.WITNESSED_DRILL, level=2, notice=Notice.ANNOUNCED, **BY_DAY)) == "drill-level"


@case
def a_measured_row_of_a_quantity_carries_a_value(law: Any) -> None:
    """a measured row of a quantity carries one; shown (for a quantity only in the case below)"""
    assert refused(law, row(1, 0, Method.TIMED_TEST, shown=True, **BY_DAY)) == "shown-kind"
    assert refused(law, row(1, 0, Method.TIMED_TEST, value=3, **BY_DAY), observed()) == "value-kind"
    missed = row(1, 0, Method.MISSED_DRILL, shown=False, **BY_DAY)
    taken(law, missed, by_ledger=True)
    assert refused(law, missed) == "missed-by-hand"


@case
def a_measured_row_names_its_condition(law: Any) -> None:
    """a measured row names the one in which it happened"""
    assert refused(law, timed(1, 0, 14)) == "condition"
    taken(law, timed(1, 0, 14, **BY_DAY))
    taken(law, checked(1, 0, 2))


@case
def a_value_names_a_minute_of_the_timetable(law: Any) -> None:
    """with at_min each minute is judged apart"""
    teams = clear(better=Better.HIGHER, targets=(target({0: 2, 30: 6}),))
    assert refused(law, timed(1, 0, 3, **BY_DAY), teams) == "minute"
    assert refused(law, timed(1, 0, 3, at_min=45, **BY_DAY), teams) == "minute"
    assert refused(law, timed(1, 0, 3, at_min=30, **BY_DAY)) == "no-minute"
    assert refused(law, checked(1, 0, 2, at_min=30), teams) == "minute-of-level"
    assert refused(law, row(1, 0, Method.SPOT_CHECK, shown=True, at_min=0), observed()) == "minute-of-shown"
    taken(law, timed(1, 0, 3, at_min=30, **BY_DAY), teams)


@case
def what_needs_an_outsider_is_not_done_alone(law: Any) -> None:
    """checked on the spot from outside; timed test during a visit; drill before an outside evaluator"""
    for method in (Method.SPOT_CHECK, Method.TIMED_TEST, Method.WITNESSED_DRILL):
        assert refused(law, row(1, 0, method, SELF, level=2)) == "outside-only"


@case
def a_drill_says_how_much_was_known(law: Any) -> None:
    """notice (scripted, announced, unannounced)"""
    assert refused(law, row(1, 0, Method.WITNESSED_DRILL, value=14, **BY_DAY)) == "notice"


@case
def no_drill_can_show_a_document(law: Any) -> None:
    """document: what no drill can show"""
    assert refused(law, drill(1, 0, Notice.ANNOUNCED, True, PEER, own=False, **BY_DAY), document()) == "document-drill"


@case
def a_confirmation_supersedes_the_hospitals_row(law: Any) -> None:
    """Confirmation is a row of the confirming evaluator that supersedes the hospital's"""
    own = drill(1, 0, Notice.ANNOUNCED, True, SELF, own=True, **BY_DAY)
    alone = drill(2, 0, Notice.ANNOUNCED, True, CITY, own=True, **BY_DAY)
    assert refused(law, alone, observed()) == "confirms-nothing"
    taken(law, replace(alone, supersedes=1, reason="raw record seen"), observed(), rows=[own])


@case
def a_series_has_two_days_and_a_percentile(law: Any) -> None:
    """the whole series of routine trauma-team times between two dates; judged by the percentile that it names"""
    named = clear(percentile=90)
    assert refused(law, series(1, 0, 9, 14, **BY_DAY)) == "series"
    assert refused(law, series(1, 10, 9, 14, **BY_DAY), named) == "series-days"
    taken(law, series(1, 0, 9, 14, **BY_DAY), named)
    times = [Fraction(n) for n in range(1, 11)]
    assert law.percentile_of(times, 90) == 9
    assert law.percentile_of(times, 91) == 10


@case
def numbers_make_sense(law: Any) -> None:
    """value (number in the capability's unit); sample"""
    assert refused(law, timed(1, 0, -1, **BY_DAY)) == "value"
    assert refused(law, timed(1, 0, 1, sample=0, **BY_DAY)) == "sample"
    with pytest.raises(LedgerError):
        law.percentile_of([], 90)


@case
def a_row_stands_where_its_capability_is_kept(law: Any) -> None:
    """A row on a hospital for a capability that is kept per campus, or the reverse, is refused"""
    per_campus = clear(per_campus=True)
    assert refused(law, checked(1, 0, 2), per_campus, TWO) == "per-campus"
    assert refused(law, checked(1, 0, 2, subject="east"), clear(), TWO) == "whole"
    taken(law, checked(1, 0, 2, subject="east"), per_campus, TWO)
    taken(law, checked(1, 0, 2), per_campus, HOSPITAL)


@case
def a_place_is_listed(law: Any) -> None:
    """Places are a dated list in the subject tree"""
    places = SubjectFacts("ginkgo", (TreeNode("red", PartKind.PLACE, "ginkgo", day(10), at(10)),))
    per_place = clear(per_place=True)
    assert refused(law, checked(1, 10, 2), per_place, places) == "per-place"
    assert refused(law, checked(1, 9, 2, place="red", recorded_at=at(20)), per_place, places) == "place"
    taken(law, checked(1, 9, 2, recorded_at=at(20)), per_place, places)
    taken(law, checked(1, 10, 2, place="red"), per_place, places)


# ------------------------------------------------------------------ superseding and withdrawing


@case
def only_its_office_or_a_higher_evaluator_supersedes(law: Any) -> None:
    """only by the office that recorded it or by a higher evaluator (self < peer < city < external)"""
    old = row(1, 0, Method.SPOT_CHECK, CITY, level=1)
    right = {"supersedes": 1, "level": 2, "reason": "typing error"}
    for who, office, allowed in (
        (PEER, "egret", False),
        (PEER, "commission", True),  # the same office
        (CITY, "other-commission", False),
        (EXTERNAL, "delegation", True),
    ):
        found = row(2, 0, Method.SPOT_CHECK, who, office=office, **right)
        if allowed:
            taken(law, found, rows=[old])
        else:
            assert refused(law, found, rows=[old]) == "supersedes-right"


@case
def a_hospitals_row_never_supersedes_one_from_outside(law: Any) -> None:
    """a hospital's row never supersedes one from outside"""
    old = row(1, 0, Method.SPOT_CHECK, PEER, level=1, office="ginkgo")
    mine = rated(2, 0, 2, supersedes=1, office="ginkgo")
    assert refused(law, mine, rows=[old]) == "supersedes-right"


@case
def superseding_needs_a_reason(law: Any) -> None:
    """with a reason"""
    assert refused(law, checked(2, 0, 2, supersedes=1, reason="  "), rows=[checked(1, 0, 1)]) == "reason"
    assert refused(law, ended(2, 0, checked(1, 0, 1), reason=""), rows=[checked(1, 0, 1)]) == "reason"


@case
def superseding_keeps_to_the_same_matter(law: Any) -> None:
    """for the same subject, capability, edition and as_of"""
    old = checked(1, 0, 1)
    assert refused(law, checked(2, 1, 2, supersedes=1), rows=[old]) == "supersedes-other"
    assert refused(law, checked(2, 0, 2, supersedes=1, subject="egret"), rows=[old]) == "supersedes-other"
    assert refused(law, checked(2, 0, 2, supersedes=7), rows=[old]) == "supersedes-unknown"


@case
def only_a_row_that_stands_can_be_superseded(law: Any) -> None:
    """and only while it stands; a withdrawal is final"""
    old, newer = checked(1, 0, 1), checked(2, 0, 2, supersedes=1)
    assert refused(law, checked(3, 0, 0, supersedes=1), rows=[old, newer]) == "supersedes-ended"
    gone = ended(4, 0, newer)
    assert refused(law, checked(5, 0, 0, supersedes=2), rows=[old, newer, gone]) == "supersedes-ended"
    taken(law, checked(5, 0, 0, supersedes=1), rows=[old, newer, gone])


@case
def only_the_notified_office_withdraws_a_missed_drill(law: Any) -> None:
    """from then on only that office can withdraw it"""
    missed = row(1, 0, Method.MISSED_DRILL, CITY, shown=False, **BY_DAY)
    assert (
        refused(law, ended(2, 9, missed, evaluator=EXTERNAL, office="delegation"), rows=[missed]) == "supersedes-right"
    )
    taken(law, ended(2, 9, missed), rows=[missed])


# ------------------------------------------------------------------ notified drills


def notified(**facts: Any) -> NotifiedDrill:
    known: dict[str, Any] = {
        "id": "d1", "subject": "ginkgo", "capability": "clear", "condition": Condition.DAY, "starts_at": at(10),
        "notified_at": day(8), "office": "commission", "evaluator": CITY,
    }  # fmt: skip
    return NotifiedDrill(**{**known, **facts})


def missed_on(law: Any, number: int, rows: Any = (), **facts: Any) -> bool:
    found: bool = law.drill_is_missed(notified(**facts), list(rows), day(number), end(number))
    return found


@case
def a_drill_not_handed_in_within_30_days_is_missed(law: Any) -> None:
    """a notified drill neither called off before it began nor handed in within 30 days (a miss)"""
    assert not missed_on(law, 40)
    assert missed_on(law, 41)
    handed_in = drill(1, 10, Notice.UNANNOUNCED, False, SELF, own=True, drill="d1", recorded_at=at(40), **BY_DAY)
    assert not missed_on(law, 41, [handed_in])
    assert missed_on(law, 41, [replace(handed_in, recorded_at=at(41))])
    assert missed_on(law, 41, [replace(handed_in, drill="d2")])


@case
def handed_in_means_that_a_row_of_it_stands(law: Any) -> None:
    """handed in means that a row of it stands within 30 days"""
    handed_in = drill(1, 10, Notice.UNANNOUNCED, False, SELF, own=True, drill="d1", **BY_DAY)
    assert missed_on(law, 41, [handed_in, ended(2, 20, handed_in)])


@case
def a_drill_called_off_before_it_began_is_no_miss(law: Any) -> None:
    """may be called off, on record, before it starts"""
    noon = datetime.combine(day(10), time(12), UTC)
    assert not missed_on(law, 50, called_off_at=noon - timedelta(minutes=1))
    assert missed_on(law, 50, called_off_at=noon)


# ------------------------------------------------------------------ gaps


@case
def strict_items_are_gaps_unless_met(law: Any) -> None:
    """For must-pass and core items and for whatever feeds the engine there is a gap unless the standing is met"""
    gaps = [s for s in State if law.is_gap(s, strict=True, covered=True)]
    assert gaps == [State.BELOW, State.UNKNOWN, State.STALE, State.CLAIMED, State.IN_PLACE]


@case
def other_items_are_gaps_unless_met_or_in_place(law: Any) -> None:
    """for other items unless it is met or in place"""
    assert not law.is_gap(State.IN_PLACE, strict=False, covered=True)
    assert law.is_gap(State.CLAIMED, strict=False, covered=False)


@case
def unknown_is_a_gap_once_a_locked_assessment_covered_it(law: Any) -> None:
    """Unknown is a gap once an assessment that covered it is locked"""
    assert not law.is_gap(State.UNKNOWN, strict=True, covered=False)
    assert law.is_gap(State.UNKNOWN, strict=False, covered=True)


@case
def a_must_pass_item_is_open_unless_in_place_or_met(law: Any) -> None:
    """A must-pass item is open unless it is in place or met"""
    assert [s for s in State if law.is_open(s)] == [State.BELOW, State.UNKNOWN, State.STALE, State.CLAIMED]
