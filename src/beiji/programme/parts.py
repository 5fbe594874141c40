"""The part of a page inside the frame, drawn once for all who would read the same and kept until something changes.

A kept part rests on nothing but what its key names: the address; the city, and how many changes were written in it when
the request began; the city's day; the language; the roles of the reader. `hold_city` counts a change in the transaction
that writes it, so a change that is rolled back counts nothing, and what was kept before another's change is not found
after it. The template gets the address instead of the request: no name, token or message of a person can stand in a part.

A page may be kept when all it shows is written under `hold_city` and nothing in it is one person's own. Answers of a
visit that is not locked, and pages with forms, may not. Why so: docs/decisions/0025-kept-page-parts.md.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from beiji.records.recent import Recent, is_in_transaction
from beiji.ui.languages import language_of

from .access import live_roles
from .models import City, Person
from .requests import CityRequest

#: A part weighs up to two hundred thousand characters; a city's pages in three languages are some hundred.
MOST_KEPT = 200
#: An address that is longer was made by nobody's click.
LONGEST_ADDRESS = 300
_KEPT: Recent[Any] = Recent(MOST_KEPT)
#: Some lines of text, or a visit of some hundred, for each person who was there lately.
_OWN: Recent[Any] = Recent(300)
#: Between title and content in what `ui/part.html` renders; it stands in no text.
_BETWEEN = "\x1e"


@dataclass(frozen=True)
class Address:
    """What a part may know of the request."""

    path: str
    GET: QueryDict
    city: City


@dataclass(frozen=True)
class Part:
    """Title, lines of the head and content of a page, finished."""

    title: SafeString
    head: SafeString
    main: SafeString


def page(request: CityRequest, template: str, make: Callable[[], dict[str, Any]], *also: Hashable) -> HttpResponse:
    """A page whose title and content are kept: `template` rendered with what `make` answers, in the frame of the reader.

    `make` reads all that the content needs, also whether the reader may see it; what it raises is kept by nobody.
    `also`: what else the content rests on, read before.
    """
    address = Address(request.path, request.GET, request.city)

    def draw() -> Part:
        context = {**make(), "layout": "ui/part.html", "request": address}
        title, head, main = (mark_safe(text.strip()) for text in render_to_string(template, context).split(_BETWEEN))  # noqa: S308 - rendered by the template engine
        return Part(title, head, main)

    return render(request, "ui/parted.html", {"part": kept(request, template, draw, *also)})


def drawn(template: str, context: Mapping[str, Any]) -> SafeString:
    """A piece of a page as markup; as a part it sees nothing of the request."""
    return mark_safe(render_to_string(template, dict(context)))  # noqa: S308 - rendered by the template engine


def kept(request: CityRequest, name: str, make: Callable[[], Any], *also: Hashable) -> Any:
    """What `make` answers, or what it answered to somebody before to whom it would answer the same."""
    key = key_of(request, name, *also)
    return make() if key is None else _KEPT.get_or_make(key, make)


def kept_for(person: Person, city: City, today: date, name: str, make: Callable[[], Any], *also: Hashable) -> Any:
    """The same for what is one person's: lines of his to-do list, a visit as he may see it. `city` as it was read before
    anything that `make` reads."""
    if is_in_transaction():
        return make()
    return _OWN.get_or_make((name, person.pk, *also, *_state_of(person, city, today)), make)


def key_of(request: CityRequest, name: str, *also: Hashable) -> Hashable | None:
    """All that a kept part rests on; None where nothing is kept: what is written in this transaction may be rolled back."""
    address = request.get_full_path()
    if is_in_transaction() or request.method not in ("GET", "HEAD") or len(address) > LONGEST_ADDRESS:
        return None
    return name, address, *also, *_state_of(request.person, request.city, request.today)


def _state_of(person: Person, city: City, today: date) -> tuple[Hashable, ...]:
    """The city, how much was written in it, its day, the language, and what the reader may see."""
    return (
        connection.alias, str(connection.settings_dict["NAME"]), city.pk, city.written, today,
        language_of().code, live_roles(person), person.organisation_id,
    )  # fmt: skip
