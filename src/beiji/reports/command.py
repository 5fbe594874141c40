"""`beiji report`: a report as a file, without a browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from beiji.output import OutputError, check_target, write_whole

LANGUAGES = {"en": "en", "zh-hans": "zh-Hans", "zh": "zh-Hans", "he": "he"}
AUDIENCES = ("ministers", "ward")
PLANNED_AUDIENCES = ("experts", "public", "directors")
FORMATS = ("pdf", "docx")
PLANNED_FORMATS = ("xlsx", "html", "json")


class ReportCommandError(Exception):
    """One line that says what is wrong and how to mend it."""


@dataclass(frozen=True)
class Wanted:
    """What the words ask for, understood: the days, who reads it, in which language and as which kind of file."""

    city: str
    audience: str
    hospital: str | None
    snapshot: str | None
    as_of: date | None
    known_on: date | None
    language: str
    kind: str
    target: Path


#: Makes the report's bytes; it needs the database.
Make = Callable[[Wanted], bytes]


def add_parser(commands: argparse._SubParsersAction, make: Make) -> None:
    """Add `report` with its words to the command line."""
    one = commands.add_parser(
        "report", help="a report of a city as a file", description="Make a report, or print a kept snapshot again."
    )
    one.add_argument("city", help="code of the city, e.g. yangzhou")
    one.add_argument(
        "--audience", default="ministers", metavar="WHO", help="ministers (one page) or ward (list of one hospital)"
    )
    one.add_argument("--hospital", metavar="ID", help="which hospital's list")
    one.add_argument("--as-of", metavar="D", help="day that the report shows (default today)")
    one.add_argument("--known-at", metavar="D", help="show only what was known at the end of this day (default now)")
    one.add_argument("--snapshot", metavar="ID", help="print this snapshot again instead of making a new one")
    one.add_argument("--language", default="en", metavar="L", help="en, zh-Hans or he")
    one.add_argument("--format", default="pdf", metavar="F", help="pdf or docx")
    one.add_argument("-o", "--output", required=True, metavar="FILE", help="file to write")
    one.set_defaults(run=partial(run, make))


def run(make: Make, arguments: argparse.Namespace) -> int:
    """Carry the command out. Returns 0, or 2 with one line on standard error."""
    try:
        wanted = _wanted(arguments)
        check_target(wanted.target)  # before a report is frozen for it
        write_whole(wanted.target, make(wanted))
        return 0
    except (ReportCommandError, OutputError) as error:
        print(f"beiji report: {error}", file=sys.stderr)
        return 2


def _known(word: str, built: tuple[str, ...], planned: tuple[str, ...], what: str) -> str:
    word = word.lower()
    if word in planned:
        raise ReportCommandError(f"{what} {word} is not built yet; there are {', '.join(built)}.")
    if word not in built:
        raise ReportCommandError(f'there is no {what} "{word}"; choose one of {", ".join(built)}.')
    return word


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ReportCommandError(
            f'{option}: "{text}" is not a date; write year-month-day, for example 2026-11-24.'
        ) from None


def _wanted(arguments: argparse.Namespace) -> Wanted:
    audience = _known(arguments.audience, AUDIENCES, PLANNED_AUDIENCES, "audience")
    kind = _known(arguments.format, FORMATS, PLANNED_FORMATS, "format")
    language = LANGUAGES.get(arguments.language.lower())
    if language is None:
        raise ReportCommandError(f'there is no language "{arguments.language}"; choose en, zh-Hans or he.')
    return Wanted(
        city=arguments.city,
        audience=audience,
        hospital=arguments.hospital,
        snapshot=arguments.snapshot,
        as_of=_day(arguments.as_of, "--as-of"),
        known_on=_day(arguments.known_at, "--known-at"),
        language=language,
        kind=kind,
        target=Path(arguments.output),
    )
