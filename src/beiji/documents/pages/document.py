"""A document in words: a version to be read, its history, and what differs between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.programme.models import Person
from beiji.programme.people import name_in, people_by_id
from beiji.ui import formats
from beiji.ui.languages import LANGUAGES, language_of, pick
from beiji.ui.words import language_word

from ..access import may
from ..models import Document, DocumentVersion, Draft
from ..owners import head_of
from ..reading import VersionLine, Written, comments_on, versions_of_document
from ..rules import (
    Act,
    Block,
    Change,
    Difference,
    Kind,
    Piece,
    State,
    after,
    compare,
    is_frozen_open,
    numbers_changed,
    pieces_of,
)
from ..structured import values_changed
from .blocks import BlockView, Chapter, Remark, chapters_of, remarks_on, table_rows, views_of
from .standing import CHIPS, draft_words, state_words, version_words
from .typed import TypedText, typed_text

#: How the draft is called in addresses, where a version has its number.
DRAFT = "draft"


@dataclass(frozen=True)
class Moment:
    """A step in the life of a version."""

    words: str
    who: str
    at: datetime
    reason: TypedText | None


@dataclass(frozen=True)
class VersionView:
    """A line of the history."""

    name: str
    href: str
    chip: str
    state: str
    moments: Sequence[Moment]
    compare: str
    number: int


def address(document: Document, page: str = "document", **more: Any) -> str:
    """The address of one of a document's pages."""
    return reverse(f"documents:{page}", kwargs={"city": document.city_id, "document": document.pk, **more})


def history(document: Document, lines: Sequence[VersionLine]) -> list[VersionView]:
    """The versions, the newest first, each with its life and a way to what it changed."""
    people = people_by_id([step.by for line in lines for step in line.steps])
    numbers = {line.row.pk: line.row.number for line in lines}
    views = []
    for line in lines:
        number, before = line.row.number, numbers.get(line.row.base_id) if line.row.base_id else None
        moments = [
            Moment(str(step.get_into_display()), name_in(people, step.by), step.at, typed_text(step.reason) if step.reason else None)
            for step in line.steps
        ]  # fmt: skip
        compared = comparison_address(document, before, number) if before else ""
        views.append(
            VersionView(
                version_words(number), address(document, "version", number=number), CHIPS[line.state], state_words(line.state),
                moments, compared, number,
            )
        )  # fmt: skip
    return views


def comparison_address(document: Document, old: int | str, new: int | str) -> str:
    """Where two versions are compared."""
    return f"{address(document, 'comparison')}?from={old}&to={new}"


def state_sentence(line: VersionLine, now: datetime) -> str:
    """How a version stands: by whom and when, and how old that is."""
    step = line.steps[-1]
    people = people_by_id([step.by])
    return " · ".join(
        (
            state_words(line.state), formats.date_text(step.at), formats.age_text(step.at, now), formats.isolate(name_in(people, step.by), "auto")
        )
    )  # fmt: skip


def draft_sentence(draft: Draft, changes: int, outdated: dict[str, int]) -> str:
    """What a draft is at: where it comes from, how much it changes, when it was last kept, which translations wait."""
    parts = []
    if draft.base is not None:
        parts.append(_("goes on from version {number}").format(number=draft.base.number))
        words = ngettext("{count} block changed", "{count} blocks changed", changes).format(count=changes)
        parts.append(words)
    parts.append(_("kept {when}").format(when=formats.datetime_text(draft.changed_at)))
    for language, count in sorted(outdated.items()):
        words = ngettext(
            "{language}: {count} block to be translated anew", "{language}: {count} blocks to be translated anew", count
        )
        parts.append(words.format(language=language_word(language), count=count))
    return " · ".join(parts)


@dataclass(frozen=True)
class DifferenceView:
    """A block that differs: its chapter, what happened, its words in pieces, and the numbers that changed."""

    change: str
    chip: str
    words: str
    chapter: str
    href: str
    language: str
    direction: str
    html: SafeString
    numbers: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Comparison:
    """What differs between two versions, and how much in a sentence."""

    summary: str
    lines: Sequence[DifferenceView]


CHANGE_CHIPS = {Change.ADDED: "good", Change.REMOVED: "bad", Change.CHANGED: "info", Change.MOVED: "outline"}


def change_words(change: Change) -> str:
    """What happened to a block."""
    words = {
        Change.ADDED: _("added"), Change.REMOVED: _("removed"), Change.CHANGED: _("changed"), Change.MOVED: _("moved"),
    }  # fmt: skip
    return words[change]


def comparison(old: Sequence[Written], new: Sequence[Written]) -> Comparison:
    """Every difference in words. Compared are the originals: a translation that came late is no change of the document."""
    before, now = [one.block for one in old], [one.block for one in new]
    titles = {block.id: block.body for block in (*before, *now) if block.kind == Kind.HEADING}
    differences = compare(before, now)
    people = people_by_id(
        [
            UUID(key)
            for one in differences
            for block in (one.old, one.new)
            if block is not None and block.kind == Kind.CONTACTS
            for key in block.body.split()
        ]
    )

    def text(block: Block | None) -> str:
        """What is compared of a block."""
        if block is None:
            return ""
        if block.kind == Kind.CONTACTS:
            return "\n".join(name_in(people, UUID(key)) for key in block.body.split())
        if block.kind == Kind.STRUCTURED:
            return "\n".join(" · ".join(row) for row in table_rows(block)[1:])
        return block.body.partition("\n")[2] if block.kind == Kind.IMAGE else block.body

    lines = [_difference(one, text(one.old), text(one.new), titles) for one in differences]
    return Comparison(_summary(differences, lines), lines)


def _difference(one: Difference, old: str, new: str, titles: dict[UUID, str]) -> DifferenceView:
    block = one.new or one.old
    assert block is not None
    language = language_of(block.language)
    numbers: list[tuple[str, str, str]] = []
    if one.change == Change.CHANGED and one.old is not None and block.kind == Kind.STRUCTURED:
        numbers = values_changed(block.name, one.old.body, block.body)
    elif one.change == Change.CHANGED:
        numbers = [("", before, now) for before, now in numbers_changed(old, new)]
    return DifferenceView(
        one.change.value, CHANGE_CHIPS[one.change], change_words(one.change), titles.get(one.chapter, "") if one.chapter else "",
        f"#b-{block.id}", language.pack, language.direction,
        _marked([Piece("same", new)] if one.change == Change.MOVED else pieces_of(old, new)), numbers,
    )  # fmt: skip


MARKS = {"gone": "<del>{}</del>", "new": "<ins>{}</ins>", "same": "{}"}


def _marked(pieces: Sequence[Piece]) -> SafeString:
    """The words with what went struck out and what came marked."""
    return mark_safe("".join(format_html(MARKS[piece.state], piece.text) for piece in pieces))  # noqa: S308 - escaped


def _summary(differences: Sequence[Difference], lines: Sequence[DifferenceView]) -> str:
    """How many blocks differ, and in how many places numbers do."""
    if not differences:
        return _("The two say the same, word for word.")
    counts = {change: len([d for d in differences if d.change == change]) for change in Change}
    parts = [f"{change_words(change)}: {count}" for change, count in counts.items() if count]
    numbers = sum(len(line.numbers) for line in lines)
    if numbers:
        parts.append(_("numbers and entries: {count}").format(count=numbers))
    return " · ".join(parts)


@dataclass(frozen=True)
class Reading:
    """A version as it is read."""

    title: str
    state: State | None
    blocks: Sequence[BlockView]
    chapters: Sequence[Chapter]
    untranslated: str


def reading(title: str, state: State | None, written: Sequence[Written], remarks: Any = None) -> Reading:
    """The blocks of a version for its reader, with how many stand in another language than his."""
    views = [view for view in views_of(written, translate=True, remarks=remarks) if view.body or view.remarks]
    count = len([view for view in views if view.mark])
    words = ngettext(
        "{count} block is not translated into your language and stands in the original.",
        "{count} blocks are not translated into your language and stand in the original.",
        count,
    )
    return Reading(title, state, views, chapters_of(views), words.format(count=count) if count else "")


def on_paper(document: Document, version: DocumentVersion, language: str) -> dict[str, str]:
    """Title, subtitle and running head of a file, in its language."""
    with translation.override(language_of(language).code):
        head = head_of(document)
        line = next(line for line in versions_of_document(document) if line.row.pk == version.pk)
        when = formats.date_text(line.steps[-1].at)
        subtitle = " · ".join((head.sub, version_words(version.number), state_words(line.state), when))
        return {"title": head.title, "subtitle": subtitle, "running": pick(document.city.names)}


def files(document: Document, number: int) -> list[tuple[str, str]]:
    """Files of a version in every language: words and address."""
    return [
        (f"{kind.upper().replace('DOCX', 'Word')} · {one.name}", address(document, "file", number=number, language=one.pack, kind=kind))
        for kind in ("pdf", "docx")
        for one in LANGUAGES
    ]  # fmt: skip


def kept_words(now: datetime) -> str:
    """What stands beside a field whose words were kept."""
    return _("Kept {time}").format(time=formats.time_text(now))


def remarks(document: Document, written: Sequence[Written]) -> dict[UUID, list[Remark]]:
    """The comments on a version's blocks."""
    return remarks_on(comments_on(document), written)


@dataclass(frozen=True)
class Acts:
    """What a reader can do with a version now: addresses, "" where it is not his or not its turn; `take_up`: a number."""

    review: str = ""
    send_back: str = ""
    approve: str = ""
    take_up: int = 0
    compare: str = ""
    draft: str = ""


def acts(
    person: Person, document: Document, line: VersionLine, lines: Sequence[VersionLine], draft: Draft | None
) -> Acts:
    """The buttons of a version's page."""
    number = line.row.number

    def address_of(act: Act, page: str) -> str:
        is_its_turn = after(line.state, act) is not None and may(person, document, act)
        return address(document, page, number=number) if is_its_turn else ""

    before = next((one.row.number for one in lines if one.row.pk == line.row.base_id), 0)
    nothing_open = draft is None and not any(is_frozen_open(one.state) for one in lines)
    may_edit = may(person, document, Act.EDIT)
    return Acts(
        review=address_of(Act.REVIEW, "review"),
        send_back=address_of(Act.SEND_BACK, "return"),
        approve=address_of(Act.APPROVE, "approval"),
        take_up=number if may_edit and nothing_open else 0,
        compare=comparison_address(document, before, number) if before else "",
        draft=address(document, "draft") if draft is not None and may(person, document, Act.READ_DRAFT) else "",
    )


@dataclass(frozen=True)
class Choices:
    """What can be compared: key and words, with the two that are."""

    options: Sequence[tuple[str, str]]
    old: str
    new: str


def sides(
    document: Document, lines: Sequence[VersionLine], old: str, new: str, *, with_draft: bool
) -> Choices:  # fmt: skip
    """The versions between which a reader chooses."""
    options = [
        (str(line.row.number), f"{version_words(line.row.number)} · {state_words(line.state)}") for line in lines
    ]
    return Choices([*([(DRAFT, draft_words())] if with_draft else []), *options], old, new)
