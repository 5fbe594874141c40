"""Lists of a scenario pack: arrivals as observed or by a law, given minutes between places, tables, values of the register."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from beiji.packs.engine_keys import engine_keys
from beiji.packs.schemas.scenarios import Scenario as PackedScenario
from beiji.packs.simulation_common import known, plain
from beiji.packs.simulation_fields import law_of, mix_of, one_of, share_of, timetable_of
from beiji.science.impaired import Impaired
from beiji.science.parameters import ParameterError, Register
from beiji.science.scenario import COLOURS, Arrivals


def minutes_of(where: str, value: Any, faults: list[str]) -> float:
    """Minutes of 0 and more."""
    if isinstance(value, bool | str) or value is None or not 0 <= value < math.inf:
        faults.append(f"{where} is {value!r}. Give minutes of 0 and more.")
        return 0.0
    return float(value)


def coming_arrivals(code: str, at: int, row: Mapping[str, Any], faults: list[str]) -> Arrivals | None:
    """Casualties who come to hospitals by gaps or by a curve."""
    where, before = f"{code}: hospital_arrivals[{at}]", len(faults)
    count = row.get("count")
    if isinstance(count, bool | str) or count is None or count != int(count) or count < 1:
        faults.append(f"{where}.count is {count!r}. Give a whole number of casualties from 1.")
    if ("gap" in row) == ("curve" in row):
        faults.append(
            f"{where} needs gap (minutes between arrivals) or curve (minutes since its start), one of the two."
        )
    if ("hospital" in row) == ("shares" in row):
        faults.append(f"{where} needs hospital or shares by hospital, one of the two.")
    laws = {name: law_of(row.get(name), f"{where}.{name}", faults) for name in ("gap", "curve")}
    mix = mix_of(f"{where}.mix", row.get("mix"), faults)
    colour = one_of(f"{where}.colour", row.get("colour"), COLOURS, faults)
    start, since = (minutes_of(f"{where}.{name}", row.get(name, 0.0), faults) for name in ("start_min", "since_min"))
    contaminated = share_of(f"{where}.contaminated", row.get("contaminated", 0.0), faults)
    if len(faults) > before:
        return None
    return Arrivals(
        code=str(row.get("id", f"arrivals-{at}")),
        count=int(count),  # type: ignore[arg-type]
        hospital=str(row["hospital"]) if "hospital" in row else None,
        shares={str(h): float(plain(share)) for h, share in row.get("shares", {}).items()},
        colours=(colour,) if colour else None,
        stage=row.get("stage"),
        start_min=start,
        since_min=since,
        mix=mix,
        contaminated=contaminated or 0.0,
        gap=laws["gap"],
        curve=laws["curve"],
    )


def travel_minutes(code: str, rows: Iterable[Mapping[str, Any]], faults: list[str]) -> dict[tuple[str, str], float]:
    """Given minutes by pair of places."""
    made = {}
    for at, row in enumerate(rows):
        where = f"{code}: travel_min[{at}]"
        if not row.get("origin") or not row.get("to"):
            faults.append(f"{where} needs from, to and minutes.")
            continue
        made[(str(row["origin"]), str(row["to"]))] = minutes_of(f"{where}.minutes", row.get("minutes"), faults)
    return made


def register_values(code: str, values: Any, limits: Register, faults: list[str]) -> dict[str, float]:
    """Values of the register."""
    if not isinstance(values, Mapping):
        faults.append(f"{code}: parameters must be names with values, for example {{take.red.ct: 0.4}}.")
        return {}
    try:
        limits.with_values({name: float(plain(value)) for name, value in values.items()})
    except ParameterError as error:
        faults.extend(f"{code}: parameters: {fault}" for fault in error.faults)
    except (TypeError, ValueError):
        faults.append(f"{code}: parameters must be numbers by name, for example {{take.red.ct: 0.4}}.")
    else:
        return {name: float(plain(value)) for name, value in values.items()}
    return {}


def impaired_hospital(code: str, at: int, row: Mapping[str, Any], faults: list[str]) -> Impaired:
    """A hospital that can do less than its timetable says; which hospitals there are is known to the city."""
    where = f"{code}: impaired[{at}]"
    keys = {name: key for name, key in engine_keys().items() if key.scope == "hospital"}
    values, left = row.get("values") or {}, row.get("left") or {}
    for name, kind, given in (("values", "scalar", values), ("left", "timetable", left)):
        fit = [key for key, entry in keys.items() if entry.kind == kind]
        faults.extend(
            f'{where}.{name}: "{key}" is no {kind} of a hospital.{known(key, fit)}' for key in given if key not in fit
        )
    for key, value in values.items():
        if key in keys and (isinstance(value, str | bool | Mapping) or not keys[key].allows(value)):
            faults.append(
                f"{where}.values: {key} must lie between {float(keys[key].low or 0):g} and {float(keys[key].high or 0):g}."
            )
    tables = {}
    for key, share in left.items():
        table = timetable_of(f"{where}.left.{key}", share, faults) if isinstance(share, Mapping) else {0.0: share}
        if table is None or not all(isinstance(part, float) and 0 <= part <= 1 for part in table.values()):
            faults.append(f"{where}.left: {key} needs shares from 0 to 1, for example 0.5 or {{0: 0, 120: 0.5}}.")
            continue
        tables[key] = table
    if not (values or left or row.get("accepts") is not None or row.get("grid_failure_min") is not None):
        faults.append(f"{where} changes nothing. Write accepts, grid_failure_min, values or left.")
    fails = row.get("grid_failure_min")
    return Impaired(
        hospital=str(row["hospital"]),
        accepts=None if row.get("accepts") is None else frozenset(row["accepts"]),
        grid_failure_min=None if fails is None else minutes_of(f"{where}.grid_failure_min", fails, faults),
        values=dict(values),
        left=tables,
    )


def observed_arrivals(code: str, at: int, row: Any, faults: list[str]) -> Arrivals | None:
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


def by_scene(
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
            one_of(f"{where}.scene", scene, tuple(s.id for s in pack.scenes), faults)
        if colour:
            one_of(f"{where}.colour", colour, COLOURS[:3], faults)
        numbers = {
            code: value for code, value in row[values].items() if not isinstance(value, str | bool) and value >= 0
        }
        if len(numbers) < len(row[values]):
            faults.append(f"{where}.{values} holds something that is no number of 0 and more.")
        made[(scene, colour)] = numbers
    return made
