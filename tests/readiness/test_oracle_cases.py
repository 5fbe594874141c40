"""Smallest named cases: where random histories hardly reach, or where two hands could read the law apart.

Each is worked by hand from the sentence quoted, and asked of the production law and of the oracle alike.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from types import ModuleType

import pytest

from beiji.readiness.rules import aggregates, standing
from beiji.readiness.rules.rows import (
    ALWAYS,
    Better,
    CapabilityFacts,
    Condition,
    EditionFacts,
    Evaluator,
    Item,
    Kind,
    Method,
    Notice,
    PartKind,
    PartStanding,
    Proof,
    RollUp,
    Row,
    State,
    SubjectFacts,
    TargetStep,
    TreeNode,
    ValidityStep,
)
from tests.readiness import oracle, oracle_aggregates
from tests.readiness.oracle_facts import CAPABILITY, HOSPITAL, at, day, end_of_day

DAY, NIGHT, HOLIDAY = Condition.DAY, Condition.NIGHT, Condition.HOLIDAY
BOTH = pytest.mark.parametrize("law", [standing, oracle], ids=["production", "oracle"])


def edition(**different: object) -> EditionFacts:
    """An observed capability whose passes live: stated 20, seen 20, exercised 20, performed 60 days."""
    lives = {Proof.STATED: 20, Proof.SEEN: 20, Proof.EXERCISED: 20, Proof.PERFORMED: 60}
    plain = {"kind": Kind.OBSERVED, "validity": (ValidityStep(date.min, ALWAYS, lives),)}
    return EditionFacts(1, date.min, ALWAYS, **{**plain, **different})


def row(n: int, as_of: int, method: Method, **different: object) -> Row:
    evaluator = Evaluator.SELF if method is Method.SELF_RATING else Evaluator.CITY
    plain = {"subject": HOSPITAL, "evaluator": evaluator, "recorded_at": at(as_of, n), "condition": DAY, "edition": 1}
    return Row(id=n, capability=CAPABILITY, as_of=day(as_of), method=method, **{**plain, **different})


def timed(n: int, as_of: int, shown: bool, **different: object) -> Row:
    """A timed test during a visit: measured, exercised."""
    return row(n, as_of, Method.TIMED_TEST, shown=shown, **different)


def check(n: int, as_of: int, level: int, **different: object) -> Row:
    """A check on the spot from outside: seen."""
    return row(n, as_of, Method.SPOT_CHECK, level=level, **different)


def event(n: int, as_of: int, shown: bool, **different: object) -> Row:
    """A real event, confirmed: measured, performed."""
    return row(n, as_of, Method.REAL_EVENT, shown=shown, **different)


def parts(
    law: ModuleType, rows: list[Row], d: int, facts: EditionFacts, *nodes: TreeNode, k: int = 90
) -> tuple[PartStanding, ...]:
    subject = SubjectFacts(HOSPITAL, nodes)
    return law.standing(rows, CapabilityFacts(CAPABILITY, (facts,)), subject, day(d), end_of_day(k)).parts


def part(law: ModuleType, rows: list[Row], d: int, facts: EditionFacts | None = None, k: int = 90) -> PartStanding:
    """The only part of a hospital without campuses and places."""
    (only,) = parts(law, rows, d, facts or edition(), k=k)
    return only


# ------------------------------------------------------------------ rows


@BOTH
def test_when_a_correction_is_withdrawn_the_first_returns_also_beside_what_replaced_the_correction(
    law: ModuleType,
) -> None:
    # "if a superseding row is itself withdrawn, the first returns": reopening the visit of row 2 ends row 2 although
    # row 3, of somebody else, has superseded it; "a withdrawn row leaves no trace".
    rows = [
        check(1, 1, 0),
        check(2, 1, 2, supersedes=1, recorded_at=at(2)),
        check(3, 1, 2, supersedes=2, recorded_at=at(3), evaluator=Evaluator.EXTERNAL),
        row(4, 1, Method.SPOT_CHECK, withdrawal=True, supersedes=2, recorded_at=at(4)),
    ]
    assert part(law, rows, 5, k=3).state is State.IN_PLACE
    after = part(law, rows, 5, k=4)
    assert (after.state, after.deciding) == (State.BELOW, (1,))


@BOTH
def test_a_row_of_the_whole_hospital_after_its_division_speaks_of_no_campus(law: ModuleType) -> None:
    # "earlier rows speak of each part; afterwards each has its own"
    east = TreeNode("east", PartKind.CAMPUS, HOSPITAL, day(5), at(5))
    before, after = check(1, 4, 2), check(2, 5, 0)
    (only,) = parts(law, [before, after], 6, edition(per_campus=True), east)
    assert (only.part.campus, only.state, only.deciding) == ("east", State.IN_PLACE, (1,))


# ------------------------------------------------------------------ misses and digits


@BOTH
def test_a_seen_pass_does_not_lift_the_digit_while_a_measured_miss_is_open(law: ModuleType) -> None:
    # "the lowest that any miss of rank ≥ 2 has said since the last pass of the deciding rank or higher": the open miss
    # of day 1 is measured, so the seen pass of day 3 does not wipe out the 0 of day 2.
    rows = [timed(1, 1, False), check(2, 2, 0), check(3, 3, 2), check(4, 4, 1)]
    now = part(law, rows, 5)
    assert (now.state, now.digit, now.failed, now.deciding) == (State.BELOW, 0, True, (1, 4))
    # Once a measured pass has come between, only the 1 is left.
    assert part(law, [*rows, timed(5, 3, True)], 5).digit == 1


@BOTH
def test_a_pass_that_a_seen_miss_killed_is_not_contradicted_again(law: ModuleType) -> None:
    # "*contradicted* if it followed a live measured pass": the check of day 2 killed the pass of day 1, the check of
    # day 3 mended that, and the miss of day 4 follows a pass that is only seen.
    rows = [timed(1, 1, True), check(2, 2, 1), check(3, 3, 2), check(4, 4, 1)]
    assert part(law, rows[:2], 2).contradicted
    again = part(law, rows, 5)
    assert (again.state, again.failed, again.contradicted) == (State.BELOW, False, False)


@BOTH
def test_a_miss_inside_a_series_stays_open_and_keeps_its_digit(law: ModuleType) -> None:
    # "A series of times (…) closes only misses before its first day."
    target = (TargetStep(date.min, ALWAYS, {None: Fraction(15)}),)
    facts = edition(kind=Kind.QUANTITY, better=Better.LOWER, targets=target, zero_at=Fraction(60))
    series = row(2, 20, Method.ROUTINE_SERIES, value=Fraction(10), first_day=day(10))
    inside = row(1, 12, Method.TIMED_TEST, value=Fraction(70))
    before = dataclasses.replace(inside, as_of=day(9))
    now = part(law, [inside, series], 21, facts)
    assert (now.state, now.digit, now.proof, now.deciding) == (State.BELOW, 0, Proof.EXERCISED, (1,))
    assert part(law, [before, series], 21, facts).state is State.MET


@BOTH
def test_a_failed_drill_before_an_outsider_is_measured_however_small_its_sample(law: ModuleType) -> None:
    # "**any** drill before an outside evaluator that failed" is exercised; "measurement below the minimum sample" seen.
    facts = edition(min_sample=3)
    drill = row(1, 1, Method.WITNESSED_DRILL, shown=False, notice=Notice.SCRIPTED, sample=1)
    assert part(law, [drill, check(2, 2, 2)], 3, facts).failed
    small = timed(1, 1, False, sample=1)
    assert part(law, [small, check(2, 2, 2)], 3, facts).state is State.IN_PLACE


@BOTH
def test_a_minute_that_had_no_target_on_its_day_fails_as_measured(law: ModuleType) -> None:
    # "A row that met the target of its own day and misses today's is at most a *seen* miss": this one met none.
    steps = (
        TargetStep(date.min, ALWAYS, {30: Fraction(10)}),
        TargetStep(day(5), at(5), {30: Fraction(10), 60: Fraction(10)}),
    )
    facts = edition(kind=Kind.QUANTITY, better=Better.LOWER, targets=steps)
    late = row(1, 1, Method.TIMED_TEST, value=Fraction(20), at_min=60)
    standing_by_minute = {p.part.minute: p for p in parts(law, [late], 6, facts)}
    assert (standing_by_minute[60].state, standing_by_minute[60].failed) == (State.BELOW, True)
    assert standing_by_minute[30].state is State.UNKNOWN
    assert [p.part.minute for p in parts(law, [late], 4, facts)] == [30]


# ------------------------------------------------------------------ conditions


@BOTH
def test_a_holiday_miss_that_has_ended_kills_no_earlier_pass(law: ModuleType) -> None:
    # "counts in all that must, until a measured pass in its own condition or in the one asked"
    facts = edition(prove_in=(DAY,))
    long_lived, miss = event(1, 1, True), timed(2, 5, False, condition=HOLIDAY)
    assert part(law, [long_lived, miss], 8, facts).state is State.BELOW
    for ended_by in (DAY, HOLIDAY):
        passed = timed(3, 9, True, condition=ended_by)
        assert part(law, [long_lived, miss, passed], 9, facts).state is State.MET
        # Day 40: the test of day 9 has lapsed after 20 days, the event of day 1 lives for 60.
        later = part(law, [long_lived, miss, passed], 40, facts)
        assert (later.state, later.deciding) == (State.MET, (1,))


@BOTH
def test_a_pass_borrowed_from_the_day_lapses_with_it_and_leaves_the_night_stale(law: ModuleType) -> None:
    # "counts here as *seen* while it stands there (…); once it has lapsed there it has lapsed here"
    facts = edition(prove_in=(DAY, NIGHT))
    for d, by_day, by_night in ((2, State.MET, State.IN_PLACE), (21, State.STALE, State.STALE)):
        states = {p.part.condition: p.state for p in parts(law, [timed(1, 1, True)], d, facts)}
        assert states == {DAY: by_day, NIGHT: by_night}


@BOTH
def test_a_pass_borrowed_from_the_day_closes_no_miss_of_the_night_and_lifts_no_digit(law: ModuleType) -> None:
    # "but closes no miss and gives back no digit; a miss there does not count here"
    facts = edition(prove_in=(DAY, NIGHT))
    rows = [check(1, 1, 0, condition=NIGHT), timed(2, 2, True), check(3, 3, 1, condition=NIGHT)]
    night = {p.part.condition: p for p in parts(law, rows, 4, facts)}[NIGHT]
    assert (night.state, night.digit, night.deciding) == (State.BELOW, 0, (1, 3))
    missed_by_day = {p.part.condition: p.state for p in parts(law, [timed(1, 1, False)], 2, facts)}
    assert missed_by_day == {DAY: State.BELOW, NIGHT: State.UNKNOWN}


@BOTH
def test_a_series_that_left_a_miss_open_by_day_lends_the_night_nothing(law: ModuleType) -> None:
    # "while it stands there": the series of the day is alive, but the day is *below* by a miss inside it.
    target = (TargetStep(date.min, ALWAYS, {None: Fraction(15)}),)
    facts = edition(kind=Kind.QUANTITY, better=Better.LOWER, targets=target, prove_in=(DAY, NIGHT))
    series = row(2, 20, Method.ROUTINE_SERIES, value=Fraction(10), first_day=day(10))
    inside = row(1, 12, Method.TIMED_TEST, value=Fraction(70))
    for rows, by_day, by_night in (
        ([series], State.MET, State.IN_PLACE),
        ([inside, series], State.BELOW, State.UNKNOWN),
    ):
        states = {p.part.condition: p.state for p in parts(law, rows, 21, facts)}
        assert states == {DAY: by_day, NIGHT: by_night}


# ------------------------------------------------------------------ aggregates


@pytest.mark.parametrize("aggregate", [aggregates.aggregate, oracle_aggregates.aggregate])
def test_a_domain_that_is_wholly_not_applicable_is_not_provisional(aggregate: Callable[[list[Item]], RollUp]) -> None:
    # "Completeness under 95 % of weight, or a must-pass item without a row": there is no weight and no such item.
    item = Item("i", Fraction(1), Kind.OBSERVED, State.UNKNOWN, None, None, applicable=False)
    rolled = aggregate([item])
    assert (rolled.provisional, rolled.digit, rolled.has_word) == (False, None, False)


# ------------------------------------------------------------------ edges of the law


def quantity(*steps: tuple[int, int], **different: object) -> EditionFacts:
    """Minutes, lower is better; each step is (from day, target)."""
    targets = tuple(
        TargetStep(day(n) if n else date.min, at(n) if n else ALWAYS, {None: Fraction(most)}) for n, most in steps
    )
    return edition(kind=Kind.QUANTITY, better=Better.LOWER, targets=targets, **different)


@BOTH
def test_a_tightened_target_judges_a_typed_level_and_a_measured_value_alike(law: ModuleType) -> None:
    # "it is judged like a value equal to that target, so it misses, and says 1, where the target of *d* is stricter"
    facts = quantity((0, 20), (5, 15))
    for told in (check(1, 1, 2), row(1, 1, Method.TIMED_TEST, value=Fraction(20))):
        before, after = part(law, [told], 4, facts), part(law, [told], 5, facts)
        assert before.state in (State.IN_PLACE, State.MET)
        assert (after.state, after.digit, after.failed) == (State.BELOW, 1, False)
    relaxed = quantity((0, 15), (5, 20))
    assert part(law, [check(1, 1, 2)], 5, relaxed).state is State.IN_PLACE


@BOTH
def test_a_real_event_of_the_night_is_not_beaten_by_the_drill_that_did_not_happen(law: ModuleType) -> None:
    # "but of equals in one condition a real event is later than a missed drill"
    missed = row(1, 3, Method.MISSED_DRILL, shown=False, condition=NIGHT)
    event = row(2, 3, Method.REAL_EVENT, shown=True, condition=NIGHT)
    facts = edition(prove_in=(NIGHT,))
    assert part(law, [missed, event], 4, facts).state is State.MET
    elsewhere = dataclasses.replace(event, condition=DAY)
    night = parts(law, [missed, elsewhere], 4, edition(prove_in=(DAY, NIGHT)))[1]
    assert (night.part.condition, night.state) == (NIGHT, State.BELOW)


@BOTH
def test_a_campus_says_what_it_is_and_earlier_rows_speak_of_it_accordingly(law: ModuleType) -> None:
    # "a *division* of what stood before; *new* (…); or the *continuation* of one or more that end on the day on which it
    # begins, under a new code or drawn anew: every row that spoke of one of these speaks of it"
    facts = edition(per_campus=True)
    old = TreeNode("old", PartKind.CAMPUS, HOSPITAL, until_day=day(5), until_recorded_at=at(4))
    kinds = {
        "divided": TreeNode("divided", PartKind.CAMPUS, HOSPITAL, day(5), at(5)),
        "new": TreeNode("new", PartKind.CAMPUS, HOSPITAL, day(5), at(5), is_new=True),
        "moved": TreeNode("moved", PartKind.CAMPUS, HOSPITAL, day(5), at(5), continues=("old",)),
    }
    missed = timed(1, 2, False, subject="old")
    of_whole = timed(2, 1, True)
    subject = SubjectFacts(HOSPITAL, (old, *kinds.values()))
    capability = CapabilityFacts(CAPABILITY, (facts,))
    found = law.standing([missed, of_whole], capability, subject, day(6), end_of_day(6))
    states = {p.part.campus: p.state for p in found.parts}
    assert states == {"divided": State.MET, "new": State.UNKNOWN, "moved": State.BELOW}


@BOTH
def test_an_album_shows_no_document(law: ModuleType) -> None:
    # "any row from outside but an interview or the album of a drill counts as *seen* here"
    facts = edition(kind=Kind.DOCUMENT)
    album = row(1, 1, Method.ALBUM, level=2)
    assert part(law, [album], 2, facts).state is State.CLAIMED
    assert part(law, [dataclasses.replace(album, method=Method.DOCUMENT)], 2, facts).state is State.MET
