"""`beiji report`: a report as a file, without a browser."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from beiji.output import OutputError, check_target, write_whole

LANGUAGES = {"en": "en", "zh-hans": "zh-Hans", "zh": "zh-Hans", "he": "he"}
AUDIENCES = ("ministers", "ward")
PLANNED_AUDIENCES = ("experts", "public", "directors")
FORMATS = ("pdf", "docx")
PLANNED_FORMATS = ("xlsx", "html", "json")


class ReportCommandError(Exception):
    """One line that says what is wrong and how to mend it."""


def add_parser(commands: argparse._SubParsersAction) -> None:
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
    one.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Carry the command out. Returns 0, or 2 with one line on standard error."""
    try:
        return _run(arguments)
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


def _run(arguments: argparse.Namespace) -> int:
    audience = _known(arguments.audience, AUDIENCES, PLANNED_AUDIENCES, "audience")
    kind = _known(arguments.format, FORMATS, PLANNED_FORMATS, "format")
    language = LANGUAGES.get(arguments.language.lower())
    if language is None:
        raise ReportCommandError(f'there is no language "{arguments.language}"; choose en, zh-Hans or he.')
    as_of, known_on = _day(arguments.as_of, "--as-of"), _day(arguments.known_at, "--known-at")
    target = Path(arguments.output)
    check_target(target)  # before a report is frozen for it

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")
    import django

    django.setup()
    write_whole(target, _file(arguments, audience, kind, language, as_of, known_on))
    return 0


def _file(
    arguments: argparse.Namespace, audience: str, kind: str, language: str, as_of: date | None, known_on: date | None
) -> bytes:
    """The report's bytes; everything that needs the database."""
    from django.db import DatabaseError
    from django_scopes import scope

    from beiji.programme.models import City
    from beiji.records.kept import NotAsKept
    from beiji.reports import rendering

    try:
        city = City.objects.filter(pk=arguments.city).first()
    except DatabaseError:
        raise ReportCommandError("the database is not ready; run beiji init first.") from None
    if city is None:
        raise ReportCommandError(
            f'there is no city "{arguments.city}" in this database; run beiji init --demo for the demo city.'
        )
    with scope(city=city.pk):
        snapshot = _snapshot(city, arguments, audience, as_of, known_on)
        try:
            content = rendering.render(snapshot, language, kind)
        except NotAsKept as error:
            raise ReportCommandError(str(error)) from error
    print(f"beiji report: {snapshot.number}, sha256 {snapshot.digest[:16]}", file=sys.stderr)
    return content


def _snapshot(city, arguments: argparse.Namespace, audience: str, as_of: date | None, known_on: date | None):
    from beiji.programme.models import Subject
    from beiji.reports.changes import ReportError, make_snapshot
    from beiji.reports.models import Snapshot

    if arguments.snapshot:
        kept = Snapshot.objects.select_related("city", "subject").filter(number=arguments.snapshot).first()
        if kept is None:
            raise ReportCommandError(
                f"there is no snapshot {arguments.snapshot} of {city.pk}; beiji report without --snapshot makes one."
            )
        return kept
    subject = None
    if audience == "ward":
        if not arguments.hospital:
            raise ReportCommandError("a ward list needs --hospital ID.")
        subject = Subject.objects.filter(code=arguments.hospital).hospitals().first()
        if subject is None:
            codes = ", ".join(Subject.objects.all().hospitals().values_list("code", flat=True))
            raise ReportCommandError(f'there is no hospital "{arguments.hospital}"; there are {codes}.')
    now = datetime.now(UTC)
    known_at = None
    if known_on is not None:
        known_at = min(datetime.combine(known_on, time.max, ZoneInfo(city.time_zone)), now)
    try:
        return make_snapshot(
            city=city, audience=audience, by=None, now=now, subject=subject, as_of=as_of, known_at=known_at
        )
    except ReportError as error:
        raise ReportCommandError(str(error)) from error
