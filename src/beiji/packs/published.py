"""Published incidents (`data/incidents.yaml`) as the engine's replays: towns of the demo city's hospitals at the distances that are known or assumed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path

from beiji.packs.faults import build
from beiji.packs.problems import PackError
from beiji.packs.schemas.common import HospitalClass, Number, Part, Whole, Word
from beiji.packs.schemas.scenarios import Hour
from beiji.packs.simulation import SimulationError, find_city, find_library, load_city
from beiji.packs.simulation_common import known
from beiji.packs.strict import read
from beiji.science.city import Base, City, Hospital, Point
from beiji.science.replay import Incident
from beiji.science.scenario import Scenario, Scene

#: Whose timetable stands for a size: the demo city's first general hospital of it.
LIKE = {"large": "ginkgo", "tertiary": "gull", "county": "orchid", "small": "azalea"}
SELF_EVACUATION = 0.3
HORIZON_MIN = 1440.0
KM_A_DEGREE = 111.2
CENTRE = Point(32.4, 119.4)


class PublishedIncident(Part):
    """What a source gives of one incident, what is assumed, what calibration used."""

    id: Word
    title: Word
    source: Word
    assumed: Word
    hour: Hour
    casualties: Whole
    mix: dict[Word, Number]
    mechanism: Word
    self_evacuation: Number | None = None
    ambulances: dict[int, Whole]
    hospitals: dict[HospitalClass, tuple[Number, ...]]
    observed: dict[Word, Number]
    calibrated: tuple[Word, ...] = ()


class PublishedIncidents(Part):
    """The file."""

    incidents: tuple[PublishedIncident, ...]


def published() -> dict[str, PublishedIncident]:
    """All of them by id; raises `PackError` with the faults of the file."""
    path = Path(str(resources.files("beiji.packs").joinpath("data/incidents.yaml")))
    source = read(path, path.parent)
    made = build(PublishedIncidents, source) if source.data is not None else None
    if source.problems or made is None:
        raise PackError(sorted(source.problems))
    return {row.id: row for row in made.incidents}


def incidents(names: tuple[str, ...] = ()) -> list[Incident]:
    """Those named, or all; raises `SimulationError` for a name that is none."""
    rows = published()
    faults = [f'No published incident "{name}".{known(name, rows)}' for name in names if name not in rows]
    if faults:
        raise SimulationError(faults)
    demo = load_city(find_city(find_library(), "yangzhou"))
    return [_incident(rows[name], demo) for name in (names or rows)]


def _incident(row: PublishedIncident, demo: City) -> Incident:
    hours, minutes = row.hour.split(":")
    share = SELF_EVACUATION if row.self_evacuation is None else float(row.self_evacuation)
    scenario = Scenario(
        code=row.id,
        hour=int(hours) + int(minutes) / 60,
        scenes=(Scene("scene", CENTRE, row.casualties, self_evacuation=share),),
        mix={colour: float(part) for colour, part in row.mix.items()},
        mechanism=row.mechanism,
        policy="spread",
        transfers=False,
    )
    observed = {name: float(value) for name, value in row.observed.items()}
    options = {"horizon_min": HORIZON_MIN, "detail": "casualty", "unlimited": False}
    return Incident(row.id, _town(row, demo), scenario, observed, row.source, frozenset(row.calibrated), options)


def _town(row: PublishedIncident, demo: City) -> City:
    """Hospitals around the scene at their distances, ambulances beside the first of them."""
    places = sorted((float(km), size) for size, distances in row.hospitals.items() for km in distances)
    turn = 2.0 * math.pi / len(places)
    hospitals = tuple(
        _hospital(demo.hospital(LIKE[size]), f"h{n:02d}-{size}", km, n * turn) for n, (km, size) in enumerate(places)
    )
    fleet: Mapping[float, float] = {float(minute): float(number) for minute, number in row.ambulances.items()}
    sides = ({**side, "city.ambulances": fleet} for side in (demo.day, demo.night))
    day, night = sides
    bases = tuple(Base(f"base-{h.code}", h.at) for h in hospitals[:4])
    return City(row.id, hospitals, bases, day, night)


def _hospital(like: Hospital, code: str, km: float, angle: float) -> Hospital:
    lat = CENTRE.lat + km * math.cos(angle) / KM_A_DEGREE
    lon = CENTRE.lon + km * math.sin(angle) / (KM_A_DEGREE * math.cos(math.radians(CENTRE.lat)))
    return replace(like, code=code, at=Point(lat, lon))
