"""The register of decisions: what was asked of the authorities, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.documents.access import versions_of
from beiji.documents.changes import TextError
from beiji.programme.access import days_of
from beiji.programme.versions import Outdated
from beiji.ui.editing import is_unanswered, with_choices
from beiji.ui.languages import language_of

from .. import access, changes, deciding, queries
from ..forms import DecisionForm, RulingForm
from ..models import Decision
from ..pages import deciding as pages
from ..pages.lines import line_of
from .asked import Asked, asked_of, rooms
from .clashing import clash_page


def _keeper(request: HttpRequest) -> Asked:
    asked = asked_of(request)
    if not access.may_read_decisions(asked.person):
        raise Http404
    return asked


@require_GET
def index(request: HttpRequest, city: str) -> HttpResponse:
    """What waits first, by due date; then what was decided."""
    asked = _keeper(request)
    rows = deciding.decisions_of(asked.person)
    numbers = deciding.numbers_of_decisions(rows, asked.city, asked.now)
    lines = pages.decision_lines(rows, asked.today, numbers)
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
    data = request.POST if request.method == "POST" else None
    form = _form(data, asked, {"language": language_of().pack, "asked_on": asked.today})
    if request.method == "POST" and form.is_valid():
        try:
            decision = changes.ask_decision(city=asked.city, by=asked.person, now=asked.now, **form.said())
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
        request, "improve/decision.html", _decision_context(asked, found, _ruling_form(None, asked, found), may_rule)
    )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, city: str, decision: UUID) -> HttpResponse:
    """Change what is asked, until the authorities have decided."""
    asked = _keeper(request)
    found = access.decision_or_404(asked.person, decision)
    if not access.may_change_decision(asked.person, found):
        raise Http404
    form = _edit_form(request, asked, found)
    back = reverse("improve:decision", kwargs={"city": city, "decision": found.pk})
    if request.method == "POST" and form.is_valid() and not is_unanswered(request.POST):
        seen = form.cleaned_data["version"] or 0  # a page that does not say what it showed is old
        try:
            changes.change_decision(decision=found, by=asked.person, now=asked.now, seen=seen, **form.said())
        except Outdated:
            pass
        except (changes.ImproveError, TextError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Changes kept."))
            return redirect(back)
    if form.is_bound and form.is_valid():
        found = access.decision_or_404(asked.person, decision)
        current = _edit_form(request, asked, found, is_fresh=True)
        return clash_page(request, form, current, of=found, kind="improve.decision-changed", cancel=back)
    context = {"form": form, "decision": found}
    return render(request, "improve/decision_form.html", context, status=422 if form.errors else 200)


def _edit_form(request: HttpRequest, asked: Asked, found: Decision, *, is_fresh: bool = False) -> DecisionForm:
    """The form of a decision, with what the person sent unless `is_fresh`; values chosen from a clash are put in."""
    source = versions_of(found.text)[-1]
    initial = {"version": found.version, "body": source.body, "language": source.language}
    initial |= {name: getattr(found, name) for name in ("owner", "cost_class", "asked_on", "due", "order")}
    fresh = _form(None, asked, initial)
    return fresh if is_fresh or request.method != "POST" else _form(with_choices(request.POST, fresh), asked, initial)


@require_POST
def rulings(request: HttpRequest, city: str, decision: UUID) -> HttpResponse:
    """Record what the authorities said."""
    asked = _keeper(request)
    found = access.decision_or_404(asked.person, decision)
    if not access.may_rule(asked.person):
        raise Http404
    form = _ruling_form(request.POST, asked, found)
    if form.is_valid():
        said = {**form.cleaned_data, "decided_by": form.cleaned_data["decided_by"].pk}
        said["seen"] = said["seen"] or 0
        try:
            changes.record_ruling(decision=found, by=asked.person, now=asked.now, **said)
            messages.success(request, _("The decision on {code} is recorded.").format(code=found.code))
            return redirect("improve:decision", city=city, decision=found.pk)
        except (changes.ImproveError, TextError) as error:
            found = access.decision_or_404(asked.person, decision)
            data = request.POST.copy()
            data["seen"] = str(found.version)  # what is asked now stands on the page that comes back
            form.data = data
            form.add_error(None, str(error))
    return render(request, "improve/decision.html", _decision_context(asked, found, form, may_rule=True), status=422)


def _form(data: Any, asked: Asked, initial: dict[str, Any]) -> DecisionForm:
    return DecisionForm(data, initial=initial, days=days_of(asked.city), organisations=queries.organisations())


def _ruling_form(data: Any, asked: Asked, found: Decision) -> RulingForm:
    initial = {"language": language_of().pack, "decided_on": asked.today, "seen": found.version}
    return RulingForm(data, initial=initial, days=days_of(asked.city), people=queries.people())


def _decision_context(asked: Asked, found: Any, form: RulingForm, may_rule: bool) -> dict[str, Any]:
    rulings = deciding.rulings_of(found)
    people = queries.people_by_id([r.decided_by for r in rulings])
    registered = deciding.registered(found, rulings)
    numbers = deciding.numbers_of_decisions([registered], asked.city, asked.now)[found.pk]
    actions = deciding.actions_of_decision(found, asked.person)
    return {
        "page": pages.decision_page(registered, rulings, people, asked.today, numbers),
        "actions": [line_of(action, asked.today) for action in actions],
        "form": form if may_rule else None,
        "may_change": access.may_change_decision(asked.person, found),
    }
