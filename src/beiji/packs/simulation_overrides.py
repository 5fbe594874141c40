"""`--set [HOSPITAL/]key[@minute][:day|:night]=value`: one change of a run, checked before anything starts.

A key is an engine key (`hospital.…`, `city.…`), a field of the scenario (`scenario.casualties`, `scenario.hour`, …) or a name of the parameter register.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from beiji.packs.engine_keys import POLICIES, EngineKey, engine_keys
from beiji.packs.problems import did_you_mean
from beiji.packs.simulation import SimulationError
from beiji.science.city import City
from beiji.science.parameters import Register, register

FORM = "[HOSPITAL/]key[@minute][:day|:night]=value"
PATTERN = re.compile(
    r"(?:(?P<hospital>[A-Za-z0-9_-]+)/)?(?P<key>[A-Za-z0-9_.]+)(?:@(?P<minute>[0-9]+))?(?::(?P<side>day|night))?=(?P<value>.+)\Z"
)
#: Fields of the scenario that may be set, with their range.
FIELDS = {
    "scenario.casualties": (1, 100_000),
    "scenario.hour": (0, 24),
    "scenario.self_evacuation": (0, 1),
    "scenario.child_share": (0, 1),
    "scenario.contaminated": (0, 1),
}


@dataclass(frozen=True)
class Change:
    """One change as understood. `hospital` "" means all of them, `minute` None the whole timetable, `side` None day and night."""

    text: str
    key: str
    value: float | str
    hospital: str = ""
    minute: float | None = None
    side: str | None = None


@dataclass(frozen=True)
class Changes:
    """All changes of a run, sorted by what they change."""

    hospital: tuple[Change, ...] = ()
    city: tuple[Change, ...] = ()
    scenario: Mapping[str, float] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)


def parse(texts: Iterable[str], *, limits: Register | None = None) -> Changes:
    """Understand every `--set`; raises `SimulationError` with all faults at once, each naming the text, what is wrong and the mend."""
    limits = limits or register()
    faults: list[str] = []
    hospital: list[Change] = []
    city: list[Change] = []
    scenario: dict[str, float] = {}
    parameters: dict[str, float] = {}
    for text in texts:
        change = _read(text, limits, faults)
        if change is None:
            continue
        entry = engine_keys().get(change.key)
        if entry is not None:
            (hospital if entry.scope == "hospital" else city).append(change)
        elif change.key in FIELDS:
            scenario[change.key.removeprefix("scenario.")] = float(change.value)
        else:
            parameters[change.key] = float(change.value)
    if faults:
        raise SimulationError(faults)
    return Changes(tuple(hospital), tuple(city), scenario, parameters)


def _read(text: str, limits: Register, faults: list[str]) -> Change | None:
    found = PATTERN.match(text.strip())
    if not found:
        faults.append(f'"{text}" is no change. Write {FORM}, for example ginkgo/hospital.resus_teams@30:night=6.')
        return None
    key, hospital, side = found["key"], found["hospital"] or "", found["side"]
    minute = float(found["minute"]) if found["minute"] else None
    entry = engine_keys().get(key)
    if entry is None and key not in FIELDS and key not in limits:
        known = [*engine_keys(), *FIELDS, *limits.names()]
        faults.append(f'"{text}": "{key}" is no engine key, scenario field or parameter.{did_you_mean(key, known)}')
        return None
    before = len(faults)
    if hospital and (entry is None or entry.scope != "hospital"):
        faults.append(f'"{text}": {key} belongs to no single hospital. Leave out {hospital}/.')
    if minute is not None and (entry is None or entry.kind != "timetable"):
        faults.append(f'"{text}": {key} is one number, not a timetable. Leave out @{found["minute"]}.')
    if side and entry is None:
        faults.append(f'"{text}": {key} does not differ by day and night. Leave out :{side}.')
    value = _value(text, key, found["value"].strip(), entry, limits, faults)
    return None if len(faults) > before or value is None else Change(text, key, value, hospital, minute, side)


def _value(
    text: str, key: str, raw: str, entry: EngineKey | None, limits: Register, faults: list[str]
) -> float | str | None:
    if entry is not None and entry.kind == "choice":
        if raw not in POLICIES:
            faults.append(
                f'"{text}": "{raw}" is no policy.{did_you_mean(raw, POLICIES) or " Policies: " + ", ".join(POLICIES) + "."}'
            )
            return None
        return raw
    if key == "scenario.hour" and re.fullmatch(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]", raw):
        hours, minutes = raw.split(":")
        return int(hours) + int(minutes) / 60
    try:
        value = float(raw)
    except ValueError:
        faults.append(f'"{text}": "{raw}" is not a number. Write digits, for example 6 or 0.5.')
        return None
    low, high = _range(key, entry, limits)
    if not math.isfinite(value) or not low <= value <= high:
        faults.append(f'"{text}": {key} must lie between {low:g} and {high:g}. Give a value in that range.')
        return None
    if key == "scenario.casualties" and value != int(value):
        faults.append(f'"{text}": casualties are counted whole. Give a whole number.')
        return None
    return value


def _range(key: str, entry: EngineKey | None, limits: Register) -> tuple[float, float]:
    if entry is not None:
        return float(entry.low or 0), float(entry.high) if entry.high is not None else math.inf
    if key in FIELDS:
        return FIELDS[key]
    row = limits.row(key)
    return row.low, row.high


def apply(changes: Changes, city: City) -> City:
    """The city with its changes; raises `SimulationError` naming every unknown hospital."""
    codes = [hospital.code for hospital in city.hospitals]
    faults = [
        f'"{change.text}": no hospital "{change.hospital}" in {city.code}.{did_you_mean(change.hospital, codes) or " There are: " + ", ".join(codes) + "."}'
        for change in changes.hospital
        if change.hospital and change.hospital not in codes
    ]
    if faults:
        raise SimulationError(faults)
    hospitals = list(city.hospitals)
    for change in changes.hospital:
        for at, hospital in enumerate(hospitals):
            if change.hospital in ("", hospital.code):
                hospitals[at] = replace(
                    hospital, day=_changed(hospital.day, change, "day"), night=_changed(hospital.night, change, "night")
                )
    day, night = dict(city.day), dict(city.night)
    for change in changes.city:
        day, night = _changed(day, change, "day"), _changed(night, change, "night")
    return replace(city, hospitals=tuple(hospitals), day=day, night=night)


def _changed(values: Mapping[str, Any], change: Change, side: str) -> dict[str, Any]:
    """One side's values with the change; a timetable step is set at its minute, a whole timetable becomes one value."""
    if change.side not in (None, side):
        return dict(values)
    if engine_keys()[change.key].kind != "timetable":
        return {**values, change.key: change.value}
    if change.minute is None:
        return {**values, change.key: {0.0: change.value}}
    old = values.get(change.key, {0.0: 0.0})
    table = dict(old) if isinstance(old, Mapping) else {0.0: float(old)}
    return {**values, change.key: dict(sorted({**table, change.minute: change.value}.items()))}
