"""Signing in: guesses are counted in the database, for all web processes together, and every outcome leaves an audit line.

A try is counted before the password is looked at, so that a hundred at once are not looked at together. What is counted
is one name at one address; where nobody of that name has signed in before, also the name and the address as such. So a name can never be
locked for everybody: from where its owner usually works, others' guesses do not touch him.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.crypto import salted_hmac
from django_scopes import scopes_disabled

from beiji.records import audit

from . import access, changes
from .changes import ProgrammeError, use_code
from .identity import SecondFactor
from .models import Account, City, Organisation, Person, SignInCount
from .rules import AT_HOME, ONE_ADDRESS, ONE_NAME, ONE_PLACE, Slowing, failures_now, read_username, wait_after
from .writing import change


class TooSoon(Exception):
    """The password is not looked at before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Try:
    """A try under way: what it was counted under, the place first, each with its slowing."""

    counted: Mapping[str, Slowing]

    @property
    def place(self) -> str:
        return next(iter(self.counted))


def _key(kind: str, *parts: str) -> str:
    """Neither name nor address stands in the database: only what comes out again for the same ones."""
    return salted_hmac(f"beiji.sign-in.{kind}", "\0".join(parts), algorithm="sha256").hexdigest()


def _network(address: str) -> str:
    """An address as one sender: of IPv6 the 64 bits that a household or a firm is given."""
    try:
        sender = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((sender, 64), strict=False)) if sender.version == 6 else str(sender)


@change
def begin(*, name: str, address: str, now: datetime) -> Try:
    """Count a try before the password is looked at. Raises TooSoon, and then counts nothing."""
    who, where = unicodedata.normalize("NFKC", name).strip().casefold(), _network(address)
    slowings = {
        _key("place", who, where): ONE_PLACE,
        _key("address", where): ONE_ADDRESS,
        _key("name", who): ONE_NAME,
    }
    place = next(iter(slowings))
    SignInCount.objects.bulk_create([SignInCount(key=key, last_at=now) for key in slowings], ignore_conflicts=True)
    rows = {row.key: row for row in SignInCount.objects.filter(pk__in=slowings)}
    at_home = rows[place].at_home_until
    if at_home is not None and at_home > now:
        slowings = {place: ONE_PLACE}
    until = max((rows[key].open_at or now for key in slowings), default=now)
    if until > now:
        raise TooSoon(until)
    for key in sorted(slowings):  # one order for all, so that two tries never wait for each other
        _change(key, partial(_counted, slowings[key], now))
    return Try(slowings)


def _counted(slowing: Slowing, now: datetime, row: SignInCount) -> dict[str, Any]:
    if row.open_at is not None and row.open_at > now:
        raise TooSoon(row.open_at)
    failures = failures_now(row.failures, row.last_at, slowing, now) + 1
    return {"failures": failures, "last_at": now, "open_at": now + wait_after(failures, slowing)}


def _uncounted(slowing: Slowing, row: SignInCount) -> dict[str, Any]:
    failures = max(0, row.failures - 1)
    return {"failures": failures, "open_at": row.last_at + wait_after(failures, slowing)}


def _change(key: str, new: Callable[[SignInCount], dict[str, Any]]) -> None:
    """Write what follows from a row as it stands: the update must hit the row that was read, else it is read again."""
    while True:
        row = SignInCount.objects.get(pk=key)
        same = SignInCount.objects.filter(pk=key, failures=row.failures, last_at=row.last_at, open_at=row.open_at)
        if same.update(**new(row)):
            return


@change
def succeeded(*, tried: Try, account: Account, now: datetime) -> None:
    """The password was right: this place is at home now, and the try counts against nobody."""
    for key in sorted(tried.counted):
        if key == tried.place:
            SignInCount.objects.filter(pk=key).update(failures=0, open_at=None, at_home_until=now + AT_HOME)
        else:
            _change(key, partial(_uncounted, tried.counted[key]))
    for city, person in access.signed_in_as(account):
        audit.write("programme.signed-in", city=city, by=person, of=account, now=now)


def with_code(*, name: str, code: str, password: str, address: str, now: datetime) -> Account | None:
    """Sign in with the code of a printed sheet, which is counted like a password. None where it does not fit.

    The password takes the code's place. Raises TooSoon while guesses from here are slowed.
    """
    tried = begin(name=name, address=address, now=now)
    account = use_code(name=name, code=code, password=password, now=now)
    if account is None:
        failed(tried=tried, name=name, now=now)
    elif has_second_factor(account):
        halfway(tried=tried)
    else:
        succeeded(tried=tried, account=account, now=now)
    return account


@change
def halfway(*, tried: Try) -> None:
    """The password was right and a second factor is asked for: the try counts against nobody, and nobody is in yet."""
    _forget(tried)


def has_second_factor(account: Account) -> bool:
    """Whether the account is asked for more than its password."""
    return SecondFactor.objects.filter(account=account).exists()


def with_second_factor(*, account: Account, code: str, address: str, now: datetime) -> bool:
    """Whether a code of the second factor is good; it is counted like a password. Raises TooSoon while guesses from here are slowed."""
    tried = begin(name=account.username, address=address, now=now)
    if not account.is_active or not changes.prove(account=account, code=code, now=now):
        failed(tried=tried, name=account.username, now=now)
        return False
    succeeded(tried=tried, account=account, now=now)
    return True


def without_second_factor(*, account: Account, code: str, address: str, now: datetime) -> bool:
    """Switch the second factor off with one of its codes, counted likewise. Raises TooSoon."""
    tried = begin(name=account.username, address=address, now=now)
    if not changes.prove(account=account, code=code, now=now):
        failed(tried=tried, name=account.username, now=now)
        return False
    _forget(tried)
    changes.switch_off(account=account, now=now)
    return True


def offices() -> list[Organisation]:
    """The institutions whose people can sign in with a staff number, over all cities; the visitors' own are none of them."""
    with scopes_disabled():
        numbered = Person.objects.exclude(staff_number="").filter(erased_at__isnull=True, accounts__isnull=False)
        rows = Organisation.objects.filter(side=Organisation.Side.CITY, pk__in=numbered.values("organisation"))
        return list(rows.select_related("city").order_by("city", "code"))


def user_name(typed: str, office: Organisation | None) -> str:
    """The user name of whoever is meant: of the person with this staff number where an institution was chosen, else what was typed.

    A number that nobody has there becomes a name that nobody can have; it is counted and answered like any unknown one.
    """
    if office is None:
        return typed
    number = unicodedata.normalize("NFKC", typed).strip()
    with scopes_disabled():
        people = Person.objects.filter(organisation=office, erased_at__isnull=True)
        named = Account.objects.filter(people__in=people.filter(staff_number=number)).order_by("username").first()
        if named is None:
            named = Account.objects.filter(username__iexact=read_username(typed), people__in=people).first()
    return named.username if named is not None else f"{office.pk} {number}"


def account_of(user: Any) -> Account:
    """The account of somebody who is signed in, as it stands in the database."""
    return Account.objects.get(pk=user.pk)


def change_password(*, account: Account, old: str, new: str, address: str, now: datetime, session: str) -> None:
    """Change one's own password, and sign out everywhere but in the browser of `session`. The old one is counted like a try to sign in: an unattended screen is no place to guess.

    Raises TooSoon while guesses from here are slowed, ProgrammeError when the old one is wrong.
    """
    tried = begin(name=account.username, address=address, now=now)
    try:
        changes.change_password(account=account, old=old, new=new, now=now)
    except ProgrammeError:
        failed(tried=tried, name=account.username, now=now)
        raise
    changes.end_sessions(account=account, now=now, but=session)
    _forget(tried)


@change
def _forget(tried: Try) -> None:
    """The try counts against nobody."""
    for key in sorted(tried.counted):
        _change(key, partial(_uncounted, tried.counted[key]))


@change
def failed(*, tried: Try, name: str, now: datetime) -> None:
    """Leave an audit line in each city of the account; what was typed for a name that nobody has is not kept: it may be a password."""
    account = Account.objects.filter(username__iexact=name.strip()).first()
    people = list(access.people_of(account)) if account is not None else []
    for city in sorted({person.city_id for person in people}) or [""]:
        thing = account if account is not None else f"place:{tried.place[:16]}"
        audit.write("programme.sign-in-failed", city=city, by=None, of=thing, now=now, place=tried.place[:16])


def clear_forgotten(now: datetime) -> int:
    """Delete counts that count no longer (the nightly pass). Returns how many."""
    longest = max(ONE_PLACE.forgotten_after, ONE_ADDRESS.forgotten_after, ONE_NAME.forgotten_after)
    old = SignInCount.objects.filter(last_at__lt=now - longest).exclude(at_home_until__gt=now)
    return old.delete()[0]


def zone_of_all_cities() -> str | None:
    """The time zone on the wall of whoever signs in here, if all cities of this installation share one."""
    zones = set(City.objects.values_list("time_zone", flat=True))
    return zones.pop() if len(zones) == 1 else None
