"""Files of a hospital's library: added once, tied to items, looked at, taken out. None of this writes a row of the ledger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from beiji.documents import changes as documents
from beiji.programme.access import today_in
from beiji.programme.models import Person, Subject
from beiji.programme.versions import next_version
from beiji.programme.writing import change, hold_city
from beiji.records import audit, files
from beiji.records.models import Attachment
from beiji.ui.listing import folded

from ..models import FileItem, LibraryFile, Mark
from ..rules import end_of
from ..validity import ends_by_item, questions_of
from .errors import FoldersError


@change
def add_file(
    *, subject: Subject, title: str, language: str, kind: str, day: date, by: Person, now: datetime,
    upload: UploadedFile[Any] | None = None, attachment: Attachment | None = None, until: date | None = None,
    personal: bool = False, items: Collection[str] = (),
) -> LibraryFile:  # fmt: skip
    """Put a file into a hospital's library: one that is uploaded, or one (`attachment`) that came in with something else
    and is not stored again. `items`: codes of what it shows.

    Raises AttachmentError for a file that is not taken, FoldersError for one that the library has, for days that cannot
    be and for items that are not asked; then nothing is kept.
    """
    with files.taken_whole():
        if attachment is None:
            if upload is None:
                raise FoldersError(_("No file was sent; choose a photograph or a PDF."), field="upload")
            attachment = files.add_attachment(city=subject.city_id, upload=upload, by=by.pk, now=now)
        now = hold_city(subject.city_id, now)
        _check_days(subject, day, until, now)
        same = LibraryFile.objects.filter(subject=subject, sha256=attachment.sha256, ended_at__isnull=True).first()
        if same is not None:
            sentence = _("This very file is in the library already, as “{title}”. Tie it to further items there.")
            raise FoldersError(sentence.format(title=same.title))
        row = LibraryFile.objects.create(
            city=subject.city, subject=subject, attachment=attachment, sha256=attachment.sha256, title=title,
            language=language, kind=kind, day=day, given_until=until, until=until, personal=personal,
            search_text=_search_text(title, attachment), added_by=by.pk, added_at=now,
        )  # fmt: skip
        audit.write("folders.file-added", city=subject.city_id, by=by.pk, of=row, now=now)
        if items:
            tie_items(file=row, on=items, off=(), by=by, now=now)
    return row


@change
def change_file(
    *, file: LibraryFile, title: str, language: str, kind: str, day: date, until: date | None, personal: bool, by: Person,
    now: datetime, seen: int | None = None,
) -> None:  # fmt: skip
    """Correct what is said of a file; the file itself never changes. Marks that were put on it speak of what it said before.

    `seen`: the version that the page showed; raises Outdated when somebody else has changed it since, FoldersError for
    days that cannot be and for a file that was taken out.
    """
    now = hold_city(file.city_id, now)
    _still_there(file)
    _check_days(file.subject, day, until, now)
    said = {"title": title, "language": language, "kind": kind, "day": day, "given_until": until, "personal": personal}
    if all(getattr(file, name) == value for name, value in said.items()):
        return
    next_version(file, seen)
    for name, value in said.items():
        setattr(file, name, value)
    file.search_text = _search_text(title, file.attachment)
    file.save(update_fields=[*said, "search_text"])
    _set_end(file, now)
    audit.write("folders.file-changed", city=file.city_id, by=by.pk, of=file, now=now)


@change
def tie_items(
    *, file: LibraryFile, on: Collection[str], off: Collection[str], by: Person, now: datetime
) -> tuple[int, int]:
    """Say of which items a file shows something, and of which not any more. Answers how many were tied and untied.

    No standing moves: a document is at most *stated*, and only a row of the ledger says even that. Raises FoldersError for
    an item that the hospital is not asked.
    """
    now = hold_city(file.city_id, now)
    _still_there(file)
    standing = {tie.item: tie for tie in file.items.filter(ended_at__isnull=True)}
    new = sorted(set(on) - set(standing))
    asked = questions_of(file.subject, today_in(file.city, now), now) if new else {}
    for item in new:
        if item not in asked:
            raise FoldersError(_("{item} is no item that this hospital is asked.").format(item=item))
    FileItem.objects.bulk_create(FileItem(city_id=file.city_id, file=file, item=item, by=by.pk, at=now) for item in new)
    gone = [tie.pk for item, tie in standing.items() if item in set(off) - set(on)]
    if gone:
        FileItem.objects.filter(pk__in=gone, ended_at__isnull=True).update(ended_at=now, ended_by=by.pk)
    if new or gone:
        _set_end(file, now)
        audit.write("folders.file-tied", city=file.city_id, by=by.pk, of=file, now=now, tied=len(new), untied=len(gone))
    return len(new), len(gone)


@change
def mark_file(
    *, file: LibraryFile, word: str, by: Person, now: datetime, reason: str = "", language: str = "",
    version: int | None = None,
) -> Mark:  # fmt: skip
    """Put down that somebody has looked at a file. `version`: the one that his page showed. Raises FoldersError where what is
    said of it was changed since, where it is not accepted without a reason, or judged by whoever added it; TextError for the
    words of the reason."""
    now = hold_city(file.city_id, now)
    _still_there(file)
    if version is not None and version != file.version:
        raise FoldersError(
            _("What is said of this file was changed while you looked at it. Read it again, then put your mark.")
        )
    is_judged = word != Mark.Word.READ
    if is_judged and file.added_by == by.pk:
        raise FoldersError(_("You added this file yourself; somebody else checks it."))
    text = None
    if word == Mark.Word.REFUSED:
        if not reason.strip():
            raise FoldersError(_("Say why it is not accepted, so that it can be mended."), field="reason")
        where = f"/{file.city_id}/files/{file.subject.code}/{file.pk}/"
        text = documents.write_text(
            city=file.city, kind="file-mark", language=language, body=reason, by=by, now=now, where=where
        )
    office = by.organisation.code if by.organisation is not None else ""
    mark = Mark.objects.create(
        city_id=file.city_id, file=file, word=word, version=file.version, reason=text, office=office, by=by.pk, at=now
    )
    audit.write("folders.file-marked", city=file.city_id, by=by.pk, of=file, now=now, word=word)
    return mark


@change
def end_file(*, file: LibraryFile, by: Person, now: datetime) -> None:
    """Take a file out of the library; rows and visits that hold the same file keep it. Raises FoldersError the second time."""
    now = hold_city(file.city_id, now)
    hit = LibraryFile.objects.filter(pk=file.pk, ended_at__isnull=True).update(ended_at=now, ended_by=by.pk)
    if hit != 1:
        raise FoldersError(_("This file was taken out meanwhile."))
    audit.write("folders.file-ended", city=file.city_id, by=by.pk, of=file, now=now)


def _still_there(file: LibraryFile) -> None:
    file.refresh_from_db()
    if file.ended_at is not None:
        raise FoldersError(_("This file was taken out meanwhile."))


def _check_days(subject: Subject, day: date, until: date | None, now: datetime) -> None:
    if day > today_in(subject.city, now):
        raise FoldersError(_("A file speaks of a day that has been; choose today or an earlier one."), field="day")
    if until is not None and until <= day:
        raise FoldersError(_("It would end before it began; choose a later day."), field="until")


def _set_end(file: LibraryFile, now: datetime) -> None:
    """The end that follows from what the uploader said and from the items that it shows."""
    items = file.items.filter(ended_at__isnull=True).values_list("item", flat=True)
    ends = ends_by_item(file.subject, items, file.day, today_in(file.city, now), now)
    file.until, file.until_item = end_of(file.given_until, ends)
    file.save(update_fields=["until", "until_item"])


def _search_text(title: str, attachment: Attachment) -> str:
    return folded(f"{title} {attachment.name}")
