"""Spreads replications and variants over workers: threads, processes, or the machines of a Dask cluster.

A task is (variant, range of replications), a pure function of its arguments, so a task that is lost and run again gives the same numbers. Sums over
replications are integers, so the merged result equals the result of one machine bit for bit, whatever the cut.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np

from beiji.science.city import City
from beiji.science.errors import ScienceError
from beiji.science.results import Results
from beiji.science.run import SUMMED, simulate
from beiji.science.scenario import Scenario

#: Replications of a task: long enough that sending it costs little, short enough for progress and for a lost worker.
TASK_REPLICATIONS = 100


@dataclass(frozen=True)
class Task:
    """One range of replications of one variant; everything that `simulate` needs, and nothing else."""

    variant: str
    city: City
    scenario: Scenario
    seed: int
    first: int
    count: int
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """What a task gives back: arrays only, without the model, which the caller has."""

    variant: str
    first: int
    arrays: Mapping[str, np.ndarray[Any, Any]]


ARRAYS = ("out", "queue", "unit", "site", "loss", "histogram", "incision")


def run_task(task: Task) -> Part:
    """Run one task in this process, on one thread: the executor is the parallelism."""
    done = simulate(
        task.city,
        task.scenario,
        replications=task.count,
        seed=task.seed,
        first=task.first,
        threads=1,
        detail="summary",
        **task.options,
    )
    return Part(task.variant, task.first, {name: np.asarray(getattr(done, name)) for name in ARRAYS})


def spread(
    variants: Mapping[str, tuple[City, Scenario]],
    *,
    executor: Executor,
    replications: int,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    task_replications: int = TASK_REPLICATIONS,
    **options: Any,
) -> dict[str, Results]:
    """Run every variant on the same draws over the executor's workers; returns the results by variant.

    ``options`` are those of :func:`beiji.science.run.simulate` (deterioration, policy, horizon_min, parameters, unlimited). Raises
    :class:`ScienceError` naming the variant when one cannot run; the others are then cancelled.
    """
    if replications < 1 or task_replications < 1:
        raise ScienceError.one("replications", f"{min(replications, task_replications)} was given.", "Give 1 or more.")
    began = time.perf_counter()
    tasks = [
        Task(name, city, scenario, seed, first, min(task_replications, replications - first), options)
        for name, (city, scenario) in variants.items()
        for first in range(0, replications, task_replications)
    ]
    futures = {executor.submit(run_task, task): task for task in tasks}
    parts: dict[str, list[Part]] = {name: [] for name in variants}
    finished = 0
    try:
        for future in as_completed(futures):
            part = future.result()
            parts[part.variant].append(part)
            finished += len(part.arrays["out"])
            if progress is not None:
                progress(finished, replications * len(variants))
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    wall = time.perf_counter() - began
    return {name: _merged(variants[name], parts[name], seed, replications, wall, options) for name in variants}


def _merged(
    variant: tuple[City, Scenario],
    parts: list[Part],
    seed: int,
    replications: int,
    wall_s: float,
    options: Mapping[str, Any],
) -> Results:
    """One result from the parts: rows in order of replication, sums added field by field."""
    ordered = sorted(parts, key=lambda part: part.first)
    frame = simulate(*variant, replications=1, seed=seed, threads=1, detail="summary", **options)
    sums = {name: _added([part.arrays[name] for part in ordered]) for name in ARRAYS if name != "out"}
    return replace(
        frame,
        out=np.concatenate([part.arrays["out"] for part in ordered]),
        queue=sums["queue"],
        unit=sums["unit"],
        site=sums["site"],
        loss=sums["loss"],
        histogram=sums["histogram"],
        incision=sums["incision"],
        provenance={
            **frame.provenance,
            "replications": replications,
            "first": 0,
            "wall_s": wall_s,
            "threads": "spread",
        },
    )


def _added(arrays: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    total = arrays[0].copy()
    names = next((fields for fields in SUMMED.values() if total.dtype.names and fields[0] in total.dtype.names), None)
    if names is None:
        return np.asarray(sum(arrays))
    for name in names:
        total[name] = sum(array[name] for array in arrays)
    return total


def dask_executor(address: str) -> Executor:
    """An executor over the workers of a Dask cluster, by the address of its scheduler (``tcp://host:8786``) or ``local``.

    Raises :class:`ScienceError` when Dask is not installed or nobody answers.
    """
    try:
        client_class: Any = import_module("distributed").Client
    except ImportError:
        raise ScienceError.one(
            "cluster",
            "Dask is not installed here.",
            "Install it with: pip install distributed, on this machine and on every worker.",
        ) from None
    try:
        client = client_class(processes=False) if address == "local" else client_class(address, timeout="10s")
    except OSError as error:
        raise ScienceError.one(
            "cluster", f"No scheduler answers at {address} ({error}).", "Start one with: dask scheduler"
        ) from None
    executor: Executor = client.get_executor()
    return executor
