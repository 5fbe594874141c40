"""The pages of a library in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from beiji.documents.pages.typed import TypedText, typed_text
from beiji.programme.models import Organisation, Subject
from beiji.programme.people import name_in
from beiji.readiness.methodology import Question
from beiji.readiness.pages.cells import why_url
from beiji.records.providers import HeldFile
from beiji.ui import formats
from beiji.ui.languages import language_of, pick
from beiji.ui.listing import Column, Facet

from ..models import LibraryFile, Mark
from ..queries import UNJUDGED, Around
from ..rules import Age, Looked, age_of, verdict_of

AGE_CHIPS = {Age.ENDED: "bad", Age.SOON: "warn", Age.CURRENT: "good", Age.ENDLESS: "outline"}
VERDICT_CHIPS = {Mark.Word.CHECKED: "good", Mark.Word.REFUSED: "bad", "": "outline"}
KILOBYTE = 1000
#: Items that a line of the list names; the rest is counted.
MOST_ITEMS = 6


def age_word(age: Age) -> str:
    """How a file stands today."""
    return {
        Age.ENDED: _("has ended"),
        Age.SOON: _("ends soon"),
        Age.CURRENT: _("in date"),
        Age.ENDLESS: _("no end"),
    }[age]


def verdict_word(verdict: str) -> str:
    """What the last look said."""
    return {"checked": _("checked"), "refused": _("not accepted"), "": _("not checked yet")}[verdict]


@dataclass(frozen=True)
class Line:
    """A file in a list."""

    title: str
    language: str
    direction: str
    kind: str
    name: str
    href: str
    items: Sequence[str]
    named: Sequence[str]
    more: int
    day: date
    until: date | None
    age: str
    age_chip: str
    verdict: str
    verdict_chip: str
    by: str


def file_url(file: LibraryFile, page: str = "file") -> str:
    """Address of a file's page, or of another one about it."""
    return reverse(f"folders:{page}", kwargs={"city": file.city_id, "subject": file.subject.code, "file": file.pk})


def verdict_on(file: LibraryFile, marks: Sequence[Mark]) -> str:
    """The last word on the file as it is now."""
    return verdict_of((Looked(mark.word, mark.version) for mark in marks), file.version)


def lines(files: Sequence[LibraryFile], around: Around, today: date) -> list[Line]:
    """Files as lines of a list."""
    return [line_of(file, around, today) for file in files]


def line_of(file: LibraryFile, around: Around, today: date) -> Line:
    """A file as a line."""
    age = age_of(file.until, today)
    verdict, items = verdict_on(file, around.marks.get(file.pk, ())), around.items.get(file.pk, ())
    language = language_of(file.language)
    return Line(
        title=file.title,
        language=language.pack,
        direction=language.direction,
        kind=str(LibraryFile.Kind(file.kind).label),
        name=file.attachment.name,
        href=file_url(file),
        items=items,
        named=items[:MOST_ITEMS],
        more=max(0, len(items) - MOST_ITEMS),
        day=file.day,
        until=file.until,
        age=age_word(age),
        age_chip=AGE_CHIPS[age],
        verdict=verdict_word(verdict),
        verdict_chip=VERDICT_CHIPS[verdict],
        by=name_in(around.people, file.added_by),
    )


def columns() -> list[Column[Line]]:
    """The columns on the screen and in a file."""
    return [
        Column("title", _("File"), lambda line: line.title),
        Column("kind", _("Kind"), lambda line: line.kind),
        Column("items", _("Shows"), lambda line: ", ".join(line.items), sorts=False),
        Column("day", _("Its day"), lambda line: line.day),
        Column("until", _("Counts until"), lambda line: line.until),
        Column("age", _("Today"), lambda line: line.age, sorts=False, is_on_page=False),
        Column("verdict", _("Checked"), lambda line: line.verdict),
        Column("by", _("Added by"), lambda line: line.by, sorts=False, is_on_page=False),
    ]


def facets(questions: Mapping[str, Question], domains: Sequence[tuple[str, str]]) -> list[Facet[Line]]:
    """The filters; the database answers them, so lines need not say their codes."""
    ages = [(age.value, age_word(age)) for age in Age]
    verdicts = [
        (UNJUDGED, verdict_word("")),
        ("checked", verdict_word("checked")),
        ("refused", verdict_word("refused")),
    ]
    shown = [(UNJUDGED, _("nothing yet")), *domains]
    return [
        Facet(
            "kind",
            _("Kind"),
            _("Every kind"),
            [(code, str(word)) for code, word in LibraryFile.Kind.choices],
            lambda line: (),
        ),
        Facet("age", _("Validity"), _("Whatever its validity"), ages, lambda line: ()),
        Facet("verdict", _("Checked"), _("Checked or not"), verdicts, lambda line: ()),
        Facet("domain", _("Shows"), _("Whatever it shows"), shown, lambda line: ()),
    ]


def count_words(total: int, of: int) -> str:
    """How many files are shown."""
    if total == of:
        return ngettext("%(n)s file", "%(n)s files", total) % {"n": formats.number_text(total)}
    words = ngettext("%(n)s of %(all)s file", "%(n)s of %(all)s files", of)
    return words % {"n": formats.number_text(total), "all": formats.number_text(of)}


@dataclass(frozen=True)
class Shelf:
    """A library in the list of libraries."""

    name: str
    href: str
    files: int
    soon: int
    ended: int


def shelves(city: str, subjects: Sequence[Subject], counts: Mapping[int, Mapping[str, int]]) -> list[Shelf]:
    """Each hospital's library."""
    made = []
    for subject in subjects:
        count = counts.get(subject.pk, {})
        href = reverse("folders:library", kwargs={"city": city, "subject": subject.code})
        made.append(
            Shelf(pick(subject.names), href, count.get("files", 0), count.get("soon", 0), count.get("ended", 0))
        )
    return made


@dataclass(frozen=True)
class MarkLine:
    """Somebody's look at a file. `note`: that the file was changed since."""

    chip: str
    word: str
    who: str
    at: datetime
    note: str
    reason: TypedText | None


@dataclass(frozen=True)
class Tie:
    """An item that a file shows; without an address where the standard asks it no more."""

    code: str
    title: str
    href: str


@dataclass(frozen=True)
class FilePage:
    """A file in full."""

    title: str
    language: str
    direction: str
    facts: Sequence[tuple[str, str]]
    ties: Sequence[Tie]
    marks: Sequence[MarkLine]
    content: str
    is_picture: bool
    ended: str
    chips: Sequence[tuple[str, str]]


def file_page(
    file: LibraryFile,
    around: Around,
    questions: Mapping[str, Question],
    offices: Mapping[str, Organisation],
    today: date,
) -> FilePage:
    """The page of one file."""
    line = line_of(file, around, today)
    attachment = file.attachment
    size = _("%(size)s kB") % {"size": formats.number_text(max(1, attachment.size // KILOBYTE))}
    added = _("%(who)s on %(day)s") % {"who": line.by, "day": formats.date_text(file.added_at)}
    facts = [
        (_("Kind"), line.kind),
        (_("Its day"), formats.date_text(file.day)),
        (_("Counts until"), _until_words(file)),
        (_("Added by"), added),
        (_("File"), f"{attachment.name} · {size}"),
    ]
    if file.personal:
        facts.append((_("Shown to"), _("the city's own people; it names people")))
    return FilePage(
        title=line.title,
        language=line.language,
        direction=line.direction,
        facts=facts,
        ties=[_tie(file, code, questions) for code in line.items],
        marks=[_mark_line(file, mark, around, offices) for mark in around.marks.get(file.pk, ())],
        content=file_url(file, "content"),
        is_picture=attachment.kind.startswith("image/"),
        ended=_("This file was taken out of the library.") if file.ended_at else "",
        chips=[(line.age_chip, line.age), (line.verdict_chip, line.verdict)],
    )


def _until_words(file: LibraryFile) -> str:
    if file.until is None:
        return _("no end is known: give one, or tie it to the items that it shows")
    day = formats.date_text(file.until)
    if file.until_item:
        return _("%(day)s, as long as a paper counts for %(item)s") % {"day": day, "item": file.until_item}
    return _("%(day)s, as whoever added it said") % {"day": day}


def _tie(file: LibraryFile, code: str, questions: Mapping[str, Question]) -> Tie:
    question = questions.get(code)
    if question is None:
        return Tie(code, _("no longer asked here"), "")
    return Tie(code, pick(question.titles), why_url(file.city_id, file.subject.code, question.capability))


def _mark_line(file: LibraryFile, mark: Mark, around: Around, offices: Mapping[str, Organisation]) -> MarkLine:
    office = offices.get(mark.office)
    who = name_in(around.people, mark.by)
    reason = around.reasons.get(mark.reason_id) if mark.reason_id else None
    return MarkLine(
        chip=VERDICT_CHIPS.get(mark.word, "outline"),
        word=str(Mark.Word(mark.word).label),
        who=f"{who} · {pick(office.names)}" if office else who,
        at=mark.at,
        note="" if mark.version == file.version else _("before what is said of the file was changed"),
        reason=typed_text(reason) if reason else None,
    )


@dataclass(frozen=True)
class Tick:
    """An item to tick."""

    code: str
    title: str
    on: bool


@dataclass(frozen=True)
class TickGroup:
    """The items of a domain."""

    title: str
    ticks: Sequence[Tick]


def tick_groups(
    questions: Mapping[str, Question], domains: Mapping[str, str], wanted: Sequence[str], on: Sequence[str]
) -> list[TickGroup]:
    """Items to tick by domain: those of `wanted`, in the order of the standard."""
    shown, ticked = set(wanted), set(on)
    groups: dict[str, list[Tick]] = {}
    for code, question in questions.items():
        if code in shown:
            groups.setdefault(question.domain, []).append(Tick(code, pick(question.titles), code in ticked))
    return [TickGroup(domains.get(domain, domain), ticks) for domain, ticks in groups.items()]


def tied_words(on: int, off: int) -> str:
    """What a page of ticks did."""
    if not on and not off:
        return _("Nothing was changed.")
    parts = []
    if on:
        parts.append(ngettext("%(n)s item tied.", "%(n)s items tied.", on) % {"n": on})
    if off:
        parts.append(ngettext("%(n)s item untied.", "%(n)s items untied.", off) % {"n": off})
    return " ".join(parts)


@dataclass(frozen=True)
class Held:
    """A file that lies in the house but not in the library."""

    name: str
    url: str
    where: str
    day: date
    items: Sequence[str]
    take: str


def held_lines(city: str, subject: Subject, held: Sequence[HeldFile]) -> list[Held]:
    """Files that came in with something else."""
    new = reverse("folders:file-new", kwargs={"city": city, "subject": subject.code})
    return [Held(h.name, h.url, h.where, h.day, h.items, f"{new}?take={h.attachment}") for h in held]


def marked_word(word: str) -> str:
    """What is said once a mark was put."""
    return {
        Mark.Word.READ: pgettext("mark", "Your mark stands: read."),
        Mark.Word.CHECKED: pgettext("mark", "Your mark stands: checked."),
        Mark.Word.REFUSED: pgettext("mark", "Your mark stands: not accepted."),
    }[Mark.Word(word)]
