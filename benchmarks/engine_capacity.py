"""Does more capacity of a kind raise expected deaths anywhere? Each kind at all hospitals 0 to 1 and by one more, on the registered scenarios, paired.

    python benchmarks/engine_capacity.py [SCENARIO …] [--replications 2000]

Prints each paired difference with the simultaneous 99 % upper bound (normal, Bonferroni over all comparisons of three scenarios); what lies at 0.05 deaths or
above is an EXCEPTION to be explained, never tuned away. About a quarter of an hour for a scenario on a busy core.
"""

import argparse
import math
import sys
from pathlib import Path
from statistics import NormalDist

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from beiji.packs import simulation  # noqa: E402
from beiji.science.gain import one_more  # noqa: E402
from beiji.science.parameters import register  # noqa: E402
from beiji.science.pathway import standard_pathway  # noqa: E402
from beiji.science.run import simulate  # noqa: E402

SCENARIOS = ("g2-fog-pileup", "crowd-crush", "chemical-park-explosion")
KINDS = tuple(k.key for k in standard_pathway(register()).kinds if k.key)
LEVEL, WORST = 0.99, 0.05


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scenarios", nargs="*", default=SCENARIOS)
    parser.add_argument("--replications", type=int, default=2000)
    words = parser.parse_args()
    bound = NormalDist().inv_cdf(1.0 - (1.0 - LEVEL) / (2 * len(KINDS) * len(SCENARIOS)))
    library = simulation.find_library()
    city = simulation.load_city(simulation.find_city(library, "yangzhou"))
    for name in words.scenarios:
        scenario = simulation.load_scenario(simulation.find_scenario(library, name))

        def deaths(town, scenario=scenario):
            return simulate(town, scenario, replications=words.replications, threads=1, unlimited=False).measure(
                "deaths"
            )

        base = deaths(city)
        for key in KINDS:
            none, one, more = (
                deaths(town)
                for town in (city.with_hospital("", {key: 0}), city.with_hospital("", {key: 1}), one_more(city, key))
            )
            for what, rise in (("0 to 1", one - none), ("one more", more - base)):
                upper = rise.mean() + bound * rise.std(ddof=1) / math.sqrt(len(rise))
                print(
                    f"{name:26} {key:32} {what:9} {rise.mean():8.3f}  at most {upper:8.3f}  {'EXCEPTION' if upper >= WORST else ''}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
