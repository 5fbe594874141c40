"""The first page of everybody: where to go, what to do next."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from beiji import __version__
from beiji.programme import access


def health(request: HttpRequest) -> HttpResponse:
    """For supervisors and load balancers: answers only when the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "version": __version__})


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the one city a person works in, or let him choose."""
    people = list(access.people_of(request.user))
    if len(people) == 1:
        return redirect("site:home", city=people[0].city_id)
    return render(request, "site/choose_city.html", {"people": people})


def home(request: HttpRequest, city: str) -> HttpResponse:
    """The home page of the person's role."""
    return render(request, "site/home.html", {})
