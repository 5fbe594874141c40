"""Evaluators whom the city struck off the list: what is kept of it."""

from __future__ import annotations

from django.db import models
from django_scopes import ScopedManager

from beiji.programme.models import City
from beiji.records.append_only import append_only


@append_only
class StrikingOff(models.Model):
    """The city struck an office, or one person of it, off the list of evaluators; see `rules.rows.StruckOff`."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=40)
    person = models.UUIDField(null=True, help_text="null: the whole office")
    reason = models.TextField()
    reason_language = models.CharField(max_length=10, blank=True)
    by_office = models.CharField(max_length=40)
    by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "strikings off"

    def __str__(self) -> str:
        return f"{self.office} {self.recorded_at:%Y-%m-%d}"
