"""Pages across hospitals: the map, one capability everywhere, what several hospitals lack."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from beiji.programme import exports
from beiji.programme.requests import CityRequest
from beiji.ui import listing
from beiji.ui.languages import language_of, pick

from .. import access, queries
from ..pages import change, everywhere, headlines, items
from ..pages import city as page
from .moment import Moment, moment_of


def _picture(request: CityRequest, moment: Moment) -> queries.Picture:
    hospitals = access.hospitals_or_404(request.person).on(moment.day or moment.today)
    return queries.picture(
        city=request.city,
        subjects=hospitals,
        now=moment.now,
        day=moment.day,
        known_at=moment.known_at,
    )


def _crumbs(city: str, moment: Moment) -> list[tuple[str, str]]:
    return [(reverse("readiness:map", kwargs={"city": city}) + moment.query, gettext("Readiness"))]


GROUPS = {"pillars": "pillar", "fours": "fours"}


@require_GET
def city_map(request: CityRequest, city: str) -> HttpResponse:
    """Hospital × domain, pillar, 4S or the indicators of one domain."""
    moment = moment_of(request)
    picture = _picture(request, moment)
    view = request.GET.get("view", "domains")
    domains = [d.code for d in picture.method.domains] if picture.method else []
    if view in GROUPS:
        columns, groups = page.map_of_groups(picture, GROUPS[view], moment.query)
    elif view in domains:
        columns, groups = page.map_of_indicators(picture, view, moment.query)
    else:
        view = "domains"
        columns, groups = page.map_of_domains(picture, moment.query)
    earlier = None
    first_round = queries.end_of_first_round(picture.city, picture.day)
    if first_round is not None:
        earlier = queries.picture(city=picture.city, subjects=picture.subjects, now=moment.now, day=first_round)
    gaps_url = reverse("readiness:shared-gaps", kwargs={"city": city}) + moment.query
    shown = page.CityPage(
        title=gettext("How ready is %(city)s?") % {"city": pick(picture.city.names)},
        answer=headlines.answer_of(picture),
        sub=moment.words,
        figures=page.city_figures(picture, earlier, moment.query),
        views=page.views_of(picture, view, moment.query),
        columns=columns,
        groups=groups,
        is_turned=language_of().code != "zh-hans" and view == "domains" and len(columns) > 6,
        note=page.written_note(picture) if view == "domains" else "",
        key=columns if view in domains else (),
        shared=page.shared_gaps(picture, 5) if len(picture.subjects) > 1 else None,
    )
    return render(request, "readiness/map.html", {"page": shown, "asked": moment, "gaps_url": gaps_url})


@require_GET
def change_page(request: CityRequest, city: str) -> HttpResponse:
    """The hospitals now beside how they stood at the end of the first round, as both are known now."""
    moment = moment_of(request)
    picture = _picture(request, moment)
    first_round = queries.end_of_first_round(picture.city, picture.day)
    shown = None
    if first_round is not None:
        earlier = queries.picture(city=picture.city, subjects=picture.subjects, now=moment.now, day=first_round)
        shown = change.change_between(earlier, picture)
    context = {"page": shown or change.nothing_yet(), "crumbs": _crumbs(city, moment)}
    return render(request, "readiness/change.html", context)


@require_GET
def items_page(request: CityRequest, city: str) -> HttpResponse:
    """Every item of every hospital, as a list and as a file."""
    moment = moment_of(request)
    picture = _picture(request, moment)
    every, columns = items.items_of(picture, moment.query), items.columns()
    facets = items.facets(picture, every)
    wish = listing.wish_of(request.GET.dict(), columns, facets, keep=("day", "known"))
    shown = listing.listing(every, columns, facets, wish, may_take=exports.may_take_lists(request.person))
    title = gettext("Items")
    if exports.is_wanted(request):
        return exports.list_as_file(request, "items", title, columns, shown)
    count = items.count_words(shown.total, shown.of)
    context = {"title": title, "list": shown, "count": count, "asked": moment, "crumbs": _crumbs(city, moment)}
    return render(request, "readiness/items.html", context)


@require_GET
def shared_gaps_page(request: CityRequest, city: str) -> HttpResponse:
    """What several hospitals lack, by number of hospitals."""
    moment = moment_of(request)
    picture = _picture(request, moment)
    context = {"rows": page.shared_gaps(picture), "asked": moment, "crumbs": _crumbs(city, moment)}
    return render(request, "readiness/shared_gaps.html", context)


@require_GET
def capability_page(request: CityRequest, city: str, capability: str) -> HttpResponse:
    """One capability: what it asks for, and where every hospital stands."""
    kept = access.capability_or_404(capability)
    moment = moment_of(request)
    picture = _picture(request, moment)
    shown = everywhere.capability_everywhere(picture, kept, queries.names_of(picture.city), moment.query)
    context = {"page": shown, "asked": moment, "crumbs": _crumbs(city, moment)}
    return render(request, "readiness/capability.html", context)
