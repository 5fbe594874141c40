"""`beiji replay [INCIDENT …]`: hold the engine against published incidents, misses first."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

REPLICATIONS = 200


def add_parser(subparsers: Any) -> None:
    """Add `replay` to the parser of the whole house."""
    parser = subparsers.add_parser(
        "replay", help="hold the engine against published incidents: what lies inside its interval, what does not"
    )
    add = parser.add_argument
    add("incidents", nargs="*", metavar="INCIDENT", help="ids of published incidents (default: all)")
    add(
        "--replications",
        type=int,
        default=REPLICATIONS,
        metavar="N",
        help=f"events of each (default {REPLICATIONS}, at least 40)",
    )
    add("--seed", type=int, default=1, metavar="S", help="seed (default 1)")
    add("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command: 0 when done, 2 when something asked for cannot be run."""
    try:
        from beiji.packs.published import incidents  # noqa: PLC0415 - the engine is an extra
        from beiji.packs.simulation_run import REFUSALS  # noqa: PLC0415 - the engine is an extra
        from beiji.science.replay import replay  # noqa: PLC0415 - the engine is an extra
    except ImportError as missing:
        print(
            f"beiji: the engine needs NumPy and Numba; install them with: pip install 'beiji[sim]' ({missing})",
            file=sys.stderr,
        )
        return 2
    try:
        report = replay(
            *incidents(tuple(arguments.incidents)), replications=arguments.replications, seed=arguments.seed
        ).misses_first()
    except REFUSALS as error:
        for line in str(error).splitlines():
            print(f"beiji: {line}", file=sys.stderr)
        return 2
    if arguments.json:
        rows = [{"incident": name} | asdict(row) for name, row in report.rows]
        told = {
            "replications": arguments.replications,
            "seed": arguments.seed,
            "covered": report.covered,
            "counted": report.counted,
        }
        print(json.dumps(told | {"score": report.score, "crps": report.crps, "rows": rows}, indent=1))
    else:
        print("\n".join(report.sentences()))
    return 0
