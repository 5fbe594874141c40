"""`beiji simulate SCENARIO --city CITY …`: run an incident in a city from the command line and say what breaks first.

Packs lie above the engine, so the loader is named here and imported when the command runs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from beiji.output import OutputError, check_target, write_whole

LOADER = "beiji.packs.simulation_request"
FORMATS = ("json", "html", "csv")
EPILOG = """examples:
  beiji simulate g2-fog-pileup --city yangzhou
  beiji simulate g2-fog-pileup --city yangzhou --set ginkgo/hospital.resus_teams@30:night=6 --set scenario.hour=02:00
  beiji simulate crowd-crush --city yangzhou --policy spread --html > crush.html
"""


def add_parser(subparsers: Any) -> None:
    """Add `simulate` to the parser of the whole house."""
    parser = subparsers.add_parser(
        "simulate",
        help="run an incident in a city: what is saturated when, in which order, and what it costs",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_words(parser)
    parser.set_defaults(run=run)


def add_words(parser: argparse.ArgumentParser) -> None:
    """The words of the command; also used where the parser is made elsewhere."""
    add = parser.add_argument
    add("scenario", metavar="SCENARIO", help="id of a scenario pack, or the path of a YAML file")
    add("--city", required=True, metavar="CITY", help="id of a city pack")
    change = "one change: [HOSPITAL/]key[@minute][:day|:night]=value; may be repeated"
    add("--set", action="append", default=[], dest="changes", metavar="CHANGE", help=change)
    add("--policy", metavar="POLICY", help="nearest, proportional, spread, concentrate, table or split")
    bases = "planned (the city's timetable), proven (capped by the ledger) or targeted"
    add("--basis", default="planned", choices=("planned", "proven", "targeted"), help=bases)
    add(
        "--standings",
        type=Path,
        metavar="FILE",
        help="JSON of proven values by hospital and engine key, for --basis proven",
    )
    add("--deterioration", default="sacco", choices=("sacco", "mills", "simedis"), help="model of deterioration")
    add("--triage", metavar="RULE", help="triage rule (default: the scenario's, else START)")
    add("--replications", type=int, default=200, metavar="N", help="events to run (default 200)")
    add("--seed", type=int, default=1, metavar="S", help="seed; the same seed gives the same events (default 1)")
    add("--horizon", type=float, metavar="MIN", help="minutes to simulate (default: the register's 2880)")
    add("--threads", type=int, metavar="N", help="threads (default: all cores)")
    add("--cluster", metavar="ADDRESS", help="spread over the workers of a Dask scheduler, for example tcp://host:8786")
    add("--packs", type=Path, metavar="FOLDER", help="packs folder (default: this installation's)")
    form = parser.add_mutually_exclusive_group()
    for name in FORMATS:
        form.add_argument(f"--{name}", action="store_const", const=name, dest="form", help=f"print {name.upper()}")
    add("--out", type=Path, metavar="FILE", help="write to a file instead of the terminal")
    add("--quiet", action="store_true", help="no progress on the terminal")


def run(arguments: argparse.Namespace) -> int:
    """Run the command: 0 when done, 2 when something asked for cannot be run; then every fault stands on its own line."""
    from beiji.science.parameters import ParameterError

    loading = import_module(LOADER)
    try:
        if arguments.out is not None:
            check_target(arguments.out)  # before minutes of work are done for it
    except OutputError as error:
        print(f"beiji: {error}", file=sys.stderr)
        return 2
    try:
        from beiji.science.errors import Cancelled, ScienceError
    except ImportError as missing:
        print(
            f"beiji: the engine needs NumPy and Numba; install them with: pip install 'beiji[sim]' ({missing})",
            file=sys.stderr,
        )
        return 2
    try:
        request = loading.request(arguments)
        written = _carry_out(request, arguments)
    except (*loading.ERRORS, ScienceError, ParameterError) as error:
        for line in str(error).splitlines():
            print(f"beiji: {line}", file=sys.stderr)
        return 2
    except (Cancelled, KeyboardInterrupt) as stop:
        print(f"beiji: {stop or 'Stopped; nothing was kept.'}", file=sys.stderr)
        return 130
    return _deliver(written, arguments.out)


def _carry_out(request: Any, arguments: argparse.Namespace) -> str:
    from beiji.science import render
    from beiji.science.summary import summarise

    results = _run(request, arguments)
    summary = summarise(results, basis=arguments.basis, notes=request.notes)
    if arguments.form == "json":
        return (
            json.dumps(
                summary.as_dict() | {"request": request.said, "names": request.names}, ensure_ascii=False, indent=1
            )
            + "\n"
        )
    if arguments.form == "html":
        return render.html(summary, request.names)
    return render.tidy(summary) if arguments.form == "csv" else render.text(summary, request.names)


def _run(request: Any, arguments: argparse.Namespace) -> Any:
    """Run here, or over a cluster; before a first compilation a word says why nothing moves."""
    from beiji.science import kernel
    from beiji.science.run import simulate

    progress = None if arguments.quiet else progress_line(sys.stderr)
    if not arguments.quiet and not any(kernel.cache_folder().rglob("*.nbi")):
        print(
            "beiji: preparing the engine for this machine, once; it takes about a quarter of a minute.", file=sys.stderr
        )
    same = {"deterioration": arguments.deterioration, "policy": arguments.policy, "horizon_min": arguments.horizon}
    if not arguments.cluster:
        return simulate(
            request.city,
            request.scenario,
            replications=arguments.replications,
            seed=arguments.seed,
            threads=arguments.threads,
            progress=progress,
            **same,
        )
    from beiji.science.spread import dask_executor, spread

    with dask_executor(arguments.cluster) as executor:
        variants = {"base": (request.city, request.scenario)}
        made = spread(
            variants,
            executor=executor,
            replications=arguments.replications,
            seed=arguments.seed,
            progress=progress,
            **same,
        )
    return made["base"]


def progress_line(stream: Any) -> Callable[[int, int], None]:
    """A progress line that is rewritten on a terminal, at most ten times a second, and silent elsewhere."""
    began, shown = time.perf_counter(), [0.0]

    def progress(done: int, wanted: int) -> None:
        now = time.perf_counter()
        if not stream.isatty() or (done < wanted and now - shown[0] < 0.1):
            return
        shown[0] = now
        end = "\n" if done >= wanted else ""
        stream.write(f"\r{done} of {wanted} events, {now - began:.1f} s{end}")
        stream.flush()

    return progress


def _deliver(written: str, out: Path | None) -> int:
    """Write to the file, or to the terminal."""
    if out is None:
        sys.stdout.write(written)
        return 0
    try:
        write_whole(out, written.encode())
    except OutputError as error:
        print(f"beiji: {error}", file=sys.stderr)
        return 2
    return 0
