"""Audit lines, attachments, operations, events and seals: append-only, without personal data but in a file itself. And jobs,
notices and messages, which are rows that change, and are cleared when they are old.

The city is kept as its code, because this app stands below `programme`; the scope checks it like any other.
"""

from __future__ import annotations

import uuid6
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
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


class Job(models.Model):
    """A piece of work in the background (`records.jobs`). Only the worker that holds the lease of claim `claim` may write it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("at work")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.CharField(max_length=40, blank=True, help_text="empty: the house itself")
    kind = models.CharField(max_length=60)
    key = models.CharField(
        max_length=100, blank=True, help_text="of what happens once only, e.g. one night of one city"
    )
    person = models.UUIDField(null=True, help_text="who started it; null: the house itself")
    language = models.CharField(max_length=10, default="en", help_text="in which its sentences are written")
    argument = models.JSONField(default=dict, help_text="ids and days, never names")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="not begun before this instant")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True, help_text="a worker that has not renewed by then is taken for dead")
    claim = models.PositiveIntegerField(default=0, help_text="counts claims; an older claim writes nothing any more")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="claims that were not given back in good order")
    worker = models.CharField(max_length=80, blank=True, help_text="host and process that claimed it last")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="0: not known")
    result = models.JSONField(default=dict, help_text="counts and ids")
    sentence = models.TextField(blank=True, help_text="why it failed, and how to mend it")
    stop_asked_by = models.UUIDField(null=True)
    stop_asked_at = models.DateTimeField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = (
            models.Index(fields=("state", "due_at")),
            models.Index(fields=("city", "-made_at")),
        )
        constraints = (models.UniqueConstraint(fields=("key",), condition=~models.Q(key=""), name="one_job_per_key"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None


class JobContent(models.Model):
    """What a job is given that has no row of its own yet, such as a table of people; blanked when the job ends. `made`: ids of
    what came out of it."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, primary_key=True, related_name="content")
    given = models.TextField(blank=True)
    made = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.job_id)


class Notice(models.Model):
    """Something worth telling one person, in codes and ids; the sentence is made when it is read (`records.notices`).

    The same about the same thing is one row until it is read: `count` says how often it happened.
    """

    id = models.BigAutoField(primary_key=True)
    city = models.CharField(max_length=40)
    person = models.UUIDField()
    kind = models.CharField(max_length=60)
    thing = models.CharField(max_length=80, help_text="app.model:key of the thing concerned")
    details = models.JSONField(default=dict, help_text="codes, ids and days of the newest; never words")
    count = models.PositiveIntegerField(default=1)
    by = models.UUIDField(null=True, help_text="who did it last; null: the programme itself")
    at = models.DateTimeField(help_text="when it happened last")
    read_at = models.DateTimeField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("person", "-at"), name="notices_of_person"),
            models.Index(fields=("person",), condition=models.Q(read_at__isnull=True), name="unread_notices"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind", "thing"), condition=models.Q(read_at__isnull=True), name="one_unread_notice"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}"


class Reminded(models.Model):
    """That people were reminded of a thing at a step of its way past its day: so once, whatever is started again."""

    id = models.BigAutoField(primary_key=True)
    city = models.CharField(max_length=40, db_index=True)
    thing = models.CharField(max_length=80)
    step = models.CharField(max_length=40, help_text="the day it was due, and which reminder of it this was")
    at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        verbose_name_plural = "reminded"
        constraints = (models.UniqueConstraint(fields=("thing", "step"), name="reminded_once_per_step"),)

    def __str__(self) -> str:
        return f"{self.thing} {self.step}"


class Message(models.Model):
    """One message to one person's phone: a title, a number and a link, of whatever he has not read when it is sent.

    Its id is the key by which a receiver can tell that it has it already. At most one of a person waits at a time.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a message", "waiting")
        SENDING = "sending", pgettext_lazy("a message", "being sent")
        SENT = "sent", pgettext_lazy("a message", "sent")
        READ = "read", pgettext_lazy("a message", "read before it was sent")
        FAILED = "failed", pgettext_lazy("a message", "failed")
        UNCLEAR = "unclear", pgettext_lazy("a message", "broken off: nobody knows whether it arrived")

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.CharField(max_length=40, blank=True, help_text="empty: a test of the installation")
    person = models.UUIDField(null=True, help_text="null: a test")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="not sent before this instant")
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveIntegerField(default=0, help_text="notices that it speaks of")
    channel = models.CharField(max_length=8, blank=True, help_text="by which it was sent last")
    reason = models.CharField(
        max_length=200, blank=True, help_text="code and parameter of what kept it from being sent"
    )

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = (models.Index(fields=("state", "due_at"), name="messages_due"),)
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(state="waiting", person__isnull=False),
                name="one_waiting_message",
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.id}"
