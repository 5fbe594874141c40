"""The table of contents of a bundle: every clause with the files that answer it, who checked them, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.programme.models import Person
from beiji.programme.people import name_of
from beiji.ui import formats
from beiji.ui.languages import pick
from beiji.ui.listing import Value

from ..binders import Folder
from ..bundle import Entry, file_name, folder_name, safe_name
from ..models import ClauseList, LibraryFile
from ..queries import Around
from ..rules import Lack
from . import clauses as pages

Row = list[Value]


def index_heads() -> list[str]:
    """The heads of the table of contents."""
    return [
        _("Edition"), _("Clause number"), _("Clause in your own words"), _("Items, as they stand"), _("File"), _("Kind"),
        _("Its day"), _("Counts until"), _("To be minded"), _("Who checked"), _("Where it lies"),
    ]  # fmt: skip


def contents(
    folders: Sequence[Folder], files: Mapping[UUID, LibraryFile], around: Around, standings: Mapping[str, str],
) -> tuple[list[Row], list[Entry]]:  # fmt: skip
    """The rows of the table of contents, and the files with their places. A clause without a file has a row too.

    `standings`: item → how it stands, in words.
    """
    rows: list[Row] = []
    entries: list[Entry] = []
    for place, folder in enumerate(folders, 1):
        clause = folder.clause
        items = "; ".join(f"{item} {standings.get(item, '')}".strip() for item in folder.items)
        within = folder_name(place, clause.number, clause.body, of=len(folders))
        head: Row = [clause.edition, clause.number, clause.body, items]
        if not folder.files:
            lacks = " · ".join(pages.lack_word(lack) for lack in Lack if lack in folder.lacks)
            rows.append([*head, _("no file"), "", None, None, lacks, "", ""])
        for number, (key, paper) in enumerate(zip(folder.files, folder.papers, strict=True), 1):
            file = files[key]
            path = f"{within}/{file_name(number, file.title, file.attachment.name, of=len(folder.files))}"
            entries.append(Entry(path, file.attachment))
            ends = "" if paper.counts_on(folder.day) else pages.lack_word(Lack.ENDS)
            kind = str(LibraryFile.Kind(file.kind).label)
            looked = pages.looked_words(file, around)
            rows.append([*head, file.title, kind, file.day, file.until, ends, looked, path])
    return rows, entries


def bundle_about(
    clauses: ClauseList, person: Person, day: date, now: datetime, count: int, files: int
) -> list[tuple[str, str]]:
    """What the second sheet says of the bundle."""
    lines = [
        (_("List"), clauses.title),
        (_("Hospital"), pick(clauses.subject.names)),
        (_("For"), pages.day_words(clauses, day)),
        (_("Clauses"), formats.number_text(count)),
        (_("Files"), formats.number_text(files)),
        (_("Taken by"), name_of(person)),
        (_("Taken at"), formats.datetime_text(now)),
        (_("Standings"), _("as the ledger says today; a file in a folder changes none of them")),
        (_("Clauses and numbers"), _("as the hospital wrote them; none comes with the system")),
    ]
    if clauses.city.illustrative:
        lines.append((_("Note"), _("Illustrative data: no real hospital is described.")))
    return lines


def bundle_name(clauses: ClauseList, today: date) -> str:
    """What the archive is called."""
    return f"{safe_name(clauses.title)} {today.isoformat()}.zip"


def index_name() -> str:
    """What the table of contents is called; it stands first."""
    return f"00 {_('Contents')}.xlsx"
