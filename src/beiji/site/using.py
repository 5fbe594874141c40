"""Who works on the data folder: one server, workers beside it, a restore alone, one backup at a time. The system gives a lock back when its
process ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from beiji.output import CommandError

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

IN_USE, BACKING_UP, SERVING = ".in-use", ".backing-up", "serving.lock"
_WORK = ".backup-"


@contextlib.contextmanager
def working(data: Path) -> Iterator[None]:
    """Held by whoever serves or works, as long as it does. Raises CommandError while a restore is at work."""
    with _held(data / IN_USE, f"{data}: a restore is at work here; wait until it is done.", is_shared=True):
        yield


@contextlib.contextmanager
def serving(data: Path) -> Iterator[None]:
    """Held by the one server. Raises CommandError while another one runs, or a restore is at work."""
    refusal = (
        "another Beiji serves from {data} already (process {other}); stop it, or name another folder in BEIJI_DATA."
    )
    with working(data), _held(data / SERVING, refusal.replace("{data}", str(data))) as lock:
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """Held by a restore. Raises CommandError while a server works on the folder."""
    with _held(data / IN_USE, f"{data}: a server works on this data folder; stop it, then restore."):
        yield


@contextlib.contextmanager
def workspace(data: Path) -> Iterator[Path]:
    """A private folder beside the data for what is unpacked meanwhile; what a killed run left is cleared first.

    Raises CommandError while another backup or restore is at work.
    """
    with _held(data / BACKING_UP, f"{data}: another backup is at work; wait until it is done."):
        for left in data.glob(_WORK + "*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=data, prefix=_WORK))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _held(file: Path, refusal: str, *, is_shared: bool = False) -> Iterator[TextIO]:
    """The file, locked. `refusal` may name what its holder wrote into it as {other}."""
    with open(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as lock:
        try:
            if fcntl is not None:
                fcntl.flock(lock, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(refusal.replace("{other}", lock.read().strip() or "?")) from None
        yield lock
