"""Running replications: threads over chunks, progress, cancel. A result is a function of (seed, replication) and data only."""
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Any

import numpy as np

from . import impaired, shifts
from .build import Model, build, policy_of
from .check import check, check_run
from .city import City
from .compiled import mend, remember
from .errors import Cancelled, ScienceError
from .kernel.records import Sim
from .parameters import Register, register
from .pathway import standard_pathway
from .results import Results
from .scenario import Scenario

Progress = Callable[[int, int], None]
MOST_POOLS = 16
MOST_STORIES = 1_000_000         # casualties told wait by wait in one run: about a kilobyte each
CHUNK_S = 0.05                   # a chunk is about so long, so that cancel and progress are prompt
EVENTS_PER_S = 4e6
PENDING_CHUNKS = 4               # handed out a thread before the next are: a long run's plan is no list of a million futures
FAULTS = {1: "More events were pending than the calendar holds.", 2: "A casualty found no hospital that can be reached."}


_POOLS: dict[tuple[object, ...], object] = {}


def _pool(scenario: Scenario, model: str, parameters: Register) -> object:
    """Casualty templates of a scenario, kept for the next call with the same data."""
    from .casualties import build_pool
    mechanism = scenario.mechanism if isinstance(scenario.mechanism, str) else tuple(sorted(scenario.mechanism.items()))
    key = (mechanism, scenario.rule, model, scenario.child_share, parameters.digest)
    if key not in _POOLS:
        if len(_POOLS) >= MOST_POOLS:
            _POOLS.clear()
        _POOLS[key] = build_pool(mechanism=scenario.mechanism, rule=scenario.rule, model=model, child_share=scenario.child_share, parameters=parameters)
    return _POOLS[key]


def prepare(city: City, scenario: Scenario, *, deterioration: str = "sacco", policy: str | None = None, horizon_min: float | None = None,
            parameters: Register | None = None) -> Model:
    """Check, then build the arrays. Raises ScienceError with all problems at once."""
    chosen = parameters or register()
    if parameters is not None:
        scenario = replace(scenario, parameters={**{name: parameters[name] for name in shifts.NAMES}, **scenario.parameters})
    if scenario.travel_min:
        city = replace(city, travel_min={**city.travel_min, **scenario.travel_min})
    problems = [*impaired.faults(city, scenario.impaired)]
    if not problems:
        city = impaired.impaired_city(city, scenario.impaired)
        problems = check(city, scenario, deterioration=deterioration, policy=policy, horizon_min=horizon_min, parameters=chosen)
    if problems:
        raise ScienceError(problems)
    if scenario.parameters:
        chosen = chosen.with_values(scenario.parameters)
    pool = scenario.pool or _pool(scenario, deterioration, chosen)
    horizon = float(horizon_min if horizon_min is not None else chosen["run.horizon_min"])
    return build(city, scenario, pool=pool, parameters=chosen, policy=policy, horizon_min=horizon)


def chunks(replications: int, threads: int, casualties: int) -> list[tuple[int, int]]:
    """(first, count) of each chunk: short enough for progress, enough of them for all threads."""
    size = max(1, int(CHUNK_S * EVENTS_PER_S / max(1, casualties * 10)))
    size = max(1, min(size, -(-replications // threads)))
    return [(k, min(size, replications - k)) for k in range(0, replications, size)]


class _Runner:
    """Runs chunks: arrays are made once a thread, rows of results go to their places, sums are taken over threads at the end."""

    def __init__(self, model: Model, out: np.ndarray, *, seed: int, first: int, unlimited: bool, trace: bool, progress: Progress | None,
                 cancel: threading.Event | None) -> None:
        self.models = [model, model.unlimited()] if unlimited else [model]
        self.out, self.seed, self.first, self.trace = out, seed, first, trace
        self.progress, self.cancel = progress, cancel
        self.local, self.lock = threading.local(), threading.Lock()
        self.made: list[list[Sim]] = []
        self.traces: dict[int, np.ndarray] = {}
        self.bodies: dict[int, np.ndarray] = {}
        self.done = 0
        self.stopped = False

    def spread(self, plan: list[tuple[int, int]], threads: int) -> None:
        """All chunks over threads. Whatever ends the wait, also an interrupt, stops every thread at the end of its chunk: within a tenth of a second."""
        with ThreadPoolExecutor(threads, thread_name_prefix="beiji-run") as executor:
            try:
                pending: set[Future[None]] = set()
                for piece in plan:
                    pending.add(executor.submit(self.chunk, piece))
                    if len(pending) >= PENDING_CHUNKS * threads:
                        finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                        for future in finished:
                            future.result()
                for future in pending:
                    future.result()
            except BaseException:
                self.stopped = True
                executor.shutdown(wait=False, cancel_futures=True)
                raise

    def sims(self) -> list[Sim]:
        """This thread's arrays."""
        if not hasattr(self.local, "own"):
            own = [m.fresh(m.trace_lines if self.trace and k == 0 else 0) for k, m in enumerate(self.models)]
            self.local.own = own
            with self.lock:
                self.made.append(own)
        found: list[Sim] = self.local.own
        return found

    def call(self, sim: Sim, first: int, out: np.ndarray) -> None:
        """One call of the kernel; a fault of it becomes an error."""
        from .kernel import codes, command
        fault = command(sim, codes.RUN, np.int64(self.seed), np.int64(self.first + first), np.int64(0), 0.0, out)
        if fault:
            raise ScienceError.one("run", FAULTS[fault], "Report this with the scenario: it is a fault of the engine.")

    def chunk(self, piece: tuple[int, int]) -> None:
        """Some replications, and the same in the reference of unlimited hospitals."""
        at, count = piece
        if self.stopped or (self.cancel is not None and self.cancel.is_set()):
            return
        own = self.sims()
        self.call(own[0], at, self.out[at:at + count])
        if len(own) > 1:
            ideal = np.zeros(count, self.out.dtype)
            self.call(own[1], at, ideal)
            self.out["unlimited_q"][at:at + count] = ideal["survivors_q"]
            self.out["unlimited_lived"][at:at + count] = ideal["lived"]
        if self.trace:
            self.traces[at] = written(own[0])
            self.bodies[at] = np.array(own[0].body[list(TOLD)])
        with self.lock:
            self.done += count
            if self.progress is not None:
                self.progress(self.done, len(self.out))


def run_model(model: Model, *, replications: int, seed: int, first: int = 0, threads: int = 1, unlimited: bool = True, trace: bool = False,
              progress: Progress | None = None, cancel: threading.Event | None = None,
              plan: list[tuple[int, int]] | None = None,
              bodies: list[np.ndarray] | None = None) -> tuple[np.ndarray, dict[str, np.ndarray], list[np.ndarray]]:
    """Rows of results, sums over replications, traces. Sums are integers, so that they do not depend on chunks or threads."""
    from .kernel.records import OUT
    plan = plan or ([(k, 1) for k in range(replications)] if trace else chunks(replications, threads, int(model.sim.par["casualties"][0])))
    out = np.zeros(replications, OUT)
    runner = _Runner(model, out, seed=seed, first=first, unlimited=unlimited, trace=trace, progress=progress, cancel=cancel)
    if threads == 1:
        for piece in plan:
            runner.chunk(piece)
    else:
        runner.spread(plan, threads)
    if runner.done < replications:
        raise Cancelled(runner.done, replications)
    if bodies is not None:
        bodies += [runner.bodies[k] for k in sorted(runner.bodies)]
    return out, _sums([own[0] for own in runner.made]), [runner.traces[k] for k in sorted(runner.traces)]


def written(sim: Sim) -> np.ndarray:
    """The lines of a trace so far. Raises ScienceError when it was too short: a story is never cut silently."""
    lines = int(sim.control["traced"][0])
    if lines >= len(sim.trace) > 0:
        raise ScienceError.one("detail", f"A trace of {len(sim.trace):,} lines was too short.", "Report this with the scenario: it is a fault of the engine.")
    return np.array(sim.trace[:lines])


#: What is kept of a casualty at the end of a replication that is told in full.
TOLD = ("template", "q", "dead", "arrived_at", "operated", "moved")
SUMMED = {"queue": ("ended", "wait_q", "longest_total", "lack_q"), "unit": ("saturated_n", "saturated_q", "lacked_q", "peak_total"),
          "site": ("arrived_total", "arrived_squares", "peak_load_total", "arrived_lane")}


def _sums(sims: list[Sim]) -> dict[str, np.ndarray]:
    """Sums of all threads."""
    total: dict[str, np.ndarray] = {}
    for name, fields in SUMMED.items():
        arrays = [np.asarray(getattr(s, name)) for s in sims]
        total[name] = arrays[0].copy()
        for field in fields:
            total[name][field] = np.sum([a[field] for a in arrays], axis=0)
    for name in ("loss", "histogram", "incision"):
        total[name] = np.sum([np.asarray(getattr(s, name)) for s in sims], axis=0)
    return total


def warm(report: Callable[[str], None] | None = None) -> float:
    """Compile the kernel into its cache folder, in a child process: the compiler holds the interpreter for a quarter of a minute and must never do so
    inside a web process. Seconds it took; about half a second when the cache is warm already. `report` gets a sentence before it begins."""
    if report is not None:
        report("The engine is being compiled for this machine; this takes about a quarter of a minute, once.")
    began = time.perf_counter()
    program = "from beiji.science.run import _warm_here; _warm_here()"
    path = os.pathsep.join(p for p in sys.path if p)
    done = subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ScienceError.one("warm", f"The engine could not be compiled: {done.stderr.strip().splitlines()[-1:]}", "See the installation notes of Numba.")
    return time.perf_counter() - began


def _warm_here() -> None:
    """One replication of the smallest incident, so that the machine code is made and kept."""
    from .city import Hospital, Point
    from .scenario import Arrivals
    keys = {k.key: 1.0 for k in standard_pathway(register()).kinds if k.key}
    town = City("warm", (Hospital("h", Point(0, 0), 1, keys, keys),))
    simulate(town, Scenario("warm", 10.0, arrivals=(Arrivals("a", minutes=(0.0,), hospital="h"),)), replications=1, threads=1)


def simulate(city: City, scenario: Scenario, *, replications: int = 200, seed: int = 1, deterioration: str = "sacco", policy: str | None = None,
             horizon_min: float | None = None, detail: str = "summary", threads: int | None = None,
             progress: Progress | None = None, cancel: threading.Event | None = None,
             parameters: Register | None = None, unlimited: bool = True, first: int = 0) -> Results:
    """Run a scenario in a city.

    replications ≥ 1; seed 0 … 2**63−1; deterioration sacco, mills or simedis; policy None: the scenario's or city's; horizon in minutes (None: register);
    detail "summary" or "casualty" (waits one by one); threads None: all cores; progress(done, all); cancel: an event that is looked at between chunks;
    unlimited: also run the reference of unlimited hospitals. Raises ScienceError with all problems at once, Cancelled when cancelled.
    """
    from .kernel import cache_folder, kernel_digest
    mend(cache_folder())
    problems = check_run(replications=replications, seed=seed, threads=threads, detail=detail, first=first)
    if problems:
        raise ScienceError(problems)
    began = time.perf_counter()
    if detail == "casualty" and replications * scenario.casualties() > MOST_STORIES:
        raise ScienceError.one("detail", f"{replications:,} replications of {scenario.casualties():,} casualties, each told in full, do not fit in memory.",
                               f"Ask for at most {max(1, MOST_STORIES // max(1, scenario.casualties())):,} replications, or for the summary.")
    model = prepare(city, scenario, deterioration=deterioration, policy=policy, horizon_min=horizon_min, parameters=parameters)
    used = threads or min(os.cpu_count() or 1, 64)
    bodies: list[np.ndarray] = []
    out, sums, traces = run_model(model, replications=replications, seed=seed, first=first, threads=used, unlimited=unlimited,
                                  trace=detail == "casualty", progress=progress, cancel=cancel, bodies=bodies)
    remember(cache_folder())
    chosen = (parameters or register()).with_values(scenario.parameters)
    provenance = {
        "seed": seed, "first": first, "replications": replications, "city": city.code, "scenario": scenario.code, "deterioration": deterioration, "clock_min": scenario.clock_min,
        "hour": scenario.hour, "night": scenario.night, "free_day": chosen["shift.free_day"] > 0,
        "shift_changes": [round(change.at_min, 3) for change in shifts.changes(scenario.hour, float(model.sim.par["horizon"][0]), chosen)], "travel_factor": scenario.travel_factor, "season": scenario.season, "rule": scenario.rule, "policy": policy_of(city, scenario, policy), "horizon_min": float(model.sim.par["horizon"][0]),
        "parameters": (parameters or register()).digest, "overrides": dict(scenario.parameters), "kernel": kernel_digest(), "unlimited": unlimited,
        "machine": platform.machine(), "python": platform.python_version(), "numpy": np.__version__, "threads": used,
        "wall_s": time.perf_counter() - began}
    return Results(model, out, sums["queue"], sums["unit"], sums["site"], sums["loss"], sums["histogram"], provenance, traces, bodies=bodies, incision=sums["incision"])


#: Replications of a block of a long run: its rows are a dozen megabytes.
BLOCK = 20_000


def in_blocks(city: City, scenario: Scenario, *, replications: int, progress: Progress | None = None, block: int = BLOCK, **same: Any) -> Iterator[Results]:
    """A run of any length as results of blocks, one after the other, so that it needs the memory of one block. The numbers are those of a run in one
    piece; the rest as in `simulate`. Cancelled and interrupted likewise."""
    problems = check_run(replications=replications, seed=same.get("seed", 1), threads=same.get("threads"), detail="summary")
    if problems:
        raise ScienceError(problems)
    for first in range(0, replications, block):
        def so_far(done: int, _of: int, before: int = first) -> None:
            if progress is not None:
                progress(before + done, replications)
        yield simulate(city, scenario, replications=min(block, replications - first), first=first, progress=so_far, **same)
