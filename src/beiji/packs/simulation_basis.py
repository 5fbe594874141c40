"""What a run believes of each hospital: *as planned*, *as proven* or *as targeted*.

*Proven* caps the plan by what the ledger holds for each engine key; where it holds nothing the hospital counts as on any other day: a timetable stays at
its minute-0 value, a single number takes the worse of plan and the register's day-to-day value. *Targeted* takes the targets of the capability packs
where they are better than the plan.
"""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from beiji.packs.engine_keys import engine_keys
from beiji.packs.problems import did_you_mean
from beiji.packs.schemas.capabilities import Capability
from beiji.packs.schemas.cities import City as PackedCity
from beiji.packs.simulation import SimulationError, number
from beiji.science.city import City, Hospital
from beiji.science.parameters import Register, register


@dataclass(frozen=True)
class Standings:
    """What is known of each hospital: hospital → engine key → a number, or a table by minute."""

    values: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Based:
    """A city on its basis. `unknown` names each (hospital, key) for which nothing is proven; `notes` are sentences by code with their parts."""

    city: City
    basis: str
    unknown: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, Mapping[str, int]], ...] = ()


def read_standings(path: Path, city: City) -> Standings:
    """Standings from a JSON file: `{"ginkgo": {"hospital.ed_clear_min": 22, "hospital.resus_teams": {"0": 2, "30": 3}}}`.

    Raises `SimulationError` with every unknown hospital or key and every value out of range.
    """
    return check_standings(read_values(path), city)


def read_values(path: Path) -> dict[str, dict[str, Any]]:
    """What such a file holds, not yet held against a city."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SimulationError([f"The standings {path} cannot be read ({error}). Give a JSON file of values."]) from None
    if not isinstance(raw, dict) or not all(isinstance(part, dict) for part in raw.values()):
        raise SimulationError([f'The standings {path} must look like {{"ginkgo": {{"hospital.ed_clear_min": 22}}}}.'])
    return raw


def check_standings(raw: Mapping[str, Mapping[str, Any]], city: City) -> Standings:
    """The same from values that a caller already holds, for example the web's own ledger."""
    faults: list[str] = []
    codes = [hospital.code for hospital in city.hospitals]
    values: dict[str, dict[str, Any]] = {}
    for code, keys in raw.items():
        if code not in codes:
            faults.append(f'Standings: no hospital "{code}" in {city.code}.{did_you_mean(code, codes)}')
            continue
        values[code] = {key: _checked(code, key, value, faults) for key, value in keys.items()}
    if faults:
        raise SimulationError(faults)
    return Standings(values)


def _checked(code: str, key: str, value: Any, faults: list[str]) -> Any:
    known = engine_keys()
    if key not in known:
        faults.append(f'Standings of {code}: "{key}" is no engine key.{did_you_mean(key, known)}')
        return value
    entry = known[key]
    table = value if isinstance(value, Mapping) else {0: value}
    try:
        parsed = {float(minute): float(part) for minute, part in table.items()}
    except (TypeError, ValueError):
        faults.append(f"Standings of {code}: {key} needs a number or a table by minute, not {value!r}.")
        return value
    low, high = float(entry.low or 0), float(entry.high if entry.high is not None else 1e9)
    faults.extend(
        f"Standings of {code}: {key} = {part:g} {entry.unit} is outside {low:g} to {high:g}."
        for part in parsed.values()
        if not low <= part <= high
    )
    return parsed if isinstance(value, Mapping) else parsed[0.0]


def on_basis(
    city: City,
    basis: str,
    *,
    standings: Standings | None = None,
    capabilities: Iterable[Capability] = (),
    pack: PackedCity | None = None,
    limits: Register | None = None,
) -> Based:
    """The city on a basis; raises `SimulationError` when *proven* has no standings or *targeted* has no targets."""
    limits = limits or register()
    if basis == "planned":
        return Based(city, basis)
    if basis == "proven":
        if standings is None:
            raise SimulationError(
                [
                    "The basis proven needs what the ledger holds, and none was given: run it from the city's own pages, "
                    "or pass a JSON file of values with --standings."
                ]
            )
        return _proven(city, standings, limits)
    if basis == "targeted":
        return _targeted(city, list(capabilities), pack)
    raise SimulationError([f'The basis "{basis}" is unknown. Write planned, proven or targeted.'])


def _proven(city: City, standings: Standings, limits: Register) -> Based:
    unknown: list[tuple[str, str]] = []
    hospitals = []
    for hospital in city.hospitals:
        known = standings.values.get(hospital.code, {})
        unknown.extend((hospital.code, key) for key in hospital.day if key.startswith("hospital.") and key not in known)
        day, night = (
            {key: _cap(key, value, known, limits) for key, value in side.items()}
            for side in (hospital.day, hospital.night)
        )
        hospitals.append(replace(hospital, day=day, night=night))
    note = ("not_proven", {"values": len(unknown), "hospitals": len(city.hospitals)})
    return Based(replace(city, hospitals=tuple(hospitals)), "proven", tuple(unknown), (note,) if unknown else ())


def _cap(key: str, planned: Any, known: Mapping[str, Any], limits: Register) -> Any:
    """The plan capped by what is proven; the day-to-day value where nothing is."""
    entry = engine_keys().get(key)
    if entry is None or isinstance(planned, str):
        return planned
    if key in known:
        return _worse(entry.better, planned, known[key])
    if isinstance(planned, Mapping):
        return {0.0: planned[min(planned)]}
    usual = limits[key] if key in limits.names() else None
    if usual is None or not entry.allows(Fraction(usual)):
        return planned  # the register has no day-to-day value, or one that only says that nothing limits
    return _worse(entry.better, planned, usual)


def _part(one: float, share: float) -> float:
    """A share of what is counted, whole."""
    return float(math.floor(one * share + 0.5))


def _worse(better: str, one: Any, other: Any) -> Any:
    return _combine(one, other, min if better == "higher" else max)


def _better(better: str, one: Any, other: Any) -> Any:
    return _combine(one, other, max if better == "higher" else min)


def _combine(one: Any, other: Any, pick: Any) -> Any:
    if not isinstance(one, Mapping) and not isinstance(other, Mapping):
        return pick(one, other)
    minutes = sorted({*_minutes(one), *_minutes(other)})
    return {minute: pick(_at(one, minute), _at(other, minute)) for minute in minutes}


def _minutes(value: Any) -> Iterable[float]:
    return value if isinstance(value, Mapping) else (0.0,)


def _at(value: Any, minute: float) -> float:
    if not isinstance(value, Mapping):
        return float(value)
    return float(value[max((step for step in value if step <= minute), default=min(value))])


def _targeted(city: City, capabilities: list[Capability], pack: PackedCity | None) -> Based:
    classes = {code: hospital.hospital_class for code, hospital in pack.hospitals.items()} if pack else {}
    feeding = [
        (feed, capability)
        for capability in capabilities
        for feed in capability.feeds
        if feed.key.startswith("hospital.")
    ]
    if not feeding or not classes:
        raise SimulationError(
            [
                "The basis targeted needs targets, and no capability pack feeds the engine. Check the packs with: beiji pack check"
            ]
        )
    hospitals = tuple(
        _with_targets(hospital, classes.get(hospital.code, "county"), feeding) for hospital in city.hospitals
    )
    keys = {feed.key for feed, _ in feeding}
    note = ("targets", {"keys": len(keys), "all": sum(k.scope == "hospital" for k in engine_keys().values())})
    return Based(replace(city, hospitals=hospitals), "targeted", (), (note,))


def _with_targets(hospital: Hospital, size_class: str, feeding: list[tuple[Any, Capability]]) -> Hospital:
    sides: dict[str, dict[str, Any]] = {"day": dict(hospital.day), "night": dict(hospital.night)}
    for feed, capability in feeding:
        target = number(capability.target_for(size_class))
        entry = engine_keys().get(feed.key)
        if target is None or entry is None:
            continue
        for side in sides.values():
            if feed.key not in side:
                continue
            wanted = target
            if feed.how == "share_of_baseline":
                wanted = _combine(side[feed.key], target, _part if entry.kind == "timetable" else operator.mul)
            elif feed.how == "by_level":
                wanted = float(max(feed.levels.items())[1]) if feed.levels else side[feed.key]
            side[feed.key] = _better(entry.better, side[feed.key], wanted)
    return replace(hospital, day=sides["day"], night=sides["night"])
