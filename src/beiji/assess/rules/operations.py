"""Is an operation's payload one that this room can keep? One sentence when not."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
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


#: A number as it is kept: digits and at most one point, never an exponent; nobody measures finer or more.
FIXED_POINT = re.compile(r"\d{1,9}(\.\d{1,6})?", re.ASCII)
MOST_CASES = 100_000
LONGEST_REASON = 500
LONGEST_NOTE = 4000
MOST_SETTLED = 20
_WHERE = frozenset({"indicator", "part"})
_SAID = frozenset({"level", "how", "reason", "language"})
#: Kind of operation → what its payload may carry; any other name is refused.
FIELDS: Mapping[str, frozenset[str]] = {
    "rate": _WHERE | _SAID,
    "settle": _WHERE | _SAID | {"settles"},
    "measure": _WHERE | {"value", "typed", "shown", "method", "condition", "notice", "at_min", "sample"},
    "note": frozenset({"indicator", "language", "text"}),
    "attach": frozenset({"indicator", "attachment"}),
    "undo": frozenset({"operation"}),
}


def check_operation(kind: str, payload: Mapping[str, Any], indicators: Collection[str]) -> Problem | None:
    """None when the payload can be kept; else the first thing that is wrong with it."""
    unknown = sorted(set(payload) - FIELDS[kind])
    if unknown:
        return Problem("The field {name} is unknown here.", {"name": unknown[0][:40]})
    if kind == "undo":
        return None if _is_uuid(payload.get("operation")) else Problem("The undo names no operation.")
    indicator = payload.get("indicator")
    if not isinstance(indicator, str) or indicator not in indicators:
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
        return isinstance(value, str) and str(UUID(value)) == value.lower()
    except ValueError:
        return False


def _is_one_of(value: Any, words: Collection[str]) -> bool:
    return isinstance(value, str) and value in words


def _check_rate(payload: Mapping[str, Any]) -> Problem | None:
    level, reason = payload.get("level"), payload.get("reason", "")
    if level == 3:
        return Problem("Level 3 is computed from a measurement; nobody can choose it.")
    if isinstance(level, bool) or level not in (*LEVELS, NOT_APPLICABLE, UNABLE):
        return Problem("Choose 0, 1 or 2, not applicable, or not seen.")
    if not _is_one_of(payload.get("how", "check"), HOW):
        return Problem("Say whether it was checked on the spot, read or heard.")
    if not isinstance(reason, str) or (level == NOT_APPLICABLE and not reason.strip()):
        return Problem("Give the reason why it does not apply.")
    if len(reason) > LONGEST_REASON:
        return Problem("The reason is too long; 500 characters are kept.")
    if not _is_one_of(payload.get("language", "en"), LANGUAGES):
        return Problem("Say in which language the reason is written.")
    return _check_part(payload)


def _check_part(payload: Mapping[str, Any]) -> Problem | None:
    part = payload.get("part", "")
    return None if isinstance(part, str) and len(part) <= 40 else Problem("The campus or place is unknown.")


def _check_settle(payload: Mapping[str, Any]) -> Problem | None:
    settles, reason = payload.get("settles"), payload.get("reason", "")
    if not isinstance(settles, list) or not 0 < len(settles) <= MOST_SETTLED or not all(map(_is_uuid, settles)):
        return Problem("Say which answers are settled.")
    if not isinstance(reason, str) or not reason.strip():
        return Problem("Give the reason for the team's word; the hospital will ask.")
    return _check_rate(payload)


def _check_measure(payload: Mapping[str, Any]) -> Problem | None:
    value, shown = payload.get("value"), payload.get("shown")
    if (value is None) == (shown is None):
        return Problem("A measurement is either a number, or shown yes or no.")
    if value is not None and not (isinstance(value, str) and FIXED_POINT.fullmatch(value)):
        return Problem("“{value}” is not a number that can be measured.", {"value": str(value)[:20]})
    if shown is not None and not isinstance(shown, bool):
        return Problem("A measurement is either a number, or shown yes or no.")
    if not _is_one_of(payload.get("method"), METHODS):
        return Problem("Say how it was measured: timed test, drill, event or series.")
    if not _is_one_of(payload.get("condition"), CONDITIONS):
        return Problem("Say whether it was measured by day, by night or on a holiday.")
    notice = payload.get("notice")
    if payload["method"].endswith("drill") and not _is_one_of(notice, NOTICES):
        return Problem("Say whether the drill was scripted, announced or unannounced.")
    if notice is not None and not payload["method"].endswith("drill"):
        return Problem("Only a drill is scripted, announced or unannounced.")
    return _check_counts(payload)


def _check_counts(payload: Mapping[str, Any]) -> Problem | None:
    at_min, sample = payload.get("at_min"), payload.get("sample", 1)
    if at_min is not None and (isinstance(at_min, bool) or not isinstance(at_min, int) or not 0 <= at_min <= 10_000):
        return Problem("The minute since the alert is a whole number.")
    if isinstance(sample, bool) or not isinstance(sample, int) or not 1 <= sample <= MOST_CASES:
        return Problem("The number of cases is a whole number from 1 to {most}.", {"most": MOST_CASES})
    return _check_part(payload)


def _check_note(payload: Mapping[str, Any]) -> Problem | None:
    if not _is_one_of(payload.get("language"), LANGUAGES):
        return Problem("Say in which language the note is written.")
    text = payload.get("text")
    if not isinstance(text, str) or not text.strip():
        return Problem("The note is empty.")
    return None if len(text) <= LONGEST_NOTE else Problem("The note is too long; 4000 characters are kept.")


def _check_attach(payload: Mapping[str, Any]) -> Problem | None:
    return None if _is_uuid(payload.get("attachment")) else Problem("The attachment is not known here.")
