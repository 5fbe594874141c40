"""The draft in words: its blocks, who writes where, the one block that is open, what can be put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from django.utils.translation import gettext as _

from beiji.programme.people import name_in, people_by_id
from beiji.ui import formats

from ..models import Document, Draft
from ..reading import (
    Hold,
    Written,
    blocks_of_draft,
    blocks_of_version,
    comments_on,
    holds_of,
    outdated_translations,
    taken_out,
)
from ..rules import Block, Kind, compare, rows_of
from ..structured import STRUCTURED
from .blocks import BlockView, Chapter, chapters_of, remarks_on, views_of
from .document import draft_sentence

#: Empty rows and columns that a table offers beyond its own, so that it grows without script too.
SPARE = 1


@dataclass(frozen=True)
class Open:
    """The block that somebody writes in: its fields, what it was when the page was made, and why it was not kept."""

    id: UUID
    kind: str
    shape: str
    level: int
    body: str
    heads: Sequence[str]
    cells: Sequence[Sequence[str]]
    contacts: Sequence[tuple[str, str]]
    language: str
    direction: str
    base: UUID
    operation: UUID
    error: str
    theirs: str
    picture: str


@dataclass(frozen=True)
class DraftPage:
    """A draft as it is written in."""

    sub: str
    blocks: Sequence[BlockView]
    chapters: Sequence[Chapter]
    holds: Mapping[UUID, str]
    open: Open | None
    remark: UUID | None
    taken_out: Sequence[BlockView]
    open_remarks: int
    below: UUID | None


def draft_page(
    document: Document, draft: Draft, now: datetime, *, edit: UUID | None = None, remark: UUID | None = None,
    typed: Typed | None = None,
) -> DraftPage:  # fmt: skip
    """The draft with at most one block open; `typed`: what could not be kept of it."""
    written = blocks_of_draft(draft)
    remarks = remarks_on(comments_on(document), written)
    views = views_of(written, translate=False, remarks=remarks)
    holds = holds_of(draft, now)
    names = people_by_id(hold.by for hold in holds.values())
    base = [one.block for one in blocks_of_version(draft.base)] if draft.base is not None else []
    blocks = [one.block for one in written]
    changed = len(compare(base, blocks)) if draft.base is not None else 0
    wanted = next((one for one in written if one.block.id == edit), None)
    return DraftPage(
        sub=draft_sentence(draft, changed, outdated_translations(blocks)),
        blocks=views, chapters=chapters_of(views),
        holds={key: _held_words(hold, name_in(names, hold.by)) for key, hold in holds.items() if key != edit},
        open=_open(wanted, typed) if wanted else None,
        remark=remark,
        taken_out=views_of(taken_out(draft), translate=False),
        open_remarks=sum(view.open_remarks for view in views) + _on_gone(remarks, blocks),
        below=wanted.block.id if wanted else blocks[-1].id if blocks else None,
    )  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """What was typed and not kept, why, and what the block says now where somebody else wrote."""

    body: str
    error: str
    theirs: str = ""
    base: UUID | None = None


def _on_gone(remarks: Mapping[UUID, Sequence[Any]], blocks: Sequence[Block]) -> int:
    """Open comments on blocks that are not in the draft any more."""
    there = {block.id for block in blocks}
    return sum(not remark.settled for key, some in remarks.items() if key not in there for remark in some)


def _held_words(hold: Hold, name: str) -> str:
    until = formats.time_text(hold.until)
    return _("{name} is writing here, until {time} at least").format(name=formats.isolate(name, "auto"), time=until)


def _open(one: Written, typed: Typed | None) -> Open:
    from_form = typed.body if typed else None
    block, shape = one.block, "text"
    body = block.body if from_form is None else from_form
    heads: Sequence[str] = ()
    cells: list[list[str]] = []
    if block.kind == Kind.TABLE:
        shape, rows = "grid", rows_of(body)
        width = max(2, len(rows[0]) if rows else 0) + SPARE
        cells = [[*row, *[""] * (width - len(row))] for row in [*rows, *[[""] * width] * (SPARE + (0 if rows else 2))]]
    elif block.kind == Kind.STRUCTURED:
        kind = STRUCTURED[block.name]
        shape, heads = "grid", list(kind.heads())[1:]
        filled = [list(row) for row in (kind.rows(block.body) if from_form is None else rows_of(from_form))]
        cells = [*filled, *[[""] * len(heads)] * (SPARE + (0 if filled else 2))]
    elif block.kind == Kind.HEADING:
        shape = "line"
    elif block.kind in (Kind.CONTACTS, Kind.IMAGE):
        shape = block.kind
    contacts = people_by_id(UUID(key) for key in block.body.split()) if block.kind == Kind.CONTACTS else {}
    file, _line, caption = body.partition("\n") if block.kind == Kind.IMAGE else ("", "", body)
    direction = "rtl" if block.language == "he" else "ltr"
    return Open(
        block.id, block.kind, shape, block.level, caption if block.kind == Kind.IMAGE else body, heads, cells,
        [(str(key), name_in(contacts, key)) for key in (UUID(k) for k in block.body.split())] if contacts else [],
        block.language, direction, (typed.base if typed and typed.base else one.revision), uuid6.uuid7(), typed.error if typed else "", typed.theirs if typed else "", file,
    )  # fmt: skip
