"""The hospital's word on the result, and the team's signed answer to a dispute."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from beiji.programme import parts
from beiji.programme.posting import done, form_page, pressed, sent, submitted
from beiji.programme.requests import CityRequest

from .. import access, changes, given, replied
from ..forms import ReplyForm, SignatureForm, TeamAnswerForm
from ..models import Visit
from ..pages.result import domains_of
from ..pages.visit import VisitPage, visit_page


@require_http_methods(["GET", "POST"])
def reply_page(request: CityRequest, city: str, visit: UUID) -> HttpResponse:
    """The team's word on every question, what the hospital replied, and for its coordinator the form."""
    row = access.visit_or_404(request.person, visit)
    may = access.may_reply if request.method == "POST" else access.may_read_result
    if not may(request.person, row):
        raise Http404
    page = visit_page(request.person, row, request.now)
    form = ReplyForm(
        sent(request), request.FILES or None, items=page.items, initial={"indicator": request.GET.get("item", "")}
    )

    def change() -> HttpResponse:
        changes.reply(visit=row, by=request.person, now=request.now, **form.cleaned_data)
        return done(request, _("Reply kept; the team reads it before the lock."), "assess:reply", visit=row.pk)

    return submitted(request, form, change, at="body") or _result(request, row, page, form)


@require_POST
def team_answer(request: CityRequest, city: str, visit: UUID, reply: UUID) -> HttpResponse:
    """The team's answer to a dispute; it is shown again where it cannot be kept."""
    row = access.visit_to_answer_or_404(request.person, visit)
    disputed = replied.reply_or_404(row, reply)
    form = TeamAnswerForm(request.POST, reply=disputed.pk)

    def change() -> HttpResponse:
        changes.answer_dispute(reply=disputed, by=request.person, now=request.now, **form.cleaned_data)
        return done(request, _("Answer kept; the city's side signs it."), "assess:reply", visit=row.pk)

    answer = submitted(request, form, change, at="body")
    if answer is not None:
        return answer
    page = visit_page(request.person, row, request.now)
    return _result(request, row, page, ReplyForm(items=page.items), answer_form=form)


@require_POST
def signature(request: CityRequest, city: str, visit: UUID, reply: UUID) -> HttpResponse:
    """The city's side stands for the answer that it has read."""
    row = access.visit_to_sign_or_404(request.person, visit)
    disputed = replied.reply_or_404(row, reply)
    form = SignatureForm(request.POST)

    def change() -> str:
        answer = replied.answer_to_sign(disputed, form.cleaned_data["answer"])
        changes.sign_answer(answer=answer, by=request.person, now=request.now)
        return _("The answer is signed; the hospital reads it as the team's word.")

    unclear = _("Say which answer is signed; load the page again.")
    return pressed(request, change, "assess:reply", visit=row.pk, form=form, unclear=unclear)


def _result(
    request: CityRequest, visit: Visit, page: VisitPage, form: ReplyForm, answer_form: TeamAnswerForm | None = None
) -> HttpResponse:
    """The page of the result; `answer_form`: the one of several that was sent, as it was typed."""
    forms = {line.key: TeamAnswerForm(reply=line.key) for line in page.replies if line.answer_url}
    if answer_form is not None:
        forms[answer_form.reply] = answer_form
    may_reply = access.may_reply(request.person, visit)

    def draw() -> SafeString:
        domains = domains_of(page, request.GET.get("item", ""), may_reply=may_reply)
        return parts.drawn("assess/result.html", {"domains": domains})

    context = {
        "visit": visit,
        "page": page,
        "domains": parts.kept(request, "assess/result.html", draw, given.state_of(visit)),
        "form": form,
        "lines": [(line, forms.get(line.key)) for line in page.replies],
        "may_reply": may_reply,
    }
    return form_page(request, "assess/reply.html", context, form, answer_form)
