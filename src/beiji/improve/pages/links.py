"""The room's own pages, as one row of links above each of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from beiji.programme.requests import CityRequest

from .. import access


def room_links(request: CityRequest, here: str) -> list[tuple[str, str, bool]]:
    """(address, word, current) of each page that the person may open."""
    pages = []
    if access.may_read(request.person):
        pages += [("register", _("Table")), ("board", _("Board"))]
    if access.may_plan(request.person):
        pages.append(("offers", _("Gaps without an action")))
    if access.may_read(request.person):
        pages.append(("findings", pgettext("experts'", "Findings")))
    if access.may_read_decisions(request.person):
        pages.append(("decisions", _("Decisions")))
    return [(reverse(f"improve:{name}", kwargs={"city": request.city.pk}), word, name == here) for name, word in pages]
