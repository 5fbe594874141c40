"""Speed and memory of the engine on its reference case: 500 casualties, 15 hospitals, 60 ambulances, the complete model.

    python benchmarks/engine.py            the table (about a minute)
    python benchmarks/engine.py --quick    fewer rounds, smaller cases
    python benchmarks/engine.py --cold     also a compile into an empty cache folder
    python benchmarks/engine.py --json     machine-readable

Replications per second and core are counted in process CPU time, so that neighbours on the machine disturb little; rounds of the compared programs are
interleaved and ratios are medians of per-round ratios. The SimPy twin is measured when it is there (tests/science/oracle).
"""
import argparse
import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

TARGETS = {"replications per second and core": (1500, "at least"), "ratio to the SimPy twin": (80, "at least"), "1,000 replications, all cores, s": (0.5, "at most"),
           "18,000 replications, all cores, s": (7.0, "at most"), "cached start to first result, s": (1.5, "at most"), "cold compile, CPU s": (15.0, "at most"),
           "memory while running, MB": (500, "at most"), "web thread late, p99 ms": (5.0, "at most"), "time per casualty, 100,000 to 1,000": (5.0, "at most")}


def rates(model, replications: int, rounds: int) -> list[float]:
    """Replications per second of CPU time, a value a round."""
    from beiji.science.run import run_model
    run_model(model, replications=2, seed=1, unlimited=False)
    found = []
    for k in range(rounds):
        begin = time.process_time()
        run_model(model, replications=replications, seed=1 + k, unlimited=False)
        found.append(replications / (time.process_time() - begin))
    return found


def simpy_rates(town, incident, replications: int, rounds: int) -> list[float] | None:
    """The same of the SimPy twin from inputs that are ready, or None when there is none; benchmarks/twin.py interleaves the two."""
    try:
        twin = importlib.import_module("tests.science.oracle")
    except ImportError:
        return None
    found, inputs = [], twin.Inputs(town, incident)
    for _ in range(rounds):
        begin = time.process_time()
        twin.run_inputs(inputs, replications=replications, seed=1, thorough=False)
        found.append(replications / (time.process_time() - begin))
    return found


def wall(model, replications: int, threads: int) -> float:
    """Seconds on the wall with threads."""
    from beiji.science.run import run_model
    begin = time.perf_counter()
    run_model(model, replications=replications, seed=1, unlimited=False, threads=threads)
    return time.perf_counter() - begin


def lateness_ms(model, replications: int, threads: int) -> float:
    """99th percentile of how late a thread wakes from 2 ms sleeps while the engine runs beside it."""
    from beiji.science.run import run_model
    worker = threading.Thread(target=run_model, args=(model,), kwargs={"replications": replications, "seed": 1, "unlimited": False, "threads": threads})
    late = []
    worker.start()
    while worker.is_alive():
        begin = time.perf_counter()
        time.sleep(0.002)
        late.append(1000 * (time.perf_counter() - begin - 0.002))
    worker.join()
    return sorted(late)[int(0.99 * len(late))] if late else float("nan")


def start_s(cold: bool) -> float:
    """Seconds from a fresh process to its first result: on the wall with a warm cache folder, CPU seconds with an empty one."""
    program = "from tests.science.kernel import cities; from beiji.science.run import simulate; simulate(cities.city(), cities.scenario(), replications=1, threads=1)"
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    with tempfile.TemporaryDirectory() as empty:
        if cold:
            env["BEIJI_DATA"] = empty
        begin, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program], env=env, check=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime if cold else time.perf_counter() - begin


def measure(quick: bool, cold: bool) -> dict[str, float]:
    """All figures by name."""
    from tests.science.kernel import cities

    from beiji.science.run import prepare
    town, incident = cities.city(), cities.scenario()
    model = prepare(town, incident)
    rounds, cores = (3, 7)[not quick], os.cpu_count() or 1
    own = rates(model, 150, rounds)
    out: dict[str, float] = {"replications per second and core": statistics.median(own)}
    twin = simpy_rates(town, incident, 3, rounds)
    if twin:
        out["SimPy twin, replications per second"] = statistics.median(twin)
        out["ratio to the SimPy twin"] = statistics.median(a / b for a, b in zip(own, twin, strict=True))
    out["both references, pairs per second and core"] = pair_rate(model)
    out["1,000 replications, all cores, s"] = min(wall(model, 1000, cores) for _ in range(3))
    if not quick:
        out["18,000 replications, all cores, s"] = wall(model, 18_000, cores)
    out["one to all cores, gain"] = wall(model, 600, 1) / wall(model, 600, cores)
    sizes = {}
    for n in (100, 1000, 10_000, *(() if quick else (100_000,))):
        big = prepare(cities.city(max(3, min(60, 3 * n // 100)), {0: min(500, max(8, n // 10))}), cities.scenario(n))
        sizes[n] = 1e6 / rates(big, max(1, 20_000 // n), 1)[0] / n
        out[f"{n:,} casualties, µs each"] = sizes[n]
    if 100_000 in sizes:
        out["time per casualty, 100,000 to 1,000"] = sizes[100_000] / sizes[1000]
    out["web thread late, p99 ms"] = lateness_ms(model, 1500, cores)
    out["cached start to first result, s"] = min(start_s(cold=False) for _ in range(2))
    if cold:
        out["cold compile, CPU s"] = start_s(cold=True)
    out["memory while running, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return out


def pair_rate(model) -> float:
    """Runs with the reference of unlimited hospitals beside them, per second of CPU time."""
    from beiji.science.run import run_model
    begin = time.process_time()
    run_model(model, replications=150, seed=1, unlimited=True)
    return 150 / (time.process_time() - begin)


def main() -> int:
    """Print the table; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.quick, options.cold)
    if options.json:
        print(json.dumps(found, indent=1))
    missed = 0
    for name, value in ({} if options.json else found).items():
        limit, sense = TARGETS.get(name, (None, ""))
        good = limit is None or (value >= limit if sense == "at least" else value <= limit)
        missed += not good
        print(f"{name:48s} {value:10.2f}   {'' if limit is None else f'{sense} {limit:g}'}{'' if good else '   MISSED'}")
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    if busy > 1.2 and not options.json:
        print(f"The machine was busy ({busy:.1f} processes a core): figures on the wall (all cores, start, lateness) are disturbed, those per core and ratios are not.")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
