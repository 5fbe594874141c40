"""Rows that somebody types: with what they rest on, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from beiji.programme.models import City
from beiji.programme.writing import change, hold_city
from beiji.records import files

from ..backing import Backing, Sheet
from ..book import Book, local, rows_of, size_class
from ..models import Evidence
from ..rules.backing import check_backing
from ..rules.judging import judge
from ..rules.rows import Evaluator
from .evidence import Draft, confirm_evidence, record_evidence


@change
def record_by_hand(
    *, city: City, draft: Draft, by: UUID, office: str, now: datetime, uploads: Sequence[UploadedFile[Any]] = (),
    evaluated_by: UUID | None = None, note: str = "", note_language: str = "",
) -> Evidence:  # fmt: skip
    """Record one row with its raw sheets, the person who watched and a remark. Effects as `record_batch`.

    Raises LedgerError if the law refuses the row or a pass rests on nothing, AttachmentError for a file that is not
    taken; then neither row nor file is kept.
    """
    now = hold_city(city, now)
    evidence = record_evidence(city=city, draft=draft, by=by, office=office, now=now)
    _check(evidence, now, has_sheet=bool(uploads), has_evaluator=evaluated_by is not None)
    _keep(evidence, uploads, by, now)
    if evaluated_by is not None or note.strip():
        Backing.objects.create(
            city=city, evidence=evidence, evaluated_by=evaluated_by, note=note.strip(), note_language=note_language
        )
    return evidence


@change
def confirm_by_hand(
    *, evidence: Evidence, evaluator: Evaluator, reason: str, by: UUID, office: str, now: datetime,
    reason_language: str = "", uploads: Sequence[UploadedFile[Any]] = (),
) -> Evidence:  # fmt: skip
    """Confirm the raw record of the hospital's own drill, event or times; its sheets stay beside the new row.

    Raises LedgerError, also when a measured pass has no raw sheet with either row, and AttachmentError.
    """
    now = hold_city(evidence.city, now)
    confirmed = confirm_evidence(
        evidence=evidence, evaluator=evaluator, reason=reason, by=by, office=office, now=now,
        reason_language=reason_language,
    )  # fmt: skip
    _check(confirmed, now, has_sheet=bool(uploads) or evidence.sheets.exists(), has_evaluator=True)
    carry_sheets(evidence, confirmed, uploads, by, now)
    return confirmed


def carry_sheets(
    evidence: Evidence, confirmed: Evidence, uploads: Sequence[UploadedFile[Any]], by: UUID, now: datetime
) -> None:
    """The hospital's files and those of whoever looked at them stand beside his row, and he answers for it."""
    papers = [sheet.attachment for sheet in evidence.sheets.select_related("attachment")]
    Sheet.objects.bulk_create(
        Sheet(city=evidence.city, evidence=confirmed, attachment=attachment, by=by, added_at=now)
        for attachment in papers
    )
    _keep(confirmed, uploads, by, now)
    Backing.objects.create(city=evidence.city, evidence=confirmed, evaluated_by=by)


def _check(evidence: Evidence, now: datetime, *, has_sheet: bool, has_evaluator: bool) -> None:
    """Judge the row that was just written by the target of its own day."""
    city, code = evidence.city, evidence.capability.code
    known_at = local(now, city)
    rows = rows_of([evidence.whole], city, {code})[evidence.whole_id]
    row = next(r for r in rows if r.id == evidence.pk)
    facts = Book(city, [evidence.capability_id]).facts(code, size_class(evidence.whole))
    judged = judge(row, facts, row.as_of, known_at)
    if judged is not None:
        check_backing(judged, has_sheet=has_sheet, has_evaluator=has_evaluator)


def _keep(evidence: Evidence, uploads: Sequence[UploadedFile[Any]], by: UUID, now: datetime) -> None:
    with files.taken_whole():  # one file that is refused takes those before it along
        for upload in uploads:
            attachment = files.add_attachment(city=evidence.city_id, upload=upload, by=by, now=now)
            Sheet.objects.create(city=evidence.city, evidence=evidence, attachment=attachment, by=by, added_at=now)
