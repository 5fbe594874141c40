"""What this package tells the house: audit kinds, its entry in the menu."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.programme.models import City, Person
from beiji.records import audit, providers
from beiji.records.providers import MenuEntry, Part

from . import access

audit.register(
    audit.Kind("reports.snapshot-made", _("Report made")),
    audit.Kind("reports.file-taken", _("Report taken as a file")),
)


@providers.menu.add("reports")
def menu(person: Person, city: City) -> Iterable[MenuEntry]:
    """The list of reports, for those for whom it can hold something."""
    if access.may_use_room(person):
        url = reverse("reports:list", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "reports", _("Reports"), url, order=60)
