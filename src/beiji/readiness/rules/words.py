"""The closed lists of the ledger: kinds, conditions, evaluators, methods, proofs, states, codes.

Part of :mod:`beiji.readiness.rules.rows`, which offers all of them again.
"""

from __future__ import annotations

from enum import Enum, IntEnum, StrEnum


class Kind(StrEnum):
    """Kind of a capability: what it is and what meets it."""

    QUANTITY = "quantity"
    OBSERVED = "observed"
    DOCUMENT = "document"

    @property
    def top_digit(self) -> int:
        """Highest digit: 3, for a document 2."""
        return 2 if self is Kind.DOCUMENT else 3


class Better(StrEnum):
    """Direction of a quantity: meets its target at or below (lower), at or above (higher)."""

    LOWER = "lower"
    HIGHER = "higher"


class Condition(StrEnum):
    """Condition in which a row was won. A measured row never says ANY."""

    ANY = "any"
    DAY = "day"
    NIGHT = "night"
    HOLIDAY = "holiday"


class Evaluator(IntEnum):
    """Who vouches for a row, in rising order. Outside = not SELF."""

    SELF = 0
    PEER = 1
    CITY = 2
    EXTERNAL = 3

    @property
    def is_outside(self) -> bool:
        return self is not Evaluator.SELF


class Notice(StrEnum):
    """How much the drilled staff knew. ANNOUNCED and UNANNOUNCED count as unscripted."""

    SCRIPTED = "scripted"
    ANNOUNCED = "announced"
    UNANNOUNCED = "unannounced"

    @property
    def is_unscripted(self) -> bool:
        return self is not Notice.SCRIPTED


class Method(StrEnum):
    """How a row was won: closed, it covers the table "method → proof" cell by cell.

    *Confirmed from outside* is not a method: a confirmation is a row with the same method and an outside evaluator
    which supersedes the hospital's.
    """

    SELF_RATING = "self-rating"
    """The hospital's own level."""
    INTERVIEW = "interview"
    """Word of mouth, whoever asks: stated, also for a document."""
    DOCUMENT = "uploaded-document"
    """A paper handed in."""
    PLAN = "approved-plan"
    """A number or duty of an approved emergency plan."""
    ALBUM = "drill-album"
    """Pictures and list of a drill without raw record."""
    SPOT_CHECK = "spot-check"
    """Checked on the spot from outside (evaluator not SELF)."""
    TIMED_TEST = "timed-test"
    """Timed test during a visit (evaluator not SELF)."""
    WITNESSED_DRILL = "witnessed-drill"
    """A drill before an outside evaluator (evaluator not SELF); ``notice`` says scripted or not."""
    OWN_DRILL = "own-drill"
    """The hospital's own drill. Evaluator SELF: not confirmed. Outside evaluator: raw record confirmed afterwards;
    with ``notified_at`` before ``as_of`` it had been notified beforehand."""
    MISSED_DRILL = "missed-drill"
    """Written by the ledger for the notified office: a notified drill neither called off before it began nor handed
    in within 30 days. Always ``shown=False`` without ``at_min`` (it speaks of every minute)."""
    REAL_EVENT = "real-event"
    """What happened in a real incident. Evaluator SELF: not confirmed."""
    RECORDS = "records-counted"
    """A count from records: ``value`` of the ``sample`` people on a list are current. Evaluator SELF: counted by the
    hospital. Outside evaluator: sampled; ``sample`` is how many were drawn."""
    ROUTINE_SERIES = "routine-series"
    """The whole series of routine trauma-team times between ``first_day`` and ``as_of``; ``value`` is the percentile
    that the capability names. Evaluator SELF: not confirmed."""


DRILLS = frozenset({Method.WITNESSED_DRILL, Method.OWN_DRILL})
"""Methods that are drills and therefore need a ``notice`` and never carry a level."""

ONLY_FROM_OUTSIDE = frozenset({Method.SPOT_CHECK, Method.TIMED_TEST, Method.WITNESSED_DRILL, Method.MISSED_DRILL})
"""Methods that an evaluator SELF cannot use (refused at recording)."""


class Proof(Enum):
    """Proof of a row, from its method; nobody types it. Order: stated < seen < exercised < performed."""

    STATED = "stated"
    SEEN = "seen"
    EXERCISED = "exercised"
    PERFORMED = "performed"

    @property
    def rank(self) -> int:
        """1 stated, 2 seen, 3 *measured* (exercised and performed)."""
        return {"stated": 1, "seen": 2, "exercised": 3, "performed": 3}[self.value]

    @property
    def order(self) -> int:
        """0 … 3, telling exercised from performed (for the weakest mark and the strongest pass)."""
        return ("stated", "seen", "exercised", "performed").index(self.value)


class State(StrEnum):
    """Standing, worst first."""

    BELOW = "below"
    UNKNOWN = "unknown"
    STALE = "stale"
    CLAIMED = "claimed"
    IN_PLACE = "in-place"
    MET = "met"

    @property
    def goodness(self) -> int:
        """0 (below) … 5 (met)."""
        return list(State).index(self)


class PartKind(StrEnum):
    CAMPUS = "campus"
    PLACE = "place"


class NoteKind(StrEnum):
    """A stated word that differs from the standing."""

    CLAIMS_BETTER = "claims-better"
    """A stated pass beside *below*."""
    CLAIMS_WORSE = "claims-worse"
    """A stated miss beside a standing better than *below*."""


class CapCode(StrEnum):
    """Codes of the caps, as printed beside a digit that they lowered."""

    MUST_PASS_NOT_MET = "must-pass-not-met"  # noqa: S105
    """3 needs every must-pass item met."""
    FEW_MEASURABLE = "few-measurable"
    """3 needs quantity and observed items with at least half of the applicable weight."""
    LITTLE_MEASURED = "little-measured"
    """3 needs ≥ 60 % of the weight of quantity and observed items met by measurement."""
    MUST_PASS_OPEN = "must-pass-open"  # noqa: S105
    """An open must-pass item: at most 1."""
    MUST_PASS_ZERO = "must-pass-zero"  # noqa: S105
    """Three or more must-pass items at digit 0: 0."""
    DOMAIN_UNDER = "domain-under"
    """A domain under .30 by the score that its digit shows: the hospital at most 2."""
