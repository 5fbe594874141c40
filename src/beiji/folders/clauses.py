"""The quality office's own lists of clauses: what another body asks, in the hospital's words, and what of the house answers it.

No clause comes with the system and no number is made up: whatever stands here a hospital brought in itself.
"""

from __future__ import annotations

import uuid6
from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from beiji.programme.models import City, Subject
from beiji.programme.versions import Versioned
from beiji.programme.visible import VisibleQuerySet
from beiji.records.append_only import append_only_but


class ClauseList(Versioned):
    """A list of clauses of one hospital: an accreditation review, a yearly inspection. `version` rises with its table too."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=10, help_text="of the title and of the clauses: en, zh-Hans or he")
    inspection = models.DateField(null=True, help_text="the day on which it is asked for; null: not known yet")
    added_by = models.UUIDField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    objects = ScopedManager(models.Manager.from_queryset(VisibleQuerySet), city="city")

    class Meta:
        ordering = ("-added_at", "id")

    def __str__(self) -> str:
        return self.title


class Clause(models.Model):
    """A clause as the hospital wrote it; number and edition may be empty. `ended_at`: since then the table does not hold it."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    clauses = models.ForeignKey(ClauseList, on_delete=models.PROTECT, related_name="rows")
    edition = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=40, blank=True)
    body = models.TextField(blank=True)
    order = models.PositiveIntegerField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.number or self.body[:40]


@append_only_but(("ended_at", "ended_by"))
class ClauseItem(models.Model):
    """A clause and an item of the standard are about the same; neither says that they are equal."""

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="items")
    item = models.CharField(max_length=20)
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("clause", "item"), condition=Q(ended_at__isnull=True), name="one_tie_of_clause_and_item"
            ),
        )

    def __str__(self) -> str:
        return f"{self.clause_id} {self.item}"


@append_only_but(("ended_at", "ended_by"))
class ClauseFile(models.Model):
    """A file that was put into a clause's folder by hand, beside those that come by its items."""

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("folders.LibraryFile", on_delete=models.PROTECT, related_name="+")
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("clause", "file"), condition=Q(ended_at__isnull=True), name="one_tie_of_clause_and_file"
            ),
        )

    def __str__(self) -> str:
        return f"{self.clause_id} {self.file_id}"


class TableDraft(models.Model):
    """A table of clauses that was read and waits for its reader's yes; `version` of the list against which it was held."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    clauses = models.ForeignKey(ClauseList, on_delete=models.CASCADE, related_name="drafts")
    version = models.PositiveIntegerField()
    rows = models.JSONField(help_text="edition, number, text of each row")
    by = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("-at", "id")

    def __str__(self) -> str:
        return f"table for {self.clauses_id}"
