"""Access: who has it, for what and until when; guests are given it and everybody's can end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.ui.listing import Wish

from .. import access, changes, choosing, exports, queries
from ..forms import EndingForm, FromAbroadForm, SwitchForm
from ..pages import grants as pages
from ..people import guests_to_choose, people_by_id
from ..posting import done, form_page, pressed, sent, submitted
from ..requests import CityRequest


@require_GET
def index(request: CityRequest, city: str) -> HttpResponse:
    """Every grant, the latest first."""
    grants, columns, facets = access.grants_or_404(request.person), pages.columns(), pages.facets()

    def fitting(wish: Wish) -> Any:
        return queries.grants_fitting(grants, wish, request.today, request.now)

    def lines(rows: Any) -> list[pages.Line]:
        read = list(rows)
        return pages.lines(read, people_by_id(grant.granted_by for grant in read), request.now)

    shown = exports.listed_by_database(request, grants, fitting, lines, columns, facets)
    if exports.is_wanted(request):
        return exports.list_as_file(request, "access", _("Access"), columns, shown)
    context = {
        "list": shown,
        "count": pages.count_words(shown.total, shown.of),
        "may_give": access.may_give_grants(request.person),
        "may_switch": access.may_let_people_in(request.person),
    }
    return render(request, "programme/grants.html", context)


@require_http_methods(["GET", "POST"])
def new(request: CityRequest, city: str) -> HttpResponse:
    """Give a guest access from abroad."""
    access.giver_or_404(request.person)
    people = choosing.People(guests_to_choose(), reverse("programme:guests", kwargs={"city": city}))
    days, initial = access.days_of(request.city), {"since": request.today, "from_time": "08:00", "to_time": "18:00"}
    form = FromAbroadForm(sent(request), days=days, people=people, initial=initial)

    def change() -> HttpResponse:
        grant = changes.give_from_abroad(by=request.person.pk, now=request.now, **form.said(request.city.time_zone))
        return done(request, _("The access is given."), "programme:holder", person=grant.person_id)

    context = {"form": form}
    return submitted(request, form, change) or form_page(request, "programme/grant_new.html", context, form)


@require_GET
def guests(request: CityRequest, city: str) -> HttpResponse:
    """The visiting people whom what somebody types fits."""
    access.giver_or_404(request.person)
    return choosing.answer(request, guests_to_choose())


@require_GET
def holder(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """One person's access."""
    row = access.holder_or_404(request.person, person)
    grants = queries.grants_of(row)
    people = people_by_id(key for grant in grants for key in (grant.granted_by, grant.ended_by))
    may_end = access.may_end_grants_of(request.person, row)
    page = pages.holder_page(row, grants, people, request.now, may_end=may_end)
    endings = [(grant, EndingForm(auto_id=f"end-{number}-%s")) for number, grant in enumerate(page.grants)]
    here = {"city": city, "person": row.pk}
    context = {
        "page": page,
        "endings": endings,
        "may_explain": access.may_give_grants(request.person),
        "why_url": reverse("programme:access-why", kwargs=here),
        "seen_url": reverse("programme:seen", kwargs=here),
    }
    return render(request, "programme/holder.html", context)


@require_POST
def end(request: CityRequest, city: str, grant: UUID) -> HttpResponse:
    """Take a grant back, with the reason."""
    row = access.grant_to_end_or_404(request.person, grant)
    form = EndingForm(request.POST)

    def change() -> str:
        changes.end_grant(grant=row, by=request.person.pk, now=request.now, **form.cleaned_data)
        return _("The access has ended; it opens nothing from the next click on.")

    return pressed(request, change, "programme:holder", form=form, person=row.person_id)


@require_http_methods(["GET", "POST"])
def switches(request: CityRequest, city: str) -> HttpResponse:
    """What the city allows guests at all."""
    access.switches_or_404(request.person)
    form = SwitchForm(sent(request), initial=pages.switches_of(request.city))

    def change() -> HttpResponse:
        allowed = form.cleaned_data["from_abroad"] == "yes"
        shown, by = form.cleaned_data["watermarks"] == "yes", request.person.pk
        changes.show_watermarks(city=request.city, shown=shown, by=by, now=request.now)
        count = changes.allow_from_abroad(city=request.city, allowed=allowed, by=request.person.pk, now=request.now)
        sentence = (
            ngettext("Kept; {count} grant has ended.", "Kept; {count} grants have ended.", count).format(count=count)
            if count
            else _("Changes kept.")
        )
        return done(request, sentence, "programme:grants")

    context = {"form": form}
    return submitted(request, form, change) or form_page(request, "programme/switches.html", context, form)
