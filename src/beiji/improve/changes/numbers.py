"""Short numbers that people call things by, counted up within a city."""

from __future__ import annotations

from django.db import models

from beiji.programme.models import City


def next_number(city: City, manager: models.Manager[models.Model]) -> int:
    """The next free number. Must run inside the transaction that uses it.

    Two people planning at once must not get the same number: on PostgreSQL the city's row is held, on SQLite the
    IMMEDIATE transaction holds everything.
    """
    list(City.objects.select_for_update().filter(pk=city.pk).values_list("pk"))
    newest = manager.aggregate(newest=models.Max("number"))["newest"]
    return (newest or 0) + 1
