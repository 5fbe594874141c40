"""Puts city and person on the request and opens the city's scope around everything that answers it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django_scopes import scope

from . import access
from .requests import is_in_city, place, turn_away


class CityMiddleware:
    """A URL of a city works only for somebody with a live role there; for others the city does not exist (404)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = _city_of(request)
        if code is None or not request.user.is_authenticated:
            return self.get_response(request)
        person = next((p for p in access.people_of(request.user) if p.city_id == code), None)
        if person is None:
            return self.get_response(request)
        now = timezone.now()
        with scope(city=code), access.city_time(person.city):
            access.enter(person, access.today_in(person.city, now), now)
            if access.live_roles(person):
                place(request, person, now)
            else:
                turn_away(request, person, now)
            response = self.get_response(request)
            if not response.has_header("Cache-Control"):  # no proxy keeps what one person may see
                patch_cache_control(response, private=True, no_cache=True)
            return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        """Anonymous people are sent to sign in, people without a role here see nothing; forgetting a decorator opens no door.

        A part of a page is refused: the form for signing in would be put where the part stood. `live.js` says what then happens.
        """
        if "city" not in kwargs:
            return None
        if not request.user.is_authenticated:
            return HttpResponse(status=401) if "HX-Request" in request.headers else redirect_to_login(_page_of(request))
        if not is_in_city(request):
            raise Http404("no such city")
        return None


def _city_of(request: HttpRequest) -> str | None:
    """The city in an address; also of one that there is not, so that it is answered as one that is hidden."""
    try:
        code: str | None = resolve(request.path_info).kwargs.get("city")
    except Resolver404:
        code = request.path_info.split("/")[1] or None
    return code


def _page_of(request: HttpRequest) -> str:
    """Where to go on after signing in: the page itself, or for a form the page on which it was filled in."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    before = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(before, {request.get_host()}):
        parts = urlsplit(before)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()
