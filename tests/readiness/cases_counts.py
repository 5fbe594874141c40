"""Named cases of the ledger: counts from records and their sampling. Docstrings quote the law.

Day 30 is 31 January 2026, day 58 is 28 February.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from beiji.readiness.rules.rows import Evaluator, Method, Proof, Source

from .cases_recording import refused, taken
from .law import (
    BY_DAY,
    BY_NIGHT,
    at,
    case,
    counted,
    current_share,
    day,
    ended,
    rated,
    replace,
    row,
    said,
    sampled,
    stand,
    target,
    timed,
)

GATE = {"source": Source("gate", "stage-1", "Gate of stage 1")}
SHARE = current_share()


@case
def a_count_is_stated_until_it_is_sampled(law: Any) -> None:
    """records counted by the hospital: stated; records counted and sampled from outside: seen"""
    count = counted(1, 30, 36, 40)
    sampling = sampled(2, 40, count, 10, 10)
    facts = SHARE.editions[0]
    assert law.proof_of(count, facts, True) is Proof.STATED
    assert law.proof_of(sampling, facts, True) is Proof.SEEN
    assert said(stand(law, [count], 41, capability=SHARE)) == "claimed 2 stated"
    assert said(stand(law, [count, sampling], 41, capability=SHARE)) == "in-place 2 seen"


@case
def a_list_that_does_not_hold_is_a_seen_miss(law: Any) -> None:
    """its value is the share that was counted, times those whose record held, through those drawn"""
    count = counted(1, 30, 36, 40)
    sampling = sampled(2, 40, count, 12, 10)
    assert sampling.value == Fraction(3, 4)
    assert said(stand(law, [count, sampling], 41, capability=SHARE)) == "below 1 seen"
    better = counted(3, 58, 40, 40)
    assert said(stand(law, [count, sampling, better], 59, capability=SHARE)) == "below 1 seen"
    again = sampled(4, 60, better, 12, 12)
    assert said(stand(law, [count, sampling, better, again], 61, capability=SHARE)) == "in-place 2 seen"


@case
def only_what_is_counted_from_records_is_counted(law: Any) -> None:
    """It is recorded only of a capability that is counted from records, as a value, in any condition or in …"""
    assert refused(law, counted(1, 30, 36, 40), current_share(by_records=False)) == "count-not"
    assert refused(law, row(1, 30, Method.RECORDS, level=2, sample=40), SHARE) == "count-value"
    taken(law, counted(1, 30, 36, 40), SHARE)
    taken(law, counted(1, 30, 36, 40, **BY_NIGHT), SHARE)


@case
def a_count_is_so_many_of_so_many(law: Any) -> None:
    """its sample is the list, its value the share, so many of so many; exact, without the limit on decimals"""
    taken(law, counted(1, 30, 29, 41), SHARE)
    taken(law, counted(1, 30, 0, 41), SHARE)
    assert refused(law, replace(counted(1, 30, 29, 41), sample=40), SHARE) == "count-whole"
    assert refused(law, counted(1, 30, 41, 40), SHARE) == "count-more"
    assert refused(law, timed(1, 30, Fraction(29, 41), **BY_DAY), SHARE) == "number"


@case
def a_count_enters_at_the_end_of_a_month(law: Any) -> None:
    """it is the first that is dated on or after the last day of a month (where its own day ends a month: of that one; …)"""
    first = counted(1, 10, 36, 40)
    taken(law, first, SHARE)
    for on in (11, 29):
        assert refused(law, counted(2, on, 35, 40), SHARE, rows=[first]) == "count-early"
    taken(law, counted(2, 30, 36, 40), SHARE, rows=[first])
    assert refused(law, counted(3, 31, 36, 40), SHARE, rows=[first, counted(2, 30, 36, 40)]) == "count-early"


@case
def a_month_end_that_was_missed_is_made_up_for_later(law: Any) -> None:
    """(…; else of the one that ended last)"""
    first = counted(1, 10, 36, 40)
    for on in (31, 40, 57):
        taken(law, counted(2, on, 36, 40), SHARE, rows=[first])
    assert refused(law, counted(3, 57, 36, 40), SHARE, rows=[first, counted(2, 40, 36, 40)]) == "count-early"


@case
def a_count_enters_when_it_crosses_the_target_either_way(law: Any) -> None:
    """by the target of its own day it passes where the newest of those dated before it would miss, or misses where …"""
    high = counted(1, 30, 36, 40)
    low = counted(2, 35, 31, 40)
    taken(law, low, SHARE, rows=[high])
    assert refused(law, counted(3, 36, 30, 40), SHARE, rows=[high, low]) == "count-early"
    taken(law, counted(3, 36, 32, 40), SHARE, rows=[high, low])
    tightened = current_share(targets=(target(Fraction(4, 5)), target(Fraction(19, 20), start=33)))
    assert refused(law, low, tightened, rows=[high]) == "count-early"


@case
def a_count_is_taken_for_a_gate(law: Any) -> None:
    """it was taken for a gate, which its source says"""
    high = counted(1, 30, 36, 40)
    taken(law, counted(2, 35, 36, 40, **GATE), SHARE, rows=[high])
    assert refused(law, counted(2, 30, 36, 40, **GATE), SHARE, rows=[high]) == "count-early"


@case
def one_count_a_day(law: Any) -> None:
    """refused unless it is its only one of that day"""
    first = counted(1, 30, 36, 40)
    assert refused(law, counted(2, 30, 10, 40), SHARE, rows=[first]) == "count-early"
    correction = counted(2, 30, 10, 40, supersedes=1)
    taken(law, correction, SHARE, rows=[first])
    assert refused(law, counted(3, 30, 20, 40), SHARE, rows=[first, correction]) == "count-early"
    level = rated(5, 30, 1)
    second = counted(2, 30, 36, 40, supersedes=5)
    assert refused(law, second, SHARE, rows=[first, level]) == "count-early"


@case
def a_withdrawn_count_is_as_if_it_had_not_been(law: Any) -> None:
    """not those that it has corrected or that were withdrawn"""
    first = counted(1, 30, 36, 40)
    gone = ended(2, 32, first)
    taken(law, counted(3, 33, 36, 40), SHARE, rows=[first, gone])
    ended_outside = ended(2, 32, first, evaluator=Evaluator.CITY, office="commission")
    taken(law, counted(3, 33, 36, 40), SHARE, rows=[first, ended_outside])
    low = counted(4, 30, 20, 40, supersedes=1)
    assert refused(law, counted(5, 35, 20, 40), SHARE, rows=[first, low]) == "count-early"
    taken(law, counted(5, 35, 36, 40), SHARE, rows=[first, low])
    back = ended(6, 34, low)
    assert refused(law, counted(7, 35, 36, 40), SHARE, rows=[first, low, back]) == "count-early"


@case
def a_sampled_count_is_meant_as_the_hospital_counted_it(law: Any) -> None:
    """as the hospital counted them, also where somebody outside has sampled one since"""
    count = counted(1, 30, 36, 40)
    failed = sampled(2, 34, count, 12, 6)
    for on in (35, 36):
        assert refused(law, counted(3, on, 36, 40), SHARE, rows=[count, failed]) == "count-early"


@case
def counts_of_other_parts_are_not_meant(law: Any) -> None:
    """the hospital's counts of the same subject, capability, edition, place and condition"""
    count = counted(1, 30, 36, 40, **BY_DAY)
    taken(law, counted(2, 30, 36, 40, **BY_NIGHT), SHARE, rows=[count])
    taken(law, counted(2, 31, 36, 40, **BY_DAY), SHARE, rows=[replace(count, subject="egret")])
    first, second = SHARE.editions[0], replace(SHARE.editions[0], number=2, from_day=day(33), recorded_at=at(33))
    two = replace(SHARE, editions=(first, second))
    taken(law, counted(2, 33, 36, 40, edition=2, **BY_DAY), two, rows=[count])


@case
def outside_a_count_is_sampled_and_not_made(law: Any) -> None:
    """From outside a count is not made but sampled: the sampling supersedes a count of the hospital's"""
    count = counted(1, 30, 36, 40)
    sampling = sampled(2, 34, count, 12, 11)
    taken(law, sampling, SHARE, rows=[count])
    alone = replace(sampling, supersedes=None)
    assert refused(law, alone, SHARE, rows=[count]) == "sampling-of"
    assert refused(law, sampling, SHARE, rows=[replace(count, method=Method.SELF_RATING)]) == "sampling-of"
    higher = sampled(3, 36, sampling, 12, 12, evaluator=Evaluator.EXTERNAL, office="delegation")
    assert refused(law, higher, SHARE, rows=[count, sampling]) == "sampling-of"


@case
def enough_are_drawn_of_those_counted_as_current(law: Any) -> None:
    """its sample is how many were drawn of those counted as current (the minimum sample or more, or all of them)"""
    twenty = current_share(min_sample=20)
    count = counted(1, 30, 36, 40)
    assert refused(law, sampled(2, 34, count, 19, 19), twenty, rows=[count]) == "sampling-drawn"
    taken(law, sampled(2, 34, count, 20, 20), twenty, rows=[count])
    taken(law, sampled(2, 34, count, 36, 30), twenty, rows=[count])
    assert refused(law, sampled(2, 34, count, 37, 37), twenty, rows=[count]) == "sampling-drawn"
    few = counted(1, 30, 7, 40)
    taken(law, sampled(2, 34, few, 7, 7), twenty, rows=[few])
    assert refused(law, sampled(2, 34, few, 6, 6), twenty, rows=[few]) == "sampling-drawn"


@case
def a_sampling_says_how_many_held(law: Any) -> None:
    """those whose record held, through those drawn"""
    count = counted(1, 30, 36, 40)
    good = sampled(2, 34, count, 12, 11)
    assert refused(law, replace(good, value=Fraction(13, 20)), SHARE, rows=[count]) == "sampling-held"
    assert refused(law, replace(good, value=Fraction(39, 40)), SHARE, rows=[count]) == "sampling-held"
    assert law.held_of(good, count) == 11


@case
def a_count_of_nobody_is_not_sampled(law: Any) -> None:
    """A count by which nobody is current is not sampled"""
    nobody = counted(1, 30, 0, 40)
    assert refused(law, sampled(2, 34, nobody, 1, 1), SHARE, rows=[nobody]) == "sampling-none"
