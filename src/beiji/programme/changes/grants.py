"""Access of guests: given by the city for a purpose, from one instant until before another, and taken back with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.records import audit

from ..access import is_guest, today_in
from ..grants import FROM_ABROAD, LONGEST_FROM_ABROAD, NOBODY_FROM_ABROAD
from ..models import City, Person, RoleGrant
from ..writing import change, hold_city
from .errors import ProgrammeError
from .roles import end_role, grant_role


@change
def allow_from_abroad(*, city: City, allowed: bool, by: UUID, now: datetime) -> int:
    """Let the city give remote experts and foreign instructors access, or end it for all of them at once. Returns how many grants
    ended."""
    now = hold_city(city, now)
    if not City.objects.filter(pk=city.pk).exclude(lets_in_from_abroad=allowed).update(lets_in_from_abroad=allowed):
        return 0
    audit.write("programme.from-abroad-switched", city=city.pk, by=by, of=city, now=now, allowed=allowed)
    if allowed:
        return 0
    live = RoleGrant.objects.filter(role__in=FROM_ABROAD, ended_on__isnull=True, ends_at__gt=now)
    grants = list(live.select_related("city"))
    for grant in grants:
        end_role(grant=grant, by=by, now=now, reason=NOBODY_FROM_ABROAD)
    return len(grants)


@change
def show_watermarks(*, city: City, shown: bool, by: UUID, now: datetime) -> None:
    """Draw name and time of whoever looks across every page of the city, or stop it."""
    now = hold_city(city, now)
    if City.objects.filter(pk=city.pk).exclude(watermarks=shown).update(watermarks=shown):
        audit.write("programme.watermarks-switched", city=city.pk, by=by, of=city, now=now, shown=shown)


@change
def give_from_abroad(
    *, person: Person, role: str, purpose: str, approval: str, begins: datetime, ends: datetime, by: UUID, now: datetime
) -> RoleGrant:
    """Give a guest access from abroad, to de-identified material only.

    Raises ProgrammeError while the city lets in nobody from abroad, for one of the city's own, without purpose, approval number or a
    sensible end, and where the person has the role at that time already.
    """
    now = hold_city(person.city_id, now)
    city = City.objects.get(pk=person.city_id)
    _refuse_whom(city, person, role)
    _refuse_what(purpose, approval)
    _refuse_when(begins, ends, now)
    same = RoleGrant.objects.filter(person=person, role=role, ended_on__isnull=True)
    if same.filter(begins_at__lt=ends, ends_at__gt=begins).exists():
        raise ProgrammeError(_("The person has this role at that time already; end it first."), field="role")
    last = today_in(city, ends - timedelta(microseconds=1))
    return grant_role(
        person=person, role=role, since=today_in(city, begins), until=last + timedelta(days=1), by=by, now=now,
        **_written(purpose, approval, begins, ends),
    )  # fmt: skip


def _written(purpose: str, approval: str, begins: datetime, ends: datetime) -> dict[str, Any]:
    return {"purpose": purpose.strip(), "approval": approval.strip(), "begins_at": begins, "ends_at": ends}


def _refuse_whom(city: City, person: Person, role: str) -> None:
    if role not in FROM_ABROAD:
        raise ProgrammeError(
            _("This role is not given here; choose remote expert or foreign instructor."), field="role"
        )
    if not city.lets_in_from_abroad:
        raise ProgrammeError(
            _("The city lets in nobody from abroad. Its administrator can switch that on, once it is approved.")
        )
    if not is_guest(person):
        raise ProgrammeError(_("Only somebody of a visiting institution gets this role."), field="person")


def _refuse_what(purpose: str, approval: str) -> None:
    if not purpose.strip():
        raise ProgrammeError(_("Say for what the person is let in."), field="purpose")
    if not approval.strip():
        raise ProgrammeError(_("Write the number of the approval; without one nobody is let in."), field="approval")


def _refuse_when(begins: datetime, ends: datetime, now: datetime) -> None:
    if ends <= begins:
        raise ProgrammeError(_("The access would end before it begins; put the days in order."), field="until")
    if ends <= now:
        raise ProgrammeError(_("The access would be over already; choose a later end."), field="until")
    if ends - begins > LONGEST_FROM_ABROAD:
        raise ProgrammeError(
            _("At most {days} days at once; what lasts longer is approved again.").format(
                days=LONGEST_FROM_ABROAD.days
            ),
            field="until",
        )


@change
def end_grant(*, grant: RoleGrant, reason: str, by: UUID, now: datetime) -> None:
    """Take a grant back; it opens nothing at the next request. Raises ProgrammeError without a reason, and when it has ended."""
    now = hold_city(grant.city_id, now)
    if not reason.strip():
        raise ProgrammeError(_("Write why the access ends; it stands beside the grant."), field="reason")
    end_role(grant=grant, by=by, now=now, reason=reason.strip())
