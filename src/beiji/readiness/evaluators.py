"""Evaluators whom the city struck off the list: what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.http import Http404
from django_scopes import ScopedManager

from beiji.programme.models import City
from beiji.records.append_only import append_only_but

if TYPE_CHECKING:
    from .models import Evidence


@append_only_but(("lifted_at", "lifted_by"))
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
    lifted_at = models.DateTimeField(null=True, help_text="the city took it back")
    lifted_by = models.UUIDField(null=True)

    objects = ScopedManager(city="city")

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "strikings off"

    def __str__(self) -> str:
        return f"{self.office} {self.recorded_at:%Y-%m-%d}"


def striking_of(evidence: Evidence) -> StrikingOff | None:
    """That the office of a row from outside, or the person who recorded it, is struck off the list of evaluators."""
    if not evidence.evaluator:  # the hospital itself
        return None
    struck_off = StrikingOff.objects.filter(office=evidence.office, lifted_at__isnull=True)
    striking: StrikingOff | None = struck_off.filter(Q(person__isnull=True) | Q(person=evidence.by)).first()
    return striking


def striking_or_404(evidence: Evidence) -> StrikingOff:
    """The same, for the page that takes it back."""
    striking = striking_of(evidence)
    if striking is None:
        raise Http404("not struck off")
    return striking
