"""The hospital's word on the result, before the lock."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beiji.documents.changes import TextError

from .. import access, changes
from ..forms import ReplyForm
from ..pages.visit import visit_page


@require_http_methods(["GET", "POST"])
def reply_page(request: HttpRequest, city: str, visit: UUID) -> HttpResponse:
    """The team's word on every question, what the hospital replied, and for its coordinator the form."""
    person, now = request.person, timezone.now()  # type: ignore[attr-defined]
    found = access.visit_or_404(person, visit)
    may_reply = access.may_reply(person, found)
    if not (may_reply if request.method == "POST" else access.may_read_result(person, found)):
        raise Http404
    page = visit_page(person, found, now)
    items = [(row.code, f"{row.code} {row.title}") for block in page.blocks for row in block.rows]
    form = ReplyForm(request.POST if request.method == "POST" else None, items=list(dict.fromkeys(items)))
    if request.method == "POST" and form.is_valid():
        try:
            changes.reply(visit=found, by=person, now=now, **form.cleaned_data)
            messages.success(request, _("Reply kept; the team reads it before the lock."))
            return redirect("assess:reply", city=city, visit=found.pk)
        except (changes.AssessError, TextError) as error:
            form.add_error("body", str(error))
    context = {"visit": found, "page": page, "form": form, "may_reply": may_reply}
    return render(request, "assess/reply.html", context, status=422 if form.errors else 200)
