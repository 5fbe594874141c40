"""The bytes that `beiji report` writes: a new report, or one that was kept. Loaded once Django is set up."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.db import DatabaseError
from django_scopes import scope

from beiji.programme.models import City, Subject
from beiji.records.kept import NotAsKept

from . import rendering
from .changes import ReportError, make_snapshot
from .command import ReportCommandError, Wanted
from .models import Snapshot


def make(wanted: Wanted) -> bytes:
    """The file. Raises ReportCommandError with one line that says what is wrong and how to mend it."""
    try:
        city = City.objects.filter(pk=wanted.city).first()
    except DatabaseError:
        raise ReportCommandError("the database is not ready; run beiji init first.") from None
    if city is None:
        raise ReportCommandError(
            f'there is no city "{wanted.city}" in this database; run beiji init --demo for the demo city.'
        )
    with scope(city=city.pk):
        try:
            snapshot = _kept(city, wanted.snapshot) if wanted.snapshot else _made(city, wanted)
            content = rendering.render(snapshot, wanted.language, wanted.kind)
        except (NotAsKept, ReportError) as error:
            raise ReportCommandError(str(error)) from error
    print(f"beiji report: {snapshot.number}, sha256 {snapshot.digest[:16]}", file=sys.stderr)
    return content


def _kept(city: City, number: str) -> Snapshot:
    snapshot: Snapshot | None = Snapshot.objects.select_related("city", "subject").filter(number=number).first()
    if snapshot is None:
        raise ReportCommandError(
            f"there is no snapshot {number} of {city.pk}; beiji report without --snapshot makes one."
        )
    return snapshot


def _made(city: City, wanted: Wanted) -> Snapshot:
    now = datetime.now(UTC)
    known_at = None
    if wanted.known_on is not None:
        known_at = min(datetime.combine(wanted.known_on, time.max, ZoneInfo(city.time_zone)), now)
    subject = _hospital(wanted.hospital) if wanted.audience == "ward" else None
    return make_snapshot(
        city=city, audience=wanted.audience, by=None, now=now, subject=subject, as_of=wanted.as_of, known_at=known_at
    )


def _hospital(code: str | None) -> Subject:
    if not code:
        raise ReportCommandError("a ward list needs --hospital ID.")
    hospital: Subject | None = Subject.objects.filter(code=code).hospitals().first()
    if hospital is None:
        codes = ", ".join(Subject.objects.all().hospitals().values_list("code", flat=True))
        raise ReportCommandError(f'there is no hospital "{code}"; there are {codes}.')
    return hospital
