"""Named cases of the ledger: standing of one subject and capability. Docstrings quote the law."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

from beiji.readiness.rules.rows import (
    ALWAYS,
    Better,
    Condition,
    Evaluator,
    Method,
    NoteKind,
    Part,
    PartKind,
    Proof,
    SubjectFacts,
    TreeNode,
    ValidityStep,
)

from .law import (
    BY_DAY,
    BY_NIGHT,
    DAY_AND_NIGHT,
    ON_HOLIDAY,
    VALID,
    at,
    case,
    checked,
    clear,
    day,
    document,
    edition,
    end,
    observed,
    rated,
    replace,
    row,
    said,
    series,
    stand,
    target,
    timed,
)

BOTH = {"prove_in": DAY_AND_NIGHT}


def night(law: Any, rows: Any, on: int, capability: Any = None) -> str:
    """Standing in the night alone, in words."""
    found = law.standing_of_part(
        rows,
        capability or clear(**BOTH),
        SubjectFacts("ginkgo"),
        Part("ginkgo", None, Condition.NIGHT),
        day(on),
        end(on),
    )
    return said(found)


# ------------------------------------------------------------------ steps 1 to 5


@case
def no_row_is_unknown(law: Any) -> None:
    """5. No row → unknown; digit none"""
    assert said(stand(law, [], on=5)) == "unknown"


@case
def a_measured_pass_is_met(law: Any) -> None:
    """measured → met; digit 3"""
    assert said(stand(law, [timed(1, 0, 15)], on=5)) == "met 3 exercised"


@case
def higher_is_better_where_it_says_so(law: Any) -> None:
    """its value meets the target of d"""
    teams = clear(better=Better.HIGHER, targets=(target(6),), zero_at=Fraction(2))
    assert said(stand(law, [timed(1, 0, 6)], on=1, capability=teams)) == "met 3 exercised"
    assert said(stand(law, [timed(1, 0, 5)], on=1, capability=teams)) == "below 1 exercised"
    assert said(stand(law, [timed(1, 0, 2)], on=1, capability=teams)) == "below 0 exercised"


@case
def a_seen_pass_is_in_place(law: Any) -> None:
    """seen → in place; digit 2"""
    assert said(stand(law, [checked(1, 0, 2)], on=5)) == "in-place 2 seen"


@case
def a_seen_document_is_met_at_digit_2(law: Any) -> None:
    """in place (document: met); met 3 (document 2)"""
    seen = row(1, 0, Method.DOCUMENT, Evaluator.CITY, shown=True)
    assert said(stand(law, [seen], on=5, capability=document())) == "met 2 seen"


@case
def a_stated_pass_is_claimed(law: Any) -> None:
    """4. the newest stated row: pass alive → claimed"""
    assert said(stand(law, [rated(1, 0, 2)], on=5)) == "claimed 2 stated"


@case
def a_stated_miss_is_below_with_its_level(law: Any) -> None:
    """4. miss → below; (where a stated row decides: that row)"""
    assert said(stand(law, [rated(1, 0, 1)], on=5)) == "below 1 stated"
    assert said(stand(law, [rated(1, 0, 0)], on=5)) == "below 0 stated"


@case
def the_newest_stated_row_decides(law: Any) -> None:
    """4. Otherwise the newest stated row"""
    assert said(stand(law, [rated(1, 0, 2), rated(2, 9, 1)], on=10)) == "below 1 stated"
    assert said(stand(law, [rated(1, 0, 0), rated(2, 9, 2)], on=10)) == "claimed 2 stated"


@case
def a_stated_pass_lapses_into_stale(law: Any) -> None:
    """4. lapsed → stale; digit the last, at most 2"""
    assert said(stand(law, [rated(1, 0, 2)], on=365)) == "stale 2 stated"


@case
def a_level_1_is_a_miss(law: Any) -> None:
    """A row passes if its level is 2"""
    assert said(stand(law, [checked(1, 0, 1)], on=5)) == "below 1 seen"


@case
def a_measured_miss_never_lapses(law: Any) -> None:
    """Misses never lapse"""
    assert said(stand(law, [timed(1, 0, 24)], on=2000)) == "below 1 exercised"


@case
def only_a_measured_pass_ends_a_measured_miss(law: Any) -> None:
    """A measured miss is open until a later measured pass"""
    missed = timed(1, 0, 24)
    assert said(stand(law, [missed, checked(2, 5, 2)], on=6)) == "below 1 exercised"
    assert said(stand(law, [missed, timed(2, 5, 12)], on=6)) == "met 3 exercised"


@case
def a_seen_miss_is_ended_by_a_seen_pass(law: Any) -> None:
    """a seen miss until a later pass of rank ≥ 2"""
    assert said(stand(law, [checked(1, 0, 1), rated(2, 5, 2)], on=6)) == "below 1 seen"
    assert said(stand(law, [checked(1, 0, 1), checked(2, 5, 2)], on=6)) == "in-place 2 seen"


@case
def a_later_failed_check_kills_an_older_proof(law: Any) -> None:
    """contradicted if it followed a live measured pass"""
    found = stand(law, [timed(1, 0, 12), checked(2, 5, 1)], on=6)
    assert said(found) == "below 1 seen"
    assert (found.failed, found.contradicted) == (False, True)


@case
def a_check_after_the_proof_lapsed_contradicts_nothing(law: Any) -> None:
    """contradicted if it followed a *live* measured pass"""
    assert not stand(law, [timed(1, 0, 12), checked(2, 365, 1)], on=366).contradicted
    assert stand(law, [timed(1, 0, 12), checked(2, 364, 1)], on=366).contradicted


@case
def a_measured_miss_says_failed(law: Any) -> None:
    """failed if measured"""
    found = stand(law, [timed(1, 0, 24)], on=1)
    assert (found.failed, found.contradicted) == (True, False)


@case
def a_miss_has_killed_every_earlier_pass(law: Any) -> None:
    """2. a miss of rank ≥ 2 has killed every earlier pass"""
    event = row(1, 0, Method.REAL_EVENT, Evaluator.CITY, value=12)
    rows = [event, timed(2, 10, 24), timed(3, 20, 12)]
    assert said(stand(law, rows, on=300)) == "met 3 exercised"
    assert said(stand(law, rows, on=400)) == "stale 2 exercised"  # the event would have lived until day 730


@case
def a_stated_miss_kills_nothing(law: Any) -> None:
    """A stated miss beside a better standing changes nothing but shows to confirm"""
    found = stand(law, [timed(1, 0, 12), rated(2, 5, 0)], on=6)
    assert said(found) == "met 3 exercised"
    assert found.to_confirm
    assert [n.kind for n in found.parts[0].notes] == [NoteKind.CLAIMS_WORSE]


@case
def a_stated_pass_beside_a_measured_miss_is_a_note(law: Any) -> None:
    """any stated word that differs from the standing is shown as a note ("plan claims better than measured")"""
    found = stand(law, [row(1, 0, Method.PLAN, value=12), timed(2, 5, 24)], on=6)
    assert said(found) == "below 1 exercised"
    assert not found.to_confirm
    assert [n.kind for n in found.parts[0].notes] == [NoteKind.CLAIMS_BETTER]


@case
def the_strongest_pass_alive_decides(law: Any) -> None:
    """the strongest alive decides"""
    rows = [timed(1, 0, 12), checked(2, 300, 2)]
    assert said(stand(law, rows, on=301)) == "met 3 exercised"
    assert said(stand(law, rows, on=400)) == "in-place 2 seen"


@case
def each_pass_lives_until_its_own_day(law: Any) -> None:
    """valid_until is the first day on which a pass no longer counts"""
    assert said(stand(law, [timed(1, 0, 12)], on=364)) == "met 3 exercised"
    assert said(stand(law, [timed(1, 0, 12)], on=365)) == "stale 2 exercised"
    event = row(1, 0, Method.REAL_EVENT, Evaluator.CITY, value=12)
    assert said(stand(law, [event], on=729)) == "met 3 performed"
    assert said(stand(law, [event], on=730)) == "stale 2 performed"


@case
def a_lapsed_proof_is_stale_even_beside_a_claim(law: Any) -> None:
    """3. if a pass of rank ≥ 2 has lapsed since the last such miss → stale"""
    assert said(stand(law, [timed(1, 0, 12), rated(2, 300, 2)], on=400)) == "stale 2 exercised"


@case
def validity_is_that_of_the_rows_own_day(law: Any) -> None:
    """computed from the validity by method of the row's as_of"""
    short = dict.fromkeys(VALID, 100)
    changed = clear(
        validity=(ValidityStep(day(0) - timedelta(days=999), ALWAYS, VALID), ValidityStep(day(50), at(50), short))
    )
    assert said(stand(law, [timed(1, 49, 12)], on=200, capability=changed)) == "met 3 exercised"
    assert said(stand(law, [timed(1, 50, 12)], on=200, capability=changed)) == "stale 2 exercised"


@case
def on_one_day_the_higher_rank_is_later(law: Any) -> None:
    """on one day the higher rank is later"""
    assert said(stand(law, [timed(1, 5, 12), checked(2, 5, 1)], on=6)) == "met 3 exercised"


@case
def of_equals_the_miss_is_later(law: Any) -> None:
    """and of equals the miss"""
    assert said(stand(law, [timed(1, 5, 24), timed(2, 5, 12)], on=6)) == "below 1 exercised"
    assert said(stand(law, [rated(1, 5, 1), rated(2, 5, 2)], on=6)) == "below 1 stated"


@case
def later_is_by_as_of_not_by_recording(law: Any) -> None:
    """ "Later" is by as_of"""
    tablet = timed(1, 3, 24, recorded_at=at(9))
    assert said(stand(law, [tablet, timed(2, 5, 12)], on=10)) == "met 3 exercised"


# ------------------------------------------------------------------ targets


@case
def the_target_of_the_day_asked_judges_every_row(law: Any) -> None:
    """The target of the day asked judges every row; past maps do not change when a target does"""
    stricter = clear(targets=(target(15), target(10, start=100)))
    assert said(stand(law, [timed(1, 0, 12)], on=99, known=200, capability=stricter)) == "met 3 exercised"
    assert said(stand(law, [timed(1, 0, 12)], on=100, capability=stricter)) == "below 1 seen"


@case
def a_row_that_met_its_own_target_is_at_most_a_seen_miss(law: Any) -> None:
    """A row that met the target of its own day and misses today's is at most a seen miss"""
    stricter = clear(targets=(target(15), target(10, start=100)))
    rows = [timed(1, 0, 12), checked(2, 101, 2)]
    assert said(stand(law, rows, on=102, capability=stricter)) == "in-place 2 seen"
    assert not stand(law, rows[:1], on=102, capability=stricter).failed


@case
def a_relaxed_target_turns_a_miss_into_a_pass(law: Any) -> None:
    """The target of the day asked judges every row"""
    relaxed = clear(targets=(target(15), target(20, start=100)))
    assert said(stand(law, [timed(1, 50, 18)], on=100, capability=relaxed)) == "met 3 exercised"


@case
def a_target_not_known_yet_judges_nothing(law: Any) -> None:
    """dated in both times"""
    announced = clear(targets=(target(15), target(10, start=100)))
    assert said(stand(law, [timed(1, 0, 12)], on=120, known=99, capability=announced)) == "met 3 exercised"


# ------------------------------------------------------------------ digit


@case
def below_says_the_lowest_since_the_last_pass(law: Any) -> None:
    """the lowest that any miss of rank ≥ 2 has said since the last pass of the deciding rank or higher"""
    rows = [timed(1, 0, 60), timed(2, 10, 24)]
    assert said(stand(law, rows, on=11)) == "below 0 exercised"
    assert said(stand(law, [rows[0], timed(3, 5, 12), rows[1]], on=11)) == "below 1 exercised"


@case
def a_seen_pass_gives_no_digit_back_to_a_measured_miss(law: Any) -> None:
    """since the last pass of the deciding rank or higher"""
    rows = [checked(1, 0, 0), checked(2, 5, 2), timed(3, 10, 24)]
    assert said(stand(law, rows, on=11)) == "below 0 exercised"


@case
def a_value_says_0_once_it_reaches_zero_at(law: Any) -> None:
    """for a value 1, or 0 once it reaches zero_at"""
    assert said(stand(law, [timed(1, 0, 59)], on=1)) == "below 1 exercised"
    assert said(stand(law, [timed(1, 0, 60)], on=1)) == "below 0 exercised"


@case
def a_thing_not_shown_says_1_a_document_0(law: Any) -> None:
    """for a thing not shown 1, for a document 0"""
    not_shown = row(1, 0, Method.SPOT_CHECK, shown=False)
    assert said(stand(law, [not_shown], on=1, capability=observed())) == "below 1 seen"
    assert said(stand(law, [not_shown], on=1, capability=document())) == "below 0 seen"


# ------------------------------------------------------------------ conditions


@case
def the_worst_condition_stands_and_is_named(law: Any) -> None:
    """Over the conditions it must be proven in … the worst stands and all are named"""
    found = stand(law, [timed(1, 0, 12, **BY_DAY)], on=1, capability=clear(**BOTH))
    assert said(found) == "in-place 2 seen"
    assert [p.condition for p in found.worst] == [Condition.NIGHT]
    found = stand(law, [rated(1, 0, 1)], on=1, capability=clear(**BOTH))
    assert [p.condition for p in found.worst] == [Condition.DAY, Condition.NIGHT]


@case
def a_measured_pass_elsewhere_counts_as_seen(law: Any) -> None:
    """A measured pass in another condition that must be proven counts here as seen"""
    assert night(law, [timed(1, 0, 12, **BY_DAY)], on=1) == "in-place 2 seen"


@case
def a_borrowed_pass_counts_only_while_it_stands_there(law: Any) -> None:
    """while it stands there"""
    by_day = timed(1, 0, 12, **BY_DAY)
    assert night(law, [by_day, timed(2, 5, 24, **BY_DAY)], on=6) == "unknown"
    event = row(1, 0, Method.REAL_EVENT, Evaluator.CITY, value=12, **BY_DAY)
    killed = [event, timed(2, 10, 24, **BY_DAY), timed(3, 20, 12, **BY_DAY)]
    assert night(law, killed, on=384) == "in-place 2 seen"
    assert night(law, killed, on=385) == "stale 2 seen"  # the event would have lived until day 730


@case
def a_borrowed_pass_closes_no_miss(law: Any) -> None:
    """but closes no miss"""
    assert night(law, [checked(1, 0, 1, **BY_NIGHT), timed(2, 5, 12, **BY_DAY)], on=6) == "below 1 seen"


@case
def a_borrowed_pass_gives_back_no_digit(law: Any) -> None:
    """and gives back no digit"""
    rows = [checked(1, 0, 0, **BY_NIGHT), timed(2, 5, 12, **BY_DAY), checked(3, 9, 1, **BY_NIGHT)]
    assert night(law, rows, on=10) == "below 0 seen"


@case
def a_miss_in_another_condition_does_not_count_here(law: Any) -> None:
    """a miss there does not count here"""
    rows = [timed(1, 0, 12, **BY_NIGHT), timed(2, 5, 24, **BY_DAY)]
    assert night(law, rows, on=6) == "met 3 exercised"
    assert said(stand(law, rows, on=6, capability=clear(**BOTH))) == "below 1 exercised"


@case
def a_seen_pass_in_another_condition_does_not_count_here(law: Any) -> None:
    """condition any or the one asked"""
    assert night(law, [checked(1, 0, 2, **BY_DAY)], on=1) == "unknown"
    assert night(law, [checked(1, 0, 2)], on=1) == "in-place 2 seen"


@case
def a_holiday_miss_counts_in_all_that_must_be_proven(law: Any) -> None:
    """A measured miss in a condition that need not be proven counts in all that must"""
    assert night(law, [timed(1, 0, 12, **BY_NIGHT), timed(2, 5, 24, **ON_HOLIDAY)], on=6) == "below 1 exercised"


@case
def a_seen_holiday_miss_does_not_count(law: Any) -> None:
    """A *measured* miss"""
    assert night(law, [timed(1, 0, 12, **BY_NIGHT), checked(2, 5, 1, **ON_HOLIDAY)], on=6) == "met 3 exercised"


@case
def a_holiday_miss_ends_with_a_holiday_pass_or_one_here(law: Any) -> None:
    """until a measured pass in its own condition or in the one asked"""
    rows = [timed(1, 0, 12, **BY_NIGHT), timed(2, 5, 24, **ON_HOLIDAY)]
    assert night(law, [*rows, timed(3, 9, 12, **ON_HOLIDAY)], on=10) == "met 3 exercised"
    assert night(law, [*rows, timed(3, 9, 12, **BY_NIGHT)], on=10) == "met 3 exercised"
    assert night(law, [*rows, timed(3, 9, 12, **BY_DAY)], on=10) == "below 1 exercised"


@case
def a_holiday_miss_is_not_ended_by_a_pass_in_a_third_condition(law: Any) -> None:
    """until a measured pass in its own condition or in the one asked"""
    only_night = clear(prove_in=(Condition.NIGHT,))
    rows = [timed(1, 0, 12, **BY_NIGHT), timed(2, 5, 24, **ON_HOLIDAY), timed(3, 9, 12, **BY_DAY)]
    assert night(law, rows, on=10, capability=only_night) == "below 1 exercised"


@case
def a_holiday_pass_counts_for_nothing_else(law: Any) -> None:
    """such a pass counts for nothing else"""
    assert night(law, [timed(1, 0, 12, **ON_HOLIDAY)], on=1) == "unknown"
    rows = [timed(1, 0, 24, **BY_NIGHT), timed(2, 5, 12, **ON_HOLIDAY)]
    assert night(law, rows, on=6) == "below 1 exercised"


@case
def without_conditions_rows_of_every_condition_count(law: Any) -> None:
    """(none: rows of every condition count)"""
    assert said(stand(law, [timed(1, 0, 12, **ON_HOLIDAY)], on=1)) == "met 3 exercised"
    assert said(stand(law, [timed(1, 0, 24, **BY_DAY), timed(2, 5, 12, **BY_NIGHT)], on=6)) == "met 3 exercised"


# ------------------------------------------------------------------ series


@case
def a_series_closes_only_misses_before_its_first_day(law: Any) -> None:
    """A series of times … closes only misses before its first day"""
    missed = timed(1, 10, 24)
    assert said(stand(law, [missed, series(2, 5, 20, 12)], on=21)) == "below 1 exercised"
    assert said(stand(law, [missed, series(2, 10, 20, 12)], on=21)) == "below 1 exercised"
    assert said(stand(law, [missed, series(2, 11, 20, 12)], on=21)) == "met 3 performed"


# ------------------------------------------------------------------ minutes


@case
def each_minute_is_judged_apart_and_the_worst_stands(law: Any) -> None:
    """with at_min each minute is judged apart, the worst stands"""
    teams = clear(better=Better.HIGHER, targets=(target({0: 2, 30: 6}),), zero_at=None)
    rows = [timed(1, 0, 3, at_min=0), timed(2, 0, 5, at_min=30)]
    found = stand(law, rows, on=1, capability=teams)
    assert said(found) == "below 1 exercised"
    assert [p.minute for p in found.worst] == [30]
    assert said(stand(law, [rows[0]], on=1, capability=teams)) == "unknown"


@case
def a_level_speaks_of_every_minute(law: Any) -> None:
    """a level row speaks of every minute"""
    teams = clear(better=Better.HIGHER, targets=(target({0: 2, 30: 6}),), zero_at=None)
    assert said(stand(law, [checked(1, 0, 2)], on=1, capability=teams)) == "in-place 2 seen"


@case
def a_missed_drill_speaks_of_every_minute(law: Any) -> None:
    """shown: no for that day, condition and every minute"""
    teams = clear(better=Better.HIGHER, targets=(target({0: 2, 30: 6}),), zero_at=None)
    rows = [timed(1, 0, 3, at_min=0), timed(2, 0, 6, at_min=30), row(3, 9, Method.MISSED_DRILL, shown=False)]
    found = stand(law, rows, on=10, capability=teams)
    assert said(found) == "below 1 exercised"
    assert len(found.worst) == 2


# ------------------------------------------------------------------ campuses and places


def campus(code: str, start: int | None = None, kind: PartKind = PartKind.CAMPUS, parent: str = "ginkgo") -> TreeNode:
    if start is None:
        return TreeNode(code, kind, parent)
    return TreeNode(code, kind, parent, day(start), at(start))


TWO = SubjectFacts("ginkgo", (campus("east"), campus("west")))
PER_CAMPUS = {"per_campus": True}


@case
def the_worst_campus_stands_and_is_named(law: Any) -> None:
    """over places and campuses, the worst stands and all are named"""
    rows = [timed(1, 0, 12, subject="east"), timed(2, 0, 24, subject="west")]
    found = stand(law, rows, on=1, capability=clear(**PER_CAMPUS), subject=TWO)
    assert said(found) == "below 1 exercised"
    assert [p.campus for p in found.worst] == ["west"]


@case
def rows_of_another_campus_do_not_leak(law: Any) -> None:
    """rows of other campuses, subjects and capabilities do not leak"""
    found = stand(law, [timed(1, 0, 12, subject="east")], on=1, capability=clear(**PER_CAMPUS), subject=TWO)
    assert [p.campus for p in found.worst] == ["west"]
    assert said(found) == "unknown"
    others = [timed(1, 0, 12, subject="egret"), timed(2, 0, 12, capability="other")]
    assert said(stand(law, others, on=1)) == "unknown"


@case
def a_hospital_without_campuses_is_its_own_campus(law: Any) -> None:
    """a hospital without campuses is its own campus"""
    assert said(stand(law, [timed(1, 0, 12)], on=1, capability=clear(**PER_CAMPUS))) == "met 3 exercised"


@case
def earlier_rows_speak_of_each_part_after_a_division(law: Any) -> None:
    """When a hospital is divided, earlier rows speak of each part; afterwards each has its own"""
    divided = SubjectFacts("ginkgo", (campus("east", 10), campus("west", 10)))
    rows = [timed(1, 0, 12), timed(2, 20, 24, subject="west")]
    asked = {"capability": clear(**PER_CAMPUS), "subject": divided}
    assert [p.campus for p in stand(law, rows[:1], on=9, **asked).worst] == ["ginkgo"]
    assert said(stand(law, rows[:1], on=10, **asked)) == "met 3 exercised"
    assert [p.campus for p in stand(law, rows, on=21, **asked).worst] == ["west"]
    late = timed(3, 10, 12)  # a row on the whole hospital after the division speaks of no campus
    assert said(stand(law, [late], on=21, **asked)) == "unknown"


@case
def a_listed_place_without_rows_is_unknown(law: Any) -> None:
    """Places are a dated list in the subject tree; a listed place without rows is unknown"""
    places = SubjectFacts("ginkgo", (campus("red", kind=PartKind.PLACE), campus("yellow", kind=PartKind.PLACE)))
    found = stand(law, [timed(1, 0, 12, place="red")], on=1, capability=clear(per_place=True), subject=places)
    assert said(found) == "unknown"
    assert [p.place for p in found.worst] == ["yellow"]


@case
def rows_of_a_place_that_ended_speak_of_nothing(law: Any) -> None:
    """rows of other campuses, subjects and capabilities do not leak"""
    gone = replace(campus("red", kind=PartKind.PLACE), until_day=day(9), until_recorded_at=at(9))
    asked = {"capability": clear(per_place=True), "subject": SubjectFacts("ginkgo", (gone,))}
    assert said(stand(law, [timed(1, 0, 12, place="red")], on=8, **asked)) == "met 3 exercised"
    assert said(stand(law, [timed(1, 0, 12, place="red")], on=9, **asked)) == "unknown"


@case
def a_new_place_takes_over_earlier_rows(law: Any) -> None:
    """When a hospital is divided into campuses or places, earlier rows speak of each part"""
    places = SubjectFacts("ginkgo", (campus("red", 10, PartKind.PLACE), campus("yellow", 10, PartKind.PLACE)))
    asked = {"capability": clear(per_place=True), "subject": places}
    assert said(stand(law, [timed(1, 0, 12)], on=11, **asked)) == "met 3 exercised"
    assert said(stand(law, [timed(1, 10, 12)], on=11, **asked)) == "unknown"


# ------------------------------------------------------------------ editions


@case
def an_edition_that_raises_the_bar_makes_older_passes_stale(law: Any) -> None:
    """An edition says whether it raises the bar; if so, older passes are to confirm, shown as stale"""
    raised = clear(edition(1), edition(2, start=50))
    found = stand(law, [timed(1, 0, 12)], on=50, capability=raised)
    assert said(found) == "stale 2 exercised"
    assert found.to_confirm
    assert said(stand(law, [timed(1, 0, 12)], on=49, capability=raised)) == "met 3 exercised"
    new = timed(2, 60, 12, edition=2)
    assert said(stand(law, [timed(1, 0, 12), new], on=61, capability=raised)) == "met 3 exercised"


@case
def an_edition_that_does_not_raise_keeps_older_passes(law: Any) -> None:
    """(yes unless it says no)"""
    reworded = clear(edition(1), edition(2, start=50, raises=False))
    assert said(stand(law, [timed(1, 0, 12)], on=60, capability=reworded)) == "met 3 exercised"


@case
def misses_of_an_older_edition_carry_over(law: Any) -> None:
    """misses of an older edition carry over"""
    for raises in (True, False):
        newer = clear(edition(1), edition(2, start=50, raises=raises, targets=(target(30),)))
        assert said(stand(law, [timed(1, 0, 24)], on=60, capability=newer)) == "below 1 exercised"


@case
def rows_of_an_older_edition_are_judged_by_their_own(law: Any) -> None:
    """Rows of an older edition are judged by their own edition"""
    newer = clear(edition(1), edition(2, start=50, raises=False, targets=(target(10),), zero_at=Fraction(20)))
    assert said(stand(law, [timed(1, 0, 12)], on=60, capability=newer)) == "met 3 exercised"
    assert said(stand(law, [timed(1, 0, 24)], on=60, capability=newer)) == "below 1 exercised"


# ------------------------------------------------------------------ corner mark, holds until, checked


@case
def the_mark_is_that_of_the_strongest_live_pass(law: Any) -> None:
    """Digit (with the corner mark of its proof)"""
    event = row(1, 0, Method.REAL_EVENT, Evaluator.CITY, value=12)
    found = stand(law, [event, timed(2, 10, 12)], on=11)
    assert found.proof is Proof.PERFORMED
    assert found.parts[0].holds_until == day(730)


@case
def checked_asks_for_a_row_of_rank_2_in_each_condition(law: Any) -> None:
    """a row of rank ≥ 2 in each condition and place"""
    by_day = timed(1, 0, 12, **BY_DAY)
    assert not stand(law, [by_day], on=1, capability=clear(**BOTH)).checked
    assert stand(law, [by_day, checked(2, 0, 1, **BY_NIGHT)], on=1, capability=clear(**BOTH)).checked
