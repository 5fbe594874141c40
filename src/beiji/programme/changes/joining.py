"""Two records of one human being: joined by a row, and separated by another. What was written under either stays as it is."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from beiji.records import audit

from ..access import people_of, today_in
from ..identity import PersonAlias
from ..models import Person, RoleGrant
from ..people import name_of
from ..writing import change, hold_city
from .accounts import shut
from .errors import ProgrammeError
from .roles import end_role, grant_role


@change
def join_people(*, person: Person, kept: Person, reason: str, by: Person, now: datetime) -> None:
    """From now on `person` is the record `kept`: his name stands beside what was written under either, his roles go over, his account is closed.

    Raises ProgrammeError where that would lose something; see `_refuse`.
    """
    now = hold_city(person.city_id, now)
    person.refresh_from_db()
    kept.refresh_from_db()
    grants = _to_go_over(person, now)
    _refuse(person, kept, grants)
    for grant in grants:
        end_role(grant=grant, by=by.pk, now=now)
        _give_again(grant, kept, by, now)
    for account in person.accounts.all():
        shut(account.pk)
    PersonAlias.objects.create(city_id=person.city_id, person=person, kept=kept, reason=reason, by=by.pk, at=now)
    Person.objects.filter(pk=person.pk).update(joined_to=kept)
    audit.write("programme.people-joined", city=person.city_id, by=by.pk, of=person, now=now, kept=str(kept.pk))


@change
def separate_people(*, person: Person, reason: str, by: Person, now: datetime) -> None:
    """Take a joining back: each record has its own name again. Roles stay where they are, and the account stays closed until it is given a new code.

    Raises ProgrammeError when the record is not joined.
    """
    now = hold_city(person.city_id, now)
    if not Person.objects.filter(pk=person.pk, joined_to__isnull=False).update(joined_to=None):
        raise ProgrammeError(_("This record stands by itself already."))
    PersonAlias.objects.create(city_id=person.city_id, person=person, kept=None, reason=reason, by=by.pk, at=now)
    audit.write("programme.people-separated", city=person.city_id, by=by.pk, of=person, now=now)


def _to_go_over(person: Person, now: datetime) -> list[RoleGrant]:
    """Roles that hold or will hold."""
    today = today_in(person.city, now)
    rows = RoleGrant.objects.filter(person=person, ended_on__isnull=True).select_related("person", "city", "subject")
    return list(rows.filter(Q(until__isnull=True) | Q(until__gt=today), Q(ends_at__isnull=True) | Q(ends_at__gt=now)))


def _refuse(person: Person, kept: Person, grants: list[RoleGrant]) -> None:
    name, other = name_of(person), name_of(kept)
    if person.pk == kept.pk or person.city_id != kept.city_id:
        raise ProgrammeError(_("Choose another record of the same person."))
    if person.joined_to_id or person.joined.exists() or kept.joined_to_id:
        raise ProgrammeError(_("One of the two is joined to a record already; separate them first."))
    if person.erased_at or kept.erased_at:
        raise ProgrammeError(_("One of the two was erased; nothing can be joined to it."))
    if any(grant.role == RoleGrant.Role.ADMINISTRATOR for grant in grants):
        raise ProgrammeError(_("{name} is an administrator; take that role back first.").format(name=name))
    if any(grant.source for grant in grants):
        raise ProgrammeError(
            _("{name} is on the team of a visit that is not over; join the records when its write-up has ended.").format(name=name)
        )  # fmt: skip
    accounts = list(person.accounts.all())
    if accounts and not kept.accounts.exists():
        raise ProgrammeError(
            _("{name} signs in and {other} does not; keep the record that signs in.").format(name=name, other=other)
        )
    if any(one.city_id != person.city_id for account in accounts for one in people_of(account)):
        raise ProgrammeError(
            _("The account of {name} is used in another city too. Ask whoever runs the server.").format(name=name)
        )


def _give_again(grant: RoleGrant, kept: Person, by: Person, now: datetime) -> None:
    """The same role for the record that is kept, unless it has it."""
    same = RoleGrant.objects.filter(person=kept, role=grant.role, subject=grant.subject, ended_on__isnull=True)
    today = today_in(kept.city, now)
    if same.filter(Q(until__isnull=True) | Q(until__gt=today)).exists():
        return
    grant_role(
        person=kept, role=grant.role, since=max(grant.since, today), until=grant.until, subject=grant.subject, by=by.pk, now=now,
        purpose=grant.purpose, approval=grant.approval, begins_at=grant.begins_at, ends_at=grant.ends_at,
    )  # fmt: skip
