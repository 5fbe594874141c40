"""What can be asked of a reference scenario: which scenarios there are, and of which capacities a hospital can have more. Needs no engine."""

from __future__ import annotations

from dataclasses import dataclass

from beiji.packs.engine_keys import engine_keys
from beiji.packs.faults import build
from beiji.packs.library import packs_root
from beiji.packs.schemas.scenarios import Scenario
from beiji.packs.strict import read
from beiji.science.words import table

#: Units more of one capacity that can be asked about.
MOST_UNITS = 20


@dataclass(frozen=True)
class Question:
    """`units` more of the capacity `kind` at a hospital, at every minute, day and night: what changes when a scenario happens in the city?"""

    city: str
    scenario: str
    hospital: str
    kind: str
    units: int


def kinds() -> tuple[str, ...]:
    """Capacities of a hospital that have a timetable, by the words of the engine, in the order of the register of keys."""
    names = (
        row.key.partition(".")[2]
        for row in engine_keys().values()
        if (row.scope, row.kind) == ("hospital", "timetable")
    )
    return tuple(name for name in names if name in table("en"))


def scenarios() -> dict[str, dict[str, str]]:
    """The titles of the installed scenarios by id; one that cannot be read is left out, `beiji pack check` says why."""
    folder = packs_root() / "scenarios"
    titles: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        source = read(path, folder.parent)
        scenario = build(Scenario, source) if source.data is not None else None
        if scenario is not None and not source.problems:
            titles[scenario.id] = dict(scenario.title.by_language)
    return titles
