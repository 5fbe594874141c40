"""Bringing people in by a table: look at what would happen, then say yes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.ui.languages import language_of

from .. import access, changes, exports, imports, queries
from ..forms import TableForm
from ..pages import tables as pages
from ..posting import form_page, handed, sent
from ..requests import CityRequest


@require_http_methods(["GET", "POST"])
def table(request: CityRequest, city: str) -> HttpResponse:
    """Choose a table; what it would do, or every cell that is to be mended, is shown and nothing is kept."""
    access.people_or_404(request.person)
    form = TableForm(sent(request), request.FILES or None)
    context: dict[str, Any] = {"form": form, "checked": None, "packed": ""}
    if form.is_valid():
        reading = imports.read_people(form.cleaned_data["table"].read(), imports.known(), language_of())
        good = [] if reading.faults else reading.newcomers
        context["checked"] = pages.checked(reading)
        context["packed"] = imports.packed(good, str(request.person.pk)) if good else ""
    return form_page(request, "programme/table.html", context, form)


@require_POST
def bringing(request: CityRequest, city: str) -> HttpResponse:
    """Have the people of a table added that was looked at; answers with the page that tells how far it is."""
    access.people_or_404(request.person)

    def change() -> HttpResponse:
        rows = imports.unpacked(request.POST.get("people", ""), str(request.person.pk))
        job = changes.bring_in_background(city=request.city, rows=rows, by=request.person.pk, now=request.now)
        return redirect("programme:job", city=city, job=job.pk)

    return handed(request, change, "programme:table")


@never_cache
@require_http_methods(["GET", "POST"])
def sheets(request: CityRequest, city: str, job: UUID) -> HttpResponse:
    """The sheets of those who were let in by a table, pile by pile; the codes are made when a pile is asked for."""
    table = access.table_or_404(request.person, job)
    let_in = queries.brought_by(table)
    piles = pages.piles(let_in, queries.without_password(let_in))
    people = pages.pile_of(piles, request.POST.get("pile", ""))
    if not people:
        return render(request, "programme/piles.html", {"piles": piles})
    brought = changes.hand_out_codes(city=request.city, people=people, by=request.person.pk, now=request.now)
    made = pages.sheets(brought, request.build_absolute_uri(reverse("account_code")))
    back = reverse("programme:sheets", kwargs={"city": city, "job": table.pk})
    return render(request, "programme/sheets.html", {"sheets": made, "back": back})


@require_GET
def template(request: CityRequest, city: str) -> HttpResponse:
    """An empty table with the heads in the reader's language, and what may stand below them."""
    access.people_or_404(request.person)
    notes = pages.template_notes(list(queries.institutions()))
    return exports.empty_table(_("People"), pages.template_heads(), notes)
