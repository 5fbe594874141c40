"""The only write path of this room: making a snapshot."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from beiji.programme.models import City, Subject
from beiji.records import audit

from . import freezing, gathering, improving, ministers, ward
from .models import Snapshot


class ReportError(Exception):
    """The report cannot be made; the text is one finished, translated sentence."""


def make_snapshot(
    *, city: City, audience: str, by: UUID | None, now: datetime, subject: Subject | None = None,
    as_of: date | None = None, known_at: datetime | None = None,
) -> Snapshot:  # fmt: skip
    """Compose and freeze a report for an audience, as of a day and as known at an instant (both: now).

    Raises ReportError for a day in the future, for knowledge later than now, and for a list without a hospital.
    """
    today = now.astimezone(ZoneInfo(city.time_zone)).date()
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
    with transaction.atomic():
        number = _next_number(city, day)
        hospitals = [subject] if subject is not None else list(Subject.objects.all().on(day).hospitals())
        basis = gathering.gather(city=city, hospitals=hospitals, as_of=day, known_at=known)
        if basis.now.method is None:
            raise ReportError(_("No standard is loaded for {city} on that day.").format(city=city.pk))
        if audience == Snapshot.Audience.WARD:
            assert subject is not None
            content = ward.content(basis, subject, improving.action_lines(subject, day, known), number)
        else:
            content = ministers.content(
                basis, hospitals, improving.finding_lines(known), improving.decision_lines(known), number
            )
        snapshot = Snapshot.objects.create(
            city=city, number=number, audience=audience, subject=subject, as_of=day, known_at=known,
            packs=gathering.packs_of(basis.now), content=content, digest=freezing.digest_of(content), made_by=by, made_at=now,
        )  # fmt: skip
        audit.write("reports.snapshot-made", city=city.pk, by=by, of=snapshot, now=now, number=number)
    return snapshot


def _next_number(city: City, day: date) -> str:
    """YZ-2-0007: city, stage of the day, running number. The city's row is held, so two reports never share a number."""
    City.objects.select_for_update().get(pk=city.pk)
    stage = gathering.stage_on(city, day)
    running = Snapshot.objects.count() + 1
    return f"{city.abbreviation}-{stage.number if stage else 0}-{running:04d}"
