"""`beiji pack overlay`: does a city's overlay still fit the standard? If it does, its base is raised."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from beiji.packs import overlay_files
from beiji.packs.library import Library, packs_root, scan
from beiji.packs.problems import Problem, did_you_mean, shown_path


def add_command(commands: Any) -> None:
    """Add `overlay` to `beiji pack`."""
    parser = commands.add_parser("overlay", help="what of a city's overlay does not fit the standard as it is now")
    parser.add_argument("city", metavar="CITY", help="code of the city")
    parser.add_argument("--file", type=Path, help="the city's own overlay file (default: the one of its city pack)")
    parser.add_argument(
        "--apply", action="store_true", help="raise base to the present version where nothing is left to mend"
    )
    parser.add_argument("--root", type=Path, default=None, help="packs folder (default: this installation's)")
    parser.add_argument("--json", action="store_true", help="print an object")


def run(arguments: argparse.Namespace) -> int:
    """0 when the overlay fits, 1 when something is to be mended, 2 when there is no such overlay."""
    library = scan(arguments.root or packs_root())
    city = arguments.city
    if arguments.file is not None:
        source = overlay_files.add_overlay_file(library, arguments.file, city)
    elif city in library.overlays:
        source = next(iter(library.overlays[city].values())).source
    else:
        hint = did_you_mean(city, library.overlays) or " Name its file with --file."
        print(f"There is no overlay of {city}.{hint}", file=sys.stderr)
        return 2
    problems = overlay_files.problems_of(library, city, source)
    errors = [problem for problem in problems if not problem.warning]
    raised = _raise(library, city, source.path) if arguments.apply and not errors else []
    if arguments.json:
        said = {"problems": [problem.as_dict() for problem in problems], "raised": raised}
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        _print(library, city, problems, raised)
    return 1 if errors else 0


def _raise(library: Library, city: str, path: Path) -> list[str]:
    """Write the present version as base of every overlay of the file that has an older one."""
    text = path.read_text(encoding="utf-8")
    raised: list[str] = []
    for standard, placed in library.overlays.get(city, {}).items():
        now, base = library.standards[standard].version, placed.overlay.base
        if base is not None and base != now:
            new = overlay_files.raised_base(text, standard, base, now)
            if new != text:
                text, raised = new, [*raised, f"{standard}: base {base} → {now}"]
    if raised:
        spare = path.with_suffix(".yaml.new")
        spare.write_text(text, encoding="utf-8", newline="\n")
        spare.replace(path)
    return raised


def _print(library: Library, city: str, problems: list[Problem], raised: list[str]) -> None:
    for problem in problems:
        print(problem)
    for standard, placed in library.overlays.get(city, {}).items():
        own = placed.overlay
        counts = f"{len(own.parameters)} parameters, {len(own.exclude)} exclusions, {sum(map(len, own.add.values()))} own items"
        now = library.standards[standard].version if standard in library.standards else "not here"
        print(f"{standard}: {counts}; written against {own.base or 'no release'}, now {now}.", file=sys.stderr)
    for line in raised:
        print(f"{line} in {shown_path(next(iter(library.overlays[city].values())).source.path)}.", file=sys.stderr)
