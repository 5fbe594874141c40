"""Is an operation's payload one that this room can keep? One sentence when not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from .answers import HOW, LEVELS, NOT_APPLICABLE, UNABLE

LANGUAGES = ("en", "zh-Hans", "he")
CONDITIONS = ("day", "night", "holiday")
METHODS = ("timed-test", "witnessed-drill", "own-drill", "real-event", "routine-series")
NOTICES = ("scripted", "announced", "unannounced")


@dataclass(frozen=True)
class Problem:
    """Why a payload is refused: a sentence with named parts, translated by whoever shows it."""

    sentence: str
    parts: Mapping[str, Any] = field(default_factory=dict)


def check_operation(kind: str, payload: Mapping[str, Any], indicators: Collection[str]) -> Problem | None:
    """None when the payload can be kept; else the first thing that is wrong with it."""
    if kind == "undo":
        return None if _is_uuid(payload.get("operation")) else Problem("The undo names no operation.")
    indicator = payload.get("indicator")
    if indicator not in indicators:
        return Problem("{indicator} is not among the items of this visit.", {"indicator": str(indicator)[:20]})
    checks = {
        "rate": _check_rate,
        "settle": _check_settle,
        "measure": _check_measure,
        "note": _check_note,
        "attach": _check_attach,
    }
    return checks[kind](payload)


def _is_uuid(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def _check_rate(payload: Mapping[str, Any]) -> Problem | None:
    level = payload.get("level")
    if level == 3:
        return Problem("Level 3 is computed from a measurement; nobody can choose it.")
    if isinstance(level, bool) or level not in (*LEVELS, NOT_APPLICABLE, UNABLE):
        return Problem("Choose 0, 1 or 2, not applicable, or not seen.")
    if payload.get("how", "check") not in HOW:
        return Problem("Say whether it was checked on the spot, read or heard.")
    if level == NOT_APPLICABLE and not str(payload.get("reason", "")).strip():
        return Problem("Give the reason why it does not apply.")
    if len(str(payload.get("reason", ""))) > 500:
        return Problem("The reason is too long; 500 characters are kept.")
    if payload.get("language", "en") not in LANGUAGES:
        return Problem("Say in which language the reason is written.")
    return _check_part(payload)


def _check_part(payload: Mapping[str, Any]) -> Problem | None:
    part = payload.get("part", "")
    return None if isinstance(part, str) and len(part) <= 40 else Problem("The campus or place is unknown.")


def _check_settle(payload: Mapping[str, Any]) -> Problem | None:
    settles = payload.get("settles")
    if not isinstance(settles, list) or not settles or not all(_is_uuid(s) for s in settles):
        return Problem("Say which answers are settled.")
    if not str(payload.get("reason", "")).strip():
        return Problem("Give the reason for the team's word; the hospital will ask.")
    return _check_rate(payload)


def _check_measure(payload: Mapping[str, Any]) -> Problem | None:
    value, shown = payload.get("value"), payload.get("shown")
    if (value is None) == (shown is None):
        return Problem("A measurement is either a number, or shown yes or no.")
    if value is not None:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return Problem("“{value}” is not a number.", {"value": str(value)[:20]})
        if not number.is_finite() or number < 0 or number > 10**9:
            return Problem("“{value}” is not a number that can be measured.", {"value": str(value)[:20]})
    if shown is not None and not isinstance(shown, bool):
        return Problem("A measurement is either a number, or shown yes or no.")
    if payload.get("method") not in METHODS:
        return Problem("Say how it was measured: timed test, drill, event or series.")
    if payload.get("condition") not in CONDITIONS:
        return Problem("Say whether it was measured by day, by night or on a holiday.")
    if payload["method"].endswith("drill") and payload.get("notice") not in NOTICES:
        return Problem("Say whether the drill was scripted, announced or unannounced.")
    return _check_counts(payload)


def _check_counts(payload: Mapping[str, Any]) -> Problem | None:
    at_min, sample = payload.get("at_min"), payload.get("sample", 1)
    if at_min is not None and (isinstance(at_min, bool) or not isinstance(at_min, int) or not 0 <= at_min <= 10_000):
        return Problem("The minute since the alert is a whole number.")
    if isinstance(sample, bool) or not isinstance(sample, int) or not 1 <= sample <= 1_000_000:
        return Problem("The number of cases is a whole number from 1 up.")
    return _check_part(payload)


def _check_note(payload: Mapping[str, Any]) -> Problem | None:
    if payload.get("language") not in LANGUAGES:
        return Problem("Say in which language the note is written.")
    text = payload.get("text")
    if not isinstance(text, str) or not text.strip():
        return Problem("The note is empty.")
    return None if len(text) <= 4000 else Problem("The note is too long; 4000 characters are kept.")


def _check_attach(payload: Mapping[str, Any]) -> Problem | None:
    return None if _is_uuid(payload.get("attachment")) else Problem("The attachment is not known here.")
