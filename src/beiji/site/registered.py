"""What this package tells the house: its audit kinds, the first entry of the menu, and what is done by the clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.records import audit, jobs, live, notices, providers
from beiji.records.providers import MenuEntry, Part

from . import nightly, sending

audit.register(
    audit.Kind("site.backup-made", _("Backup made")),
    audit.Kind("site.restored", _("Restored from a backup")),
)
jobs.register(*nightly.KINDS, *sending.KINDS)
live.register(live.Kind("bell", lambda person, keys: [str(person.pk)], lambda keys: notices.unread(live.uuids(keys))))


@providers.menu.add("site")
def menu(person: Any, city: Any) -> Iterable[MenuEntry]:
    """The city's first page, for everybody."""
    yield MenuEntry(Part.PREPARE, "site", _("Overview"), reverse("site:home", kwargs={"city": city.pk}), order=0)
