"""Differences between assessors, and the lead's settlement of each."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from beiji.records.operations import OperationError
from beiji.ui.languages import LANGUAGES

from .. import access, changes
from ..forms import SettleForm
from ..pages.settling import count_words, settling_page
from .said import keep


@require_GET
def differences_page(request: HttpRequest, city: str, visit: UUID) -> HttpResponse:
    """Both answers to each question on which the assessors differ."""
    person = request.person  # type: ignore[attr-defined]
    found = access.visit_or_404(person, visit)
    if not access.may_read_answers(person, found):
        raise Http404
    page = settling_page(person, found)
    context = {"visit": found, "page": page, "count": count_words(page), "languages": LANGUAGES}
    return render(request, "assess/differences.html", context)


@require_POST
def settlement(request: HttpRequest, city: str, visit: UUID, indicator: str) -> HttpResponse:
    """The team's word on one difference."""
    person = request.person  # type: ignore[attr-defined]
    found = access.visit_or_404(person, visit)
    if not access.leads(person, found):
        raise Http404
    form = SettleForm(request.POST)
    try:
        if not form.is_valid():
            raise changes.AssessError(_("Choose the team's level and give the reason; the hospital will ask."))
        keep(request, found, "settle", form.payload(indicator))
        messages.success(request, _("{indicator} is settled.").format(indicator=indicator))
    except (changes.AssessError, OperationError) as error:
        messages.error(request, f"{indicator}: {error}")
    return redirect("assess:differences", city=city, visit=found.pk)
