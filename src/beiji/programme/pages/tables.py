"""What was read from a table of people, in words; and the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.ui.importing import Fault
from beiji.ui.languages import LANGUAGES, pick

from ..changes import Brought, Newcomer
from ..imports import COLUMNS, ROLES, Reading
from ..models import Account, Organisation, Person, RoleGrant
from ..people import office_of
from .people import Sheet, sheet_of

#: Faults and people that a page lists; the rest is counted.
MOST_SHOWN = 100


@dataclass(frozen=True)
class Row:
    """Somebody who would be added."""

    name: str
    office: str
    number: str
    role: str
    username: str


@dataclass(frozen=True)
class Checked:
    """What the page says of a table before anything is kept."""

    summary: str
    there_already: str
    faults: Sequence[Fault]
    more_faults: str
    rows: Sequence[Row]
    more_rows: str


def checked(reading: Reading) -> Checked:
    """The table in words."""
    people, faults = len(reading.newcomers), len(reading.faults)
    if faults:
        summary = ngettext(
            "Nobody has been added: {count} place is to be mended first. Mend it in the table and choose the file again.",
            "Nobody has been added: {count} places are to be mended first. Mend them in the table and choose the file again.",
            faults,
        ).format(count=faults)
    else:
        summary = ngettext(
            "{count} person can be added. Nothing has been kept yet.",
            "{count} people can be added. Nothing has been kept yet.",
            people,
        ).format(count=people)
    there = reading.there_already
    already = ngettext(
        "{count} person with a staff number of the list is left as it is there.",
        "{count} people with staff numbers of the list are left as they are there.",
        there,
    ).format(count=there)
    return Checked(
        summary=summary,
        there_already=already if there else "",
        faults=reading.faults[:MOST_SHOWN],
        more_faults=_more(faults),
        rows=[_row(n) for n in reading.newcomers[:MOST_SHOWN]],
        more_rows=_more(people),
    )


def _more(total: int) -> str:
    rest = total - MOST_SHOWN
    return ngettext("and {count} more", "and {count} more", rest).format(count=rest) if rest > 0 else ""


def _row(newcomer: Newcomer) -> Row:
    return Row(
        name=pick(newcomer.names),
        office=pick(newcomer.organisation.names),
        number=newcomer.staff_number,
        role=str(RoleGrant.Role(newcomer.role).label) if newcomer.role else "",
        username=newcomer.username,
    )


def template_heads() -> list[str]:
    """The heads of an empty table."""
    return [str(column.label) for column in COLUMNS]


def template_notes(organisations: Sequence[Organisation]) -> list[tuple[str, str]]:
    """What may stand in its cells: the second sheet of the template."""
    return [
        (_("Institution"), _("name or code; one row for each person")),
        *[(o.code, pick(o.names)) for o in organisations],
        (_("Role"), _("one of these words, or empty")),
        *[(role, str(RoleGrant.Role(role).label)) for role in ROLES],
        (_("Language at sign-in"), ", ".join(language.name for language in LANGUAGES)),
        (
            _("User name"),
            _("filled in: an account is made and a sheet with a code can be printed; empty: no account yet"),
        ),
    ]


def sheets(brought: Sequence[Brought], address: str) -> list[Sheet]:
    """A sheet for everybody who got an account."""
    return [sheet_of(one.person, one.account, one.code, address) for one in brought]


#: Sheets on one page: what a printer takes in one go and a browser shows without effort.
MOST_SHEETS = 200


@dataclass(frozen=True)
class Pile:
    """Sheets that are printed and handed over together: of one institution, or a part of it. `people`: those who have not
    chosen a password yet; `is_made`: some of them were given a code before."""

    number: int
    office: str
    count: str
    people: Sequence[Person]
    is_made: bool


def piles(let_in: Sequence[Person], waiting: Sequence[tuple[Person, Account]]) -> list[Pile]:
    """Those who have not chosen a password yet, by institution; a large one in parts.

    The parts are cut from all who were let in: a pile holds the same people whoever of them has signed in meanwhile, so that
    no pile takes the codes of another one away.
    """
    accounts = {person.pk: account for person, account in waiting}
    made: list[Pile] = []
    number = 0
    for office, group in groupby(let_in, key=office_of):
        people = list(group)
        for first in range(0, len(people), MOST_SHEETS):
            number += 1
            some = [person for person in people[first : first + MOST_SHEETS] if person.pk in accounts]
            if not some:
                continue
            count = ngettext("{count} sheet", "{count} sheets", len(some)).format(count=len(some))
            if len(people) > MOST_SHEETS:
                count = _("part {part}: {count}").format(count=count, part=first // MOST_SHEETS + 1)
            is_made = any(accounts[person.pk].code_until is not None for person in some)
            made.append(Pile(number, office, count, some, is_made))
    return made


def pile_of(piles: Sequence[Pile], number: str) -> Sequence[Person]:
    """The people of a pile that was asked for; nobody where there is no such pile any more."""
    return next((pile.people for pile in piles if str(pile.number) == number), ())


def added_words(count: int, accounts: int) -> str:
    """What was done."""
    people = ngettext("{count} person is in the list now.", "{count} people are in the list now.", count)
    if not accounts:
        return people.format(count=count)
    made = ngettext(
        "{count} account waits for its first sign-in.", "{count} accounts wait for their first sign-in.", accounts
    )
    return f"{people.format(count=count)} {made.format(count=accounts)}"
