"""`beiji pack …`: check, explain and release packs from the command line."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from beiji.packs import pages, reviews
from beiji.packs.checker import check
from beiji.packs.frozen import freeze, write
from beiji.packs.library import packs_root, scan
from beiji.packs.problems import did_you_mean, shown_path
from beiji.packs.release import check_release, releasable


def add_parser(subparsers: Any) -> None:
    """Add `pack` with its commands to the parser of the whole house."""
    parser = subparsers.add_parser("pack", help="check, explain and release packs")
    parser.set_defaults(run=run)
    add_commands(parser.add_subparsers(dest="pack_command", required=True, metavar="COMMAND"))


def add_commands(commands: Any) -> None:
    """Add the commands themselves."""
    checking = commands.add_parser("check", help="name every fault of the packs with its place and its mend")
    checking.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: all packs)")
    checking.add_argument("--json", action="store_true", help="print a list of objects instead of lines")
    checking.add_argument("--no-warnings", action="store_true", help="leave warnings out")
    explaining = commands.add_parser("explain", help="print the rule page of a code such as P102 or L03")
    explaining.add_argument("code", metavar="CODE", nargs="?", default="", help="without one: all pages")
    explaining.add_argument("--json", action="store_true", help="print an object with code and page")
    stating = commands.add_parser("state", help="how far each standard is written and reviewed")
    stating.add_argument("--json", action="store_true", help="print a list of objects")
    releasing = commands.add_parser("release", help="freeze a pack; refuses undeclared changes in bearing fields")
    releasing.add_argument("pack", metavar="PACK", help="id of a standard or of a capability pack")
    releasing.add_argument("--root", type=Path, default=None, help="packs folder (default: this installation's)")
    releasing.add_argument("--dry-run", action="store_true", help="only say what a release would refuse")


def run(arguments: argparse.Namespace) -> int:
    """Run the chosen command; 0 when nothing is wrong, 1 when something is, 2 when the question was wrong."""
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "check": _check,
        "explain": _explain,
        "release": _release,
        "state": _state,
    }
    return commands[arguments.pack_command](arguments)


def _check(arguments: argparse.Namespace) -> int:
    problems = [problem for problem in check(arguments.paths) if not (arguments.no_warnings and problem.warning)]
    errors = sum(not problem.warning for problem in problems)
    if arguments.json:
        json.dump([problem.as_dict() for problem in problems], sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        for problem in problems:
            print(problem)
        print(f"{_count(errors, 'error')}, {_count(len(problems) - errors, 'warning')}.", file=sys.stderr)
    return 1 if errors else 0


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _explain(arguments: argparse.Namespace) -> int:
    code = arguments.code.upper()
    if not code:
        every = {name: pages.page(name) for name in pages.codes()}
        print(json.dumps(every, ensure_ascii=False, indent=1) if arguments.json else pages.every_page(), end="")
        return 0
    page = pages.page(code)
    if page is None:
        known = pages.codes()
        hint = did_you_mean(code, known) or f" Codes are {known[0]} to {known[-1]}."
        print(f"{arguments.code} is no code of a pack rule.{hint}", file=sys.stderr)
        return 2
    print(json.dumps({"code": code, "page": page}, ensure_ascii=False, indent=1) if arguments.json else page)
    return 0


def _release(arguments: argparse.Namespace) -> int:
    root = arguments.root or packs_root()
    library = scan(root)
    if arguments.pack not in releasable(library):
        hint = did_you_mean(arguments.pack, releasable(library)) or f" Packs are: {', '.join(releasable(library))}."
        print(f"There is no pack {arguments.pack} to release.{hint}", file=sys.stderr)
        return 2
    errors = [problem for problem in check([root]) if not problem.warning]
    problems = errors or check_release(library, arguments.pack)
    for problem in problems:
        print(problem)
    if problems:
        print(f"{_count(len(problems), 'error')}; nothing was released.", file=sys.stderr)
        return 1
    frozen = freeze(library, arguments.pack)
    if arguments.dry_run:
        print(f"{frozen.pack} {frozen.version} could be released.")
        return 0
    try:
        path = write(root, frozen)
    except FileExistsError:
        sentence = f"{frozen.pack} {frozen.version} is released already. Raise the version in pack.yaml."
        print(sentence, file=sys.stderr)
        return 1
    print(f"{frozen.pack} {frozen.version} is frozen in {shown_path(path)}.")
    return 0


def _state(arguments: argparse.Namespace) -> int:
    library = scan(packs_root())
    found = reviews.counts(library)
    if arguments.json:
        print(json.dumps([dataclasses.asdict(count) for count in found], indent=1))
        return 0
    for code, standard in library.standards.items():
        written = sum(domain.is_written for domain in standard.domains.values())
        total = sum(1 for _ in standard.indicators())
        print(f"{code} {standard.version}: {total} indicators in {written} of {len(standard.domains)} domains")
        reviewed = ", ".join(f"{count.language} {count.reviewed}" for count in found if count.standard == code)
        print(f"  clinically reviewed: {reviewed}")
    return 0
