"""What this package adds to the registries: its pages, the first entry of the menu."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.records import providers
from beiji.records.pages import Page
from beiji.records.pages import register as register_pages


def _rail(person: Any, city: Any) -> Iterable[providers.RailEntry]:
    yield providers.RailEntry("site", _("Overview"), reverse("site:home", kwargs={"city": city.pk}), order=0)


def register() -> None:
    register_pages(
        Page("start", queries=6, look=False),
        Page("account_login", queries=4),
        Page("account_logout", queries=6),
        Page("site:home", example=lambda: {"city": "yangzhou"}, queries=72),
        Page("ui:catalogue", queries=8),
        Page("set_language", look=False, methods=("POST",)),
    )
    providers.rail.register("site", _rail)
