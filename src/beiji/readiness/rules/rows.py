"""Plain values of the ledger: what the law reads and what it answers.

The closed lists are in ``words.py``, the values of aggregates in ``tallies.py``; both belong to this module and are
offered here. Nothing here decides anything. The law itself is docs/understand/ledger-law.md; the
functions that implement it (``standing.py``, ``proof.py``, ``recording.py``, ``aggregates.py``, ``gaps.py``) take and
return the types of this module, so that another hand can implement the same law from its text:

``standing(rows, capability, subject, day, known_at) -> Standing``
    The whole standing of one subject and one capability on ``day`` as known at ``known_at``: over every condition
    it must be proven in, every campus, place and minute; the worst stands, all worst parts are named.
    ``rows`` may hold rows of other subjects, campuses, places and capabilities; they must not leak.

``standing_of_part(rows, capability, subject, part, day, known_at) -> PartStanding``
    The same for one :class:`Part` (one campus, place, condition and minute).

``parts_of(capability, subject, day, known_at) -> tuple[Part, ...]``
    The parts that are judged apart on ``day``, sorted by :meth:`Part.key`.

``stands(row, rows, known_at) -> bool``
    Whether ``row`` is known, and neither superseded nor withdrawn, as known at ``known_at``.

``proof_of(row, edition, passed) -> Proof``
    The closed table "method → proof"; ``passed`` is the outcome that the law judges the row by.

``drill_is_missed(drill, rows, today, known_at) -> bool``
    Whether the ledger must write *shown: no* for a notified drill.

``aggregate(items) -> RollUp``
    One domain, pillar or 4S: ``items`` is a sequence of :class:`Item`; cut-offs .80, .60, .30.

``hospital(items, domains, *, expected) -> HospitalRollUp``
    ``items`` with their weights in the hospital, ``domains`` = code → items with their weights in that domain,
    ``expected`` = number of domains of the standard (also of those without a single item in ``domains``).

``is_gap(state, *, strict, covered) -> bool`` and ``is_open(state) -> bool``
    Gaps; ``strict`` = must-pass, core or feeding the engine; ``covered`` = a locked assessment covered the item.

Two times: ``as_of`` (true in the world, a date of the city) and ``recorded_at`` (known to the system, an aware
datetime in the city's time zone). "Known on day k" is ``known_at = end_of(k)``. What holds for all earlier days
(the first version loaded) has ``from_day = date.min`` and ``recorded_at = ALWAYS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from fractions import Fraction

from .tallies import HospitalRollUp, Item, RollUp
from .words import (
    DRILLS,
    ONLY_FROM_OUTSIDE,
    Better,
    CapCode,
    Condition,
    Evaluator,
    Kind,
    Method,
    NoteKind,
    Notice,
    PartKind,
    Proof,
    State,
)

__all__ = [
    "ALWAYS",
    "DRILLS",
    "ONLY_FROM_OUTSIDE",
    "Better",
    "CapCode",
    "CapabilityFacts",
    "Condition",
    "EditionFacts",
    "Evaluator",
    "HospitalRollUp",
    "Item",
    "Kind",
    "LedgerError",
    "Method",
    "Note",
    "NoteKind",
    "Notice",
    "NotifiedDrill",
    "Part",
    "PartKind",
    "PartStanding",
    "Proof",
    "RollUp",
    "Row",
    "Source",
    "Standing",
    "State",
    "StruckOff",
    "SubjectFacts",
    "TargetStep",
    "TreeNode",
    "ValidityStep",
    "end_of",
]

ALWAYS = datetime(1, 1, 2, tzinfo=UTC)
"""``recorded_at`` of the first version loaded: known on every day."""


def end_of(day: date, zone: tzinfo = UTC) -> datetime:
    """The last instant of ``day`` in ``zone``: "as known on that day"."""
    return datetime.combine(day, time.max, zone)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row comes from: kind (visit, plan, exercise, incident, …), UUID as text, label frozen at recording."""

    kind: str = ""
    id: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of evidence: exactly one of ``level``, ``value``, ``shown`` or ``withdrawal``.

    ``id``          bigint key; says nothing about order.
    ``subject``     code of the hospital, or of the campus where the capability is kept per campus.
    ``edition``     number of the capability's edition in force on ``as_of``.
    ``level``       0, 1, 2: a claim by anchors; speaks of every minute.
    ``value``       exact number in the capability's unit.
    ``at_min``      minute since alert that a value speaks of (timetable quantities), else None.
    ``shown``       yes or no; of a quantity only with MISSED_DRILL.
    ``withdrawal``  True: ends the row ``supersedes`` for good. Reopening a visit writes such a row for each of its
                    rows, also for those that were superseded meanwhile.
    ``supersedes``  id of the row that this one replaces (or withdraws), for the same subject, capability, edition
                    and ``as_of``. Place, condition and minute may be corrected.
    ``place``       code of a place inside the subject, or None.
    ``sample``      number of cases measured; compared with the edition's ``min_sample``.
    ``first_day``   first day of a ROUTINE_SERIES (its last day is ``as_of``).
    ``notified_at`` day on which ``drill`` was notified to an office outside; counts if before ``as_of``.
    ``drill``       id of the :class:`NotifiedDrill` of which this is the record, or "".
    ``office``      the office that recorded it (stable code); ``by`` the person's UUID as text.
    """

    id: int
    subject: str
    capability: str
    edition: int
    as_of: date
    recorded_at: datetime
    method: Method
    evaluator: Evaluator
    level: int | None = None
    value: Fraction | None = None
    shown: bool | None = None
    withdrawal: bool = False
    at_min: int | None = None
    condition: Condition = Condition.ANY
    place: str | None = None
    notice: Notice | None = None
    sample: int = 1
    first_day: date | None = None
    notified_at: date | None = None
    drill: str = ""
    supersedes: int | None = None
    reason: str = ""
    office: str = ""
    by: str = ""
    source: Source = Source()


@dataclass(frozen=True, slots=True)
class TargetStep:
    """Target of the subject's class from ``from_day`` on (until the next step), known since ``recorded_at``.

    ``values``: minute → number. A quantity without timetable has the single key None. Of several known steps the one
    with the latest (``from_day``, ``recorded_at``) that has begun holds. Minutes that the target of the day asked
    does not name are not judged on that day.
    """

    from_day: date
    recorded_at: datetime
    values: Mapping[int | None, Fraction]


@dataclass(frozen=True, slots=True)
class ValidityStep:
    """Days that a pass counts, by proof, for rows whose ``as_of`` is in the step. ``valid_until`` = ``as_of`` + days
    is the first day on which it no longer counts. Every proof has an entry."""

    from_day: date
    recorded_at: datetime
    days: Mapping[Proof, int]


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """One edition of a capability, in force from ``from_day`` until the next one begins.

    ``raises``: this edition raises the bar: passes of older editions are *to confirm*, shown as stale.
    ``prove_in``: conditions it must be proven in; empty = rows of every condition count together.
    ``by_records``: a share that may be counted from records.
    ``zero_at``: value so bad that the digit is 0 (≥ for lower-is-better, ≤ for higher-is-better).
    ``targets`` empty unless ``kind`` is QUANTITY; else the first step has ``from_day = date.min``.
    """

    number: int
    from_day: date
    recorded_at: datetime
    kind: Kind
    validity: tuple[ValidityStep, ...]
    better: Better | None = None
    targets: tuple[TargetStep, ...] = ()
    min_sample: int = 1
    prove_in: tuple[Condition, ...] = ()
    per_campus: bool = False
    per_place: bool = False
    zero_at: Fraction | None = None
    raises: bool = True
    percentile: int | None = None
    unit: str = ""
    by_records: bool = False


@dataclass(frozen=True, slots=True)
class CapabilityFacts:
    """A capability with its editions, as they concern one subject (targets are those of the subject's class).

    The edition in force on ``day`` as known: of the known ones that have begun, the latest (``from_day``, ``number``).
    It gives conditions, campuses, places and minutes; each row is judged by its own edition (kind, target of the day
    asked, minimum sample, validity, ``zero_at``).
    """

    code: str
    editions: tuple[EditionFacts, ...]


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A campus or place in the subject tree, dated in both times; ``until_day`` is the first day it is gone.

    A campus hangs on the hospital, a place on the hospital or on a campus. An end counts once known
    (``until_recorded_at``). A capability kept per place, but not per campus, has the places of the hospital and of
    its campuses.

    Rows with ``as_of`` before ``from_day`` that speak of this node too: of a *continuation* (``continues`` names the
    nodes that end on ``from_day``) every row that spoke of one of those; of a *new* node (``is_new``) none; of a
    *division* (neither) those of the parent, or without place. ``is_new`` and ``continues`` exclude each other.
    """

    code: str
    kind: PartKind
    parent: str
    from_day: date = date.min
    recorded_at: datetime = ALWAYS
    until_day: date | None = None
    until_recorded_at: datetime = ALWAYS
    is_new: bool = False
    continues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """The subject asked about (a hospital, or any subject without campuses) and all its campuses and places."""

    code: str
    nodes: tuple[TreeNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What is judged apart. ``campus``: code of the campus, or of the subject itself where it is its own campus.
    ``place``: a listed place, or None where the capability is not kept per place or none is listed.
    ``condition``: ANY where it must be proven in none in particular. ``minute``: None unless the target has minutes."""

    campus: str
    place: str | None = None
    condition: Condition = Condition.ANY
    minute: int | None = None

    def key(self) -> tuple[str, str, str, int]:
        """Stable sort key."""
        return (self.campus, self.place or "", self.condition.value, -1 if self.minute is None else self.minute)


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """The newest stated row of one method, where it differs from the standing."""

    row_id: int
    kind: NoteKind


@dataclass(frozen=True, slots=True)
class PartStanding:
    """Standing of one part.

    ``failed``        an open miss is measured.
    ``contradicted``  an open miss of rank ≥ 2 followed a measured pass that was alive on the miss's ``as_of`` and had
                      not been killed before.
    ``proof``         the corner mark: met, in place: the strongest live pass; claimed: STATED; stale: the pass that
                      lapsed last (of several on one day the later); below: the strongest open miss (STATED where a
                      stated row decides); unknown: None.
    ``deciding``      ids, sorted: below = open misses of rank ≥ 2, or the stated miss; met and in place = live passes
                      of the deciding rank; stale = passes of rank ≥ 2 lapsed since the last miss of rank ≥ 2, or the
                      stated pass; claimed = the stated pass.
    ``to_confirm``    a stated miss (the newest stated row) stands beside a better standing, or a pass that would still
                      be alive is shown as stale because a newer edition raises the bar.
    ``notes``         sorted; see :class:`Note`.
    ``checked``       a counting row of rank ≥ 2 exists in this part's own condition or in *any*, lapsed or not.
    ``holds_until``   first day on which time alone would change met, in place or claimed; None for the others.
    """

    part: Part
    state: State
    digit: int | None
    proof: Proof | None
    failed: bool = False
    contradicted: bool = False
    deciding: tuple[int, ...] = ()
    to_confirm: bool = False
    notes: tuple[Note, ...] = ()
    checked: bool = False
    holds_until: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whole standing. ``state`` is the worst of its parts, ``worst`` names all parts in that state, ``digit`` is the
    lowest and ``proof`` the weakest mark among them; ``failed``, ``contradicted`` and ``to_confirm`` hold if they hold
    for any part; ``checked`` if for every part."""

    state: State
    digit: int | None
    proof: Proof | None
    worst: tuple[Part, ...]
    parts: tuple[PartStanding, ...] = field(repr=False, default=())
    failed: bool = False
    contradicted: bool = False
    to_confirm: bool = False
    checked: bool = False


@dataclass(frozen=True, slots=True)
class NotifiedDrill:
    """A drill notified to an office outside on an earlier day. ``called_off_at`` counts if before ``starts_at``.
    A *row of it* is a WITNESSED_DRILL or OWN_DRILL with ``drill == id``, its capability, subject, place, condition and
    day; or a REAL_EVENT from outside with the same five, whatever ``drill`` it names. Handed in: such a row stood as
    known at the end of ``starts_at``'s day + 30, and one stands as known at ``known_at``; else missed from the next
    day on."""

    id: str
    subject: str
    capability: str
    condition: Condition
    starts_at: datetime
    notified_at: date
    office: str
    evaluator: Evaluator
    place: str | None = None
    called_off_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StruckOff:
    """An office, or one ``person`` (UUID as text) of it, that the city struck off the list of evaluators, until that
    was taken back."""

    office: str
    recorded_at: datetime
    person: str = ""
    lifted_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.recorded_at <= now and (self.lifted_at is None or now < self.lifted_at)

    def names(self, row: Row) -> bool:
        """Whether ``row`` was recorded by this office or person."""
        return row.office == self.office and self.person in ("", row.by)


class LedgerError(Exception):
    """A row or change that the ledger refuses.

    ``code`` is stable and is what the web translates by; ``str(error)`` is a finished English sentence that names
    what is wrong and what to do; ``parts`` are the named values in it.
    """

    def __init__(self, code: str, sentence: str, /, **parts: object) -> None:
        super().__init__(sentence.format(**parts))
        self.code = code
        self.sentence = sentence
        self.parts = parts
        self.position: int | None = None
        """Which row of a batch was refused, counted from 0."""
