"""The engine against its plain twin in SimPy on the reference case: 500 casualties, 15 hospitals, 60 ambulances, the complete model, the same draws.

    python benchmarks/twin.py              the table (about a minute)
    python benchmarks/twin.py --quick      three rounds
    python benchmarks/twin.py --json       machine-readable

Both sides start from inputs that are ready; a round is a stretch of one and then of the other, and the ratio is the median of the rounds' ratios. Process CPU time, one
thread. The twin keeps its queues as lists and looks only at stations that have changed (`thorough=False`); its survivors are held against the engine's in every round,
so that both are known to have done the same work.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

TARGET = 100.0
ENGINE_REPLICATIONS, TWIN_REPLICATIONS = 150, 3


def measure(rounds: int) -> dict[str, float]:
    """Rates of both, the ratio and its range over the rounds, and the greatest difference of survivors."""
    from tests.science.kernel import cities
    from tests.science.oracle import Inputs, run_inputs

    from beiji.science.run import prepare, run_model

    town, incident = cities.city(), cities.scenario()
    model, inputs = prepare(town, incident), Inputs(town, incident)
    run_model(model, replications=2, seed=1, unlimited=False)
    run_inputs(inputs, replications=1, seed=1, thorough=False)
    engine, twin, apart = [], [], 0.0
    for k in range(rounds):
        begin = time.process_time()
        out = run_model(model, replications=ENGINE_REPLICATIONS, seed=1 + k, unlimited=False)[0]
        engine.append(ENGINE_REPLICATIONS / (time.process_time() - begin))
        begin = time.process_time()
        runs = run_inputs(inputs, replications=TWIN_REPLICATIONS, seed=1 + k, thorough=False)
        twin.append(TWIN_REPLICATIONS / (time.process_time() - begin))
        apart = max([apart, *(abs(run["survivors_q"] - int(out["survivors_q"][n])) * 2.0**-40 for n, run in enumerate(runs))])
    ratios = [a / b for a, b in zip(engine, twin, strict=True)]
    return {"engine, replications per second and core": statistics.median(engine), "SimPy twin, replications per second": statistics.median(twin),
            "ratio, median of rounds": statistics.median(ratios), "ratio, least": min(ratios), "ratio, greatest": max(ratios), "rounds": rounds,
            "greatest difference of expected survivors": apart}


def main() -> int:
    """Print the table; 1 when the ratio misses its target or the programs disagree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(3 if options.quick else 9)
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        for name, value in found.items():
            print(f"{name:48s} {value:12.3g}" if value < 1 else f"{name:48s} {value:12.1f}")
    good = found["ratio, median of rounds"] >= TARGET and found["greatest difference of expected survivors"] < 1e-6
    if not good:
        print(f"Missed: the ratio is to be at least {TARGET:g} and the survivors are to agree.", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
