"""A scenario as a passive description: scenes, lists of given arrivals, casualties' mix, policy, overridden times. Frozen."""
from collections.abc import Mapping
from dataclasses import dataclass, field

from .city import Point, Timetable
from .draws import Law
from .parameters import register
from .pathway import Pathway
from .shifts import NAMES, is_night

COLOURS = ("red", "yellow", "green", "black")
POLICIES = ("nearest", "proportional", "spread", "concentrate", "table", "split")


@dataclass(frozen=True)
class Scene:
    """A place with casualties. `mix` by severity group, summing to one; `find`: minutes until reachable (None: register);
    crews and lanes as timetables by minute since the scene's start (None: register, from the first crew on; no lanes)."""

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
class LiveCasualty:
    """A casualty of a live picture at a site (scene or hospital code): `stage` he waits for or is in; `running_min`: minutes since it began
    (None: waits); `riding_until`: minute of expected arrival instead; `holding`: the stage whose place he still holds while waiting or in a service.

    What is known of the body: `done` stages, `exposure_min`, `needs` (bits) and `partial` (factor, minutes left). What is not known (template,
    rate, exposure) is drawn for his group. Ambulances of the city are those that can set out from now; one that rides with him comes free.
    """

    site: str
    stage: str | None = None
    running_min: float | None = None
    riding_until: float | None = None
    colour: str | None = None
    group: str | None = None
    template: int | None = None
    since_min: float = 0.0
    exposure_min: float | None = None
    holding: str | None = None
    done: tuple[str, ...] = ()
    needs: int | None = None
    partial: tuple[float, float] | None = None


@dataclass(frozen=True)
class Scenario:
    """An incident. `hour`: hour of the day at minute 0, decimal. `policy` None: the city's. `table`: (scene, colour) → ranked (hospital, quota);
    `split`: (scene, colour) → shares by hospital; scene "" and colour "" mean all. `service`: stage → law, overrides. `pathway`: replaces the standard one.
    `travel_min` overrides the city's minutes between codes. `grid_failure_min`: minute at which the city's power fails. `pool`: casualty templates (None: built for mechanism, rule and model)."""

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
    travel_factor: float = 1.0
    travel_min: Mapping[tuple[str, str], float] = field(default_factory=dict)
    transfers: bool = True

    @property
    def night(self) -> bool:
        """Do the night timetables hold at minute 0? By the register's hours of the shifts, and on a weekend or holiday round the clock."""
        own = {name: self.parameters.get(name, register()[name]) for name in NAMES}
        return is_night(self.hour, own)

    def casualties(self) -> int:
        """All casualties of the scenario."""
        return sum(s.casualties for s in self.scenes) + sum(a.number() for a in self.arrivals) + len(self.live)
