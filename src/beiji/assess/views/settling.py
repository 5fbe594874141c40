"""Differences between assessors, and the lead's settlement of each."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from beiji.programme.posting import pressed
from beiji.programme.requests import CityRequest
from beiji.records.refused import ChangeRefused
from beiji.ui.languages import LANGUAGES

from .. import access, changes
from ..forms import SettleForm
from ..pages.settling import count_words, settling_page


@require_GET
def differences_page(request: CityRequest, city: str, visit: UUID) -> HttpResponse:
    """Both answers to each question on which the assessors differ."""
    row = access.visit_to_read_or_404(request.person, visit)
    page = settling_page(request.person, row)
    context = {"visit": row, "page": page, "count": count_words(page), "languages": LANGUAGES}
    return render(request, "assess/differences.html", context)


@require_POST
def settlement(request: CityRequest, city: str, visit: UUID, indicator: str) -> HttpResponse:
    """The team's word on one difference."""
    row = access.visit_to_lead_or_404(request.person, visit)
    form = SettleForm(request.POST)

    def change() -> str:
        try:
            changes.take_typed(
                visit=row, kind="settle", payload=form.payload(indicator), by=request.person, now=request.now
            )
        except ChangeRefused as refused:
            raise ChangeRefused(f"{indicator}: {refused}") from refused
        return _("{indicator} is settled.").format(indicator=indicator)

    unclear = _("Choose the team's level and give the reason; the hospital will ask.")
    return pressed(request, change, "assess:differences", visit=row.pk, form=form, unclear=f"{indicator}: {unclear}")
