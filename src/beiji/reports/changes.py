"""The only write path of this room: making a snapshot."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.programme.access import city_time, today_in
from beiji.programme.models import City, Subject
from beiji.programme.writing import change, freeze_knowledge, hold_city
from beiji.records import audit
from beiji.ui.print.fonts import PrintError

from . import composing, freezing, gathering, rendering
from .composing import ReportError
from .models import Snapshot

__all__ = ["ReportError", "make_snapshot", "take_file"]


def make_snapshot(
    *, city: City, audience: str, by: UUID | None, now: datetime, subject: Subject | None = None,
    as_of: date | None = None, known_at: datetime | None = None, trial: bool = True,
) -> Snapshot:  # fmt: skip
    """Compose and freeze a report for an audience, as of a day and as known at an instant (both: now).

    Takes the instant while it holds the city, reads without holding anything, then freezes: composed again at the
    snapshot's `known_at`, the report says the same, whatever was recorded while it was made. All its files are made
    once before, so that nothing is frozen that nobody could print; without `trial` that is left to the caller's tests.
    Raises ReportError for a day in the future, for knowledge later than now, for a list without a hospital, where
    nothing at all is known of what it would be about, and when one of its files cannot be made.
    """
    today = today_in(city, now)
    day, known = as_of or today, known_at or now
    if day > today:
        raise ReportError(
            _("{day} lies in the future; a report shows today or an earlier day.").format(day=day.isoformat())
        )
    if known > now:
        raise ReportError(
            _("The report cannot show what will be known later; leave out the second date or choose an earlier one.")
        )
    if audience == Snapshot.Audience.WARD and subject is None:
        raise ReportError(_("Say of which hospital the list is to be."))
    with city_time(city):
        known = _take_known_at(city=city, known_at=known, now=now)
        basis = composing.read(city=city, subject=subject, as_of=day, known_at=known)
        if trial:
            try:
                rendering.try_files(composing.content(audience, subject, basis, _number(basis, 0)))
            except PrintError as error:
                raise ReportError(str(error)) from error
        return _freeze(audience=audience, subject=subject, basis=basis, by=by, now=max(now, known))


def take_file(
    *, snapshot: Snapshot, language: str, kind: str, by: UUID, now: datetime, stamp: str = "", number: int = 0
) -> bytes:
    """The report as a file of a kind, in one language; who took it stands in the audit. Made before anything is held."""
    content = rendering.render(snapshot, language, kind, stamp)
    _note_taken(snapshot, language, kind, by, now, number)
    return content


@change
def _note_taken(snapshot: Snapshot, language: str, kind: str, by: UUID, now: datetime, number: int) -> None:
    audit.write(
        "reports.file-taken", city=snapshot.city_id, by=by, of=snapshot, now=now, kind_of_file=kind, language=language,
        number=number,
    )  # fmt: skip


@change
def _take_known_at(*, city: City, known_at: datetime, now: datetime) -> datetime:
    return freeze_knowledge(city, known_at, now)


@change
def _freeze(
    *, audience: str, subject: Subject | None, basis: composing.Read, by: UUID | None, now: datetime
) -> Snapshot:
    """Number the report and keep it. Only the number is still open here; files are made before or after, not inside."""
    city = basis.seen.city
    now = hold_city(city, now)
    number = _number(basis, Snapshot.objects.filter(city=city).count() + 1)  # held: two never share a number
    content: dict[str, Any] = composing.content(audience, subject, basis, number)
    snapshot = Snapshot.objects.create(
        city=city, number=number, audience=audience, subject=subject, as_of=basis.seen.as_of,
        known_at=basis.seen.known_at, packs=gathering.packs_of(basis.seen.now), content=content,
        digest=freezing.digest_of(content), made_by=by, made_at=now,
    )  # fmt: skip
    audit.write("reports.snapshot-made", city=city.pk, by=by, of=snapshot, now=now, number=number)
    return snapshot


def _number(basis: composing.Read, running: int) -> str:
    """YZ-2-0007: city, stage of the day, running number."""
    city, stage = basis.seen.city, gathering.stage_on(basis.seen.city, basis.seen.as_of)
    return f"{city.abbreviation}-{stage.number if stage else 0}-{running:04d}"
