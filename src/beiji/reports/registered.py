"""What this package tells the house: audit kinds, its entry in the menu."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.programme.models import City, Person
from beiji.records import audit, providers
from beiji.records.providers import MenuEntry, Part, Reach

from . import access
from .models import Snapshot

audit.register(
    audit.Kind("reports.snapshot-made", _("Report made")),
    audit.Kind("reports.file-taken", _("Report taken as a file")),
)


@providers.reach.add("reports")
def reach(person: Person, until: datetime) -> Iterable[Reach]:
    """Frozen reports."""
    rows = Snapshot.objects.visible_to(person).filter(made_at__lt=until).order_by("id")
    numbers = list(rows.values_list("number", flat=True))
    yield Reach(_("Reports"), len(numbers), numbers)


@providers.menu.add("reports")
def menu(person: Person, city: City) -> Iterable[MenuEntry]:
    """The list of reports, for those for whom it can hold something."""
    if access.may_use_room(person):
        url = reverse("reports:list", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "reports", _("Reports"), url, order=60)
