"""`beiji backup`: everything of one instant in one file, written under another name and put in place when it is whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection

from beiji import __version__
from beiji.output import CommandError
from beiji.records import audit, options, revocations

from . import envelope, postgresql, sqlite
from .envelope import Member
from .manifest import Facts, Key, Manifest

Say = Callable[[str], None]
PART = ".beiji-"
NAMES = re.compile(r"beiji-\d{8}T\d{6}Z(?:-\d+)?\.backup(?:\.age)?")
#: Seconds after which a file that a killed backup left is nobody's any more.
STALE_S = 86400.0


@dataclass(frozen=True)
class Made:
    """A backup that stands whole in its place."""

    file: Path
    size: int
    sha256: str
    manifest: Manifest


def store() -> sqlite.Store | postgresql.Store:
    """What takes the database out and puts it in."""
    return postgresql.Store() if connection.vendor == "postgresql" else sqlite.Store()


def make(folder: Path, work: Path, recipients: list[Any], *, say: Say) -> Made:
    """Write a backup into `folder`. Raises CommandError with one sentence; then nothing is left there.

    `work` is a private folder on the disk of the data.
    """
    now = datetime.now(UTC)
    database = store()
    if database.is_empty():
        raise CommandError("there is nothing to back up: the database holds no Beiji yet; run beiji init.")
    with _sentences(folder):
        say("copying the database …")
        dump = work / envelope.DATABASE
        facts, raw = database.dump(work, dump)
        files, missing = _files(facts)
        key = _secret_key() if recipients else b""
        manifest = Manifest(
            made_at=now, version=__version__, database=database.vendor, server=database.server,
            database_sha256=envelope.digest_of(dump), database_bytes=dump.stat().st_size, raw_bytes=raw,
            facts=replace(facts, files={digest: facts.files[digest] for digest in files}), keys=_keys(key),
            missing_files=tuple(missing),
        )  # fmt: skip
        say(f"writing {manifest.rows} rows and {len(files)} files …")
        members = [Member(envelope.DATABASE, dump), *([Member(envelope.SECRET_KEY, key)] if key else [])]
        members += [Member(f"files/{digest[:2]}/{digest}", place) for digest, place in files.items()]
        made = _write(folder, manifest, members, recipients)
        dump.unlink()
        copy_revocations(folder)
    return made


def _write(folder: Path, manifest: Manifest, members: Sequence[Member], recipients: list[Any]) -> Made:
    for left in folder.glob(f"{PART}*.part"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_S:
                left.unlink()
    handle, name = tempfile.mkstemp(dir=folder, prefix=PART, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w+b") as out:
            envelope.write(out, manifest, members, recipients)
            out.flush()
            os.fsync(out.fileno())
        target = _put_in_place(part, folder, manifest.made_at, ".backup.age" if recipients else ".backup")
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _settle(folder)
    return Made(target, target.stat().st_size, envelope.digest_of(target), manifest)


def _put_in_place(part: Path, folder: Path, made_at: datetime, ending: str) -> Path:
    """Give the whole file its name; one of the same second keeps its own."""
    for number in range(100):
        target = folder / f"beiji-{made_at:%Y%m%dT%H%M%SZ}{f'-{number}' if number else ''}{ending}"
        if not target.exists():
            os.replace(part, target)
            return target
    raise CommandError(f"{folder} holds a hundred backups of this second; wait a moment and try again.")


def _settle(folder: Path) -> None:
    """The name is on the disk too, where the system can be asked for it."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _files(facts: Facts) -> tuple[dict[str, Path], list[str]]:
    """Attached files that are as they were kept, and the digests of those that are not: they cannot be backed up any more."""
    good, missing = {}, []
    for digest in sorted(facts.files):
        place = Path(settings.FILES) / digest[:2] / digest
        try:
            is_good = envelope.digest_of(place) == digest
        except OSError:
            is_good = False
        if is_good:
            good[digest] = place
        else:
            missing.append(digest)
    return good, missing


def _secret_key() -> bytes:
    return b"" if options.read("BEIJI_SECRET_KEY") else str(settings.SECRET_KEY).encode()


def _keys(secret_key: bytes) -> tuple[Key, ...]:
    """The secrets that the installation needs beside its data, and what goes without them."""
    digest = hashlib.sha256(secret_key).hexdigest() if secret_key else ""
    where = "BEIJI_SECRET_KEY" if options.read("BEIJI_SECRET_KEY") else "secret-key in the data folder"
    keys = [
        Key(
            where,
            "signing sessions and codes on paper; with a new one unused codes count no more",
            digest,
            len(secret_key),
        )
    ]
    if connection.vendor == "postgresql":
        keys.append(Key("DATABASE_URL", "the password of the database"))
    return tuple(keys)


def copy_revocations(folder: Path) -> None:
    """Bring the list of revocations up to date, and the copy beside the backups."""
    try:
        revocations.catch_up(audit.again())
        theirs = folder / "revocations.jsonl"
        own = Path(settings.REVOCATIONS)
        theirs.touch(0o600)  # an empty list says that there was nothing, a missing one says nothing
        if theirs.resolve() != own.resolve():
            revocations.append(theirs, sorted(revocations.read(own) - revocations.read(theirs)))
    except DatabaseError:
        return  # a database of an earlier version, just before its upgrade


def let_go(folder: Path, keep: int) -> list[Path]:
    """Remove the oldest backups of a folder but the newest `keep`. Returns what went."""
    backups = sorted(file for file in folder.iterdir() if NAMES.fullmatch(file.name) and file.is_file())
    old = backups[:-keep]
    for file in old:
        file.unlink()
    return old


@contextlib.contextmanager
def _sentences(folder: Path) -> Iterator[None]:
    """What disk, rights and databases say, in one sentence each."""
    try:
        yield
    except sqlite3.Error as error:
        what = "the disk is full" if "full" in str(error) else str(error)
        raise CommandError(f"the database could not be copied ({what}); nothing was written.") from None
    except psycopg.Error as error:
        what = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise CommandError(f"the database could not be read ({what}); nothing was written.") from None
    except OSError as error:
        what = os.strerror(error.errno) if error.errno else str(error)
        raise CommandError(
            f"no backup was written to {folder} ({what}); free space or mend the rights, then try again."
        ) from None
