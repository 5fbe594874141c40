"""The largest event that a hospital, or the whole city, manages alone, with its definition."""
from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np

from .city import City
from .errors import ScienceError
from .parameters import Register, register
from .playback import wait_ends
from .run import simulate
from .scenario import Scenario
from .travel import share_out
from .words import table

#: What "managed alone" means, of one hospital and of the whole city; the words stand in words.csv.
DEFINITION, DEFINITION_OF_CITY = table("en")["a.hospital"], table("en")["a.city"]
LIMITS = {"resus": "limit.red_min", "urgent_look": "limit.yellow_min", "theatre_lifesaving": "transfer.wait_limit_min"}
SCENE_LIMITS = {"load": "limit.green_min"}
DAY_HOUR, NIGHT_HOUR = 10.0, 2.0
SHARE_LATE, SHARE_OF_EVENTS = 0.1, 0.9


@dataclass(frozen=True)
class Alone:
    """Largest event managed alone: casualties, the interval low to high, whether the search ended at its bound `most`, and the shares of events that
    were managed by number of casualties looked at."""

    place: str
    casualties: int
    low: int
    high: int
    bounded: bool
    shares: dict[int, float]
    definition: str = DEFINITION


def scaled(scenario: Scenario, casualties: int) -> Scenario:
    """The same incident with another number of casualties: scenes in proportion, else the first so many of a list of given arrivals."""
    if scenario.scenes:
        parts = share_out(casualties, [float(s.casualties) for s in scenario.scenes])
        return replace(scenario, scenes=tuple(replace(s, casualties=n) for s, n in zip(scenario.scenes, parts, strict=True)))
    first = scenario.arrivals[0]
    if first.minutes:
        return replace(scenario, arrivals=(replace(first, minutes=first.minutes[:casualties]),))
    return replace(scenario, arrivals=(replace(first, count=casualties),))


def wilson(managed: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share."""
    z = NormalDist().inv_cdf((1.0 + level) / 2.0)
    centre = (managed + z * z / 2.0) / (n + z * z)
    half = z * math.sqrt(managed * (n - managed) / n + z * z / 4.0) / (n + z * z)
    return centre - half, centre + half


def managed_events(city: City, scenario: Scenario, limits: Register, replications: int, scene_limits: Mapping[str, str], **same: Any) -> int:
    """In how many events do the hospitals of a city manage alone, all of them together, and its ambulances at the scene?"""
    results = simulate(city, scenario, replications=replications, detail="casualty", unlimited=False, parameters=limits, **same)
    model = results.model
    horizon = float(model.sim.par["horizon"][0])
    at_doors, at_scenes = (np.array([limits[limit[name]] if name in limit else np.nan for name in model.stations]) for limit in (LIMITS, scene_limits))
    managed = 0
    for lines in results.trace:
        ends = wait_ends(lines, horizon)
        inside = ends["site"] >= model.scenes
        managed += _few_late(ends, inside, ends["unserved"], at_doors) and _few_late(ends, ~inside, np.zeros_like(inside), at_scenes)
    return managed


def _few_late(ends: dict[str, np.ndarray], where: np.ndarray, unserved: np.ndarray, limit_min: np.ndarray) -> bool:
    """Is at most one in ten of the waits at these places late, by the limit of each station (NaN: not looked at) or since nobody served it? Who dies at the
    scene before the limit has not waited longer than it: else no event of a few would be managed."""
    limit = limit_min[ends["station"]]
    counted = where & np.isfinite(limit)
    late = counted & (unserved | (ends["end"] - ends["start"] > limit + 1e-9))
    return bool(late.sum() <= SHARE_LATE * counted.sum() + 1e-9)


def largest_alone(city: City, scenario: Scenario, hospital: str | None = None, *, night: bool | None = None, replications: int = 200, most: int = 1000,
                  parameters: Register | None = None, **same: Any) -> Alone:
    """The largest event that one hospital (None: the whole city) manages alone, by day or night (None: the scenario's hour); see DEFINITION and
    DEFINITION_OF_CITY. `most`: where the search ends."""
    if hospital is not None and hospital not in {h.code for h in city.hospitals}:
        raise ScienceError.one("hospital", f"Unknown hospital {hospital!r}.", f"Known: {', '.join(sorted(h.code for h in city.hospitals))}.")
    limits = parameters or register()
    alone = city if hospital is None else replace(city, hospitals=(city.hospital(hospital),))
    hour = scenario.hour if night is None else (NIGHT_HOUR if night else DAY_HOUR)
    within = SCENE_LIMITS if hospital is None else {}
    incident = replace(scenario, hour=hour, transfers=scenario.transfers and hospital is None)
    if not incident.scenes:
        most = min(most, incident.arrivals[0].number()) if incident.arrivals[0].minutes else most
    counts: dict[int, int] = {0: replications}

    def managed(n: int) -> int:
        if n not in counts:
            counts[n] = managed_events(alone, scaled(incident, n), limits, replications, scene_limits=within, **same)
        return counts[n]

    def greatest(holds: Any) -> int:
        """Greatest n up to `most` for which a condition holds, which is taken to hold for all below: doubling, then halving."""
        low, high = 0, 1
        while high <= most and holds(high):
            low, high = high, high * 2
        high = min(high, most + 1)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if holds(middle) else (low, middle)
        return low

    best = greatest(lambda n: managed(n) >= SHARE_OF_EVENTS * replications)
    low = greatest(lambda n: wilson(managed(n), replications)[0] >= SHARE_OF_EVENTS)
    high = greatest(lambda n: wilson(managed(n), replications)[1] >= SHARE_OF_EVENTS)
    return Alone(hospital or city.code, best, min(low, best), max(high, best), best >= most, {n: c / replications for n, c in sorted(counts.items()) if n},
                 DEFINITION_OF_CITY if hospital is None else DEFINITION)
