"""One row, judged on the day asked: does it pass, with what proof, until when, and what does a miss say?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from .facts import edition_by_number, raised_on, targets_on, valid_until
from .proof import proof_of
from .rows import CapabilityFacts, EditionFacts, Row
from .words import Better, Kind, Method, Proof

Key = tuple[date, int, bool]


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its outcome on the day asked.

    ``rank`` is that of ``proof``, or 2 for a measured pass counted in another condition. ``until`` is the first day
    on which a pass no longer counts, cut where a newer edition raised the bar (``own_until`` is uncut). ``said`` is
    the digit that a miss says.
    """

    row: Row
    passed: bool
    proof: Proof
    rank: int
    until: date
    own_until: date
    said: int
    borrowed: bool = False

    @property
    def key(self) -> Key:
        """ "Later": by ``as_of``; on one day the higher rank, and of equals the miss."""
        return (self.row.as_of, self.rank, not self.passed)

    @property
    def is_series(self) -> bool:
        return self.row.method is Method.ROUTINE_SERIES

    @property
    def mark(self) -> Proof:
        """The proof that it gives as a corner mark: *seen* where it is counted in another condition."""
        return Proof.SEEN if self.borrowed else self.proof

    def is_later_than(self, other: Judged) -> bool:
        """By :attr:`key`; but of equals in one condition a real event is later than a missed drill."""
        if self.key[:2] == other.key[:2] and self.row.condition is other.row.condition:
            methods = (self.row.method, other.row.method)
            if methods == (Method.REAL_EVENT, Method.MISSED_DRILL):
                return True
            if methods == (Method.MISSED_DRILL, Method.REAL_EVENT):
                return False
        return self.key > other.key

    def may_close(self, miss: Judged) -> bool:
        """Whether this pass is later than ``miss`` and, being a series, began after it."""
        if not self.is_later_than(miss):
            return False
        first = self.row.first_day if self.is_series else None
        return first is None or miss.row.as_of < first

    def is_alive(self, day: date) -> bool:
        return self.passed and day < self.until


def rows_standing(rows: Iterable[Row], known_at: datetime) -> list[Row]:
    """Rows known at ``known_at`` that are neither superseded nor withdrawn.

    A withdrawal is final. A row that superseded another holds it down until it is itself withdrawn; then the first
    returns, unless that one was withdrawn too (as reopening does with all rows of a visit).
    """
    known = [r for r in rows if r.recorded_at <= known_at]
    withdrawn = {r.supersedes for r in known if r.withdrawal}
    superseded = {r.supersedes for r in known if not r.withdrawal and r.id not in withdrawn}
    return [r for r in known if not r.withdrawal and r.id not in withdrawn and r.id not in superseded]


def stands(row: Row, rows: Iterable[Row], known_at: datetime) -> bool:
    """Whether ``row`` stands among ``rows`` as known at ``known_at``."""
    return any(r.id == row.id for r in rows_standing(rows, known_at))


def meets(value: Fraction, target: Fraction, better: Better | None) -> bool:
    """Whether a number meets its target; equal is enough."""
    return value <= target if better is Better.LOWER else value >= target


def judge(
    row: Row, capability: CapabilityFacts, day: date, known_at: datetime, minute: int | None = None
) -> Judged | None:
    """``row`` by its own edition and the target of ``day``; None where that target does not name its minute.

    ``minute`` is the one asked about: a level speaks of every minute and may pass at one and miss at another.
    """
    edition = edition_by_number(capability, row.edition)
    if edition is None or edition.recorded_at > known_at:
        return None
    passed = _outcome(row, edition, day, known_at, minute)
    if passed is None:
        return None
    proof = proof_of(row, edition, passed)
    if row.value is not None and not passed and proof.rank > 2 and _outcome(row, edition, row.as_of, known_at, minute):
        proof = Proof.SEEN  # it met the target of its own day: at most a seen miss
    own_until = valid_until(edition, row.as_of, proof, known_at)
    raised = raised_on(capability, edition, day, known_at)
    until = own_until if raised is None else min(own_until, raised)
    return Judged(row, passed, proof, proof.rank, until, own_until, _said(row, edition))


def _outcome(row: Row, edition: EditionFacts, day: date, known_at: datetime, minute: int | None) -> bool | None:
    """Level 2, value on target of ``day``, or shown; None where there is nothing to judge by."""
    if row.level is not None:
        return row.level == 2 and _own_target_suffices(row, edition, day, known_at, minute)
    if row.value is not None:
        targets = targets_on(edition, day, known_at)
        if row.at_min not in targets:
            return None
        return meets(row.value, targets[row.at_min], edition.better)
    return row.shown


def _own_target_suffices(row: Row, edition: EditionFacts, day: date, known_at: datetime, minute: int | None) -> bool:
    """A level 2 says that the target of its own day was met, no more: judged like a value equal to that target."""
    asked = targets_on(edition, day, known_at).get(minute)
    if asked is None:
        return True
    own = targets_on(edition, row.as_of, known_at).get(minute)
    return own is not None and meets(own, asked, edition.better)


def _said(row: Row, edition: EditionFacts) -> int:
    """The digit that this row says if it misses: never above 1."""
    if row.level is not None:
        return min(row.level, 1)
    if row.value is not None:
        zero = edition.zero_at
        return 0 if zero is not None and meets(zero, row.value, edition.better) else 1
    return 0 if edition.kind is Kind.DOCUMENT else 1
