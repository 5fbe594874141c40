"""A city as a passive description: hospitals, ambulance bases, travel. Frozen; state lives only in the kernel."""
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Timetable = Mapping[float, float]
"""Value by minute since the hospital's declaration; the entry at 0 holds from the alert on."""

EARTH_KM = 6371.0088


@dataclass(frozen=True)
class Point:
    """Place on the map, degrees WGS84."""

    lat: float
    lon: float

    def km(self, other: "Point") -> float:
        """Great-circle distance."""
        a, b = math.radians(self.lat), math.radians(other.lat)
        h = math.sin((a - b) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(self.lon - other.lon) / 2) ** 2
        return 2 * EARTH_KM * math.asin(math.sqrt(h))


@dataclass(frozen=True)
class Hospital:
    """A hospital. `day` and `night` give engine keys of engine-keys.csv: timetables as {minute: value}, scalars as numbers.

    `level` orders hospitals for policies (highest = the centre to protect or to concentrate on); `accepts` colours as words,
    `accepts_children` those that it takes of children besides;
    `activation`: standby, partial, full, over. `occupied_beds`: for reverse triage; None: free beds and the register's occupancy.
    `bank`: side of the river, for travel; None: no crossing counts. `grid_failure_min`: minute at which its own power fails (None: the scenario's, if any).
    """

    code: str
    at: Point
    level: int
    day: Mapping[str, float | Timetable]
    night: Mapping[str, float | Timetable]
    accepts: frozenset[str] = frozenset({"red", "yellow", "green"})
    accepts_children: frozenset[str] = frozenset()
    activation: str = "full"
    occupied_beds: int | None = None
    bank: str | None = None
    grid_failure_min: float | None = None

    def values(self, night: bool) -> Mapping[str, float | Timetable]:
        """The keys that hold at the hour of the incident."""
        return self.night if night else self.day


@dataclass(frozen=True)
class Base:
    """An ambulance station; `weight` is its share of the city's fleet."""

    code: str
    at: Point
    weight: float = 1.0
    bank: str | None = None


@dataclass(frozen=True)
class City:
    """Hospitals, bases, city.* keys (city.ambulances may be a timetable: vehicles that can leave by minute). `travel_min` overrides computed
    minutes between codes (scene, hospital or base), at factor 1; math.inf: no way."""

    code: str
    hospitals: tuple[Hospital, ...]
    bases: tuple[Base, ...] = ()
    day: Mapping[str, float | str | Timetable] = field(default_factory=dict)
    night: Mapping[str, float | str | Timetable] = field(default_factory=dict)
    travel_min: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def values(self, night: bool) -> Mapping[str, float | str | Timetable]:
        """The city's keys that hold at the hour of the incident."""
        return self.night if night else self.day

    def hospital(self, code: str) -> Hospital:
        """A hospital by code. Raises KeyError naming those there are."""
        for hospital in self.hospitals:
            if hospital.code == code:
                return hospital
        raise KeyError(f"No hospital {code!r} in {self.code}; there are: {', '.join(sorted(h.code for h in self.hospitals))}.")

    def with_hospital(self, code: str, values: Mapping[str, float | Timetable], **fields: object) -> "City":
        """The same city with some keys (day and night) or fields of one hospital replaced; code "" replaces in all."""
        if code:
            self.hospital(code)

        def changed(h: Hospital) -> Hospital:
            if code not in ("", h.code):
                return h
            return replace(h, day={**h.day, **values}, night={**h.night, **values}, **fields)  # type: ignore[arg-type]
        return replace(self, hospitals=tuple(changed(h) for h in self.hospitals))
