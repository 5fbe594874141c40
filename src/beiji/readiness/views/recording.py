"""Recording by hand: a row about a capability; confirming or withdrawing a row. The law has the last word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.programme import choosing, parts
from beiji.programme.access import days_of
from beiji.programme.models import Subject
from beiji.programme.posting import done, form_page, sent, submitted
from beiji.programme.requests import CityRequest
from beiji.records import providers
from beiji.records.serving import file_response
from beiji.ui.languages import pick

from .. import access, changes, queries
from ..book import local
from ..evaluators import striking_of
from ..forms import EvidenceForm, ReasonForm, SamplingForm
from ..messages import in_words
from ..models import Evidence
from ..pages import row as page
from ..rules.rows import Evaluator
from ..terms import Terms, edition_or_404, terms_of


@require_http_methods(["GET", "POST"])
def record_page(request: CityRequest, city: str, subject: str, capability: str) -> HttpResponse:
    """Record one row: what was found, how, when; the proof follows from the method."""
    hospital = access.hospital_or_404(request.person, subject)
    evaluator = access.evaluator_or_404(request.person, hospital)
    terms = parts.kept(request, "readiness-terms", lambda: _terms(request, hospital, capability, evaluator))
    form = EvidenceForm(sent(request), request.FILES or None, terms=terms, days=days_of(request.city))
    where = {"subject": subject, "capability": capability}

    def change() -> HttpResponse:
        office = access.office_of(request.person)
        with in_words():
            changes.record_by_hand(
                city=request.city, draft=form.draft(), by=request.person.pk, office=office, now=request.now,
                **form.behind(),
            )  # fmt: skip
        return done(request, gettext("Recorded. The standing follows from it."), "readiness:why", **where)

    answer = submitted(request, form, change)
    if answer is not None:
        return answer
    why = reverse("readiness:why", kwargs={"city": city, **where})
    context = {
        "form": form,
        "title": gettext("Record: %(title)s") % {"title": pick(terms.edition.titles)},
        "sub": page.recorded_by(request.person, evaluator),
        "measure": pick(terms.edition.measure),
        "crumbs": [(why, pick(hospital.names))],
        "cancel": why,
    }
    return form_page(request, "readiness/record.html", context, form)


def _terms(request: CityRequest, hospital: Subject, capability: str, evaluator: Evaluator) -> Terms:
    edition = edition_or_404(request.city, access.capability_or_404(capability), request.today, request.now)
    return terms_of(request.city, hospital, edition, evaluator, today=request.today, now=request.now)


@require_GET
def evaluators(request: CityRequest, city: str, subject: str, capability: str) -> HttpResponse:
    """Who can have watched, while the name is typed by whoever records what was found from outside."""
    hospital = access.hospital_or_404(request.person, subject)
    access.outside_evaluator_or_404(request.person, hospital)
    return choosing.answer(request, access.evaluators_for(hospital))


@require_GET
def row_page(request: CityRequest, city: str, row: int) -> HttpResponse:
    """One row in full, with what the person may do with it."""
    evidence = access.row_or_404(request.person, row)
    return row_with(request, evidence, SamplingForm() if page.is_count(evidence) else ReasonForm())


def row_with(request: CityRequest, evidence: Evidence, form: ReasonForm) -> HttpResponse:
    """The page of a row with a form as it was typed."""
    ledger, names = parts.kept(
        request,
        "readiness-row",
        lambda: (
            queries.ledger_of(city=request.city, subject=evidence.whole, capability=evidence.capability.code),
            queries.names_of(request.city),
        ),
    )
    shown = page.row_of(
        ledger,
        evidence,
        known_at=local(request.now, request.city),
        names=names,
        evaluator=access.evaluator_on(request.person, evidence.whole),
        office=access.office_of(request.person),
        behind=_behind(request, evidence),
        striking=striking_of(evidence),
    )
    if not (shown.may_confirm or shown.may_sample):
        for name in ("sheets", "drawn", "held"):  # files go with a confirmation only
            form.fields.pop(name, None)
    return form_page(request, "readiness/row.html", {"page": shown, "form": form, "evidence": evidence}, form)


def _behind(request: CityRequest, evidence: Evidence) -> page.Behind:
    """What the row rests on; where it came from only as far as this person may see it."""
    origins = providers.origins.collect(
        request.person, evidence.source_kind, evidence.source_id, evidence.capability.code
    )
    backing, people = queries.backing_of(evidence)
    return page.behind(evidence, backing, origins[0] if origins else None, people)


@require_GET
def sheet(request: CityRequest, city: str, row: int, sheet: UUID) -> HttpResponse:
    """A file behind a row, for whoever may see the row."""
    evidence = access.row_or_404(request.person, row)
    return file_response(access.sheet_or_404(evidence, sheet))


@require_POST
def withdrawal(request: CityRequest, city: str, row: int) -> HttpResponse:
    """End a row for good, with a reason."""

    def withdraw(form: ReasonForm, **by: Any) -> str:
        changes.withdraw_evidence(**form.said(), **by)
        return gettext("Withdrawn.")

    return _ended(request, row, withdraw, withdraws=True)


@require_POST
def confirmation(request: CityRequest, city: str, row: int) -> HttpResponse:
    """Confirm the raw record of the hospital's own drill, event or times, or sample its count: a row from outside
    supersedes its own."""

    def confirm(form: ReasonForm, **by: Any) -> str:
        if isinstance(form, SamplingForm):
            changes.sample_count(uploads=form.cleaned_data["sheets"], **form.drawn_and_held(), **form.said(), **by)
            return gettext("Sampling recorded.")
        changes.confirm_by_hand(uploads=form.cleaned_data["sheets"], **form.said(), **by)
        return gettext("Confirmed.")

    return _ended(request, row, confirm)


def _ended(request: CityRequest, key: int, end: Callable[..., str], *, withdraws: bool = False) -> HttpResponse:
    """End a row as `end` does, which answers with what the person then reads."""
    evidence = access.row_or_404(request.person, key)
    evaluator = access.evaluator_or_404(request.person, evidence.whole)
    form: ReasonForm = (
        SamplingForm(request.POST, request.FILES, withdraws=withdraws)
        if page.is_count(evidence)
        else ReasonForm(request.POST, request.FILES)
    )

    def change() -> HttpResponse:
        by = {"by": request.person.pk, "office": access.office_of(request.person), "now": request.now}
        with in_words():
            sentence = end(form, evidence=evidence, evaluator=evaluator, **by)
        where = {"subject": evidence.whole.code, "capability": evidence.capability.code}
        return done(request, sentence, "readiness:why", **where)

    return submitted(request, form, change) or row_with(request, evidence, form)
