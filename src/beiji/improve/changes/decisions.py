"""What is asked of the authorities, and what they decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from beiji.documents import changes as documents
from beiji.programme.access import today_in
from beiji.programme.models import City, Organisation, Person
from beiji.programme.versions import next_version
from beiji.programme.writing import change, hold_city
from beiji.records import audit, files

from .. import telling
from ..models import Decision, Ruling
from .errors import ImproveError, check_fields
from .numbers import next_number


@change
def ask_decision(
    *, city: City, body: str, language: str, owner: Organisation, cost_class: str, asked_on: date, due: date,
    by: Person, now: datetime, order: int = 0,
) -> Decision:  # fmt: skip
    """Put something into the register that the authorities are asked to decide.

    Raises TextError when the words cannot be kept, ImproveError when it would be due before it is asked.
    """
    now = hold_city(city, now)
    _check_days(asked_on, due)
    check_fields(city, body, now)
    where = f"/{city.pk}/decisions/"
    text = documents.write_text(city=city, kind="decision", language=language, body=body, by=by, now=now, where=where)
    decision = Decision.objects.create(
        city=city, number=next_number(city, Decision.objects), text=text, owner=owner, cost_class=cost_class,
        asked_on=asked_on, due=due, order=order, asked_by=by.pk, recorded_at=now,
    )  # fmt: skip
    audit.write("improve.decision-asked", city=city.pk, by=by.pk, of=decision, now=now)
    telling.decision_asked(decision, by=by.pk, now=now)
    return decision


@change
def change_decision(
    *, decision: Decision, body: str, language: str, owner: Organisation, cost_class: str, asked_on: date, due: date,
    by: Person, now: datetime, order: int = 0, seen: int | None = None,
) -> None:  # fmt: skip
    """Change what is asked, of whom and by when. Raises ImproveError once the authorities have taken or refused it.

    `seen`: the version that the person's page showed; raises Outdated when somebody else has changed it since.
    """
    now = hold_city(decision.city_id, now)
    decision.refresh_from_db()
    _check_days(asked_on, due)
    if Ruling.objects.filter(decision=decision).exclude(word=Ruling.Word.DEFERRED).exists():
        raise ImproveError(_("The authorities have decided on these words; ask for a new decision instead."))
    check_fields(decision.city, body, now)
    has_new_words = documents.edit_text(text=decision.text, language=language, body=body, by=by, now=now)
    said = {"owner": owner, "cost_class": cost_class, "order": order, "asked_on": asked_on, "due": due}
    changed = [name for name, value in said.items() if getattr(decision, name) != value]
    if not changed and not has_new_words:
        return
    next_version(decision, seen)
    for name in changed:
        setattr(decision, name, said[name])
    decision.save(update_fields=changed)
    audit.write("improve.decision-changed", city=decision.city_id, by=by.pk, of=decision, now=now)
    if "owner" in changed:
        telling.decision_asked(decision, by=by.pk, now=now)


@change
def record_ruling(
    *, decision: Decision, word: str, decided_on: date, decided_by: UUID, by: Person, now: datetime,
    note: str = "", language: str = "", seen: int | None = None, scan: UploadedFile[Any] | None = None,
) -> Ruling:  # fmt: skip
    """Record that the authorities took, deferred or refused it, with the scan of what they signed; earlier rulings stay.

    Raises ImproveError for a day before it was asked or still to come, and when what is asked was changed after the
    page with version `seen` was opened: the authorities' word would stand beside other words. Raises AttachmentError for
    a scan that is not taken.
    """
    now = hold_city(decision.city_id, now)
    decision.refresh_from_db()
    if seen is not None and seen != decision.version:
        raise ImproveError(_("What is asked was changed while your page was open. Read it again, then record."))
    if decided_on < decision.asked_on:
        raise ImproveError(_("It was decided before it was asked; correct the day."))
    if decided_on > today_in(decision.city, now):
        raise ImproveError(_("A decision cannot be dated after today."))
    if word not in Ruling.Word.values:
        raise ImproveError(_("Say whether it was taken, deferred or refused."))
    text = None
    if note.strip():
        where = f"/{decision.city_id}/decisions/"
        text = documents.write_text(
            city=decision.city, kind="decision note", language=language, body=note, by=by, now=now, where=where
        )
    with files.taken_whole():
        paper = scan and files.add_attachment(city=decision.city_id, upload=scan, by=by.pk, now=now)
        ruling = Ruling.objects.create(
            city=decision.city, decision=decision, word=word, decided_on=decided_on, decided_by=decided_by, note=text,
            scan=paper or None, by=by.pk, recorded_at=now,
        )  # fmt: skip
    audit.write("improve.decision-ruled", city=decision.city_id, by=by.pk, of=decision, now=now, word=word)
    telling.decision_ruled(decision, word, by=by.pk, now=now)
    return ruling


def _check_days(asked_on: date, due: date) -> None:
    if due < asked_on:
        raise ImproveError(_("It would be due before it is asked; put the days in order."))
