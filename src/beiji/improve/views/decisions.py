"""The register of decisions: what was asked of the authorities, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.programme import choosing, exports, parts
from beiji.programme.access import days_of
from beiji.programme.people import people_by_id, people_to_choose
from beiji.programme.posting import done, edited, form_page, sent, submitted
from beiji.programme.requests import CityRequest
from beiji.records.serving import file_response

from .. import access, changes, deciding, queries
from ..forms import DecisionForm, RulingForm
from ..models import Decision
from ..pages import deciding as pages
from ..pages.lines import line_of
from ..pages.links import room_links


@require_GET
def index(request: CityRequest, city: str) -> HttpResponse:
    """What waits first, by due date; then what was decided."""
    access.register_or_404(request.person)
    rows = deciding.decisions_of(request.person)
    numbers = deciding.numbers_of_decisions(rows, request.city, request.now)
    lines, columns = pages.decision_lines(rows, request.today, numbers), pages.decision_columns()
    shown = exports.listed(request, lines, columns, pages.decision_facets(lines))
    if exports.is_wanted(request):
        return exports.list_as_file(request, "decisions", _("Decisions"), columns, shown)
    context = {
        "list": shown,
        "rooms": room_links(request, "decisions"),
        "may_ask": access.may_write_findings(request.person),
    }
    return render(request, "improve/decisions.html", context)


@require_http_methods(["GET", "POST"])
def new(request: CityRequest, city: str) -> HttpResponse:
    """Ask the authorities for a decision."""
    access.register_or_404(request.person)
    access.writer_or_404(request.person)
    form = _form(request, sent(request), {"asked_on": request.today})

    def change() -> HttpResponse:
        decision = changes.ask_decision(city=request.city, by=request.person, now=request.now, **form.said())
        sentence = _("{code} is in the register.").format(code=decision.code)
        return done(request, sentence, "improve:decision", decision=decision.pk)

    context = {"form": form, "decision": None}
    return submitted(request, form, change) or form_page(request, "improve/decision_form.html", context, form)


@require_GET
def decision(request: CityRequest, city: str, decision: UUID) -> HttpResponse:
    """One decision: its words, what the authorities said, and the actions it led to."""
    access.register_or_404(request.person)
    row = access.decision_or_404(request.person, decision)
    form = _ruling_form(request, None, row) if access.may_rule(request.person) else None
    return form_page(request, "improve/decision.html", _decision_context(request, row, form))


@require_http_methods(["GET", "POST"])
def edit(request: CityRequest, city: str, decision: UUID) -> HttpResponse:
    """Change what is asked, until the authorities have decided."""
    access.register_or_404(request.person)
    row = access.decision_to_change_or_404(request.person, decision)

    def form_of(row: Decision, data: Any) -> DecisionForm:
        return _form(request, data, deciding.values_of_decision(row))

    def change(form: DecisionForm, seen: int) -> HttpResponse:
        changes.change_decision(decision=row, by=request.person, now=request.now, seen=seen, **form.said())
        return done(request, _("Changes kept."), "improve:decision", decision=row.pk)

    cancel = reverse("improve:decision", kwargs={"city": city, "decision": row.pk})
    answer, form = edited(request, row, form_of, change, kind="improve.decision-changed", cancel=cancel)
    return answer or form_page(request, "improve/decision_form.html", {"form": form, "decision": row}, form)


@require_POST
def rulings(request: CityRequest, city: str, decision: UUID) -> HttpResponse:
    """Record what the authorities said."""
    access.register_or_404(request.person)
    row = access.decision_to_rule_or_404(request.person, decision)
    form = _ruling_form(request, request.POST, row, request.FILES)

    def change() -> HttpResponse:
        changes.record_ruling(decision=row, by=request.person, now=request.now, **form.said())
        sentence = _("The decision on {code} is recorded.").format(code=row.code)
        return done(request, sentence, "improve:decision", decision=row.pk)

    answer = submitted(request, form, change)
    if answer is not None:
        return answer
    row = access.decision_to_rule_or_404(request.person, decision)  # as it stands now, beside what was typed
    form.shows(row.version)
    return form_page(request, "improve/decision.html", _decision_context(request, row, form), form)


@require_GET
def scan(request: CityRequest, city: str, decision: UUID, ruling: int) -> HttpResponse:
    """The scan of what the authorities signed."""
    access.register_or_404(request.person)
    return file_response(access.scan_or_404(request.person, decision, ruling))


def _form(request: CityRequest, data: Any, initial: dict[str, Any]) -> DecisionForm:
    return DecisionForm(data, initial=initial, days=days_of(request.city), organisations=queries.organisations())


def _ruling_form(request: CityRequest, data: Any, row: Decision, files: Any = None) -> RulingForm:
    initial = {"decided_on": request.today, "seen": row.version}
    deciders = reverse("improve:deciders", kwargs={"city": request.city.pk})
    people = choosing.People(people_to_choose(city_only=True), deciders)
    return RulingForm(data, files, initial=initial, days=days_of(request.city), people=people)


@require_GET
def deciders(request: CityRequest, city: str) -> HttpResponse:
    """Who can have decided, while the name is typed by whoever records it."""
    access.ruler_or_404(request.person)
    return choosing.answer(request, people_to_choose(city_only=True))


def _decision_context(request: CityRequest, row: Decision, form: RulingForm | None) -> dict[str, Any]:
    rulings = deciding.rulings_of(row)
    people = people_by_id([r.decided_by for r in rulings])
    registered = deciding.registered(row, rulings)
    numbers = parts.kept(
        request,
        "decision-numbers",
        lambda: deciding.numbers_of_decisions([registered], request.city, request.now)[row.pk],
    )
    actions = deciding.actions_of_decision(row, request.person)
    return {
        "page": pages.decision_page(registered, rulings, people, request.today, numbers),
        "actions": [line_of(action, request.today) for action in actions],
        "form": form,
        "may_change": access.may_change_decision(request.person, row),
    }
