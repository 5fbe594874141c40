"""Bringing people in by a table: look at what would happen, then say yes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.ui.languages import language_of

from .. import access, changes, exports, imports, queries
from ..forms import TableForm
from ..pages import tables as pages
from ..posting import done, form_page, handed, sent
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


@never_cache
@require_POST
def bringing(request: CityRequest, city: str) -> HttpResponse:
    """Add the people of a table that was looked at; answers with the sheets of those who got an account."""
    access.people_or_404(request.person)
    whose = str(request.person.pk)
    newcomers = imports.unpacked(request.POST.get("people", ""), whose, queries.institutions())

    def change() -> HttpResponse:
        rows = imports.agreed(newcomers)
        brought = changes.bring_people(city=request.city, newcomers=rows, by=request.person.pk, now=request.now)
        said = pages.added_words(len(rows), len(brought))
        sheets = pages.sheets(brought, request.build_absolute_uri(reverse("account_code")))
        if not sheets:
            return done(request, said, "programme:people")
        return render(request, "programme/sheets.html", {"sheets": sheets, "said": said})

    return handed(request, change, "programme:table")


@require_GET
def template(request: CityRequest, city: str) -> HttpResponse:
    """An empty table with the heads in the reader's language, and what may stand below them."""
    access.people_or_404(request.person)
    notes = pages.template_notes(list(queries.institutions()))
    return exports.empty_table(_("People"), pages.template_heads(), notes)
