"""Running replications: threads over chunks, progress, cancel. A result is a function of (seed, replication) and data only."""
import os
import platform
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .city import City
from .errors import Cancelled, ScienceError
from .parameters import Register, register
from .results import Results
from .scenario import Scenario

MOST_POOLS = 16
CHUNK_S = 0.05                   # a chunk is about so long, so that cancel and progress are prompt
EVENTS_PER_S = 4e6
TRACE_LINES = 60                 # lines of trace kept per casualty with detail="casualty"
FAULTS = {1: "More events were pending than the calendar holds.", 2: "A casualty found no hospital that can be reached.", 3: "The list of touched sites overflowed."}


_POOLS: dict[tuple, object] = {}


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
            parameters: Register | None = None) -> "Model":  # noqa: F821
    """Check, then build the arrays. Raises ScienceError with all problems at once."""
    from .build import build
    from .check import check
    chosen = parameters or register()
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


class _Worker(threading.local):
    """Arrays of one thread, made when it first works."""

    def __init__(self) -> None:
        self.sims: dict[int, object] = {}


def run_model(model: "Model", *, replications: int, seed: int, first: int = 0, threads: int = 1, unlimited: bool = True,  # noqa: F821
              trace: bool = False, progress: Callable[[int, int], None] | None = None, cancel: threading.Event | None = None,
              plan: list[tuple[int, int]] | None = None) -> tuple[np.ndarray, dict[str, np.ndarray], list[np.ndarray]]:
    """Rows of results, sums over replications, traces. Sums are integers, so that they do not depend on chunks or threads."""
    from .kernel import codes, command, records
    zero = np.int64(0)
    models = [model, model.unlimited()] if unlimited else [model]
    plan = plan or ([(k, 1) for k in range(replications)] if trace else chunks(replications, threads, int(model.sim.par["casualties"][0])))
    out = np.zeros(replications, records.OUT)
    local = _Worker()
    made: list[list[records.Sim]] = []
    traces: dict[int, np.ndarray] = {}
    lock = threading.Lock()
    done = 0

    def sims() -> list:
        if "own" not in local.__dict__:
            lines = TRACE_LINES * (int(model.sim.par["casualties"][0]) + 20) if trace else 0
            local.own = [m.fresh(lines if k == 0 else 0) for k, m in enumerate(models)]  # type: ignore[attr-defined]
            with lock:
                made.append(local.own)  # type: ignore[attr-defined]
        return local.own  # type: ignore[attr-defined]

    def work(piece: tuple[int, int]) -> None:
        nonlocal done
        at, count = piece
        if cancel is not None and cancel.is_set():
            return
        own = sims()
        fault = command(own[0], codes.RUN, np.int64(seed), np.int64(first + at), zero, 0.0, out[at:at + count])
        if unlimited and not fault:
            ideal = np.zeros(count, records.OUT)
            fault = command(own[1], codes.RUN, np.int64(seed), np.int64(first + at), zero, 0.0, ideal)
            out["unlimited_q"][at:at + count] = ideal["survivors_q"]
        if fault:
            raise ScienceError.one("run", FAULTS[int(fault)], "Report this with the scenario: it is a fault of the engine.")
        if trace:
            traces[at] = own[0].trace[:own[0].control["traced"][0]].copy()
        with lock:
            done += count
            if progress is not None:
                progress(done, replications)

    if threads == 1:
        for piece in plan:
            work(piece)
    else:
        with ThreadPoolExecutor(threads, thread_name_prefix="beiji-run") as executor:
            for future in [executor.submit(work, piece) for piece in plan]:
                future.result()
    if cancel is not None and cancel.is_set() and done < replications:
        raise Cancelled(done, replications)
    return out, _sums([own[0] for own in made]), [traces[k] for k in sorted(traces)]


def _sums(sims: list) -> dict[str, np.ndarray]:
    total: dict[str, np.ndarray] = {}
    for name, fields in (("queue", ("ended", "wait_q", "longest_total")), ("unit", ("saturated_n", "saturated_q", "lacked_q", "peak_total")),
                         ("site", ("arrived_total", "arrived_squares", "peak_load_total", "arrived_lane"))):
        arrays = [np.asarray(getattr(s, name)) for s in sims]
        total[name] = arrays[0].copy()
        for field in fields:
            total[name][field] = sum(a[field] for a in arrays)
    for name in ("loss", "histogram"):
        total[name] = sum(np.asarray(getattr(s, name)) for s in sims)  # type: ignore[assignment]
    return total


def simulate(city: City, scenario: Scenario, *, replications: int = 200, seed: int = 1, deterioration: str = "sacco", policy: str | None = None,
             horizon_min: float | None = None, detail: str = "summary", threads: int | None = None,
             progress: Callable[[int, int], None] | None = None, cancel: threading.Event | None = None,
             parameters: Register | None = None, unlimited: bool = True, first: int = 0) -> Results:
    """Run a scenario in a city.

    replications ≥ 1; seed 0 … 2**63−1; deterioration sacco, mills or simedis; policy None: the scenario's or city's; horizon in minutes (None: register);
    detail "summary" or "casualty" (waits one by one); threads None: all cores; progress(done, all); cancel: an event that is looked at between chunks;
    unlimited: also run the reference of unlimited hospitals. Raises ScienceError with all problems at once, Cancelled when cancelled.
    """
    from .check import check_run
    from .kernel import kernel_digest
    problems = check_run(replications=replications, seed=seed, threads=threads, detail=detail, first=first)
    if problems:
        raise ScienceError(problems)
    began = time.perf_counter()
    model = prepare(city, scenario, deterioration=deterioration, policy=policy, horizon_min=horizon_min, parameters=parameters)
    used = threads or min(os.cpu_count() or 1, 64)
    out, sums, traces = run_model(model, replications=replications, seed=seed, first=first, threads=used, unlimited=unlimited,
                                  trace=detail == "casualty", progress=progress, cancel=cancel)
    from .build import policy_of
    provenance = {
        "seed": seed, "first": first, "replications": replications, "city": city.code, "scenario": scenario.code, "deterioration": deterioration,
        "rule": scenario.rule, "policy": policy_of(city, scenario, policy), "horizon_min": float(model.sim.par["horizon"][0]),
        "parameters": (parameters or register()).digest, "overrides": dict(scenario.parameters), "kernel": kernel_digest(), "unlimited": unlimited,
        "machine": platform.machine(), "python": platform.python_version(), "numpy": np.__version__, "threads": used,
        "wall_s": time.perf_counter() - began}
    return Results(model, out, sums["queue"], sums["unit"], sums["site"], sums["loss"], sums["histogram"], provenance, traces)
