"""Short numbers that people call things by, counted up within a city."""

from __future__ import annotations

from django.db import models

from beiji.programme.models import City


def next_number(city: City, manager: models.Manager[models.Model]) -> int:
    """The next free number. Must run inside the change that uses it and holds the city, so that two people who plan at
    once do not get the same one."""
    newest = manager.filter(city=city).aggregate(newest=models.Max("number"))["newest"]
    return (newest or 0) + 1
