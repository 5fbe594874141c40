"""Who stands for which text of a standard, as signed in the city; the state is computed by `packs.reviews`, as in the packs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from beiji.packs.reviews import COLUMNS, Signature
from beiji.programme.models import City, Person
from beiji.records.append_only import append_only_but
from beiji.ui.languages import pick


@append_only_but(("taken_back_at",))
class Review(models.Model):
    """A person has read an indicator in one language and stands for it, as it was under these hashes."""

    class Kind(models.TextChoices):
        CLINICAL = "clinical"
        TRANSLATION = "translation"

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    standard = models.CharField(max_length=60)
    indicator = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    source_hash = models.CharField(max_length=16)
    text_hash = models.CharField(max_length=16)
    office = models.CharField(max_length=40)
    by = models.UUIDField()
    recorded_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("city", "standard", "indicator", "language", "kind", "source_hash", "text_hash", "by"),
                condition=Q(taken_back_at__isnull=True),
                name="one_signature_each",
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.language} {self.kind}"

    @property
    def signature(self) -> Signature:
        """The row as the packs read it; who and office by their ids."""
        return Signature(
            self.indicator, self.language, self.kind, self.source_hash, self.text_hash, str(self.by), self.office,
            self.recorded_at.date(),
        )  # fmt: skip


def reviews_of(standard: str, indicator: str | None = None) -> list[Review]:
    """The signatures of a standard, or of one item, that nobody took back, oldest first; one query."""
    rows = Review.objects.filter(standard=standard, taken_back_at__isnull=True)
    return list(rows if indicator is None else rows.filter(indicator=indicator))


def signatures(rows: Iterable[Review]) -> list[Signature]:
    """Rows as the packs read them."""
    return [row.signature for row in rows]


def as_csv(rows: Iterable[Review], people: Mapping[UUID, Person]) -> str:
    """Signatures as lines of a pack's `reviews.csv`; those of erased people are left out."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        person, one = people.get(row.by), row.signature
        if person is not None and person.erased_at is None:
            who, role = pick(person.names, "en"), pick(person.post, "en") or row.office
            writer.writerow([one.item, one.language, one.kind, one.source_hash, one.text_hash, who, role, one.date])
    return out.getvalue()
