"""Striking an evaluator off the list: his later rows are refused, his earlier ones may be ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from beiji.programme.models import City, Organisation
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..evaluators import StrikingOff
from ..rules.rows import Evaluator, LedgerError


@change
def strike_off(
    *, city: City, office: str, evaluator: Evaluator, reason: str, reason_language: str, by: UUID | None,
    by_office: str, now: datetime, person: UUID | None = None,
) -> StrikingOff:  # fmt: skip
    """Strike an office, or one person of it, off the list of evaluators; `evaluator` is that of who does it: the city.

    From now on, until it is taken back (`lift_striking_off`), no row from outside of it is recorded. Its earlier rows stay until somebody ends them, each with a reason
    (`withdraw_evidence`). Raises LedgerError when it is refused.
    """
    now = hold_city(city, now)
    if evaluator is not Evaluator.CITY:
        raise LedgerError("strike-city", "Only the city strikes an evaluator off.")
    if not reason.strip():
        raise LedgerError("strike-reason", "Give the reason why {office} is struck off.", office=office)
    if not Organisation.objects.filter(city=city, code=office).exists():
        raise LedgerError("office-unknown", "There is no office {office}.", office=office)
    if office == by_office and person is None:
        raise LedgerError("strike-self", "An office does not strike itself off.")
    if StrikingOff.objects.filter(city=city, office=office, person=person, lifted_at__isnull=True).exists():
        raise LedgerError("struck-already", "{office} was struck off before.", office=office)
    row = StrikingOff.objects.create(
        city=city,
        office=office,
        person=person,
        reason=reason,
        reason_language=reason_language,
        by_office=by_office,
        by=by,
        recorded_at=now,
    )
    audit.write("readiness.struck-off", city=city.pk, by=by, of=row, now=now, office=office)
    return row


@change
def lift_striking_off(*, striking: StrikingOff, evaluator: Evaluator, by: UUID | None, now: datetime) -> None:
    """Take a striking-off back; rows that were ended meanwhile stay ended. Raises LedgerError when it is refused."""
    now = hold_city(striking.city_id, now)
    if evaluator is not Evaluator.CITY:
        raise LedgerError("strike-city", "Only the city strikes an evaluator off.")
    # Taken back twice at once cannot be: the condition is in the UPDATE that must hit one row.
    waiting = StrikingOff.objects.filter(pk=striking.pk, lifted_at__isnull=True)
    if waiting.update(lifted_at=now, lifted_by=by) != 1:
        raise LedgerError("lifted-already", "That striking-off was taken back before.")
    audit.write("readiness.striking-lifted", city=striking.city_id, by=by, of=striking, now=now, office=striking.office)
