"""The list of plans, and the page on which one is begun. The pages of a plan itself are those of its document."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from beiji.programme.posting import done, form_page, sent, submitted
from beiji.programme.requests import CityRequest

from . import access, changes
from .forms import PlanForm
from .pages import plans as pages


@require_GET
def plans(request: CityRequest, city: str) -> HttpResponse:
    """The plans that the person reads, with how each stands."""
    lines = pages.lines_of(access.plans_or_404(request.person), request.person)
    links = pages.new_links(city, access.subjects_written_for(request.person))
    return render(request, "plans/plans.html", {"lines": lines, "links": links})


@require_http_methods(["GET", "POST"])
def new(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """Begin a plan."""
    hospital = access.subject_or_404(request.person, subject)
    form = PlanForm(sent(request))

    def change() -> HttpResponse:
        said = dict(form.cleaned_data)
        is_word = said.pop("begins") == "word"
        blocks = () if is_word else None
        plan = changes.begin_plan(subject=hospital, by=request.person, now=request.now, blocks=blocks, **said)
        if is_word:
            return done(request, _("The draft is empty; choose the file."), "documents:word", document=plan.document_id)
        return done(
            request, _("The draft stands with its chapters; write below them."), "documents:draft", document=plan.document_id
        )  # fmt: skip

    context = {"form": form, "subject": hospital, "back": reverse("plans:plans", kwargs={"city": city})}
    return submitted(request, form, change) or form_page(request, "plans/new.html", context, form)
