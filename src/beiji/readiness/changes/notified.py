"""Drills notified beforehand: they may be called off before they begin; else they are handed in or missed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from beiji.programme.access import today_in
from beiji.programme.models import City, Subject
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..book import local, rows_of
from ..models import Capability, NotifiedDrill
from ..rules import recording
from ..rules import rows as plain
from .evidence import Draft, record_batch


@change
def notify_drill(
    *, city: City, subject: str, capability: str, condition: plain.Condition, starts_at: datetime, office: str,
    evaluator: plain.Evaluator, by: UUID | None, now: datetime, place: str | None = None,
) -> NotifiedDrill:  # fmt: skip
    """Announce a drill to an office outside, at the latest on the day before. Raises LedgerError otherwise."""
    now = hold_city(city, now)
    notified_on = today_in(city, now)
    if not notified_on < local(starts_at, city).date():
        raise plain.LedgerError("notify-late", "A drill is notified at the latest on the day before it.")
    if not evaluator.is_outside:
        raise plain.LedgerError("notify-inside", "A drill is notified to an office outside the hospital.")
    if condition is plain.Condition.ANY:
        raise plain.LedgerError("notify-condition", "Say whether it happens by day, by night or on a holiday.")
    part = _subject(subject)
    whole = part
    while whole.kind in (Subject.Kind.CAMPUS, Subject.Kind.PLACE) and whole.parent is not None:
        whole = whole.parent
    asked = Capability.objects.filter(code=capability).first()
    if asked is None:
        raise plain.LedgerError("capability-unknown", "There is no capability {code}.", code=capability)
    drill = NotifiedDrill.objects.create(
        city=city,
        whole=whole,
        subject=part,
        capability=asked,
        place=_subject(place) if place else None,
        condition=condition.value,
        starts_at=starts_at,
        notified_on=notified_on,
        office=office,
        evaluator=int(evaluator),
        recorded_at=now,
        by=by,
    )
    audit.write("readiness.drill-notified", city=city.pk, by=by, of=drill, now=now, office=office)
    return drill


def _subject(code: str) -> Subject:
    found: Subject | None = Subject.objects.filter(code=code).select_related("parent__parent").first()
    if found is None:
        raise plain.LedgerError("subject-unknown", "There is no subject {code}.", code=code)
    return found


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


def plain_drill(drill: NotifiedDrill, city: City) -> plain.NotifiedDrill:
    """A notified drill as the rules read it."""
    return plain.NotifiedDrill(
        id=str(drill.pk),
        subject=drill.subject.code,
        capability=drill.capability.code,
        condition=plain.Condition(drill.condition),
        starts_at=local(drill.starts_at, city),
        notified_at=drill.notified_on,
        office=drill.office,
        evaluator=plain.Evaluator(drill.evaluator),
        place=drill.place.code if drill.place else None,
        called_off_at=local(drill.called_off_at, city) if drill.called_off_at else None,
    )


def write_misses(*, city: City, now: datetime) -> int:
    """Write *shown: no* for every notified drill that is missed by now, for the office notified. Returns how many."""
    today = today_in(city, now)
    waiting = NotifiedDrill.objects.filter(missed_row__isnull=True, called_off_at__isnull=True, starts_at__lt=now)
    written = 0
    for drill in waiting.select_related("whole", "subject", "capability", "place"):
        asked = plain_drill(drill, city)
        rows = rows_of([drill.whole], city, [asked.capability])[drill.whole_id]
        if recording.drill_is_missed(asked, rows, today, local(now, city)):
            _write_miss(city, drill, asked, asked.starts_at.date(), now)
            written += 1
    return written


@change
def _write_miss(city: City, drill: NotifiedDrill, asked: plain.NotifiedDrill, day: date, now: datetime) -> None:
    now = hold_city(city, now)
    draft = Draft(
        subject=asked.subject,
        capability=asked.capability,
        method=plain.Method.MISSED_DRILL,
        evaluator=asked.evaluator,
        as_of=day,
        shown=False,
        condition=asked.condition,
        place=asked.place,
        notified_on=asked.notified_at,
        drill=drill.pk,
        source=plain.Source("drill", asked.id, ""),
    )
    row = record_batch(city=city, drafts=[draft], by=None, office=asked.office, now=now, by_ledger=True)[0]
    NotifiedDrill.objects.filter(pk=drill.pk).update(missed_row=row.pk)
    audit.write("readiness.drill-missed", city=city.pk, by=None, of=drill, now=now, row=row.pk)
