"""`beiji pack …`: check, explain, compare and release packs from the command line."""

from __future__ import annotations

import argparse
import dataclasses
import gc
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from beiji.packs import blind_command as blind
from beiji.packs import overlay_command as overlaying
from beiji.packs import pages, reviews, signing
from beiji.packs.checker import check
from beiji.packs.coverage import coverage_of
from beiji.packs.diff import differences_of, line_of
from beiji.packs.formatting import format_file
from beiji.packs.frozen import ReleaseError, freeze, released, write
from beiji.packs.instruments import command as instruments
from beiji.packs.library import Library, packs_root, scan
from beiji.packs.problems import did_you_mean, shown_path
from beiji.packs.release import check_release, declared_for, releasable
from beiji.packs.sheets import command as sheets


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
    differing = commands.add_parser("diff", help="what differs from a release, how it is declared, what it does")
    differing.add_argument("pack", metavar="PACK", help="id of a standard or of a capability pack")
    differing.add_argument("--since", metavar="VERSION", default="", help="a frozen release (default: the newest)")
    differing.add_argument("--root", type=Path, default=None, help="packs folder (default: this installation's)")
    differing.add_argument("--json", action="store_true", help="print a list of objects")
    covering = commands.add_parser("coverage", help="what is written, and what reaches the engine")
    covering.add_argument("--json", action="store_true", help="print an object")
    ordering = commands.add_parser("fmt", help="put fields and languages in order; words and comments stay")
    ordering.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: all packs)")
    ordering.add_argument("--check", action="store_true", help="only say what is out of order")
    sheets.add_commands(commands)
    signing.add_command(commands)
    overlaying.add_command(commands)
    blind.add_command(commands)
    instruments.add_commands(commands)
    releasing = commands.add_parser("release", help="freeze a pack; refuses undeclared changes in bearing fields")
    releasing.add_argument("pack", metavar="PACK", help="id of a standard or of a capability pack")
    releasing.add_argument("--root", type=Path, default=None, help="packs folder (default: this installation's)")
    releasing.add_argument("--dry-run", action="store_true", help="only say what a release would refuse")


def run(arguments: argparse.Namespace) -> int:
    """Run the chosen command; 0 when nothing is wrong, 1 when something is, 2 when the question was wrong."""
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "blind": blind.run,
        "check": _check,
        "coverage": _coverage,
        "diff": _diff,
        "explain": _explain,
        "fmt": _fmt,
        "from-xlsx": sheets.from_xlsx,
        "overlay": overlaying.run,
        "release": _release,
        "score": instruments.run_score,
        "sign": signing.sign,
        "state": _state,
        "template": instruments.run_template,
        "to-xlsx": sheets.to_xlsx,
    }
    return commands[arguments.pack_command](arguments)


def _check(arguments: argparse.Namespace) -> int:
    gc.disable()  # very many small nodes are made, and none is thrown away before the end
    try:
        found = check(arguments.paths)
    finally:
        gc.enable()
    problems = [problem for problem in found if not (arguments.no_warnings and problem.warning)]
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
        return _no_such_pack(arguments.pack, library)
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
    if frozen.pack in library.standards:
        print(_reviewed(library, frozen.pack))
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    library = scan(arguments.root or packs_root())
    if arguments.pack not in releasable(library):
        return _no_such_pack(arguments.pack, library)
    try:
        history = {frozen.version: frozen for frozen in released(library.root, arguments.pack)}
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    since = arguments.since or next(reversed(history), "")
    if since not in history:
        known = f"Releases are: {', '.join(history)}." if history else "Nothing was released yet."
        print(f"There is no release {since or 'to compare with'} of {arguments.pack}. {known}", file=sys.stderr)
        return 2
    now = freeze(library, arguments.pack)
    found = differences_of(history[since], now)
    declared = declared_for(library, arguments.pack, now.version)
    if arguments.json:
        said = [
            {**dataclasses.asdict(one), "declared": [c.change for c in declared.get(one.item, ())]} for one in found
        ]
        print(json.dumps(said, ensure_ascii=False, indent=1))
        return 0
    for difference in found:
        print(line_of(difference, declared))
    print(f"{_count(len(found), 'difference')} between {since} and {now.version}.", file=sys.stderr)
    return 0


def _no_such_pack(name: str, library: Library) -> int:
    hint = did_you_mean(name, releasable(library)) or f" Packs are: {', '.join(releasable(library))}."
    print(f"There is no pack {name} to release.{hint}", file=sys.stderr)
    return 2


def _coverage(arguments: argparse.Namespace) -> int:
    coverage = coverage_of(scan(packs_root()))
    if arguments.json:
        print(json.dumps(dataclasses.asdict(coverage), indent=1))
        return 0
    for domain in coverage.domains:
        words = (
            f"{domain.items} items, {domain.core} core, {domain.must_pass} must-pass, {domain.conditional} conditional"
        )
        print(f"{domain.standard} {domain.domain}: {words if domain.items else 'not written yet'}")
    for heading, names in (
        ("engine keys that nothing feeds", coverage.keys_not_fed),
        ("capabilities that feed nothing", coverage.feed_nothing),
        ("evidence that no indicator asks for", coverage.evidence_not_asked),
    ):
        print(f"{heading} ({len(names)}): {', '.join(names) or 'none'}")
    print(f"capabilities that no indicator reads ({len(coverage.not_read)}):")
    for capability, reason in coverage.not_read.items():
        print(f"  {capability}: {reason or 'it does not say why; write not_asked'}")
    print("runs of words that stand in several indicators (L06 refuses more than 3):")
    for language, counts in coverage.shared_runs.items():
        shared = ", ".join(f"{count} in {holders}" for holders, count in counts.items() if holders > 1) or "none"
        print(f"  {language}: {shared}; of {sum(counts.values())}")
    return 0


def _fmt(arguments: argparse.Namespace) -> int:
    paths = [file for path in arguments.paths or [packs_root()] for file in _files(path)]
    said = [sentence for path in paths if (sentence := format_file(path, check=arguments.check))]
    for sentence in said:
        print(sentence)
    failed = arguments.check or any(not sentence.endswith("put in order.") for sentence in said)
    return 1 if said and failed else 0


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.yaml")) if path.is_dir() else [path]


def _state(arguments: argparse.Namespace) -> int:
    library = scan(packs_root())
    if arguments.json:
        print(json.dumps([dataclasses.asdict(count) for count in reviews.counts(library)], indent=1))
        return 0
    for code, standard in library.standards.items():
        written = sum(domain.is_written for domain in standard.domains.values())
        total = sum(1 for _ in standard.indicators())
        print(f"{code} {standard.version}: {total} indicators in {written} of {len(standard.domains)} domains")
        print(f"  {_reviewed(library, code)}")
    return 0


def _reviewed(library: Library, standard: str) -> str:
    """How many items a clinician stands for, by language; a release says so however few they are."""
    counts = [count for count in reviews.counts(library) if count.standard == standard]
    return "clinically reviewed: " + ", ".join(f"{count.language} {count.reviewed}" for count in counts)
