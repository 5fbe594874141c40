"""Attachments: looked into, bounded, stripped of where and when they were taken, kept by digest."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from pathlib import Path, PurePath
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from . import audit, papers, pictures
from .models import Attachment
from .refused import ChangeRefused

#: Media types that are taken: ending, first bytes. Nothing else is stored, whatever it is called.
TAKEN: dict[str, tuple[tuple[str, ...], bytes]] = {
    "image/jpeg": ((".jpg", ".jpeg"), b"\xff\xd8\xff"),
    "image/png": ((".png",), b"\x89PNG\r\n\x1a\n"),
    "application/pdf": ((".pdf",), b"%PDF-"),
}


class AttachmentError(ChangeRefused):
    """The file is not taken; the text is one finished, translated sentence."""


def kind_of(name: str, head: bytes) -> str:
    """The media type found in the first bytes. Raises AttachmentError when it is not taken, or when the name says otherwise."""
    ending = PurePath(name).suffix.lower()
    kind_in_head = next((kind for kind, (_endings, magic) in TAKEN.items() if head.startswith(magic)), None)
    if kind_in_head is None:
        if any(ending in endings for endings, _magic in TAKEN.values()):
            raise AttachmentError(
                _("{name} is called {ending} but holds something else; attach the original file.").format(
                    name=name, ending=ending
                )
            )
        raise AttachmentError(
            _("{name} is not a photograph (JPEG, PNG) or a PDF; convert it and attach it again.").format(name=name)
        )
    if ending not in TAKEN[kind_in_head][0]:
        raise AttachmentError(
            _("{name} holds {kind}; give it the ending {ending} and attach it again.").format(
                name=name, kind=kind_in_head, ending=TAKEN[kind_in_head][0][0]
            )
        )
    return kind_in_head


def as_kept(content: bytes, kind: str, name: str) -> bytes:
    """A picture written anew without metadata; a paper as it is. Raises AttachmentError for what is not taken."""
    if kind == "application/pdf":
        _refuse_active(content, name)
        return content
    try:
        return pictures.written_anew(content, kind)
    except pictures.TooManyPixels:
        raise AttachmentError(_("{name} has too many pixels; send it in a smaller size.").format(name=name)) from None
    except Exception:  # what a reader of pictures meets in a damaged or hostile one is of every kind
        raise AttachmentError(
            _("{name} is damaged and cannot be shown; take or send the picture again.").format(name=name)
        ) from None


def _refuse_active(content: bytes, name: str) -> None:
    verdict = papers.look_apart(content)
    if verdict == papers.PAPER:
        return
    if verdict == papers.LOCKED:
        raise AttachmentError(
            _("{name} is locked with a password; save it without one and attach it again.").format(name=name)
        )
    if verdict == papers.UNREADABLE:
        raise AttachmentError(
            _("{name} cannot be read as a PDF; print it to a new PDF and attach that.").format(name=name)
        )
    raise AttachmentError(
        _(
            "{name} is more than paper: it holds a script, an action, a form or an attached file; print it to a new PDF and attach that."
        ).format(name=name)
    )


def path_of(attachment: Attachment) -> Path:
    """Where the file lies."""
    return Path(settings.FILES) / attachment.sha256[:2] / attachment.sha256


#: Files written in the transaction that runs now; None outside of any.
_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


@contextmanager
def taken_whole() -> Iterator[None]:
    """The transaction in which files are added: when it fails, the files that were written for it are gone as well."""
    token = _written.set([])
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for digest in _written.get() or ():
            _discard_unused(digest)
        raise
    finally:
        _written.reset(token)


@contextmanager
def _folder_held() -> Iterator[None]:
    """Nobody else looks whether a file is used, or makes sure that it is there, until this is done."""
    folder = Path(settings.FILES)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(folder / ".lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _discard_unused(digest: str) -> None:
    """Remove a file that no row names: its upload failed. Another city may have sent the same one."""
    with _folder_held(), scopes_disabled():
        if not Attachment.objects.filter(sha256=digest).exists():
            (Path(settings.FILES) / digest[:2] / digest).unlink(missing_ok=True)


def _keep(content: bytes, digest: str) -> None:
    """Write once, whole or not at all: a file with the right name always has the right content."""
    folder = Path(settings.FILES) / digest[:2]
    for place in (folder.parent, folder):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / digest
    if target.exists():
        return
    written = _written.get()
    if written is not None:
        written.append(digest)
    handle, temporary = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _keep_for_good(content: bytes, digest: str) -> None:
    """Once the row is there: the same file may have been discarded meanwhile by somebody whose upload failed."""
    with _folder_held():
        _keep(content, digest)


def add_attachment(*, city: str, upload: UploadedFile, by: UUID, now: datetime) -> Attachment:
    """Take a file: checks size and kind, strips a picture's metadata, keeps it by digest, leaves an audit line.

    Raises AttachmentError with a sentence for the person who sent it; then nothing is stored.
    """
    name = PurePath(upload.name or "").name[:200]
    limit = settings.UPLOAD_LIMIT_BYTES
    if upload.size is None or upload.size > limit:
        raise AttachmentError(
            _("{name} has {size} MB; at most {limit} MB are taken. Send a smaller photograph.").format(
                name=name, size=round((upload.size or 0) / 1e6), limit=limit // (1024 * 1024)
            )
        )
    upload.seek(0)  # a change that the database ended runs again, with the same upload
    content = upload.read()
    kind = kind_of(name, content[:16])
    content = as_kept(content, kind, name)
    digest = hashlib.sha256(content).hexdigest()
    with nullcontext() if _written.get() is not None else taken_whole():
        _keep(content, digest)
        transaction.on_commit(partial(_keep_for_good, content, digest))
        attachment = Attachment.objects.create(
            city=city, sha256=digest, kind=kind, size=len(content), name=name, added_by=by, added_at=now
        )
        audit.write("records.attachment-added", city=city, by=by, of=attachment, now=now, media_type=kind)
    return attachment
