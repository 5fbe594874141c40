"""The page on which a knob is moved."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from beiji.packs.effect_choices import scenarios
from beiji.programme.requests import CityRequest
from beiji.records import engine_lane
from beiji.ui.languages import pick

from . import access, asking
from .forms import KnobForm
from .pages import page_of


@require_GET
def effect(request: CityRequest, city: str) -> HttpResponse:
    """What more of one capacity at one hospital would change; the address is the question, and nothing of it is kept."""
    access.asker_or_404(request.person)
    hospitals, titles = access.hospitals_of(request.person), scenarios()
    form = KnobForm(request.GET or None, hospitals=hospitals, titles=titles, initial={"units": 2})
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        names = {hospital.code: pick(hospital.names) for hospital in hospitals}
        try:
            answer = asking.effect(request.person, **form.cleaned_data)
            context["page"] = page_of(answer, names, pick(titles[form.cleaned_data["scenario"]]))
        except engine_lane.EngineError as error:
            context["refusal"] = str(error)
    else:
        engine_lane.wake()
    return render(request, "simulate/effect.html", context)
