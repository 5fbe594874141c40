"""Blocks in words: for a reader of a language, with who wrote them, and with the comments on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.programme.models import Person
from beiji.programme.people import name_in, name_of, office_of, people_by_id
from beiji.ui.languages import language_of, pick
from beiji.ui.words import language_word

from ..markdown import as_html
from ..models import Comment
from ..reading import Written, approved_words
from ..rules import TRANSLATED, Block, Kind, rows_of
from ..structured import STRUCTURED
from .typed import TypedText, typed_text


@dataclass(frozen=True)
class Contact:
    """A person of a list of contacts; only the name's place stays when he was erased."""

    name: str
    post: str
    office: str


@dataclass(frozen=True)
class Remark:
    """A comment, and who settled it."""

    id: UUID
    words: TypedText
    who: str
    at: datetime
    settled: str
    old_words: bool


@dataclass(frozen=True)
class BlockView:
    """A block as a page shows it. `tag`: of a heading; `caption`: of a picture or table; `mark`: why it stands in another language than the reader's."""

    id: UUID
    revision: UUID
    kind: str
    body: str
    language: str
    direction: str
    mark: str
    tag: str
    html: Any
    items: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    people: Sequence[Contact]
    caption: str
    who: str
    at: datetime
    remarks: Sequence[Remark] = ()

    @property
    def hint(self) -> str:
        """Its first words, by which a link to it is told from others."""
        return self.body[:40]

    @property
    def open_remarks(self) -> int:
        return len([remark for remark in self.remarks if not remark.settled])


@dataclass(frozen=True)
class Chapter:
    """A line of the outline: a heading of the first or second level."""

    id: UUID
    words: str
    level: int
    language: str
    direction: str
    open_remarks: int = 0


def views_of(
    written: Sequence[Written], *, translate: bool, remarks: Mapping[UUID, Sequence[Remark]] | None = None
) -> list[BlockView]:
    """Blocks for a reader; `translate`: in his language where an approved translation is there. Two queries, none more with more
    blocks."""
    reader = language_of().pack
    wanted = [one.block.hash for one in written if one.block.kind in TRANSLATED and one.block.language != reader]
    translated = approved_words(wanted, reader) if translate and wanted else {}
    ids = [UUID(line) for one in written if one.block.kind == Kind.CONTACTS for line in one.block.body.split()]
    people = people_by_id([*(one.by for one in written), *ids])
    tables = count(1)
    return [
        replace(
            _named(_view(_for_reader(one, translated, reader), people, translate), tables),
            who=name_in(people, one.by),
            remarks=(remarks or {}).get(one.block.id, ()),
        )
        for one in written
    ]


def _named(view: BlockView, tables: Iterator[int]) -> BlockView:
    """A table with a name of its own, for those who hear the page."""
    is_table = view.kind in (Kind.TABLE, Kind.STRUCTURED)
    return replace(view, caption=_("Table {number}").format(number=next(tables))) if is_table else view


@dataclass(frozen=True)
class _Shown:
    """A block with the words that its reader gets."""

    written: Written
    block: Block
    mark: str


def _for_reader(one: Written, translated: Mapping[str, str], reader: str) -> _Shown:
    block = one.block
    if block.hash in translated and block.language != reader:
        return _Shown(one, replace(block, body=translated[block.hash], language=reader), "")
    is_foreign = block.language != reader and block.kind in TRANSLATED and bool(block.body)
    if not is_foreign:
        return _Shown(one, block, "")
    return _Shown(
        one, block, _("original in {language}, not translated").format(language=language_word(block.language))
    )


def _view(shown: _Shown, people: Mapping[UUID, Person], translate: bool) -> BlockView:
    block, language = shown.block, language_of(shown.block.language)
    rows = table_rows(block)
    return BlockView(
        id=block.id, revision=shown.written.revision, kind=block.kind, body=block.body, language=language.pack,
        direction=language.direction, mark=shown.mark if translate else "", tag=f"h{block.level + 1}" if block.level else "",
        html=as_html(block.body) if block.kind == Kind.TEXT else "",
        items=block.body.split("\n") if block.kind == Kind.CHECKLIST and block.body else (),
        heads=rows[0] if rows else (), rows=rows[1:],
        people=[_contact(people.get(UUID(key))) for key in block.body.split()] if block.kind == Kind.CONTACTS else (),
        caption=block.body.partition("\n")[2] if block.kind == Kind.IMAGE else "", who="", at=shown.written.at,
    )  # fmt: skip


def table_rows(block: Block) -> list[Sequence[str]]:
    """The rows of a table or a structured block, heads first."""
    if block.kind == Kind.TABLE:
        return list(rows_of(block.body))
    if block.kind == Kind.STRUCTURED and block.name in STRUCTURED and block.body:
        kind = STRUCTURED[block.name]
        return [kind.heads(), *kind.shown(block.body)]
    return []


def _contact(person: Person | None) -> Contact:
    if person is None or person.erased_at is not None:
        return Contact(_("somebody whose name was erased"), "", "")
    return Contact(name_of(person), pick(person.post), office_of(person))


def chapters_of(views: Iterable[BlockView]) -> list[Chapter]:
    """The outline, with the open comments that stand below each heading."""
    chapters: list[Chapter] = []
    for view in views:
        if view.tag in ("h2", "h3") and view.body:
            level = int(view.tag[1]) - 1
            chapters.append(Chapter(view.id, view.body, level, view.language, view.direction))
        if chapters and view.open_remarks:
            chapters[-1] = replace(chapters[-1], open_remarks=chapters[-1].open_remarks + view.open_remarks)
    return chapters


def remarks_on(comments: Sequence[Comment], written: Sequence[Written]) -> dict[UUID, list[Remark]]:
    """Comments by block; `old_words`: the block says something else now than when it was remarked on."""
    people = people_by_id([key for comment in comments for key in (comment.by, comment.resolved_by)])
    now = {one.block.id: one.revision for one in written}
    by_block: dict[UUID, list[Remark]] = {}
    for comment in comments:
        remark = Remark(
            comment.pk, typed_text(comment.text), name_in(people, comment.by), comment.at,
            name_in(people, comment.resolved_by), now.get(comment.block) != comment.revision_id,
        )  # fmt: skip
        by_block.setdefault(comment.block, []).append(remark)
    return by_block


def kind_words() -> list[tuple[str, str]]:
    """Kinds of blocks that can be added by hand, with their words: "structured:NAME" for a structured one."""
    words = [
        (Kind.TEXT.value, _("Text")), ("heading-1", _("Chapter")), ("heading-2", _("Section")), ("heading-3", _("Heading below")),
        (Kind.CHECKLIST.value, _("Checklist")), (Kind.TABLE.value, _("Table")), (Kind.CONTACTS.value, _("List of contacts")),
        (Kind.IMAGE.value, _("Picture")),
    ]  # fmt: skip
    return [*words, *((f"structured:{name}", str(kind.label)) for name, kind in sorted(STRUCTURED.items()))]
