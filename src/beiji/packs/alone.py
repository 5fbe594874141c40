"""`beiji alone SCENARIO --city CITY`: the largest event of a kind that the city, or one hospital, manages alone, by day and by night.

The engine needs NumPy and Numba, which are an extra: what runs it (`alone_run`) is loaded when the command runs.
"""

from __future__ import annotations

import argparse
from typing import Any

from beiji.output import OutputError, check_target
from beiji.packs.engine_words import add_command, add_engine_words
from beiji.packs.simulate import deliver, refused
from beiji.science.refusals import say

EPILOG = """examples:
  beiji alone g2-fog-pileup --city yangzhou
  beiji alone crowd-crush --city yangzhou --hospital ginkgo --json
"""


def add_parser(subparsers: Any) -> None:
    """Add `alone` to the parser of the whole house."""
    what = "the largest event that the city, or one hospital, manages alone, by day and by night"
    add_command(subparsers, "alone", what, EPILOG, add_words, run)


def add_words(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    add = parser.add_argument
    add("scenario", metavar="SCENARIO", help="id of a scenario pack, or the path of a YAML file")
    add("--city", required=True, metavar="CITY", help="id of a city pack")
    add("--hospital", metavar="HOSPITAL", help="one hospital, to which everybody is brought (default: the whole city)")
    add("--events", type=int, default=100, metavar="N", help="events at each number of casualties (default 100)")
    add("--most", type=int, default=1000, metavar="N", help="where the search ends (default 1000 casualties)")
    add_engine_words(parser)
    add("--json", action="store_true", help="print JSON, with the share of events managed at each number")


def run(arguments: argparse.Namespace) -> int:
    """Run the command: 0 when done, 2 when something asked for cannot be run; then every fault stands on its own line."""
    try:
        if arguments.out is not None:
            check_target(arguments.out)
        from beiji.packs import alone_run  # noqa: PLC0415 - the engine is an extra

        written = alone_run.carry_out(arguments)
    except OutputError as error:
        return refused(str(error), language=arguments.language)
    except ImportError as missing:
        said = f"the engine needs NumPy and Numba; install them with: pip install 'beiji[sim]' ({missing})"
        return refused(said, language=arguments.language)
    except KeyboardInterrupt:
        return refused(say("Stopped; nothing was kept.", arguments.language)) and 130
    return refused(*written.faults) if written.faults else deliver(written.text, arguments.out, arguments.language)
