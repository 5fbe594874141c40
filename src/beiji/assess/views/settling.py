"""Differences between assessors, and the lead's settlement of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from beiji.programme.posting import done
from beiji.programme.requests import CityRequest
from beiji.records.refused import ChangeRefused
from beiji.ui.languages import LANGUAGES

from .. import access, changes
from ..forms import SettleForm
from ..pages.settling import SettlingPage, Typed, count_words, settling_page
from ..rules.answers import Key


@require_GET
def differences_page(request: CityRequest, city: str, visit: UUID) -> HttpResponse:
    """Both answers to each question on which the assessors differ."""
    row = access.visit_to_read_or_404(request.person, visit)
    page = settling_page(request.person, row)
    return render(request, "assess/differences.html", _context(row, page))


@require_POST
def settlement(request: CityRequest, city: str, visit: UUID, indicator: str) -> HttpResponse:
    """The team's word on one difference; one that is refused comes back as it was typed, with the reason beside it."""
    row = access.visit_to_lead_or_404(request.person, visit)
    form = SettleForm(request.POST)
    refusal = _("Choose the team's level and give the reason; the hospital will ask.")
    if form.is_valid():
        try:
            changes.take_typed(
                visit=row, kind="settle", payload=form.payload(indicator), by=request.person, now=request.now
            )
            return done(
                request, _("{indicator} is settled.").format(indicator=indicator), "assess:differences", visit=row.pk
            )
        except ChangeRefused as refused:
            refusal = str(refused)
    said = {name: request.POST.get(name, "") for name in ("level", "reason", "language")}
    page = settling_page(request.person, row, Typed(Key(indicator, request.POST.get("part", "")), refusal, **said))
    if page.is_refused:
        return render(request, "assess/differences.html", _context(row, page), status=422)
    messages.error(request, f"{indicator}: {refusal}")
    return redirect("assess:differences", city=city, visit=row.pk)


def _context(visit: Any, page: SettlingPage) -> dict[str, Any]:
    return {"visit": visit, "page": page, "count": count_words(page), "languages": LANGUAGES}
