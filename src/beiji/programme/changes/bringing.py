"""Many people at once, from a table that was read and checked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from beiji.records import audit
from beiji.ui.importing import folded

from ..access import today_in
from ..models import Account, City, Organisation, Person, RoleGrant
from ..people import search_text_of
from ..rules import CODE_FOR, PLACE_ROLES, new_code, read_username
from ..writing import change, hold_city
from .accounts import digest_of
from .errors import ProgrammeError


@dataclass(frozen=True)
class Newcomer:
    """A person of a table. Without `role` he sees nothing yet, without `username` he cannot sign in."""

    names: dict[str, str]
    post: dict[str, str]
    organisation: Organisation
    staff_number: str
    language: str
    role: str
    username: str


@dataclass(frozen=True)
class Brought:
    """Somebody who was let in, with the code that stands nowhere else."""

    person: Person
    account: Account
    code: str


def _unnumbered(newcomers: Sequence[Newcomer]) -> list[tuple[int, str]]:
    """Institution and names of those whom no staff number tells apart."""
    return [(n.organisation.pk, folded(name)) for n in newcomers if not n.staff_number for name in n.names.values()]


def _there(city: City) -> list[tuple[int, str]]:
    """Institution and names of everybody in the list."""
    people = Person.objects.filter(city=city, erased_at__isnull=True).values_list("organisation", "names")
    return [(office, folded(name)) for office, names in people for name in names.values()]


@change
def bring_people(*, city: City, newcomers: Sequence[Newcomer], by: UUID, now: datetime) -> list[Brought]:
    """Add people with roles from today and accounts; all or nothing. Gives those who got an account, with their codes.

    Raises ProgrammeError when somebody else has meanwhile taken a staff number or a user name.
    """
    now = hold_city(city, now)
    if set(_unnumbered(newcomers)) & set(_there(city)):
        raise ProgrammeError(
            _(
                "Somebody of this table is in the list already, perhaps from this same page. Look at the list; nobody has been added."
            )
        )
    people = [
        Person(
            city=city, names=n.names, post=n.post, organisation=n.organisation, staff_number=n.staff_number, language=n.language,
            search_text=search_text_of(n.names, n.post),
        )
        for n in newcomers
    ]  # fmt: skip
    pairs = list(zip(people, newcomers, strict=True))
    today = today_in(city, now)
    grants = [
        RoleGrant(
            city=city, person=person, role=n.role, subject=n.organisation.subject if n.role in PLACE_ROLES else None,
            since=today, granted_by=by, granted_at=now,
        )
        for person, n in pairs if n.role
    ]  # fmt: skip
    let_in = [(person, Account(username=read_username(n.username)), new_code()) for person, n in pairs if n.username]
    for _person, account, code in let_in:
        account.set_unusable_password()
        account.code_hash, account.code_until = digest_of(account, code), now + CODE_FOR
    accounts = [account for _person, account, _code in let_in]
    try:
        with transaction.atomic():
            Person.objects.bulk_create(people, batch_size=500)
            RoleGrant.objects.bulk_create(grants, batch_size=500)
            Account.objects.bulk_create(accounts, batch_size=500)
            links = Account.people.through
            links.objects.bulk_create(
                [links(account_id=account.pk, person_id=person.pk) for person, account, _code in let_in], batch_size=500
            )
    except IntegrityError:
        raise ProgrammeError(
            _("Somebody else has taken a staff number or a user name of this table meanwhile. Read the table again.")
        ) from None
    with audit.together():
        for person in people:
            audit.write("programme.person-added", city=city.pk, by=by, of=person, now=now)
        for grant in grants:
            audit.write("programme.role-granted", city=city.pk, by=by, of=grant, now=now, role=grant.role)
        for account in accounts:
            audit.write("programme.account-created", city=city.pk, by=by, of=account, now=now)
    return [Brought(person, account, code) for person, account, code in let_in]
