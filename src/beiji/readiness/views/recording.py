"""Recording by hand: a row about a capability; confirming or withdrawing a row. The law has the last word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from beiji.programme.access import days_of, today_in
from beiji.programme.models import Subject
from beiji.records import providers
from beiji.records.files import AttachmentError
from beiji.records.serving import file_response
from beiji.ui.languages import language_of, pick

from .. import access, changes, queries
from ..book import Book, local, nodes_under, size_class
from ..evaluators import striking_of
from ..forms import EvidenceForm, ReasonForm
from ..messages import sentence
from ..models import Edition, Evidence
from ..pages import row as page
from ..rules.facts import edition_in_force, targets_on
from ..rules.rows import Evaluator, LedgerError


def _form_for(request: Any, hospital: Subject, edition: Edition, evaluator: Evaluator) -> EvidenceForm:
    """The form with the campuses, places and minutes that the capability asks for today."""
    now = timezone.now()
    today = today_in(request.city, now)
    nodes = [n for n in nodes_under([hospital])[hospital.pk] if not (n.until and n.until <= today)]
    campuses = [n for n in nodes if n.kind == Subject.Kind.CAMPUS]
    places = [n for n in nodes if n.kind == Subject.Kind.PLACE] if edition.per_place else []
    facts = Book(request.city, [edition.capability_id]).facts(edition.capability.code, size_class(hospital))
    plain = edition_in_force(facts, today, local(now, request.city))
    minutes = sorted(m for m in targets_on(plain, today, local(now, request.city)) if m is not None) if plain else []
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return EvidenceForm(
        *sent,
        edition=edition,
        evaluator=evaluator,
        units=campuses if edition.per_campus and campuses else [hospital],
        places=places,
        minutes=minutes,
        today=today,
        people=access.evaluators_for(hospital),
        days=days_of(request.city),
    )


def record_page(request: HttpRequest, city: str, subject: str, capability: str) -> HttpResponse:
    """Record one row: what was found, how, when; the proof follows from the method."""
    person: Any = request.person  # type: ignore[attr-defined]
    hospital = access.hospital_or_404(person, subject)
    evaluator = access.evaluator_or_404(person, hospital)
    kept = access.capability_or_404(capability)
    now = timezone.now()
    edition = Book(request.city, [kept.pk]).edition_on(  # type: ignore[attr-defined]
        capability,
        today_in(request.city, now),  # type: ignore[attr-defined]
        local(now, request.city),  # type: ignore[attr-defined]
    )
    if edition is None:
        raise Http404("no edition in force")
    form = _form_for(request, hospital, edition, evaluator)
    why = reverse("readiness:why", kwargs={"city": city, "subject": subject, "capability": capability})
    if request.method == "POST" and form.is_valid():
        try:
            changes.record_by_hand(
                city=request.city,  # type: ignore[attr-defined]
                draft=form.draft(),
                by=person.pk,
                office=access.office_of(person),
                now=now,
                **form.behind(),
            )
        except LedgerError as error:
            form.add_error(_FIELD_OF.get(error.code), sentence(error))
        except AttachmentError as error:
            form.add_error("sheets", str(error))
        else:
            notes.success(request, gettext("Recorded. The standing follows from it."))
            return redirect(why)
    _say_that_files_are_gone(request, form)
    context = {
        "form": form,
        "title": gettext("Record: %(title)s") % {"title": pick(edition.titles)},
        "sub": page.recorded_by(person, evaluator),
        "measure": pick(edition.measure),
        "crumbs": [(why, pick(hospital.names))],
        "cancel": why,
    }
    return render(request, "readiness/record.html", context, status=422 if form.errors else 200)


#: Refusals that are mended in one field, and said there.
_FIELD_OF = {"raw-sheet": "sheets", "document-file": "sheets", "evaluator": "evaluated_by"}


def _say_that_files_are_gone(request: HttpRequest, form: Form) -> None:
    """No browser sends a file twice by itself; without a word it would be missing from the row."""
    if form.errors and request.FILES:
        form.add_error("sheets", gettext("Choose the file again; the browser has dropped it with the refused page."))


def row_page(request: HttpRequest, city: str, row: int) -> HttpResponse:
    """One row in full, with what the person may do with it."""
    evidence = access.row_or_404(request.person, row)  # type: ignore[attr-defined]
    return row_with(request, evidence, ReasonForm(initial={"language": language_of().pack}))


def row_with(request: Any, evidence: Evidence, form: ReasonForm) -> HttpResponse:
    """The page of a row with a form as it was typed."""
    ledger = queries.ledger_of(city=request.city, subject=evidence.whole, capability=evidence.capability.code)
    evaluator = access.evaluator_on(request.person, evidence.whole)
    shown = page.row_of(
        ledger,
        evidence,
        known_at=local(timezone.now(), request.city),
        names=queries.names_of(request.city),
        evaluator=evaluator,
        office=access.office_of(request.person),
        behind=_behind(request, evidence),
        striking=striking_of(evidence),
    )
    if not shown.may_confirm:
        del form.fields["sheets"]  # files go with a confirmation only
    context = {"page": shown, "form": form, "evidence": evidence}
    return render(request, "readiness/row.html", context, status=422 if form.errors else 200)


def _behind(request: Any, evidence: Evidence) -> page.Behind:
    """What the row rests on; where it came from only as far as this person may see it."""
    found = providers.origins.collect(
        request.person, evidence.source_kind, evidence.source_id, evidence.capability.code
    )
    backing, people = queries.backing_of(evidence)
    return page.behind(evidence, backing, found[0] if found else None, people)


@require_GET
def sheet(request: HttpRequest, city: str, row: int, sheet: UUID) -> HttpResponse:
    """A file behind a row, for whoever may see the row."""
    evidence = access.row_or_404(request.person, row)  # type: ignore[attr-defined]
    return file_response(access.sheet_or_404(evidence, sheet))


@require_POST
def withdrawal(request: HttpRequest, city: str, row: int) -> HttpResponse:
    """End a row for good, with a reason."""
    return _end(request, row, is_confirmation=False)


@require_POST
def confirmation(request: HttpRequest, city: str, row: int) -> HttpResponse:
    """Confirm the raw record of the hospital's own drill, event or times: a row from outside supersedes its own."""
    return _end(request, row, is_confirmation=True)


def _end(request: Any, key: int, *, is_confirmation: bool) -> HttpResponse:
    evidence = access.row_or_404(request.person, key)
    evaluator = access.evaluator_or_404(request.person, evidence.whole)
    form = ReasonForm(request.POST, request.FILES)
    if not form.is_valid():
        _say_that_files_are_gone(request, form)
        return row_with(request, evidence, form)
    common = {"by": request.person.pk, "office": access.office_of(request.person), "now": timezone.now()}
    words = {"reason": form.cleaned_data["reason"], "reason_language": form.cleaned_data["language"]}
    try:
        if is_confirmation:
            uploads = form.cleaned_data["sheets"]
            changes.confirm_by_hand(evidence=evidence, evaluator=evaluator, uploads=uploads, **words, **common)
        else:
            changes.withdraw_evidence(evidence=evidence, evaluator=evaluator, **words, **common)
    except (LedgerError, AttachmentError) as error:
        form.add_error(None, sentence(error) if isinstance(error, LedgerError) else str(error))
        _say_that_files_are_gone(request, form)
        return row_with(request, evidence, form)
    notes.success(request, gettext("Confirmed.") if is_confirmation else gettext("Withdrawn."))
    return redirect(
        "readiness:why",
        city=request.city.pk,
        subject=evidence.whole.code,
        capability=evidence.capability.code,
    )
