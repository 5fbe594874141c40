"""The words of the ledger in the current language: levels, proofs, standings."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext

from .languages import language_of

PROOFS = ("stated", "seen", "exercised", "performed")
STATES = ("met", "in-place", "claimed", "stale", "below", "unknown", "not-assessed", "not-applicable")
_SYNONYMS = {"na": "not-applicable", "n/a": "not-applicable"}

_LEVELS: dict[int, Callable[[], str]] = {
    3: lambda: gettext("Proven"),
    2: lambda: gettext("In place"),
    1: lambda: gettext("Partly in place"),
    0: lambda: gettext("Not in place"),
}
_PROOF_WORDS: dict[str, Callable[[], str]] = {
    "stated": lambda: gettext("on paper"),
    "seen": lambda: gettext("seen on site"),
    "exercised": lambda: gettext("exercised"),
    "performed": lambda: gettext("performed"),
}
_STATE_WORDS: dict[str, Callable[[], str]] = {
    "met": lambda: gettext("target met"),
    "in-place": lambda: gettext("in place, not yet measured"),
    "claimed": lambda: gettext("claimed only"),
    "stale": lambda: gettext("evidence expired"),
    "below": lambda: gettext("below target"),
    "unknown": lambda: gettext("unknown"),
    "not-assessed": lambda: gettext("not assessed"),
    "not-applicable": lambda: gettext("not applicable"),
}


def level_word(digit: int | None) -> str:
    """Proven, In place, Partly in place, Not in place; nothing for no digit."""
    return "" if digit is None else _LEVELS[int(digit)]()


def proof_key(proof: str | int | None) -> str:
    """`stated` … `performed`, also for the numbers 0 to 3 in that order; empty for none. ValueError for another word."""
    if proof is None or proof == "":
        return ""
    key = PROOFS[proof] if isinstance(proof, int) else str(proof)
    if key not in PROOFS:
        raise ValueError(f"{proof!r} is no proof; use one of {', '.join(PROOFS)}")
    return key


def proof_word(proof: str | int | None) -> str:
    """on paper, seen on site, exercised, performed; nothing for no proof."""
    key = proof_key(proof)
    return _PROOF_WORDS[key]() if key else ""


def state_key(state: str | None) -> str:
    """The standing as the style sheet writes it: `in_place` and `in-place` are the same. ValueError for another word."""
    if not state:
        return ""
    key = str(state).replace("_", "-").lower()
    key = _SYNONYMS.get(key, key)
    if key not in STATES:
        raise ValueError(f"{state!r} is no standing; use one of {', '.join(STATES)}")
    return key


def state_word(state: str | None) -> str:
    """What a standing says: target met, claimed only, evidence expired …; nothing for no standing."""
    key = state_key(state)
    return _STATE_WORDS[key]() if key else ""


def language_word(code: str) -> str:
    """A language as the reader calls it: Hebrew · 希伯来语 · עברית; its own name for one that is none of ours."""
    language = language_of(code)
    words = {"en": gettext("English"), "zh-hans": gettext("Chinese"), "he": gettext("Hebrew")}
    return words.get(language.code, language.name)
