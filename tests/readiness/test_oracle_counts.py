"""Counts from records: what the rules take and refuse is what another hand reads in the law, over random stories of 90 days."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beiji.readiness.rules.recording import check_row
from beiji.readiness.rules.rows import (
    ALWAYS,
    Better,
    CapabilityFacts,
    Condition,
    EditionFacts,
    Evaluator,
    Kind,
    LedgerError,
    Method,
    Proof,
    Row,
    Source,
    SubjectFacts,
    TargetStep,
    ValidityStep,
)
from tests.readiness.oracle_counts import may_be_counted, may_be_sampled
from tests.readiness.oracle_facts import CAPABILITY, FULL, HOSPITAL, Draw, at, day
from tests.readiness.oracle_rows import stands

LAST = 90
LISTED = 4
SUBJECT = SubjectFacts(HOSPITAL)


def facts(raised_on: int) -> CapabilityFacts:
    """At least half are current, from a day on three of four; a second edition from day 70 on."""
    targets = (
        TargetStep(date.min, ALWAYS, {None: Fraction(1, 2)}),
        TargetStep(day(raised_on), at(raised_on), {None: Fraction(3, 4)}),
    )
    first = EditionFacts(
        1, date.min, ALWAYS, Kind.QUANTITY, (ValidityStep(date.min, ALWAYS, dict.fromkeys(Proof, 365)),),
        better=Better.HIGHER, targets=targets, min_sample=2, by_records=True,
    )  # fmt: skip
    return CapabilityFacts(
        CAPABILITY, (first, dataclasses.replace(first, number=2, from_day=day(70), recorded_at=at(70)))
    )


@st.composite
def tries(draw: Draw) -> tuple[CapabilityFacts, list[tuple[Row, tuple[Row, ...]]], int]:
    """What somebody tries to record, each with the rows before it, and how many of them the oracle takes."""
    capability = facts(draw(st.integers(1, LAST)))
    rows: list[Row] = []
    tried: list[tuple[Row, tuple[Row, ...]]] = []
    taken = 0
    for position, n in enumerate(sorted(draw(st.lists(st.integers(20, LAST), min_size=2, max_size=14)))):
        now = at(n, 1 + position)
        standing = [r for r in rows if stands(r, rows, now)]
        what = draw(st.sampled_from(["count", "count", "count", "correct", "sample", "sample", "withdraw"]))
        if what == "withdraw" and standing:
            old = draw(st.sampled_from(standing))
            rows.append(ending(old, position, now))
            continue
        old = draw(st.sampled_from(standing)) if standing and what != "count" else None
        row = sampling(draw, old, position, now) if what == "sample" else count(draw, old, n, position, now)
        tried.append((row, tuple(rows)))
        ask = may_be_sampled if row.evaluator.is_outside else may_be_counted
        if ask(row, rows, capability):
            rows.append(row)
            taken += 1
    return capability, tried, taken


def ending(old: Row, position: int, now: object) -> Row:
    return dataclasses.replace(
        old, id=500 + position, recorded_at=now, value=None, withdrawal=True, supersedes=old.id, reason="mistake"
    )


def count(draw: Draw, old: Row | None, n: int, position: int, now: object) -> Row:
    """A count of its own, or a correction of what the hospital said itself."""
    if old is not None and old.evaluator.is_outside:
        old = None
    as_of = old.as_of if old else day(n - draw(st.sampled_from([0, 0, 0, 1, 9])))
    return Row(
        id=100 + position, subject=HOSPITAL, capability=CAPABILITY, edition=old.edition if old else edition_on(as_of, n),
        as_of=as_of, recorded_at=now, method=Method.RECORDS, evaluator=Evaluator.SELF, office="self", sample=LISTED,
        value=Fraction(draw(st.sampled_from([0, 1, 2, 3, 3, 4, 4, 5])), draw(st.sampled_from([LISTED] * 6 + [LISTED + 1]))),
        condition=draw(st.sampled_from([Condition.ANY, Condition.ANY, Condition.NIGHT])),
        source=Source(draw(st.sampled_from(["", "", "", "gate"]))),
        supersedes=old.id if old else None, reason="mistyped" if old else "",
    )  # fmt: skip


def edition_on(as_of: date, n: int) -> int:
    return 2 if as_of >= day(70) and n >= 70 else 1


def sampling(draw: Draw, old: Row | None, position: int, now: object) -> Row:
    drawn = draw(st.integers(1, LISTED))
    held = draw(st.integers(0, drawn))
    share = Fraction(1) if old is None or old.value is None else old.value
    said = draw(st.sampled_from([share * Fraction(held, drawn)] * 4 + [Fraction(1, 3)]))
    plain = old or count(draw, None, 60, position, at(60))
    return dataclasses.replace(
        plain, id=100 + position, recorded_at=now, evaluator=Evaluator.EXTERNAL, office="ministry", sample=drawn,
        value=said, supersedes=old.id if old else None, reason="drawn", source=Source(),
        as_of=min(plain.as_of, (now - timedelta(0)).date()),
    )  # fmt: skip


def takes(row: Row, before: tuple[Row, ...], capability: CapabilityFacts) -> bool:
    try:
        check_row(row, capability=capability, subject=SUBJECT, rows=before)
    except LedgerError:
        return False
    return True


@settings(max_examples=1500 if FULL else 120, deadline=None, suppress_health_check=list(HealthCheck))
@given(tries())
def test_counts_and_samplings_are_taken_and_refused_as_another_hand_reads_the_law(
    story: tuple[CapabilityFacts, list[tuple[Row, tuple[Row, ...]]], int],
) -> None:
    capability, tried, _ = story
    for row, before in tried:
        ask = may_be_sampled if row.evaluator.is_outside else may_be_counted
        superseded_by_right = row.supersedes is None or row.evaluator >= next(
            r.evaluator for r in before if r.id == row.supersedes
        )
        if superseded_by_right:
            assert takes(row, before, capability) == ask(row, before, capability), row


def test_stories_reach_both_answers() -> None:
    seen: set[tuple[bool, bool]] = set()

    @settings(max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(tries())
    def gather(story: tuple[CapabilityFacts, list[tuple[Row, tuple[Row, ...]]], int]) -> None:
        for row, before in story[1]:
            seen.add((row.evaluator.is_outside, takes(row, before, story[0])))

    gather()
    assert len(seen) == 4
