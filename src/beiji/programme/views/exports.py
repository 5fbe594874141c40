"""Files that leave: a guest asks, the city decides, the file is taken in time."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import access, changes, exports, queries
from ..forms import AskingForm, DecidingForm
from ..pages import exports as pages
from ..people import people_by_id
from ..posting import done, form_page, pressed, sent, submitted
from ..requests import CityRequest


@require_GET
def index(request: CityRequest, city: str) -> HttpResponse:
    """The files that a guest asked for; for the city's manager those of everybody, what waits for a decision first."""
    rows = queries.newest_exports(access.exports_or_404(request.person))
    people = people_by_id(key for row in rows for key in (row.person_id, row.decided_by))
    decides = access.may_give_grants(request.person)
    shown = pages.lines(rows, people, request.city.abbreviation, request.person, request.now, decides=decides)
    forms = [(line, DecidingForm(auto_id=f"file-{number}-%s")) for number, line in enumerate(shown)]
    return render(request, "programme/exports.html", {"lines": forms, "decides": decides})


@require_http_methods(["GET", "POST"])
def new(request: CityRequest, city: str) -> HttpResponse:
    """Ask for a file whose address a list has led to."""
    access.asker_or_404(request.person)
    form = AskingForm(sent(request), initial={"address": request.GET.get("address", "")})

    def change() -> HttpResponse:
        address, what = exports.asked_for(request.city, form.cleaned_data["address"])
        purpose = form.cleaned_data["purpose"]
        changes.ask_for_file(person=request.person, address=address, what=what, purpose=purpose, now=request.now)
        return done(request, _("The city's manager decides; the answer stands here."), "programme:exports")

    context = {"form": form}
    return submitted(request, form, change) or form_page(request, "programme/export_new.html", context, form)


@require_POST
def decide(request: CityRequest, city: str, export: UUID) -> HttpResponse:
    """Approve a file, or refuse it with a reason."""
    row = access.export_to_decide_or_404(request.person, export)
    form = DecidingForm(request.POST)

    def change() -> str:
        said = form.cleaned_data
        approved = said["answer"] == "yes"
        changes.decide_on_file(export=row, approved=approved, reason=said["reason"], by=request.person, now=request.now)
        return _("Approved; it can be taken for a day.") if approved else _("Refused; whoever asked reads why.")

    return pressed(request, change, "programme:exports", form=form)
