"""Who may do what, and until when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from beiji.records import audit

from .. import told
from ..access import people_of, today_in
from ..models import Account, City, Organisation, Person, RoleGrant, Subject
from ..people import name_of
from ..rules import CITY_ROLES, PLACE_ROLES
from ..writing import change, hold_city
from .errors import ProgrammeError


@change
def grant_role(
    *,
    person: Person,
    role: str,
    since: date,
    by: UUID | None,
    now: datetime,
    subject: Subject | None = None,
    until: date | None = None,
    source: str = "",
    **more: Any,
) -> RoleGrant:
    """Give a role for a time. Raises ProgrammeError when the dates are in the wrong order, the cities differ, or the person would
    both let people in and read what they write. `more`: purpose, approval and instants of a guest's grant."""
    now = hold_city(person.city_id, now)
    if until is not None and until <= since:
        raise ProgrammeError(
            _("The role would end on {until}, before it begins on {since}; put the dates in order.").format(
                until=until, since=since
            )
        )
    if subject is not None and subject.city_id != person.city_id:
        raise ProgrammeError(_("The person and the subject belong to different cities."))
    _refuse_both(person, role, since, until)
    grant = RoleGrant.objects.create(
        city_id=person.city_id,
        person=person,
        role=role,
        subject=subject,
        since=since,
        until=until,
        source=source,
        granted_by=by,
        granted_at=now,
        **more,
    )
    audit.write("programme.role-granted", city=person.city_id, by=by, of=grant, now=now, role=role)
    told.role_begins(grant, by=by, now=now)
    return grant


def _refuse_both(person: Person, role: str, since: date, until: date | None) -> None:
    """An administrator has no other role on any day (decision 31)."""
    administers = Q(role=RoleGrant.Role.ADMINISTRATOR)
    others = ~administers if role == RoleGrant.Role.ADMINISTRATOR else administers
    same_days = Q(until__isnull=True) | Q(until__gt=since)
    days = same_days if until is None else same_days & Q(since__lt=until)
    if RoleGrant.objects.filter(others, days, person=person, ended_on__isnull=True).exists():
        raise ProgrammeError(
            _(
                "{name} would let people in and read what they write: an administrator has no other role. Take the one back before giving the other."
            ).format(name=name_of(person)),
            field="role",
        )


@change
def end_roles(*, city: City, source: str, by: UUID | None, now: datetime) -> None:
    """Take back today every role that a source gave; one that has not begun never holds."""
    now = hold_city(city, now)
    grants = list(RoleGrant.objects.filter(source=source, ended_on__isnull=True).select_related("city"))
    RoleGrant.objects.filter(source=source, ended_on__isnull=True).update(**_end(city, by, now))
    audit.write("programme.roles-ended", city=city.pk, by=by, of=source, now=now)
    told.roles_end(grants, by=by, now=now)


@change
def give_role(
    *, person: Person, role: str, subject: Subject | None, since: date, until: date | None, by: UUID, now: datetime
) -> RoleGrant:
    """Give a role by hand. Raises ProgrammeError for a role that comes with a visit, for a role without its place, for one that
    the person has already, and for a guest as administrator."""
    now = hold_city(person.city_id, now)
    if role not in (*CITY_ROLES, *PLACE_ROLES):
        raise ProgrammeError(_("This role comes with a visit; plan the visit and name the person there."), field="role")
    if (role in PLACE_ROLES) != (subject is not None):
        sentence = (
            _("Choose the institution for which the person is coordinator.")
            if role in PLACE_ROLES
            else _("This role holds in the whole city; leave the institution out.")
        )
        raise ProgrammeError(sentence, field="subject")
    office = person.organisation
    if role == RoleGrant.Role.ADMINISTRATOR and (office is None or office.side != Organisation.Side.CITY):
        raise ProgrammeError(_("Only somebody of the city's own institutions can be its administrator."), field="role")
    same = RoleGrant.objects.filter(person=person, role=role, subject=subject, ended_on__isnull=True)
    if same.filter(Q(until__isnull=True) | Q(until__gt=since)).exists():
        raise ProgrammeError(
            _("The person has this role already; take it back first to give it for other days."), field="role"
        )
    return grant_role(person=person, role=role, since=since, by=by, now=now, subject=subject, until=until)


def _end(city: City, by: UUID | None, now: datetime, reason: str = "") -> dict[str, Any]:
    """What a grant is told when it is taken back; it opens nothing at the next request."""
    return {"ended_on": today_in(city, now), "ended_at": now, "ended_by": by, "end_reason": reason}


@change
def end_role(*, grant: RoleGrant, by: UUID, now: datetime, reason: str = "") -> None:
    """Take a role back now. Raises ProgrammeError when it has ended, or was the last administrator's."""
    now = hold_city(grant.city_id, now)
    if grant.role == RoleGrant.Role.ADMINISTRATOR:
        refuse_last_administrator(grant.person, now)
    rows = RoleGrant.objects.filter(pk=grant.pk, ended_on__isnull=True)
    if not rows.update(**_end(grant.city, by, now, reason)):
        raise ProgrammeError(_("This role was taken back already."))
    audit.write("programme.role-ended", city=grant.city_id, by=by, of=grant, now=now, role=grant.role)
    told.roles_end([grant], by=by, now=now)


@change
def leave(*, person: Person, by: UUID, now: datetime) -> None:
    """Somebody leaves the programme: every role ends today, and the account is closed unless another city needs it.

    Raises ProgrammeError when the city would be left without an administrator who can sign in.
    """
    now = hold_city(person.city_id, now)
    refuse_last_administrator(person, now)
    today = today_in(person.city, now)
    RoleGrant.objects.filter(person=person, ended_on__isnull=True).filter(
        Q(until__isnull=True) | Q(until__gt=today)
    ).update(**_end(person.city, by, now))
    for account in person.accounts.all():
        if all(other.city_id == person.city_id for other in people_of(account)):
            Account.objects.filter(pk=account.pk).update(is_active=False, code_hash="", code_until=None)
    audit.write("programme.person-left", city=person.city_id, by=by, of=person, now=now)


def refuse_last_administrator(person: Person, now: datetime) -> None:
    """A city keeps somebody who can let people in. Raises ProgrammeError when the person is the last one. Hold the city."""
    today = today_in(person.city, now)
    live = RoleGrant.objects.filter(
        role=RoleGrant.Role.ADMINISTRATOR, subject__isnull=True, since__lte=today, ended_on__isnull=True,
        person__accounts__is_active=True,
    ).filter(Q(until__isnull=True) | Q(until__gt=today))  # fmt: skip
    if live.filter(person=person).exists() and not live.exclude(person=person).exists():
        raise ProgrammeError(
            _("This is the city's last administrator who can sign in. Make somebody else administrator first.")
        )
