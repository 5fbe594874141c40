"""Travel minutes between places, and the ambulance fleet."""
import math
from collections.abc import Iterable, Mapping

import numpy as np

from .capacity import as_timetable, whole
from .city import Base, City, Hospital
from .draws import numbered_id
from .kernel import records as R
from .live import VEHICLE_STATES, LiveVehicle
from .pathway import Values
from .scenario import Scenario, Scene

FIRST_SCENES_MIN = 15.0          # scenes that begin within so many minutes of the first share the fleet


def minutes_between(city: City, one: Scene | Hospital | Base, other: Scene | Hospital | Base, p: Values) -> float:
    """Base travel minutes: given, or great circle × detour, the first kilometres at street speed and the rest at road speed, plus the river where
    both banks are known and differ."""
    a, b = one.code, other.code
    for key in ((a, b), (b, a)):
        if key in city.travel_min:
            return float(city.travel_min[key])
    km = one.at.km(other.at) * p["travel.detour"]
    banks = one.bank, other.bank
    river = p["travel.river_min"] if None not in banks and banks[0] != banks[1] else 0.0
    near = min(km, p["travel.near_km"])
    return 60.0 * (near / p["travel.speed_kmh"] + (km - near) / p["travel.speed_far_kmh"]) + river


def travel_matrix(city: City, scenes: list[Scene], hospitals: list[Hospital], p: Values) -> np.ndarray:
    """Minutes from site to site at factor 1; 0 on the diagonal."""
    places: list[Scene | Hospital] = [*scenes, *hospitals]
    out = np.zeros((len(places), len(places)))
    for i, one in enumerate(places):
        for j, other in enumerate(places):
            if i != j:
                out[i, j] = minutes_between(city, one, other, p)
    return out


def share_out(total: int, weights: list[float]) -> list[int]:
    """Whole parts of a total in proportion to weights (largest remainders, ties to the first)."""
    whole_weight = sum(weights)
    exact = [total * w / whole_weight for w in weights]
    parts = [math.floor(x) for x in exact]
    order = sorted(range(len(weights)), key=lambda k: (-(exact[k] - parts[k]), k))
    for k in order[:total - sum(parts)]:
        parts[k] += 1
    return parts


def live_vehicles(known: Iterable[LiveVehicle], sites: Mapping[str, int]) -> np.ndarray:
    """Ambulances of a live picture, as they are: at a site, coming, handing over, parked."""
    rows = [(numbered_id("live-vehicle", n), sites[v.at], 1 + VEHICLE_STATES.index(v.state), v.minutes, 0.0) for n, v in enumerate(known, start=1)]
    return np.array(rows, R.VEHICLE_ROW)


def vehicles(city: City, scenario: Scenario, scenes: list[Scene], sites: Mapping[str, int], p: Values) -> np.ndarray:
    """The fleet: which scene each ambulance is first sent to, its travel minutes and the minute it can leave."""
    bases = sorted(city.bases, key=lambda b: b.code)
    given = city.values(scenario.night).get("city.ambulances", p["city.ambulances"])
    table = as_timetable(given if not isinstance(given, str) else 0.0)
    if scenario.vehicles is not None:
        return live_vehicles(scenario.vehicles, sites)
    if not scenes or not bases:
        return np.zeros(0, R.VEHICLE_ROW)
    first = min(s.start_min for s in scenes)
    open_scenes = [k for k, s in enumerate(scenes) if s.start_min <= first + FIRST_SCENES_MIN]
    parts = [0] * len(bases)
    numbers = [0] * len(bases)
    sent = [0] * len(scenes)
    rows = []
    for minute, total in table.items():
        target = share_out(whole(total), [b.weight for b in bases])
        for b, base in enumerate(bases):
            for _ in range(max(0, target[b] - parts[b])):
                numbers[b] += 1
                scene = max(open_scenes, key=lambda k: (scenes[k].casualties / (sent[k] + 1), -k))
                sent[scene] += 1
                minutes = minutes_between(city, base, scenes[scene], p)
                rows.append((numbered_id(base.code, numbers[b]), scene, 0, minute + p["travel.rollout_min"], minutes))
            parts[b] = max(parts[b], target[b])
    return np.array(rows, R.VEHICLE_ROW)
