"""Photographs and papers of a visit: taken in, and given out only to whoever may read its answers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from beiji.records import files
from beiji.records.operations import OperationError
from beiji.records.serving import file_response

from .. import access, changes
from ..pages.steps import rate_url
from ..rules.answers import Key
from .said import keep, said_by, visit_to_rate


@require_POST
def attachments(request: HttpRequest, city: str, visit: UUID) -> HttpResponse:
    """Take a file. A device gets its id and sends the operation itself; a plain form names the item and is done."""
    found = visit_to_rate(request, visit)
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    upload, indicator = request.FILES.get("file"), request.POST.get("indicator", "")
    try:
        if upload is None:
            raise files.AttachmentError(_("No file was sent; choose a photograph or a PDF."))
        if not said_by(request, request.POST.get("person")):
            return JsonResponse({"error": _("Somebody else has signed in here meanwhile; sign in again.")}, status=409)
        if not access.may_rate(request.person, found):  # type: ignore[attr-defined]
            raise files.AttachmentError(_("The visit is locked; nothing more can be attached."))
        with files.taken_whole():  # a file that no item takes is not kept either
            kept = files.add_attachment(city=city, upload=upload, by=request.person.pk, now=timezone.now())  # type: ignore[attr-defined]
            if not wants_json:
                keep(request, found, "attach", {"indicator": indicator, "attachment": str(kept.pk)})
    except (files.AttachmentError, changes.AssessError, OperationError) as error:
        if wants_json:
            return JsonResponse({"error": str(error)}, status=422)
        messages.error(request, str(error))
    else:
        if wants_json:
            return JsonResponse({"id": str(kept.pk), "name": kept.name, "kind": kept.kind, "size": kept.size})
    if indicator not in found.indicators:
        return redirect("assess:visit", city=city, visit=found.pk)
    return redirect(rate_url(found, Key(indicator, request.POST.get("part", ""))))


@require_GET
def attachment(request: HttpRequest, city: str, visit: UUID, attachment: UUID) -> HttpResponse:
    """Give out a file: pictures to be seen, papers to be saved; never as something a browser would run."""
    found = access.visit_or_404(request.person, visit)  # type: ignore[attr-defined]
    file = access.attachment_or_404(request.person, found, attachment)  # type: ignore[attr-defined]
    return file_response(file)
