"""The lock: what the team says becomes evidence, all rows or none; and the reopening that ends them."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.programme.models import Person
from beiji.programme.writing import change, hold_city
from beiji.readiness import changes as ledger
from beiji.readiness.messages import sentence
from beiji.readiness.rules.numbers import number
from beiji.readiness.rules.rows import Condition, Evaluator, LedgerError, Method, Notice, Source
from beiji.records import audit

from .. import asked, given, telling
from ..asked import Asked
from ..models import Lock, Visit
from ..rules.answers import NOT_APPLICABLE, UNABLE, Answers, Measurement
from ..rules.consensus import Final, Hindrance, finals, hindrances
from .visits import AssessError, claim_lock, hold_visit, members_who_rate, release_lock

EVALUATORS = {
    Visit.Kind.EXTERNAL: Evaluator.EXTERNAL,
    Visit.Kind.CITY: Evaluator.CITY,
    Visit.Kind.PEER: Evaluator.PEER,
    Visit.Kind.SELF: Evaluator.SELF,
}
#: How an assessor from outside found a level → the ledger's method. A self-rating is always a self-rating.
WAYS = {"check": Method.SPOT_CHECK, "interview": Method.INTERVIEW, "document": Method.DOCUMENT}


class LockRefused(AssessError):
    """The visit cannot be locked yet; `hindrances` say why, one by one."""

    def __init__(self, hindrances: list[Hindrance]) -> None:
        self.hindrances = hindrances
        words = ngettext(
            "The visit cannot be locked yet: {count} point is open.",
            "The visit cannot be locked yet: {count} points are open.",
            len(hindrances),
        )
        super().__init__(words.format(count=len(hindrances)))


def hindrances_of(visit: Visit, answers: Answers, items: list[Asked]) -> list[Hindrance]:
    """What keeps this visit from its lock."""
    return hindrances(
        answers,
        visit.indicators,
        asked.must_pass_codes(items),
        outside=visit.kind != Visit.Kind.SELF,
        raters=len(list(members_who_rate(visit))),
    )


@change
def lock_visit(*, visit: Visit, by: Person, now: datetime) -> Lock:
    """Write one claim row per indicator rated and one row per measurement, cover the asked capabilities, and close.

    Everything happens in one transaction. Raises LockRefused while differences or other points are open, AssessError
    when somebody else was quicker or the ledger refuses a row (its sentence is passed on).
    """
    now = hold_city(visit.city_id, now)
    hold_visit(visit)  # an answer that arrives now waits and is refused; one that was acknowledged is read below
    answers, items = given.answers_of(visit), asked.asked_in(visit)
    open_points = hindrances_of(visit, answers, items)
    if open_points:
        raise LockRefused(open_points)
    by_code = {item.code: item for item in items}
    words = finals(answers)
    drafts = [_claim(visit, by_code[f.key.indicator], f, now) for f in words if f.said not in (NOT_APPLICABLE, UNABLE)]
    try:
        drafts += [_measured(visit, by_code[m.key.indicator], m, now) for m in answers.measurements]
        lock = claim_lock(visit=visit, by=by.pk, now=now, rows=len(drafts))
        _apply_again(visit, [f for f in words if f.said != NOT_APPLICABLE], by, now)
        _declare_not_applicable(visit, words, by, now)
        ledger.record_coverage(
            city=visit.city, subject=visit.subject, source_id=str(visit.pk), as_of=_day(visit, now, now),
            capabilities=[item.question.capability for item in items], by=by.pk, now=now,
        )  # fmt: skip
        ledger.record_batch(city=visit.city, drafts=drafts, by=by.pk, office=_office(by), now=now)
        audit.write("assess.visit-locked", city=visit.city_id, by=by.pk, of=visit, now=now, rows=len(drafts))
        telling.locked(visit, "assess.visit-locked", by=by.pk, now=now)
    except LedgerError as error:
        raise AssessError(sentence(error)) from error
    return lock


@change
def reopen_visit(*, visit: Visit, reason: str, by: Person, now: datetime) -> int:
    """End every row the lock wrote, with a reason, and open the visit for settling again. Returns how many ended."""
    now = hold_city(visit.city_id, now)
    hold_visit(visit)
    if not reason.strip():
        raise AssessError(_("Give the reason for reopening; it stands in the ledger beside every row that ends."))
    try:
        release_lock(visit=visit, reason=reason, by=by.pk, now=now)
        ended = ledger.reopen_source(
            city=visit.city, source_id=str(visit.pk), evaluator=EVALUATORS[Visit.Kind(visit.kind)], reason=reason,
            by=by.pk, office=_office(by), now=now,
        )  # fmt: skip
        _apply_again(visit, [f for f in finals(given.answers_of(visit)) if f.said == NOT_APPLICABLE], by, now)
        audit.write("assess.visit-reopened", city=visit.city_id, by=by.pk, of=visit, now=now, rows=ended)
        telling.locked(visit, "assess.visit-reopened", by=by.pk, now=now)
    except LedgerError as error:
        raise AssessError(sentence(error)) from error
    return ended


def _office(person: Person) -> str:
    if person.organisation is None:
        raise AssessError(_("You belong to no institution, and evidence needs one; ask the administrator to enter it."))
    return str(person.organisation.code)


def _day(visit: Visit, made_at: datetime, now: datetime) -> date:
    """The day that an answer speaks of: when it was made, inside the visit's dates and never after today."""
    zone = ZoneInfo(visit.city.time_zone)
    day = made_at.astimezone(zone).date()
    return min(max(day, visit.first_day), visit.last_day, now.astimezone(zone).date())


def _source(visit: Visit) -> Source:
    return Source("visit", str(visit.pk), visit.first_day.isoformat())


def _subject_and_place(visit: Visit, item: Asked, part: str) -> tuple[str, str | None]:
    """Where a row belongs: a campus is a subject of its own, a place stands inside the subject."""
    if part and item.edition.per_campus:
        return part, None
    return visit.subject.code, part or None


def _claim(visit: Visit, item: Asked, final: Final, now: datetime) -> ledger.Draft:
    subject, place = _subject_and_place(visit, item, final.key.part)
    is_self = visit.kind == Visit.Kind.SELF
    return ledger.Draft(
        subject=subject,
        place=place,
        capability=item.question.capability,
        method=Method.SELF_RATING if is_self else WAYS[final.how],
        evaluator=EVALUATORS[Visit.Kind(visit.kind)],
        as_of=_day(visit, max(a.made_at for a in final.answers), now),
        level=int(final.said),
        source=_source(visit),
    )


def _measured(visit: Visit, item: Asked, measurement: Measurement, now: datetime) -> ledger.Draft:
    subject, place = _subject_and_place(visit, item, measurement.key.part)
    return ledger.Draft(
        subject=subject,
        place=place,
        capability=item.question.capability,
        method=Method(measurement.method),
        evaluator=EVALUATORS[Visit.Kind(visit.kind)],
        as_of=_day(visit, measurement.made_at, now),
        value=number(measurement.value) * Fraction(item.edition.scale) if measurement.value is not None else None,
        shown=measurement.shown,
        condition=Condition(measurement.condition),
        at_min=measurement.at_min,
        notice=Notice(measurement.notice) if measurement.notice else None,
        sample=measurement.sample,
        source=_source(visit),
    )


def _declare_not_applicable(visit: Visit, words: list[Final], by: Person, now: datetime) -> None:
    """One declaration for each item, whatever the number of its campuses: it holds for the whole hospital."""
    for final in {final.key.indicator: final for final in words if final.said == NOT_APPLICABLE}.values():
        ledger.declare_not_applicable(
            city=visit.city, subject=visit.subject, standard=visit.pack.split("@")[0], indicator=final.key.indicator,
            reason={"": final.reason}, evaluator=EVALUATORS[Visit.Kind(visit.kind)], office=_office(by), by=by.pk,
            from_day=now.astimezone(ZoneInfo(visit.city.time_zone)).date(), now=now,
        )  # fmt: skip


def _apply_again(visit: Visit, words: list[Final], by: Person, now: datetime) -> None:
    """End "not applicable" of these items: they are rated now, or the lock that declared it was opened again."""
    ledger.end_not_applicable(
        city=visit.city, subject=visit.subject, standard=visit.pack.split("@")[0],
        indicators={final.key.indicator for final in words}, by=by.pk, now=now,
    )  # fmt: skip
