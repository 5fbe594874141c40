"""Many people at once, from a table that was read and checked before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from beiji.records import audit, jobs
from beiji.records.models import Job
from beiji.ui.importing import folded

from ..access import today_in
from ..models import Account, City, Organisation, Person, RoleGrant
from ..people import search_text_of
from ..queries import without_password
from ..rules import BRING, CODE_FOR, PLACE_ROLES, new_code, read_username
from ..writing import change, hold_city
from .accounts import digest_of
from .errors import ProgrammeError

#: People that are written together; between two batches the work tells how far it is and can be stopped.
TOGETHER = 250


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
    """Somebody who may sign in for the first time, with the code that stands nowhere else."""

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
def bring_in_background(*, city: City, rows: str, by: UUID, now: datetime) -> Job:
    """Have the people of a table added by a worker; `rows` as `imports.as_text` writes them. The same table, agreed to twice,
    is one job, unless that has failed or was stopped."""
    key = f"{BRING}:{sha256(f'{city.pk} {by} {rows}'.encode()).hexdigest()}"
    asked = jobs.ask_for(BRING, city=city.pk, by=by, now=now, given=rows, key=key, may_repeat=True)
    return asked or Job.objects.get(key=key)


@change
def bring_people(
    *,
    city: City,
    newcomers: Sequence[Newcomer],
    by: UUID,
    now: datetime,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[Person]:
    """Add people with roles from today and accounts; all or nothing. Gives those who got an account; they can sign in once
    they have a code (`hand_out_codes`). `tell` is called between batches with the number that is done, and of all.

    Raises ProgrammeError when somebody else has meanwhile taken a staff number or a user name, and whatever `tell` raises.
    """
    now = hold_city(city, now)
    if set(_unnumbered(newcomers)) & set(_there(city)):
        raise ProgrammeError(
            _(
                "Somebody of this table is in the list already, perhaps from this same page. Look at the list; nobody has been added."
            )
        )
    let_in: list[Person] = []
    try:
        for first in range(0, len(newcomers), TOGETHER):
            tell(first, len(newcomers))
            let_in += _bring_some(city, newcomers[first : first + TOGETHER], by, now)
    except IntegrityError:
        raise ProgrammeError(
            _("Somebody else has taken a staff number or a user name of this table meanwhile. Read the table again.")
        ) from None
    tell(len(newcomers), len(newcomers))
    return let_in


def _bring_some(city: City, newcomers: Sequence[Newcomer], by: UUID, now: datetime) -> list[Person]:
    """A batch of them; an IntegrityError leaves the transaction to be rolled back."""
    people = [
        Person(
            city=city, names=n.names, post=n.post, organisation=n.organisation, staff_number=n.staff_number, language=n.language,
            search_text=search_text_of(n.names, n.post),
        )
        for n in newcomers
    ]  # fmt: skip
    today = today_in(city, now)
    grants = [
        RoleGrant(
            city=city, person=person, role=n.role, subject=n.organisation.subject if n.role in PLACE_ROLES else None,
            since=today, granted_by=by, granted_at=now,
        )
        for person, n in zip(people, newcomers, strict=True) if n.role
    ]  # fmt: skip
    let_in = [
        (p, Account(username=read_username(n.username))) for p, n in zip(people, newcomers, strict=True) if n.username
    ]
    for _person, account in let_in:
        account.set_unusable_password()
    Person.objects.bulk_create(people)
    RoleGrant.objects.bulk_create(grants)
    Account.objects.bulk_create([account for _person, account in let_in])
    links = Account.people.through
    links.objects.bulk_create([links(account_id=account.pk, person_id=person.pk) for person, account in let_in])
    with audit.together():
        for person in people:
            audit.write("programme.person-added", city=city.pk, by=by, of=person, now=now)
        for grant in grants:
            audit.write("programme.role-granted", city=city.pk, by=by, of=grant, now=now, role=grant.role)
        for _person, account in let_in:
            audit.write("programme.account-created", city=city.pk, by=by, of=account, now=now)
    return [person for person, _account in let_in]


@change
def hand_out_codes(*, city: City, people: Sequence[Person], by: UUID, now: datetime) -> list[Brought]:
    """New codes for those of these people who have not chosen a password yet; an older code of theirs ends. The codes are
    kept nowhere: what is given back is printed at once."""
    now = hold_city(city, now)
    brought = [Brought(person, account, new_code()) for person, account in without_password(people)]
    for one in brought:
        one.account.code_hash, one.account.code_until = digest_of(one.account, one.code), now + CODE_FOR
    Account.objects.bulk_update([one.account for one in brought], ("code_hash", "code_until"), batch_size=500)
    with audit.together():
        for one in brought:
            audit.write("programme.code-renewed", city=city.pk, by=by, of=one.account, now=now)
    return brought
