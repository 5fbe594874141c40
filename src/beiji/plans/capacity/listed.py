"""What the list of the city's pack says of a hospital: beds, and the timetable that holds where nobody has filled one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from beiji.packs.library import packs_root, scan
from beiji.packs.schemas import cities as packed
from beiji.packs.simulation_common import number
from beiji.programme.models import City, Subject

from .engine import MINUTE, Planned, planned
from .grid import CORE, Column, Grid, Place


@dataclass(frozen=True)
class Listed:
    """Engine keys of a hospital by day and at night, as the engine takes them; empty where the city has no list."""

    beds: int | None = None
    as_of: date | None = None
    day: Mapping[str, object] = field(default_factory=dict)
    night: Mapping[str, object] = field(default_factory=dict)

    def planned(self, grid: Grid) -> Planned:
        """The hospital's own numbers over those of the list."""
        return planned(grid, self.day, self.night)

    def values(self) -> dict[Place, int]:
        """What the list says of each place that is asked; of full activation the higher of day and night."""
        plan = self.planned({})
        found: dict[Place, int] = {}
        for place in CORE:
            tables = {Column.DAY: [plan.day], Column.NIGHT: [plan.night]}.get(place.column, [plan.day, plan.night])
            entries = [
                entry.value
                for table in tables
                for entry in table.get(place.key, ())
                if entry.minute == MINUTE[place.column]
            ]
            if entries:
                found[place] = max(entries)
        return found


def listed_of(subject: Subject, city: City) -> Listed:
    """What the city's pack says of a hospital."""
    pack = _packs().get(city.pack.partition("@")[0]) if city.pack else None
    hospital = pack.hospitals.get(subject.code) if pack else None
    if hospital is None:
        return Listed()
    day = {key: number(value) for key, value in hospital.capacity.day.items()}
    night = {**day, **{key: number(value) for key, value in hospital.capacity.night.items()}}
    return Listed(hospital.beds, hospital.capacity.as_of, day, night)


@cache
def _packs() -> dict[str, packed.City]:
    """The city packs of this installation; they change with the program only."""
    return scan(packs_root(), ("cities",)).cities
