"""The list of people, and one person's page, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from beiji.ui import formats
from beiji.ui.languages import Language, language_of, pick
from beiji.ui.listing import Column, Facet

from ..grants import HOLDS, NOT_YET, state_of
from ..models import Account, Organisation, Person, RoleGrant
from ..people import name_of, office_of
from ..rules import CLOSED, EXPIRED, NONE, OPEN, UNCODED, WAITING
from .grants import CHIPS as STATE_CHIPS
from .grants import place_words, state_word

#: How somebody can sign in, with its mark on the page.
CHIPS = {NONE: "outline", UNCODED: "warn", WAITING: "info", OPEN: "good", EXPIRED: "warn", CLOSED: "outline"}


@dataclass(frozen=True)
class Line:
    """One person of the list."""

    href: str
    name: str
    office: str
    post: str
    number: str
    roles: Sequence[str]
    access_word: str
    chip: str
    last: date | None


@dataclass(frozen=True)
class Role:
    """A role on a person's page; `end_url` is empty where nothing can be taken back."""

    word: str
    where: str
    days: str
    state: str
    chip: str
    end_url: str


@dataclass(frozen=True)
class PersonPage:
    """One person: who, how he signs in, what he may do."""

    name: str
    facts: Sequence[tuple[str, str]]
    access: str
    access_word: str
    chip: str
    access_note: str
    access_is_lost: bool
    username: str
    roles: Sequence[Role]
    edit_url: str
    account_url: str
    code_url: str
    closing_url: str
    roles_url: str
    leaving_url: str
    joining_url: str
    separating_url: str
    joined_to: tuple[str, str] | None
    joined: Sequence[tuple[str, str]]
    namesakes: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """What is printed and handed over: the code stands nowhere else."""

    name: str
    office: str
    number: str
    username: str
    code: str
    address: str
    until: str


def access_of(account: Account | None, now: datetime) -> str:
    """How somebody can sign in at an instant."""
    if account is None:
        return NONE
    if not account.is_active:
        return CLOSED
    if account.has_usable_password():
        return OPEN
    if account.code_until is None:
        return UNCODED
    return WAITING if account.code_until > now else EXPIRED


def access_word(code: str) -> str:
    """The same in words."""
    return {
        NONE: _("no account"),
        UNCODED: _("no code given out yet"),
        WAITING: _("code not used yet"),
        OPEN: _("can sign in"),
        EXPIRED: _("code expired"),
        CLOSED: _("account closed"),
    }[code]


def lines(people: Sequence[Person], now: datetime) -> list[Line]:
    """Everybody in words."""
    return [_line(person, now) for person in people]


def _line(person: Person, now: datetime) -> Line:
    account = next(iter(person.accounts.all()), None)
    zone = person.city.time_zone
    live = [grant for grant in person.grants.all() if state_of(grant, zone, now) == HOLDS]
    live.sort(key=lambda grant: (grant.role, grant.subject_id or 0))
    access = access_of(account, now)
    return Line(
        href=reverse("programme:person", kwargs={"city": person.city_id, "person": person.pk}),
        name=name_of(person),
        office=office_of(person),
        post=pick(person.post),
        number=person.staff_number,
        roles=list(dict.fromkeys(_role_words(grant) for grant in live)),
        access_word=access_word(access),
        chip=CHIPS[access],
        last=formats.day_of(account.last_login) if account and account.last_login else None,
    )


def _role_words(grant: RoleGrant) -> str:
    where = pick(grant.subject.names) if grant.subject else ""
    word = str(RoleGrant.Role(grant.role).label)
    return f"{word} · {where}" if where else word


def columns() -> list[Column[Line]]:
    """The columns on the screen and in a file."""
    return [
        Column("name", _("Name"), lambda p: p.name),
        Column("office", _("Institution"), lambda p: p.office),
        Column("post", pgettext("a person's", "Post"), lambda p: p.post, is_on_page=False),
        Column("number", _("Staff number"), lambda p: p.number),
        Column("roles", _("Roles today"), lambda p: _(", ").join(p.roles), sorts=False),
        Column("access", _("Signing in"), lambda p: p.access_word),
        Column("last", _("Last signed in"), lambda p: p.last),
    ]


def facets(offices: Sequence[Organisation]) -> list[Facet[Line]]:
    """The filters: institution, role, how somebody signs in. The database chooses the rows (`queries.people_fitting`)."""
    named = sorted(((office.code, pick(office.names)) for office in offices), key=lambda pair: pair[1])
    roles = [(code, str(label)) for code, label in RoleGrant.Role.choices]
    ways = [(code, access_word(code)) for code in CHIPS]
    return [
        Facet("office", _("Institution"), _("All institutions"), named, _in_the_database),
        Facet("role", _("Role"), _("All roles"), roles, _in_the_database),
        Facet("access", _("Signing in"), _("All"), ways, _in_the_database),
    ]


def _in_the_database(line: Line) -> tuple[str, ...]:
    raise TypeError("the database chooses the rows of this list")


def count_words(total: int, of: int) -> str:
    """How many of how many."""
    if total == of:
        return ngettext("{count} person", "{count} people", total).format(count=total)
    return ngettext("{count} of {all} person", "{count} of {all} people", of).format(count=total, all=of)


def page_of(person: Person, grants: Sequence[RoleGrant], now: datetime, others: Sequence[Person] = ()) -> PersonPage:
    """One person's page. `others`: records that are joined to this one, and people of the same name."""
    account = next(iter(person.accounts.all()), None)
    access = access_of(account, now)
    here = {"city": person.city_id, "person": person.pk}
    facts = [
        (_("Institution"), office_of(person)),
        (pgettext("a person's", "Post"), pick(person.post)),
        (_("Staff number"), person.staff_number),
        (_("Language at sign-in"), language_of(person.language).name),
    ]
    return PersonPage(
        name=name_of(person),
        facts=[(term, value) for term, value in facts if value],
        access=access,
        access_word=access_word(access),
        chip=CHIPS[access],
        access_note=_access_note(account, access),
        access_is_lost=access in (UNCODED, EXPIRED, CLOSED),
        username=account.username if account else "",
        roles=[_role(grant, person.city.time_zone, now) for grant in grants],
        edit_url=reverse("programme:person-edit", kwargs=here),
        account_url=reverse("programme:account", kwargs=here),
        code_url=reverse("programme:code", kwargs=here),
        closing_url=reverse("programme:closing", kwargs=here),
        roles_url=reverse("programme:roles", kwargs=here),
        leaving_url=reverse("programme:leaving", kwargs=here),
        joining_url=reverse("programme:joining", kwargs=here),
        separating_url=reverse("programme:separating", kwargs=here),
        joined_to=_linked(person.joined_to) if person.joined_to is not None else None,
        joined=[_linked(other) for other in others if other.joined_to_id == person.pk],
        namesakes=[_side_by_side(person, other) for other in others if other.joined_to_id is None],
    )


def _linked(person: Person) -> tuple[str, str]:
    """Words and address of a record."""
    words = " · ".join(part for part in (name_of(person), office_of(person), person.staff_number) if part)
    return words, reverse("programme:person", kwargs={"city": person.city_id, "person": person.pk})


def _side_by_side(person: Person, other: Person) -> tuple[str, str]:
    """Words of another record, and the address that shows both."""
    here = {"city": person.city_id, "person": person.pk}
    return _linked(other)[0], f"{reverse('programme:joining', kwargs=here)}?other={other.pk}"


def _access_note(account: Account | None, access: str) -> str:
    if account is None:
        return ""
    if access == WAITING and account.code_until is not None:
        return _("The code on the sheet is good until {moment}.").format(
            moment=formats.datetime_text(account.code_until)
        )
    if account.last_login is not None:
        return _("Last signed in {moment}.").format(moment=formats.datetime_text(account.last_login))
    return _("Has never signed in.")


def _role(grant: RoleGrant, zone: str, now: datetime) -> Role:
    until = (
        grant.ended_on
        if grant.ended_on is not None and grant.ended_on <= (grant.until or grant.ended_on)
        else grant.until
    )
    if until is None:
        days = _("from {since}, until taken back").format(since=formats.date_short(grant.since))
    else:
        days = _("from {since}, until before {until}").format(
            since=formats.date_short(grant.since), until=formats.date_short(until)
        )
    state = state_of(grant, zone, now)
    end = {"city": grant.city_id, "person": grant.person_id, "grant": grant.pk}
    return Role(
        word=str(RoleGrant.Role(grant.role).label),
        where=place_words(grant),
        days=days,
        state=state_word(state),
        chip=STATE_CHIPS[state],
        end_url=reverse("programme:role-end", kwargs=end) if state in (HOLDS, NOT_YET) else "",
    )


def proposed_username(person: Person) -> str:
    """Institution and staff number where there is one, else the Latin name; the administrator may change it."""
    if person.staff_number and person.organisation is not None:
        return f"{person.organisation.code}-{person.staff_number}".lower()
    latin = str(person.names.get("en", "")).lower()
    return "-".join("".join(sign if sign.isalnum() else " " for sign in latin).split())


def sheet_of(person: Person, account: Account, code: str, address: str) -> Sheet:
    """The sheet for one person's first sign-in; `address` is that of the page on which the code is typed."""
    return Sheet(
        name=name_of(person),
        office=office_of(person),
        number=person.staff_number if office_of(person) else "",
        username=account.username,
        code=code,
        address=address,
        until=formats.datetime_text(account.code_until) if account.code_until else "",
    )


def values_of(person: Person, here: Language) -> dict[str, object]:
    """What the form over somebody shows at first; the post in the reader's language."""
    return {
        "version": person.version,
        "name_zh": person.names.get("zh-Hans", ""),
        "name_en": person.names.get("en", ""),
        "name_he": person.names.get("he", ""),
        "organisation": person.organisation_id,
        "post": person.post.get(here.pack, ""),
        "staff_number": person.staff_number,
        "language": language_of(person.language).code,
    }
