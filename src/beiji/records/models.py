"""Audit lines, attachments, operations and events. All are append-only; none holds personal data but a file itself.

The city is kept as its code, because this app stands below `programme`; the scope checks it like any other.
"""

from __future__ import annotations

import uuid6
from django.db import models
from django_scopes import ScopedManager

from .append_only import append_only


@append_only
class AuditLine(models.Model):
    """Who did what to which thing, when. `kind` is registered in `records.audit`; the person is a UUID, never a name."""

    id = models.BigAutoField(primary_key=True)
    city = models.CharField(max_length=40, blank=True, db_index=True)
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=60)
    person = models.UUIDField(null=True)
    thing = models.CharField(max_length=80, help_text="app.model:key of the thing concerned")
    details = models.JSONField(default=dict)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("city", "thing")),)

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}"


@append_only
class Attachment(models.Model):
    """A file kept by its SHA-256 in the data folder; sniffed, bounded in size, its EXIF stripped before the digest."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.CharField(max_length=40, db_index=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=40, help_text="media type found by looking into the file")
    size = models.PositiveBigIntegerField(help_text="bytes")
    name = models.CharField(max_length=200)
    added_by = models.UUIDField()
    added_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("-added_at",)

    def __str__(self) -> str:
        return self.name


@append_only
class Operation(models.Model):
    """One thing a client did, as it said it: replayed or out of order, it counts once (id is the client's own UUIDv7)."""

    id = models.UUIDField(primary_key=True)
    city = models.CharField(max_length=40, db_index=True)
    stream = models.CharField(
        max_length=80, db_index=True, help_text="what the operations belong to, e.g. visit:<uuid>"
    )
    kind = models.CharField(max_length=40)
    device = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField(help_text="the device's own counter")
    base = models.UUIDField(null=True, help_text="operation this one was made on top of")
    payload = models.JSONField()
    person = models.UUIDField()
    made_at = models.DateTimeField(help_text="the client's clock")
    received_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("received_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("stream", "device", "seq"), name="one_operation_per_device_and_seq"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@append_only
class Event(models.Model):
    """Outbox: something happened that pages, messages or other systems may want to know. Written on commit's side."""

    id = models.BigAutoField(primary_key=True)
    city = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    data = models.JSONField(default=dict)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"


@append_only
class Seal(models.Model):
    """What the append-only tables of a city held at an instant, in one digest that holds the one before it too.

    Its head, number and digest, stands on printed reports: whoever changes sealed rows would have to change the paper.
    """

    id = models.BigAutoField(primary_key=True)
    city = models.CharField(max_length=40, blank=True, help_text="empty: lines of the installation itself")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    count = models.PositiveBigIntegerField(help_text="rows of all seals up to this one")
    previous = models.CharField(max_length=64, blank=True, help_text="digest of the seal before")
    digest = models.CharField(max_length=64, help_text="SHA-256 of all the above and the parts")

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("city", "number")
        constraints = (models.UniqueConstraint(fields=("city", "number"), name="one_seal_per_number"),)

    def __str__(self) -> str:
        return f"{self.city} {self.number}"


@append_only
class SealedPart(models.Model):
    """Rows of one table that a seal holds: their keys, a fingerprint of each, and one digest of them all."""

    class Kind(models.TextChoices):
        NEW = "new", "new since the seal before"
        FILLED = "filled", "sealed before, with fields that have been filled since"
        ANEW = "anew", "sealed before under columns that an upgrade took away"

    id = models.BigAutoField(primary_key=True)
    city = models.CharField(max_length=40, blank=True)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="parts")
    table = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    columns = models.JSONField(help_text="what each row's digest is made of, in this order")
    count = models.PositiveIntegerField()
    rows = models.BinaryField(help_text="key and first eight bytes of the digest of each row, by key")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the keys and whole digests, by key")
    late = models.JSONField(default=list, help_text="keys below the highest that was sealed before")

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("city", "table")),)

    def __str__(self) -> str:
        return f"{self.table} {self.kind} {self.count}"
