"""The self-check over the hospitals and bodies that a manager or coordinator answers for, and over one of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from beiji.programme import exports, parts
from beiji.programme.requests import CityRequest
from beiji.ui.languages import pick

from .. import access, queries
from ..pages import selfcheck as page

TEMPLATE = "readiness/selfcheck.html"


@require_GET
def self_check(request: CityRequest, city: str) -> HttpResponse:
    """All remarks over what the reader answers for, as a list and as a file."""
    if exports.is_wanted(request):
        made = _everywhere(request, city)
        return exports.list_as_file(request, "self-check", made["title"], page.columns(), made["list"])
    return parts.page(request, TEMPLATE, lambda: _everywhere(request, city))


def _everywhere(request: CityRequest, city: str) -> dict[str, Any]:
    person, day = request.person, request.today
    pictures = [
        queries.picture(
            city=request.city, subjects=access.self_checked_or_404(person, day, hospitals=hospitals), now=request.now
        )
        for hospitals in (True, False)
    ]
    return _context(request, pictures, gettext("Self-check"), page.crumbs(city))


@require_GET
def self_check_of(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """The remarks over one hospital or body."""
    if exports.is_wanted(request):
        made = _one(request, city, subject)
        return exports.list_as_file(request, "self-check", made["title"], page.columns(), made["list"])
    return parts.page(request, TEMPLATE, lambda: _one(request, city, subject))


def _one(request: CityRequest, city: str, subject: str) -> dict[str, Any]:
    whole = access.self_checked_hospital_or_404(request.person, subject, request.today)
    picture = queries.picture(city=request.city, subjects=[whole], now=request.now)
    title = gettext("Self-check of %(hospital)s") % {"hospital": pick(whole.names)}
    url = reverse("readiness:hospital", kwargs={"city": city, "subject": subject})
    return _context(request, [picture], title, [*page.crumbs(city), (url, pick(whole.names))])


def _context(
    request: CityRequest, pictures: list[queries.Picture], title: str, crumbs: list[tuple[str, str]]
) -> dict[str, Any]:
    lines = page.lines_of(pictures)
    shown = exports.listed(request, lines, page.columns(), page.facets(lines))
    return {
        "title": title,
        "list": shown,
        "counts": page.counts(lines, request.path),
        "count": page.count_words(shown.total, shown.of),
        "crumbs": crumbs,
    }
