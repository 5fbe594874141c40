"""Planning visits and taking what assessors and hospitals say; each function opens its own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.documents import changes as documents
from beiji.programme import changes as programme
from beiji.programme.models import City, Person, RoleGrant, Subject
from beiji.programme.writing import change, hold_city, hold_row
from beiji.readiness import methodology
from beiji.records import audit, operations
from beiji.records.models import Attachment

from .. import asked
from ..models import Lock, Member, Note, Reply, Visit
from ..rules.measuring import check_measurement
from ..rules.operations import Problem, check_operation

#: How long roles last beyond the last day, for settling differences and the hospital's reply.
AFTER_VISIT_DAYS = 21
KINDS = frozenset({"rate", "measure", "note", "attach", "undo", "settle"})


class AssessError(Exception):
    """The change is refused; the text is one finished, translated sentence."""


@dataclass(frozen=True)
class Seat:
    """Somebody who joins a team, and in which post."""

    person: Person
    post: str


@change
def plan_visit(
    *, city: City, subject: Subject, round: int, kind: str, scope: str, first_day: date, last_day: date,
    team: Sequence[Seat], by: UUID, now: datetime,
) -> Visit:  # fmt: skip
    """Plan an assessment and freeze the standard for it; leads and assessors get dated roles on its subject.

    Raises AssessError when the dates are in the wrong order, nobody leads, or the city has no standard yet.
    """
    now = hold_city(city, now)
    if last_day < first_day:
        raise AssessError(
            _("The visit would end on {last}, before it begins on {first}; put the dates in order.").format(
                last=last_day, first=first_day
            )
        )
    if [seat.post for seat in team].count(Member.Post.LEAD) != 1:
        raise AssessError(_("A visit has exactly one lead assessor; choose one."))
    if len({seat.person.pk for seat in team}) != len(team):
        raise AssessError(_("Somebody stands twice on the team; each person has one post."))
    standard = methodology.standard_in_force(city, first_day, now)
    if standard is None:
        raise AssessError(_("The city has no standard yet; load the packs first."))
    asked = [q.code for q in standard.questions_for(subject) if scope == Visit.Scope.FULL or q.core or q.must_pass]
    visit = Visit.objects.create(
        city=city, subject=subject, round=round, kind=kind, scope=scope, first_day=first_day, last_day=last_day,
        pack=str(standard.pack), digest=standard.pack.digest, indicators=asked, planned_by=by, planned_at=now,
    )  # fmt: skip
    audit.write("assess.visit-planned", city=city.pk, by=by, of=visit, now=now, subject=subject.code)
    for seat in team:
        _join(visit, seat, by, now)
    return visit


def _join(visit: Visit, seat: Seat, by: UUID, now: datetime) -> None:
    Member.objects.create(city=visit.city, visit=visit, person=seat.person, post=seat.post)
    roles = {Member.Post.LEAD: RoleGrant.Role.LEAD, Member.Post.ASSESSOR: RoleGrant.Role.ASSESSOR}
    role = roles.get(Member.Post(seat.post))
    if role is not None and visit.kind != Visit.Kind.SELF:
        programme.grant_role(
            person=seat.person, role=role, subject=visit.subject, since=visit.first_day,
            until=visit.last_day + timedelta(days=AFTER_VISIT_DAYS + 1), source=visit.stream, by=by, now=now,
        )  # fmt: skip


#: From which phase one may go to which, by whom it is asked in views.
STEPS: Mapping[str, tuple[str, ...]] = {
    Visit.Phase.PLANNED: (Visit.Phase.DESK, Visit.Phase.ON_SITE),
    Visit.Phase.DESK: (Visit.Phase.ON_SITE,),
    Visit.Phase.ON_SITE: (Visit.Phase.CONSENSUS,),
    Visit.Phase.CONSENSUS: (Visit.Phase.ON_SITE, Visit.Phase.REPLY),
    Visit.Phase.REPLY: (Visit.Phase.CONSENSUS,),
}


@change
def move_visit(*, visit: Visit, to: str, by: UUID, now: datetime) -> None:
    """Bring a visit into its next phase. Raises AssessError when that is no step from where it stands now."""
    now = hold_city(visit.city_id, now)
    sources = [source for source, targets in STEPS.items() if to in targets]
    if Visit.objects.filter(pk=visit.pk, phase__in=sources).update(phase=to) != 1:
        raise AssessError(_("The visit is not in a phase from which it could go there; load the page again."))
    audit.write("assess.visit-moved", city=visit.city_id, by=by, of=visit, now=now, phase=to)
    visit.phase = to


@change
def take_operation(*, visit: Visit, data: Any, person: Person, may_settle: bool, now: datetime) -> tuple[UUID, bool]:
    """Keep one operation of an assessor. Returns its id and whether it is new; the same one again changes nothing.

    Raises `records.operations.OperationError` or AssessError with a sentence for the person.
    """
    said = operations.parse(data, KINDS)
    if said.kind == "settle" and not may_settle:
        raise AssessError(_("Differences are settled by the lead of the visit."))
    _check(visit, said.kind, said.payload, person, now)
    hold_row(visit)
    phase = Visit.objects.values_list("phase", flat=True).get(pk=visit.pk)
    if phase == Visit.Phase.PLANNED:
        raise AssessError(_("The visit has not begun; its lead or the manager brings it into the desk review first."))
    if phase == Visit.Phase.LOCKED:
        raise AssessError(_("The visit was locked meanwhile; what you entered is kept on this device but not counted."))
    operation, is_new = operations.keep(city=visit.city_id, stream=visit.stream, said=said, person=person.pk, now=now)
    if is_new:
        _keep_words(visit, operation.pk, said.kind, said.payload, person, now)
    return operation.pk, is_new


def _keep_words(visit: Visit, key: UUID, kind: str, payload: Mapping[str, Any], person: Person, now: datetime) -> None:
    """What was typed with its language waits for translation: remarks, and the reasons of answers and settlements."""
    body = payload["text"] if kind == "note" else payload.get("reason", "").strip()
    if kind not in ("note", "rate", "settle") or not body or "language" not in payload:
        return
    text = documents.write_text(
        city=visit.city,
        kind="note" if kind == "note" else "rationale",
        language=payload["language"],
        body=body,
        by=person,
        now=now,
    )
    Note.objects.create(id=key, city=visit.city, visit=visit, indicator=payload["indicator"], text=text, by=person.pk)


def _check(visit: Visit, kind: str, payload: Mapping[str, Any], person: Person, now: datetime) -> None:
    _refuse(check_operation(kind, payload, frozenset(visit.indicators)))
    if kind in ("rate", "settle", "measure"):
        allowed = asked.parts_of(visit).get(payload["indicator"], ("",))
        if payload.get("part", "") not in allowed:
            raise AssessError(
                _("{indicator} is asked for each campus or place; say which one.").format(
                    indicator=payload["indicator"]
                )
            )
    if kind == "measure":
        _refuse(check_measurement(payload, asked.measuring_in(visit, payload["indicator"], now)))
    if kind == "attach":
        mine = Attachment.objects.filter(pk=payload["attachment"], added_by=person.pk)
        if not mine.exists():
            raise AssessError(_("The attachment is not known here; attach it again."))


def _refuse(problem: Problem | None) -> None:
    if problem is not None:
        raise AssessError(_(problem.sentence).format(**problem.parts))


@change
def reply(
    *, visit: Visit, stance: str, language: str, body: str, by: Person, now: datetime, indicator: str = ""
) -> Reply:
    """Keep the hospital's word on the result. A dispute needs its reason."""
    now = hold_city(visit.city_id, now)
    if stance == Reply.Stance.DISPUTE and not body.strip():
        raise AssessError(_("Say what you dispute and why; the team answers to that."))
    text = (
        documents.write_text(city=visit.city, kind="reply", language=language, body=body, by=by, now=now)
        if body.strip()
        else None
    )
    kept = Reply.objects.create(
        city=visit.city, visit=visit, stance=stance, indicator=indicator, text=text, by=by.pk, at=now
    )
    audit.write("assess.hospital-replied", city=visit.city_id, by=by.pk, of=visit, now=now, stance=stance)
    return kept


def claim_lock(*, visit: Visit, by: UUID, now: datetime, rows: int) -> Lock:
    """Take the visit's one lock, inside the caller's transaction. Raises AssessError when somebody was quicker.

    The UPDATE must hit one row: two people pressing "lock" at once write the evidence once.
    """
    taken = Visit.objects.filter(pk=visit.pk, phase__in=(Visit.Phase.CONSENSUS, Visit.Phase.REPLY)).update(
        phase=Visit.Phase.LOCKED
    )
    if taken != 1:
        raise AssessError(
            _("The visit is locked already, or its differences are not being settled yet; load the page again.")
        )
    visit.phase = Visit.Phase.LOCKED
    return Lock.objects.create(city=visit.city, visit=visit, by=by, at=now, rows=rows)


def release_lock(*, visit: Visit, reason: str, by: UUID, now: datetime) -> None:
    """End the visit's live lock, inside the caller's transaction."""
    ended = Lock.objects.filter(visit=visit, ended_at__isnull=True).update(
        ended_at=now, ended_by=by, reason=reason[:500]
    )
    if ended != 1:
        raise AssessError(_("The visit is not locked."))
    Visit.objects.filter(pk=visit.pk).update(phase=Visit.Phase.CONSENSUS)
    visit.phase = Visit.Phase.CONSENSUS


def members_who_rate(visit: Visit) -> Iterable[Member]:
    """Leads and assessors of a visit."""
    return [member for member in visit.members.all() if member.rates]
