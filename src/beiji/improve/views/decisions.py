"""The register of decisions: what was asked of the authorities, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.documents.access import versions_of
from beiji.documents.changes import TextError
from beiji.programme.access import days_of
from beiji.ui.languages import language_of

from .. import access, changes, deciding, queries
from ..forms import DecisionForm, RulingForm
from ..pages import deciding as pages
from ..pages.lines import line_of
from .asked import Asked, asked_of, rooms


def _keeper(request: HttpRequest) -> Asked:
    asked = asked_of(request)
    if not access.may_read_decisions(asked.person):
        raise Http404
    return asked


@require_GET
def index(request: HttpRequest, city: str) -> HttpResponse:
    """What waits first, by due date; then what was decided."""
    asked = _keeper(request)
    lines = pages.decision_lines(deciding.decisions_of(asked.person), asked.today)
    context = {
        "decisions": lines,
        "rooms": rooms(asked, "decisions"),
        "may_ask": access.may_write_findings(asked.person),
    }
    return render(request, "improve/decisions.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, city: str) -> HttpResponse:
    """Ask the authorities for a decision."""
    asked = _keeper(request)
    if not access.may_write_findings(asked.person):
        raise Http404
    form = _form(request, asked, {"language": language_of().pack, "asked_on": asked.today})
    if request.method == "POST" and form.is_valid():
        try:
            decision = changes.ask_decision(city=asked.city, by=asked.person, now=asked.now, **form.cleaned_data)
            messages.success(request, _("{code} is in the register.").format(code=decision.code))
            return redirect("improve:decision", city=city, decision=decision.pk)
        except (changes.ImproveError, TextError) as error:
            form.add_error(None, str(error))
    context = {"form": form, "decision": None}
    return render(request, "improve/decision_form.html", context, status=422 if form.errors else 200)


@require_GET
def decision(request: HttpRequest, city: str, decision: UUID) -> HttpResponse:
    """One decision: its words, what the authorities said, and the actions it led to."""
    asked = _keeper(request)
    found = access.decision_or_404(asked.person, decision)
    may_rule = access.may_rule(asked.person)
    return render(
        request, "improve/decision.html", _decision_context(asked, found, _ruling_form(None, asked), may_rule)
    )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, city: str, decision: UUID) -> HttpResponse:
    """Change what is asked, until the authorities have decided."""
    asked = _keeper(request)
    found = access.decision_or_404(asked.person, decision)
    if not access.may_change_decision(asked.person, found):
        raise Http404
    source = versions_of(found.text)[-1]
    initial = {"body": source.body, "language": source.language}
    initial |= {name: getattr(found, name) for name in ("owner", "cost_class", "asked_on", "due", "order")}
    form = _form(request, asked, initial)
    if request.method == "POST" and form.is_valid():
        try:
            changes.change_decision(decision=found, by=asked.person, now=asked.now, **form.cleaned_data)
            messages.success(request, _("Changes kept."))
            return redirect("improve:decision", city=city, decision=found.pk)
        except (changes.ImproveError, TextError) as error:
            form.add_error(None, str(error))
    context = {"form": form, "decision": found}
    return render(request, "improve/decision_form.html", context, status=422 if form.errors else 200)


@require_POST
def rulings(request: HttpRequest, city: str, decision: UUID) -> HttpResponse:
    """Record what the authorities said."""
    asked = _keeper(request)
    found = access.decision_or_404(asked.person, decision)
    if not access.may_rule(asked.person):
        raise Http404
    form = _ruling_form(request.POST, asked)
    if form.is_valid():
        said = {**form.cleaned_data, "decided_by": form.cleaned_data["decided_by"].pk}
        try:
            changes.record_ruling(decision=found, by=asked.person, now=asked.now, **said)
            messages.success(request, _("The decision on {code} is recorded.").format(code=found.code))
            return redirect("improve:decision", city=city, decision=found.pk)
        except (changes.ImproveError, TextError) as error:
            form.add_error(None, str(error))
    return render(request, "improve/decision.html", _decision_context(asked, found, form, may_rule=True), status=422)


def _form(request: HttpRequest, asked: Asked, initial: dict[str, Any]) -> DecisionForm:
    data = request.POST if request.method == "POST" else None
    return DecisionForm(data, initial=initial, days=days_of(asked.city), organisations=queries.organisations())


def _ruling_form(data: Any, asked: Asked) -> RulingForm:
    initial = {"language": language_of().pack, "decided_on": asked.today}
    return RulingForm(data, initial=initial, days=days_of(asked.city), people=queries.people())


def _decision_context(asked: Asked, found: Any, form: RulingForm, may_rule: bool) -> dict[str, Any]:
    rulings = deciding.rulings_of(found)
    actions = deciding.actions_of_decision(found, asked.person)
    return {
        "page": pages.decision_page(found, rulings, queries.people_by_id([r.decided_by for r in rulings]), asked.today),
        "actions": [line_of(action, asked.today) for action in actions],
        "form": form if may_rule else None,
        "may_change": access.may_change_decision(asked.person, found),
    }
