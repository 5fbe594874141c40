"""The words that every command of the engine has, said once: the city as it is or changed, the draws, the language, where it is written."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

Words = Callable[[argparse.ArgumentParser], None]


def add_command(subparsers: Any, name: str, what: str, epilog: str, words: Words, run: Any) -> None:
    """Add a command to the parser of the whole house; `what` says in a line what it is for."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser(name, help=what, epilog=epilog, formatter_class=layout)
    words(parser)
    parser.set_defaults(run=run)


def add_engine_words(parser: argparse.ArgumentParser, model: str = "model of deterioration") -> None:
    """What is changed in the city, how it is run, and what becomes of the answer; `model`: what the choice of one means here."""
    add = parser.add_argument
    change = "one change of the city: [HOSPITAL/]key[@minute][:day|:night]=value; may be repeated"
    add("--set", action="append", default=[], dest="changes", metavar="CHANGE", help=change)
    add("--policy", metavar="POLICY", help="nearest, proportional, spread, concentrate, table or split")
    bases = "planned (the city's timetable), proven (capped by the ledger) or targeted"
    add("--basis", default="planned", choices=("planned", "proven", "targeted"), help=bases)
    standings = "JSON of proven values by hospital and engine key, for --basis proven"
    add("--standings", type=Path, metavar="FILE", help=standings)
    add("--deterioration", default="sacco", choices=("sacco", "mills", "simedis"), help=model)
    add("--triage", metavar="RULE", help="triage rule (default: the scenario's, else START)")
    add("--seed", type=int, default=1, metavar="S", help="seed; the same seed gives the same events (default 1)")
    add("--threads", type=int, metavar="N", help="threads (default: all cores); the numbers do not depend on it")
    language = "language of the answer and of what is refused (default en)"
    add("--language", default="en", choices=("en", "zh-Hans", "he"), help=language)
    add("--packs", type=Path, metavar="FOLDER", help="packs folder (default: this installation's)")
    add("--out", type=Path, metavar="FILE", help="write to a file instead of the terminal")
