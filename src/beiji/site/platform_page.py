"""The pages of those who look after the installation, in words. Nothing of a city's content stands on them: no name of a person, no
hospital, no finding."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from beiji.programme.identity import PlatformGrant
from beiji.programme.queries import CityCount
from beiji.records import audit, options
from beiji.records.models import AuditLine
from beiji.ui import formats
from beiji.ui.languages import pick
from beiji.ui.listing import Column, Facet

_NUMBER = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-([0-9a-f]{12})\b")


@dataclass(frozen=True)
class CityLine:
    """A city as the one who looks after the system sees it."""

    name: str
    since: str
    size: str
    signed_in: str


@dataclass(frozen=True)
class DutyLine:
    """A duty; `end` is its key where the reader may end it."""

    who: str
    duty: str
    since: str
    until: str
    purpose: str
    end: str


@dataclass(frozen=True)
class Line:
    """An audit line: who is an account's or person's number, never a name."""

    at: datetime
    kind: str
    city: str
    who: str
    thing: str


def city_lines(counts: Sequence[CityCount]) -> list[CityLine]:
    """The cities of the installation."""
    return [
        CityLine(
            name=pick(count.city.names),
            since=formats.datetime_text(count.city.created_at),
            size=_("people {people}, accounts {accounts}").format(
                people=formats.number_text(count.people), accounts=formats.number_text(count.accounts)
            ),
            signed_in=formats.datetime_text(count.last_sign_in) if count.last_sign_in else "",
        )
        for count in counts
    ]


def facts() -> list[tuple[str, str]]:
    """What is installed, and each setting that somebody has changed and that is no secret."""
    database = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    shown = [(_("Database"), database), (_("Data folder"), str(settings.DATA))]
    for option in options.OPTIONS:
        if option.kind not in options.SECRET and option.name not in ("DATABASE_URL", "BEIJI_DATA"):
            shown.append((option.name, os.environ.get(option.name, "").strip()))
    return [(term, value) for term, value in shown if value]


def duty_lines(grants: Sequence[PlatformGrant], reader: PlatformGrant) -> list[DutyLine]:
    """Who has or had which duty; only the security administrator ends others'."""
    may_end = reader.duty == PlatformGrant.Duty.SECURITY
    return [
        DutyLine(
            who=grant.account.username,
            duty=str(PlatformGrant.Duty(grant.duty).label),
            since=formats.datetime_text(grant.since),
            until=formats.datetime_text(grant.ended_at) if grant.ended_at else "",
            purpose=grant.purpose,
            end=str(grant.pk) if may_end and grant.ended_at is None and grant.pk != reader.pk else "",
        )
        for grant in grants
    ]


def audit_lines(rows: Sequence[AuditLine]) -> list[Line]:
    """Lines of the audit in words."""
    words = {kind.code: str(kind.text) for kind in audit.kinds()}
    return [
        Line(
            at=row.at,
            kind=words.get(row.kind, row.kind),
            city=row.city,
            who=_last_of(str(row.person)) if row.person else "",
            thing=_last_of(row.thing),
        )
        for row in rows
    ]


def _last_of(number: str) -> str:
    """The last group of a number, which is drawn by lot and is enough to see that two lines speak of the same; anything else whole."""
    found = _NUMBER.search(number)
    return f"…{found[1]}" if found else number


def audit_columns() -> list[Column[Line]]:
    """The columns, in the order of time and in no other."""
    return [
        Column("at", _("Date and time"), lambda line: formats.datetime_text(line.at), sorts=False),
        Column("kind", _("What"), lambda line: line.kind, sorts=False),
        Column("city", _("City"), lambda line: line.city, sorts=False),
        Column("who", _("By (number)"), lambda line: line.who, sorts=False),
        Column("thing", _("Of (number)"), lambda line: line.thing, sorts=False),
    ]


def audit_facets(cities: Sequence[str]) -> list[Facet[Line]]:
    """The filters; the database chooses."""
    kinds = [(kind.code, str(kind.text)) for kind in audit.kinds()]
    return [
        Facet("kind", _("What"), _("All"), sorted(kinds, key=lambda pair: pair[1]), _in_the_database),
        Facet("city", _("City"), _("All cities"), [(code, code) for code in cities], _in_the_database),
    ]


def _in_the_database(line: Line) -> tuple[str, ...]:
    raise TypeError("the database chooses the rows of this list")
