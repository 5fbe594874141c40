"""Entries of this room in the side menu and in the to-do lists."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.programme.models import City, Person
from beiji.records import providers

from . import access
from .pages.cells import hospital_url
from .todo import things_to_do


def entries(person: Person, city: City) -> Iterable[providers.RailEntry]:
    """The map for whoever may see several hospitals, his own hospital for whoever sees one."""
    if not access.reads_the_ledger(person):
        return
    seen = list(access.subjects_visible_to(person).hospitals().values_list("code", flat=True)[:2])
    url = hospital_url(city.pk, seen[0]) if len(seen) == 1 else reverse("readiness:map", kwargs={"city": city.pk})
    yield providers.RailEntry("readiness", _("Readiness"), url, order=20)


def register() -> None:
    providers.rail.register("readiness.map", entries)
    providers.todos.register("readiness.ledger", things_to_do)
