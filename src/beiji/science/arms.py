"""Arms of an experiment: the city with some changes made, run on the same events as the city without them, over a portfolio of incidents.

A value is the expected number of survivors of one event: of every scenario the event with the same number, weighted by the scenario's share. Events are
independent of each other, so that a difference has its interval over events. What an arm was run for is kept, so that more events cost only what is new.
"""
from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import fsum

import numpy as np

from .city import City
from .errors import Problem, ScienceError
from .parameters import Register, register
from .results import Results
from .run import prepare, run_model
from .scenario import Scenario

Progress = Callable[[int, int], None]
NOTHING: frozenset[str] = frozenset()
WEIGHTS_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Change:
    """Something that could be done: a name and what it makes of the city. `days` and `money` only where a named person confirmed them. `places`: hospitals
    that it changes and that it names; empty for a change of the whole city. What such a change is worth is told as an order, never in lives."""

    name: str
    city: Callable[[City], City]
    days: float | None = None
    money: float | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """Under which assumptions an event is run: a model of deterioration, and a draw of the register's ranges (None: its own values)."""

    model: str = "sacco"
    draw: int | None = None


def checked_weights(scenarios: Sequence[Scenario], weights: Sequence[float] | None) -> tuple[float, ...]:
    """A share for each scenario; equal ones if none are given. Raises ScienceError."""
    if not scenarios:
        raise ScienceError.one("scenarios", "No scenario was given.", "Give at least one scenario.")
    codes = [s.code for s in scenarios]
    if len(set(codes)) < len(codes):
        raise ScienceError.one("scenarios", "A scenario was given twice.", "Give each once, and its share as a weight.")
    if weights is None:
        return tuple(1.0 / len(scenarios) for _ in scenarios)
    if len(weights) != len(scenarios):
        raise ScienceError.one("weights", f"There are {len(scenarios)} scenarios and {len(weights)} weights.", "Give one weight for each scenario.")
    if not all(np.isfinite(w) and w >= 0 for w in weights) or abs(fsum(weights) - 1.0) > WEIGHTS_TOLERANCE:
        raise ScienceError.one("weights", f"The weights are {', '.join(f'{w:g}' for w in weights)} and sum to {fsum(weights):g}.", "Give shares from 0 to 1 that sum to 1.")
    return tuple(float(w) for w in weights)


@dataclass
class Bench:
    """Runs arms. `changes` by name; an arm is a set of names, made in the order in which the changes were given. One thread or two: the same numbers."""

    city: City
    scenarios: Sequence[Scenario]
    changes: Sequence[Change]
    weights: Sequence[float]
    seed: int = 1
    parameters: Register | None = None
    policy: str | None = None
    horizon_min: float | None = None
    threads: int | None = None
    progress: Progress | None = None
    cancel: threading.Event | None = None
    runs: int = 0
    _kept: dict[tuple[Setting, frozenset[str], str], np.ndarray] = field(default_factory=dict)
    _registers: dict[int, Register] = field(default_factory=dict)

    def with_changes(self, arm: Iterable[str]) -> City:
        """The city with the changes of an arm."""
        town, names = self.city, set(arm)
        for change in self.changes:
            if change.name in names:
                town = change.city(town)
        return town

    def lives(self, arms: Sequence[frozenset[str]], events: int, setting: Setting = Setting()) -> dict[frozenset[str], np.ndarray]:
        """Expected survivors in each of the first so many events, by arm."""
        return {arm: np.asarray(sum(w * part for w, part in zip(self.weights, parts, strict=True)))
                for arm, parts in self.by_scenario(arms, events, setting).items()}

    def by_scenario(self, arms: Sequence[frozenset[str]], events: int, setting: Setting = Setting()) -> dict[frozenset[str], list[np.ndarray]]:
        """The same, a row of events for each scenario."""
        wanted = [(setting, arm, s) for arm in dict.fromkeys(arms) for s in self.scenarios if self._done((setting, arm, s.code)) < events]
        if wanted:
            limits = self._limits(setting)
            done, lock = [0], threading.Lock()

            def task(job: tuple[Setting, frozenset[str], Scenario]) -> None:
                self._extend(job, events, limits)
                with lock:
                    done[0] += 1
                    if self.progress is not None:
                        self.progress(done[0], len(wanted))

            task(wanted[0])     # alone: the compiled engine is loaded once
            threads = self.threads or min(os.cpu_count() or 1, 64)
            with ThreadPoolExecutor(threads, thread_name_prefix="beiji-rank") as executor:
                try:
                    for _ in executor.map(task, wanted[1:]):
                        pass
                except BaseException:
                    executor.shutdown(wait=False, cancel_futures=True)
                    raise
        return {arm: [self._kept[setting, arm, s.code][:events] for s in self.scenarios] for arm in arms}

    def _done(self, key: tuple[Setting, frozenset[str], str]) -> int:
        return len(self._kept.get(key, ()))

    def _limits(self, setting: Setting) -> Register | None:
        if setting.draw is None:
            return self.parameters
        if setting.draw not in self._registers:
            self._registers[setting.draw] = (self.parameters or register()).sampled(setting.draw, seed=self.seed)
        return self._registers[setting.draw]

    def _extend(self, job: tuple[Setting, frozenset[str], Scenario], events: int, limits: Register | None) -> None:
        """Run what is still missing of an arm in one scenario; a fault of it names the arm."""
        setting, arm, scenario = job
        key = (setting, arm, scenario.code)
        first = self._done(key)
        try:
            model = prepare(self.with_changes(arm), scenario, deterioration=setting.model, policy=self.policy, horizon_min=self.horizon_min, parameters=limits)
        except ScienceError as error:
            raise ScienceError([Problem(" + ".join([*sorted(arm), p.where]), p.what, p.mend, p.code) for p in error.problems]) from error
        out, sums, _ = run_model(model, replications=events - first, seed=self.seed, first=first, threads=1, unlimited=False, cancel=self.cancel)
        if arm == NOTHING and scenario.pathway is None and not out["beds"].any():
            horizon = float(model.sim.par["horizon"][0])
            raise ScienceError.one(f"scenario {scenario.code}", f"Nobody is treated in a hospital within {horizon:g} minutes, so no change can show.", "Give a later horizon.")
        part = Results(model, out, sums["queue"], sums["unit"], sums["site"], sums["loss"], sums["histogram"], {}).measure("survivors")
        self._kept[key] = np.concatenate([self._kept[key], part]) if first else part
        self.runs += events - first
