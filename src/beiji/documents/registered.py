"""What this room adds to the registries: audit kinds, pages, menu entry, to-dos."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from beiji.records import audit, pages, providers


def _an_untranslated_text() -> Mapping[str, Any]:
    from .models import UserText

    text = UserText.objects.order_by("created_at").first()
    return {"city": text.city, "text": text.pk, "language": "he"} if text else {}


def _a_proposal() -> Mapping[str, Any]:
    from .models import Translation

    proposal = Translation.objects.filter(approval__isnull=True).first()
    return {"city": proposal.city, "translation": proposal.pk} if proposal else {}


def _rail(person: Any, city: Any) -> Iterable[providers.RailEntry]:
    from . import access

    if access.may_use_queue(person):
        url = reverse("documents:queue", kwargs={"city": city.pk})
        yield providers.RailEntry("documents", _("Translations"), url, order=70)


def _todos(person: Any, city: Any, today: date) -> Iterable[providers.ToDo]:
    from . import access

    count = access.queue_length(person)
    if count:
        what = ngettext(
            "{count} text waits for translation or approval", "{count} texts wait for translation or approval", count
        )
        url = reverse("documents:queue", kwargs={"city": city.pk})
        yield providers.ToDo(what.format(count=count), _("Reports print the original, marked, until then."), url)


def register() -> None:
    audit.register(
        audit.Kind("documents.text-written", _("Text written")),
        audit.Kind("documents.text-edited", _("Text edited")),
        audit.Kind("documents.translation-proposed", _("Translation proposed")),
        audit.Kind("documents.translation-approved", _("Translation approved")),
    )
    pages.register(
        pages.Page("documents:queue", example=lambda: {"city": "yangzhou"}, queries=14),
        pages.Page("documents:translate", example=_an_untranslated_text, queries=14, methods=("GET", "POST")),
        pages.Page("documents:approve", example=_a_proposal, look=False, methods=("POST",)),
    )
    providers.rail.register("documents", _rail)
    providers.todos.register("documents", _todos)
