"""What was ended after a backup was made, ended again when it is restored: nobody gets back what he had lost.

Each answers the user name of somebody who can sign in no more without a new code, or nothing. What the backup does not
hold yet needs no end.
"""

from __future__ import annotations

from beiji.records.revocations import Revocation

from ..access import people_of, today_in
from ..identity import PlatformGrant, SecondFactor
from ..models import Account, City, Person, RoleGrant
from ..writing import change
from .accounts import shut
from .people import blank


def _key(revocation: Revocation) -> str:
    return revocation.thing.partition(":")[2]


@change
def close_account_again(revocation: Revocation) -> str:
    """The account stays closed."""
    for account in Account.objects.filter(pk=_key(revocation)):
        shut(account.pk)
    return ""


@change
def forget_password_again(revocation: Revocation) -> str:
    """A password or code that was replaced since is not taken any more; the present one is in no list, so a new code is
    needed."""
    account = Account.objects.filter(pk=_key(revocation)).first()
    if account is None:
        return ""
    account.set_unusable_password()
    account.code_hash, account.code_until = "", None
    account.save(update_fields=["password", "code_hash", "code_until"])
    return account.username


@change
def open_account_again(revocation: Revocation) -> str:
    """A new code was given since: the account is open, needs another one, and is asked for no second factor."""
    SecondFactor.objects.filter(account_id=_key(revocation)).delete()
    Account.objects.filter(pk=_key(revocation)).update(is_active=True)
    return forget_password_again(revocation)


@change
def end_role_again(revocation: Revocation) -> str:
    """The role ends on the day on which it was taken back."""
    day = today_in(City.objects.get(pk=revocation.city), revocation.at)
    RoleGrant.objects.filter(pk=_key(revocation), ended_on__isnull=True).update(ended_on=day, ended_at=revocation.at)
    return ""


@change
def end_roles_again(revocation: Revocation) -> str:
    """All roles that a source gave, a visit for example."""
    day = today_in(City.objects.get(pk=revocation.city), revocation.at)
    RoleGrant.objects.filter(source=revocation.thing, ended_on__isnull=True).update(
        ended_on=day, ended_at=revocation.at
    )
    return ""


@change
def leave_again(revocation: Revocation) -> str:
    """Who left the programme has left it."""
    for person in Person.objects.filter(pk=_key(revocation)):
        RoleGrant.objects.filter(person=person, ended_on__isnull=True).update(
            ended_on=today_in(person.city, revocation.at), ended_at=revocation.at
        )
        for account in person.accounts.all():
            if all(other.city_id == person.city_id for other in people_of(account)):
                shut(account.pk)
    return ""


@change
def join_again(revocation: Revocation) -> str:
    """The account of a record that was joined to another stays closed."""
    for person in Person.objects.filter(pk=_key(revocation)):
        for account in person.accounts.all():
            shut(account.pk)
    return ""


@change
def erase_again(revocation: Revocation) -> str:
    """What was erased is not brought back."""
    for person in Person.objects.filter(pk=_key(revocation)):
        blank(person, revocation.at)
    return ""


@change
def end_duty_again(revocation: Revocation) -> str:
    """The duty of looking after the installation stays ended, and its account closed."""
    for grant in PlatformGrant.objects.filter(pk=_key(revocation)):
        PlatformGrant.objects.filter(pk=grant.pk, ended_at__isnull=True).update(ended_at=revocation.at)
        shut(grant.account_id)
    return ""
