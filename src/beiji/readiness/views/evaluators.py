"""The city strikes the evaluator of a row off the list, or takes that back; both from the row's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from beiji.ui.languages import language_of

from .. import access, changes
from ..evaluators import striking_of
from ..forms import ReasonForm
from ..messages import sentence
from ..models import Evidence
from ..rules.rows import Evaluator, LedgerError
from .recording import row_with


def _for_the_city(request: Any, key: int) -> Evidence:
    """The row, for whoever acts for the city on its hospital; for others this does not exist."""
    evidence = access.row_or_404(request.person, key)
    if access.evaluator_or_404(request.person, evidence.whole) is not Evaluator.CITY:
        raise Http404("only the city strikes off")
    return evidence


@require_POST
def striking(request: HttpRequest, city: str, row: int) -> HttpResponse:
    """Strike off the person who recorded the row, or his whole office, with a reason."""
    evidence = _for_the_city(request, row)
    person: Any = request.person  # type: ignore[attr-defined]
    form, whom = ReasonForm(request.POST), request.POST.get("whom")
    is_complete = form.is_valid()
    if whom not in ("person", "office") or (whom == "person" and evidence.by is None):
        form.add_error(None, gettext("Say whether the person or the whole office is to be struck off."))
        is_complete = False  # never a whole office by mistake
    if not is_complete:
        return row_with(request, evidence, form)
    try:
        changes.strike_off(
            city=evidence.city,
            office=evidence.office,
            person=evidence.by if whom == "person" else None,
            evaluator=Evaluator.CITY,
            reason=form.cleaned_data["reason"],
            reason_language=form.cleaned_data["language"],
            by=person.pk,
            by_office=access.office_of(person),
            now=timezone.now(),
        )
    except LedgerError as error:
        form.add_error(None, sentence(error))
        return row_with(request, evidence, form)
    notes.success(request, gettext("Struck off. The rows recorded before stay until somebody withdraws them."))
    return redirect("readiness:row", city=city, row=row)


@require_POST
def striking_back(request: HttpRequest, city: str, row: int) -> HttpResponse:
    """Take back that the evaluator of the row was struck off."""
    evidence = _for_the_city(request, row)
    found = striking_of(evidence)
    form = ReasonForm(initial={"language": language_of().pack})
    if found is None:
        raise Http404("not struck off")
    try:
        changes.lift_striking_off(
            striking=found,
            evaluator=Evaluator.CITY,
            by=request.person.pk,
            now=timezone.now(),  # type: ignore[attr-defined]
        )
    except LedgerError as error:
        form.add_error(None, sentence(error))
        return row_with(request, evidence, form)
    notes.success(request, gettext("Taken back."))
    return redirect("readiness:row", city=city, row=row)
