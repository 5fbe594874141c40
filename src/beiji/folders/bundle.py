"""What a bundle for an inspection holds: a table of contents and, in a folder for each clause, the files that answer it.

It is written into a file on disk, one kept file at a time, so that a bundle of some hundred megabytes needs little memory.
"""

from __future__ import annotations

import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from django.utils.translation import gettext as _

from beiji.records.kept import NotAsKept, content_of
from beiji.records.models import Attachment
from beiji.records.refused import ChangeRefused
from beiji.ui import formats

#: Bytes that one bundle may hold. *Assumption*: what a memory stick and a meeting room's computer take without a second thought.
MOST_BYTES = 500_000_000
#: Signs of a name: 60 Chinese signs are 180 bytes, and file systems take 255.
LONGEST_NAME = 60
#: What some system does not take in a file's name.
FORBIDDEN = '<>:"/\\|?*'


class BundleError(ChangeRefused):
    """The bundle is not made; the text is one finished, translated sentence."""


@dataclass(frozen=True)
class Entry:
    """A file of the bundle, and the name under which it lies there."""

    path: str
    attachment: Attachment


def safe_name(text: str) -> str:
    """A name that Windows, macOS and Linux take: no separators, controls or signs that turn the reading direction, no dot or
    blank at either end, never too long. Chinese and Hebrew stay."""
    plain = unicodedata.normalize("NFC", text)
    kept = "".join(" " if sign in FORBIDDEN or not sign.isprintable() else sign for sign in plain)
    return " ".join(kept.split())[:LONGEST_NAME].strip(" .")


def folder_name(place: int, number: str, body: str, of: int = 1) -> str:
    """A clause's folder: its place among `of` keeps the order, also where names are sorted by their signs, and tells two of one
    name apart."""
    return f"{_place(place, of, 3)} {safe_name(' '.join(part for part in (number, body) if part))}".strip()


def file_name(place: int, title: str, original: str, of: int = 1) -> str:
    """A file in it: its place, what it is, and the ending of the file that was sent."""
    return f"{_place(place, of, 2)} {safe_name(title)}".strip() + PurePath(original).suffix.lower()


def _place(place: int, of: int, digits: int) -> str:
    return str(place).zfill(max(digits, len(str(of))))


def check_size(entries: Iterable[Entry]) -> None:
    """Raise BundleError for more than a bundle may hold; nothing has been read yet."""
    size = sum(entry.attachment.size for entry in entries)
    if size > MOST_BYTES:
        sentence = _(
            "The bundle would have {size} MB; at most {most} MB are handed out. Take it edition by edition, or untie large files."
        )
        raise BundleError(
            sentence.format(
                size=formats.number_text(size // 1_000_000), most=formats.number_text(MOST_BYTES // 1_000_000)
            )
        )


def packed(entries: Sequence[Entry]) -> IO[Any]:
    """The files in an archive, in a temporary file that is gone once it is closed. Raises BundleError, also for a file that is gone
    or was changed."""
    check_size(entries)
    handle = tempfile.TemporaryFile()  # noqa: SIM115 - whoever hands it out closes it
    try:
        with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry in entries:
                # pictures and PDFs are packed already
                archive.writestr(entry.path, content_of(entry.attachment), zipfile.ZIP_STORED)
    except NotAsKept as fault:
        handle.close()
        raise BundleError(str(fault)) from None
    except BaseException:
        handle.close()
        raise
    return handle


def with_contents(handle: IO[Any], name: str, content: bytes) -> IO[Any]:
    """The archive with its table of contents, which names the number under which it leaves: known only once the files are packed."""
    with zipfile.ZipFile(handle, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        archive.filelist.insert(0, archive.filelist.pop())  # listed first, wherever it lies
    handle.seek(0)
    return handle
