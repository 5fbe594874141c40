"""The translation queue: what waits, one text beside its translation, and the approval."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.ui.languages import language_of

from .. import access, changes
from ..forms import TranslationForm
from ..rules import LANGUAGES


@require_GET
def queue(request: HttpRequest, city: str) -> HttpResponse:
    """Every text that lacks an approved translation, oldest first."""
    if not access.may_use_queue(request.person):
        raise Http404
    language = request.GET.get("language")
    wanted = language if language in LANGUAGES else None
    return render(
        request, "documents/queue.html", {"waiting": access.queue_for(request.person, wanted), "language": wanted}
    )


@require_http_methods(["GET", "POST"])
def translate(request: HttpRequest, city: str, text: UUID, language: str) -> HttpResponse:
    """One text with a field for its translation; an existing proposal can be approved by somebody else."""
    found = access.find_text(request.person, text)
    if found is None or language not in LANGUAGES:
        raise Http404
    source = access.versions_of(found)[-1]
    made = [t for t in found.translations.all() if t.language == language and t.source_hash == source.hash]
    form = TranslationForm(
        request.POST if request.method == "POST" else None,
        initial={
            "source_hash": source.hash,
            "body": made[-1].body if made else "",
            "seen": made[-1].pk if made else 0,
        },
    )
    before = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"seen": form.cleaned_data["seen"] or 0}
        try:
            changes.propose_translation(text=found, language=language, by=request.person, now=timezone.now(), **said)
            messages.success(request, _("Translation kept; somebody else has to approve it."))
            return redirect("documents:queue", city=city)
        except changes.TextError as error:
            before = next((v for v in access.versions_of(found) if v.hash == said["source_hash"] != source.hash), None)
            # what comes back shows the newest wording and proposal; kept again, it answers to these
            data = request.POST.copy()
            data["source_hash"], data["seen"] = source.hash, str(made[-1].pk if made else 0)
            form.data = data
            form.add_error("body", str(error))
    context = {
        "text": found,
        "source": source,
        "before": before,
        "language": language,
        "wanted_language": language_of(language).name,
        "source_language": language_of(source.language).name,
        "where": found.where if access.may_follow(request.person) else "",
        "proposal": made[-1] if made else None,
        "form": form,
    }
    return render(request, "documents/translate.html", context, status=422 if form.errors else 200)


@require_POST
def approve(request: HttpRequest, city: str, translation: int) -> HttpResponse:
    """Stand for a translation that somebody else wrote."""
    found = access.find_translation(request.person, translation)
    if found is None:
        raise Http404
    try:
        changes.approve_translation(translation=found, by=request.person, now=timezone.now())
        messages.success(request, _("Translation approved; reports print it from now on."))
    except changes.TextError as error:
        messages.error(request, str(error))
    return redirect("documents:queue", city=city)
