"""What people typed, version by version, and the translations of it. Nothing here is changed or deleted. Documents: `papers`."""

from __future__ import annotations

import uuid6
from django.db import models
from django_scopes import ScopedManager

from beiji.records.append_only import append_only

from .papers import (  # noqa: F401 - Django looks for models here
    Comment,
    Document,
    DocumentVersion,
    Draft,
    DraftBlock,
    Revision,
    StandingBlock,
    Step,
    WordFile,
    Wording,
)
from .querysets import UserTextQuerySet


@append_only
class UserText(models.Model):
    """A text that somebody typed in one language; other rooms keep its id. The words stand in its versions.

    `kind` says what it is (finding, note, action, …), `restricted_to` the subject whose people may read it in the queue.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=40)
    where = models.CharField(max_length=300, blank=True, help_text="address of the page on which it stands")
    created_at = models.DateTimeField()

    objects = ScopedManager(models.Manager.from_queryset(UserTextQuerySet), city="city")

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@append_only
class TextVersion(models.Model):
    """One wording in its original language; the newest counts. `hash` is what a translation was made from."""

    id = models.BigAutoField(primary_key=True)
    city = models.CharField(max_length=40, db_index=True)
    text = models.ForeignKey(UserText, on_delete=models.PROTECT, related_name="versions")
    language = models.CharField(max_length=10, help_text="en, zh-Hans or he")
    body = models.TextField()
    hash = models.CharField(max_length=64)
    written_by = models.UUIDField()
    written_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("city", "hash"), name="wordings_by_hash"),)

    def __str__(self) -> str:
        return self.body[:60]


@append_only
class Translation(models.Model):
    """A proposed translation of one version into one language."""

    id = models.BigAutoField(primary_key=True)
    city = models.CharField(max_length=40, db_index=True)
    text = models.ForeignKey(UserText, on_delete=models.PROTECT, related_name="translations")
    language = models.CharField(max_length=10)
    body = models.TextField()
    source_hash = models.CharField(max_length=64)
    written_by = models.UUIDField()
    written_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("city", "source_hash"), name="translations_by_source"),)

    def __str__(self) -> str:
        return f"{self.language}: {self.body[:60]}"


@append_only
class Approval(models.Model):
    """Somebody other than the translator stands for a translation. It lapses when the original gets a new version."""

    id = models.BigAutoField(primary_key=True)
    city = models.CharField(max_length=40, db_index=True)
    translation = models.OneToOneField(Translation, on_delete=models.PROTECT, related_name="approval")
    approved_by = models.UUIDField()
    approved_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.translation_id} approved"
