"""Why an address opens for a person, or not: the page itself is asked, once with all of his roles and once with each alone.

So no second reading of the rules can say something else than the rules do. Whatever the page would write is rolled back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import Http404
from django.urls import Resolver404, ResolverMatch, resolve
from django_htmx.middleware import HtmxDetails

from .access import LiveRole, act_as, roles_of
from .changes.errors import ProgrammeError
from .grants import HOLDS, state_of
from .models import Person, RoleGrant
from .requests import place

#: Grants that are over or not yet are looked at only so many, the latest first: each costs a page.
MOST_OTHERS = 12


@dataclass(frozen=True)
class Said:
    """What the page says to one grant: it opens, or why not in the words of the rule (English, for whoever runs the server)."""

    grant: RoleGrant
    state: str
    opens: bool
    rule: str


@dataclass(frozen=True)
class Verdict:
    """Whether the address opens now, what each grant that holds says to it, and which of the others would open it."""

    opens: bool
    rule: str
    holding: Sequence[Said]
    others: Sequence[Said]


def explain(person: Person, grants: Sequence[RoleGrant], address: str, now: datetime, refusal: str) -> Verdict:
    """Ask the page. `refusal`: the sentence of the ProgrammeError that an address outside the person's city raises."""
    match = _match(person, address, refusal)
    zone = person.city.time_zone
    known = [(grant, state_of(grant, zone, now)) for grant in grants]
    live = [grant for grant, state in known if state == HOLDS]
    opens, rule = _ask(person, roles_of(live), match, address, now)
    said = [Said(grant, HOLDS, *_ask(person, roles_of([grant]), match, address, now)) for grant in live]
    others = [(grant, state) for grant, state in known if state != HOLDS][:MOST_OTHERS]
    would = [Said(grant, state, *_ask(person, roles_of([grant]), match, address, now)) for grant, state in others]
    return Verdict(opens, rule, said, [line for line in would if line.opens])


def path_of(typed: str) -> str:
    """The path with its question, of an address as it stands in a browser or of a path alone."""
    parts = urlsplit(typed.strip())
    path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    return f"{path}?{parts.query}" if parts.query else path


def _match(person: Person, address: str, refusal: str) -> ResolverMatch:
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        raise ProgrammeError(refusal, field="address") from None
    if match.kwargs.get("city") != person.city_id:
        raise ProgrammeError(refusal, field="address")
    return match


def _ask(
    person: Person, roles: tuple[LiveRole, ...], match: ResolverMatch, address: str, now: datetime
) -> tuple[bool, str]:
    if not roles:
        return False, "no role"
    act_as(person, roles)
    path, _mark, query = address.partition("?")
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "wsgi.input": BytesIO(), "wsgi.url_scheme": "http",
        }
    )  # fmt: skip
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]
    request.resolver_match = match
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    place(request, person, now)
    with transaction.atomic():
        try:
            answer = match.func(request, *match.args, **match.kwargs)
            status, rule = answer.status_code, ""
        except Http404 as hidden:
            status, rule = 404, str(hidden)
        except PermissionDenied as refused:
            status, rule = 403, str(refused)
        transaction.set_rollback(True)
    if status == 405:
        return False, "the address answers buttons only, it is no page"
    return status < 400, rule
