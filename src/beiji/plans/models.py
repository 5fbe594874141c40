"""What this room keeps: which hospital has a plan for which kind of event. Its words are a document."""

from __future__ import annotations

import uuid6
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from beiji.documents.models import Document
from beiji.programme.models import City, Subject
from beiji.records.append_only import append_only

from .capacity.grid import Column, Known


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


@append_only
class CapacityCell(models.Model):
    """One number of a hospital's capacity timetable as somebody wrote it; the last of a place holds. Without a value: it was emptied."""

    class Column(models.TextChoices):
        DAY = Column.DAY, _("Now, by day")
        NIGHT = Column.NIGHT, _("Now, at night")
        FULL = Column.FULL, _("60 min after full activation")
        HOLIDAY = Column.HOLIDAY, _("Now, on a holiday")
        H6 = Column.H6, _("After 6 hours")
        H24 = Column.H24, _("After 24 hours")

    class Known(models.TextChoices):
        COUNTED = Known.COUNTED, _("Counted on the spot")
        MEASURED = Known.MEASURED, _("Measured in a drill or an incident")
        AGREED = Known.AGREED, _("Agreed with the department")
        ASSUMED = Known.ASSUMED, _("Assumed")

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="counts the entries of a hospital")
    operation = models.UUIDField(help_text="what a page calls it; sent twice it counts once")
    key = models.CharField(max_length=40)
    column = models.CharField(max_length=8, choices=Column.choices)
    value = models.PositiveIntegerField(null=True, help_text="null: unknown")
    known = models.CharField(max_length=10, choices=Known.choices, blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("subject", "number")
        constraints = (
            models.UniqueConstraint(fields=("subject", "number"), name="one_capacity_cell_per_number"),
            models.UniqueConstraint(fields=("subject", "operation"), name="one_capacity_cell_per_operation"),
        )

    def __str__(self) -> str:
        return f"{self.subject_id} {self.key}.{self.column}"


@append_only
class CapacityTimetable(models.Model):
    """A hospital's cells up to a number, put in force by its head; the next one supersedes it."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="counts the timetables of a hospital")
    up_to = models.PositiveIntegerField(help_text="number of the last cell that belongs to it")
    by = models.UUIDField()
    at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("subject", "number")
        constraints = (models.UniqueConstraint(fields=("subject", "number"), name="one_capacity_timetable_per_number"),)

    def __str__(self) -> str:
        return f"{self.subject_id} {self.number}"
