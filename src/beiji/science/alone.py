"""The largest event that a hospital manages alone, with its definition."""
from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np

from .city import City
from .errors import ScienceError
from .parameters import Register, register
from .results import LIMIT
from .run import simulate
from .scenario import Scenario
from .travel import share_out

DEFINITION = (
    "A hospital manages an event alone when of those who come to wait for a resuscitation place, an urgent place or a life-saving operation at most one in "
    "ten waits longer than the limit of that stage (limit.red_min, limit.yellow_min, transfer.wait_limit_min) or is not served at all, with every casualty "
    "brought to this hospital and nobody moved away. The largest event managed alone is the greatest number of casualties for which nine of ten events are "
    "managed, looked for on the understanding that more casualties are never easier. The interval is of the share of events (Wilson, 95 %).")
LIMITS = {"resus": "limit.red_min", "urgent_look": "limit.yellow_min", "theatre_lifesaving": "transfer.wait_limit_min"}
DAY_HOUR, NIGHT_HOUR = 10.0, 2.0
SHARE_LATE, SHARE_OF_EVENTS = 0.1, 0.9


@dataclass(frozen=True)
class Alone:
    """Largest event managed alone: casualties, the interval low to high, whether the search ended at its bound `most`, and the shares of events that
    were managed by number of casualties looked at."""

    hospital: str
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


def managed_events(city: City, scenario: Scenario, hospital: str, limits: Register, replications: int, **same: Any) -> int:
    """In how many events does the hospital manage alone?"""
    results = simulate(city, scenario, replications=replications, detail="casualty", unlimited=False, parameters=limits, **same)
    late, all_waits = np.zeros(replications), np.zeros(replications)
    first = int(results.out["replication"][0])
    for row in results.casualties:
        stage = str(row["stage"])
        if row["site"] == hospital and stage in LIMITS:
            k = int(row["replication"]) - first  # type: ignore[call-overload]
            minutes = float(row["end_min"]) - float(row["start_min"])  # type: ignore[arg-type]
            all_waits[k] += 1
            late[k] += row["ended_by"] == LIMIT or minutes > limits[LIMITS[stage]] + 1e-9
    return int((late <= SHARE_LATE * all_waits + 1e-9).sum())


def largest_alone(city: City, scenario: Scenario, hospital: str, *, night: bool | None = None, replications: int = 200, most: int = 1000,
                  parameters: Register | None = None, **same: Any) -> Alone:
    """The largest event that one hospital manages alone, by day or night (None: the scenario's hour); see DEFINITION. `most`: where the search ends."""
    if hospital not in {h.code for h in city.hospitals}:
        raise ScienceError.one("hospital", f"Unknown hospital {hospital!r}.", f"Known: {', '.join(sorted(h.code for h in city.hospitals))}.")
    limits = parameters or register()
    alone = replace(city, hospitals=(city.hospital(hospital),))
    hour = scenario.hour if night is None else (NIGHT_HOUR if night else DAY_HOUR)
    incident = replace(scenario, hour=hour, transfers=False)
    if not incident.scenes:
        most = min(most, incident.arrivals[0].number()) if incident.arrivals[0].minutes else most
    counts: dict[int, int] = {0: replications}

    def managed(n: int) -> int:
        if n not in counts:
            counts[n] = managed_events(alone, scaled(incident, n), hospital, limits, replications, **same)
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
    return Alone(hospital, best, min(low, best), max(high, best), best >= most, {n: c / replications for n, c in sorted(counts.items()) if n})
