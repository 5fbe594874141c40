"""What somebody could see, and why an address opens for him or not: for the city's manager."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from .. import access, explaining, queries, reaching
from ..forms import AddressForm
from ..pages import looking as pages
from ..people import people_by_id
from ..posting import form_page
from ..requests import CityRequest


@require_GET
def seen(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """The sheet of everything that a person could see, by time and approval."""
    row = access.holder_to_explain_or_404(request.person, person)
    grants = queries.grants_of(row)
    people = people_by_id(grant.granted_by for grant in grants)
    pieces = reaching.pieces_of(row, grants, queries.deeds_of(row), request.now)
    page = pages.seen_page(row, pieces, people, request.person, request.now)
    back = reverse("programme:holder", kwargs={"city": city, "person": row.pk})
    return render(request, "programme/seen.html", {"page": page, "back": back})


@require_GET
def why(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """Whether an address opens for a person now, and which of his roles decide."""
    row = access.holder_to_explain_or_404(request.person, person)
    form = AddressForm(request.GET or None)
    page = None
    if form.is_valid():
        address = explaining.path_of(form.cleaned_data["address"])
        refusal = _("This is no page of the city; copy the address from the browser.")
        try:
            verdict = explaining.explain(row, queries.grants_of(row), address, request.now, refusal)
            page = pages.why_page(address, row, verdict)
        except explaining.ProgrammeError as refused:
            form.add_error("address", str(refused))
    back = reverse("programme:holder", kwargs={"city": city, "person": row.pk})
    context = {"form": form, "page": page, "back": back, "person": row}
    return form_page(request, "programme/why.html", context, form)
