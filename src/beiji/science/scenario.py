"""A scenario as a passive description: scenes, lists of given arrivals, casualties' mix, policy, overridden times. Frozen."""
from collections.abc import Mapping
from dataclasses import dataclass, field

from .city import Point, Timetable
from .draws import Law
from .impaired import Impaired
from .live import LiveCasualty, LiveSite, LiveVehicle
from .parameters import register
from .pathway import Pathway
from .shifts import NAMES, is_night

COLOURS = ("red", "yellow", "green", "black")
SEASONS = ("spring", "summer", "autumn", "winter")
__all__ = ["COLOURS", "POLICIES", "SEASONS", "Arrivals", "LiveCasualty", "Scenario", "Scene"]
POLICIES = ("nearest", "proportional", "spread", "concentrate", "table", "split")


@dataclass(frozen=True)
class Scene:
    """A place with casualties. `mix` by severity group, summing to one; `find`: minutes until reachable (None: register);
    crews and lanes as timetables by minute since the scene's start (None: register, from the first crew on; no lanes); under- and overtriage at this place (None: the city's)."""

    code: str
    at: Point
    casualties: int
    start_min: float = 0.0
    mix: Mapping[str, float] | None = None
    find: Law | None = None
    contaminated: float = 0.0
    self_evacuation: float | None = None
    triage_crews: Timetable | None = None
    first_aid_crews: Timetable | None = None
    decon_lanes: Timetable | None = None
    undertriage: float | None = None
    overtriage: float | None = None
    bank: str | None = None


@dataclass(frozen=True)
class Arrivals:
    """Given arrivals at hospitals: an observed list of minutes, gaps between arrivals, or a curve (a law of the minute).

    `hospital` or `shares` (weight by hospital). `stage`: enter this stage directly (a textbook queue). `colours`: given colours, one per casualty
    or one for all; None: no tag yet. `groups`: severity groups likewise; None: drawn from the mix. `templates`: positions in the pool likewise.
    `since_min`: minutes from injury to arrival.
    """

    code: str
    minutes: tuple[float, ...] = ()
    count: int = 0
    gap: Law | None = None
    curve: Law | None = None
    start_min: float = 0.0
    hospital: str | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    stage: str | None = None
    colours: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    templates: tuple[int, ...] | None = None
    since_min: float = 0.0
    mix: Mapping[str, float] | None = None
    contaminated: float = 0.0

    def number(self) -> int:
        """Casualties of this list."""
        return len(self.minutes) or self.count


@dataclass(frozen=True)
class Scenario:
    """An incident. `hour`: hour of the day at minute 0, decimal. `clock_min`: the minute of the event at which the run starts, with `live` its casualties of
    that minute, `vehicles` its ambulances (None: the fleet sets out from its bases) and `live_sites` what is known of places; scenes then hold who has not
    been reached yet and lists who is still to come. `policy` None: the city's. `table`: (scene, colour) → ranked (hospital, quota);
    `split`: (scene, colour) → shares by hospital; scene "" and colour "" mean all. `service`: stage → law, overrides. `pathway`: replaces the standard one.
    `travel_min` overrides the city's minutes between codes. `grid_failure_min`: minute at which the city's power fails; `impaired`: hospitals that can do less than their timetable says. `season` is told and changes nothing. `pool`: casualty templates (None: built for mechanism, rule and model)."""

    code: str
    hour: float
    scenes: tuple[Scene, ...] = ()
    arrivals: tuple[Arrivals, ...] = ()
    live: tuple[LiveCasualty, ...] = ()
    mix: Mapping[str, float] = field(default_factory=lambda: {"red": 0.2, "yellow": 0.3, "green": 0.5})
    mechanism: str | Mapping[str, float] = "blunt-traffic"
    rule: str = "start"
    child_share: float | None = None
    policy: str | None = None
    table: Mapping[tuple[str, str], tuple[tuple[str, int], ...]] = field(default_factory=dict)
    split: Mapping[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)
    service: Mapping[str, Law] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    pathway: Pathway | None = None
    pool: object | None = None
    grid_failure_min: float | None = None
    impaired: tuple[Impaired, ...] = ()
    season: str = ""
    travel_factor: float = 1.0
    travel_min: Mapping[tuple[str, str], float] = field(default_factory=dict)
    transfers: bool = True
    clock_min: float = 0.0
    vehicles: tuple[LiveVehicle, ...] | None = None
    live_sites: Mapping[str, LiveSite] = field(default_factory=dict)

    @property
    def night(self) -> bool:
        """Do the night timetables hold at minute 0? By the register's hours of the shifts, and on a weekend or holiday round the clock."""
        own = {name: self.parameters.get(name, register()[name]) for name in NAMES}
        return is_night(self.hour, own)

    def casualties(self) -> int:
        """All casualties of the scenario."""
        return sum(s.casualties for s in self.scenes) + sum(a.number() for a in self.arrivals) + len(self.live)
