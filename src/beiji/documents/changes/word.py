"""A Word file is brought into a draft: its chapters become blocks, its comments comments, and what became of the rest stays to be read."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from beiji.programme.models import Person
from beiji.programme.writing import change, hold_city, hold_row
from beiji.records import audit, files, pictures
from beiji.ui.languages import LANGUAGES

from ..models import Document, Draft, DraftBlock, Revision, WordFile
from ..rules import LONGEST, Kind
from ..word import Brought, Part, Told, WordFault, opened, read
from .comments import add_comment
from .drafts import NewBlock, check_room, place_all, revise_all
from .errors import DocumentError

log = logging.getLogger(__name__)
#: Comments of a file that become comments of the draft (assumption: nobody settles more one by one).
MOST_COMMENTS = 300
#: Formats of pictures that are written anew as PNG; others that Word knows have no pixels.
DRAWN_ANEW = ("GIF", "BMP", "TIFF", "WEBP")
#: Pixels of the longer side of a picture from a file (assumption: the width of A4 at some 240 dots per inch).
LONGEST_SIDE = 2_000


def read_word(content: bytes) -> Brought:
    """What a file holds, its pictures no larger than they are kept; all that takes time is done here, before anything is held.

    Raises DocumentError with a sentence for the person who sent it."""
    try:
        brought = read(opened(content))
        for part in brought.parts:
            if part.picture is not None:
                part.picture = (_drawn_anew(part.picture[0]), part.picture[1])
        return brought
    except WordFault as fault:
        raise DocumentError(_sentence(fault.code), field="file") from None
    except Exception:  # a file may say of itself what no file of Word says; a fault of ours is in the log
        log.exception("a Word file could not be read")
        raise DocumentError(_sentence("unreadable"), field="file") from None


def _sentence(code: str) -> str:
    return {
        "locked": _("The file is locked with a password, or was saved by an old Word (.doc). Save it as .docx without a password."),
        "macros": _("The file carries macros, which are small programs. Save it as .docx, not .docm, and bring it again."),
        "large": _("The file unfolds to more than can be read. Make its pictures smaller, or bring it in parts."),
        "entities": _("The file holds definitions that no word processor writes. Open it in Word, save it anew as .docx, and bring that."),
        "unreadable": _("This is no Word file that can be read. Open it in Word, save it as .docx, and bring that."),
    }[code]  # fmt: skip


@change
def bring_word(
    *, draft: Draft, name: str, content: bytes, brought: Brought, instead: bool, by: Person, now: datetime
) -> WordFile:
    """Put what `read_word` found at the end of the draft, or in place of what stands there (`instead`).

    Raises DocumentError where nothing was found, for too many blocks, and while somebody else writes in a block that would go.
    """
    now = hold_city(draft.city_id, now)
    hold_row(draft)
    if not Draft.objects.filter(pk=draft.pk).exists():
        raise DocumentError(_("The draft was handed in or put away meanwhile."))
    if not brought.parts:
        raise DocumentError(_("The file holds no words and no pictures."), field="file")
    standing = list(draft.blocks.order_by("order", "id"))
    check_room(0 if instead else len(standing), len(brought.parts))
    if instead:
        _refuse_writers(standing, by, now)
        draft.blocks.all().delete()
    with files.taken_whole():
        bodies, left = _pictures(draft, brought.parts, by, now)
        made = [(part, body) for part, body in zip(brought.parts, bodies, strict=True) if body is not None]
        new = [NewBlock(part.kind, body or part.body, level=part.level) for part, body in made]
        revisions = revise_all(draft.document, new, by, now)
        last = draft.blocks.aggregate(last=Max("order"))["last"]
        place_all(draft, revisions, 0 if last is None else last + 1)
        row = WordFile.objects.create(
            city_id=draft.city_id, document_id=draft.document_id, draft=draft.pk, name=PurePath(name).name[:200],
            digest=hashlib.sha256(content).hexdigest(), blocks=[str(revision.block) for revision in revisions],
            replaced=[[str(one.block), str(one.revision_id)] for one in standing] if instead else [],
            told=[asdict(one) for one in (*brought.told, *left)], brought_by=by.pk, brought_at=now,
        )  # fmt: skip
    _remark(draft.document, [part for part, _body in made], revisions, by, now)
    Draft.objects.filter(pk=draft.pk).update(changed_at=now)
    audit.write("documents.word-brought", city=draft.city_id, by=by.pk, of=row, now=now, blocks=len(revisions))
    return row


@change
def take_word_back(*, draft: Draft, word: WordFile, by: Person, now: datetime) -> None:
    """Take the blocks of a file out of the draft again; what they replaced comes back as it was.

    Raises DocumentError where that was done already, and while somebody else writes in one of them.
    """
    now = hold_city(draft.city_id, now)
    hold_row(draft)
    if WordFile.objects.filter(pk=word.pk, draft=draft.pk, taken_back_at=None).update(taken_back_at=now) != 1:
        raise DocumentError(_("Its blocks were taken out of the draft already, or the draft was handed in."))
    rows = draft.blocks.filter(block__in=word.blocks)
    _refuse_writers(list(rows), by, now)
    rows.delete()
    there = set(draft.blocks.values_list("block", flat=True))
    back = [(UUID(block), UUID(revision)) for block, revision in word.replaced if UUID(block) not in there]
    draft_blocks = draft.blocks.order_by("order", "id")
    for at, row in enumerate(draft_blocks):
        DraftBlock.objects.filter(pk=row.pk).update(order=len(back) + at)
    DraftBlock.objects.bulk_create(
        DraftBlock(city_id=draft.city_id, draft=draft, block=block, revision_id=revision, order=at)
        for at, (block, revision) in enumerate(back)
    )
    Draft.objects.filter(pk=draft.pk).update(changed_at=now)
    audit.write("documents.word-taken-back", city=draft.city_id, by=by.pk, of=word, now=now)


def _refuse_writers(rows: Sequence[DraftBlock], by: Person, now: datetime) -> None:
    if any(row.held_until and row.held_until > now and row.editor != by.pk for row in rows):
        raise DocumentError(_("Somebody is writing in the draft now. Ask, or wait until he has finished."))


def _pictures(draft: Draft, parts: Sequence[Part], by: Person, now: datetime) -> tuple[list[str | None], list[Told]]:
    """For each part: the body of a block with a picture, "" for words, None for a picture that is not taken; and what to tell of them."""
    bodies: list[str | None] = []
    taken, left = Told("pictures"), Told("pictures-left")
    chapter = ""
    for part in parts:
        chapter = part.body[:80] if part.kind == Kind.HEADING else chapter
        if part.picture is None:
            bodies.append("")
            continue
        body = _picture(draft, *part.picture, by, now)
        told = taken if body else left
        told.count += 1
        if chapter not in told.places:
            told.places.append(chapter)
        bodies.append(body)
    return bodies, [told for told in (taken, left) if told.count]


def _picture(draft: Draft, content: bytes, name: str, by: Person, now: datetime) -> str | None:
    """The picture through the house's one way of taking files; None where it is not taken there."""
    ending = ".jpg" if content.startswith(b"\xff\xd8\xff") else ".png"
    upload = SimpleUploadedFile(PurePath(name).stem + ending, content)
    try:
        attachment = files.add_attachment(city=draft.city_id, upload=upload, by=by.pk, now=now)
    except files.AttachmentError:
        return None
    return f"{attachment.pk}\n"


def _drawn_anew(content: bytes) -> bytes:
    """A picture as the house takes it, no larger than a page shows: a JPEG stays one, all else becomes PNG. Nothing where it is none, or
    too large."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", *DRAWN_ANEW)) as picture:
            if picture.width * picture.height > pictures.LARGEST_WHOLE:
                return b""
            kind = "JPEG" if picture.format == "JPEG" else "PNG"
            if picture.format == kind and max(picture.size) <= LONGEST_SIDE:
                return content
            turned = ImageOps.exif_transpose(picture)
            turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            made = io.BytesIO()
            turned.convert("RGB").save(made, kind, quality=pictures.QUALITY)
    except Exception:  # what a reader of pictures meets in a damaged or hostile one is of every kind
        return b""
    return made.getvalue()


def _remark(
    document: Document, parts: Sequence[Part], revisions: Sequence[Revision], by: Person, now: datetime
) -> None:
    """What Word had beside the words, as comments of the draft, which somebody settles before it is handed in."""
    code = next(one.code for one in LANGUAGES if one.pack == document.language)
    pairs = [(revision, remark) for part, revision in zip(parts, revisions, strict=True) for remark in part.remarks]
    for revision, (kind, who, words) in pairs[:MOST_COMMENTS]:
        with translation.override(code):
            said = (
                _("Struck out in the Word file: {words}") if kind == "struck" else _("{who}, in the Word file: {words}")
            )
            who = who or _("Somebody")
        body = said.format(who=who, words=words)
        for start in range(0, len(body), LONGEST):
            add_comment(
                document=document, revision=revision, body=body[start : start + LONGEST], language=document.language, by=by, now=now
            )  # fmt: skip
