"""May this row be recorded, supersede, withdraw? Each refusal is a :class:`LedgerError` with code and sentence.

Also the rows that reopening a visit ends. Notified drills are in ``drills.py``, where a row may stand in ``where.py``,
what a number may be in ``numbers.py``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from beiji.packs.units import LARGEST_SAMPLE

from .counts import check_count
from .drills import check_row_of_drill, drill_is_missed
from .facts import edition_in_force, targets_on
from .judging import judge, rows_standing
from .numbers import check_number
from .rows import CapabilityFacts, EditionFacts, LedgerError, NotifiedDrill, Row, StruckOff, SubjectFacts
from .where import check_where
from .words import DRILLS, ONLY_FROM_OUTSIDE, Condition, Evaluator, Kind, Method

__all__ = ["check_row", "drill_is_missed", "ended_by_right", "may_end", "percentile_of", "rows_ended_by_reopening"]

_HAPPENED = frozenset(
    {*DRILLS, Method.TIMED_TEST, Method.MISSED_DRILL, Method.REAL_EVENT, Method.ROUTINE_SERIES},
)
"""Methods that measure something that happened, and therefore name the condition in which it did."""


def check_row(
    row: Row,
    *,
    capability: CapabilityFacts,
    subject: SubjectFacts,
    rows: Iterable[Row],
    by_ledger: bool = False,
    drill: NotifiedDrill | None = None,
    struck_off: Iterable[StruckOff] = (),
) -> None:
    """Refuse ``row`` with a :class:`LedgerError` unless the law allows it.

    ``subject`` is the hospital (or other whole subject), ``rows`` its rows of this capability so far; ``by_ledger``
    only where the ledger itself writes the miss of a notified drill; ``drill`` is the notified drill that the row names,
    ``struck_off`` are the city's evaluators who were struck off. A withdrawal is checked against what it ends.
    """
    struck = [s for s in struck_off if s.holds(row.recorded_at)]
    if row.evaluator.is_outside and not by_ledger and any(s.names(row) for s in struck):
        _refuse("struck-off", "{office} was struck off and records nothing from outside any more.", office=row.office)
    if row.as_of > row.recorded_at.date():
        _refuse("future", "The day {as_of} has not come yet. Give the day on which it was seen.", as_of=row.as_of)
    _check_one_word(row)
    edition = edition_in_force(capability, row.as_of, row.recorded_at)
    if edition is None or edition.number != row.edition:
        _refuse(
            "edition",
            "Edition {given} of {capability} was not in force on {as_of}. Use edition {right}.",
            given=row.edition,
            capability=row.capability,
            as_of=row.as_of,
            right=edition.number if edition else "–",
        )
    assert edition is not None
    if row.supersedes is not None:
        _check_superseding(row, rows, capability, struck)
    if row.withdrawal:
        return
    _check_method(row, edition, by_ledger)
    _check_word(row, edition)
    if row.method is Method.RECORDS:
        check_count(row, rows, edition, capability)
    check_where(row.capability, row.subject, row.place, edition, subject, row.as_of, row.recorded_at)
    if row.drill:
        check_row_of_drill(row, drill, capability, subject)


def _refuse(code: str, sentence: str, **parts: object) -> None:
    raise LedgerError(code, sentence, **parts)


def _check_one_word(row: Row) -> None:
    words = sum((row.level is not None, row.value is not None, row.shown is not None, row.withdrawal))
    if words != 1:
        _refuse("one-word", "A row says exactly one thing: a level, a value, shown or not shown, or a withdrawal.")
    if row.withdrawal and row.supersedes is None:
        _refuse("withdraws-nothing", "A withdrawal names the row that it ends.")
    if row.level is not None and row.level not in (0, 1, 2):
        _refuse("level", "{level} cannot be claimed. Claim 0, 1 or 2; level 3 is computed.", level=row.level)
    if not 1 <= row.sample <= LARGEST_SAMPLE:
        _refuse("sample", "A sample is 1 to {most} cases. Enter how many were measured.", most=LARGEST_SAMPLE)


def _check_method(row: Row, edition: EditionFacts, by_ledger: bool) -> None:
    method = row.method
    if method in ONLY_FROM_OUTSIDE and not row.evaluator.is_outside:
        _refuse(
            "outside-only",
            "“{method}” needs an evaluator from outside. Record the hospital's own word as a self-rating or own drill.",
            method=method.value,
        )
    if method is Method.MISSED_DRILL and not by_ledger:
        _refuse("missed-by-hand", "A missed drill is written by the ledger alone. Record what was seen instead.")
    if method in DRILLS and row.notice is None:
        _refuse("notice", "Say whether the drill was scripted, announced or unannounced.")
    if edition.kind is Kind.DOCUMENT and (method in DRILLS or method is Method.MISSED_DRILL):
        _refuse(
            "document-drill", "No drill can show {capability}. Record who saw the document.", capability=row.capability
        )
    if method is Method.OWN_DRILL and row.evaluator.is_outside and row.supersedes is None:
        _refuse("confirms-nothing", "A confirmation supersedes the hospital's row of the drill. Name that row.")
    if method is Method.ROUTINE_SERIES:
        if edition.percentile is None:
            _refuse(
                "series",
                "{capability} names no percentile. A series of times cannot be judged.",
                capability=row.capability,
            )
        if row.first_day is None or row.first_day > row.as_of:
            _refuse("series-days", "A series has a first day, and a last day that is not before it.")
    if method in _HAPPENED and row.level is None and row.condition is Condition.ANY:
        _refuse("condition", "Say whether it happened by day, by night or on a holiday.")


def _check_word(row: Row, edition: EditionFacts) -> None:
    if row.level is not None:
        if row.method in DRILLS or row.method is Method.MISSED_DRILL:
            _refuse("drill-level", "A drill is not entered as a level. Enter what was measured or shown.")
        if row.at_min is not None:
            _refuse("minute-of-level", "A level speaks of every minute. Leave the minute out.")
    elif row.value is not None:
        if edition.kind is not Kind.QUANTITY:
            _refuse("value-kind", "{capability} is not a number. Say whether it was shown.", capability=row.capability)
        if row.method is not Method.RECORDS:
            check_number(row.value, edition.unit)
        _check_minute(row, edition)
    else:
        if edition.kind is Kind.QUANTITY and row.method is not Method.MISSED_DRILL:
            _refuse("shown-kind", "{capability} is a number. Enter the value.", capability=row.capability)
        if row.at_min is not None:
            _refuse("minute-of-shown", "“Shown” speaks of every minute. Leave the minute out.")


def _check_minute(row: Row, edition: EditionFacts) -> None:
    minutes = set(targets_on(edition, row.as_of, row.recorded_at))
    if row.at_min in minutes:
        return
    named = ", ".join(str(m) for m in sorted(m for m in minutes if m is not None))
    if named:
        _refuse(
            "minute", "{capability} is judged at {minutes} min. Say at which.", capability=row.capability, minutes=named
        )
    _refuse("no-minute", "{capability} has no timetable. Leave the minute out.", capability=row.capability)


def _check_superseding(
    row: Row, rows: Iterable[Row], capability: CapabilityFacts, struck_off: Sequence[StruckOff]
) -> None:
    known = list(rows)
    old = next((r for r in known if r.id == row.supersedes and not r.withdrawal), None)
    if old is None:
        raise LedgerError("supersedes-unknown", "There is no row {row} to supersede or withdraw.", row=row.supersedes)
    same = (old.subject, old.capability, old.edition, old.as_of) == (
        row.subject,
        row.capability,
        row.edition,
        row.as_of,
    )
    if not same:
        _refuse(
            "supersedes-other",
            "Row {row} is about another subject, capability, edition or day. Record a new row instead.",
            row=old.id,
        )
    if old.id not in {r.id for r in rows_standing(known, row.recorded_at)}:
        _refuse("supersedes-ended", "Row {row} no longer stands. Nothing can be changed in it.", row=old.id)
    if not row.reason.strip():
        _refuse("reason", "Give the reason why row {row} no longer holds.", row=old.id)
    if old.method is Method.MISSED_DRILL and not row.withdrawal:
        _refuse("supersedes-missed", "A missed drill is not corrected. The office notified can withdraw it.")
    if not ended_by_right(row.office, row.evaluator, old, capability, row.recorded_at, struck_off, row.withdrawal):
        _refuse(
            "supersedes-right",
            "Row {row} was recorded by {office}. Only that office or a higher evaluator can change it.",
            row=old.id,
            office=old.office,
        )


def may_end(office: str, evaluator: Evaluator, old: Row) -> bool:
    """Only the office that recorded it or a higher evaluator; a missed drill only the notified office; and a
    hospital's row never ends one from outside."""
    if not evaluator.is_outside and old.evaluator.is_outside:
        return False
    if old.method is Method.MISSED_DRILL:
        return office == old.office
    return office == old.office or evaluator > old.evaluator


def ended_by_right(
    office: str, evaluator: Evaluator, old: Row, capability: CapabilityFacts, now: datetime,
    struck_off: Iterable[StruckOff], withdrawal: bool,
) -> bool:  # fmt: skip
    """Whether ``office`` may end ``old`` now: by :func:`may_end`, or because who recorded it was struck off. Then a
    pass is withdrawn by the city or an external office, a miss only by another external office."""
    if may_end(office, evaluator, old):
        return True
    if not withdrawal or not old.evaluator.is_outside or not any(s.names(old) for s in struck_off):
        return False
    if _misses(old, capability, now):
        return evaluator is Evaluator.EXTERNAL and office != old.office
    return evaluator >= Evaluator.CITY


def _misses(row: Row, capability: CapabilityFacts, now: datetime) -> bool:
    """Whether a row misses today, at any minute."""
    today = now.date()
    edition = edition_in_force(capability, today, now)
    minutes = set(targets_on(edition, today, now)) if edition is not None else set()
    judged = [judge(row, capability, today, now, minute) for minute in minutes or {None}]
    return any(j is not None and not j.passed for j in judged)


def rows_ended_by_reopening(rows: Iterable[Row], source_id: str, known_at: datetime) -> list[Row]:
    """Rows of a visit that reopening ends: all not yet withdrawn, also those superseded since from the same visit."""
    known = [r for r in rows if r.recorded_at <= known_at]
    withdrawn = {r.supersedes for r in known if r.withdrawal}
    return [r for r in known if r.source.id == source_id and not r.withdrawal and r.id not in withdrawn]


def percentile_of(times: Sequence[Fraction], percentile: int) -> Fraction:
    """Nearest-rank percentile of a whole series: the smallest time that ``percentile`` % of all do not exceed."""
    if not times:
        raise LedgerError("series-empty", "The series holds no times.")
    ordered = sorted(times)
    rank = max(1, math.ceil(Fraction(percentile, 100) * len(ordered)))
    return ordered[rank - 1]
