"""What does not apply to a subject: declared from outside with a reason, ended when it applies again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from beiji.programme.access import today_in
from beiji.programme.models import City, Subject
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..book import Book, local, nodes_under, rows_of, size_class, subject_facts
from ..models import Indicator, NotApplicable
from ..rules import gaps
from ..rules.rows import Evaluator, LedgerError, Row
from ..rules.standing import standing
from .methodology import not_before_today
from .refresh import rewrite_city


@change
def declare_not_applicable(
    *, city: City, subject: Subject, standard: str, indicator: str, reason: Mapping[str, str], evaluator: Evaluator,
    office: str, by: UUID, from_day: date, now: datetime, until_day: date | None = None,
) -> NotApplicable:  # fmt: skip
    """An indicator does not apply to a subject: with a reason and approval from outside, never a must-pass item; over a
    failed item only by an evaluator not lower than who found it failing. Raises LedgerError otherwise."""
    now = hold_city(city, now)
    not_before_today(city, from_day, now)
    if not any(words.strip() for words in reason.values()):
        raise LedgerError("na-reason", "Give the reason why {indicator} does not apply.", indicator=indicator)
    if not evaluator.is_outside:
        raise LedgerError("na-inside", "“Not applicable” needs the approval of an office outside the hospital.")
    item = Indicator.objects.filter(domain__pack__code=standard, code=indicator).order_by("-domain__pack__id").first()
    if item is None:
        raise LedgerError("indicator-unknown", "There is no indicator {indicator}.", indicator=indicator)
    if item.crit == "must-pass" or not item.may_be_not_applicable:
        raise LedgerError(
            "na-must-pass", "{indicator} must be passed by everybody; it always applies.", indicator=indicator
        )
    failing = _who_found_it_failing(city, subject, item, now)
    if not gaps.may_set_aside(evaluator, failing):
        raise LedgerError(
            "na-failed",
            "{indicator} was found failing by {office}. Only an evaluator of that rank or a higher one can set it aside.",
            indicator=indicator,
            office=failing.office if failing else "",
        )
    row = NotApplicable.objects.create(
        city=city,
        subject=subject,
        standard=standard,
        indicator=indicator,
        reason=dict(reason),
        office=office,
        by=by,
        from_day=from_day,
        until_day=until_day,
        recorded_at=now,
        until_recorded_at=now if until_day else None,
    )
    audit.write("readiness.not-applicable", city=city.pk, by=by, of=subject, now=now, indicator=indicator)
    rewrite_city(city=city, now=now, by=by)
    return row


@change
def end_not_applicable(
    *, city: City, subject: Subject, standard: str, indicators: Iterable[str], by: UUID, now: datetime
) -> int:
    """The indicators apply to the subject again from today on, as known from now. Returns how many declarations ended."""
    now = hold_city(city, now)
    ended: int = NotApplicable.objects.filter(
        subject=subject, standard=standard, indicator__in=list(indicators), until_day__isnull=True
    ).update(until_day=today_in(city, now), until_recorded_at=now)
    if ended:
        audit.write("readiness.applies-again", city=city.pk, by=by, of=subject, now=now, count=ended)
        rewrite_city(city=city, now=now, by=by)
    return ended


def _who_found_it_failing(city: City, subject: Subject, asked: Indicator, now: datetime) -> Row | None:
    """The row of the highest evaluator among the open misses of what the indicator reads."""
    code = asked.capability.code
    rows = rows_of([subject], city, [code])[subject.pk]
    facts = Book(city, [asked.capability_id]).facts(code, size_class(subject))
    tree = subject_facts(subject, nodes_under([subject])[subject.pk], city)
    return gaps.who_found_it_failing(standing(rows, facts, tree, today_in(city, now), local(now, city)), rows)
