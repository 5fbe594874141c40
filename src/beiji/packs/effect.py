"""What more of one capacity at one hospital changes when a scenario happens in the city: paired replications on the same draws.

Beside the hospital's name stand waits only, of the hospital and of the whole city: lives that more of it would save are lives that its lack costs. Needs the engine, so only the engine's own process and the command line load
it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from beiji.packs.effect_choices import MOST_UNITS, Question, kinds
from beiji.packs.library import Library
from beiji.packs.simulation import SimulationError, find_city, find_scenario, load_city, load_scenario
from beiji.science.experiment import Difference, compare
from beiji.science.gain import keys, one_more
from beiji.science.results import Results
from beiji.science.run import simulate
from beiji.science.summary import Bottleneck, places, plain

REPLICATIONS = 200
SEED = 1
#: Bottlenecks that are told, of the changed city.
MOST_BINDING = 5
#: Runs of unchanged cities that are kept for the next question.
MOST_KEPT = 16


@dataclass(frozen=True)
class Effect:
    """Differences (changed − unchanged) with their intervals; None where nobody got there in any event. `before`, `after`: the wait for the capacity at
    the hospital, None where nobody waited; `binds`: what is waited for most in the changed city."""

    red_door_to_bed_min: Difference | None
    time_to_theatre_min: Difference | None
    before: Bottleneck | None
    after: Bottleneck | None
    binds: tuple[Bottleneck, ...]
    illustrative: bool
    does_not_show: Mapping[str, str]
    provenance: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; numbers that do not exist are None, a difference says whether it is clear."""
        told: dict[str, Any] = plain(asdict(self))
        for name in ("red_door_to_bed_min", "time_to_theatre_min"):
            difference: Difference | None = getattr(self, name)
            if difference is not None:
                told[name]["clear"] = difference.clear
        return told


class Effects:
    """Answers questions from one set of packs; runs of unchanged cities are kept, so that a moved knob costs one run and not two."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._unchanged: dict[tuple[str, str], Results] = {}

    def answer(self, question: Question, cancel: threading.Event | None = None) -> Effect:
        """Raises SimulationError, PackError or ScienceError for what cannot be run, Cancelled when `cancel` is set."""
        pack = find_city(self.library, question.city)
        story = find_scenario(self.library, question.scenario)
        _refuse_foreign(question, list(pack.hospitals))
        city, scenario = load_city(pack), load_scenario(story)
        key = (pack.id, story.id)
        if key not in self._unchanged:
            results = simulate(city, scenario, replications=REPLICATIONS, seed=SEED, unlimited=False, cancel=cancel)
            if len(self._unchanged) >= MOST_KEPT:
                self._unchanged.clear()
            self._unchanged[key] = results
        base = self._unchanged[key]
        more = one_more(city, keys()[question.kind], units=question.units, only=question.hospital)
        other = simulate(more, scenario, replications=REPLICATIONS, seed=SEED, unlimited=False, cancel=cancel)
        provenance = {
            **{name: other.provenance[name] for name in ("seed", "replications", "deterioration", "policy", "rule", "parameters", "kernel")},
            "scenario": f"{story.id}@{story.version}", "city": f"{pack.id}@{pack.version}", "city_hash": pack.hash, "basis": "planned",
            "question": asdict(question),
        }  # fmt: skip
        return Effect(
            red_door_to_bed_min=_minutes(base, other, "red_time_to_bed_min"),
            time_to_theatre_min=_minutes(base, other, "time_to_theatre_min"),
            before=_wait(base, question),
            after=_wait(other, question),
            binds=_binding(other),
            illustrative=pack.header.illustrative,
            does_not_show=dict(story.does_not_show.by_language),
            provenance=provenance,
        )


def _refuse_foreign(question: Question, hospitals: list[str]) -> None:
    faults = []
    if question.hospital not in hospitals:
        faults.append(f'No hospital "{question.hospital}" in {question.city}.')
    if question.kind not in kinds() or question.kind not in keys():
        faults.append(f'"{question.kind}" is no capacity of a hospital.')
    if not 1 <= question.units <= MOST_UNITS:
        faults.append(f"Ask for 1 to {MOST_UNITS} more.")
    if faults:
        raise SimulationError(faults)


def _minutes(base: Results, other: Results, measure: str) -> Difference | None:
    difference = compare(base, other, measure)
    return difference if difference.n else None


def _wait(results: Results, question: Question) -> Bottleneck | None:
    return next((row for row in places(results) if (row.site, row.kind) == (question.hospital, question.kind)), None)


def _binding(results: Results) -> tuple[Bottleneck, ...]:
    hospitals = {str(row["hospital"]) for row in results.hospitals}
    return tuple([row for row in places(results) if row.site in hospitals][:MOST_BINDING])
