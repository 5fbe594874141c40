"""What the frame of every page needs: the menu, the person's post, where home is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.programme import access
from beiji.programme.models import RoleGrant
from beiji.programme.people import name_of
from beiji.programme.requests import CityRequest, is_in_city
from beiji.records import providers
from beiji.records.providers import MenuEntry, Part
from beiji.ui import formats

from .notices_page import bell_of

#: At most this many entries of a part stand in the menu; the others are one press away, under "more".
LONGEST_PART = 7
PARTS = {Part.PREPARE: _("Prepare"), Part.RESPOND: _("Respond"), Part.LEARN: _("Learn")}


@dataclass(frozen=True)
class Link:
    """An entry of the menu, as the frame draws it."""

    label: Any
    url: str
    count: int | None
    is_here: bool


@dataclass(frozen=True)
class Group:
    """A part of the menu. `title` is empty while there is one part only; `more` opens by itself where one is there."""

    title: Any
    links: Sequence[Link]
    more: Sequence[Link]

    @property
    def is_in_more(self) -> bool:
        return any(link.is_here for link in self.more)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame. Outside a city there is no menu and home is the start page."""
    if not is_in_city(request):
        return {"menu": [], "home_url": reverse("start"), "illustrative": False, "read_only": settings.READ_ONLY}
    match = request.resolver_match
    home = reverse("site:home", kwargs={"city": request.city.pk})
    return {
        "menu": menu_of(providers.menu.collect(request.person, request.city), here_of(request)),
        "home_url": home,
        "city_url": home,
        "live_url": f"{home}live/",
        "illustrative": request.city.illustrative,
        "read_only": settings.READ_ONLY,
        "watermark": watermark_of(request),
        "exports_url": _exports_url(request),
        "role": first_role_word(request.person),
        "bell": bell_of(request.person, is_here=match is not None and match.view_name == "site:notices"),
    }


def here_of(request: HttpRequest) -> str:
    """Which entry of the menu a page belongs to: that of its room, or the one that the view names for a page which rooms share."""
    match = request.resolver_match
    return str(vars(request).get("menu_key", "")) or (match.namespaces[0] if match else "")


def watermark_of(request: CityRequest) -> str:
    """Who looks and when, where the city wants it to be seen on every page; else nothing."""
    if not request.city.watermarks:
        return ""
    person = request.person
    return " · ".join(
        part for part in (name_of(person), person.staff_number, formats.datetime_text(request.now)) if part
    )


def _exports_url(request: CityRequest) -> str:
    """The page of files that leave, for whoever may take one."""
    may_take = access.may_take_files(request.person)
    return reverse("programme:exports", kwargs={"city": request.city.pk}) if may_take else ""


def menu_of(entries: Iterable[MenuEntry], here: str) -> list[Group]:
    """The menu: entries by part and order; none is ever left out."""
    by_part: dict[Part, list[Link]] = {}
    for entry in sorted(entries, key=lambda entry: entry.order):
        link = Link(entry.label, entry.url, entry.count, entry.key == here)
        by_part.setdefault(entry.part, []).append(link)
    parts = [part for part in Part if part in by_part]
    return [
        Group(PARTS[part] if len(parts) > 1 else "", by_part[part][:LONGEST_PART], by_part[part][LONGEST_PART:])
        for part in parts
    ]


def first_role_word(person: Any) -> str:
    """The person's first role in words, for the bar."""
    roles = [live.role for live in access.live_roles(person)]
    for role in RoleGrant.Role:
        if role.value in roles:
            return str(role.label)
    return ""
