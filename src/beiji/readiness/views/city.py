"""Pages across hospitals: the map, one capability everywhere, what several hospitals lack."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from beiji.ui.languages import language_of, pick

from .. import access, queries
from ..pages import change, everywhere
from ..pages import city as page
from .asked import Asked, asked_of


def _picture(request: HttpRequest, asked: Asked) -> queries.Picture:
    hospitals = access.hospitals_or_404(request.person).on(asked.day or asked.today)  # type: ignore[attr-defined]
    return queries.picture(
        city=request.city,  # type: ignore[attr-defined]
        subjects=hospitals,
        now=asked.now,
        day=asked.day,
        known_at=asked.known_at,
    )


def _crumbs(city: str, asked: Asked) -> list[tuple[str, str]]:
    return [(reverse("readiness:map", kwargs={"city": city}) + asked.query, gettext("Readiness"))]


GROUPS = {"pillars": "pillar", "fours": "fours"}


def city_map(request: HttpRequest, city: str) -> HttpResponse:
    """Hospital × domain, pillar, 4S or the indicators of one domain."""
    asked = asked_of(request)
    picture = _picture(request, asked)
    view = request.GET.get("view", "domains")
    domains = [d.code for d in picture.method.domains] if picture.method else []
    if view in GROUPS:
        columns, groups = page.map_of_groups(picture, GROUPS[view], asked.query)
    elif view in domains:
        columns, groups = page.map_of_indicators(picture, view, asked.query)
    else:
        view = "domains"
        columns, groups = page.map_of_domains(picture, asked.query)
    earlier = None
    first_round = queries.end_of_first_round(picture.city, picture.day)
    if first_round is not None:
        earlier = queries.picture(city=picture.city, subjects=picture.subjects, now=asked.now, day=first_round)
    gaps_url = reverse("readiness:shared-gaps", kwargs={"city": city}) + asked.query
    shown = page.CityPage(
        title=gettext("How ready is %(city)s?") % {"city": pick(picture.city.names)},
        sub=asked.words,
        figures=page.city_figures(picture, earlier, gaps_url),
        views=page.views_of(picture, view, asked.query),
        columns=columns,
        groups=groups,
        is_turned=language_of().code != "zh-hans" and view == "domains" and len(columns) > 6,
        note=page.written_note(picture) if view == "domains" else "",
        key=columns if view in domains else (),
        shared=page.shared_gaps(picture, 5) if len(picture.subjects) > 1 else None,
    )
    return render(request, "readiness/map.html", {"page": shown, "asked": asked, "gaps_url": gaps_url})


def change_page(request: HttpRequest, city: str) -> HttpResponse:
    """The hospitals now beside how they stood at the end of the first round, as both are known now."""
    asked = asked_of(request)
    picture = _picture(request, asked)
    first_round = queries.end_of_first_round(picture.city, picture.day)
    shown = None
    if first_round is not None:
        earlier = queries.picture(city=picture.city, subjects=picture.subjects, now=asked.now, day=first_round)
        shown = change.change_between(earlier, picture)
    context = {"page": shown or change.nothing_yet(), "crumbs": _crumbs(city, asked)}
    return render(request, "readiness/change.html", context)


def shared_gaps_page(request: HttpRequest, city: str) -> HttpResponse:
    """What several hospitals lack, by number of hospitals."""
    asked = asked_of(request)
    picture = _picture(request, asked)
    context = {"rows": page.shared_gaps(picture), "asked": asked, "crumbs": _crumbs(city, asked)}
    return render(request, "readiness/shared_gaps.html", context)


def capability_page(request: HttpRequest, city: str, capability: str) -> HttpResponse:
    """One capability: what it asks for, and where every hospital stands."""
    kept = access.capability_or_404(capability)
    asked = asked_of(request)
    picture = _picture(request, asked)
    shown = everywhere.capability_everywhere(picture, kept, queries.names_of(picture.city), asked.query)
    context = {"page": shown, "asked": asked, "crumbs": _crumbs(city, asked)}
    return render(request, "readiness/capability.html", context)
