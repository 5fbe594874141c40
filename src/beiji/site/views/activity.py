"""Who did what with a thing, and when."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from beiji.programme.requests import CityRequest

from .. import activity_page


@require_GET
def activity(request: CityRequest, city: str, kind: str, key: str) -> HttpResponse:
    """What happened to a hospital, a visit or an action, newest first."""
    page = activity_page.page_of(request.person, kind, key, request.GET.get("page", "1"))
    return render(request, "site/activity.html", {"page": page})
