"""Signing the texts of a standard, in the city's own data."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from beiji.packs.reviews import SOURCE
from beiji.programme.models import City
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..models import Indicator
from ..reviews import Review
from ..rules.rows import LedgerError


@change
def sign_review(
    *, city: City, indicator: Indicator, language: str, kind: str, read: str, by: UUID, office: str, now: datetime
) -> Review:
    """A person stands for an indicator as it was `read`: the hashes of source and text, `source text`.

    The signature counts as long as neither changes. Raises LedgerError when the text is no longer what was read.
    """
    now = hold_city(city, now)
    hashes = {**indicator.hashes}
    if language not in hashes or read != f"{hashes[SOURCE]} {hashes[language]}":
        raise LedgerError(
            "review-changed", "{indicator} is no longer what you read. Read it anew.", indicator=indicator.code
        )
    key = {
        "city": city, "standard": indicator.domain.pack.code, "indicator": indicator.code, "language": language,
        "kind": kind, "source_hash": hashes[SOURCE], "text_hash": hashes[language], "by": by,
    }  # fmt: skip
    if Review.objects.filter(**key, taken_back_at__isnull=True).exists():
        raise LedgerError(
            "review-twice", "You have signed {indicator} before, and it has not changed.", indicator=indicator.code
        )
    row = Review.objects.create(**key, office=office, recorded_at=now)
    audit.write("readiness.review-signed", city=city.pk, by=by, of=row, now=now, indicator=indicator.code)
    return row


@change
def take_review_back(*, review: Review, by: UUID, now: datetime) -> None:
    """The signer no longer stands for the text. Raises LedgerError for anybody else, and the second time."""
    now = hold_city(review.city_id, now)
    if review.by != by:
        raise LedgerError("review-other", "Only whoever signed takes a signature back.")
    if Review.objects.filter(pk=review.pk, taken_back_at__isnull=True).update(taken_back_at=now) != 1:
        raise LedgerError("review-gone", "That signature was taken back before.")
    audit.write(
        "readiness.review-taken-back", city=review.city_id, by=by, of=review, now=now, indicator=review.indicator
    )


@change
def note_reviews_taken(*, city: City, by: UUID, now: datetime, rows: int) -> None:
    """Write down that somebody took the city's signatures, with the names of those who signed, as a file."""
    now = hold_city(city, now)
    audit.write("readiness.reviews-taken", city=city.pk, by=by, of=city, now=now, rows=rows)
