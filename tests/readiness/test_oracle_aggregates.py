"""Production's table of proofs, drills, gaps and aggregates against the oracle."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beiji.readiness.rules import aggregates, gaps, proof, recording, rows
from beiji.readiness.rules.rows import Evaluator, Item, Kind, Method, NotifiedDrill, Proof, RollUp, State
from tests.readiness import oracle_aggregates, oracle_rows
from tests.readiness.oracle_facts import FULL, at, day, end_of_day, short

WEIGHTS = [Fraction(1), Fraction(1), Fraction(2), Fraction(3), Fraction(1, 3), Fraction(19), Fraction(17, 2)]


# ------------------------------------------------------------------ the closed table

OUTCOMES = [{"level": 0}, {"level": 1}, {"level": 2}, {"value": Fraction(1)}, {"shown": True}, {"shown": False}]


def test_every_cell_of_the_table_of_proofs_equals_the_oracle() -> None:
    told = itertools.product(Kind, Method, Evaluator, [None, *rows.Notice], OUTCOMES, [True, False], [1, 2])
    for kind, method, evaluator, notice, said, passed, sample in told:
        if evaluator is Evaluator.SELF and method in rows.ONLY_FROM_OUTSIDE:
            continue
        if method in rows.DRILLS and (notice is None or "level" in said):
            continue
        if method is Method.MISSED_DRILL and (passed or kind is Kind.DOCUMENT or said != {"shown": False}):
            continue
        edition = rows.EditionFacts(1, day(0), at(0), kind, (), min_sample=2)
        for notified in (None, day(4), day(5)):
            row = rows.Row(
                *(1, "hospital", "capability", 1, day(5), at(5), method, evaluator),
                **said,
                notice=notice,
                sample=sample,
                notified_at=notified,
            )
            ours, theirs = oracle_rows.proof_of(row, edition, passed), proof.proof_of(row, edition, passed)
            assert ours == theirs, f"{kind}, {short(row)}, passed {passed}: {ours}, production {theirs}"


# ------------------------------------------------------------------ gaps


@pytest.mark.parametrize("state", State)
def test_gaps_and_open_items_equal_the_oracle(state: State) -> None:
    assert gaps.is_open(state) is oracle_aggregates.is_open(state)
    for strict, covered in itertools.product([True, False], repeat=2):
        ours = oracle_aggregates.is_gap(state, strict=strict, covered=covered)
        assert gaps.is_gap(state, strict=strict, covered=covered) is ours


# ------------------------------------------------------------------ notified drills


@settings(max_examples=1000 if FULL else 150, deadline=None)
@given(st.data())
def test_missed_drills_equal_the_oracle(data: st.DataObject) -> None:
    start = at(3, 60)
    drill = NotifiedDrill(
        *("d", "hospital", "capability", rows.Condition.DAY, start),
        notified_at=data.draw(st.sampled_from([day(1), day(2), day(3)])),
        office="city",
        evaluator=Evaluator.CITY,
        called_off_at=data.draw(st.sampled_from([None, None, start - timedelta(minutes=1), start, at(4)])),
    )
    own_condition = [rows.Condition.DAY, rows.Condition.DAY, rows.Condition.DAY, rows.Condition.NIGHT]
    record = rows.Row(
        *(1, "hospital", "capability", 1, data.draw(st.sampled_from([day(3), day(3), day(3), day(2)]))),
        at(data.draw(st.sampled_from([3, 32, 33, 34])), 900),
        data.draw(st.sampled_from([Method.OWN_DRILL, Method.WITNESSED_DRILL, Method.REAL_EVENT, Method.SELF_RATING])),
        data.draw(st.sampled_from([Evaluator.SELF, Evaluator.CITY])),
        shown=data.draw(st.booleans()),
        notice=rows.Notice.ANNOUNCED,
        condition=data.draw(st.sampled_from(own_condition)),
        place=data.draw(st.sampled_from([None, None, None, "gate"])),
        drill=data.draw(st.sampled_from(["d", "d", "e", ""])),
    )
    ended = dataclasses.replace(
        record,
        id=2,
        recorded_at=at(data.draw(st.sampled_from([33, 34, 36])), 901),
        shown=None,
        withdrawal=True,
        supersedes=1,
        drill=data.draw(st.sampled_from(["", "d"])),
    )
    again = dataclasses.replace(record, id=3, recorded_at=at(data.draw(st.sampled_from([4, 35])), 902))
    written = data.draw(st.sampled_from([(), (record,), (record, ended), (record, ended, again)]))
    for today, known in itertools.product([2, 3, 32, 33, 34, 40], [3, 32, 33, 34, 40]):
        asked = (drill, written, day(today), end_of_day(known))
        ours, theirs = oracle_aggregates.drill_is_missed(*asked), recording.drill_is_missed(*asked)
        assert ours == theirs, f"today {today}, known {known}: {ours}, production {theirs}\n{drill}\n{written}"


# ------------------------------------------------------------------ aggregates


@st.composite
def items(draw: st.DrawFn) -> Item:
    kind = draw(st.sampled_from([Kind.QUANTITY, Kind.OBSERVED, Kind.OBSERVED, Kind.DOCUMENT]))
    state = draw(st.sampled_from([State.MET, State.MET, State.MET, *State]))
    measured = [Proof.EXERCISED, Proof.PERFORMED]
    top = 2 if kind is Kind.DOCUMENT else 3
    digits, proofs = {
        State.MET: ([top], [Proof.SEEN] if kind is Kind.DOCUMENT else measured),
        State.IN_PLACE: ([2], [Proof.SEEN]),
        State.CLAIMED: ([2], [Proof.STATED]),
        State.STALE: ([2], list(Proof)),
        State.BELOW: ([0, 1], list(Proof)),
        State.UNKNOWN: ([None], [None]),
    }[state]
    must_pass = draw(st.integers(0, 3)) == 0
    return Item(
        code=draw(st.sampled_from(["TRI-1", "TRI-2", "SUR-4"])),
        weight=draw(st.sampled_from(WEIGHTS)),
        kind=kind,
        state=state,
        digit=draw(st.sampled_from(digits)),
        proof=draw(st.sampled_from(proofs)),
        must_pass=must_pass,
        applicable=must_pass or draw(st.integers(0, 5)) > 0,
        checked=state is not State.UNKNOWN and draw(st.integers(0, 5)) > 0,
    )


def differing(ours: RollUp, theirs: RollUp) -> list[str]:
    names = [f.name for f in dataclasses.fields(ours) if getattr(ours, f.name) != getattr(theirs, f.name)]
    if ours.completeness is None:
        names = [n for n in names if n != "provisional"]
    return [f"{name} {getattr(ours, name)}, production {getattr(theirs, name)}" for name in names]


@settings(max_examples=5000 if FULL else 200, deadline=None)
@given(st.lists(items(), max_size=10))
def test_an_aggregate_equals_the_oracle(inside: list[Item]) -> None:
    differ = differing(oracle_aggregates.aggregate(inside), aggregates.aggregate(inside))
    assert not differ, differ


@settings(max_examples=2000 if FULL else 80, deadline=None)
@given(st.lists(st.lists(items(), min_size=1, max_size=4), min_size=1, max_size=4), st.integers(0, 1))
def test_a_hospital_equals_the_oracle(inside: list[list[Item]], missing: int) -> None:
    domains = {f"D{n}": tuple(group) for n, group in enumerate(inside)}
    every = [item for group in inside for item in group]
    expected = len(domains) + missing
    ours = oracle_aggregates.hospital(every, domains, expected=expected)
    theirs = aggregates.hospital(every, domains, expected=expected)
    assert (ours.present, ours.expected) == (theirs.present, theirs.expected)
    for code in domains:
        assert not differing(ours.domains[code], theirs.domains[code]), code
    assert not differing(ours.total, theirs.total), differing(ours.total, theirs.total)
