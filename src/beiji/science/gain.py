"""What one more of each would be worth: paired with the run itself, on the same draws. Waiting says where people stand; only this says what helps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from beiji.science.city import City
from beiji.science.errors import ScienceError
from beiji.science.parameters import register
from beiji.science.pathway import standard_pathway
from beiji.science.run import BLOCK, simulate
from beiji.science.scenario import Scenario
from beiji.science.tally import Tally

CITY_KEYS: Mapping[str, str] = {"ambulances": "city.ambulances"}
LIFE_GRAIN = 1e-6


@dataclass(frozen=True)
class Gain:
    """Expected lives saved an event by one more of a kind at every hospital that has the key (ambulances: one more in the city), with the 95 % interval."""

    kind: str
    lives: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Does the interval leave out zero?"""
        return not self.low <= 0.0 <= self.high


def keys() -> dict[str, str]:
    """Kind → engine key, for every kind of which a city can have one more."""
    return {kind.name: kind.key for kind in standard_pathway(register()).kinds if kind.key} | dict(CITY_KEYS)


def one_more(city: City, key: str, *, units: int = 1, only: str = "") -> City:
    """The city with one more unit of a key (or several) at every minute, day and night, at every hospital that has the key, or of its own; ``only``: at
    this hospital alone, which may have had none."""

    def more(values: Mapping[str, Any], *, begins: bool = False) -> dict[str, Any]:
        given = values.get(key, 0 if begins else None)
        if given is None or isinstance(given, str):
            return dict(values)
        table = {m: v + units for m, v in given.items()} if isinstance(given, Mapping) else given + units
        return {**values, key: table}

    if key.startswith("city."):
        return replace(city, day=more(city.day), night=more(city.night))
    changed = tuple(
        replace(h, day=more(h.day, begins=bool(only)), night=more(h.night, begins=bool(only))) if only in ("", h.code) else h
        for h in city.hospitals
    )
    return replace(city, hospitals=changed)


def gains(city: City, scenario: Scenario, kinds: Iterable[str], *, replications: int, **same: Any) -> tuple[Gain, ...]:
    """Lives saved by one more of each kind, most first; kinds that no city key feeds are left out. Options as of `simulate`."""
    if replications > BLOCK:
        raise ScienceError.one("gain", f"{replications:,} replications are too many to be held in pairs.", f"Give at most {BLOCK:,}.")

    def survivors(town: City) -> Any:
        return simulate(town, scenario, replications=replications, unlimited=False, **same).measure("survivors")

    known, before, made = keys(), survivors(city), []
    for kind in kinds:
        if kind not in known:
            continue
        tally = Tally(LIFE_GRAIN)
        tally.add(survivors(one_more(city, known[kind])) - before)
        made.append(Gain(kind, tally.mean, *tally.interval()))
    return tuple(sorted(made, key=lambda gain: (-gain.lives, gain.kind)))
