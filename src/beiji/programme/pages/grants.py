"""Who has which access, in words: the list of grants, and one person's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from beiji.ui import formats
from beiji.ui.languages import pick
from beiji.ui.listing import Column, Facet

from ..grants import FROM_ABROAD, HOLDS, NOBODY_FROM_ABROAD, NOT_YET, OVER, TAKEN_BACK, span_of, state_of
from ..models import City, Organisation, Person, RoleGrant
from ..people import name_in, name_of, office_of

#: Where a grant stands, with its mark on the page.
CHIPS = {HOLDS: "good", NOT_YET: "info", OVER: "outline", TAKEN_BACK: "outline"}


@dataclass(frozen=True)
class Line:
    """A grant in the list."""

    href: str
    name: str
    office: str
    role: str
    where: str
    since: str
    until: str
    purpose: str
    approval: str
    given_by: str
    state: str
    chip: str


@dataclass(frozen=True)
class Grant:
    """A grant on a person's page. `ending`: who ended it, when and why; `end_url` is empty where the reader ends nothing."""

    line: Line
    ending: str
    end_url: str


@dataclass(frozen=True)
class HolderPage:
    """One person's access."""

    name: str
    office: str
    is_guest: bool
    grants: Sequence[Grant]


def state_word(state: str) -> str:
    """Where a grant stands."""
    return {
        HOLDS: pgettext("a role", "holds"), NOT_YET: _("not yet"), OVER: _("ended"), TAKEN_BACK: _("taken back"),
    }[state]  # fmt: skip


def lines(grants: Sequence[RoleGrant], people: Mapping[UUID, Person], now: datetime) -> list[Line]:
    """Grants in words; `people`: who gave and ended them."""
    return [_line(grant, people, now) for grant in grants]


def _line(grant: RoleGrant, people: Mapping[UUID, Person], now: datetime) -> Line:
    zone = grant.person.city.time_zone
    span, state = span_of(grant, zone), state_of(grant, zone, now)
    return Line(
        href=reverse("programme:holder", kwargs={"city": grant.city_id, "person": grant.person_id}),
        name=name_of(grant.person),
        office=office_of(grant.person),
        role=str(RoleGrant.Role(grant.role).label),
        where=place_words(grant),
        since=formats.datetime_text(span.since),
        until=formats.datetime_text(span.until) if span.until else _("until taken back"),
        purpose=grant.purpose or (_("Visit") if grant.source.startswith("visit:") else ""),
        approval=grant.approval,
        given_by=name_in(people, grant.granted_by),
        state=state_word(state),
        chip=CHIPS[state],
    )


def place_words(grant: RoleGrant) -> str:
    """Of what a grant lets somebody see."""
    if grant.role in FROM_ABROAD:
        return _("de-identified material")
    return pick(grant.subject.names) if grant.subject else _("the whole city")


def own_words(grant: RoleGrant, zone: str) -> str:
    """A role as whoever has it reads it: what, where, and from when until when."""
    span = span_of(grant, zone)
    since = formats.datetime_text(span.since)
    time = (
        _("from {since} to {until}").format(since=since, until=formats.datetime_text(span.until))
        if span.until
        else _("from {since}").format(since=since)
    )
    return f"{RoleGrant.Role(grant.role).label} · {place_words(grant)} · {time}"


def holder_page(
    person: Person, grants: Sequence[RoleGrant], people: Mapping[UUID, Person], now: datetime, *, may_end: bool
) -> HolderPage:
    """One person's page, the latest grant first."""
    office = person.organisation
    return HolderPage(
        name=name_of(person),
        office=office_of(person),
        is_guest=office is None or office.side != Organisation.Side.CITY,
        grants=[_grant(grant, people, now, may_end) for grant in grants],
    )


def _grant(grant: RoleGrant, people: Mapping[UUID, Person], now: datetime, may_end: bool) -> Grant:
    state = state_of(grant, grant.person.city.time_zone, now)
    is_open = may_end and state in (HOLDS, NOT_YET)
    here = {"city": grant.city_id, "grant": grant.pk}
    return Grant(
        line=_line(grant, people, now),
        ending=_ending(grant, people),
        end_url=reverse("programme:grant-end", kwargs=here) if is_open else "",
    )


def _ending(grant: RoleGrant, people: Mapping[UUID, Person]) -> str:
    if grant.ended_at is None:
        return ""
    who = name_in(people, grant.ended_by)
    when = formats.datetime_text(grant.ended_at)
    sentence = _("Taken back {when} by {who}.").format(when=when, who=formats.isolate(who, "auto")) if who else _(
        "Taken back {when}."
    ).format(when=when)  # fmt: skip
    return f"{sentence} {_reason(grant.end_reason)}".strip()


def _reason(reason: str) -> str:
    """Why a grant ended: the words of whoever ended it, or the program's own."""
    return _("The city lets in nobody from abroad any more.") if reason == NOBODY_FROM_ABROAD else reason


def columns() -> list[Column[Line]]:
    """The columns, in the order of time and in no other."""
    return [
        Column("name", _("Name"), lambda g: g.name, sorts=False),
        Column("office", _("Institution"), lambda g: g.office, sorts=False, is_on_page=False),
        Column("role", _("Role"), lambda g: g.role, sorts=False),
        Column("where", _("Where"), lambda g: g.where, sorts=False),
        Column("since", _("From"), lambda g: g.since, sorts=False),
        Column("until", _("Until before"), lambda g: g.until, sorts=False),
        Column("purpose", _("Purpose"), lambda g: g.purpose, sorts=False, is_on_page=False),
        Column("approval", _("Approval"), lambda g: g.approval, sorts=False),
        Column("given", _("Given by"), lambda g: g.given_by, sorts=False, is_on_page=False),
        Column("state", _("State"), lambda g: g.state, sorts=False),
    ]


def facets() -> list[Facet[Line]]:
    """The filters; the database chooses."""
    sides = [(code, str(label)) for code, label in Organisation.Side.choices]
    roles = [(code, str(label)) for code, label in RoleGrant.Role.choices]
    return [
        Facet("side", _("People"), _("Everybody"), sides, _in_the_database),
        Facet("role", _("Role"), _("All roles"), roles, _in_the_database),
        Facet("state", _("State"), _("All"), [(code, state_word(code)) for code in CHIPS], _in_the_database),
    ]


def _in_the_database(line: Line) -> tuple[str, ...]:
    raise TypeError("the database chooses the rows of this list")


def switches_of(city: City) -> dict[str, str]:
    """How the city's switches stand, as their form says it."""
    return {
        "from_abroad": "yes" if city.lets_in_from_abroad else "no",
        "watermarks": "yes" if city.watermarks else "no",
    }


def count_words(total: int, of: int) -> str:
    """How many of how many."""
    if total == of:
        return ngettext("{count} grant", "{count} grants", total).format(count=total)
    return ngettext("{count} of {all} grant", "{count} of {all} grants", of).format(count=total, all=of)
