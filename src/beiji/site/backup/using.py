"""Who works on the data folder: servers beside each other, a restore alone, one backup at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from beiji.output import CommandError

IN_USE, BACKING_UP = ".in-use", ".backing-up"
_WORK = ".backup-"


@contextlib.contextmanager
def working(data: Path) -> Iterator[None]:
    """Held by whoever serves, as long as it serves. Raises CommandError while a restore is at work."""
    with _held(data / IN_USE, fcntl.LOCK_SH, f"{data}: a restore is at work here; wait until it is done."):
        yield


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """Held by a restore. Raises CommandError while a server works on the folder."""
    with _held(data / IN_USE, fcntl.LOCK_EX, f"{data}: a server works on this data folder; stop it, then restore."):
        yield


@contextlib.contextmanager
def workspace(data: Path) -> Iterator[Path]:
    """A private folder beside the data for what is unpacked meanwhile; what a killed run left is cleared first.

    Raises CommandError while another backup or restore is at work.
    """
    with _held(data / BACKING_UP, fcntl.LOCK_EX, f"{data}: another backup is at work; wait until it is done."):
        for left in data.glob(_WORK + "*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=data, prefix=_WORK))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _held(file: Path, how: int, refusal: str) -> Iterator[None]:
    with open(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "wb") as lock:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(refusal) from None
        yield
