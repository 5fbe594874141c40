"""Marks as markup for Python code: icons, proofs, readiness cells. Templates reach them through `{% load beiji %}`."""

from __future__ import annotations

from functools import cache, lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from beiji.ui import words
from beiji.ui.languages import language_of

MIRRORED_ICONS = frozenset(
    [
        "back",
        "forward",
        "next",
        "previous",
        "reply",
        "send",
        "undo",
        "redo",
        "logout",
        "list",
        "outline",
        "external",
        "transfer",
        "ambulance",
    ]
)


def icon_html(name: str, title: str = "") -> SafeString:
    """The markup of an icon for Python code; icons with a direction turn round in Hebrew."""
    said = format_html('<span class="sr">{}</span>', title) if title else ""
    return format_html("{}{}", _sign(name), said) if said else _sign(name)


@cache
def _sign(name: str) -> SafeString:
    """The sign alone; there are some sixty in the sprite."""
    mirror = mark_safe(" data-mirror") if name in MIRRORED_ICONS else ""
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"{}><use href="{}#{}"/></svg>',
        mirror,
        static("ui/icons.svg"),
        name,
    )


def proof_mark(proof: str | int | None, short: bool = False) -> SafeString:
    """The mark of a proof without its word; `ui/marks.html` in the base template holds the shapes.

    `short` leaves out what is not needed inside something that has a name of its own.
    """
    key = words.proof_key(proof)
    if not key:
        return mark_safe("")
    quiet = "" if short else mark_safe(' aria-hidden="true"')
    return format_html('<svg class="proof"{}><use href="#proof-{}"/></svg>', quiet, key)


def cell_name(
    digit: int | None,
    state: str | None,
    proof: str | int | None,
    name: str = "",
    must: bool = False,
    least: bool = False,
) -> str:
    """What a cell says aloud: "Ginkgo General, surge: 0 Not in place, on paper, evidence expired, must-pass item open"."""
    standing = _standing(language_of().code, digit, state, proof, must, least)
    return gettext("%(name)s: %(standing)s") % {"name": name, "standing": standing} if name else standing


@lru_cache(maxsize=2048)
def _standing(
    language: str, digit: int | None, state: str | None, proof: str | int | None, must: bool, least: bool
) -> str:
    """The standing of a cell in the current language, which is `language`; a map says the same few again and again."""
    key = words.state_key(state)
    parts = []
    if digit is None or key in ("unknown", "not-assessed", "not-applicable"):
        parts.append(words.state_word(key or "unknown"))
    else:
        said = gettext("at least %(digit)s") % {"digit": digit} if least else f"{digit} {words.level_word(digit)}"
        parts += [said, words.proof_word(proof)]
        if key in ("claimed", "stale"):
            parts.append(words.state_word(key))
    if must:
        parts.append(gettext("must-pass item open"))
    return gettext(", ").join(part for part in parts if part)


def cell_html(
    digit: int | None = None,
    state: str | None = None,
    proof: str | int | None = None,
    *,
    name: str = "",
    must: bool = False,
    href: str = "",
    least: bool = False,
    size: str = "",
    tabindex: str = "",
) -> SafeString:
    """The markup of a cell, kept short because a city's map holds hundreds of them."""
    extras, inside = _shape(digit, state, proof, bool(must), bool(least), size)
    said = cell_name(digit, state, proof, name, bool(must), bool(least))
    if href:
        index = format_html(' tabindex="{}"', tabindex) if tabindex != "" else ""
        return format_html('<a class="cell" href="{}"{}{} aria-label="{}">{}</a>', href, extras, index, said, inside)
    return format_html('<span class="cell" role="img"{} aria-label="{}">{}</span>', extras, said, inside)


@lru_cache(maxsize=2048)
def _shape(
    digit: int | None, state: str | None, proof: str | int | None, must: bool, least: bool, size: str
) -> tuple[SafeString, SafeString]:
    """Attributes and inside of a cell, which say nothing in any language."""
    key = words.state_key(state)
    blank = {"unknown": "?", "not-assessed": "·", "not-applicable": "–"}
    if key in blank or digit is None:
        key = key if key in blank else "unknown"
        shown: SafeString | str = blank[key]
        level, mark = "", mark_safe("")
    else:
        shown = format_html('<bdi dir="ltr"><span class="cell-least">≥</span>{}</bdi>', digit) if least else str(digit)
        level, mark = format_html(' data-level="{}"', digit), proof_mark(proof, short=True)
    extras = format_html(
        "{}{}{}{}",
        level,
        format_html(' data-state="{}"', key) if key in (*blank, "claimed", "stale") else "",
        mark_safe(" data-must") if must else "",
        format_html(' data-size="{}"', size) if size else "",
    )
    return extras, format_html('<span class="cell-digit">{}</span>{}', shown, mark)
