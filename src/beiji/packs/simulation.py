"""Turns city and scenario packs into the engine's dataclasses.

The packs say what a hospital has and what happened; the engine's `City` and `Scenario` say what is simulated. Everything assumed on the way (who takes
which colour, where ambulances wait) stands in this module as a sentence, so that it can be printed and disputed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from beiji.packs.library import Library, packs_root, scan
from beiji.packs.problems import PackError, did_you_mean
from beiji.packs.schemas import cities as packed
from beiji.packs.schemas.common import Datum
from beiji.packs.schemas.scenarios import Scenario as PackedScenario
from beiji.science.city import Base, City, Hospital, Point
from beiji.science.draws import Law, law_from
from beiji.science.parameters import Register, register
from beiji.science.scenario import POLICIES, Scenario, Scene

#: Rank of a hospital for the policies that protect or fill the highest centre; accepted colours. Assumption: size and kind decide, since no
#: trauma-centre grade is invented for a fictional hospital.
LEVELS = {"large": 3, "tertiary": 2, "county": 1, "small": 0}
GREEN_ONLY = frozenset({"infectious", "mental-health", "community"})
NOT_RED = frozenset({"women-and-children"})
#: GCJ-02, the datum of Chinese map applications, lies about this far from WGS-84 in Jiangsu (degrees).
GCJ_SHIFT = (-0.0019, 0.0054)


class SimulationError(ValueError):
    """Packs or arguments that cannot be simulated; `faults` holds one finished sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


def find_library(root: Path | None = None) -> Library:
    """The packs of this installation, with whatever could be loaded; what the run needs is checked when it is taken."""
    return scan(root or packs_root())


def find_city(library: Library, code: str) -> packed.City:
    """A city of the library by code; raises `SimulationError` with the known ones, or `PackError` with the faults of its files."""
    if code in library.cities:
        return library.cities[code]
    _raise_faults(library, f"cities/{code}/")
    raise SimulationError([f'No city "{code}" in the packs.{_known(code, library.cities)}'])


def find_scenario(library: Library, name: str) -> PackedScenario:
    """A scenario by id, or by the path of a YAML file; raises `SimulationError` or `PackError`."""
    if name in library.scenarios:
        return library.scenarios[name]
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return _scenario_file(path)
    _raise_faults(library, f"scenarios/{name}.")
    raise SimulationError([f'No scenario "{name}" in the packs.{_known(name, library.scenarios)}'])


def _scenario_file(path: Path) -> PackedScenario:
    from beiji.packs.faults import build
    from beiji.packs.strict import read

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


def _known(name: str, known: Mapping[str, Any]) -> str:
    return did_you_mean(name, known) or f" There are: {', '.join(sorted(known)) or 'none'}."


def load_city(pack: packed.City, *, limits: Register | None = None) -> City:
    """The city as the engine sees it, on the basis of its dated timetable (*as planned*)."""
    limits = limits or register()
    own = pack.header.capacity
    return City(
        code=pack.id,
        hospitals=tuple(_hospital(hospital, limits) for hospital in pack.hospitals.values()),
        bases=_bases(pack),
        day=_values(own.day if own else {}),
        night=_values({**own.day, **own.night} if own else {}),
    )


def _hospital(pack: packed.Hospital, limits: Register) -> Hospital:
    accepts = {"green"} if pack.hospital_class == "small" or pack.kind in GREEN_ONLY else {"red", "yellow", "green"}
    if pack.kind in NOT_RED:
        accepts.discard("red")
    day = _values(pack.capacity.day)
    return Hospital(
        code=pack.id,
        at=_point(pack.position),
        level=LEVELS[pack.hospital_class],
        day=day,
        night={**day, **_values(pack.capacity.night)},
        accepts=frozenset(accepts),
        occupied_beds=round(pack.beds * limits["hospital.bed_occupancy"]),
    )


def _bases(pack: packed.City) -> tuple[Base, ...]:
    """Ambulances wait at the centres of the districts in proportion to residents: no station list of the city is public."""
    return tuple(Base(f"base-{d.id}", _point(d.centre), float(d.population)) for d in pack.header.districts)


def _values(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: number(value) for key, value in table.items()}


def number(value: Any) -> Any:
    """Exact numbers of packs as floats, timetables minute by minute; words stay words."""
    if isinstance(value, Fraction | int):
        return float(value)
    if isinstance(value, Mapping):
        return {float(minute): float(part) for minute, part in value.items()}
    return value


def _point(datum: Datum) -> Point:
    lat, lon = float(datum.lat), float(datum.lon)
    if datum.datum == "gcj02":
        return Point(lat - GCJ_SHIFT[0], lon - GCJ_SHIFT[1])
    return Point(lat, lon)


def load_scenario(
    pack: PackedScenario, *, limits: Register | None = None, changes: Mapping[str, Any] | None = None
) -> Scenario:
    """The scenario as the engine sees it. `changes` replaces fields: `casualties`, `hour` (decimal), `self_evacuation`, `child_share`, `contaminated`.

    Raises `SimulationError` with every fault of the pack's own fields.
    """
    limits = limits or register()
    changes = changes or {}
    extra = pack.model_extra or {}
    faults: list[str] = []
    mix: dict[str, float] = {colour: float(share) for colour, share in pack.casualties.mix.items()}
    if abs(sum(mix.values()) - 1.0) > 1e-9:
        faults.append(f"{pack.id}: casualties.mix sums to {sum(mix.values()):g}. Give shares that sum to 1.")
    more = pack.casualties.model_extra or {}
    count = int(changes.get("casualties", pack.casualties.count))
    parts = _split(count, [float(_plain((scene.model_extra or {}).get("share", 1))) for scene in pack.scenes])
    evacuation = float(changes.get("self_evacuation", pack.self_evacuation))
    contaminated = float(changes.get("contaminated", _plain(more.get("contaminated", 0))))
    find = _law((pack.arrivals.model_extra or {}).get("find"), f"{pack.id}: arrivals.find", faults)
    policy = extra.get("policy")
    if policy is not None and policy not in POLICIES:
        faults.append(f'{pack.id}: policy "{policy}" is unknown.{_known(str(policy), dict.fromkeys(POLICIES))}')
    weather = str(extra.get("weather", "clear"))
    if weather not in ("clear", "fog"):
        faults.append(f'{pack.id}: weather "{weather}" is unknown. Write clear or fog.')
    if faults:
        raise SimulationError(faults)
    scenes = tuple(
        _scene(scene, part, find, contaminated, evacuation) for scene, part in zip(pack.scenes, parts, strict=True)
    )
    share = changes.get("child_share", _plain(more.get("child_share")))
    return Scenario(
        code=pack.id,
        hour=float(changes.get("hour", _hours(pack.hour))),
        scenes=scenes,
        mix=mix,
        mechanism=_mechanism(pack, more),
        rule=str(extra.get("triage_rule", "start")),
        child_share=None if share is None else float(share),
        policy=policy,
        travel_factor=limits["travel.fog_factor"] if weather == "fog" else 1.0,
    )


def _mechanism(pack: PackedScenario, more: Mapping[str, Any]) -> Any:
    """One mechanism by name, or the shares of several."""
    mechanisms = more.get("mechanisms")
    if not mechanisms:
        return pack.casualties.mechanism
    return {name: float(_plain(share)) for name, share in mechanisms.items()}


def _scene(scene: Any, casualties: int, find: Law | None, contaminated: float, evacuation: float) -> Scene:
    more = scene.model_extra or {}
    lanes = more.get("decon_lanes")
    return Scene(
        code=scene.id,
        at=_point(scene.at),
        casualties=casualties,
        start_min=float(scene.start_min),
        find=find,
        contaminated=contaminated,
        self_evacuation=evacuation,
        decon_lanes={float(m): float(_plain(v)) for m, v in lanes.items()} if lanes else None,
    )


def _split(count: int, shares: list[float]) -> list[int]:
    """Whole casualties by share, the largest remainders first (ties: the earlier scene)."""
    total = sum(shares)
    exact = [count * share / total for share in shares]
    whole = [math.floor(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda at: (whole[at] - exact[at], at))
    for at in order[: count - sum(whole)]:
        whole[at] += 1
    return whole


def _law(spec: Any, where: str, faults: list[str]) -> Law | None:
    if spec is None:
        return None
    try:
        return law_from(_deep(spec))
    except (ValueError, KeyError, TypeError) as error:
        faults.append(f"{where}: {error}")
        return None


def _deep(spec: Any) -> Any:
    return {key: _deep(part) for key, part in spec.items()} if isinstance(spec, Mapping) else _plain(spec)


def _plain(value: Any) -> Any:
    """A number of a field that the schema does not type: Decimal or fraction text as float."""
    if value is None or (isinstance(value, bool | str) and not _is_fraction(value)):
        return value
    return float(Fraction(value))


def _is_fraction(value: Any) -> bool:
    return isinstance(value, str) and value.replace("/", "", 1).isdigit()


def _hours(text: str) -> float:
    hours, minutes = text.split(":")
    return int(hours) + int(minutes) / 60
