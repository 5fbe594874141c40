"""What a report keeps: what it said, to whom, as of when and known when. Never changed afterwards."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from beiji.programme.models import City, Subject
from beiji.programme.visible import VisibleQuerySet
from beiji.records.append_only import append_only


@append_only
class Snapshot(models.Model):
    """A frozen report. `content` holds its words and numbers in all three languages, `digest` their SHA-256.

    `known_at` is the instant whose knowledge it shows; a row corrected later changes no snapshot, only the next one.
    """

    class Audience(models.TextChoices):
        MINISTERS = "ministers", _("One page for heads of state")
        WARD = "ward", _("List of one hospital")

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(
        max_length=20, help_text="said aloud and printed: YZ-2-0007 (city, stage, running number)"
    )
    audience = models.CharField(max_length=12, choices=Audience.choices)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    as_of = models.DateField()
    known_at = models.DateTimeField()
    packs = models.JSONField(help_text="code@version → hash of every pack the numbers rest on")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()

    objects = ScopedManager(models.Manager.from_queryset(VisibleQuerySet), city="city")

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("city", "number"), name="one_snapshot_per_number"),)

    def __str__(self) -> str:
        return self.number
