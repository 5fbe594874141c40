"""What is kept of documents: their blocks revision by revision, frozen versions, the draft, comments.

A *version* is a manifest, a list of (block, revision): a block keeps its id through all versions, a revision never changes. Rows that
only grow hold the hash of the words; the words themselves stand in `Wording`, which is no such table, so that words that name
somebody can be blanked. Which room owns a document, and who may do what with it, the room says (`owners`).
"""

from __future__ import annotations

import uuid6
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from beiji.programme.models import City, Subject
from beiji.programme.visible import VisibleQuerySet
from beiji.records.append_only import append_only, append_only_but

from .rules import Kind, State


@append_only
class Document(models.Model):
    """A document of some room's thing: `owner` names the kind of thing, `owner_key` which one."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    owner = models.CharField(max_length=40)
    owner_key = models.CharField(max_length=40)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=10, help_text="in which it is written: en, zh-Hans or he")
    created_by = models.UUIDField()
    created_at = models.DateTimeField()

    objects = ScopedManager(models.Manager.from_queryset(VisibleQuerySet), city="city")

    class Meta:
        ordering = ("created_at", "id")
        constraints = (models.UniqueConstraint(fields=("owner", "owner_key"), name="one_document_of_a_thing"),)

    def __str__(self) -> str:
        return f"{self.owner} {self.owner_key}"


class Wording(models.Model):
    """Words that a revision says, once for each hash. Not append-only: what must not stand there can be blanked."""

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    hash = models.CharField(max_length=64)
    body = models.TextField(blank=True)

    objects = ScopedManager(city="city")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("city", "hash"), name="one_wording_of_a_hash"),)

    def __str__(self) -> str:
        return self.body[:60]


@append_only
class Revision(models.Model):
    """What a block said at one time. Its id is that of the operation by which it was written, the client's own UUIDv7."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="revisions")
    block = models.UUIDField()
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Kind])
    name = models.CharField(max_length=40, blank=True, help_text="which structured kind")
    level = models.PositiveSmallIntegerField(default=0, help_text="of a heading: 1 to 3")
    language = models.CharField(max_length=10)
    hash = models.CharField(max_length=64, help_text="of language and words, by which translations know their source")
    words = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    written_by = models.UUIDField()
    written_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("written_at", "id")
        indexes = (models.Index(fields=("document", "block"), name="revisions_of_a_block"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.block}"


@append_only
class DocumentVersion(models.Model):
    """A version as it was handed in or put away: `manifest` is a list of [block, revision], `digest` covers what it says."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    manifest = models.JSONField()
    digest = models.CharField(max_length=64)
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    frozen_by = models.UUIDField()
    frozen_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("document", "number"), name="one_version_of_a_number"),)

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"


@append_only
class Step(models.Model):
    """A step in the life of a version: into which state, by whom, when, and why where it was sent back."""

    class Into(models.TextChoices):
        REVIEW = State.REVIEW.value, _("In review")
        REVIEWED = State.REVIEWED.value, _("Reviewed")
        APPROVED = State.APPROVED.value, _("Approved")
        SUPERSEDED = State.SUPERSEDED.value, _("Superseded")
        RETURNED = State.RETURNED.value, _("Sent back")
        PUT_AWAY = State.PUT_AWAY.value, _("Put away")

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="steps")
    into = models.CharField(max_length=10, choices=Into.choices)
    reason = models.ForeignKey("documents.UserText", on_delete=models.PROTECT, null=True, related_name="+")
    by = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.version_id} {self.into}"


class Draft(models.Model):
    """What is being written of a document; one at a time. It goes when it is handed in or put away as a version."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="draft")
    base = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, null=True, related_name="+")
    started_by = models.UUIDField()
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    def __str__(self) -> str:
        return str(self.document_id)


class DraftBlock(models.Model):
    """A block of the draft with the revision that it has now, and who is writing in it until when, in which tab."""

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="blocks")
    block = models.UUIDField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    order = models.IntegerField()
    editor = models.UUIDField(null=True)
    tab = models.CharField(max_length=40, blank=True)
    held_until = models.DateTimeField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("order", "id")
        constraints = (models.UniqueConstraint(fields=("draft", "block"), name="a_block_once_in_a_draft"),)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.block}"


class StandingBlock(models.Model):
    """A block of an approved version: what the queue of translations asks for, and no older one."""

    block = models.UUIDField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(city="city")

    def __str__(self) -> str:
        return str(self.block)


class WordFile(models.Model):
    """A Word file that was brought into a draft: which blocks it became, which stood there before in their place, and what had to be
    told (`told`: code, count, chapters). It holds words of the file, so it can be blanked."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="word_files")
    draft = models.UUIDField()
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    blocks = models.JSONField()
    replaced = models.JSONField()
    told = models.JSONField()
    brought_by = models.UUIDField()
    brought_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("-brought_at",)

    def __str__(self) -> str:
        return self.name


@append_only_but(("resolved_at", "resolved_by"))
class Comment(models.Model):
    """What somebody remarks on a block, and that it was settled. `revision`: what the block said then."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="comments")
    block = models.UUIDField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    text = models.ForeignKey("documents.UserText", on_delete=models.PROTECT, related_name="+")
    by = models.UUIDField()
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.UUIDField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=("document", "resolved_at"), name="open_comments"),)

    def __str__(self) -> str:
        return str(self.id)
