"""What this room adds to the registries: audit kinds, pages, menu entry, to-dos."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.records import audit, pages, providers

from . import page_list


def _rail(person: Any, city: Any) -> Iterable[providers.RailEntry]:
    from . import access

    if access.may_use_room(person):
        yield providers.RailEntry(
            "assess", _("Assessments"), reverse("assess:visits", kwargs={"city": city.pk}), order=30
        )


def _todos(person: Any, city: Any, today: date) -> Iterable[providers.ToDo]:
    from .pages.todos import todos_of

    return todos_of(person, today)


def _origins(person: Any, kind: str, key: str, capability: str) -> Iterable[providers.Origin]:
    from .origin import origins

    return origins(person, kind, key, capability)


def register() -> None:
    audit.register(
        audit.Kind("assess.visit-planned", _("Assessment planned")),
        audit.Kind("assess.visit-moved", _("Assessment moved to its next phase")),
        audit.Kind("assess.visit-locked", _("Assessment locked")),
        audit.Kind("assess.visit-reopened", _("Assessment reopened")),
        audit.Kind("assess.hospital-replied", _("Hospital replied")),
        audit.Kind("assess.dispute-answered", _("Team answered a dispute")),
        audit.Kind("assess.answer-signed", _("Answer to a dispute signed")),
    )
    pages.register(*page_list.PAGES)
    providers.rail.register("assess", _rail)
    providers.todos.register("assess", _todos)
    providers.origins.register("assess", _origins)
