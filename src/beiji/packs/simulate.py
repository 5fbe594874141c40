"""`beiji simulate SCENARIO --city CITY …`: run an incident in a city from the command line and say what breaks first.

The engine needs NumPy and Numba, which are an extra: what runs it (`simulation_run`) is loaded when the command runs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from beiji.output import OutputError, check_target, write_whole
from beiji.packs.engine_words import add_command, add_engine_words
from beiji.science.refusals import say

FORMATS = ("json", "html", "csv")
EPILOG = """examples:
  beiji simulate g2-fog-pileup --city yangzhou
  beiji simulate g2-fog-pileup --city yangzhou --set ginkgo/hospital.resus_teams@30:night=6 --set scenario.hour=02:00
  beiji simulate crowd-crush --city yangzhou --policy spread --html > crush.html
"""


def add_parser(subparsers: Any) -> None:
    """Add `simulate` to the parser of the whole house."""
    what = "run an incident in a city: what is saturated when, in which order, and what it costs"
    add_command(subparsers, "simulate", what, EPILOG, add_words, run)


def add_words(parser: argparse.ArgumentParser) -> None:
    """The words of the command; also used where the parser is made elsewhere."""
    add = parser.add_argument
    add("scenario", metavar="SCENARIO", help="id of a scenario pack, or the path of a YAML file")
    add("--city", required=True, metavar="CITY", help="id of a city pack")
    add_engine_words(parser)
    gain = "also say what one more of each of the eight kinds waited for most would save (as many runs again for each)"
    add("--gain", action="store_true", help=gain)
    add("--replications", type=int, default=200, metavar="N", help="events to run (default 200)")
    add("--horizon", type=float, metavar="MIN", help="minutes to simulate (default: the register's 2880)")
    add("--cluster", metavar="ADDRESS", help="spread over the workers of a Dask scheduler, for example tcp://host:8786")
    form = parser.add_mutually_exclusive_group()
    for name in FORMATS:
        form.add_argument(f"--{name}", action="store_const", const=name, dest="form", help=f"print {name.upper()}")
    trace = "also write the story of the first event to a file, for drawing it (docs/reference/playback.md)"
    add("--trace", type=Path, metavar="FILE", help=trace)
    add("--quiet", action="store_true", help="no progress on the terminal")


def run(arguments: argparse.Namespace) -> int:
    """Run the command: 0 when done, 2 when something asked for cannot be run; then every fault stands on its own line."""
    language = arguments.language
    try:
        if arguments.out is not None:
            check_target(arguments.out)  # before minutes of work are done for it
        if arguments.trace is not None:
            check_target(arguments.trace)
        from beiji.packs import simulation_run  # noqa: PLC0415 - the engine is an extra

        written = simulation_run.carry_out(arguments, None if arguments.quiet else progress_line(sys.stderr))
    except OutputError as error:
        return refused(str(error), language=language)
    except ImportError as missing:
        said = f"the engine needs NumPy and Numba; install them with: pip install 'beiji[sim]' ({missing})"
        return refused(said, language=language)
    except OSError as error:
        said = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}; nothing was kept."
        return refused(said, language=language)
    except KeyboardInterrupt:
        print(f"beiji: {say('Stopped; nothing was kept.', language)}", file=sys.stderr)
        return 130
    if written.told:
        print(f"beiji: {written.told}", file=sys.stderr)
    if written.stopped:
        print(f"beiji: {written.stopped}", file=sys.stderr)
        return 130
    return refused(*written.faults) if written.faults else deliver(written.text, arguments.out, language)


def refused(*sentences: str, language: str = "en") -> int:
    """Every fault on its own line; the code of the command."""
    for sentence in sentences:
        print(f"beiji: {say(sentence, language)}", file=sys.stderr)
    return 2


def progress_line(stream: Any, of: str = "events") -> Callable[[int, int], None]:
    """A progress line of so many events (or what they are called) that is rewritten on a terminal, at most ten times a second, and silent elsewhere."""
    began, shown = time.perf_counter(), [0.0]

    def progress(done: int, wanted: int) -> None:
        now = time.perf_counter()
        if not stream.isatty() or (done < wanted and now - shown[0] < 0.1):
            return
        shown[0] = now
        end = "\n" if done >= wanted else ""
        stream.write(f"\r{done} of {wanted} {of}, {now - began:.1f} s{end}")
        stream.flush()

    return progress


def deliver(written: str, out: Path | None, language: str) -> int:
    """Write to the file, or to the terminal."""
    if out is None:
        return _print(written, language)
    try:
        write_whole(out, written.encode())
    except OutputError as error:
        return refused(str(error), language=language)
    return 0


def _print(written: str, language: str) -> int:
    """To the terminal or a pipe; a pipe that was closed or a disk that is full is one line, at once and not at the end of the program."""
    try:
        sys.stdout.write(written)
        sys.stdout.flush()
    except OSError as error:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left over has nowhere to go
        return refused(f"the answer cannot be written ({error.strerror}).", language=language)
    return 0
