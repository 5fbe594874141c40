"""The request that a view of a city's page gets: who asks, in which city, when."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeGuard

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .access import today_in
from .models import City, Person


class CityRequest(HttpRequest):
    """A request under a city's address, from somebody with a live role there; `CityMiddleware` lets no other through.

    `now`: the one instant at which the request is answered; `today`: its date on the city's wall calendar.
    """

    person: Person
    city: City
    now: datetime
    today: date
    htmx: HtmxDetails


def place(request: HttpRequest, person: Person, now: datetime) -> None:
    """Put person, city and clock on a request."""
    city = person.city
    vars(request).update(person=person, city=city, now=now, today=today_in(city, now))


def turn_away(request: HttpRequest, person: Person, now: datetime) -> None:
    """Note on a request that it comes from somebody of the city in whom no role is live: the refusal names whom to ask."""
    vars(request).update(turned_away=person, now=now)


def asks_whom(request: HttpRequest) -> tuple[Person, datetime] | None:
    """Who of the city is refused a page, and when; None for somebody who is nobody there."""
    known = vars(request)
    person = known.get("person") or known.get("turned_away")
    return None if person is None else (person, known["now"])


def is_in_city(request: HttpRequest) -> TypeGuard[CityRequest]:
    """Did somebody with a live role in the city of the address send it?"""
    return "person" in vars(request)
