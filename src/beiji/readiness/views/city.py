"""Pages across hospitals: the map, one capability everywhere, what several hospitals lack."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from beiji.programme import exports, parts
from beiji.programme.requests import CityRequest

from .. import access, queries
from ..pages import change, everywhere, items, lacking
from ..pages import city as page
from ..pages.moment import Moment, moment_of


def _picture(request: CityRequest, moment: Moment, of: Any = access.hospitals_or_404) -> queries.Picture:
    return queries.picture(
        city=request.city,
        subjects=of(request.person, moment.day or moment.today),
        now=moment.now,
        day=moment.day,
        known_at=moment.known_at,
    )


def _crumbs(city: str, moment: Moment) -> list[tuple[str, str]]:
    return [(reverse("readiness:map", kwargs={"city": city}) + moment.query, gettext("Readiness"))]


@require_GET
def city_map(request: CityRequest, city: str) -> HttpResponse:
    """Hospital × domain, pillar, 4S or the indicators of one domain; bodies of the city × domain."""
    return parts.page(request, "readiness/map.html", lambda: _map(request, city))


def _map(request: CityRequest, city: str) -> dict[str, Any]:
    moment = moment_of(request)
    picture = _picture(request, moment)
    if request.GET.get("view") == page.BODIES:
        shown = page.bodies_page(_picture(request, moment, access.bodies_or_404), picture, moment)
        return {"page": shown, "asked": moment}
    gaps_url = reverse("readiness:shared-gaps", kwargs={"city": city}) + moment.query
    earlier = queries.first_round_of(picture, moment.now)
    shown = page.city_page(picture, earlier, moment, request.GET.get("view", ""))
    return {"page": shown, "asked": moment, "gaps_url": gaps_url}


@require_GET
def change_page(request: CityRequest, city: str) -> HttpResponse:
    """The hospitals now beside how they stood at the end of the first round, as both are known now."""
    return parts.page(request, "readiness/change.html", lambda: _change(request, city))


def _change(request: CityRequest, city: str) -> dict[str, Any]:
    moment = moment_of(request)
    picture = _picture(request, moment)
    earlier = queries.first_round_of(picture, moment.now)
    shown = change.change_between(earlier, picture) if earlier else change.nothing_yet()
    return {"page": shown, "crumbs": _crumbs(city, moment)}


@require_GET
def items_page(request: CityRequest, city: str) -> HttpResponse:
    """Every item of every hospital, as a list and as a file."""
    if exports.is_wanted(request):
        made = _items(request, city)
        return exports.list_as_file(request, "items", made["title"], items.columns(), made["list"])
    return parts.page(request, "readiness/items.html", lambda: _items(request, city))


def _items(request: CityRequest, city: str) -> dict[str, Any]:
    moment = moment_of(request)
    picture = _picture(request, moment)
    every, columns = items.items_of(picture, moment.query), items.columns()
    shown = exports.listed(request, every, columns, items.facets(picture, every), keep=("day", "known"))
    count = items.count_words(shown.total, shown.of)
    return {
        "title": gettext("Items"), "list": shown, "count": count, "asked": moment, "crumbs": _crumbs(city, moment),
        "may_check": moment.day is None and access.is_shown_the_self_check(request.person),
    }  # fmt: skip


@require_GET
def shared_gaps_page(request: CityRequest, city: str) -> HttpResponse:
    """What several hospitals lack, by number of hospitals."""
    if exports.is_wanted(request):
        made = _shared_gaps(request, city)
        return exports.list_as_file(request, "shared-gaps", made["title"], lacking.columns(), made["list"])
    return parts.page(request, "readiness/shared_gaps.html", lambda: _shared_gaps(request, city))


def _shared_gaps(request: CityRequest, city: str) -> dict[str, Any]:
    moment = moment_of(request)
    picture = _picture(request, moment)
    rows, columns = page.shared_gaps(picture), lacking.columns()
    shown = exports.listed(request, rows, columns, lacking.facets(picture), keep=("day", "known"))
    title = gettext("What several hospitals lack")
    return {"title": title, "list": shown, "asked": moment, "crumbs": _crumbs(city, moment)}


@require_GET
def capability_page(request: CityRequest, city: str, capability: str) -> HttpResponse:
    """One capability: what it asks for, and where every hospital stands."""
    return parts.page(request, "readiness/capability.html", lambda: _capability(request, city, capability))


def _capability(request: CityRequest, city: str, capability: str) -> dict[str, Any]:
    capability_row = access.capability_or_404(capability)
    moment = moment_of(request)
    picture = _picture(request, moment)
    shown = everywhere.capability_everywhere(picture, capability_row, queries.names_of(picture.city), moment.query)
    return {"page": shown, "asked": moment, "crumbs": _crumbs(city, moment)}
