"""How people sign in: accounts, and codes on paper for those who read no e-mail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from beiji.records import audit

from ..access import people_of, signed_in_as
from ..identity import SecondFactor, SignedIn
from ..models import Account, Person
from ..rules import CODE_FOR, new_code, read_code, read_username
from ..writing import change, hold_city, hold_row
from .errors import ProgrammeError
from .roles import refuse_last_administrator


@change
def create_account(
    *, person: Person, username: str, password: str | None, by: UUID | None, now: datetime, email: str = ""
) -> Account:
    """Let a person sign in; without a password only once one is set. Raises ProgrammeError when the user name is taken."""
    now = hold_city(person.city_id, now)
    try:
        with transaction.atomic():  # other cities open accounts at the same time; only the database knows all names
            account = Account.objects.create_user(read_username(username), password, email=email)
    except IntegrityError:
        raise ProgrammeError(_("The user name {name} is taken; choose another.").format(name=username)) from None
    account.people.add(person)
    audit.write("programme.account-created", city=person.city_id, by=by, of=account, now=now)
    return account


@change
def open_account(*, person: Person, username: str, by: UUID | None, now: datetime) -> str:
    """Make an account that is opened with a code on paper. Returns the code, which is kept nowhere.

    Raises ProgrammeError when the person has an account already or the user name is taken.
    """
    now = hold_city(person.city_id, now)
    if person.accounts.exists():
        raise ProgrammeError(_("This person has an account already; give a new code instead."))
    account = create_account(person=person, username=username, password=None, by=by, now=now)
    return give_code(account, now)


@change
def renew_code(*, person: Person, by: UUID | None, now: datetime) -> str:
    """Let somebody in again with a new code on paper. The old password, an older code, the second factor and every session end at once.

    Raises ProgrammeError without an account, or when the account is somebody in another city too.
    """
    now = hold_city(person.city_id, now)
    account = account_of(person)
    account.set_unusable_password()
    account.is_active = True
    account.save(update_fields=["password", "is_active"])
    code = give_code(account, now)
    SignedIn.objects.filter(account=account).delete()
    if SecondFactor.objects.filter(account=account).delete()[0]:
        audit.write("programme.second-factor-off", city=person.city_id, by=by, of=account, now=now)
    audit.write("programme.code-renewed", city=person.city_id, by=by, of=account, now=now)
    return code


@change
def close_account(*, person: Person, by: UUID | None, now: datetime) -> None:
    """Nobody signs in with it any more, and every session of it ends at the next request.

    Raises ProgrammeError without an account, when the account is somebody in another city too, or when the city would be
    left without an administrator who can sign in.
    """
    now = hold_city(person.city_id, now)
    refuse_last_administrator(person, now)
    account = account_of(person)
    shut(account.pk)
    audit.write("programme.account-closed", city=person.city_id, by=by, of=account, now=now)


@change
def use_code(*, name: str, code: str, password: str, now: datetime) -> Account | None:
    """Set the first password of an account with the code on its sheet; the code is used up. None where it does not fit."""
    account = Account.objects.filter(username__iexact=read_username(name)).first()
    if account is None:
        return None
    hold_row(account)
    account.refresh_from_db()
    is_in_time = account.code_until is not None and now < account.code_until
    if not (
        account.is_active
        and account.code_hash
        and is_in_time
        and constant_time_compare(digest_of(account, code), account.code_hash)
    ):
        return None
    account.set_password(password)
    account.code_hash, account.code_until = "", None
    account.save(update_fields=["password", "code_hash", "code_until"])
    for city, person in signed_in_as(account):
        audit.write("programme.code-used", city=city, by=person, of=account, now=now)
    return account


@change
def change_password(*, account: Account, old: str, new: str, now: datetime) -> None:
    """Put another password in the place of one's own; every other session ends at its next request.

    Raises ProgrammeError when the old one is wrong.
    """
    hold_row(account)
    account.refresh_from_db()
    if not check_password(old, account.password):
        raise ProgrammeError(_("This is not your present password; type it again."), field="old")
    account.set_password(new)
    account.save(update_fields=["password"])
    for city, person in signed_in_as(account):
        audit.write("programme.password-changed", city=city, by=person, of=account, now=now)


def account_of(person: Person) -> Account:
    """The account that an administrator of this city may change. Raises ProgrammeError where there is none."""
    account = person.accounts.first()
    if account is None:
        raise ProgrammeError(_("This person has no account yet; make one first."))
    if any(other.city_id != person.city_id for other in people_of(account)):
        raise ProgrammeError(
            _(
                "The account is used in another city too, so it cannot be changed from here. Ask whoever runs the server."
            )
        )
    return account


def shut(account: UUID) -> None:
    """Nobody signs in with an account any more, and who is signed in is out at the next request."""
    Account.objects.filter(pk=account).update(is_active=False, code_hash="", code_until=None)
    SignedIn.objects.filter(account=account).delete()


def give_code(account: Account, now: datetime) -> str:
    """Put a new code in the place of an older one; whoever calls writes the line for the audit."""
    code = new_code()
    Account.objects.filter(pk=account.pk).update(code_hash=digest_of(account, code), code_until=now + CODE_FOR)
    return code


def digest_of(account: Account, code: str) -> str:
    """What is kept of a code: without the installation's key nobody can try codes against it, and thousands are made at once."""
    return salted_hmac("beiji.code", f"{account.pk}:{read_code(code)}", algorithm="sha256").hexdigest()
