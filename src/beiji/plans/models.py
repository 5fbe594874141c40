"""What this room keeps: which hospital has a plan for which kind of event. Its words are a document."""

from __future__ import annotations

import uuid6
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from beiji.documents.models import Document
from beiji.programme.models import City, Subject
from beiji.records.append_only import append_only


@append_only
class Plan(models.Model):
    """A hospital's emergency plan for one family of hazards."""

    class Hazard(models.TextChoices):
        CASUALTIES = "casualties", _("Mass-casualty incident")
        CHEMICAL = "chemical", _("Chemical incident")
        INFECTION = "infection", _("Outbreak of infectious disease")
        RADIATION = "radiation", _("Radiation incident")
        NATURE = "nature", _("Natural disaster")
        INSIDE = "inside", _("Failure or damage in the hospital itself")

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    hazard = models.CharField(max_length=12, choices=Hazard.choices)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="plan")
    template = models.CharField(max_length=120, blank=True, help_text="what it was begun from: pack@version#hash")
    started_by = models.UUIDField()
    started_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("subject__order", "hazard")
        constraints = (models.UniqueConstraint(fields=("subject", "hazard"), name="one_plan_for_a_hazard"),)

    def __str__(self) -> str:
        return f"{self.subject_id} {self.hazard}"
