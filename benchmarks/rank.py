"""How long does ranking take? Thirty changes × three scenarios × 200 paired replications of one model, and what common draws are worth.

    python benchmarks/rank.py [--changes 30] [--events 200] [--threads 2]

Prints seconds on the wall and of the processor, the load of the machine, and the variance of a difference on draws of its own over that on common draws for one more of
each of five kinds on the reference case (500 casualties, 15 hospitals).
"""

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.science.kernel import cities  # noqa: E402

from beiji.packs import rank_candidates, simulation  # noqa: E402
from beiji.science.arms import NOTHING, Bench, Setting, checked_weights  # noqa: E402
from beiji.science.gain import one_more  # noqa: E402
from beiji.science.ranking import differences  # noqa: E402
from beiji.science.run import simulate  # noqa: E402

SCENARIOS = ("g2-fog-pileup", "crowd-crush", "chemical-park-explosion")
KINDS = ("theatres", "resus_teams", "icu_beds", "nurses", "ct_scanners")


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    words = parser.parse_args()
    library = simulation.find_library()
    city = simulation.load_city(simulation.find_city(library, "yangzhou"))
    scenarios = [simulation.load_scenario(simulation.find_scenario(library, name)) for name in SCENARIOS]
    changes = rank_candidates.of_the_city(city).changes[: words.changes]
    Bench(city, scenarios[:1], changes, (1.0,), threads=1).lives([NOTHING], 2)  # the compiled engine is loaded
    bench = Bench(city, scenarios, changes, checked_weights(scenarios, None), threads=words.threads)
    wall, processor = time.perf_counter(), time.process_time()
    differences(bench, [change.name for change in changes], words.events, Setting())
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    load = os.getloadavg()[0]
    print(
        f"{len(changes)} changes x {len(scenarios)} scenarios x {words.events} pairs: {wall:.1f} s, {processor:.1f} s of the processor, {words.threads} threads, load {load:.1f}"
    )
    town, incident = cities.city(15), cities.scenario(500)
    before = simulate(town, incident, replications=60, threads=1, unlimited=False).measure("survivors")
    for kind in KINDS:
        after = simulate(
            one_more(town, f"hospital.{kind}"), incident, replications=60, threads=1, unlimited=False
        ).measure("survivors")
        print(
            f"{kind:14} variance cut {(before.var(ddof=1) + after.var(ddof=1)) / (after - before).var(ddof=1):7.0f} times"
        )


if __name__ == "__main__":
    main()
