"""Two records of one person, side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import access, changes, choosing, queries
from ..forms import EndingForm, OtherRecordForm
from ..pages import people as pages
from ..people import name_of
from ..posting import done, form_page, pressed, sent, submitted
from ..requests import CityRequest


@require_GET
def records(request: CityRequest, city: str) -> HttpResponse:
    """The people whom what somebody types fits, for the choice of the other record."""
    return choosing.answer(request, access.people_or_404(request.person))


@require_http_methods(["GET", "POST"])
def joining(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """Choose the record to keep, look at both, join them."""
    row = access.person_or_404(request.person, person)
    address = reverse("programme:records", kwargs={"city": city})
    people = choosing.People(access.people_beside(request.person, row), address)
    choice = OtherRecordForm(request.GET or None, people=people)
    kept: Any = choice.cleaned_data["other"] if choice.is_valid() else None
    form = EndingForm(sent(request))

    def change() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        changes.join_people(person=row, kept=kept, reason=reason, by=request.person, now=request.now)
        sentence = _("The records are one person now: {name}.").format(name=name_of(kept))
        return done(request, sentence, "programme:person", person=kept.pk)

    answer = submitted(request, form, change, at="reason") if kept is not None else None
    sides = [pages.page_of(side, queries.grants_of(side), request.now) for side in (row, kept) if side is not None]
    back = reverse("programme:person", kwargs={"city": city, "person": row.pk})
    context: dict[str, Any] = {
        "person": row,
        "kept": kept,
        "sides": sides,
        "choice": choice,
        "form": form,
        "back": back,
    }
    return answer or form_page(request, "programme/joining.html", context, form if kept is not None else None)


@require_POST
def separating(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """Take a joining back."""
    row = access.person_or_404(request.person, person)
    form = EndingForm(request.POST)

    def change() -> str:
        reason = form.cleaned_data["reason"]
        changes.separate_people(person=row, reason=reason, by=request.person, now=request.now)
        return _("The two records stand by themselves again; roles and account are as they were left.")

    return pressed(request, change, "programme:person", form=form, person=row.pk)
