"""What this room tells the house: its entry in the menu."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.programme.models import City, Person
from beiji.records import providers
from beiji.records.providers import MenuEntry, Part

from . import access


@providers.menu.add("simulate")
def menu(person: Person, city: City) -> Iterable[MenuEntry]:
    """The question of what would help, for whoever may ask it."""
    if access.may_ask(person):
        url = reverse("simulate:effect", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "simulate", _("What would help"), url, order=50)
