"""People from a table: which columns it has, and what is wrong with its rows."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from beiji.ui.importing import Column, Fault, Line, Table, folded, read_table
from beiji.ui.languages import LANGUAGES, Language

from . import queries
from .changes import Newcomer, ProgrammeError
from .models import Account, Organisation, Person, RoleGrant
from .rules import CITY_ROLES, NAMES, PLACE_ROLES, USER_NAME, read_username

COLUMNS = (
    Column("name_zh", gettext_lazy("Name in Chinese characters"), 80),
    Column("name_en", gettext_lazy("Name in Latin letters"), 80),
    Column("name_he", gettext_lazy("Name in Hebrew letters"), 80),
    Column("organisation", gettext_lazy("Institution"), 120, required=True),
    Column("post", pgettext_lazy("a person's", "Post"), 120),
    Column("staff_number", gettext_lazy("Staff number"), 40),
    Column("language", gettext_lazy("Language at sign-in"), 20),
    Column("role", gettext_lazy("Role"), 60),
    Column("username", gettext_lazy("User name"), 60),
)
#: An administrator is made by hand, on the person's own page.
ROLES = tuple(role for role in (*PLACE_ROLES, *CITY_ROLES) if role != RoleGrant.Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Known:
    """What stands in the city already, against which rows are held."""

    organisations: Sequence[Organisation]
    numbers: frozenset[tuple[int, str]]
    names: frozenset[tuple[int, str]]
    usernames: frozenset[str]


def known() -> Known:
    """Against what the rows of a table of people are held; four queries."""
    offices = list(queries.institutions())
    people = list(
        Person.objects.filter(erased_at__isnull=True, organisation__isnull=False).values_list(
            "organisation", "staff_number", "names"
        )
    )
    return Known(
        organisations=offices,
        numbers=frozenset((office, number) for office, number, _names in people if number),
        names=frozenset((office, folded(name)) for office, _number, names in people for name in names.values()),
        usernames=frozenset(name.casefold() for name in Account.objects.values_list("username", flat=True)),
    )


@dataclass
class Reading:
    """A table of people: who would be added, who is in the list already, what is to be mended first."""

    newcomers: list[Newcomer] = field(default_factory=list)
    there_already: int = 0
    faults: list[Fault] = field(default_factory=list)


def read_people(content: bytes, known: Known, here: Language) -> Reading:
    """Read a table. With any fault nobody is to be added; people with a staff number of the list are left as they are."""
    table = read_table(content, COLUMNS)
    reading = Reading()
    offices = _by_words(known.organisations)
    seen: dict[tuple[str, ...], int] = {}
    for line in table.lines:
        office = offices.get(folded(line.words.get("organisation", "")))
        if office is None and line.words.get("organisation"):
            table.blame(line, "organisation", _("No institution of this city has this name or code."))
        number = _number(line)
        if office is not None and number and (office.pk, number) in known.numbers:
            reading.there_already += 1
            continue
        language, role = _language_and_role(table, line)
        _hold_user_name(table, line, known, seen)
        if _has_name(table, line) and office is not None:
            _hold_against(table, line, office, known, seen)
            reading.newcomers.append(_newcomer(table, line, office, here, language, role))
    reading.faults = sorted(set(table.faults), key=_place)
    return reading


def _place(fault: Fault) -> tuple[int, str]:
    digits = re.sub(r"\D", "", fault.cell)
    return (int(digits) if digits else 0, fault.cell)


def _by_words(organisations: Iterable[Organisation]) -> dict[str, Organisation]:
    """Institutions by their code and by each of their names; a word that two share leads to neither."""
    said = [(folded(word), o) for o in organisations for word in {o.code, *o.names.values()}]
    counts = Counter(word for word, _office in {(word, o.pk) for word, o in said})
    return {word: o for word, o in said if counts[word] == 1}


def _number(line: Line) -> str:
    return unicodedata.normalize("NFKC", line.words.get("staff_number", ""))


def _names(line: Line) -> list[str]:
    return [folded(line.words[key]) for _code, key in NAMES if line.words.get(key)]


def _has_name(table: Table, line: Line) -> bool:
    if not _names(line):
        table.blame(line, "name_zh", _("Write the name in at least one script."))
    return bool(_names(line))


def _hold_user_name(table: Table, line: Line, known: Known, seen: dict[tuple[str, ...], int]) -> None:
    username = read_username(line.words.get("username", ""))
    if not username:
        return
    if not re.fullmatch(USER_NAME, username):
        table.blame(line, "username", _("Use 3 to 60 letters or digits, also dot, hyphen and underscore; no spaces."))
    elif username in known.usernames:
        table.blame(line, "username", _("The user name {name} is taken; choose another.").format(name=username))
    _once(table, line, "username", ("user", username), seen)


def _hold_against(
    table: Table, line: Line, office: Organisation, known: Known, seen: dict[tuple[str, ...], int]
) -> None:
    """A person against those of the institution, and against the rows before."""
    number = _number(line)
    if number:
        _once(table, line, "staff_number", ("number", str(office.pk), number), seen)
        return
    for name in _names(line):
        if (office.pk, name) in known.names:
            sentence = _(
                "Somebody of this name is in the list of this institution. Give the staff number if it is another person."
            )
            table.blame(line, "name_zh", sentence)
        _once(table, line, "name_zh", ("name", str(office.pk), name), seen)


def _once(table: Table, line: Line, key: str, what: tuple[str, ...], seen: dict[tuple[str, ...], int]) -> None:
    first = seen.setdefault(what, line.number)
    if first != line.number:
        sentence = _("Row {row} says the same. Leave one of the two out, or tell them apart by staff number.")
        table.blame(line, key, sentence.format(row=first))


def _language_and_role(table: Table, line: Line) -> tuple[str, str]:
    languages = {folded(word): lang.code for lang in LANGUAGES for word in (lang.code, lang.pack, lang.name)}
    return _choice(table, line, "language", languages), _choice(table, line, "role", _role_words())


def _newcomer(table: Table, line: Line, office: Organisation, here: Language, language: str, role: str) -> Newcomer:
    words = line.words
    if role in PLACE_ROLES and office.subject_id is None:
        table.blame(line, "role", _("This institution is no hospital or body of the city, so it has no coordinator."))
    post = words.get("post", "")
    return Newcomer(
        names={code: words[key] for code, key in NAMES if words.get(key)},
        post={here.pack: post} if post else {},
        organisation=office,
        staff_number=_number(line),
        language=language or here.code,
        role=role,
        username=words.get("username", ""),
    )


@cache
def _role_words() -> dict[str, str]:
    """Roles by code and by their words in every language."""
    said = {role: role for role in ROLES}
    for language in LANGUAGES:
        with translation.override(language.code):
            said |= {folded(str(RoleGrant.Role(role).label)): role for role in ROLES}
    return said


def _choice(table: Table, line: Line, key: str, offered: dict[str, str]) -> str:
    word = line.words.get(key, "")
    if word and folded(word) not in offered:
        table.blame(
            line,
            key,
            _("“{word}” is none of the words for this column; leave it empty or take one of the template.").format(
                word=word
            ),
        )
    return offered.get(folded(word), "")


def packed(newcomers: Sequence[Newcomer], whose: str) -> str:
    """People of a table that was found good, to be carried by the page until its reader says yes; signed for `whose` eyes."""
    return signing.dumps(as_text(newcomers), salt=f"beiji.people.{whose}", compress=True)


def unpacked(text: str, whose: str) -> str:
    """The same people again, as text. Raises ProgrammeError when the page is older than an hour or was made for somebody else."""
    try:
        rows: str = signing.loads(text, salt=f"beiji.people.{whose}", max_age=3600)
    except signing.BadSignature:
        raise ProgrammeError(
            _("The page was open for too long. Choose the table again; nobody has been added.")
        ) from None
    return rows


def as_text(newcomers: Sequence[Newcomer]) -> str:
    """People as they wait for a worker."""
    return json.dumps(
        [[n.names, n.post, n.organisation.pk, n.staff_number, n.language, n.role, n.username] for n in newcomers],
        ensure_ascii=False,
    )  # fmt: skip


def from_text(text: str, organisations: Iterable[Organisation]) -> list[Newcomer]:
    """The same people again. Raises ProgrammeError where an institution is gone meanwhile."""
    offices = {o.pk: o for o in organisations}
    rows = json.loads(text)
    if any(row[2] not in offices for row in rows):
        raise ProgrammeError(_("An institution of this table is gone meanwhile. Read the table again."))
    return [Newcomer(names, post, offices[key], *rest) for names, post, key, *rest in rows]
