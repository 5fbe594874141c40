"""Whether a file is a Word document that may be read: no program, no password, no entities, nothing that unfolds without end."""

from __future__ import annotations

import io
import zipfile
from typing import Any

#: Bytes that a file may unfold to, its pictures included, and bytes of one part of text (assumptions: 300 pages of text have 3 million).
MOST_UNFOLDED = 100_000_000
MOST_IN_A_PART = 15_000_000
#: Parts of a file (assumption: a document with 300 pictures has some 330).
MOST_PARTS = 3_000

OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class WordFault(ValueError):
    """The file is not read. `code`: `locked`, `macros`, `large`, `entities` or `unreadable`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def opened(content: bytes) -> Any:
    """The file as python-docx knows it. Raises WordFault."""
    if content.startswith(OLD_OR_LOCKED):
        raise WordFault("locked")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _look_into(archive)
        return _document(content)
    except WordFault:
        raise
    except Exception:  # whatever a file that only calls itself a document makes the libraries raise
        raise WordFault("unreadable") from None


def _look_into(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNFOLDED:
        raise WordFault("large")
    if any(entry.flag_bits & 1 for entry in entries):
        raise WordFault("locked")
    names = {entry.filename.lower() for entry in entries}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise WordFault("macros")
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            _look_at(entry, archive)


def _look_at(entry: zipfile.ZipInfo, archive: zipfile.ZipFile) -> None:
    """One part of text: its size as it unfolds (what the list of contents says of it may be a lie), no entities, no macros."""
    with archive.open(entry) as part:
        text = part.read(MOST_IN_A_PART + 1)
    if len(text) > MOST_IN_A_PART:
        raise WordFault("large")
    plain = text.replace(b"\0", b"").upper()  # also where it is written two bytes to a sign
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise WordFault("entities")
    if entry.filename == "[Content_Types].xml" and b"MACROENABLED" in plain:
        raise WordFault("macros")


def _document(content: bytes) -> Any:
    from docx import Document as open_document

    document = open_document(io.BytesIO(content))
    if document.element.body is None:
        raise WordFault("unreadable")
    return document
