"""What a sheet makes one ask. Questions, not errors: rooms without people are freer at night, blood falls by the hour.

Plain values in, plain values out; the words stand in `pages.capacity`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .grid import CORE, Column, Grid, Place

#: Seriously injured people that a hospital takes in an hour, for each hundred beds: De Boer, upper figure (domain.md §4.4).
DE_BOER_PER_100_BEDS = 1.0
#: Hours for which one of them holds his place in the emergency department: Bayram, HACSC (domain.md §4.4).
BAYRAM_HOURS = 2.5
#: A number above a yardstick by more than this factor is asked about.
FLAG = 2.0
#: Theatre nurses for each operating room: one scrubbed, one circulating (domain.md §4.3).
NURSES_PER_THEATRE = 2


class Ask(StrEnum):
    """What is asked."""

    PEOPLE = "people"
    NURSES = "nurses"
    BAYS = "bays"
    VENTILATORS = "ventilators"
    NIGHT = "night"
    FALLS = "falls"
    DE_BOER = "de-boer"
    TWICE = "twice"


@dataclass(frozen=True)
class Question:
    """A question at a place; `other`: what it is held against, with its number."""

    ask: Ask
    place: Place
    value: float
    against: float
    other: str = ""


#: Of the first no more than of the second can be at work; by what the question is.
PAIRS = (
    ("theatres", "anaesthetists", 1, Ask.PEOPLE),
    ("theatres", "surgeons", 1, Ask.PEOPLE),
    ("theatres", "scrub_nurses", NURSES_PER_THEATRE, Ask.NURSES),
    ("resus_teams", "resus_bays", 1, Ask.BAYS),
    ("icu_beds", "ventilators", 1, Ask.VENTILATORS),
)


def questions(grid: Grid, *, beds: int | None = None, listed: Mapping[Place, int] | None = None) -> list[Question]:
    """All questions of a sheet in its order; `beds` and `listed`: the hospital's beds and the values of the city's list, if known."""
    found = [*_pairs(grid), *_shapes(grid), *_de_boer(grid, beds), *_twice(grid, listed or {})]
    return sorted(found, key=lambda question: CORE.index(question.place) if question.place in CORE else len(CORE))


def _number(grid: Grid, key: str, column: Column) -> int | None:
    cell = grid.get(Place(key, column))
    return cell.value if cell else None


def _pairs(grid: Grid) -> Iterator[Question]:
    for column in (Column.DAY, Column.NIGHT, Column.FULL, Column.HOLIDAY):
        for key, other, each, ask in PAIRS:
            value, against = _number(grid, key, column), _number(grid, other, column)
            if value is not None and against is not None and value * each > against:
                yield Question(ask, Place(key, column), value, against, other)


def _shapes(grid: Grid) -> Iterator[Question]:
    for place, cell in grid.items():
        day = _number(grid, place.key, Column.DAY)
        if day is None:
            continue
        if place.column == Column.NIGHT and cell.value > day:
            yield Question(Ask.NIGHT, place, cell.value, day)
        if place.column == Column.FULL and cell.value < day:
            yield Question(Ask.FALLS, place, cell.value, day)


def _de_boer(grid: Grid, beds: int | None) -> Iterator[Question]:
    bays, places = (_number(grid, key, Column.FULL) for key in ("resus_bays", "urgent_places"))
    if beds and bays is not None and places is not None:
        hourly, yardstick = (bays + places) / BAYRAM_HOURS, beds / 100 * DE_BOER_PER_100_BEDS
        if hourly > FLAG * yardstick:
            yield Question(Ask.DE_BOER, Place("urgent_places", Column.FULL), hourly, yardstick)


def _twice(grid: Grid, listed: Mapping[Place, int]) -> Iterator[Question]:
    for place, cell in grid.items():
        if place in listed and listed[place] > 0 and cell.value > FLAG * listed[place]:
            yield Question(Ask.TWICE, place, cell.value, listed[place])
