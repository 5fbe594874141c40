"""The one file of a backup: a tar with the manifest in front, encrypted with age when recipients are given.

Any `tar` opens it, after any `age -d` where it is encrypted: a city can read its backups without this program.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage

from beiji.output import CommandError

from . import manifest as contents
from .manifest import Manifest

DATABASE = "database"
SECRET_KEY = "secret-key"  # noqa: S105 - the name of a member
_FILE = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")
AGE = b"age-encryption.org/v1"
CHUNK = 1 << 20
#: Largest list of contents that is read: 100,000 files take a hundredth of it.
LARGEST_MANIFEST = 1 << 30


@dataclass(frozen=True)
class Member:
    """What goes into the tar: its name, and where its bytes lie or what they are."""

    name: str
    source: Path | bytes


def recipients_of(file: Path) -> list[Any]:
    """Public keys of a file as `age-keygen` writes it: the recipients, or those of the identities in it.

    Raises CommandError without repeating what the file holds.
    """
    keys: list[Any] = []
    for line in _lines(file):
        try:
            if line.startswith("AGE-SECRET-KEY-"):
                keys.append(pyrage.x25519.Identity.from_str(line).to_public())
            elif line.startswith("age1"):
                keys.append(pyrage.x25519.Recipient.from_str(line))
            else:
                raise CommandError(f"{file}: a line is no key of age; write age1… lines, as age-keygen -y prints them.")
        except (pyrage.IdentityError, pyrage.RecipientError):
            raise CommandError(f"{file}: a key is cut off or mistyped; write it again from age-keygen.") from None
    return keys


def identities_of(file: Path) -> list[Any]:
    """Secret keys of a file as `age-keygen` writes it. Raises CommandError."""
    try:
        keys = [pyrage.x25519.Identity.from_str(line) for line in _lines(file) if line.startswith("AGE-SECRET-KEY-")]
    except pyrage.IdentityError:
        raise CommandError(f"{file}: a key is cut off or mistyped; take the file that age-keygen wrote.") from None
    if not keys:
        raise CommandError(
            f"{file} holds no secret key; a backup is opened with the AGE-SECRET-KEY-… line that age-keygen wrote."
        )
    return keys


def _lines(file: Path) -> list[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise CommandError(f"the key in {file} cannot be read ({why}); name the file that age-keygen wrote.") from None
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        raise CommandError(f"{file} holds no key; make one with age-keygen -o {file}.")
    return lines


def write(out: IO[bytes], manifest: Manifest, members: Iterable[Member], recipients: list[Any]) -> None:
    """Write the whole envelope into an open file."""
    if not recipients:
        _pack(out, manifest, members)
        return
    reading, writing = os.pipe()
    failure: list[BaseException] = []

    def pack() -> None:
        try:
            with os.fdopen(writing, "wb") as plain:
                _pack(plain, manifest, members)
        except BaseException as error:  # raised in the caller's thread, below
            failure.append(error)

    worker = threading.Thread(target=pack, name="beiji-backup")
    worker.start()
    try:
        with os.fdopen(reading, "rb") as plain:
            pyrage.encrypt_io(plain, out, recipients)
    finally:
        worker.join()
    if failure:
        raise failure[0]


def _pack(out: IO[bytes], manifest: Manifest, members: Iterable[Member]) -> None:
    when = int(manifest.made_at.timestamp())
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for member in (Member(contents.NAME, manifest.to_json()), *members):
            entry = tarfile.TarInfo(member.name)
            entry.mtime, entry.mode = when, 0o600
            if isinstance(member.source, bytes):
                entry.size = len(member.source)
                tar.addfile(entry, io.BytesIO(member.source))
            else:
                with open(member.source, "rb") as source:
                    entry.size = os.fstat(source.fileno()).st_size
                    tar.addfile(entry, source)


def is_encrypted(file: Path) -> bool:
    with open(file, "rb") as look:
        return look.read(len(AGE)) == AGE


@contextlib.contextmanager
def opened(file: Path, identities: list[Any], folder: Path) -> Iterator[IO[bytes]]:
    """The tar of a backup, decrypted into `folder` first when it needs to be: nothing of it is believed before its end.

    Raises CommandError for a key that does not fit or a file that was changed or cut.
    """
    if not is_encrypted(file):
        with open(file, "rb") as plain:
            yield plain
        return
    decrypted = folder / "plain"
    try:
        with open(file, "rb") as source, open(decrypted, "wb") as out:
            pyrage.decrypt_io(source, out, identities)
    except pyrage.DecryptError:
        raise CommandError(
            f"{file} is encrypted for another key; give the secret key of those it was made for with --key."
        ) from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise CommandError(
            f"{file} is broken: it was changed or cut off after it was made; take another backup."
        ) from None
    with open(decrypted, "rb") as plain:
        yield plain


def unpack(tar_file: IO[bytes], file: Path, folder: Path, check: Callable[[Manifest], None]) -> Manifest:
    """Unpack a backup into `folder` and compare every byte with its list of contents. `check` sees the list first and may
    refuse. Raises CommandError for whatever is not a whole backup."""
    broken = f"{file} is broken: {{}}; take another backup."
    try:
        with tarfile.open(fileobj=tar_file, mode="r|") as tar:
            first = tar.next()
            if first is None or first.name != contents.NAME or not first.isfile() or first.size > LARGEST_MANIFEST:
                raise CommandError(f"{file} is no backup of Beiji; name a file that beiji backup wrote.")
            try:
                manifest = contents.from_json(_reader(tar, first).read())
            except contents.NotABackup as why:
                raise CommandError(f"{file}: {why}.") from None
            check(manifest)
            wanted = _wanted(manifest)
            while (entry := tar.next()) is not None:
                if entry.name not in wanted or not entry.isfile():
                    raise CommandError(broken.format(f"it holds {entry.name[:80]!r}, which is not in its list"))
                digest, size = wanted.pop(entry.name)
                if _copy(_reader(tar, entry), folder / entry.name) != digest or entry.size != size:
                    raise CommandError(broken.format(f"{entry.name} is not as it was kept"))
    except (tarfile.TarError, EOFError) as error:
        if isinstance(error, tarfile.ReadError) and tar_file.tell() <= 2 * tarfile.BLOCKSIZE:
            raise CommandError(f"{file} is no backup of Beiji; name a file that beiji backup wrote.") from None
        raise CommandError(broken.format("it is cut off or damaged")) from None
    if wanted:
        raise CommandError(broken.format(f"{min(wanted)} is missing"))
    return manifest


def _reader(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    reader = tar.extractfile(entry)
    if reader is None:
        raise tarfile.TarError("no content")
    return reader


def _wanted(manifest: Manifest) -> dict[str, tuple[str, int]]:
    """Name of each member → its digest and size."""
    wanted = {f"files/{digest[:2]}/{digest}": (digest, size) for digest, size in manifest.facts.files.items()}
    if not all(_FILE.fullmatch(name) for name in wanted):
        raise CommandError("the backup's list of contents names a file that no backup holds; take another backup.")
    for key in manifest.keys:
        if key.sha256:
            wanted[SECRET_KEY] = (key.sha256, key.bytes)
    wanted[DATABASE] = (manifest.database_sha256, manifest.database_bytes)
    return wanted


def _copy(source: IO[bytes], target: Path) -> str:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def digest_of(file: Path) -> str:
    with open(file, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
