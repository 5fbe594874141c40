"""`beiji rank SCENARIO… --city CITY …`: which change first, with intervals, ties and what the order hangs on.

The engine needs NumPy and Numba, which are an extra: what runs it (`rank_run`) is loaded when the command runs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from beiji.output import OutputError, check_target
from beiji.packs.engine_words import add_command, add_engine_words
from beiji.packs.simulate import deliver, progress_line, refused
from beiji.science.refusals import say

EPILOG = """examples:
  beiji rank g2-fog-pileup crowd-crush --city yangzhou --save first.json
  beiji rank --from first.json
  beiji rank g2-fog-pileup crowd-crush --city yangzhou --weights g2-fog-pileup=0.7,crowd-crush=0.3 --together
  beiji rank crowd-crush --city yangzhou --candidates ours.yaml --budget days=90 --no-money
"""


def add_parser(subparsers: Any) -> None:
    """Add `rank` to the parser of the whole house."""
    what = "which change first: lives saved with intervals, tied groups, and how well the order stands"
    add_command(subparsers, "rank", what, EPILOG, add_words, run)


def add_words(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    add = parser.add_argument
    add("scenarios", nargs="*", metavar="SCENARIO", help="ids of scenario packs, or paths of YAML files")
    add("--city", metavar="CITY", help="id of a city pack")
    add(
        "--from",
        type=Path,
        dest="repeat",
        metavar="FILE",
        help="run a saved ranking again: the same numbers, or why not",
    )
    shares = (
        "share of each scenario among the incidents, for example g2-fog-pileup=0.7,crowd-crush=0.3 (default: equal)"
    )
    add("--weights", metavar="SHARES", help=shares)
    tried = (
        "what could be done, as YAML or JSON (default: one more of each kind, and earlier call-in, clearing and so on)"
    )
    add("--candidates", type=Path, metavar="FILE", help=tried)
    add(
        "--budget",
        metavar="UNIT=N",
        help="also the best set for days=N or money=N, of candidates whose cost somebody confirmed",
    )
    add("--no-money", action="store_true", help="with --budget: only what costs no money")
    add("--together", action="store_true", help="also pairs and shares of the strongest eight together")
    add_engine_words(parser, "the model that decides; the other two say whether the order stands")
    _add_sureness(parser)
    add("--json", action="store_true", help="print the whole result, which --from repeats")
    add("--save", type=Path, metavar="FILE", help="also write the whole result to a file")
    add("--quiet", action="store_true", help="no progress on the terminal")


def _add_sureness(parser: argparse.ArgumentParser) -> None:
    """How many runs there are."""
    add = parser.add_argument
    width = "stop when every interval is this narrow (default 0.05 lives)"
    add("--half-width", type=float, metavar="LIVES", help=width)
    add("--most-events", type=int, metavar="N", help="stop at so many pairs of events in any case (default 400)")
    add("--draws", type=int, metavar="N", help="draws of the register's ranges for the strongest (default 12; 0: none)")
    add("--horizon", type=float, metavar="MIN", help="minutes to simulate (default: the register's 2880)")


def run(arguments: argparse.Namespace) -> int:
    """Run the command: 0 when done, 2 when something asked for cannot be run; then every fault stands on its own line."""
    language = arguments.language
    try:
        for target in (arguments.out, arguments.save):
            if target is not None:
                check_target(target)  # before minutes of work are done for it
        from beiji.packs import rank_run  # noqa: PLC0415 - the engine is an extra

        written = rank_run.carry_out(arguments, None if arguments.quiet else progress_line(sys.stderr, "runs"))
    except OutputError as error:
        return refused(str(error), language=language)
    except ImportError as missing:
        said = f"the engine needs NumPy and Numba; install them with: pip install 'beiji[sim]' ({missing})"
        return refused(said, language=language)
    except KeyboardInterrupt:
        print(f"beiji: {say('Stopped; nothing was kept.', language)}", file=sys.stderr)
        return 130
    if written.stopped:
        print(f"beiji: {written.stopped}", file=sys.stderr)
        return 130
    return refused(*written.faults) if written.faults else deliver(written.text, arguments.out, language)
