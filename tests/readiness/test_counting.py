"""Counting: what is apart stays apart, nothing is lost, one order."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beiji.improve.rules import is_for_the_city
from beiji.readiness.pages import counted
from beiji.readiness.rules import counting
from beiji.readiness.rules.counting import MISSES, Held, Lack
from beiji.readiness.rules.rows import Condition, Proof, State
from beiji.reports import wording
from beiji.reports.rules.facts import Typed, choose_findings

from .counted import held

HOSPITALS = ("azalea", "bamboo", "egret", "ginkgo", "gull")
ITEMS = ("ACT-2", "SUR-9", "TRI-3", "TRI-6")
BELOW = {Proof.STATED: Lack.STATED, Proof.SEEN: Lack.CHECKED, Proof.EXERCISED: Lack.MEASURED, Proof.PERFORMED: Lack.MEASURED}  # fmt: skip


@st.composite
def _row(draw, hospital: str, indicator: str) -> Held:
    state = draw(st.sampled_from(State))
    proof = draw(st.sampled_from(Proof)) if state is not State.UNKNOWN else None
    return held(
        hospital=hospital,
        indicator=indicator,
        must_pass=(must := draw(st.booleans())),
        core=(core := draw(st.booleans())),
        strict=must or core,
        applies=must or draw(st.booleans()),
        covered=draw(st.booleans()),
        state=state,
        proof=proof,
        miss=proof if state is State.BELOW else None,
        weight=draw(st.sampled_from((1, 2, 3))),
        conditions=draw(st.sampled_from(((Condition.NIGHT,), (Condition.DAY, Condition.NIGHT), ()))),
    )


@st.composite
def _picture(draw) -> list[Held]:
    return [draw(_row(h, i)) for h in HOSPITALS for i in ITEMS if draw(st.booleans())]


@given(_picture())
def test_every_gap_is_counted_once_and_under_what_it_lacks(rows):
    counts = counting.tally(rows)
    gaps = [r for r in rows if r.is_gap]
    assert counts.all_gaps == len(gaps) == sum(len(g.gaps) for g in counting.shared_gaps(rows))
    for lack in Lack:
        assert counts.gaps[lack] == sum(r.lack is lack for r in gaps)
    for row in rows:
        if row.applies and row.state is State.BELOW:
            assert row.lack is BELOW[row.miss]


@given(_picture())
def test_an_open_item_is_a_must_pass_item_that_is_neither_in_place_nor_met_and_unknown_is_open(rows):
    counts = counting.tally(rows)
    opened = [r for r in rows if r.must_pass and r.state not in (State.IN_PLACE, State.MET)]
    assert counts.open_items == len(opened)
    assert counts.open_unknown == sum(r.state is State.UNKNOWN for r in opened)
    assert counts.clear_hospitals + counts.open_hospitals == counts.hospitals


@given(_picture())
def test_each_hospital_stands_in_at_most_one_kind_of_a_shared_gap(rows):
    for gap in counting.shared_gaps(rows):
        named = [code for hospitals in gap.lacking.values() for code in hospitals]
        assert len(named) == len(set(named)) <= gap.of
        assert set(gap.gaps) <= set(named)
        assert len(gap.short) == sum(len(gap.lacking[lack]) for lack in MISSES)


@given(_picture(), st.randoms(use_true_random=False))
def test_the_order_of_gaps_is_one_whatever_the_order_of_rows(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    codes = [g.indicator for g in counting.shared_gaps(rows)]
    assert codes == [g.indicator for g in counting.shared_gaps(shuffled)]
    gravity = [g.gravity for g in counting.shared_gaps(rows)]
    assert gravity == sorted(gravity, reverse=True)


@given(_picture())
def test_map_offers_and_report_print_one_number_for_one_finding(rows):
    """The manager's first gaps are the report's findings, and every sentence carries the same counts."""
    gaps = counting.shared_gaps(rows)
    chosen = choose_findings(rows, [])
    assert [c.gap for c in chosen] == [g for g in gaps if g.is_finding][:5]
    assert {g.indicator for g in gaps if is_for_the_city(g)} <= {g.indicator for g in gaps}
    for gap in gaps:
        short = sum(r.applies and r.state is State.BELOW for r in rows if r.indicator == gap.indicator)
        listed = counted.gap_words(gap)
        if short:
            assert f"falls short in {short} of {gap.of} " in listed
        else:
            assert "falls short" not in listed
    for finding in chosen:
        remark = wording.finding_remark(finding)
        number = len(finding.gap.short) or len(finding.gap.lacking[Lack.UNPROVEN])
        assert remark.startswith(f"{number}/{finding.gap.of} ")
        sentence = wording.finding_sentence(finding.gap, {code: {"en": code} for code in ITEMS}, {})
        assert f"in {number} of {finding.gap.of} hospital" in sentence


def test_one_hospital_measured_does_not_lend_its_proof_to_the_others():
    rows = [held(hospital="egret", state=State.BELOW, miss=Proof.EXERCISED)]
    rows += [held(hospital=h, state=State.BELOW, miss=Proof.SEEN) for h in ("gull", "ginkgo")]
    rows += [held(hospital="azalea", state=State.IN_PLACE), held(hospital="bamboo", state=State.UNKNOWN)]
    gap = counting.shared_gap(rows)
    assert counted.gap_words(gap) == (
        "falls short in 3 of 5 hospitals (1 measured, 2 checked); not yet proven in 1 of 5 hospitals; "
        "unknown in 1 of 5 hospitals"
    )
    assert wording.finding_remark(choose_findings(rows, [])[0]) == "3/5 · 1 measured, 2 checked"


def test_a_finding_about_one_hospital_is_not_printed_with_the_citys_count():
    rows = [held(hospital=h, state=State.BELOW, miss=Proof.SEEN) for h in HOSPITALS[:4]] + [held(hospital="gull")]

    def remark(*hospitals):
        finding = Typed("one", ("TRI-6",), 1, frozenset(hospitals))
        return wording.finding_remark(choose_findings(rows, [finding])[0])

    assert remark() == "4/5 · 4 checked"
    assert remark("egret") == "1/1 · 1 checked"
    assert remark(*HOSPITALS[:4]) == "4/5 · 4 checked", "it names every hospital that falls short"
    assert remark("gull") == "no hospital falls short any more"


def test_what_nobody_knows_is_a_gap_once_covered_and_never_a_finding():
    unknown = held(state=State.UNKNOWN, proof=None, digit=None)
    assert unknown.is_gap
    assert unknown.is_open
    assert choose_findings([unknown], []) == []
    assert not held(state=State.UNKNOWN, covered=False).is_gap


@pytest.mark.parametrize(
    ("states", "must", "is_hatched"),
    [
        ([], False, False),
        ([State.STALE], True, True),
        ([State.STALE, State.MET], False, True),
        ([State.STALE, State.MET, State.MET], False, False),
        ([State.STALE, State.MET, State.MET], True, True),
        ([State.STALE, State.UNKNOWN, State.UNKNOWN], False, True),
    ],
)
def test_a_domain_is_hatched_when_a_must_pass_item_or_half_of_what_is_known_has_expired(states, must, is_hatched):
    assert counting.is_hatched(held(must_pass=must, state=state) for state in states) is is_hatched


def test_the_first_round_ends_with_the_last_hospitals_first_assessment():
    days = [("egret", date(2026, 3, 1)), ("gull", date(2026, 4, 2)), ("egret", date(2026, 9, 9))]
    assert counting.end_of_first_round(days) == date(2026, 4, 2)
    assert counting.end_of_first_round([]) is None


def test_gravity_adds_the_weight_of_each_hospitals_own_item():
    rows = [held(hospital="egret", state=State.BELOW, miss=Proof.SEEN, weight=3)]
    rows += [held(hospital="gull", state=State.BELOW, miss=Proof.SEEN, weight=2, must_pass=False)]
    gap = counting.shared_gap(rows)
    assert gap.gravity == 5
    assert Fraction(len(gap.gaps), gap.of) == 1
