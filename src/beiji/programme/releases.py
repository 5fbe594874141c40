"""Files that leave the system, each under a number of its own."""

from __future__ import annotations

import uuid6
from django.db import models
from django_scopes import ScopedManager

from beiji.records.append_only import append_only_but


@append_only_but(("decided_at", "decided_by", "approved", "good_until", "reason"), ("taken_at",))
class Export(models.Model):
    """A file that leaves: asked for and approved or refused where the person is a guest, and taken.

    One of the city's own takes without asking: his row is asked and taken at once, and nobody has decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey("programme.City", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    person = models.ForeignKey("programme.Person", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=1000, help_text="of the file, with all that its list was narrowed by")
    what = models.CharField(max_length=80, help_text="what it is called in audit lines, e.g. list:actions")
    purpose = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    approved = models.BooleanField(null=True)
    good_until = models.DateTimeField(null=True, help_text="an approved file is taken before this instant")
    reason = models.CharField(max_length=200, blank=True, default="", help_text="why it was refused")
    taken_at = models.DateTimeField(null=True, help_text="when it was taken first")

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("city", "number"), name="one_export_per_number"),)

    def __str__(self) -> str:
        return f"X-{self.number:04d}"
