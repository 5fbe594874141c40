"""What every view of this room asks of its request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from beiji.programme.access import today_in
from beiji.programme.models import City, Person

from .. import access


@dataclass(frozen=True)
class Asked:
    """Who asks, in which city, when."""

    person: Person
    city: City
    now: datetime
    today: date


def asked_of(request: HttpRequest) -> Asked:
    """Person and city of a request; the room does not exist for somebody without business in it (404)."""
    person, city = request.person, request.city  # type: ignore[attr-defined]
    if not access.may_read(person):
        raise Http404
    now = timezone.now()
    return Asked(person, city, now, today_in(city, now))


def rooms(asked: Asked, here: str) -> list[tuple[str, str, bool]]:
    """The room's own pages, as one row of links: (address, word, current)."""
    pages = [("register", _("Table")), ("board", _("Board"))]
    if access.may_plan(asked.person):
        pages.append(("offers", _("Gaps without an action")))
    pages.append(("findings", pgettext("experts'", "Findings")))
    if access.may_read_decisions(asked.person):
        pages.append(("decisions", _("Decisions")))
    return [(reverse(f"improve:{name}", kwargs={"city": asked.city.pk}), word, name == here) for name, word in pages]


def page_number(request: HttpRequest, total: int, size: int) -> int:
    """The page asked for, held within what there is."""
    raw: Any = request.GET.get("page", "1")
    last = max(1, -(-total // size))
    return min(max(1, int(raw)), last) if str(raw).isdecimal() and len(str(raw)) < 7 else 1
