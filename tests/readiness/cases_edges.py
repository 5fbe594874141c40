"""Named cases of the ledger's edges (decision 0009): drills that did not happen, campuses that open, time, numbers,
evaluators who were struck off, items set aside. Docstrings quote the law."""

from __future__ import annotations

from datetime import timedelta
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
    PartKind,
    Proof,
    StruckOff,
    SubjectFacts,
    TreeNode,
)

from .cases_aggregates import below, item, met, paper, unknown
from .cases_recording import TWO, notified, refused, taken
from .cases_standing import BOTH, campus, night
from .law import (
    BY_DAY,
    BY_NIGHT,
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
    said,
    stand,
    target,
    timed,
)

SELF, PEER, CITY, EXTERNAL = Evaluator
PLACE = PartKind.PLACE


# ------------------------------------------------------------------ notified drills: checked when notified


def not_notified(law: Any, capability: Any = None, tree: Any = HOSPITAL, **facts: Any) -> str:
    """The code with which a notification is refused."""
    with pytest.raises(LedgerError) as refusal:
        law.check_notification(notified(**facts), capability=capability or clear(), subject=tree, now=at(8))
    return refusal.value.code


@case
def a_drill_of_a_document_cannot_be_notified(law: Any) -> None:
    """A notification is refused if a row of the drill could not be recorded as the tree stands: a document"""
    assert not_notified(law, document()) == "document-drill"
    law.check_notification(notified(), capability=clear(), subject=HOSPITAL, now=at(8))


@case
def a_drill_of_a_whole_whose_campuses_are_kept_apart_cannot_be_notified(law: Any) -> None:
    """a hospital where its campuses are kept apart, or the reverse; a place that is missing or not listed"""
    assert not_notified(law, clear(per_campus=True), TWO) == "per-campus"
    assert not_notified(law, clear(), TWO, subject="east") == "whole"
    red = SubjectFacts("ginkgo", (campus("red", kind=PLACE),))
    assert not_notified(law, clear(per_place=True), red) == "per-place"
    assert not_notified(law, clear(per_place=True), red, place="blue") == "place"
    law.check_notification(notified(place="red"), capability=clear(per_place=True), subject=red, now=at(8))


@case
def a_drill_is_notified_on_an_earlier_day_to_somebody_outside(law: Any) -> None:
    """notified to an office outside on an earlier day, at most 366 days before; condition any is refused"""
    assert not_notified(law, notified_at=day(10)) == "notify-late"
    assert not_notified(law, notified_at=day(10) - timedelta(days=367)) == "notify-early"
    assert not_notified(law, evaluator=SELF) == "notify-inside"
    assert not_notified(law, condition=Condition.ANY) == "notify-condition"
    law.check_notification(
        notified(notified_at=day(10) - timedelta(days=366)), capability=clear(), subject=HOSPITAL, now=at(8)
    )


# ------------------------------------------------------------------ notified drills: handed in or missed

HANDED_IN = drill(1, 10, Notice.UNANNOUNCED, False, SELF, own=True, drill="d1", **BY_DAY)


def missed(law: Any, on: int, rows: Any, **facts: Any) -> bool:
    found: bool = law.drill_is_missed(notified(**facts), list(rows), day(on), end(on))
    return found


@case
def a_row_of_the_drill_has_its_day_condition_and_part(law: Any) -> None:
    """A row of the drill names it, with its capability, its subject and place, its condition and its day"""
    assert not missed(law, 41, [HANDED_IN])
    for other in ({"as_of": day(11)}, BY_NIGHT, {"subject": "egret"}, {"place": "red"}, {"capability": "other"}):
        assert missed(law, 41, [replace(HANDED_IN, **other)]), other


@case
def a_self_rating_hands_nothing_in(law: Any) -> None:
    """A row of the drill is a witnessed or own drill"""
    assert missed(law, 41, [rated(1, 10, 2, drill="d1", **BY_DAY)])
    before_an_outsider = drill(1, 10, Notice.ANNOUNCED, True, PEER, own=False, drill="d1", **BY_DAY)
    assert not missed(law, 41, [before_an_outsider])


@case
def handing_in_and_withdrawing_leaves_the_miss(law: Any) -> None:
    """handed in if a row of it stood at the end of the 30th day, and as long as one stands"""
    withdrawn = ended(2, 50, HANDED_IN)
    assert not missed(law, 49, [HANDED_IN, withdrawn])
    assert missed(law, 50, [HANDED_IN, withdrawn])
    confirmed = replace(HANDED_IN, id=3, evaluator=CITY, office="commission", supersedes=1, recorded_at=at(60))
    assert not missed(law, 61, [HANDED_IN, confirmed])


@case
def a_row_that_names_a_drill_is_a_row_of_it(law: Any) -> None:
    """a row that names a drill and differs in one of these, or names one that was called off, is refused"""
    facts = {"capability": observed(), "drill": notified()}
    taken(law, HANDED_IN, **facts)
    assert refused(law, replace(HANDED_IN, as_of=day(9)), **facts) == "drill-other"
    assert refused(law, replace(HANDED_IN, condition=Condition.NIGHT), **facts) == "drill-other"
    assert refused(law, rated(1, 10, 2, drill="d1", **BY_DAY), **facts) == "drill-other"
    assert refused(law, replace(HANDED_IN, drill="d2"), **facts) == "drill-unknown"
    off = notified(called_off_at=at(9))
    assert refused(law, HANDED_IN, capability=observed(), drill=off) == "drill-called-off"


@case
def a_row_of_a_drill_stands_at_a_part_of_it(law: Any) -> None:
    """A row of the drill … with its subject and place"""
    per_campus = observed(per_campus=True)
    at_east = replace(HANDED_IN, subject="east")
    west = notified(subject="west")
    assert refused(law, at_east, capability=per_campus, subject=TWO, drill=west) == "drill-other"
    taken(law, at_east, capability=per_campus, subject=TWO, drill=notified(subject="east"))


@case
def a_real_event_of_that_night_stands_for_the_drill(law: Any) -> None:
    """A real event, confirmed from outside, of the same capability, subject, place, condition and day counts as a row of it"""
    event = row(1, 10, Method.REAL_EVENT, CITY, value=14, **BY_DAY)
    assert not missed(law, 41, [event])
    assert missed(law, 41, [replace(event, evaluator=SELF)])  # the hospital's own word is not enough
    assert missed(law, 41, [replace(event, as_of=day(9))])
    assert missed(law, 41, [replace(event, condition=Condition.NIGHT)])


@case
def a_real_event_is_later_than_the_drill_that_did_not_happen(law: Any) -> None:
    """but of equals in one condition a real event is later than a missed drill"""
    miss = row(1, 10, Method.MISSED_DRILL, CITY, shown=False, **BY_NIGHT)
    event = row(2, 10, Method.REAL_EVENT, CITY, value=14, recorded_at=at(60), **BY_NIGHT)
    assert said(stand(law, [miss, event], on=60)) == "met 3 performed"
    for other in (
        replace(event, condition=Condition.DAY),
        replace(event, method=Method.TIMED_TEST),
        replace(event, as_of=day(9)),
    ):
        assert said(stand(law, [miss, other], on=60)) == "below 1 exercised", other


@case
def the_drill_that_did_not_happen_contradicts_no_event_of_its_night(law: Any) -> None:
    """of equals … a real event is later than a missed drill"""
    miss = row(1, 10, Method.MISSED_DRILL, CITY, shown=False, **BY_NIGHT)
    event = row(2, 10, Method.REAL_EVENT, CITY, value=14, **BY_NIGHT)
    found = stand(law, [miss, event, checked(3, 20, 1, **BY_NIGHT)], on=21)
    assert (said(found), found.contradicted) == ("below 1 seen", True)


@case
def nobody_supersedes_a_missed_drill(law: Any) -> None:
    """a missed drill is superseded by nobody"""
    miss = row(1, 0, Method.MISSED_DRILL, CITY, shown=False, **BY_DAY)
    mended = row(2, 0, Method.SPOT_CHECK, CITY, level=2, supersedes=1, recorded_at=at(9))
    assert refused(law, mended, rows=[miss]) == "supersedes-missed"


# ------------------------------------------------------------------ notified drills: the tree changed meanwhile


def asked_of(law: Any, *nodes: TreeNode, capability: Any = None, **facts: Any) -> list[tuple[str, str | None]]:
    """Subject and place of each part that a notified drill is asked of."""
    asked = capability or clear(per_campus=True)
    parts = law.parts_of_drill(notified(**facts), asked, SubjectFacts("ginkgo", nodes), end(60))
    return [(p.subject, p.place) for p in parts]


@case
def a_drill_is_asked_of_each_part_that_its_part_was_divided_into(law: Any) -> None:
    """the drill is asked of each part that stands on its day and of which a row of the notified part speaks"""
    assert asked_of(law) == [("ginkgo", None)]
    assert asked_of(law, campus("east", 9), campus("west", 9)) == [("east", None), ("west", None)]
    assert asked_of(law, campus("east", 9), replace(campus("annex", 9), is_new=True)) == [("east", None)]
    assert asked_of(law, campus("east", 11)) == [("ginkgo", None)]


@case
def a_drill_follows_its_campus_under_a_new_code(law: Any) -> None:
    """divided, continued or ended"""
    old = replace(campus("old"), until_day=day(9), until_recorded_at=at(9))
    new = replace(campus("new", 9), continues=("old",))
    assert asked_of(law, old, new, campus("other"), subject="old") == [("new", None)]
    assert asked_of(law, old, campus("other"), subject="old") == []


@case
def a_drill_keeps_to_its_place(law: Any) -> None:
    """its subject and place"""
    red, blue = campus("red", kind=PLACE), campus("blue", kind=PLACE)
    assert asked_of(law, red, blue, capability=clear(per_place=True), place="red") == [("ginkgo", "red")]
    assert asked_of(law, red, blue, capability=clear(), place="red") == [("ginkgo", "red")]
    later = (campus("red", 9, PLACE), campus("blue", 9, PLACE))
    assert asked_of(law, *later, capability=clear(per_place=True)) == [("ginkgo", "red"), ("ginkgo", "blue")]


# ------------------------------------------------------------------ campuses and places that open


def on_campuses(law: Any, rows: Any, *nodes: TreeNode, on: int = 20) -> dict[str, str]:
    """Standing of each campus."""
    found = stand(law, rows, on=on, capability=clear(per_campus=True), subject=SubjectFacts("ginkgo", nodes))
    return {p.part.campus: " ".join(w for w in (p.state.value, str(p.digit or "")) if w) for p in found.parts}


@case
def a_new_campus_inherits_nothing(law: Any) -> None:
    """new (it was not part of what the earlier rows were about: none of them, pass or miss, speaks of it)"""
    main, annex = campus("main", 10), replace(campus("annex", 10), is_new=True)
    assert on_campuses(law, [timed(1, 0, 12)], main, annex) == {"main": "met 3", "annex": "unknown"}
    assert on_campuses(law, [timed(1, 0, 24)], main, annex) == {"main": "below 1", "annex": "unknown"}


@case
def a_campus_under_a_new_code_keeps_its_open_miss(law: Any) -> None:
    """the continuation …: every row that spoke of one of these speaks of it"""
    old = replace(campus("old"), until_day=day(10), until_recorded_at=at(10))
    new = replace(campus("new", 10), continues=("old",))
    assert on_campuses(law, [timed(1, 0, 24, subject="old")], old, new) == {"new": "below 1"}
    assert on_campuses(law, [timed(1, 0, 24, subject="old")], old, new, on=9) == {"old": "below 1"}
    # not to rows of the hospital, which never spoke of the old campus, nor to rows of others
    strangers = [timed(1, 0, 12), timed(2, 0, 12, subject="other")]
    assert on_campuses(law, strangers, old, new) == {"new": "unknown"}


@case
def a_continuation_keeps_what_its_part_had_taken_over(law: Any) -> None:
    """every row that spoke of one of these speaks of it"""
    old = replace(campus("old", 5), until_day=day(10), until_recorded_at=at(10))
    new = replace(campus("new", 10), continues=("old",))
    assert on_campuses(law, [timed(1, 0, 24)], old, new) == {"new": "below 1"}
    assert on_campuses(law, [timed(1, 0, 24)], replace(old, is_new=True), new) == {"new": "unknown"}


@case
def a_campus_that_continues_two_has_the_rows_of_both(law: Any) -> None:
    """the continuation of one or more that end on the day on which it begins"""
    gone = {"until_day": day(10), "until_recorded_at": at(10)}
    east, west = replace(campus("east"), **gone), replace(campus("west"), **gone)
    both = replace(campus("both", 10), continues=("east", "west"))
    rows = [timed(1, 3, 24, subject="east"), timed(2, 2, 12, subject="west")]
    assert on_campuses(law, rows, east, west, both) == {"both": "below 1"}


@case
def a_new_place_inherits_nothing(law: Any) -> None:
    """A campus or place that opens says which it is"""
    nodes = (campus("red", 10, PLACE), replace(campus("blue", 10, PLACE), is_new=True))
    found = stand(
        law, [timed(1, 0, 12)], on=11, capability=clear(per_place=True), subject=SubjectFacts("ginkgo", nodes)
    )
    assert {p.part.place: p.state.value for p in found.parts} == {"red": "met", "blue": "unknown"}


# ------------------------------------------------------------------ time alone


@case
def a_borrowed_pass_that_lapses_leaves_stale_not_unknown(law: Any) -> None:
    """what is not unknown never becomes unknown; once it has lapsed there it has lapsed here"""
    by_day = timed(1, 0, 12, **BY_DAY)
    assert night(law, [by_day], on=364) == "in-place 2 seen"
    assert night(law, [by_day], on=365) == "stale 2 seen"
    assert said(stand(law, [by_day], on=365, capability=clear(**BOTH))) == "stale 2 seen"


@case
def a_lapsed_proof_stays_in_the_mean(law: Any) -> None:
    """time alone never heals: no score or word of a roll-up gets better"""
    by_day, rest = timed(1, 0, 12, **BY_DAY), met("b", weight=2)
    scores = []
    for on in (364, 365):
        found = stand(law, [by_day], on=on, capability=clear(**BOTH))
        lapsing = item("a", found.state, found.digit, proof=found.proof)
        scores.append(law.aggregate([lapsing, rest]).score)
    assert scores == [Fraction(8, 9), Fraction(7, 9)]


# ------------------------------------------------------------------ targets


@case
def a_tightened_target_judges_value_and_level_alike(law: Any) -> None:
    """A level 2 is judged like a value equal to the target of its own day, so it misses where the target of d is stricter"""
    stricter = clear(targets=(target(15), target(10, start=100)))
    for typed, measured in ((checked(1, 50, 2), "below 1 seen"), (rated(1, 50, 2), "below 1 stated")):
        assert said(stand(law, [typed], on=100, capability=stricter)) == measured
    assert said(stand(law, [checked(1, 50, 2)], on=99, known=200, capability=stricter)) == "in-place 2 seen"
    assert said(stand(law, [checked(1, 100, 2)], on=101, capability=stricter)) == "in-place 2 seen"
    more = clear(better=Better.HIGHER, targets=(target(6), target(8, start=100)), zero_at=Fraction(1))
    assert said(stand(law, [checked(1, 50, 2)], on=100, capability=more)) == "below 1 seen"


@case
def a_relaxed_target_keeps_a_level(law: Any) -> None:
    """where the target of d is stricter"""
    relaxed = clear(targets=(target(15), target(20, start=100)))
    assert said(stand(law, [checked(1, 50, 2)], on=100, capability=relaxed)) == "in-place 2 seen"
    assert said(stand(law, [checked(1, 50, 1)], on=100, capability=relaxed)) == "below 1 seen"


@case
def a_level_shows_no_minute_that_its_day_did_not_name(law: Any) -> None:
    """or where its own day named no target at that minute"""
    teams = {"better": Better.HIGHER, "zero_at": Fraction(0)}
    longer = clear(targets=(target({30: 6}), target({30: 6, 60: 9}, start=100)), **teams)
    found = stand(law, [checked(1, 50, 2)], on=100, capability=longer)
    assert {p.part.minute: p.state.value for p in found.parts} == {30: "in-place", 60: "below"}


@case
def a_level_of_an_older_edition_is_judged_where_that_names_a_target(law: Any) -> None:
    """(where its edition names none on d, it passes)"""
    first = edition(1, targets=(target({30: 6}),), better=Better.HIGHER)
    second = edition(2, start=100, targets=(target({30: 9, 60: 9}),), better=Better.HIGHER, raises=False)
    found = stand(law, [checked(1, 50, 2)], on=100, capability=clear(first, second))
    assert {p.part.minute: p.state.value for p in found.parts} == {30: "in-place", 60: "in-place"}


# ------------------------------------------------------------------ exact sentences


@case
def an_album_shows_no_document(law: Any) -> None:
    """any row from outside but an interview or the album of a drill counts as seen here"""
    album = row(1, 0, Method.ALBUM, CITY, shown=True)
    assert law.proof_of(album, document().editions[0], True) is Proof.STATED


@case
def what_happened_names_its_condition_also_below_the_sample(law: Any) -> None:
    """names the one in which it did, also where a small sample makes it only seen; it counts in that condition alone"""
    small = clear(min_sample=5, **BOTH)
    assert refused(law, timed(1, 0, 12, sample=4), small) == "condition"
    few = timed(1, 0, 12, sample=4, **BY_DAY)
    taken(law, few, small)
    assert night(law, [few], on=1, capability=small) == "unknown"


@case
def validity_is_by_proof(law: Any) -> None:
    """as_of plus the days that the capability names for the row's proof"""
    few = timed(1, 0, 12, sample=4)
    lives = {Proof.STATED: 1, Proof.SEEN: 10, Proof.EXERCISED: 100, Proof.PERFORMED: 100}
    step = replace(clear().editions[0].validity[0], days=lives)
    assert said(stand(law, [few], on=10, capability=clear(validity=(step,)))) == "met 3 exercised"
    assert said(stand(law, [few], on=9, capability=clear(validity=(step,), min_sample=5))) == "in-place 2 seen"
    assert said(stand(law, [few], on=10, capability=clear(validity=(step,), min_sample=5))) == "stale 2 seen"


@case
def the_mark_of_below_is_the_strongest_open_miss_not_the_newest(law: Any) -> None:
    """below: the strongest proof among the open misses"""
    event = row(1, 0, Method.REAL_EVENT, CITY, value=24)
    assert said(stand(law, [event, timed(2, 5, 24), checked(3, 6, 1)], on=7)) == "below 1 performed"


# ------------------------------------------------------------------ numbers


@case
def a_number_is_plain_and_short(law: Any) -> None:
    """zero or more, at most 7 digits before and 6 after the decimal point"""
    for wrong in (Fraction(1, 3), Fraction(1, 10**7), Fraction(10**7), Fraction(1, 10**5000), Fraction(10**5000)):
        assert refused(law, timed(1, 0, wrong, **BY_DAY)) == "number", wrong
    assert refused(law, timed(1, 0, Fraction(-1, 10**5000), **BY_DAY)) == "value"
    for right in (Fraction(0), Fraction("14.5"), Fraction("0.000001"), Fraction(100_000)):
        taken(law, timed(1, 0, right, **BY_DAY))


@case
def each_unit_has_an_upper_bound(law: Any) -> None:
    """not above the upper bound of its unit (share 1 · min 10 080 · … · any other, or none: 1 000 000)"""
    bounds = {"share": 1, "min": 10_080, "s": 86_400, "h": 8_784, "days": 3_660, "teams": 1_000, "places": 10_000}
    bounds |= {"beds": 100_000, "points": 1_000_000, "": 1_000_000}
    for unit, most in bounds.items():
        taken(law, timed(1, 0, most, **BY_DAY), clear(unit=unit))
        too_many = Fraction(most) + Fraction(1, 1000)
        assert refused(law, timed(1, 0, too_many, **BY_DAY), clear(unit=unit)) == "value-most", unit


@case
def a_sample_is_bounded(law: Any) -> None:
    """A sample is 1 to 100 000"""
    taken(law, timed(1, 0, 1, sample=100_000, **BY_DAY))
    assert refused(law, timed(1, 0, 1, sample=100_001, **BY_DAY)) == "sample"


@case
def a_text_becomes_a_number_only_if_it_is_plain(law: Any) -> None:
    """no exponent"""
    assert law.number("14.5") == Fraction(29, 2)
    for wrong in (
        "1e5",
        "-1",
        "1/3",
        "",
        "NaN",
        "inf",
        "12345678",
        "1.1234567",
        "１４",
        " 1",
        "1\n",
        "1_0",
        "1E-99999999",
    ):
        with pytest.raises(LedgerError):
            law.number(wrong)


# ------------------------------------------------------------------ struck off

STRUCK = StruckOff("delegation", at(10))
THEIRS = timed(1, 0, 12, by="carla", **BY_DAY)


def ending(old: Any, who: Evaluator, office: str, **facts: Any) -> Any:
    return ended(2, 20, old, evaluator=who, office=office, **facts)


@case
def the_city_ends_a_pass_of_an_evaluator_who_was_struck_off(law: Any) -> None:
    """those that pass on the day on which they are ended may be withdrawn by any office with evaluator city or external"""
    by_city = ending(THEIRS, CITY, "commission")
    assert refused(law, by_city, rows=[THEIRS]) == "supersedes-right"
    taken(law, by_city, rows=[THEIRS], struck_off=[STRUCK])
    assert refused(law, ending(THEIRS, PEER, "egret"), rows=[THEIRS], struck_off=[STRUCK]) == "supersedes-right"
    assert refused(law, replace(by_city, reason=""), rows=[THEIRS], struck_off=[STRUCK]) == "reason"
    other = [replace(STRUCK, office="centre")]
    assert refused(law, by_city, rows=[THEIRS], struck_off=other) == "supersedes-right"


@case
def the_city_only_withdraws_what_a_struck_off_evaluator_saw(law: Any) -> None:
    """may be withdrawn"""
    instead = timed(2, 0, 24, supersedes=1, evaluator=CITY, office="commission", recorded_at=at(20), **BY_DAY)
    assert refused(law, instead, rows=[THEIRS], struck_off=[STRUCK]) == "supersedes-right"


@case
def a_miss_of_an_evaluator_who_was_struck_off_ends_only_by_another_external_office(law: Any) -> None:
    """those that miss only by another office with evaluator external"""
    miss = timed(1, 0, 24, **BY_DAY)
    facts = {"rows": [miss], "struck_off": [STRUCK]}
    assert refused(law, ending(miss, CITY, "commission"), **facts) == "supersedes-right"
    taken(law, ending(miss, EXTERNAL, "ministry"), **facts)
    at_30 = checked(1, 0, 2)
    teams = clear(better=Better.HIGHER, targets=(target({30: 8}), target({30: 8, 60: 9}, start=15)))
    facts = {"capability": teams, "rows": [at_30], "struck_off": [STRUCK]}
    assert refused(law, ending(at_30, CITY, "commission"), **facts) == "supersedes-right"


@case
def who_was_struck_off_records_nothing_from_outside(law: Any) -> None:
    """From that instant no row from outside of that office (or person) is recorded"""
    late = timed(1, 11, 12, by="carla", **BY_DAY)
    assert refused(law, late, struck_off=[STRUCK]) == "struck-off"
    taken(law, THEIRS, struck_off=[STRUCK])  # before that instant
    missed_by_office = row(1, 11, Method.MISSED_DRILL, EXTERNAL, shown=False, **BY_DAY)
    taken(law, missed_by_office, struck_off=[STRUCK], by_ledger=True)


@case
def one_person_of_an_office_can_be_struck_off(law: Any) -> None:
    """an office, or one person of an office"""
    person = [replace(STRUCK, person="carla")]
    taken(law, ending(THEIRS, CITY, "commission"), rows=[THEIRS], struck_off=person)
    colleague = replace(THEIRS, by="david")
    assert (
        refused(law, ending(colleague, CITY, "commission"), rows=[colleague], struck_off=person) == "supersedes-right"
    )
    taken(law, timed(1, 11, 12, by="david", **BY_DAY), struck_off=person)
    assert refused(law, timed(1, 11, 12, by="carla", **BY_DAY), struck_off=person) == "struck-off"


@case
def a_missed_drill_of_a_struck_off_office_is_such_a_miss(law: Any) -> None:
    """A missed drill whose notified office was struck off is such a miss"""
    mine = row(1, 0, Method.MISSED_DRILL, CITY, shown=False, **BY_DAY)
    struck = [replace(STRUCK, office="commission")]
    assert refused(law, ending(mine, CITY, "centre"), rows=[mine], struck_off=struck) == "supersedes-right"
    taken(law, ending(mine, EXTERNAL, "delegation"), rows=[mine], struck_off=struck)


@case
def a_striking_off_that_was_taken_back_holds_no_more(law: Any) -> None:
    """The city can take it back, on record; it holds until then"""
    back = [replace(STRUCK, lifted_at=at(15))]
    taken(law, timed(1, 16, 12, **BY_DAY), struck_off=back)
    assert refused(law, timed(1, 11, 12, **BY_DAY), struck_off=back) == "struck-off"
    assert refused(law, ending(THEIRS, CITY, "commission"), rows=[THEIRS], struck_off=back) == "supersedes-right"


# ------------------------------------------------------------------ not applicable


@case
def a_failed_item_is_set_aside_by_nobody_lower_than_who_found_it(law: Any) -> None:
    """over an item with an open miss of rank ≥ 2 the approval comes from an evaluator not lower than any who recorded such a miss"""
    rows = [checked(1, 0, 1), timed(2, 1, 24, evaluator=CITY), rated(3, 2, 0)]
    failing = law.who_found_it_failing(stand(law, rows, on=3), rows)
    assert failing.id == 1
    assert [who for who in Evaluator if law.may_set_aside(who, failing)] == [EXTERNAL]
    assert law.who_found_it_failing(stand(law, rows[2:], on=3), rows[2:]) is None
    mended = [*rows, timed(4, 5, 12)]
    assert law.who_found_it_failing(stand(law, mended, on=6), mended) is None
    assert [who for who in Evaluator if law.may_set_aside(who, None)] == [PEER, CITY, EXTERNAL]


@case
def a_roll_up_names_what_was_set_aside(law: Any) -> None:
    """Each roll-up names the not applicable items that are below (set aside), by code and sorted"""
    aside = {"applicable": False}
    items = [met("a"), below("z", **aside), below("c", **aside), paper("d", **aside), unknown("e", **aside)]
    assert law.aggregate(items).set_aside == ("c", "z")
    assert law.aggregate([below("c", **aside)]).set_aside == ("c",)
    assert law.aggregate([below("c", **aside), unknown("a")]).set_aside == ("c",)
    assert law.hospital(items, {"D": items}, expected=1).total.set_aside == ("c", "z")
    assert law.aggregate([below("c")]).set_aside == ()
