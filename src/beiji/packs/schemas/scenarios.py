"""Scenarios: an incident for the engine (`packs/scenarios/*.yaml`, one per file).

The names of all fields stand here, so that a misspelt one is refused wherever a scenario is read. What a field typed `Any` may hold is checked by
`simulation_scenario.py`, which knows the engine's laws, policies and mechanisms.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from beiji.packs.schemas.common import Datum, Header, Id, Number, Part, Text, Whole, Word, refuse


def _hour(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", value):
        return value
    return refuse("P117", f'"{value}" is not a time of day. Write it as "05:50", in quotes.')


def _cited(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Hour = Annotated[str, BeforeValidator(_hour)]
#: One source or several: ids under `sources`, or `assumption/<id>` under `assumptions`.
Cited = Annotated[tuple[Word, ...], BeforeValidator(_cited)]
Season = Literal["spring", "summer", "autumn", "winter"]


class Scene(Part):
    """Where casualties are, and from which minute."""

    id: Id
    at: Datum
    start_min: Whole = 0
    title: Text | None = None
    share: Any = None
    mix: Any = None
    contaminated: Any = None
    self_evacuation: Any = None
    find: Any = None
    decon_lanes: Any = None
    triage_crews: Any = None
    first_aid_crews: Any = None
    undertriage: Any = None
    overtriage: Any = None


class Casualties(Part):
    """How many casualties, of which severity and from what."""

    count: Whole
    mix: dict[Literal["red", "yellow", "green", "black"], Number]
    mechanism: Word
    src: Cited
    mechanisms: Any = None
    contaminated: Any = None
    child_share: Any = None


class Arrivals(Part):
    """When casualties become reachable."""

    curve: Word
    src: Cited
    find: Any = None


class Observed(Part):
    """Arrivals as they were observed at one hospital, in place of or beside the scenes."""

    id: Any = None
    hospital: Any = None
    minutes: Any = None
    colours: Any = None


class HospitalArrivals(Part):
    """Casualties who come to hospitals by a law: of the gaps between them, or of their minutes; with a stage, into that stage."""

    id: Any = None
    count: Any = None
    gap: Any = None
    curve: Any = None
    hospital: Any = None
    shares: Any = None
    start_min: Any = None
    since_min: Any = None
    mix: Any = None
    colour: Any = None
    stage: Any = None
    contaminated: Any = None


class TravelRow(Part):
    """Given minutes between two places: scenes, hospitals or bases."""

    origin: Any = Field(default=None, alias="from")
    to: Any = None
    minutes: Any = None


class TableRow(Part):
    """Ranked hospitals with the number each may get; scene and colour left out mean all."""

    scene: Any = None
    colour: Any = None
    hospitals: Any = None


class SplitRow(Part):
    """Shares by hospital; scene and colour left out mean all."""

    scene: Any = None
    colour: Any = None
    shares: Any = None


class ImpairedRow(Part):
    """A hospital that can do less in this incident than its timetable says: damaged, without power or network, closed to some."""

    hospital: Word
    accepts: tuple[Literal["red", "yellow", "green"], ...] | None = None
    grid_failure_min: Any = None
    values: dict[Word, Any] = {}
    left: dict[Word, Any] = {}


class Scenario(Header):
    """One incident."""

    kind: Literal["scenario"]
    hour: Hour
    season: Season
    scenes: tuple[Scene, ...]
    casualties: Casualties
    arrivals: Arrivals
    self_evacuation: Number
    shows: Text
    does_not_show: Text
    title: Text
    weather: Any = None
    policy: Any = None
    triage_rule: Any = None
    grid_failure_min: Any = None
    impaired: tuple[ImpairedRow, ...] = ()
    observed: tuple[Observed, ...] = ()
    hospital_arrivals: tuple[HospitalArrivals, ...] = ()
    travel_min: tuple[TravelRow, ...] = ()
    parameters: dict[Word, Any] = {}
    service: dict[Word, Any] = {}
    table: tuple[TableRow, ...] = ()
    split: tuple[SplitRow, ...] = ()
    src: dict[Word, Cited] = {}
    assumptions: dict[Word, Text] = {}
    sources: dict[Word, dict[Word, Any]] = {}
    hash: Word = ""
