"""What the frame of every page needs: the side menu, the person's post, where home is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from beiji.programme import access
from beiji.programme.models import RoleGrant
from beiji.records import providers

#: At most this many entries stand in a menu.
LONGEST_MENU = 7


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame. Outside a city the menu is empty and home is the start page."""
    person, city = getattr(request, "person", None), getattr(request, "city", None)
    if person is None or city is None:
        return {"rail": [], "home_url": reverse("start"), "illustrative": False}
    match = request.resolver_match
    here = match.namespace.split(":")[0] if match else ""
    entries = sorted(providers.rail.collect(person, city), key=lambda entry: entry.order)[:LONGEST_MENU]
    home = reverse("site:home", kwargs={"city": city.pk})
    return {
        "rail": [(entry.label, entry.url, entry.count, entry.key == here) for entry in entries],
        "home_url": home,
        "city_url": home,
        "illustrative": city.illustrative,
        "role": first_role_word(person),
    }


def first_role_word(person: Any) -> str:
    """The person's first role in words, for the bar."""
    roles = [live.role for live in access.live_roles(person)]
    for role in RoleGrant.Role:
        if role.value in roles:
            return str(role.label)
    return ""
