"""From the sheet to the engine's timetable, in one place. Plain values in, plain values out.

Columns become minutes since the declaration here and nowhere else. What nobody filled is taken from the list of the city's pack and
says so; entries between and after those that people gave follow the shape of that list and are called *derived*.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from beiji.science.capacity import as_timetable, value_at
from beiji.science.city import Hospital, Timetable

from .grid import ASKED, CORE, KEYS, RELIEF, Cell, Column, Grid, Place, limits_of

#: Minutes since the hospital's declaration; the entry at 0 holds from the alert on.
MINUTE = {Column.DAY: 0, Column.NIGHT: 0, Column.FULL: 60}
FULL_MIN = MINUTE[Column.FULL]


class Origin(StrEnum):
    """Where an entry comes from."""

    STATED = "stated"
    DERIVED = "derived"
    LISTED = "listed"


@dataclass(frozen=True)
class Entry:
    """A value from a minute on."""

    minute: int
    value: int
    origin: Origin


Table = tuple[Entry, ...]


@dataclass(frozen=True)
class Planned:
    """The engine's timetable of a hospital as far as the sheet speaks of it.

    `listed`: asked places that nobody filled, taken from the city's list. `unknown`: those of which no list says anything either; a run on
    them would take nothing for zero. `unused`: filled places that the engine does not take.
    """

    day: Mapping[str, Table]
    night: Mapping[str, Table]
    listed: tuple[Place, ...]
    unknown: tuple[Place, ...]
    unused: tuple[Place, ...]

    def values(self, *, night: bool) -> dict[str, dict[float, float]]:
        """Engine keys with their timetables."""
        tables = self.night if night else self.day
        return {
            f"hospital.{key}": {float(entry.minute): float(entry.value) for entry in table}
            for key, table in tables.items()
        }


def planned(grid: Grid, day: Mapping[str, object], night: Mapping[str, object]) -> Planned:
    """What the engine runs on; `day` and `night`: engine keys of the city's list, empty where there is none."""
    tables: dict[Column, dict[str, Table]] = {Column.DAY: {}, Column.NIGHT: {}}
    for key in KEYS:
        if key == RELIEF:
            continue
        for column, lists in ((Column.DAY, day), (Column.NIGHT, night)):
            table = table_of(
                grid.get(Place(key, column)), grid.get(Place(key, Column.FULL)), _listed(lists, key), most=_most(key)
            )
            if table:
                tables[column][key] = table
    is_listed = {key: f"hospital.{key}" in day for key in KEYS}
    empty = [place for place in CORE if place not in grid]
    return Planned(
        day=tables[Column.DAY],
        night=tables[Column.NIGHT],
        listed=tuple(place for place in empty if is_listed[place.key]),
        unknown=tuple(place for place in empty if not is_listed[place.key]),
        unused=tuple(place for place in grid if not _is_used(place, tables)),
    )


def as_planned(hospital: Hospital, grid: Grid) -> tuple[Hospital, Planned]:
    """A hospital of the city's list with the numbers of its own sheet, and where each comes from."""
    plan = planned(grid, hospital.day, hospital.night)
    day, night = plan.values(night=False), plan.values(night=True)
    return replace(hospital, day={**hospital.day, **day}, night={**hospital.night, **night}), plan


def table_of(now: Cell | None, full: Cell | None, listed: Timetable | None, *, most: int) -> Table:
    """The timetable of one number on one shift; empty where nothing is known of the present.

    Before 60 min a derived entry has gone the same part of the way as the list's. After it, it rises as the list does, by the
    smaller of the same amount and the same proportion, so that a high promise is not made higher still; `most` is its ceiling.
    """
    if listed is None:
        if now is None:
            return ()
        stated = (Entry(0, now.value, Origin.STATED),)
        return stated if full is None else (*stated, Entry(FULL_MIN, full.value, Origin.STATED))
    if now is None and full is None:
        return tuple(Entry(int(m), math.floor(v), Origin.LISTED) for m, v in listed.items())
    begin = now.value if now else math.floor(value_at(listed, 0))
    end = full.value if full else math.floor(value_at(listed, FULL_MIN))
    entries = [Entry(0, begin, Origin.STATED if now else Origin.LISTED)]
    for minute in sorted({*map(int, listed), FULL_MIN} - {0}):
        if minute == FULL_MIN:
            entries.append(Entry(minute, end, Origin.STATED if full else Origin.LISTED))
        elif minute < FULL_MIN:
            entries.append(Entry(minute, _between(listed, minute, begin, end), Origin.DERIVED))
        elif full is None:
            entries.append(Entry(minute, math.floor(value_at(listed, minute)), Origin.LISTED))
        else:
            entries.append(Entry(minute, min(most, _after(listed, minute, end)), Origin.DERIVED))
    return tuple(entries)


def _between(listed: Timetable, minute: int, begin: int, end: int) -> int:
    first, last = value_at(listed, 0), value_at(listed, FULL_MIN)
    part = (value_at(listed, minute) - first) / (last - first) if last != first else 0.0
    gone = math.floor(abs(end - begin) * min(max(part, 0.0), 1.0))
    return begin + gone if end >= begin else begin - gone


def _after(listed: Timetable, minute: int, end: int) -> int:
    at_full, later = value_at(listed, FULL_MIN), value_at(listed, minute)
    if at_full <= 0:
        return end
    in_proportion = math.floor(end * later / at_full)
    return min(in_proportion, end + math.floor(later - at_full)) if later > at_full else in_proportion


def _listed(values: Mapping[str, object], key: str) -> dict[float, float] | None:
    value = values.get(f"hospital.{key}")
    return None if value is None else as_timetable(value)  # type: ignore[arg-type]


def _most(key: str) -> int:
    return int(limits_of(key).high)


def _is_used(place: Place, tables: Mapping[Column, Mapping[str, Table]]) -> bool:
    if place.column not in ASKED:
        return False
    shifts = (Column.DAY, Column.NIGHT) if place.column == Column.FULL else (place.column,)
    return any(place.key in tables[shift] for shift in shifts)
