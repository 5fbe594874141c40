"""One style sheet for the browser, out of one file for each component.

The files are read once in a process, in the order of their layers, and sent as one, compressed answer under an address that
changes with every letter, so that a browser asks for it once.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "ui" / "css"
FIRST = ("reset", "tokens", "base", "layout")
#: Who changes another component comes after it: a clash's side after the choice that it also is, a level's digit after the cell.
COMPONENTS = (
    "button", "pill", "field", "form", "error_summary", "segmented", "menu", "list_state", "list_tools",
    "upload", "progress", "language_tabs", "clash", "cell", "level", "heatmap", "legend", "proof", "ticks",
    "figures", "why", "facts", "figure", "trend", "panel", "index", "chip", "message", "table", "list", "bell", "todo", "board",
    "sync", "nothing", "watermark", "timeline", "stages", "disclosure", "catalogue",
)  # fmt: skip
LAST = ("print",)


@dataclass(frozen=True)
class Sheet:
    """All rules as one text, as it is and compressed; `digest` names this very text."""

    digest: str
    plain: bytes
    packed: bytes


def names() -> list[str]:
    """The files in order."""
    return [*FIRST, *(f"components/{name}" for name in COMPONENTS), *LAST]


@cache
def whole() -> Sheet:
    """The sheet of this process."""
    plain = "\n".join((FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in names()).encode()
    return Sheet(hashlib.sha256(plain).hexdigest()[:12], plain, gzip.compress(plain, mtime=0))
