"""Drills notified beforehand: they may be called off before they begin; else they are handed in or missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import uuid6

from beiji.programme.access import today_in
from beiji.programme.models import City, Subject
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..book import local, plain_drill, rows_of
from ..models import Capability, NotifiedDrill
from ..notified_drills import facts_of, parts_asked
from ..rules import drills
from ..rules import rows as plain
from .evidence import Draft, record_batch


@change
def notify_drill(
    *, city: City, subject: str, capability: str, condition: plain.Condition, starts_at: datetime, office: str,
    evaluator: plain.Evaluator, by: UUID | None, now: datetime, place: str | None = None,
) -> NotifiedDrill:  # fmt: skip
    """Announce a drill to an office outside, at the latest on the day before. Raises LedgerError where a row of the
    drill could not be recorded as the subject tree stands."""
    now = hold_city(city, now)
    part = _subject(subject)
    row = Capability.objects.filter(code=capability).first()
    if row is None:
        raise plain.LedgerError("capability-unknown", "There is no capability {code}.", code=capability)
    drill = NotifiedDrill(
        id=uuid6.uuid7(),
        city=city,
        whole=_whole_of(part),
        subject=part,
        capability=row,
        place=_subject(place) if place else None,
        condition=condition.value,
        starts_at=starts_at,
        notified_on=today_in(city, now),
        office=office,
        evaluator=int(evaluator),
        recorded_at=now,
        by=by,
    )
    facts, tree = facts_of(city, drill)
    drills.check_notification(plain_drill(drill, city), capability=facts, subject=tree, now=local(now, city))
    drill.save(force_insert=True)
    audit.write("readiness.drill-notified", city=city.pk, by=by, of=drill, now=now, office=office)
    return drill


def _subject(code: str) -> Subject:
    found: Subject | None = Subject.objects.filter(code=code).select_related("parent__parent").first()
    if found is None:
        raise plain.LedgerError("subject-unknown", "There is no subject {code}.", code=code)
    return found


def _whole_of(part: Subject) -> Subject:
    while part.kind in (Subject.Kind.CAMPUS, Subject.Kind.PLACE) and part.parent is not None:
        part = part.parent
    return part


@change
def call_off_drill(*, drill: NotifiedDrill, by: UUID | None, now: datetime) -> None:
    """Call a drill off, on record, before it begins. Raises LedgerError once it has begun."""
    now = hold_city(drill.city_id, now)
    # Begun and called off cannot both happen: the condition is in the UPDATE that must hit one row.
    changed = NotifiedDrill.objects.filter(pk=drill.pk, called_off_at__isnull=True, starts_at__gt=now).update(
        called_off_at=now, called_off_by=by
    )
    if changed != 1:
        raise plain.LedgerError("call-off-late", "A drill can be called off only once, and before it begins.")
    audit.write("readiness.drill-called-off", city=drill.city_id, by=by, of=drill, now=now)


def write_misses(*, city: City, waiting: Sequence[NotifiedDrill], now: datetime) -> set[int]:
    """Write *shown: no* for each part of these drills that is missed by now, for the office notified. Returns the keys of
    the whole subjects concerned. Call it while the city is held."""
    today, written = today_in(city, now), set()
    for drill in waiting:
        rows = rows_of([drill.whole], city, [drill.capability.code])[drill.whole_id]
        parts = parts_asked(city, drill, now)
        missed = [part for part in parts if drills.drill_is_missed(part, rows, today, local(now, city))]
        if missed:
            _write_miss(city, drill, missed, now)
            written.add(drill.whole_id)
    return written


def _write_miss(city: City, drill: NotifiedDrill, missed: Sequence[plain.NotifiedDrill], now: datetime) -> None:
    drafts = [
        Draft(
            subject=part.subject,
            capability=part.capability,
            method=plain.Method.MISSED_DRILL,
            evaluator=part.evaluator,
            as_of=part.starts_at.date(),
            shown=False,
            condition=part.condition,
            place=part.place,
            drill=drill.pk,
            source=plain.Source("drill", part.id, ""),
        )
        for part in missed
    ]
    rows = record_batch(city=city, drafts=drafts, by=None, office=drill.office, now=now, by_ledger=True)
    NotifiedDrill.objects.filter(pk=drill.pk).update(missed_row=rows[0].pk)
    audit.write("readiness.drill-missed", city=city.pk, by=None, of=drill, now=now, row=rows[0].pk)
