"""The draft of a document: begun, written block by block, reordered, put away. Nothing that was typed is ever thrown away: every
revision stays, and what was taken out of a draft can be put back.

A draft is on no kept page, so these changes hold the draft's own row and not the city; so somebody who writes waits for nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import uuid6
from django.db.models import F, Max
from django.utils.translation import gettext as _

from beiji.programme.models import City, Person, Subject
from beiji.programme.people import name_of, people_by_id, people_to_choose
from beiji.programme.writing import change, hold_city, hold_row
from beiji.records import audit, operations
from beiji.records.operations import Said
from beiji.records.typed import clean_text

from ..models import Document, DocumentVersion, Draft, DraftBlock, Revision, Wording
from ..reading import block_of, version_under_way, versions_of_document
from ..rules import LANGUAGES, MOST_BLOCKS, Block, BlockFault, Kind, State, cleaned, digest, rows_of, written_out
from ..structured import STRUCTURED
from .errors import DocumentError, Overtaken
from .freezing import freeze

#: How long a block is somebody's after his last sign of life. *Assumption*: a telephone call at the desk.
HELD_FOR = timedelta(minutes=5)


@dataclass(frozen=True)
class NewBlock:
    """A block that is not there yet."""

    kind: str
    body: str = ""
    level: int = 0
    name: str = ""
    language: str = ""


@change
def begin_document(
    *, city: City, owner: str, owner_key: str, subject: Subject | None, language: str, blocks: Sequence[NewBlock],
    by: Person, now: datetime,
) -> Document:  # fmt: skip
    """A document with a draft of these blocks. Raises DocumentError for a block that cannot be kept, or too many."""
    now = hold_city(city, now)
    if language not in LANGUAGES:
        raise DocumentError(_("Say in which language it is written: English, Chinese or Hebrew."), field="language")
    document = Document.objects.create(
        city=city,
        owner=owner,
        owner_key=owner_key,
        subject=subject,
        language=language,
        created_by=by.pk,
        created_at=now,
    )
    draft = Draft.objects.create(city=city, document=document, started_by=by.pk, started_at=now, changed_at=now)
    check_room(0, len(blocks))
    place_all(draft, revise_all(document, blocks, by, now), 0)
    audit.write("documents.document-begun", city=city.pk, by=by.pk, of=document, now=now, blocks=len(blocks))
    return document


@change
def open_draft(*, document: Document, version: DocumentVersion | None, by: Person, now: datetime) -> Draft:
    """Go on writing: a draft that says what a version says, or nothing yet. Raises DocumentError while there is a draft, or a version
    waits for its review or approval."""
    now = hold_city(document.city_id, now)
    if Draft.objects.filter(document=document).exists():
        raise DocumentError(_("A draft is being written already; go on there, or put it away first."))
    if version_under_way(versions_of_document(document)) is not None:
        raise DocumentError(_("A version waits for its review or approval; nobody writes until it is decided upon."))
    draft = Draft.objects.create(
        city=document.city, document=document, base=version, started_by=by.pk, started_at=now, changed_at=now
    )
    if version is not None:
        DraftBlock.objects.bulk_create(
            DraftBlock(city=document.city, draft=draft, block=UUID(block), revision_id=UUID(revision), order=at)
            for at, (block, revision) in enumerate(version.manifest)
        )
    number = version.number if version is not None else 0
    audit.write("documents.draft-opened", city=document.city_id, by=by.pk, of=document, now=now, version=number)
    return draft


@change
def put_away(*, draft: Draft, by: Person, now: datetime) -> DocumentVersion:
    """End a draft without handing it in. It stays as a version, to be read, compared and taken up again."""
    now = hold_city(draft.city_id, now)
    version = freeze(draft, State.PUT_AWAY, by, now)
    audit.write("documents.draft-put-away", city=draft.city_id, by=by.pk, of=version, now=now)
    return version


@change
def save_block(
    *, draft: Draft, said: Said, by: Person, now: datetime, level: int | None = None, sent: UUID | None = None
) -> Revision:
    """Keep what somebody typed into a block: one operation of one tab. The same operation again changes nothing.

    `sent`: the file that came with it, which a picture may show besides those that its block has shown. `said.base`: the revision that the page showed. Raises Overtaken where the block says something else by now or is somebody
    else's; DocumentError for what cannot be kept or a block that was taken out; OperationError for an id that was used otherwise.
    """
    hold_row(draft)
    again = Revision.objects.filter(pk=said.id, document=draft.document_id, written_by=by.pk).first()
    if again is not None:
        return again
    placed = _placed(draft, said.payload.get("block"))
    revision = placed.revision
    _refuse_overtaken(placed, said.base, by, said.device, now)
    typed = clean_text(str(said.payload.get("body", "")))
    block = replace(block_of(revision), level=revision.level if level is None else level)
    if block.kind == Kind.STRUCTURED:
        typed = STRUCTURED[block.name].body(rows_of(typed))
    body = _kept_body(block, typed)
    if block.kind == Kind.IMAGE:
        _refuse_foreign_file(placed, body, sent)
    if block.kind == Kind.CONTACTS:
        _refuse_strangers(revision.words.body.split(), body.split())
    placed.editor, placed.tab, placed.held_until = by.pk, said.device, now + HELD_FOR
    if (body, block.level) == (revision.words.body, revision.level):
        placed.save(update_fields=["editor", "tab", "held_until"])
        return revision
    # The operation is kept with the hash of the words: words of people stand where they can be blanked.
    kept = replace(said, payload={"block": str(placed.block), "hash": digest(block.language, body)})
    operations.keep_all(
        city=draft.city_id, stream=f"document:{draft.document_id}", entries=[(kept, now)], person=by.pk
    )  # fmt: skip
    placed.revision = _revise(draft, replace(block, body=body), by, now, key=said.id)
    placed.save(update_fields=["revision", "editor", "tab", "held_until"])
    Draft.objects.filter(pk=draft.pk).update(changed_at=now)
    return placed.revision


@change
def hold_block(
    *, draft: Draft, block: UUID, tab: str, by: Person, now: datetime, take_over: bool = False
) -> DraftBlock:
    """Say that somebody writes in a block, in one tab of his browser. Raises Overtaken where another one does, unless he takes over."""
    hold_row(draft)
    placed = _placed(draft, block)
    if not take_over:
        _refuse_held(placed, by, tab, now)
    placed.editor, placed.tab, placed.held_until = by.pk, tab, now + HELD_FOR
    placed.save(update_fields=["editor", "tab", "held_until"])
    return placed


@change
def leave_block(*, draft: Draft, block: UUID, tab: str, by: Person, now: datetime) -> None:
    """Say that somebody writes no more; what another one has taken over stays his."""
    hold_row(draft)
    mine = DraftBlock.objects.filter(draft=draft, block=block, editor=by.pk, tab=tab)
    mine.update(editor=None, tab="", held_until=None)


@change
def add_block(*, draft: Draft, new: NewBlock, below: UUID | None, by: Person, now: datetime) -> UUID:
    """A new block below another one, or first. Answers its id. Raises DocumentError for too many, or what cannot be kept."""
    hold_row(draft)
    check_room(draft.blocks.count(), 1)
    place = 0 if below is None else _placed(draft, below).order + 1
    [revision] = revise_all(draft.document, [new], by, now)
    place_all(draft, [revision], place)
    _note(draft, "added", by, now)
    return UUID(str(revision.block))


@change
def move_block(*, draft: Draft, block: UUID, by_places: int, by: Person, now: datetime) -> None:
    """Move a block up (negative) or down; past the ends it stays there."""
    hold_row(draft)
    _placed(draft, block)
    order = list(draft.blocks.order_by("order", "id"))
    at = next(place for place, row in enumerate(order) if row.block == block)
    order.insert(max(0, at + by_places), order.pop(at))
    for place, row in enumerate(order):
        row.order = place
    DraftBlock.objects.bulk_update(order, ("order",), batch_size=500)
    _note(draft, "moved", by, now)


@change
def remove_block(*, draft: Draft, block: UUID, by: Person, now: datetime) -> None:
    """Take a block out of the draft. Raises Overtaken while somebody else writes in it; its revisions stay."""
    hold_row(draft)
    placed = _placed(draft, block)
    _refuse_held(placed, by, placed.tab, now)
    placed.delete()
    _note(draft, "removed", by, now)


@change
def put_back(*, draft: Draft, revision: Revision, by: Person, now: datetime) -> None:
    """Put a block back that was taken out of the draft, as it was then, at the end. Raises DocumentError where it stands there."""
    hold_row(draft)
    if draft.blocks.filter(block=revision.block).exists():
        raise DocumentError(_("This block stands in the draft already."))
    last = draft.blocks.aggregate(last=Max("order"))["last"]
    check_room(draft.blocks.count(), 1)
    place_all(draft, [revision], 0 if last is None else last + 1)
    _note(draft, "put-back", by, now)


def _note(draft: Draft, what: str, by: Person, now: datetime) -> None:
    Draft.objects.filter(pk=draft.pk).update(changed_at=now)
    audit.write("documents.draft-changed", city=draft.city_id, by=by.pk, of=draft.document, now=now, what=what)


def _placed(draft: Draft, block: object) -> DraftBlock:
    """The block in the draft, read after its lock."""
    try:
        key = block if isinstance(block, UUID) else UUID(str(block))
    except ValueError:
        key = None
    row: DraftBlock | None = (
        DraftBlock.objects.filter(draft=draft, block__in=[] if key is None else [key])
        .select_related("revision__words", "draft__document")
        .first()
    )
    if row is None:
        raise DocumentError(_("This block was taken out of the draft meanwhile, or the draft was handed in."))
    return row


def _refuse_overtaken(placed: DraftBlock, base: UUID | None, by: Person, tab: str, now: datetime) -> None:
    _refuse_held(placed, by, tab, now)
    if placed.revision_id == base:
        return
    revision = placed.revision
    writer = name_of(people_by_id([revision.written_by]).get(revision.written_by))
    sentence = _("{name} wrote here meanwhile. Both wordings stand below: keep yours, or theirs.").format(name=writer)
    if revision.written_by == by.pk:
        sentence = _("You wrote here in another window meanwhile. Both wordings stand below: keep one of them.")
    raise Overtaken(sentence, body=_said(revision), revision=revision.pk)


def _said(revision: Revision) -> str:
    """What a block says, as somebody reads it who has typed something else."""
    body = revision.words.body
    return written_out(STRUCTURED[revision.name].rows(body)) if revision.kind == Kind.STRUCTURED else body


def _refuse_held(placed: DraftBlock, by: Person, tab: str, now: datetime) -> None:
    """Raise Overtaken where the block is another one's, or another tab's, and still held."""
    is_free = placed.held_until is None or placed.held_until <= now or (placed.editor, placed.tab) == (by.pk, tab)
    if is_free:
        return
    if placed.editor == by.pk:
        sentence = _("You are writing here in another window. Go on there, or take it over here.")
    else:
        name = name_of(next(iter(people_by_id([placed.editor]).values()), None))
        sentence = _("{name} is writing here. Wait, ask, or take it over.").format(name=name)
    raise Overtaken(sentence, body=_said(placed.revision), revision=placed.revision_id)


def _refuse_foreign_file(placed: DraftBlock, body: str, sent: UUID | None) -> None:
    """Whoever reads a document sees its pictures; so a block shows what was sent into it, and no file that has an id of its own elsewhere."""
    file = body.partition("\n")[0]
    shown = Revision.objects.filter(
        block=placed.block, document=placed.draft.document_id, words__body__startswith=f"{file}\n"
    )
    if file and file != str(sent) and not shown.exists():
        raise DocumentError(_sentence(BlockFault("image")))


def _refuse_strangers(there: Sequence[str], wanted: Sequence[str]) -> None:
    """A list names people whom the form offers; who stands in it already may stay."""
    new = [UUID(key) for key in wanted if key not in there]
    if people_to_choose(city_only=True).filter(pk__in=new).count() < len(new):
        raise DocumentError(_sentence(BlockFault("contact")))


def check_room(there: int, new: int) -> None:
    """Raise DocumentError where a draft would get too many blocks."""
    if there + new > MOST_BLOCKS:
        sentence = _("A document has at most {limit} blocks; put what is alike into one.")
        raise DocumentError(sentence.format(limit=MOST_BLOCKS))


def place_all(draft: Draft, revisions: Sequence[Revision], at: int) -> None:
    """Put blocks into the draft from a place on; those behind move back."""
    draft.blocks.filter(order__gte=at).update(order=F("order") + len(revisions))
    DraftBlock.objects.bulk_create(
        DraftBlock(city_id=draft.city_id, draft=draft, block=revision.block, revision=revision, order=at + place)
        for place, revision in enumerate(revisions)
    )


def _kept_body(block: Block, typed: str) -> str:
    """What is kept of what was typed. Raises DocumentError that says what cannot be."""
    try:
        return cleaned(block.kind, typed, block.level)
    except BlockFault as fault:
        raise DocumentError(_sentence(fault)) from None


def _sentence(fault: BlockFault) -> str:
    words = {
        "long": _("The block has {length} characters; at most {limit} are kept. Make two of it."),
        "level": _("A heading is of the first, second or third level."),
        "table": _("The table has {rows} rows and {columns} columns; at most {most_rows} and {most_columns} are kept."),
        "contact": _("Choose people from the list; only who is in the programme can be a contact."),
        "contacts": _("At most {limit} people stand in one list; make two of it."),
        "image": _("Choose the picture again; it was not sent."),
    }
    return words[fault.code].format(**fault.numbers)


def _words(city: City | str, language: str, body: str) -> Wording:
    """The row that holds these words, made when it is not there."""
    code = city if isinstance(city, str) else city.pk
    row, _is_new = Wording.objects.get_or_create(city_id=code, hash=digest(language, body), defaults={"body": body})
    return row


def _revise(draft: Draft, block: Block, by: Person, now: datetime, *, key: UUID) -> Revision:
    return Revision.objects.create(
        id=key, city_id=draft.city_id, document_id=draft.document_id, block=block.id, kind=block.kind, name=block.name,
        level=block.level, language=block.language, hash=block.hash, words=_words(draft.city_id, block.language, block.body),
        written_by=by.pk, written_at=now,
    )  # fmt: skip


def revise_all(document: Document, blocks: Sequence[NewBlock], by: Person, now: datetime) -> list[Revision]:
    """First revisions of new blocks, in few queries however many they are."""
    made = []
    for new in blocks:
        block = Block(uuid6.uuid7(), new.kind, new.language or document.language, "", new.level, new.name)
        made.append(replace(block, body=_kept_body(block, clean_text(new.body))))
    wanted = {block.hash: block.body for block in made}
    Wording.objects.bulk_create(
        [Wording(city_id=document.city_id, hash=key, body=body) for key, body in wanted.items()],
        ignore_conflicts=True, batch_size=500,
    )  # fmt: skip
    words = {row.hash: row for row in Wording.objects.filter(hash__in=list(wanted))}
    rows = [
        Revision(
            id=uuid6.uuid7(), city_id=document.city_id, document=document, block=block.id, kind=block.kind, name=block.name,
            level=block.level, language=block.language, hash=block.hash, words=words[block.hash], written_by=by.pk, written_at=now,
        )
        for block in made
    ]  # fmt: skip
    return Revision.objects.bulk_create(rows, batch_size=500)
