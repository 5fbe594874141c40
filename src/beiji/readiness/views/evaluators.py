"""The city strikes the evaluator of a row off the list, or takes that back; both from the row's own page."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from beiji.programme.posting import done, submitted
from beiji.programme.requests import CityRequest

from .. import access, changes
from ..evaluators import striking_or_404
from ..forms import StrikingForm, TakingBackForm
from ..messages import in_words
from ..rules.rows import Evaluator
from .recording import row_with


@require_POST
def striking(request: CityRequest, city: str, row: int) -> HttpResponse:
    """Strike off the person who recorded the row, or his whole office, with a reason."""
    evidence = access.row_for_the_city_or_404(request.person, row)
    form = StrikingForm(request.POST, evidence=evidence)

    def change() -> HttpResponse:
        office = access.office_of(request.person)
        with in_words():
            changes.strike_off(
                city=evidence.city, evaluator=Evaluator.CITY, by=request.person.pk, by_office=office, now=request.now,
                **form.whom(), **form.said(),
            )  # fmt: skip
        sentence = gettext("Struck off. The rows recorded before stay until somebody withdraws them.")
        return done(request, sentence, "readiness:row", row=row)

    return submitted(request, form, change) or row_with(request, evidence, form)


@require_POST
def striking_back(request: CityRequest, city: str, row: int) -> HttpResponse:
    """Take back that the evaluator of the row was struck off."""
    evidence = access.row_for_the_city_or_404(request.person, row)
    struck = striking_or_404(evidence)
    form = TakingBackForm(request.POST)

    def change() -> HttpResponse:
        with in_words():
            changes.lift_striking_off(striking=struck, evaluator=Evaluator.CITY, by=request.person.pk, now=request.now)
        return done(request, gettext("Taken back."), "readiness:row", row=row)

    return submitted(request, form, change) or row_with(request, evidence, form)
