"""What this package keeps: the files of a hospital's library, what each shows, and who has looked at it.

A file is one row however many items and clauses it serves; the file itself lies once, by its digest (`records.files`). Nothing here is
a row of the ledger: a file that is linked to an item is at most something *stated*, and it changes no standing.
"""

from __future__ import annotations

import uuid6
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from beiji.documents.models import UserText
from beiji.programme.models import City, Subject
from beiji.programme.versions import Versioned
from beiji.programme.visible import VisibleQuerySet
from beiji.records.append_only import append_only, append_only_but
from beiji.records.models import Attachment

from .clauses import Clause, ClauseFile, ClauseItem, ClauseList, TableDraft  # noqa: F401 - Django looks for models here


class LibraryFile(Versioned):
    """A file of a hospital's library. `until`: the first day on which it no longer counts, the earlier of the day that its
    uploader gave and the one that follows from the items it shows (`until_item`); null: it has no end."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("Plan or procedure")
        ORDER = "order", _("Signed order or agreement")
        ROSTER = "roster", _("Roster or list of people")
        TRAINING = "training", _("Record of training")
        DRILL = "drill", _("Record of a drill or test")
        CHECK = "check", _("Record of checks and maintenance")
        PHOTO = "photo", _("Photograph")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, help_text="of the attachment: the same file stands in a library once")
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=10, help_text="of the title: en, zh-Hans or he")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField(help_text="the day of which it speaks: signed, held, taken")
    given_until = models.DateField(null=True)
    until = models.DateField(null=True)
    until_item = models.CharField(max_length=20, blank=True)
    personal = models.BooleanField(default=False, help_text="names people: not shown to guests")
    search_text = models.TextField(help_text="title and name of the file, folded")
    added_by = models.UUIDField()
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    objects = ScopedManager(models.Manager.from_queryset(VisibleQuerySet), city="city")

    class Meta:
        ordering = ("-day", "-added_at", "id")
        indexes = (models.Index(fields=("subject", "-day"), name="files_of_a_library"),)
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "sha256"), condition=Q(ended_at__isnull=True), name="one_of_a_file_in_a_library"
            ),
        )

    def __str__(self) -> str:
        return self.title


@append_only_but(("ended_at", "ended_by"))
class FileItem(models.Model):
    """A file shows something about an item of the standard, by its code; ended when somebody unties it."""

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(LibraryFile, on_delete=models.PROTECT, related_name="items")
    item = models.CharField(max_length=20, db_index=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("item", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("file", "item"), condition=Q(ended_at__isnull=True), name="one_tie_of_file_and_item"
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_id} {self.item}"


@append_only
class Mark(models.Model):
    """Somebody has looked at a file: read it, checked it, or did not accept it and said why. `version`: of the file that he saw."""

    class Word(models.TextChoices):
        READ = "read", _("Read")
        CHECKED = "checked", _("Checked")
        REFUSED = "refused", _("Not accepted")

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(LibraryFile, on_delete=models.PROTECT, related_name="marks")
    word = models.CharField(max_length=8, choices=Word.choices)
    version = models.PositiveIntegerField()
    reason = models.ForeignKey(UserText, on_delete=models.PROTECT, null=True, related_name="+")
    office = models.CharField(max_length=40, blank=True, help_text="institution of whoever looked")
    by = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.file_id} {self.word}"
