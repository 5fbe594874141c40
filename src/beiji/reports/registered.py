"""What this package adds to the registries: audit kinds, pages, menu entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.records import audit, pages, providers


def _a_list() -> Mapping[str, Any]:
    from .models import Snapshot

    snapshot = Snapshot.objects.filter(audience="ward", subject__code="ginkgo").first()
    return {"city": snapshot.city_id, "number": snapshot.number} if snapshot else {}


def _a_file() -> Mapping[str, Any]:
    return {**_a_list(), "language": "zh-Hans", "kind": "pdf"}


def _rail(person: Any, city: Any) -> Iterable[providers.RailEntry]:
    yield providers.RailEntry("reports", _("Reports"), reverse("reports:list", kwargs={"city": city.pk}), order=60)


def register() -> None:
    audit.register(
        audit.Kind("reports.snapshot-made", _("Report made")),
        audit.Kind("reports.file-taken", _("Report taken as a file")),
    )
    pages.register(
        pages.Page("reports:list", example=lambda: {"city": "yangzhou"}, queries=28, methods=("GET", "POST")),
        pages.Page("reports:snapshot", example=_a_list, queries=12),
        pages.Page("reports:file", example=_a_file, queries=12, look=False),
    )
    providers.rail.register("reports", _rail)
