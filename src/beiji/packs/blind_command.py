"""`beiji pack blind`: sets of anchors for a reader who has not seen them, and how many he put in the order of their levels."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from beiji.packs.blind import LANGUAGES, Shuffled, agreement, read_answers, shuffled
from beiji.packs.library import Library, packs_root, scan
from beiji.packs.problems import did_you_mean


def add_command(commands: Any) -> None:
    """Add `blind` to the pack commands."""
    blind = commands.add_parser("blind", help="anchors without their levels, to be put in order; or judge the answers")
    blind.add_argument("standard", metavar="STANDARD", help="id of a standard")
    blind.add_argument("--seed", type=int, default=1, help="another seed, another order (default: 1)")
    blind.add_argument("--language", choices=LANGUAGES, default="en")
    blind.add_argument("--answers", type=Path, default=None, metavar="FILE", help="CSV with indicator, language, order")


def run(arguments: argparse.Namespace) -> int:
    """Print the sets of one language, or judge answers: 1 when a set is out of order, 2 when nothing could be judged."""
    library = scan(packs_root())
    if arguments.standard not in library.standards:
        hint = did_you_mean(arguments.standard, library.standards) or f" Standards are: {', '.join(library.standards)}."
        print(f"There is no standard {arguments.standard}.{hint}", file=sys.stderr)
        return 2
    if arguments.answers is not None:
        return _judge(library, arguments)
    for one in shuffled(library, arguments.standard, arguments.seed):
        if one.language == arguments.language:
            print(_lines(one))
    return 0


def _lines(one: Shuffled) -> str:
    return "\n".join([one.indicator, *(f"  {letter}  {text}" for letter, text in zip("ABC", one.texts, strict=True))])


def _judge(library: Library, arguments: argparse.Namespace) -> int:
    try:
        answers = read_answers(arguments.answers)
    except (OSError, UnicodeDecodeError) as error:
        print(f"{arguments.answers} cannot be read: {error}. Name a CSV file.", file=sys.stderr)
        return 2
    if not answers or not {"indicator", "language", "order"} <= answers[0].keys():
        print(
            f"{arguments.answers} needs the columns indicator, language and order, and a line for each set.",
            file=sys.stderr,
        )
        return 2
    sets = list(shuffled(library, arguments.standard, arguments.seed))
    keys = {(one.indicator, one.language) for one in sets}
    known = [answer for answer in answers if (answer["indicator"], answer["language"]) in keys]
    right, wrong = agreement(sets, known)
    for line in wrong:
        print(line)
    for answer in answers:
        if answer not in known:
            name = f"{answer['indicator']} {answer['language']}"
            print(f"{arguments.answers}: {name} is no set of {arguments.standard}. Take the line away.")
    print(f"{right} of {len(known)} sets are in the order of their levels.")
    return 0 if right == len(answers) else 1
