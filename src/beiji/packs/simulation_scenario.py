"""Turns a scenario pack into the engine's `Scenario`.

Beside the fields of the schema a scenario may hold:

    weather: clear | fog                     slows the roads by the register's factor
    policy: spread                           else the city's
    triage_rule: start                       any rule of science.triage
    grid_failure_min: 40                     the city's power fails
    impaired: [{hospital, accepts, grid_failure_min, values, left}]   hospitals that can do less than their timetable says
    scenes: share, mix, contaminated, self_evacuation, find, undertriage, overtriage, and by minute since the scene's start decon_lanes, triage_crews, first_aid_crews
    casualties: mechanisms, contaminated, child_share
    arrivals: curve: extrication; find       the curve's name; a law of the minutes until a casualty is reachable
    observed: [{hospital, minutes, colours}] arrivals as they were observed, in place of or beside the scenes
    hospital_arrivals: [{id, count, gap or curve, hospital or shares, start_min, since_min, mix, colour, stage, contaminated}]
                                             casualties who come to hospitals by a law of gaps or of minutes; with a stage, into that stage
    travel_min: [{from, to, minutes}]        given minutes between scenes, hospitals and bases, in place of computed ones
    parameters: {take.red.ct: 0.4}           values of the register: shares of the pathway, times, effects
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
from beiji.packs.simulation_fields import law_of, mix_of, one_of, share_of, sum_to_one, timetable_of
from beiji.packs.simulation_lists import (
    by_scene,
    coming_arrivals,
    impaired_hospital,
    observed_arrivals,
    register_values,
    travel_minutes,
)
from beiji.science.casualties import mechanisms
from beiji.science.parameters import Register, register
from beiji.science.scenario import POLICIES, Scenario, Scene
from beiji.science.triage import RULES

TIMETABLES = ("decon_lanes", "triage_crews", "first_aid_crews")
#: Names of the curve by which casualties become reachable; its law is `find`.
CURVES = ("extrication",)
OWN = {
    "weather",
    "policy",
    "triage_rule",
    "grid_failure_min",
    "impaired",
    "observed",
    "service",
    "table",
    "split",
    "hospital_arrivals",
    "travel_min",
    "parameters",
}
TRIAGE = ("undertriage", "overtriage")
OF_SCENE = {"mix", "contaminated", "self_evacuation", "find", *TRIAGE, *TIMETABLES}
WEATHERS = ("clear", "fog")


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
    sum_to_one(f"{pack.id}: casualties.mix", mix, faults)
    mechanism = more.get("mechanisms") or pack.casualties.mechanism
    _mechanism(pack.id, mechanism, faults)
    policy = one_of(f"{pack.id}: policy", extra.get("policy"), POLICIES, faults)
    weather = one_of(f"{pack.id}: weather", extra.get("weather", "clear"), WEATHERS, faults)
    rule = one_of(f"{pack.id}: triage_rule", extra.get("triage_rule", "start"), tuple(RULES), faults)
    child_share = share_of(
        f"{pack.id}: casualties.child_share", changes.get("child_share", more.get("child_share")), faults
    )
    scenes = _scenes(pack, changes, more, faults)
    service = {
        name: law_of(spec, f"{pack.id}: service.{name}", faults) for name, spec in (extra.get("service") or {}).items()
    }
    one_of(f"{pack.id}: arrivals.curve", pack.arrivals.curve, CURVES, faults)
    coming = tuple(
        coming_arrivals(pack.id, at, row, faults) for at, row in enumerate(extra.get("hospital_arrivals", ()))
    )
    travel = travel_minutes(pack.id, extra.get("travel_min", ()), faults)
    parameters = register_values(pack.id, extra.get("parameters") or {}, limits, faults)
    observed = tuple(observed_arrivals(pack.id, at, row, faults) for at, row in enumerate(extra.get("observed") or ()))
    impaired = tuple(impaired_hospital(pack.id, at, row, faults) for at, row in enumerate(extra.get("impaired") or ()))
    table = by_scene(pack, "table", "hospitals", extra, faults)
    split = by_scene(pack, "split", "shares", extra, faults)
    if faults:
        raise SimulationError(faults)
    return Scenario(
        code=pack.id, hour=float(changes.get("hour", _hours(pack.hour))), scenes=scenes, arrivals=tuple(row for row in (*observed, *coming) if row), mix=mix,
        mechanism=mechanism, rule=str(rule), child_share=child_share, policy=policy,
        table={key: tuple((code, round(quota)) for code, quota in row.items()) for key, row in table.items()}, split=split,
        service={name: law for name, law in service.items() if law}, grid_failure_min=extra.get("grid_failure_min"), impaired=impaired, season=pack.season,
        travel_min=travel, parameters=parameters, travel_factor=limits["travel.fog_factor"] if weather == "fog" else 1.0,
    )  # fmt: skip


def _mechanism(code: str, mechanism: Any, faults: list[str]) -> None:
    names = mechanism if isinstance(mechanism, Mapping) else [mechanism]
    faults.extend(
        f'{code}: mechanism "{name}" is unknown.{known(str(name), mechanisms())}'
        for name in names
        if name not in mechanisms()
    )
    if isinstance(mechanism, Mapping):
        sum_to_one(f"{code}: casualties.mechanisms", {name: float(share) for name, share in mechanism.items()}, faults)


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
    evacuation = share_of(
        f"{pack.id}: self_evacuation", float(changes.get("self_evacuation", pack.self_evacuation)), faults
    )
    contaminated = share_of(
        f"{pack.id}: casualties.contaminated", changes.get("contaminated", more.get("contaminated", 0.0)), faults
    )
    find = law_of(pack.arrivals.find, f"{pack.id}: arrivals.find", faults)
    parts = [0] * len(shares) if bad else split_whole(count, shares)
    made = []
    for scene, part in zip(pack.scenes, parts, strict=True):
        own = deep(scene.model_dump(include=OF_SCENE, exclude_none=True))
        where = f"{pack.id}: scene {scene.id}"
        tables = {
            name: timetable_of(f"{where}: {name}", own[name], faults)
            for name in TIMETABLES
            if own.get(name) is not None
        }
        under, over = (share_of(f"{where}: {name}", own.get(name), faults) for name in TRIAGE)
        made.append(
            Scene(
                code=scene.id,
                at=point(scene.at),
                casualties=part,
                start_min=float(scene.start_min),
                find=law_of(own.get("find"), f"{where}: find", faults) or find,
                mix=mix_of(f"{where}: mix", own.get("mix"), faults),
                contaminated=share_of(f"{where}: contaminated", own.get("contaminated", contaminated), faults) or 0.0,
                self_evacuation=share_of(f"{where}: self_evacuation", own.get("self_evacuation", evacuation), faults),
                decon_lanes=tables.get("decon_lanes"),
                triage_crews=tables.get("triage_crews"),
                first_aid_crews=tables.get("first_aid_crews"),
                undertriage=under,
                overtriage=over,
            )
        )
    return tuple(made)


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


def _hours(text: str) -> float:
    hours, minutes = text.split(":")
    return int(hours) + int(minutes) / 60
