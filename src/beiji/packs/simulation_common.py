"""What loading a city and loading a scenario share: the error that names every fault, points on the map, exact numbers as floats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from beiji.packs.problems import did_you_mean
from beiji.packs.schemas.common import Datum
from beiji.science.city import Point

#: GCJ-02, the datum of Chinese map applications, lies about this far from WGS-84 in Jiangsu (degrees).
GCJ_SHIFT = (-0.0019, 0.0054)


class SimulationError(ValueError):
    """Packs or arguments that cannot be simulated; `faults` holds one finished sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


def number(value: Any) -> Any:
    """Exact numbers of packs as floats, timetables minute by minute; words stay words."""
    if isinstance(value, Fraction | int):
        return float(value)
    if isinstance(value, Mapping):
        return {float(minute): float(part) for minute, part in value.items()}
    return value


def point(datum: Datum) -> Point:
    lat, lon = float(datum.lat), float(datum.lon)
    if datum.datum == "gcj02":
        return Point(lat - GCJ_SHIFT[0], lon - GCJ_SHIFT[1])
    return Point(lat, lon)


def known(name: str, names: Iterable[str]) -> str:
    return did_you_mean(name, names) or f" There are: {', '.join(sorted(names)) or 'none'}."


def plain(value: Any) -> Any:
    """A number of a field that the schema does not type (Decimal, or a fraction as text) as float; words stay words."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return float(Fraction(value)) if value.replace("/", "", 1).isdigit() else value
    return float(value)


def deep(spec: Any) -> Any:
    """The same through mappings and lists."""
    if isinstance(spec, Mapping):
        return {key: deep(part) for key, part in spec.items()}
    return [deep(part) for part in spec] if isinstance(spec, list | tuple) else plain(spec)
