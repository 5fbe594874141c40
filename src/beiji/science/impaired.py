"""Hospitals that can do less in an incident than their timetable says: damaged, without power, without network, or closed to some. Plain; structure.md, 5."""
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from .capacity import as_timetable, value_at
from .city import City, Hospital, Timetable
from .errors import Problem

COLOURS_IN = ("red", "yellow", "green")


@dataclass(frozen=True)
class Impaired:
    """One hospital. `accepts`: colours that it still takes (None: as always). `grid_failure_min`: minute at which its own power fails. `values`: single
    numbers in place of the timetable's, by day and night. `left`: share of a timetable that is left, by minutes since the hospital's declaration as in the
    timetable itself, the entry at 0 from the alert on; what is left of places, machines and people is rounded down."""

    hospital: str
    accepts: frozenset[str] | None = None
    grid_failure_min: float | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    left: Mapping[str, float | Timetable] = field(default_factory=dict)


def faults(city: City, rows: tuple[Impaired, ...]) -> Iterator[Problem]:
    """What is wrong with the rows; the numbers of the changed hospitals are checked as any hospital's."""
    codes = {h.code: h for h in city.hospitals}
    for row in rows:
        where = f"impaired {row.hospital}"
        if row.hospital not in codes:
            yield Problem(f"{where}.hospital", f"Unknown hospital {row.hospital!r}.", f"Known: {', '.join(sorted(codes))}.")
            continue
        if sum(other.hospital == row.hospital for other in rows) > 1:
            yield Problem(f"{where}.hospital", "The hospital has more than one row.", "Write one row for each hospital.")
        for colour in sorted((row.accepts or frozenset()) - set(COLOURS_IN)):
            yield Problem(f"{where}.accepts", f"Unknown colour {colour!r}.", f"Known: {', '.join(COLOURS_IN)}.")
        for key, share in row.left.items():
            if key not in codes[row.hospital].day:
                yield Problem(f"{where}.left.{key}", "The hospital gives no such number.", "Take a key of its timetable.")
            elif not all(0.0 <= value <= 1.0 for value in as_timetable(share).values()):
                yield Problem(f"{where}.left.{key}", f"{share!r} is no share that is left.", "Write shares from 0 to 1.")


def impaired_city(city: City, rows: tuple[Impaired, ...]) -> City:
    """The city as it is in the incident."""
    by_code = {row.hospital: row for row in rows}
    return replace(city, hospitals=tuple(_impaired(h, by_code[h.code]) if h.code in by_code else h for h in city.hospitals)) if rows else city


def _impaired(h: Hospital, row: Impaired) -> Hospital:
    day, night = ({**side, **row.values, **{key: _left(side[key], share) for key, share in row.left.items() if key in side}} for side in (h.day, h.night))
    taken = h.accepts if row.accepts is None else h.accepts & row.accepts
    children = h.accepts_children if row.accepts is None else h.accepts_children & row.accepts
    return replace(h, day=day, night=night, accepts=taken, accepts_children=children, grid_failure_min=row.grid_failure_min)


def _left(value: float | Timetable, share: float | Timetable) -> dict[float, float]:
    """The product of both at every minute at which one of them changes, rounded down."""
    minutes = sorted({*as_timetable(value), *as_timetable(share)})
    return {minute: float(math.floor(value_at(value, minute) * value_at(share, minute) + 1e-9)) for minute in minutes}
