"""A form of the rating page, sent by a browser without script."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from beiji.programme.posting import pressed
from beiji.programme.requests import CityRequest

from .. import changes
from ..forms import OperationForm
from ..models import Visit
from ..pages.steps import rate_url
from ..rules.answers import Key


def is_same_person(request: CityRequest, person: Any) -> bool:
    """Was it entered by whoever is signed in now? A page that stayed open names its person; nobody else sends for him."""
    return person in (None, "", str(request.person.pk))


def keep_and_return(
    request: CityRequest, visit: Visit, indicator: str, kind: str, form: OperationForm, *, onward: str = ""
) -> HttpResponse:
    """Keep what a form says and go back to the question, which shows it; a refusal is said there."""

    def change() -> str:
        payload, given = form.payload(indicator), form.operation_id()
        changes.take_typed(visit=visit, kind=kind, payload=payload, by=request.person, now=request.now, given=given)
        return ""

    back = rate_url(visit, Key(indicator, request.POST.get("part", "")))
    return pressed(request, change, back, form=form, onward=onward)
