"""Scenarios: an incident for the engine (`packs/scenarios/*.yaml`, one per file). `simulation.py` gives it meaning."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict

from beiji.packs.schemas.common import Datum, Header, Id, Number, Part, Text, Whole, Word, refuse


def _hour(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", value):
        return value
    return refuse("P117", f'"{value}" is not a time of day. Write it as "05:50", in quotes.')


Hour = Annotated[str, BeforeValidator(_hour)]


class Scene(Part):
    """Where casualties are, and from which minute."""

    model_config = ConfigDict(extra="allow")

    id: Id
    at: Datum
    start_min: Whole = 0
    title: Text | None = None


class Casualties(Part):
    """How many casualties, of which severity and from what."""

    model_config = ConfigDict(extra="allow")

    count: Whole
    mix: dict[Literal["red", "yellow", "green", "black"], Number]
    mechanism: Word
    src: Word


class Arrivals(Part):
    """When casualties become reachable."""

    model_config = ConfigDict(extra="allow")

    curve: Word
    src: Word


class Scenario(Header):
    """One incident."""

    model_config = ConfigDict(extra="allow")

    kind: Literal["scenario"]
    hour: Hour
    scenes: tuple[Scene, ...]
    casualties: Casualties
    arrivals: Arrivals
    self_evacuation: Number
    shows: Text
    does_not_show: Text
    title: Text
    hash: Word = ""
