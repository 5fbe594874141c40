"""Method → proof: the closed table of the ledger. Nobody types a proof."""

from __future__ import annotations

from .rows import EditionFacts, Row
from .words import Kind, Method, Proof

_STATED_WHOEVER_ASKS = frozenset(
    {Method.SELF_RATING, Method.INTERVIEW, Method.DOCUMENT, Method.PLAN, Method.ALBUM},
)


def proof_of(row: Row, edition: EditionFacts, passed: bool) -> Proof:
    """Proof of ``row``, judged by its own ``edition``; ``passed`` is its outcome on the day asked.

    A document asks only for an outside evaluator: any such row but an interview or the album of a drill is *seen*. Elsewhere a level is at
    most *seen*, and a measurement below the minimum sample is *seen*, but not a drill that failed before an outside
    evaluator ("any drill") nor a missed drill (nothing was measured).
    """
    if edition.kind is Kind.DOCUMENT:
        is_word = row.method in (Method.INTERVIEW, Method.ALBUM)
        return Proof.SEEN if row.evaluator.is_outside and not is_word else Proof.STATED
    proof = _by_method(row, passed)
    if proof.rank < 3:
        return proof
    if row.level is not None:
        return Proof.SEEN
    if row.sample < edition.min_sample and not _speaks_whatever_its_sample(row, passed):
        return Proof.SEEN
    return proof


def _by_method(row: Row, passed: bool) -> Proof:
    """The table itself, before the limits on levels and small samples."""
    method = row.method
    if method in _STATED_WHOEVER_ASKS or not row.evaluator.is_outside:
        return Proof.STATED
    if method is Method.SPOT_CHECK:
        return Proof.SEEN
    if method is Method.RECORDS:
        return Proof.SEEN
    if method in (Method.TIMED_TEST, Method.MISSED_DRILL):
        return Proof.EXERCISED
    if method is Method.WITNESSED_DRILL:
        return Proof.SEEN if passed and not _is_unscripted(row) else Proof.EXERCISED
    if method is Method.OWN_DRILL:
        return _own_drill_confirmed(row, passed)
    return Proof.PERFORMED  # real event, whole series of routine times


def _own_drill_confirmed(row: Row, passed: bool) -> Proof:
    """The hospital's own drill whose raw record an outside evaluator confirmed."""
    if not _is_unscripted(row):
        return Proof.STATED if passed else Proof.SEEN
    was_notified = row.notified_at is not None and row.notified_at < row.as_of
    return Proof.EXERCISED if was_notified else Proof.SEEN


def _is_unscripted(row: Row) -> bool:
    return row.notice is not None and row.notice.is_unscripted


def _speaks_whatever_its_sample(row: Row, passed: bool) -> bool:
    return row.method is Method.MISSED_DRILL or (row.method is Method.WITNESSED_DRILL and not passed)
