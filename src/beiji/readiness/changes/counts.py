"""Counts from records: what the register of training calls by night, and their sampling from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from beiji.programme.models import City, Subject
from beiji.programme.writing import change, hold_city

from ..book import local, rows_of
from ..models import Evidence
from ..rules.counts import is_withdrawn_count, sampled_share, share_of
from ..rules.rows import Condition, Evaluator, LedgerError, Method, Source
from .by_hand import carry_sheets
from .evidence import Draft, ending, record_evidence


@change
def record_count(
    *, city: City, subject: str, capability: str, day: date, current: int, listed: int, source: Source, now: datetime,
    condition: Condition = Condition.ANY, place: str | None = None, by: UUID | None = None,
) -> Evidence | None:  # fmt: skip
    """The hospital's count of its records on a day: `current` of `listed` people. Call it as often as you like.

    Writes a row, in the name of the hospital, only where the law says that one is due: at a month's end (or on the first
    call after one that was missed), for a gate (`source.kind` is "gate"), or because the share crossed the target. Returns
    None where none is due, where nobody is listed, and for a count that somebody withdrew. Effects as `record_batch`;
    raises LedgerError for what can never be recorded (a capability that is not counted from records, 41 of 40).
    """
    now = hold_city(city, now)
    if not listed and not current:
        return None
    draft = Draft(
        subject, capability, Method.RECORDS, Evaluator.SELF, day,
        value=share_of(current, listed), sample=listed, condition=condition, place=place, source=source,
    )  # fmt: skip
    office, was_withdrawn = _hospital(city, draft, now)
    if was_withdrawn:
        return None
    try:
        return record_evidence(city=city, draft=draft, by=by, office=office, now=now)
    except LedgerError as refusal:
        if refusal.code == "count-early":
            return None
        raise


def _hospital(city: City, draft: Draft, now: datetime) -> tuple[str, bool]:
    """The office in whose name the row stands, and whether this very count was withdrawn before."""
    whole = Subject.objects.filter(code=draft.subject).select_related("parent__parent").first()
    while whole is not None and whole.kind in (Subject.Kind.CAMPUS, Subject.Kind.PLACE) and whole.parent is not None:
        whole = whole.parent
    if whole is None:
        raise LedgerError("subject-unknown", "There is no subject {code}.", code=draft.subject)
    rows = rows_of([whole], city, {draft.capability})[whole.pk]
    said = (draft.subject, draft.place, draft.condition, draft.as_of, draft.value, draft.sample)
    return whole.code, is_withdrawn_count(said, rows, local(now, city))


@change
def sample_count(
    *, evidence: Evidence, evaluator: Evaluator, drawn: int, held: int, reason: str, by: UUID, office: str, now: datetime,
    reason_language: str = "", uploads: Sequence[UploadedFile[Any]] = (),
) -> Evidence:  # fmt: skip
    """Sample the hospital's count from outside: of `drawn` people counted as current, the records of `held` are in order.

    The row supersedes the hospital's, with its files; its share is the one counted, times held through drawn. Raises
    LedgerError and AttachmentError.
    """
    now = hold_city(evidence.city, now)
    counted = Fraction(evidence.value or 0) * Fraction(evidence.edition.scale)
    draft = ending(
        evidence, evaluator, reason, reason_language,
        withdrawal=False, value=sampled_share(counted, drawn, held), sample=drawn,
        place=evidence.place.code if evidence.place else None,
    )  # fmt: skip
    sampled = record_evidence(city=evidence.city, draft=draft, by=by, office=office, now=now)
    carry_sheets(evidence, sampled, uploads, by, now)
    return sampled
