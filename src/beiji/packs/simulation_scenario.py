"""Turns a scenario pack into the engine's `Scenario`.

Beside the fields of the schema a scenario may hold:

    weather: clear | fog                     slows the roads by the register's factor
    policy: spread                           else the city's
    triage_rule: start                       any rule of science.triage
    grid_failure_min: 40                     the city's power fails
    scenes: share, decon_lanes               part of the casualties; lanes by minute since the scene's start
    casualties: mechanisms, contaminated, child_share
    arrivals: find                           a law of the minutes until a casualty is reachable
    observed: [{hospital, minutes, colours}] arrivals as they were observed, in place of or beside the scenes
    service: {ct: {lognormal: {mean, cv}}}   overrides the time of a stage
    table: [{scene, colour, hospitals: {lotus: 4}}]   ranked hospitals with the number each may get, for policy table
    split: [{scene, colour, shares: {lotus: 0.5}}]    for policy split; scene and colour may be left out: all

The schema refuses a field that is none of these with the nearest known one: a mistyped word is never silently without effect.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from beiji.packs.schemas.scenarios import Scenario as PackedScenario
from beiji.packs.simulation_common import SimulationError, deep, known, plain, point
from beiji.science.casualties import mechanisms
from beiji.science.draws import Law, law_from
from beiji.science.parameters import Register, register
from beiji.science.scenario import COLOURS, POLICIES, Arrivals, Scenario, Scene
from beiji.science.triage import RULES

OWN = {"weather", "policy", "triage_rule", "grid_failure_min", "observed", "service", "table", "split"}
WEATHERS = ("clear", "fog")
HOW_A_LAW = "Write a number of minutes or, for example, {lognormal: {mean: 24, cv: 0.5}}."


def load_scenario(
    pack: PackedScenario, *, limits: Register | None = None, changes: Mapping[str, Any] | None = None
) -> Scenario:
    """The scenario as the engine sees it. `changes` replaces `casualties`, `hour` (decimal), `self_evacuation`, `child_share` or `contaminated`.

    Raises `SimulationError` with every fault of the pack's own fields.
    """
    limits = limits or register()
    changes = changes or {}
    faults: list[str] = []
    extra = deep(pack.model_dump(include=OWN, exclude_none=True))
    more = deep(pack.casualties.model_dump(include={"mechanisms", "contaminated", "child_share"}, exclude_none=True))
    mix: dict[str, float] = {colour: float(share) for colour, share in pack.casualties.mix.items()}
    _shares(f"{pack.id}: casualties.mix", mix, faults)
    mechanism = more.get("mechanisms") or pack.casualties.mechanism
    _mechanism(pack.id, mechanism, faults)
    policy = _one_of(f"{pack.id}: policy", extra.get("policy"), POLICIES, faults)
    weather = _one_of(f"{pack.id}: weather", extra.get("weather", "clear"), WEATHERS, faults)
    rule = _one_of(f"{pack.id}: triage_rule", extra.get("triage_rule", "start"), tuple(RULES), faults)
    child_share = _share(
        f"{pack.id}: casualties.child_share", changes.get("child_share", more.get("child_share")), faults
    )
    scenes = _scenes(pack, changes, more, faults)
    service = {
        name: _law(spec, f"{pack.id}: service.{name}", faults) for name, spec in (extra.get("service") or {}).items()
    }
    observed = tuple(_observed(pack.id, at, row, faults) for at, row in enumerate(extra.get("observed") or ()))
    table = _by_scene(pack, "table", "hospitals", extra, faults)
    split = _by_scene(pack, "split", "shares", extra, faults)
    if faults:
        raise SimulationError(faults)
    return Scenario(
        code=pack.id, hour=float(changes.get("hour", _hours(pack.hour))), scenes=scenes, arrivals=tuple(row for row in observed if row), mix=mix,
        mechanism=mechanism, rule=str(rule), child_share=child_share, policy=policy,
        table={key: tuple((code, round(quota)) for code, quota in row.items()) for key, row in table.items()}, split=split,
        service={name: law for name, law in service.items() if law}, grid_failure_min=extra.get("grid_failure_min"),
        travel_factor=limits["travel.fog_factor"] if weather == "fog" else 1.0,
    )  # fmt: skip


def _one_of(where: str, value: Any, names: tuple[str, ...], faults: list[str]) -> str | None:
    if value is not None and value not in names:
        faults.append(f'{where} "{value}" is unknown.{known(str(value), names)}')
        return None
    return value  # type: ignore[no-any-return]


def _shares(where: str, shares: Mapping[str, float], faults: list[str]) -> None:
    if any(not share >= 0 for share in shares.values()):
        faults.append(f"{where} holds a negative share. Give shares of 0 and more.")
    elif abs(math.fsum(shares.values()) - 1.0) > 1e-9:
        faults.append(f"{where} sums to {math.fsum(shares.values()):g}. Give shares that sum to 1.")


def _share(where: str, value: Any, faults: list[str]) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool | str) or not 0 <= value <= 1:
        faults.append(f"{where} is {value}. Give a share from 0 to 1.")
        return None
    return float(value)


def _mechanism(code: str, mechanism: Any, faults: list[str]) -> None:
    names = mechanism if isinstance(mechanism, Mapping) else [mechanism]
    faults.extend(
        f'{code}: mechanism "{name}" is unknown.{known(str(name), mechanisms())}'
        for name in names
        if name not in mechanisms()
    )
    if isinstance(mechanism, Mapping):
        _shares(f"{code}: casualties.mechanisms", {name: float(share) for name, share in mechanism.items()}, faults)


def _scenes(
    pack: PackedScenario, changes: Mapping[str, Any], more: Mapping[str, Any], faults: list[str]
) -> tuple[Scene, ...]:
    count = int(changes.get("casualties", pack.casualties.count))
    shares = [1.0 if scene.share is None else plain(scene.share) for scene in pack.scenes]
    bad = [
        scene.id
        for scene, share in zip(pack.scenes, shares, strict=True)
        if isinstance(share, str | bool) or not share > 0
    ]
    faults.extend(f"{pack.id}: scene {code}: share must be a number above 0." for code in bad)
    evacuation = _share(
        f"{pack.id}: self_evacuation", float(changes.get("self_evacuation", pack.self_evacuation)), faults
    )
    contaminated = _share(
        f"{pack.id}: casualties.contaminated", changes.get("contaminated", more.get("contaminated", 0.0)), faults
    )
    find = _law(pack.arrivals.find, f"{pack.id}: arrivals.find", faults)
    parts = [0] * len(shares) if bad else split_whole(count, shares)
    made = []
    for scene, part in zip(pack.scenes, parts, strict=True):
        lanes = scene.decon_lanes
        made.append(
            Scene(
                code=scene.id,
                at=point(scene.at),
                casualties=part,
                start_min=float(scene.start_min),
                find=find,
                contaminated=contaminated or 0.0,
                self_evacuation=evacuation,
                decon_lanes=_timetable(f"{pack.id}: scene {scene.id}: decon_lanes", lanes, faults) if lanes else None,
            )
        )
    return tuple(made)


def _timetable(where: str, table: Any, faults: list[str]) -> dict[float, float] | None:
    try:
        made = {float(plain(minute)): float(plain(value)) for minute, value in table.items()}
    except (AttributeError, TypeError, ValueError):
        faults.append(f"{where} is no timetable. Write values by minute, for example {{0: 0, 30: 2}}.")
        return None
    if list(made) != sorted(made):
        faults.append(f"{where} goes backwards. Write its minutes in rising order.")
    return made


def split_whole(count: int, shares: list[float]) -> list[int]:
    """Whole casualties by share, the largest remainders first (ties: the earlier scene)."""
    if not shares:
        return []
    total = math.fsum(shares)
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
        return law_from(deep(spec))
    except (ValueError, KeyError, TypeError, AttributeError):
        faults.append(f"{where} is no distribution. {HOW_A_LAW}")
        return None


def _observed(code: str, at: int, row: Any, faults: list[str]) -> Arrivals | None:
    """Arrivals as observed at one hospital: minutes since the alert, and the colours if they are known."""
    where = f"{code}: observed[{at}]"
    if not isinstance(row, Mapping) or not row.get("hospital") or not row.get("minutes"):
        faults.append(f"{where} needs hospital and minutes, for example {{hospital: ginkgo, minutes: [12, 15, 15]}}.")
        return None
    minutes, colours = row["minutes"], row.get("colours")
    if any(isinstance(minute, str | bool) or not minute >= 0 for minute in minutes):
        faults.append(f"{where}.minutes holds something that is no minute of 0 and more.")
        return None
    if colours is not None and (len(colours) != len(minutes) or not set(colours) <= set(COLOURS)):
        faults.append(f"{where}.colours must give one of {', '.join(COLOURS)} for each of the {len(minutes)} minutes.")
        return None
    order = sorted(range(len(minutes)), key=lambda k: (minutes[k], k))
    return Arrivals(
        code=str(row.get("id", f"observed-{row['hospital']}-{at}")),
        minutes=tuple(float(minutes[k]) for k in order),
        hospital=str(row["hospital"]),
        groups=tuple(colours[k] for k in order) if colours else None,
    )


def _by_scene(
    pack: PackedScenario, name: str, values: str, extra: Mapping[str, Any], faults: list[str]
) -> dict[tuple[str, str], dict[str, float]]:
    """Rows of `table` or `split` by (scene, colour); left out means all."""
    made: dict[tuple[str, str], dict[str, float]] = {}
    for at, row in enumerate(extra.get(name) or ()):
        where = f"{pack.id}: {name}[{at}]"
        if not isinstance(row, Mapping) or not isinstance(row.get(values), Mapping):
            faults.append(f"{where} needs {values}, for example {{colour: red, {values}: {{ginkgo: 1}}}}.")
            continue
        scene, colour = str(row.get("scene", "")), str(row.get("colour", ""))
        if scene:
            _one_of(f"{where}.scene", scene, tuple(s.id for s in pack.scenes), faults)
        if colour:
            _one_of(f"{where}.colour", colour, COLOURS[:3], faults)
        numbers = {
            code: value for code, value in row[values].items() if not isinstance(value, str | bool) and value >= 0
        }
        if len(numbers) < len(row[values]):
            faults.append(f"{where}.{values} holds something that is no number of 0 and more.")
        made[(scene, colour)] = numbers
    return made


def _hours(text: str) -> float:
    hours, minutes = text.split(":")
    return int(hours) + int(minutes) / 60
