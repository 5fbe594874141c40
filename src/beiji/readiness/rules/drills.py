"""Notified drills: may this one be notified, is this a row of it, of which parts is it asked, is it missed?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from .facts import edition_in_force, nodes_on
from .judging import rows_standing
from .rows import CapabilityFacts, LedgerError, NotifiedDrill, Part, PartKind, Row, SubjectFacts
from .speaking import Question, row_speaks_of
from .where import check_where
from .words import DRILLS, Condition, Kind, Method

HAND_IN_DAYS = 30
"""Days after a notified drill in which a row of it must stand."""
NOTIFY_DAYS = 366
"""Days that a drill may be notified ahead."""


def check_notification(
    drill: NotifiedDrill, *, capability: CapabilityFacts, subject: SubjectFacts, now: datetime
) -> None:
    """Refuse a notification with a :class:`LedgerError` unless a row of the drill could be recorded as the tree stands."""
    began = drill.starts_at.date()
    if not drill.notified_at < began:
        raise LedgerError("notify-late", "A drill is notified at the latest on the day before it.")
    if (began - drill.notified_at).days > NOTIFY_DAYS:
        raise LedgerError("notify-early", "A drill is notified at most {days} days before it.", days=NOTIFY_DAYS)
    if not drill.evaluator.is_outside:
        raise LedgerError("notify-inside", "A drill is notified to an office outside the hospital.")
    if drill.condition is Condition.ANY:
        raise LedgerError("notify-condition", "Say whether it happens by day, by night or on a holiday.")
    edition = edition_in_force(capability, began, now)
    if edition is None or edition.kind is Kind.DOCUMENT:
        raise LedgerError(
            "document-drill", "No drill can show {capability}. Record who saw the document.", capability=capability.code
        )
    check_where(capability.code, drill.subject, drill.place, edition, subject, began, now)


def check_row_of_drill(
    row: Row, drill: NotifiedDrill | None, capability: CapabilityFacts, subject: SubjectFacts
) -> None:
    """Refuse a row that names a drill and is not a row of it. Raises :class:`LedgerError`."""
    if drill is None or drill.id != row.drill:
        raise LedgerError("drill-unknown", "There is no notified drill {drill}.", drill=row.drill)
    if _was_called_off(drill, row.recorded_at):
        raise LedgerError("drill-called-off", "That drill was called off. Record what was seen without naming it.")
    is_record = row.method in DRILLS or row.method is Method.MISSED_DRILL
    right = (drill.capability, drill.condition, drill.starts_at.date())
    parts = parts_of_drill(drill, capability, subject, row.recorded_at)
    is_here = any((p.subject, p.place) == (row.subject, row.place) for p in parts)
    if not is_record or not is_here or (row.capability, row.condition, row.as_of) != right:
        raise LedgerError(
            "drill-other",
            "The record of a notified drill is a drill of the capability, place, condition and day notified, {day}."
            " Record anything else without naming the drill.",
            day=drill.starts_at.date(),
        )


def parts_of_drill(
    drill: NotifiedDrill, capability: CapabilityFacts, subject: SubjectFacts, known_at: datetime
) -> tuple[NotifiedDrill, ...]:
    """The drill for each part that it is asked of on its day: its own, or those into which that one was divided or that
    continue it; none where nothing is left of it."""
    began = drill.starts_at.date()
    edition = edition_in_force(capability, began, known_at)
    if edition is None:
        return ()
    campuses = [n.code for n in nodes_on(subject, PartKind.CAMPUS, began, known_at)]
    units = campuses if edition.per_campus and campuses else [subject.code]
    listed = nodes_on(subject, PartKind.PLACE, began, known_at)
    asked = Question(capability, subject, edition, began, known_at)
    probe = _probe(drill, edition.number, known_at)
    found: list[NotifiedDrill] = []
    for unit in units:
        parents = {unit, *campuses} if unit == subject.code else {unit}
        inside = [n.code for n in listed if n.parent in parents]
        places: list[str | None] = [*inside] if edition.per_place and inside else [None]
        if not edition.per_place and drill.place in inside:
            places = [drill.place]
        found += [
            replace(drill, subject=unit, place=place)
            for place in places
            if row_speaks_of(probe, Part(unit, place), asked)
        ]
    return tuple(found)


def _probe(drill: NotifiedDrill, edition: int, known_at: datetime) -> Row:
    """A row of the notified part, dated on the day of notification."""
    return Row(
        id=0,
        subject=drill.subject,
        capability=drill.capability,
        edition=edition,
        as_of=drill.notified_at,
        recorded_at=known_at,
        method=Method.MISSED_DRILL,
        evaluator=drill.evaluator,
        shown=False,
        place=drill.place,
    )


def drill_is_missed(drill: NotifiedDrill, rows: Iterable[Row], today: date, known_at: datetime) -> bool:
    """Whether the ledger must write *shown: no*: neither called off before it began nor handed in within 30 days, or
    handed in and then withdrawn. ``drill`` is that of one part, see :func:`parts_of_drill`."""
    began = drill.starts_at.date()
    last_day = began + timedelta(days=HAND_IN_DAYS)
    if _was_called_off(drill, known_at) or not drill.notified_at < began or today <= last_day:
        return False
    deadline = min(known_at, datetime.combine(last_day, datetime.max.time(), drill.starts_at.tzinfo))
    known = [r for r in rows if r.capability == drill.capability]
    was_handed_in = any(_is_row_of(r, drill) for r in rows_standing(known, deadline))
    return not (was_handed_in and any(_is_row_of(r, drill) for r in rows_standing(known, known_at)))


def _was_called_off(drill: NotifiedDrill, known_at: datetime) -> bool:
    called_off = drill.called_off_at
    return called_off is not None and called_off <= known_at and called_off < drill.starts_at


def _is_row_of(row: Row, drill: NotifiedDrill) -> bool:
    """A drill that names it, or a real event confirmed from outside: of its capability, part, condition and day."""
    here = (row.subject, row.place, row.condition, row.as_of)
    if here != (drill.subject, drill.place, drill.condition, drill.starts_at.date()):
        return False
    if row.method is Method.REAL_EVENT:
        return row.evaluator.is_outside
    return row.method in DRILLS and row.drill == drill.id
