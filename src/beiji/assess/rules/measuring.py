"""Can this measurement become evidence when the visit is locked? Asked when it is entered, not weeks later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .operations import Problem

#: Who may enter what. A series of routine times needs its first day and the confirmed raw record; both come with the
#: ledger's own form, as does the confirmation of a hospital's own drill, which must name the row that it confirms.
OUTSIDE = ("timed-test", "witnessed-drill", "real-event")
SELF = ("own-drill", "real-event")


@dataclass(frozen=True)
class Measuring:
    """What a measurement of one item looks like: `kind` quantity, observed or document; minutes of its timetable, if any;
    the unit in which a number is kept."""

    kind: str
    minutes: tuple[int, ...]
    methods: tuple[str, ...]
    unit: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind == "quantity"


def methods_for(kind: str, *, outside: bool) -> tuple[str, ...]:
    """Methods by which this visit may measure; none for a document, which no test can show."""
    if kind == "document":
        return ()
    return OUTSIDE if outside else SELF


def check_measurement(payload: Mapping[str, Any], measuring: Measuring) -> Problem | None:
    """None when the ledger would take it; else one sentence. The payload's shape has been checked before."""
    indicator = {"indicator": str(payload["indicator"])}
    if not measuring.methods:
        return Problem("{indicator} is a document; say at which level it is, nothing is measured.", indicator)
    if payload["method"] not in measuring.methods:
        return Problem("This visit cannot measure {indicator} in that way.", indicator)
    if measuring.is_number and payload.get("value") is None:
        return Problem("{indicator} is a number; enter what was measured.", indicator)
    if not measuring.is_number and payload.get("shown") is None:
        return Problem("{indicator} is not a number; say whether it was shown.", indicator)
    at_min = payload.get("at_min")
    if measuring.minutes and at_min not in measuring.minutes:
        minutes = ", ".join(str(m) for m in measuring.minutes)
        return Problem("{indicator} is judged at {minutes} min; say at which.", {**indicator, "minutes": minutes})
    if not measuring.minutes and at_min is not None:
        return Problem("{indicator} has no timetable; leave the minute out.", indicator)
    return None
