"""The three languages: codes, names, direction, and the choice of a text that exists in all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language


@dataclass(frozen=True)
class Language:
    """One language. `code` is Django's, `pack` the key in texts and packs, `short` what the switch in the bar shows."""

    code: str
    pack: str
    short: str
    name: str
    direction: str


LANGUAGES: tuple[Language, ...] = (
    Language("en", "en", "EN", "English", "ltr"),
    Language("zh-hans", "zh-Hans", "中", "简体中文", "ltr"),
    Language("he", "he", "עב", "עברית", "rtl"),
)
_BY_CODE = {key.lower(): language for language in LANGUAGES for key in (language.code, language.pack)} | {
    "zh": LANGUAGES[1],
    "zh-cn": LANGUAGES[1],
}


def language_of(code: str | None = None) -> Language:
    """The language of a Django or pack code; without one the current language, and English where none is active."""
    wanted = (code or get_language() or "en").lower().replace("_", "-")
    return _BY_CODE.get(wanted) or _BY_CODE.get(wanted.split("-")[0]) or LANGUAGES[0]


def pick(names: Any, code: str | None = None) -> str:
    """The text in the language asked, else English, else whatever there is. A plain string passes through."""
    if names is None:
        return ""
    if not isinstance(names, Mapping):
        return str(names)
    for key in (language_of(code).pack, "en", *names):
        text = names.get(key)
        if text:
            return str(text)
    return ""


def picked_language(names: Any, code: str | None = None) -> Language | None:
    """The language in which `pick` answers, or None when it is the one asked (or not known): for `lang` on fallbacks."""
    if not isinstance(names, Mapping):
        return None
    wanted = language_of(code)
    for key in (wanted.pack, "en", *names):
        if names.get(key):
            return None if key == wanted.pack else _BY_CODE.get(str(key).lower())
    return None
