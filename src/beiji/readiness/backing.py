"""What lies behind a row that somebody typed by hand: the raw sheets, who watched, and what he adds in words."""

from __future__ import annotations

from django.db import models
from django_scopes import ScopedManager

from beiji.programme.models import City
from beiji.records.append_only import append_only
from beiji.records.models import Attachment


@append_only
class Sheet(models.Model):
    """A file behind a row: the raw sheet of a drill, a log, a photograph, the document that was submitted."""

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey("readiness.Evidence", on_delete=models.PROTECT, related_name="sheets")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    by = models.UUIDField()
    added_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"sheet of row {self.evidence_id}"


class Backing(models.Model):
    """Who watched, and a remark. Not append-only: words and the link to a person may have to be erased."""

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    evidence = models.OneToOneField("readiness.Evidence", on_delete=models.PROTECT, related_name="backing")
    evaluated_by = models.UUIDField(null=True, help_text="the person who watched and kept the time")
    note = models.TextField(blank=True)
    note_language = models.CharField(max_length=10, blank=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"behind row {self.evidence_id}"
