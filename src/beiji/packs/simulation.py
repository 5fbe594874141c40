"""Turns city and scenario packs into the engine's dataclasses.

The packs say what a hospital has and what happened; the engine's `City` and `Scenario` say what is simulated. Everything assumed on the way (who takes
which colour, where ambulances wait) stands in this module as a sentence, so that it can be printed and disputed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from beiji.packs.engine_keys import engine_keys
from beiji.packs.faults import build
from beiji.packs.library import Library, packs_root, scan
from beiji.packs.problems import PackError
from beiji.packs.schemas import cities as packed
from beiji.packs.schemas.scenarios import Scenario as PackedScenario
from beiji.packs.simulation_common import SimulationError, known, number, point
from beiji.packs.simulation_scenario import load_scenario
from beiji.packs.strict import read
from beiji.science.city import Base, City, Hospital
from beiji.science.parameters import Register, register

__all__ = ["SimulationError", "find_city", "find_library", "find_scenario", "load_city", "load_scenario", "number"]

#: Rank of a hospital for the policies that protect or fill the highest centre; accepted colours. Assumption: size and kind decide, since no
#: trauma-centre grade is invented for a fictional hospital.
LEVELS = {"large": 3, "tertiary": 2, "county": 1, "small": 0}
GREEN_ONLY = frozenset({"infectious", "mental-health", "community"})
#: Takes every child, and of adults no red.
NOT_RED = frozenset({"women-and-children"})
GREEN = frozenset({"green"})
ALL_COLOURS = frozenset({"red", "yellow", "green"})


def find_library(root: Path | None = None) -> Library:
    """The packs of this installation, with whatever could be loaded; what the run needs is checked when it is taken."""
    return scan(root or packs_root())


def find_city(library: Library, code: str) -> packed.City:
    """A city of the library by code; raises `SimulationError` with the known ones, or `PackError` with the faults of its files."""
    _raise_faults(library, f"cities/{code}/")  # first: a hospital with a misspelt field would just be missing
    if code in library.cities:
        return library.cities[code]
    raise SimulationError([f'No city "{code}" in the packs.{known(code, library.cities)}'])


def find_scenario(library: Library, name: str) -> PackedScenario:
    """A scenario by id, or by the path of a YAML file; raises `SimulationError` or `PackError`."""
    if name in library.scenarios:
        return library.scenarios[name]
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return _scenario_file(path)
    _raise_faults(library, f"scenarios/{name}.")
    raise SimulationError([f'No scenario "{name}" in the packs.{known(name, library.scenarios)}'])


def _scenario_file(path: Path) -> PackedScenario:
    if not path.is_file():
        raise SimulationError([f"There is no file {path}. Give the id of a scenario or the path of a YAML file."])
    source = read(path, path.parent)
    scenario = build(PackedScenario, source) if source.data is not None else None
    if source.problems or scenario is None:
        raise PackError(sorted(source.problems))
    return scenario


def _raise_faults(library: Library, part: str) -> None:
    faults = [problem for problem in library.problems if part in problem.file.replace("\\", "/")]
    if faults:
        raise PackError(faults)


def load_city(pack: packed.City, *, limits: Register | None = None) -> City:
    """The city as the engine sees it, on the basis of its dated timetable (*as planned*).

    Raises `SimulationError` naming every key that the engine does not have.
    """
    limits = limits or register()
    own = pack.header.capacity
    faults = _unknown_keys(pack)
    if faults:
        raise SimulationError(faults)
    return City(
        code=pack.id,
        hospitals=tuple(_hospital(hospital, limits) for hospital in pack.hospitals.values()),
        bases=_bases(pack),
        day=_values(own.day if own else {}),
        night=_values({**own.day, **own.night} if own else {}),
    )


def _unknown_keys(pack: packed.City) -> list[str]:
    """A misspelt engine key would leave its hospital at a default, and nobody would see it."""
    tables = [(hospital.id, "hospital", hospital.capacity) for hospital in pack.hospitals.values()]
    if pack.header.capacity:
        tables.append((pack.id, "city", pack.header.capacity))
    faults = []
    for code, scope, capacity in tables:
        keys = [key for key, row in engine_keys().items() if row.scope == scope]
        faults += [
            f'{code}: capacity.{shift}: "{key}" is no engine key of a {scope}.{known(key, keys)}'
            for shift, values in (("day", capacity.day), ("night", capacity.night))
            for key in values
            if key not in keys
        ]
    return faults


def _hospital(pack: packed.Hospital, limits: Register) -> Hospital:
    accepts = set(GREEN if pack.hospital_class == "small" or pack.kind in GREEN_ONLY else ALL_COLOURS)
    if pack.kind in NOT_RED:
        accepts.discard("red")
    day = _values(pack.capacity.day)
    return Hospital(
        code=pack.id,
        at=point(pack.position),
        level=LEVELS[pack.hospital_class],
        day=day,
        night={**day, **_values(pack.capacity.night)},
        accepts=frozenset(accepts),
        accepts_children=ALL_COLOURS if pack.kind in NOT_RED else frozenset(),
        occupied_beds=round(pack.beds * limits["hospital.bed_occupancy"]),
    )


def _bases(pack: packed.City) -> tuple[Base, ...]:
    """Ambulances wait at the centres of the districts in proportion to residents: no station list of the city is public."""
    return tuple(Base(f"base-{d.id}", point(d.centre), float(d.population)) for d in pack.header.districts)


def _values(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: number(value) for key, value in table.items()}
