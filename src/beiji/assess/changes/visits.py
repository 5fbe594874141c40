"""Planning visits, moving them through their phases, claiming and releasing their lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from beiji.programme import changes as programme
from beiji.programme.models import City, Person, RoleGrant, Subject
from beiji.programme.writing import change, hold_city, hold_row
from beiji.readiness import methodology
from beiji.records import audit
from beiji.records.refused import ChangeRefused

from .. import telling
from ..models import Lock, Member, Visit

#: How long the write-up lasts after the last day, for settling differences and the hospital's reply. *Assumption.*
WRITE_UP_DAYS = 21


class AssessError(ChangeRefused):
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
    _check_plan(first_day, last_day, team)
    visit = Visit.objects.create(
        city=city, subject=subject, round=round, kind=kind, scope=scope, first_day=first_day, last_day=last_day,
        planned_by=by, planned_at=now, **_frozen(city, subject, scope, first_day, now),
    )  # fmt: skip
    audit.write("assess.visit-planned", city=city.pk, by=by, of=visit, now=now, subject=subject.code)
    for seat in team:
        _join(visit, seat, by, now)
    telling.planned(visit, "assess.visit-planned", by=by, now=now)
    return visit


@change
def replan_visit(
    *, visit: Visit, round: int, kind: str, scope: str, first_day: date, last_day: date, team: Sequence[Seat],
    by: UUID, now: datetime, seen: datetime | None = None,
) -> None:  # fmt: skip
    """Plan anew what has not begun: days, what is asked and who goes; the standard is frozen again and roles follow.

    Raises AssessError as `plan_visit`, when the visit has begun, and when somebody planned it anew after the page was
    opened (`seen`: when the plan on the page was made).
    """
    now = hold_city(visit.city_id, now)
    _hold_planned(visit)
    if seen is not None and seen != visit.planned_at:
        raise AssessError(
            _("The plan was changed while your page was open; load the page again and change what stands.")
        )
    _check_plan(first_day, last_day, team)
    plan = {
        "round": round, "kind": kind, "scope": scope, "first_day": first_day, "last_day": last_day, "planned_by": by,
        "planned_at": now, **_frozen(visit.city, visit.subject, scope, first_day, now),
    }  # fmt: skip
    for name, value in plan.items():
        setattr(visit, name, value)
    visit.save(update_fields=list(plan))
    _dissolve_team(visit, by, now)
    for seat in team:
        _join(visit, seat, by, now)
    audit.write("assess.visit-replanned", city=visit.city_id, by=by, of=visit, now=now)
    telling.planned(visit, "assess.visit-changed", by=by, now=now)


@change
def cancel_visit(*, visit: Visit, by: UUID, now: datetime) -> None:
    """Call off a visit that has not begun: it is gone with its roles, the audit line stays. Raises AssessError once begun."""
    now = hold_city(visit.city_id, now)
    _hold_planned(visit)
    audit.write(
        "assess.visit-cancelled", city=visit.city_id, by=by, of=visit, now=now, subject=visit.subject.code,
        first_day=visit.first_day.isoformat(),
    )  # fmt: skip
    telling.called_off(visit, by=by, now=now)
    _dissolve_team(visit, by, now)
    visit.delete()


def hold_visit(visit: Visit) -> None:
    """Hold a visit until the transaction ends, and say to whoever looks at it that it changes."""
    hold_row(visit)
    Visit.objects.filter(pk=visit.pk).update(written=F("written") + 1)


def _hold_planned(visit: Visit) -> None:
    hold_visit(visit)
    visit.refresh_from_db()
    if visit.phase != Visit.Phase.PLANNED:
        raise AssessError(_("The visit has begun; its plan stays as it is."))


def _dissolve_team(visit: Visit, by: UUID, now: datetime) -> None:
    programme.end_roles(city=visit.city, source=visit.stream, by=by, now=now)
    Member.objects.filter(visit=visit).delete()


def _check_plan(first_day: date, last_day: date, team: Sequence[Seat]) -> None:
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


def _frozen(city: City, subject: Subject, scope: str, day: date, now: datetime) -> dict[str, Any]:
    """The standard in force on a day, and what it asks of a subject."""
    standard = methodology.standard_in_force(city, day, now, of=subject)
    if standard is None:
        raise AssessError(_("The city has no standard yet; load the packs first."))
    codes = [q.code for q in standard.questions_for(subject) if scope == Visit.Scope.FULL or q.core or q.must_pass]
    return {"pack": str(standard.pack), "digest": standard.pack.digest, "indicators": codes}


def _join(visit: Visit, seat: Seat, by: UUID, now: datetime) -> None:
    Member.objects.create(city=visit.city, visit=visit, person=seat.person, post=seat.post)
    roles = {Member.Post.LEAD: RoleGrant.Role.LEAD, Member.Post.ASSESSOR: RoleGrant.Role.ASSESSOR}
    role = roles.get(Member.Post(seat.post))
    if role is None or visit.kind == Visit.Kind.SELF:
        return
    # the hospital is seen until the visit is over; what is left to write opens the visit alone, in a grant of its own
    over = visit.last_day + timedelta(days=1)
    common: dict[str, Any] = {
        "person": seat.person,
        "subject": visit.subject,
        "source": visit.stream,
        "by": by,
        "now": now,
    }
    programme.grant_role(role=role, since=visit.first_day, until=over, **common)
    written = over + timedelta(days=WRITE_UP_DAYS)
    programme.grant_role(role=RoleGrant.Role.WRITE_UP, since=over, until=written, **common)


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
    hold_visit(visit)
    sources = [source for source, targets in STEPS.items() if to in targets]
    if Visit.objects.filter(pk=visit.pk, phase__in=sources).update(phase=to) != 1:
        raise AssessError(_("The visit is not in a phase from which it could go there; load the page again."))
    if to == Visit.Phase.CONSENSUS:
        Visit.objects.filter(pk=visit.pk, opened_at__isnull=True).update(opened_at=now)
    audit.write("assess.visit-moved", city=visit.city_id, by=by, of=visit, now=now, phase=to)
    visit.phase = to
    telling.moved(visit, by=by, now=now)


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
