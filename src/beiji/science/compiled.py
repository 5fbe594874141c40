"""The compiled kernel on the disk: a file that was cut short (a full disk, a machine switched off) is found before it is loaded, and made anew."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

NAME = "sizes.json"
ENDINGS = (".nbi", ".nbc")


def mend(folder: Path) -> bool:
    """Remove what was compiled if a file of it is shorter than when it was made or is gone; was anything removed?"""
    try:
        known = json.loads((folder / NAME).read_text(encoding="utf-8"))
        sound = all((folder / name).stat().st_size >= size for name, size in known.items())
    except FileNotFoundError:
        sound = not (folder / NAME).exists()
    except (OSError, ValueError, AttributeError, TypeError):
        sound = False
    if sound and not any(path.stat().st_size == 0 for path in _files(folder)):
        return False
    for path in (*_files(folder), folder / NAME):
        with contextlib.suppress(OSError):
            path.unlink()
    return True


def remember(folder: Path) -> None:
    """Write down how long each file is, once the kernel has run; where that cannot be written, nothing is lost."""
    sizes = {str(path.relative_to(folder)): path.stat().st_size for path in _files(folder)}
    if not sizes:
        return
    with contextlib.suppress(OSError):
        if (folder / NAME).exists() and json.loads((folder / NAME).read_text(encoding="utf-8")) == sizes:
            return
        part = folder / f"{NAME}.{os.getpid()}"
        part.write_text(json.dumps(sizes), encoding="utf-8")
        part.replace(folder / NAME)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix in ENDINGS]
