"""Translations without compiled files in the repository.

Every room keeps flat catalogues, `locale/zh_Hans.po` and `locale/he.po`. At start-up they are merged and compiled into
the data folder, under the hash of their contents, so a warm start only reads and hashes them (about a millisecond).
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

LOCALES = ("zh_Hans", "he")
_PACKAGE = Path(__file__).resolve().parent.parent


class CatalogueError(Exception):
    """Two rooms translate one message differently, or a catalogue cannot be read."""


def catalogue_files(locale: str, package: Path = _PACKAGE) -> list[Path]:
    """The flat catalogues of one locale, room by room."""
    return sorted(package.glob(f"*/locale/{locale}.po"))


def compile_catalogues(data: Path, package: Path = _PACKAGE) -> str:
    """Merge and compile all catalogues below `data`/cache/locale and answer the folder for LOCALE_PATHS.

    Nothing is written when nothing has changed. Raises CatalogueError if a file cannot be read.
    """
    target = Path(data).resolve() / "cache" / "locale" / _fingerprint(package)
    if target.is_dir():
        return str(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        for locale in LOCALES:
            folder = work / locale / "LC_MESSAGES"
            folder.mkdir(parents=True)
            (folder / "django.mo").write_bytes(compiled(catalogue_files(locale, package), locale))
        try:
            os.replace(work, target)
        except OSError:
            if not target.is_dir():  # another process was not faster: a real failure
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _forget_others(target)
    return str(target)


def compiled(files: Iterable[Path], locale: str) -> bytes:
    """One compiled catalogue from several flat ones; fuzzy and empty translations are left out.

    Where rooms differ on a message the first file in order wins; `beiji.ui.messages` reports it.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    merged = Catalog(locale=locale)
    for file in files:
        try:
            with file.open("rb") as handle:
                catalogue = read_po(handle, locale=locale)
        except (ValueError, UnicodeDecodeError) as error:
            raise CatalogueError(f"{file.parent.parent.name}/locale/{file.name} cannot be read: {error}") from error
        for message in catalogue:
            if message.id and message.string and not message.fuzzy and merged.get(message.id, message.context) is None:
                merged.add(message.id, message.string, context=message.context)
    out = io.BytesIO()
    write_mo(out, merged)
    return out.getvalue()


def _fingerprint(package: Path) -> str:
    seen = hashlib.sha256(b"1")
    for locale in LOCALES:
        for file in catalogue_files(locale, package):
            seen.update(f"{file.parent.parent.name}/{file.name}\0".encode())
            seen.update(file.read_bytes())
    return seen.hexdigest()[:16]


def _forget_others(target: Path) -> None:
    """Old compilations go, but the one before stays: a process that still runs on it may not have read it yet."""
    others = sorted(
        (entry for entry in target.parent.iterdir() if entry.is_dir() and entry != target),
        key=lambda e: e.stat().st_mtime,
    )
    for entry in others[:-2]:
        shutil.rmtree(entry, ignore_errors=True)
