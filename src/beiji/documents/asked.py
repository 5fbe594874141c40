"""What addresses and forms of documents ask for, read once: keys, kinds of new blocks, sides of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from beiji.programme.models import Person
from beiji.records.models import Attachment
from beiji.records.typed import as_uuid

from . import access, reading
from .models import Document, DocumentVersion, Draft, Revision
from .pages.document import DRAFT, address
from .pages.standing import draft_words, version_words
from .reading import VersionLine, Written
from .rules import Act, Kind, State
from .structured import STRUCTURED


@dataclass(frozen=True)
class Side:
    """One of two that are compared."""

    key: str
    name: str
    href: str
    written: Sequence[Written]


def key_in(value: Any) -> UUID | None:
    """A key that an address or a form names; None where it is none."""
    return as_uuid(value)


def level_in(value: Any) -> int | None:
    """The level of a heading as a form names it."""
    return int(value) if value in ("1", "2", "3") else None


def sequence(now: datetime) -> int:
    """The number of an operation that a form makes: forms have no counter of their own, instants rise."""
    return int(now.timestamp() * 1_000_000)


def new_block(kind: str) -> dict[str, Any] | None:
    """What a form asks to add: a kind, "heading-2" with its level, "structured:NAME"; None for anything else."""
    base, _colon, name = kind.partition(":")
    if base == Kind.STRUCTURED:
        return {"kind": base, "name": name} if name in STRUCTURED else None
    base, _dash, level = kind.partition("-")
    if base == Kind.HEADING:
        number = level_in(level)
        return None if number is None else {"kind": base, "level": number}
    return {"kind": kind} if kind in set(Kind) - {Kind.STRUCTURED, Kind.HEADING} else None


def draft_or_404(person: Person, key: UUID, act: Act = Act.EDIT) -> tuple[Document, Draft]:
    """The document and its draft for an act that is the person's."""
    document = access.document_or_404(person, key, act)
    draft = reading.draft_of(document)
    if draft is None:
        raise Http404("no draft")
    return document, draft


def sees_draft(person: Person, document: Document) -> bool:
    """Is there a draft, and may the person read it?"""
    return access.may(person, document, Act.READ_DRAFT) and reading.draft_of(document) is not None


def lines_shown(person: Person, document: Document, lines: Sequence[VersionLine]) -> list[VersionLine]:
    """Versions that the person may know of: all for whoever reads drafts, else those that are or were in force."""
    if access.may(person, document, Act.READ_DRAFT):
        return list(lines)
    return [line for line in lines if line.into(State.APPROVED)]


def sides(
    person: Person, document: Document, lines: Sequence[VersionLine], old: str, new: str
) -> tuple[str, str]:  # fmt: skip
    """What is compared: as the address says, else the newest that there is with what it goes on from."""
    if not new:
        new = DRAFT if sees_draft(person, document) else str(lines[0].row.number) if lines else ""
    if not old:
        in_force = reading.version_in_force(lines)
        old = str((in_force or lines[-1]).row.number) if lines else new
    return old, new


def side_or_404(person: Person, document: Document, key: str) -> Side:
    """A version by its number, or the draft."""
    if key == DRAFT:
        draft = reading.draft_of(document) if access.may(person, document, Act.READ_DRAFT) else None
        if draft is None:
            raise Http404("no draft")
        return Side(key, draft_words(), address(document, "draft"), reading.blocks_of_draft(draft))
    if not (key.isascii() and key.isdigit() and len(key) < 7):
        raise Http404("no such version")
    version = access.version_or_404(person, document, int(key))
    href = address(document, "version", number=version.number)
    return Side(key, version_words(version.number), href, reading.blocks_of_version(version))


def picture_or_404(person: Person, document: Document, key: UUID) -> Attachment:
    """The picture that a revision of the document shows; one that is only in drafts, to whoever reads those."""
    revision: Revision = access.revision_or_404(document, key)
    file = as_uuid(revision.words.body.partition("\n")[0])
    may_see = access.may(person, document, Act.READ_DRAFT) or reading.is_in_a_version(document, key)
    picture = (
        Attachment.objects.filter(pk__in=[] if file is None else [file]).first()
        if may_see and revision.kind == Kind.IMAGE
        else None
    )
    if picture is None:
        raise Http404("no such picture")
    return picture


def page_of(document: Document, number: Any) -> str:
    """The page from which a comment was made: a version's by its number, else the draft."""
    text = str(number or "")
    is_number = text.isascii() and text.isdigit() and len(text) < 7
    return address(document, "version", number=int(text)) if is_number else address(document, "draft")


def version_in(person: Person, document: Document, number: Any) -> DocumentVersion | None:
    """The version from which a draft is to go on; none where a form names none."""
    text = str(number or "")
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return None
    return access.version_or_404(person, document, int(text))
