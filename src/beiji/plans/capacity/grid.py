"""The places of a capacity timetable, and how typed and pasted cells are read. Plain values in, plain values out.

Twelve numbers by three columns are asked of every hospital (field.md §10); a holiday, and 6 and 24 hours for what runs out, beside
them. What nobody filled is unknown: it is not in the grid, and is never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from beiji.packs.engine_keys import engine_keys
from beiji.ui.numbers import Limits, read_number


class Column(StrEnum):
    """When a number holds."""

    DAY = "day"
    NIGHT = "night"
    FULL = "full"
    HOLIDAY = "holiday"
    H6 = "h6"
    H24 = "h24"


class Known(StrEnum):
    """How a number is known, from best to least."""

    COUNTED = "counted"
    MEASURED = "measured"
    AGREED = "agreed"
    ASSUMED = "assumed"


#: Who knows the numbers, in the order of the sheet; names of capacities are those of the engine's keys after "hospital.".
DEPARTMENTS: Mapping[str, tuple[str, ...]] = {
    "emergency": ("door_triage_teams", "resus_bays", "resus_teams", "urgent_places"),
    "imaging": ("ct_scanners",),
    "theatres": ("theatres", "surgeons", "anaesthetists", "scrub_nurses"),
    "intensive": ("icu_beds", "ventilators"),
    "blood": ("blood_units",),
    "relief": ("relief_teams",),
}
KEYS = tuple(key for keys in DEPARTMENTS.values() for key in keys)
#: Teams that relieve those at work: a number of the plan that no key of the engine takes.
RELIEF = "relief_teams"
ASKED = (Column.DAY, Column.NIGHT, Column.FULL)
#: What runs out within hours.
ENDURING = frozenset({"icu_beds", "blood_units", RELIEF})
#: More cells than this in one paste are a whole sheet and not this block. *Assumption.*
MOST_PASTED = 200
#: Most relief teams; the engine's register has no such key. *Assumption.*
MOST_RELIEF = 200


@dataclass(frozen=True, order=True)
class Place:
    """One cell of the sheet."""

    key: str
    column: Column

    @property
    def name(self) -> str:
        """As a field of a form is called."""
        return f"{self.key}.{self.column}"


@dataclass(frozen=True)
class Cell:
    """A number as somebody gave it; `by` and `at`: who wrote it, and when."""

    value: int
    known: Known
    by: UUID | None = None
    at: datetime | None = None


Grid = Mapping[Place, Cell]


def columns_of(key: str) -> tuple[Column, ...]:
    """The columns in which a number is asked."""
    if key == RELIEF:
        return (Column.H6, Column.H24)
    more = (Column.H6, Column.H24) if key in ENDURING else ()
    return (*ASKED, Column.HOLIDAY, *more)


PLACES = tuple(Place(key, column) for key in KEYS for column in columns_of(key))
#: The 36 cells without which the timetable is not filled.
CORE = tuple(place for place in PLACES if place.column in ASKED)


def place_of(name: str) -> Place | None:
    """The place that a field of a form names, e.g. `theatres.night`; None for any other word."""
    return next((place for place in PLACES if place.name == name), None)


def limits_of(key: str) -> Limits:
    """Whole numbers within the range of the engine's register."""
    if key == RELIEF:
        return Limits(high=Decimal(MOST_RELIEF), decimals=0)
    row = engine_keys()[f"hospital.{key}"]
    low, high = row.low or 0, row.high or MOST_RELIEF
    return Limits(low=Decimal(int(low)), high=Decimal(int(high)), decimals=0)


def value_of(place: Place, typed: str) -> int | None:
    """The number typed into a cell, None for an emptied one. Raises NumberError."""
    return int(read_number(typed, limits_of(place.key))) if typed.strip() else None


class Misfit(StrEnum):
    """Why a pasted block does not go in."""

    TOO_MANY = "too-many"
    OUTSIDE = "outside"
    NOTHING = "nothing"


class PasteError(ValueError):
    """A pasted block does not fit; `cells`: how many were pasted."""

    def __init__(self, misfit: Misfit, cells: int = 0) -> None:
        super().__init__(misfit)
        self.misfit, self.cells = misfit, cells


def block_of(text: str, start: Place) -> dict[Place, str]:
    """Cells of a block copied from a spreadsheet, from `start` on; empty ones are left as they are. Raises PasteError.

    Rows go down the sheet and columns along it, also over places that are not asked; only a number that would stand there is refused.
    """
    if text.count("\t") + text.count("\n") > MOST_PASTED * 2 or len(text) > MOST_PASTED * 200:
        raise PasteError(Misfit.TOO_MANY, text.count("\t") + text.strip("\r\n").count("\n") + 1)
    lines = [line.split("\t") for line in text.strip("\r\n").splitlines()]
    cells = sum(len(line) for line in lines)
    if cells > MOST_PASTED:
        raise PasteError(Misfit.TOO_MANY, cells)
    top, first = KEYS.index(start.key), list(Column).index(start.column)
    block: dict[Place, str] = {}
    for row, line in enumerate(lines, top):
        for column, typed in enumerate(line, first):
            if not typed.strip():
                continue
            place = Place(KEYS[row], list(Column)[column]) if row < len(KEYS) and column < len(Column) else None
            if place is None or place not in PLACES:
                raise PasteError(Misfit.OUTSIDE, cells)
            block[place] = typed
    if not block:
        raise PasteError(Misfit.NOTHING)
    return block
