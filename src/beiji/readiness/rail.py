"""Entries of this room in the side menu."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.programme.access import live_roles
from beiji.programme.models import City, Person, RoleGrant
from beiji.records import providers

Role = RoleGrant.Role
READERS = (Role.ADMINISTRATOR, Role.MANAGER, Role.COORDINATOR, Role.LEAD, Role.ASSESSOR)


def entries(person: Person, city: City) -> Iterable[providers.RailEntry]:
    """The map for whoever sees several hospitals, his own hospital for whoever sees one."""
    roles = [live for live in live_roles(person) if live.role in READERS]
    if roles:
        url = reverse("readiness:map", kwargs={"city": city.pk})
        yield providers.RailEntry("readiness", _("Readiness"), url, order=20)


def register() -> None:
    from .todo import things_to_do

    providers.rail.register("readiness.map", entries)
    providers.todos.register("readiness.ledger", things_to_do)
