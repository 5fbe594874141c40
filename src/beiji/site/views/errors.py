"""Pages for when something is wrong: what, and how to mend it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from beiji.programme import queries
from beiji.programme.choosing import person_words
from beiji.programme.requests import asks_whom, is_in_city
from beiji.ui import formats


def _page(request: HttpRequest, status: int, title: str, mend: str, whom: str = "") -> HttpResponse:
    context = {"title": title, "mend": mend, "whom": whom, "status": status}
    return render(request, "site/error.html", context, status=status)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The same words for what there is not and for what is hidden, and whom to ask."""
    asking = asks_whom(request)
    if asking is None:
        return _page(
            request,
            404,
            _("There is no such page, or it is not yours to see"),
            _("Check the address, or ask the person who sent it whether your role covers that hospital."),
        )
    person, now = asking
    reason = (
        _(
            "A page opens for whoever has a role for it, on the days of that role. A role may not reach so far, or may have ended."
        )
        if is_in_city(request)
        else _("You have no role in this city now: it has ended, was taken back, or has not begun.")
    )
    people = queries.contacts(person.city, now)
    whom = _("Ask {people}.").format(people=" · ".join(formats.isolate(person_words(p), "auto") for p in people))
    return _page(request, 404, _("There is no such page, or it is not yours to see"), reason, whom if people else "")


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request, 403, _("Your role does not allow this"), _("Ask the programme manager of your city to grant the role.")
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        _("This form had been open too long, or cookies are off"),
        _("Go back, load the page again and send the form once more. Nothing was changed."),
    )


def not_as_kept(request: HttpRequest, sentence: str) -> HttpResponse:
    return _page(request, 500, _("This is not as it was kept"), sentence)


def busy(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        503,
        _("Others are writing just now"),
        _(
            "What you just sent was not kept. Go back and send it again in a minute; if it stays so, tell the administrator."
        ),
    )


def read_only(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        503,
        _("The system can only be read just now"),
        _(
            "What you just sent was not kept. Go back, leave the page open and send it again later; the administrator knows when that will be."
        ),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """The frame itself may be what broke, so this page asks nothing of the database."""
    return TemplateResponse(request, "site/broken.html", status=500).render()
