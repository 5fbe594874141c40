"""Lists of clauses and their folders in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.programme.models import Subject
from beiji.programme.people import name_in
from beiji.readiness.methodology import Question
from beiji.readiness.pages.cells import Cell, standing_cell, why_url
from beiji.readiness.queries import Picture
from beiji.ui import formats, words
from beiji.ui.addresses import address
from beiji.ui.languages import language_of, pick
from beiji.ui.listing import Column, Facet, Listing, Wish, framed

from ..binders import Folder
from ..models import Clause, ClauseList, LibraryFile, Mark
from ..queries import JUDGED, Around
from ..rules import Lack, Paper
from .files import Line, line_of

LACK_CHIPS = {Lack.UNTIED: "outline", Lack.EMPTY: "bad", Lack.ENDS: "warn", Lack.UNCHECKED: "info", Lack.BEHIND: "warn"}


def lack_word(lack: Lack) -> str:
    """What a clause lacks."""
    return {
        Lack.UNTIED: _("tied to no item"),
        Lack.EMPTY: _("no file that counts then"),
        Lack.ENDS: _("a file ends by then"),
        Lack.UNCHECKED: _("a file is not checked or not accepted"),
        Lack.BEHIND: _("an item falls short"),
    }[lack]


@dataclass(frozen=True)
class ListLine:
    """A list of clauses among others."""

    title: str
    language: str
    direction: str
    href: str
    hospital: str
    inspection: date | None
    clauses: int


def list_lines(lists: Sequence[ClauseList], counts: Mapping[UUID, int]) -> list[ListLine]:
    """The lists that somebody keeps."""
    lines = []
    for row in lists:
        language = language_of(row.language)
        lines.append(
            ListLine(
                row.title, language.pack, language.direction, list_url(row), pick(row.subject.names), row.inspection,
                counts.get(row.pk, 0),
            )
        )  # fmt: skip
    return lines


def new_links(city: str, subjects: Sequence[Subject]) -> list[tuple[str, str]]:
    """Where a list is begun, for each hospital that the person keeps."""
    return [(reverse("folders:list-new", kwargs={"city": city, "subject": s.code}), pick(s.names)) for s in subjects]


def list_url(row: ClauseList, page: str = "list") -> str:
    """Address of a list, or of another page about it."""
    return reverse(f"folders:{page}", kwargs={"city": row.city_id, "clauses": row.pk})


def clause_url(clause: Clause, page: str = "clause") -> str:
    """Address of a clause's folder, or of another page about it."""
    where = {"city": clause.city_id, "clauses": str(clause.clauses_id), "clause": str(clause.pk)}
    return address(f"folders:{page}", **where)


def day_words(clauses: ClauseList, day: date) -> str:
    """For which day the folders are shown."""
    if clauses.inspection is None:
        return _("No day of inspection is given; shown as of today.")
    if clauses.inspection < day:
        return _("The inspection was on %(day)s; shown as of today.") % {"day": formats.date_text(clauses.inspection)}
    return _("For the inspection on %(day)s.") % {"day": formats.date_text(day)}


def name_of(clause: Clause) -> str:
    """A clause as it is called: its number and edition, or that it has none."""
    name = clause.number or _("without a number")
    return f"{name} · {clause.edition}" if clause.edition else name


@dataclass(frozen=True)
class ClauseLine:
    """A clause in the list."""

    order: int
    name: str
    body: str
    href: str
    items: Sequence[str]
    cell: Cell | None
    standing: str
    files: int
    first_end: date | None
    lacks: Sequence[tuple[str, str]]
    folder: Folder


def clause_lines(
    folders: Sequence[Folder], picture: Picture, subject: Subject, questions: Mapping[str, Question]
) -> list[ClauseLine]:
    """The clauses in their order."""
    said = lack_chips()
    return [_clause_line(folder, picture, subject, questions, said) for folder in folders]


def lack_chips() -> dict[Lack, tuple[str, str]]:
    """What a clause may lack: kind of chip and word, looked up once for a whole list."""
    return {lack: (LACK_CHIPS[lack], lack_word(lack)) for lack in Lack}


def _clause_line(
    folder: Folder, picture: Picture, subject: Subject, questions: Mapping[str, Question],
    said: Mapping[Lack, tuple[str, str]],
) -> ClauseLine:  # fmt: skip
    cell, clause = cell_of(folder.worst, picture, subject, questions), folder.clause
    return ClauseLine(
        order=clause.order,
        name=name_of(clause),
        body=clause.body,
        href=clause_url(clause),
        items=folder.items,
        cell=cell,
        standing=f"{folder.worst} {words.state_word(cell.state)}" if cell else "",
        files=len(folder.files),
        first_end=folder.first_end,
        lacks=[chip for lack, chip in said.items() if lack in folder.lacks],
        folder=folder,
    )


def cell_of(item: str, picture: Picture, subject: Subject, questions: Mapping[str, Question]) -> Cell | None:
    """The cell of an item as it stands; None for one that is not asked."""
    question = questions.get(item)
    if question is None:
        return None
    standing = picture.standing(subject.code, question.capability)
    href = why_url(picture.city.pk, subject.code, question.capability)
    applies = picture.applies(subject.code, question)
    return standing_cell(standing, question, applies=applies, href=href, name=f"{item} {pick(question.titles)}")


def clause_columns() -> list[Column[ClauseLine]]:
    """The columns on the screen and in a file."""
    return [
        Column("order", _("Clause"), lambda line: line.name, lambda line: line.order),
        Column("body", _("In your words"), lambda line: line.body, sorts=False),
        Column("items", _("Items"), lambda line: ", ".join(line.items), lambda line: len(line.items)),
        Column("standing", _("Stands worst"), lambda line: line.standing, sorts=False),
        Column("files", _("Files"), lambda line: line.files),
        Column("end", _("First ends"), lambda line: line.first_end),
        Column(
            "lacks", _("Lacks"), lambda line: " · ".join(w for _chip, w in line.lacks), lambda line: -len(line.lacks)
        ),
    ]


def clause_facets(lines: Sequence[ClauseLine]) -> list[Facet[ClauseLine]]:
    """The filters: what a clause lacks, and its edition where there are several."""
    options = [(lack.value, lack_word(lack)) for lack in Lack]
    facets: list[Facet[ClauseLine]] = [
        Facet("lack", _("Lacks"), _("All clauses"), options, lambda line: tuple(x.value for x in line.folder.lacks))
    ]
    editions = editions_in(lines)
    if editions:
        of = [(edition, edition) for edition in editions]
        facets.append(
            Facet("edition", _("Edition"), _("Every edition"), of, lambda line: (line.folder.clause.edition,))
        )
    return facets


def editions_in(lines: Sequence[ClauseLine]) -> list[str]:
    """The editions of a list that has several of them."""
    editions = sorted({line.folder.clause.edition for line in lines if line.folder.clause.edition})
    return editions if len(editions) > 1 else []


def edition_bundles(row: ClauseList, lines: Sequence[ClauseLine]) -> list[tuple[str, str]]:
    """Where a list has several editions: each with the address of its own bundle."""
    url = list_url(row, "list-bundle")
    return [(edition, f"{url}?{urlencode({'edition': edition})}") for edition in editions_in(lines)]


def count_words(total: int, of: int) -> str:
    """How many clauses are shown."""
    if total == of:
        return ngettext("%(n)s clause", "%(n)s clauses", total) % {"n": formats.number_text(total)}
    return ngettext("%(n)s of %(all)s clause", "%(n)s of %(all)s clauses", of) % {
        "n": formats.number_text(total), "all": formats.number_text(of),
    }  # fmt: skip


def lack_counts(lines: Sequence[ClauseLine]) -> list[tuple[str, int, str]]:
    """How many clauses lack what, with the address of those."""
    return [
        (lack_word(lack), count, f"?lack={lack.value}")
        for lack in Lack
        if (count := sum(lack in line.folder.lacks for line in lines))
    ]


@dataclass(frozen=True)
class ItemLine:
    """An item that a clause is about, as it stands."""

    code: str
    title: str
    cell: Cell | None
    standing: str


@dataclass(frozen=True)
class PaperLine:
    """A file in a clause's folder: `ends`: that it does not count any more on the day; `looked`: who judged it, and when."""

    line: Line
    ends: str
    looked: str
    by_hand: str


@dataclass(frozen=True)
class ClausePage:
    """A clause's folder."""

    title: str
    body: str
    language: str
    direction: str
    items: Sequence[ItemLine]
    papers: Listing[PaperLine]
    lacks: Sequence[tuple[str, str]]


def clause_page(
    folder: Folder, files: Sequence[LibraryFile], around: Around, picture: Picture, subject: Subject,
    questions: Mapping[str, Question], day: date, today: date, wish: Wish,
) -> ClausePage:  # fmt: skip
    """The folder of one clause: the items as they stand, the files of one page (`wish`) with who checked them."""
    clause = folder.clause
    language = language_of(clause.clauses.language)
    papers = [paper_line(file, folder, around, day, today) for file in files]
    return ClausePage(
        title=name_of(clause),
        body=clause.body,
        language=language.pack,
        direction=language.direction,
        items=[_item_line(item, picture, subject, questions) for item in folder.items],
        papers=framed(papers, [], len(folder.files), len(folder.files), (), (), wish, may_take=False),
        lacks=[(LACK_CHIPS[lack], lack_word(lack)) for lack in Lack if lack in folder.lacks],
    )


def _item_line(item: str, picture: Picture, subject: Subject, questions: Mapping[str, Question]) -> ItemLine:
    cell = cell_of(item, picture, subject, questions)
    if cell is None:
        return ItemLine(item, _("no longer asked here"), None, "")
    return ItemLine(item, pick(questions[item].titles), cell, words.state_word(cell.state))


def paper_line(file: LibraryFile, folder: Folder, around: Around, day: date, today: date) -> PaperLine:
    """A file with what bears on the day."""
    ends = "" if Paper(file.until, "").counts_on(day) else _("ends before that day")
    by_hand = _("put in by hand") if file.pk in folder.by_hand else ""
    return PaperLine(line_of(file, around, today), ends, looked_words(file, around), by_hand)


def looked_words(file: LibraryFile, around: Around) -> str:
    """Who gave the last word on a file as it is now, and when; else who read it last."""
    marks = [mark for mark in around.marks.get(file.pk, ()) if mark.version == file.version]
    mark = next((mark for mark in marks if mark.word in JUDGED), marks[0] if marks else None)
    if mark is None:
        return ""
    return _("%(word)s: %(who)s, %(day)s") % {
        "word": Mark.Word(mark.word).label, "who": name_in(around.people, mark.by), "day": formats.date_text(mark.at),
    }  # fmt: skip


def put_words(on: int, off: int) -> str:
    """What a page of files did."""
    if not on and not off:
        return _("Nothing was changed.")
    return _("Put in: {on}. Taken out: {off}.").format(on=on, off=off)


@dataclass(frozen=True)
class FileTick:
    """A file to tick."""

    key: UUID
    line: Line
    on: bool


def file_ticks(files: Sequence[LibraryFile], around: Around, put: frozenset[UUID], today: date) -> list[FileTick]:
    """Files to tick, in the order in which they are offered."""
    return [FileTick(file.pk, line_of(file, around, today), file.pk in put) for file in files]
