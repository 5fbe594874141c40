"""The hospital's word on the result, and the team's signed answer to a dispute."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from beiji.documents.changes import TextError

from .. import access, changes, replied
from ..forms import ReplyForm, SignatureForm, TeamAnswerForm
from ..models import Visit
from ..pages.visit import VisitPage, visit_page


@require_http_methods(["GET", "POST"])
def reply_page(request: HttpRequest, city: str, visit: UUID) -> HttpResponse:
    """The team's word on every question, what the hospital replied, and for its coordinator the form."""
    person, now = request.person, timezone.now()  # type: ignore[attr-defined]
    found = access.visit_or_404(person, visit)
    may_reply = access.may_reply(person, found)
    if not (may_reply if request.method == "POST" else access.may_read_result(person, found)):
        raise Http404
    page = visit_page(person, found, now)
    form = _reply_form(request.POST if request.method == "POST" else None, page)
    if request.method == "POST" and form.is_valid():
        try:
            changes.reply(visit=found, by=person, now=now, **form.cleaned_data)
            messages.success(request, _("Reply kept; the team reads it before the lock."))
            return redirect("assess:reply", city=city, visit=found.pk)
        except (changes.AssessError, TextError) as error:
            form.add_error("body", str(error))
    return _shown(request, found, page, form=form)


@require_POST
def team_answer(request: HttpRequest, city: str, visit: UUID, reply: UUID) -> HttpResponse:
    """The team's answer to a dispute; it is shown again where it cannot be kept."""
    person, now = request.person, timezone.now()  # type: ignore[attr-defined]
    found = access.visit_or_404(person, visit)
    if not access.may_answer(person, found):
        raise Http404
    disputed = replied.reply_or_404(found, reply)
    form = _answer_form(disputed.pk, request.POST)
    if form.is_valid():
        try:
            changes.answer_dispute(reply=disputed, by=person, now=now, **form.cleaned_data)
            messages.success(request, _("Answer kept; the city's side signs it."))
            return redirect("assess:reply", city=city, visit=found.pk)
        except (changes.AssessError, TextError) as error:
            form.add_error("body", str(error))
    return _shown(request, found, visit_page(person, found, now), answers={disputed.pk: form})


@require_POST
def signature(request: HttpRequest, city: str, visit: UUID, reply: UUID) -> HttpResponse:
    """The city's side stands for the answer that it has read."""
    person, now = request.person, timezone.now()  # type: ignore[attr-defined]
    found = access.visit_or_404(person, visit)
    if not access.may_sign(person, found):
        raise Http404
    disputed = replied.reply_or_404(found, reply)
    form = SignatureForm(request.POST)
    try:
        if not form.is_valid():
            raise changes.AssessError(_("Say which answer is signed; load the page again."))
        answer = replied.answer_to_sign(disputed, form.cleaned_data["answer"])
        changes.sign_answer(answer=answer, by=person, now=now)
        messages.success(request, _("The answer is signed; the hospital reads it as the team's word."))
    except changes.AssessError as error:
        messages.error(request, str(error))
    return redirect("assess:reply", city=city, visit=found.pk)


def _reply_form(data: QueryDict | None, page: VisitPage) -> ReplyForm:
    items = [(row.code, f"{row.code} {row.title}") for block in page.blocks for row in block.rows]
    return ReplyForm(data, items=list(dict.fromkeys(items)))


def _answer_form(reply: UUID, data: QueryDict | None = None) -> TeamAnswerForm:
    """The form for one of several disputes on the page."""
    return TeamAnswerForm(data, auto_id=f"id_{reply.hex[-8:]}_%s")


def _shown(
    request: HttpRequest,
    visit: Visit,
    page: VisitPage,
    *,
    form: ReplyForm | None = None,
    answers: Mapping[UUID, TeamAnswerForm] | None = None,
) -> HttpResponse:
    given = answers or {}
    lines = [(r, given.get(r.key) or (_answer_form(r.key) if r.answer_url else None)) for r in page.replies]
    is_wrong = bool(form and form.errors) or any(answer.errors for answer in given.values())
    context = {
        "visit": visit,
        "page": page,
        "form": form or _reply_form(None, page),
        "lines": lines,
        "may_reply": access.may_reply(request.person, visit),  # type: ignore[attr-defined]
    }
    return render(request, "assess/reply.html", context, status=422 if is_wrong else 200)
