"""Scorers of instruments: the worked numbers of the samples, published tables, and what each rule promises for any answers."""

import dataclasses
import random
import shutil
from fractions import Fraction as F
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from beiji.packs import packs_root
from beiji.packs.checks.instruments import check_instrument
from beiji.packs.instruments.plans import plan_of
from beiji.packs.library import Library, scan
from beiji.packs.scorers import NA, Answer, Entry, Grade, GradeCap, Part, Plan, rounded, score
from beiji.packs.scorers.hazards import risk

WORDS = {
    "weighted-levels": {"0": F(0), "1": F(1, 3), "2": F(2, 3), "3": F(1)},
    "share-of-standards": {"no": F(0), "partial": F(0), "full": F(1)},
    "safety-index": {"low": F(1, 4), "average": F(1, 2), "high": F(1)},
    "hazard-vulnerability": {},
}
MEANS = [rule for rule in WORDS if rule != "hazard-vulnerability"]
GRADES = (Grade("A", F("0.8")), Grade("B", F("0.6")), Grade("C", F("0.3")), Grade("D", F(0)))
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CAPS = (GradeCap("must-pass-open", "C", value=F(1, 3)), GradeCap("group-under", "C", share=F("0.3")))


@st.composite
def plans(draw: st.DrawFn, rules: list[str]) -> Plan:
    rule = draw(st.sampled_from(rules))
    groups = {f"G{n}": F(draw(st.integers(1, 60))) for n in range(draw(st.integers(1, 3)))}
    entries = tuple(
        Entry(
            code=f"I{n}",
            group=f"G{n % len(groups)}",
            weight=F(draw(st.integers(1, 9))),
            must_pass=rule == "weighted-levels" and draw(st.booleans()),
            pillar=draw(st.sampled_from(["", "S", "E"])),
            fours=draw(st.sampled_from(["", "space"])),
        )
        for n in range(draw(st.integers(len(groups), 7)))
    )
    return Plan(
        rule, entries, groups, WORDS[rule], GRADES,
        round_to=draw(st.sampled_from([None, F("0.01")])),
        rescale=rule == "safety-index" and draw(st.booleans()),
        caps=CAPS if rule == "weighted-levels" else (),
    )  # fmt: skip


@st.composite
def answered(draw: st.DrawFn, rules: list[str] = MEANS) -> tuple[Plan, dict[str, Answer]]:
    plan = draw(plans(rules))
    rows = st.tuples(*[st.integers(0, 3)] * 7)
    one = rows if plan.rule == "hazard-vulnerability" else st.sampled_from(sorted(plan.values))
    given = {e.code: draw(st.one_of(st.none(), st.just(NA), one, one)) for e in plan.entries}
    return plan, {code: answer for code, answer in given.items() if answer is not None}


def parts(plan: Plan, answers: dict[str, Answer]) -> list[Part]:
    found = score(plan, answers)
    return [found.whole, *found.groups.values(), *found.pillars.values(), *found.fours.values()]


def rank(part: Part) -> int:
    return -1 if part.grade is None else [g.code for g in reversed(GRADES)].index(part.grade)


@pytest.fixture
def samples(tmp_path: Path) -> Library:
    """The samples alone: they read no other pack."""
    shutil.copytree(packs_root() / "instruments", tmp_path / "packs" / "instruments")
    return scan(tmp_path / "packs")


@pytest.mark.parametrize("name", ["sample-levels", "sample-share", "sample-index", "sample-hazards"])
def test_the_samples_come_out_as_they_were_worked_by_hand(samples: Library, name: str) -> None:
    instrument = samples.instruments[name]
    assert instrument.worked
    for worked in instrument.worked:
        found = score(plan_of(instrument), worked.answers)
        assert found.whole.score == worked.whole.score
        for code, expected in worked.groups.items():
            assert expected.score is None or found.groups[code].score == expected.score


def test_a_published_total_of_hazards_is_found_again() -> None:
    """Printed for a hospital: 0.353 likely, 0.605 severe, 21 % over 17 rows; sums 18 and 185 give it."""
    rows = [(1, *[1] * 6)] * 16 + [(2, *[15] * 5, 14)]
    plan = Plan("hazard-vulnerability", tuple(Entry(f"H{n}", "G") for n in range(17)), {"G": F(17)}, {})
    assert (sum(r[0] for r in rows), sum(sum(r[1:]) for r in rows)) == (18, 185)
    found = score(plan, {f"H{n}": row for n, row in enumerate(rows)})
    assert found.whole.score == F(18, 51) * F(185, 306)
    assert f"{float(F(18, 51)):.3f} {float(F(185, 306)):.3f} {float(found.whole.score):.2f}" == "0.353 0.605 0.21"


def test_a_class_that_is_printed_with_two_decimals_has_no_hole() -> None:
    """Printed: B 0.36 to 0.65, A from 0.66. 0.655 is rounded first, half up, and 0.6549 is not."""
    assert rounded(F("0.655"), F("0.01")) == F("0.66")
    assert rounded(F("0.6549"), F("0.01")) == F("0.65")
    assert rounded(F("0.6549"), None) == F("0.6549")


@few
@given(answered())
def test_scores_lie_between_floor_and_one(case: tuple[Plan, dict[str, Answer]]) -> None:
    for part in parts(*case):
        if part.score is not None and part.floor is not None and part.completeness is not None:
            assert 0 <= part.floor <= part.score <= 1
            assert 0 < part.completeness <= 1
            assert (part.completeness == 1) == (part.assessed + part.not_applicable == part.items)


@few
@given(answered(), st.data())
def test_a_better_answer_never_lowers_a_score_or_a_grade(
    case: tuple[Plan, dict[str, Answer]], data: st.DataObject
) -> None:
    plan, answers = case
    known = [code for code, answer in answers.items() if answer != NA]
    assume(known)
    code = data.draw(st.sampled_from(known))
    better = [word for word, value in plan.values.items() if value > plan.values[answers[code]]]
    assume(better)
    after = parts(plan, {**answers, code: data.draw(st.sampled_from(sorted(better)))})
    for before, now in zip(parts(plan, answers), after, strict=True):
        assert before.score is None or before.score <= now.score
        assert before.floor is None or before.floor <= now.floor
        assert rank(before) <= rank(now)


@few
@given(answered(), st.data())
def test_not_applicable_is_never_a_nought(case: tuple[Plan, dict[str, Answer]], data: st.DataObject) -> None:
    """Leaving an item out gives no less than the worst answer to it, in every part."""
    plan, answers = case
    code = data.draw(st.sampled_from([e.code for e in plan.entries]))
    worst = min(plan.values, key=lambda word: plan.values[word])
    out, nought = parts(plan, {**answers, code: NA}), parts(plan, {**answers, code: worst})
    for without, low in zip(out, nought, strict=True):
        assert without.score is None or without.score >= low.score
        assert without.floor is None or without.floor >= low.floor


@few
@given(answered(), st.data())
def test_what_nobody_assessed_moves_no_score_and_only_lowers_the_floor(
    case: tuple[Plan, dict[str, Answer]], data: st.DataObject
) -> None:
    plan, answers = case
    code = data.draw(st.sampled_from([e.code for e in plan.entries]))
    blank = {c: a for c, a in answers.items() if c != code}
    left_out = score(plan, {**blank, code: NA})
    unknown = score(plan, blank)
    if plan.rule != "safety-index" or left_out.whole.score is None:
        assert unknown.whole.score == left_out.whole.score
    assert unknown.groups.keys() == left_out.groups.keys()
    for code, part in unknown.groups.items():
        assert part.score == left_out.groups[code].score
        assert part.floor is None or left_out.groups[code].floor is None or part.floor <= left_out.groups[code].floor


@few
@given(answered(list(WORDS)), st.integers(0, 999))
def test_the_order_of_items_groups_and_answers_changes_nothing(case: tuple[Plan, dict[str, Answer]], seed: int) -> None:
    plan, answers = case
    entries, groups, rows = list(plan.entries), list(plan.groups.items()), list(answers.items())
    for one in (entries, groups, rows):
        random.Random(seed).shuffle(one)
    turned = score(dataclasses.replace(plan, entries=tuple(entries), groups=dict(groups)), dict(rows))
    assert turned == score(plan, answers)


@few
@given(answered(["hazard-vulnerability"]), st.data())
def test_hazards_grow_with_every_column_and_stay_within_one(
    case: tuple[Plan, dict[str, Answer]], data: st.DataObject
) -> None:
    plan, answers = case
    found = score(plan, answers)
    assert [r for _, r in found.ranked] == sorted((r for _, r in found.ranked), reverse=True)
    assert all(p.score is None or 0 <= p.score <= 1 for p in (found.whole, *found.groups.values()))
    rows = {code: row for code, row in answers.items() if row != NA}
    assume(rows)
    code, column = data.draw(st.sampled_from(sorted(rows))), data.draw(st.integers(0, 6))
    row = rows[code]
    assume(row[column] < 3)
    more = (*row[:column], row[column] + 1, *row[column + 1 :])
    after = score(plan, {**answers, code: more})
    assert after.whole.score >= found.whole.score
    assert risk(more) >= risk(row)


def test_a_hazard_that_does_not_apply_stays_in_the_count_and_a_blank_does_not() -> None:
    plan = Plan("hazard-vulnerability", (Entry("A", "G"), Entry("B", "G")), {"G": F(2)}, {}, (Grade("any", F(0)),))
    row = (3, 3, 3, 3, 3, 3, 3)
    assert score(plan, {"A": row, "B": NA}).whole.score == F(1, 4)
    blank = score(plan, {"A": row}).whole
    assert (blank.score, blank.completeness, blank.grade, blank.provisional) == (1, F(1, 2), None, True)


def test_an_unknown_must_pass_item_keeps_the_grade_from_being_final() -> None:
    entries = (Entry("M", "G", F(1), must_pass=True), Entry("O", "G", F(99)))
    plan = Plan("weighted-levels", entries, {"G": F(100)}, WORDS["weighted-levels"], GRADES, caps=CAPS)
    found = score(plan, {"O": "3"}).whole
    assert (found.score, found.completeness, found.grade, found.provisional, found.caps) == (
        1, F(99, 100), "C", True, ("must-pass-open",),
    )  # fmt: skip


def test_a_worked_number_that_is_wrong_is_found(samples: Library) -> None:
    item = next(i for i in samples.of_kind("instrument") if i.thing.id == "sample-share")
    wrong = item.thing.worked[0].model_copy(
        update={"whole": item.thing.worked[0].whole.model_copy(update={"score": F(1, 2)})}
    )
    check_instrument(samples, item.thing.model_copy(update={"worked": (wrong,)}), item.source)
    assert [p.sentence for p in item.source.problems] == [
        "The score of the whole is 3/4; the example says 1/2. Correct one."
    ]
