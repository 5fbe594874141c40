"""Findings: sentences typed by experts, with what they are about and their place on the page for leaders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from beiji.documents import changes as documents
from beiji.programme.access import today_in
from beiji.programme.models import City, Person, Subject
from beiji.programme.versions import next_version
from beiji.programme.writing import change, hold_city
from beiji.readiness.models import Capability
from beiji.records import audit

from ..models import Finding
from .errors import ImproveError, check_fields
from .numbers import next_number


@change
def write_finding(
    *, city: City, body: str, language: str, found_on: date, by: Person, now: datetime,
    subjects: Sequence[Subject] = (), indicators: Sequence[str] = (), capabilities: Sequence[Capability] = (),
    order: int = 0,
) -> Finding:  # fmt: skip
    """Keep a finding in the language it was typed in; no subjects: the whole city; order 0: not on the leaders' page.

    Raises TextError when the words cannot be kept, ImproveError for a day that is still to come.
    """
    now = hold_city(city, now)
    _check_day(city, found_on, now)
    check_fields(city, body, now)
    where = f"/{city.pk}/findings/"
    text = documents.write_text(city=city, kind="finding", language=language, body=body, by=by, now=now, where=where)
    finding = Finding.objects.create(
        city=city, number=next_number(city, Finding.objects), text=text, indicators=list(indicators), order=order,
        found_on=found_on, written_by=by.pk, recorded_at=now,
    )  # fmt: skip
    finding.subjects.set(subjects)
    finding.capabilities.set(capabilities)
    audit.write("improve.finding-written", city=city.pk, by=by.pk, of=finding, now=now)
    return finding


@change
def change_finding(
    *, finding: Finding, body: str, language: str, found_on: date, by: Person, now: datetime,
    subjects: Sequence[Subject] = (), indicators: Sequence[str] = (),
    capabilities: Sequence[Capability] | None = None, order: int = 0, seen: int | None = None,
) -> None:  # fmt: skip
    """Give a finding new words, another place or other subjects; approved translations of old words lapse.

    `capabilities` None: they stay. `seen`: the version that the person's page showed; raises Outdated when somebody
    else has changed it since, ImproveError once it was taken back.
    """
    now = hold_city(finding.city_id, now)
    finding.refresh_from_db()
    if finding.ended_at is not None:
        raise ImproveError(_("This finding was taken back meanwhile; write a new one."))
    _check_day(finding.city, found_on, now)
    check_fields(finding.city, body, now)
    has_new_words = documents.edit_text(text=finding.text, language=language, body=body, by=by, now=now)
    said = {"found_on": found_on, "order": order, "indicators": list(indicators)}
    changed = [name for name, value in said.items() if getattr(finding, name) != value]
    linked = {"subjects": subjects} | ({} if capabilities is None else {"capabilities": capabilities})
    moved = [name for name, rows in linked.items() if set(getattr(finding, name).all()) != set(rows)]
    if not (changed or moved or has_new_words):
        return
    next_version(finding, seen)
    for name in changed:
        setattr(finding, name, said[name])
    finding.save(update_fields=changed)
    for name in moved:
        getattr(finding, name).set(linked[name])
    audit.write("improve.finding-changed", city=finding.city_id, by=by.pk, of=finding, now=now)


@change
def end_finding(*, finding: Finding, by: Person, now: datetime) -> None:
    """Take a finding back; it leaves lists and new reports, old reports keep it. Raises ImproveError the second time."""
    now = hold_city(finding.city_id, now)
    hit = Finding.objects.filter(pk=finding.pk, ended_at__isnull=True).update(ended_at=now, ended_by=by.pk)
    if hit != 1:
        raise ImproveError(_("This finding was taken back already."))
    audit.write("improve.finding-ended", city=finding.city_id, by=by.pk, of=finding, now=now)


def _check_day(city: City, found_on: date, now: datetime) -> None:
    if found_on > today_in(city, now):
        raise ImproveError(_("A finding cannot be dated after today."))
