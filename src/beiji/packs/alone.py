"""`beiji alone SCENARIO --city CITY`: the largest event of a kind that the city, or one hospital, manages alone, by day and by night.

The engine needs NumPy and Numba, which are an extra: what runs it (`alone_run`) is loaded when the command runs.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from beiji.output import OutputError, check_target
from beiji.packs.simulate import deliver, refused
from beiji.science.refusals import say

EPILOG = """examples:
  beiji alone g2-fog-pileup --city yangzhou
  beiji alone crowd-crush --city yangzhou --hospital ginkgo --json
"""


def add_parser(subparsers: Any) -> None:
    """Add `alone` to the parser of the whole house."""
    parser = subparsers.add_parser(
        "alone",
        help="the largest event that the city, or one hospital, manages alone, by day and by night",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_words(parser)
    parser.set_defaults(run=run)


def add_words(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    add = parser.add_argument
    add("scenario", metavar="SCENARIO", help="id of a scenario pack, or the path of a YAML file")
    add("--city", required=True, metavar="CITY", help="id of a city pack")
    add("--hospital", metavar="HOSPITAL", help="one hospital, to which everybody is brought (default: the whole city)")
    add("--events", type=int, default=100, metavar="N", help="events at each number of casualties (default 100)")
    add("--most", type=int, default=1000, metavar="N", help="where the search ends (default 1000 casualties)")
    change = "one change: [HOSPITAL/]key[@minute][:day|:night]=value; may be repeated"
    add("--set", action="append", default=[], dest="changes", metavar="CHANGE", help=change)
    add("--policy", metavar="POLICY", help="nearest, proportional, spread, concentrate, table or split")
    bases = "planned (the city's timetable), proven (capped by the ledger) or targeted"
    add("--basis", default="planned", choices=("planned", "proven", "targeted"), help=bases)
    add("--standings", type=Path, metavar="FILE", help="JSON of proven values, for --basis proven")
    models = ("sacco", "mills", "simedis")
    add("--deterioration", default="sacco", choices=models, help="model of deterioration")
    add("--triage", metavar="RULE", help="triage rule (default: the scenario's, else START)")
    add("--seed", type=int, default=1, metavar="S", help="seed; the same seed gives the same events (default 1)")
    add("--threads", type=int, metavar="N", help="threads (default: all cores); the numbers do not depend on it")
    languages = ("en", "zh-Hans", "he")
    add("--language", default="en", choices=languages, help="language of the answer and of what is refused")
    add("--packs", type=Path, metavar="FOLDER", help="packs folder (default: this installation's)")
    add("--json", action="store_true", help="print JSON, with the share of events managed at each number")
    add("--out", type=Path, metavar="FILE", help="write to a file instead of the terminal")


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
