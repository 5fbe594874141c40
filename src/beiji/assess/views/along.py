"""What a device takes along of a visit, to go on without network."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from beiji.programme.requests import CityRequest

from .. import access
from ..pages.along import along_page


@require_GET
def along(request: CityRequest, city: str, visit: UUID) -> HttpResponse:
    """Every question of a visit with one's own answer: the page that is taken along, and from which it is taken."""
    row = access.visit_to_rate_or_404(request.person, visit)
    context = {"visit": row, "page": along_page(request.person, row), "density": "touch"}
    return render(request, "assess/along.html", context)
