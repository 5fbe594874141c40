"""The packaged fonts: where they lie, and which characters of a text none of them can show."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_FONT_PACKAGES = ("fontpkg_heebo", "fontpkg_noto_sans", "pylopdf_fonts_zh_cn")
#: Stands where a character is missing from every font, so that a reader sees that something is missing.
MISSING = "\u25a1"


class PrintError(Exception):
    """A document cannot be printed; the text is one finished sentence that says why."""


@cache
def font_folders() -> tuple[str, ...]:
    """The folders of the packaged fonts. PrintError if a font package is missing."""
    folders = []
    for name in _FONT_PACKAGES:
        spec = find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            raise PrintError(f"The font package {name.replace('_', '-')} is not installed; run the installation again.")
        folders.append(str(next(iter(spec.submodule_search_locations))))
    return tuple(folders)


@cache
def characters() -> frozenset[int]:
    """Code points that at least one packaged font can show."""
    from fontTools.ttLib import TTFont

    known: set[int] = set()
    for folder in font_folders():
        for path in sorted(Path(folder).rglob("*.[ot]tf")):
            with TTFont(path, lazy=True) as font:
                known |= font.getBestCmap().keys()
    return frozenset(known)


def printable(value: Any) -> Any:
    """`value` (text, or lists and dicts of it) with each character that no font can show replaced by a visible box.

    Marks that have no shape of their own (joiners, isolates, variation selectors) and white space stay.
    """
    if isinstance(value, str):
        return value if value.isascii() else _shown(value)
    if isinstance(value, dict):
        return {key: printable(entry) for key, entry in value.items()}
    return [printable(entry) for entry in value] if isinstance(value, list) else value


def _shown(text: str) -> str:
    known = characters()
    return "".join(c if ord(c) in known or _has_no_shape(c) else MISSING for c in text)


def _has_no_shape(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Zs", "Cc") or "\ufe00" <= character <= "\ufe0f"
