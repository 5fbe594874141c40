"""What commands share: their refusal, and writing a file whole or not at all, and to where the person pointed: through links, into devices, with the mode it had."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


class CommandError(Exception):
    """The command cannot be carried out; the text is one line that says what, where and how to mend it."""


class OutputError(Exception):
    """The file cannot be written; the text is one finished sentence."""


def check_target(target: Path) -> Path:
    """Where `target` really lies, links followed. Raises OutputError when no file can be written there, before any work is done for it."""
    if target.exists() and not target.is_file() and not target.is_dir():
        return target  # a device or pipe; /dev/stdout leads to no path when it is resolved
    try:
        real = target.resolve(strict=False)
    except (OSError, RuntimeError):
        raise OutputError(f"{target} is a link that leads in a circle; write elsewhere.") from None
    if real.is_dir():
        raise OutputError(f"{target} is a folder; name the file in it.")
    if not real.parent.is_dir():
        raise OutputError(f"the folder {target.parent} does not exist; make it, or write elsewhere.")
    if not os.access(real.parent, os.W_OK):
        raise OutputError(f"{target} cannot be written by this user; write elsewhere.")
    return real


def write_whole(target: Path, content: bytes) -> None:
    """Put `content` into `target`. What was there before stays as it was if anything fails.

    A link is followed, a device or pipe is written to, an existing file keeps its mode. Raises OutputError.
    """
    real = check_target(target)
    try:
        if real.exists() and not real.is_file():
            with open(real, "wb") as device:
                device.write(content)
        else:
            _replace(real, content)
    except OSError as error:
        raise OutputError(f"{target} cannot be written ({error.strerror}); nothing was changed.") from error


def _replace(target: Path, content: bytes) -> None:
    before = target.stat() if target.exists() else None
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".beiji-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        if before is not None:
            with contextlib.suppress(OSError):  # only root may give a file to another
                os.chown(temporary, before.st_uid, before.st_gid)
        os.chmod(temporary, stat.S_IMODE(before.st_mode) if before else 0o666 & ~_umask())
        os.replace(temporary, target)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    """The process's mask; there is no way to ask but to set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
