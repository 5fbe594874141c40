"""A live picture: what is known of an event at a minute of its clock, from which a run can start. Frozen; made by hand from what is reported, or by
`Session.picture`. What is not known is left out and drawn, given how long things have lasted already."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .capacity import Step

if TYPE_CHECKING:
    from .scenario import Scenario

IDLE, COMING, HANDING_OVER, PARKED, CREW_HOME = "idle", "coming", "handing_over", "parked", "crew_home"
SEATS = ("", "room", "vehicle")
VEHICLE_STATES = (IDLE, COMING, HANDING_OVER, PARKED, CREW_HOME)


@dataclass(frozen=True)
class LiveCare:
    """Care that began with less than everything: `strength` 0 … 1 of the team, `took` units of each kind of the station (a nurse in whole ones),
    `beside`: the kind of place he lies in instead of his own, `dose`: share of the blood he was to have."""

    strength: float = 1.0
    took: Mapping[str, float] | None = None
    beside: str | None = None
    dose: float = 1.0


@dataclass(frozen=True)
class LiveMove:
    """A secondary transfer that is decided: to which hospital, for which stage, whether its place is kept there, and from where he rides if he does."""

    to: str
    stage: str
    kept: bool = False
    origin: str | None = None


@dataclass(frozen=True)
class LiveCasualty:
    """A casualty of a live picture at a site (scene or hospital code): `stage` he waits for or is in; `running_min`: minutes that it has run, in
    minutes of a full team (None: waits). Riding instead: `site` is where he goes, `riding_until` the minutes until he arrives if that is known, else
    `ridden_min` since he left `origin`. At a scene without a stage or a ride: not reached yet, and not left on foot. `left`: he has left care.

    `holding`: the stage whose place he still holds while waiting or in a service; `path`: the path of the stage where it is not his colour's.
    What is known of the body: `done` stages, `exposure_min`, `rate`, `needs` (bits) and `partial` (factor, minutes left). What is not known (template,
    rate, exposure) is drawn for his group. `since_min`: minutes since his injury, below 0 where it is still to come. `order`: his place in the order of seniority at his site (None: longest since injury first).
    `counts_as`: the colour he counts as for his hospital's front door, "" where he counts no more (None: by his stage). `alone`: came or leaves on
    foot (None: drawn); who rides and is not alone brings an ambulance. `moved`: earlier transfers. `id`: the draws' identity (None: his number).
    `notice_in`, `check_in`: minutes until the round notices that he is worse, or he looks for another hospital (None: by the model's rule).
    `seat`: room or vehicle, where the waiting room is limited and he waits for first care.
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
    path: str | None = None
    ridden_min: float | None = None
    origin: str | None = None
    left: bool = False
    rate: float | None = None
    order: int | None = None
    counts_as: str | None = None
    alone: bool | None = None
    moved: int = 0
    id: int | None = None
    waited_min: float = 0.0
    notice_in: float | None = None
    check_in: float | None = None
    care: LiveCare | None = None
    seat: str = ""
    move: LiveMove | None = None


@dataclass(frozen=True)
class LiveVehicle:
    """An ambulance without a casualty: idle at a scene (who loads there is counted too), coming to a scene in `minutes`, handing over at a hospital
    for so many, parked at a hospital. `crew_home`: a transfer crew that will be back at its hospital in `minutes`."""

    at: str
    state: str = IDLE
    minutes: float = 0.0


@dataclass(frozen=True)
class LiveSite:
    """What is known of a hospital or scene now: `capacity` by kind (kinds not named: what the timetable has come to), `taken` by patients of before or
    used up, `clears`: of the places taken at the alert those that are cleared in quarters, `without_power`: what comes back with the power.

    `steps`: the changes still to come (None: those of the timetable). `pace`: call-in pace, known from who has come; None: drawn, above `pace_over`
    (nobody called has come although the first were due after so many times the plan). `accepts` colours by ambulance (None: as the city says);
    `sent` (colour, hospital) → casualties sent from this scene so far, for the policies table and split."""

    capacity: Mapping[str, float] = field(default_factory=dict)
    taken: Mapping[str, float] = field(default_factory=dict)
    clears: Mapping[str, float] = field(default_factory=dict)
    without_power: Mapping[str, float] = field(default_factory=dict)
    steps: tuple[Step, ...] | None = None
    pace: float | None = None
    pace_over: float = 0.0
    accepts: frozenset[str] | None = None
    sent: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """An event at minute `clock_min` of its clock. `onto` makes the scenario that starts there."""

    clock_min: float
    casualties: tuple[LiveCasualty, ...]
    vehicles: tuple[LiveVehicle, ...] | None = None
    sites: Mapping[str, LiveSite] = field(default_factory=dict)

    def onto(self, scenario: Scenario) -> Scenario:
        """The scenario from this minute on: all its casualties, those still to come too, are those of the picture."""
        scenes = tuple(replace(s, casualties=0) for s in scenario.scenes)
        return replace(scenario, clock_min=self.clock_min, live=self.casualties, vehicles=self.vehicles, live_sites=self.sites, scenes=scenes, arrivals=())
