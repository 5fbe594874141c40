"""The ledger's law by another hand, first half: which rows stand, what they prove, what one row says on a day.

Slow and literal; a word in quotation marks in a comment is the law's own. See ``oracle.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from beiji.readiness.rules.rows import (
    Better,
    CapabilityFacts,
    EditionFacts,
    Evaluator,
    Kind,
    Method,
    Proof,
    Row,
)

MEASURED = 3  # "Rank 3 is called *measured*."
SEEN = 2
STATED = 1

# ------------------------------------------------------------------ which rows stand


def stands(row: Row, rows: Iterable[Row], known_at: datetime) -> bool:
    """Whether the row is evidence as known then."""
    # "`recorded_at ≤ k`, neither superseded nor withdrawn as known on *k*"
    known = [other for other in rows if other.recorded_at <= known_at]
    ended = {other.supersedes for other in known if other.withdrawal}
    # "if a superseding row is itself withdrawn, the first returns; a withdrawal is final"
    superseded = {other.supersedes for other in known if not other.withdrawal and other.id not in ended}
    is_known = row.recorded_at <= known_at
    # "nothing (a *withdrawal*)": it ends a row and is itself no evidence.
    return is_known and not row.withdrawal and row.id not in ended and row.id not in superseded


# ------------------------------------------------------------------ method → proof


def proof_of(row: Row, edition: EditionFacts, passed: bool) -> Proof:
    """Proof by the closed table."""
    outside = row.evaluator is not Evaluator.SELF  # "outside = not self"
    unscripted = row.notice is not None and row.notice.is_unscripted  # "the last two count as unscripted"
    if edition.kind is Kind.DOCUMENT and outside and row.method not in (Method.INTERVIEW, Method.ALBUM):
        # "any row from outside but an interview or the album of a drill counts as *seen* here"
        return Proof.SEEN
    proof = _by_table(row, passed=passed, outside=outside, unscripted=unscripted)
    if row.level is not None and proof.rank > SEEN:
        # "`level` (…): its proof is at most *seen*"
        return Proof.SEEN
    failed_before_outsider = row.method is Method.WITNESSED_DRILL and outside and not passed
    a_miss = row.method is Method.MISSED_DRILL
    if proof.rank == MEASURED and row.sample < edition.min_sample and not failed_before_outsider and not a_miss:
        # "measurement below the minimum sample": seen; but "**any** drill before an outside evaluator that failed" is
        # exercised, and so is "a miss", which has no sample.
        return Proof.SEEN
    return proof


def _by_table(row: Row, *, passed: bool, outside: bool, unscripted: bool) -> Proof:
    match row.method:
        case Method.SELF_RATING | Method.INTERVIEW | Method.DOCUMENT | Method.PLAN | Method.ALBUM:
            # "self-rating, interview, uploaded document, approved plan, album of a drill": stated
            return Proof.STATED
        case Method.RECORDS:
            # "records counted by the hospital": stated; "records counted and sampled from outside": seen
            return Proof.SEEN if outside else Proof.STATED
        case Method.SPOT_CHECK:
            # "checked on the spot from outside": seen
            return Proof.SEEN
        case Method.TIMED_TEST:
            # "timed test during a visit": exercised
            return Proof.EXERCISED
        case Method.WITNESSED_DRILL:
            # "scripted drill passed before an outside evaluator": seen; "unscripted drill before an outside
            # evaluator", "**any** drill before an outside evaluator that failed": exercised
            return Proof.EXERCISED if unscripted or not passed else Proof.SEEN
        case Method.OWN_DRILL if not outside:
            # "the hospital's own drill (…) not confirmed from outside": stated
            return Proof.STATED
        case Method.OWN_DRILL if not unscripted:
            # "own scripted drill that passed, even if confirmed": stated; "… that failed, confirmed": seen
            return Proof.STATED if passed else Proof.SEEN
        case Method.OWN_DRILL:
            # "own unscripted drill notified to one beforehand and its raw record confirmed": exercised;
            # "(…) whose raw record is confirmed from outside afterwards": seen. "notified (…) on an earlier day"
            notified = row.notified_at is not None and row.notified_at < row.as_of
            return Proof.EXERCISED if notified else Proof.SEEN
        case Method.MISSED_DRILL:
            # "a notified drill neither called off (…) nor handed in within 30 days (a miss)": exercised
            return Proof.EXERCISED
        case Method.REAL_EVENT | Method.ROUTINE_SERIES:
            # "real event, or the whole series of routine trauma-team times (…), confirmed from outside": performed;
            # "event or routine times not confirmed from outside": stated
            return Proof.PERFORMED if outside else Proof.STATED
    raise AssertionError(row.method)


# ------------------------------------------------------------------ editions, targets, validities


def edition_in_force(capability: CapabilityFacts, day: date, known_at: datetime) -> EditionFacts:
    """Of the known editions that have begun, the latest."""
    begun = [e for e in capability.editions if e.recorded_at <= known_at and e.from_day <= day]
    return max(begun, key=lambda e: (e.from_day, e.number))


def target_on(edition: EditionFacts, minute: int | None, day: date, known_at: datetime) -> Fraction | None:
    """The target of ``day`` for one minute, None if the target of that day does not name it."""
    begun = [step for step in edition.targets if step.recorded_at <= known_at and step.from_day <= day]
    if not begun:
        return None
    return max(begun, key=lambda step: (step.from_day, step.recorded_at)).values.get(minute)


def meets(edition: EditionFacts, value: Fraction, target: Fraction) -> bool:
    return value <= target if edition.better is Better.LOWER else value >= target


@dataclass(frozen=True)
class Judged:
    """One row as the law reads it in one part on the day asked. ``borrowed``: a measured pass of another condition that
    must be proven, counting here as seen."""

    row: Row
    edition: EditionFacts
    passed: bool
    proof: Proof
    valid_until: date
    lives_until: date  # valid_until, or the day on which a newer edition raised the bar
    borrowed: bool = False

    @property
    def rank(self) -> int:
        return self.proof.rank

    @property
    def measured(self) -> bool:
        return self.rank == MEASURED

    @property
    def place_in_time(self) -> tuple[date, int, bool]:
        # ""Later" is by `as_of`; on one day the higher rank is later, and of equals the miss."
        return (self.row.as_of, self.rank, not self.passed)

    @property
    def said(self) -> int:
        """The digit that a miss has said."""
        # "its level; for a value 1, or 0 once it reaches `zero_at`; for a thing not shown 1, for a document 0; never
        # above 1"
        if self.row.level is not None:
            return min(self.row.level, 1)
        if self.row.value is not None:
            zero = self.edition.zero_at
            lower = self.edition.better is Better.LOWER
            reached = zero is not None and (self.row.value >= zero if lower else self.row.value <= zero)
            return 0 if reached else 1
        return 0 if self.edition.kind is Kind.DOCUMENT else 1


def is_later(one: Judged, other: Judged) -> bool:
    # "but of equals in one condition a real event is later than a missed drill"
    equal = (one.row.as_of, one.rank, one.row.condition) == (other.row.as_of, other.rank, other.row.condition)
    methods = (one.row.method, other.row.method)
    if equal and methods == (Method.REAL_EVENT, Method.MISSED_DRILL):
        return True
    if equal and methods == (Method.MISSED_DRILL, Method.REAL_EVENT):
        return False
    return one.place_in_time > other.place_in_time


def closes(one: Judged, miss: Judged) -> bool:
    """Whether a pass comes after a miss so as to close it (its rank is asked elsewhere)."""
    # "A series of times (…) closes only misses before its first day."
    series = one.row.method is Method.ROUTINE_SERIES
    reaches = not series or (one.row.first_day is not None and miss.row.as_of < one.row.first_day)
    # "but closes no miss": a pass borrowed from another condition
    return one.passed and not one.borrowed and is_later(one, miss) and reaches


# ------------------------------------------------------------------ several rows


def open_misses(rows: list[Judged]) -> list[Judged]:
    # "A measured miss is *open* until a later measured pass; a seen miss until a later pass of rank ≥ 2. Misses never
    # lapse."
    return [
        m for m in rows if not m.passed and m.rank >= SEEN and not any(p.rank >= m.rank and closes(p, m) for p in rows)
    ]


def passes_left(rows: list[Judged]) -> list[Judged]:
    # "a miss of rank ≥ 2 has killed every earlier pass"
    killers = [m for m in rows if not m.passed and m.rank >= SEEN]
    return [p for p in rows if p.passed and not any(is_later(m, p) for m in killers)]


def strongest(rows: list[Judged]) -> Proof:
    return max((r.proof for r in rows), key=lambda proof: proof.order)


def newest_stated(stated: list[Judged]) -> Judged | None:
    # "the newest stated row"; on one day "of equals the miss", of equal misses the one that says less.
    return max(stated, key=lambda r: (*r.place_in_time, -r.said), default=None)


def equals(newest: Judged, stated: list[Judged]) -> list[Judged]:
    """Stated rows of the newest day that say the same as the newest: they decide together."""
    same_day = [r for r in stated if r.place_in_time == newest.place_in_time]
    return [r for r in same_day if r.passed or r.said == newest.said]
