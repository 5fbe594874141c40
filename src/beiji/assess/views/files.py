"""Photographs and papers of a visit: taken in, and given out only to whoever may read its answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from beiji.programme.posting import pressed
from beiji.programme.requests import CityRequest
from beiji.records import files
from beiji.records.refused import ChangeRefused
from beiji.records.serving import file_response

from .. import access, changes
from ..models import Visit
from ..pages.listing import visit_url
from ..pages.steps import rate_url
from ..rules.answers import Key
from .by_form import is_same_person


@require_POST
def attachments(request: CityRequest, city: str, visit: UUID) -> HttpResponse:
    """Take a file. A device gets its id and sends the operation itself; a plain form names the item and is done."""
    row = access.visit_to_rate_or_404(request.person, visit)
    if not is_same_person(request, request.POST.get("person")):
        return JsonResponse({"error": _("Somebody else has signed in here meanwhile; sign in again.")}, status=409)
    if request.headers.get("Accept", "").startswith("application/json"):
        try:
            upload = _upload(request, row)
            file = files.add_attachment(city=request.city.pk, upload=upload, by=request.person.pk, now=request.now)
        except ChangeRefused as refused:
            return JsonResponse({"error": str(refused)}, status=422)
        return JsonResponse({"id": str(file.pk), "name": file.name, "kind": file.kind, "size": file.size})
    indicator = request.POST.get("indicator", "")

    def change() -> str:
        upload = _upload(request, row)
        changes.attach_file(visit=row, indicator=indicator, upload=upload, by=request.person, now=request.now)
        return ""

    is_known = indicator in row.indicators
    back = rate_url(row, Key(indicator, request.POST.get("part", ""))) if is_known else visit_url(row)
    return pressed(request, change, back)


def _upload(request: CityRequest, visit: Visit) -> UploadedFile[Any]:
    """The file that was sent, while the visit takes any."""
    upload = request.FILES.get("file")
    if upload is None:
        raise files.AttachmentError(_("No file was sent; choose a photograph or a PDF."))
    if not access.may_rate(request.person, visit):
        raise files.AttachmentError(_("The visit is locked; nothing more can be attached."))
    return upload


@require_GET
def attachment(request: CityRequest, city: str, visit: UUID, attachment: UUID) -> HttpResponse:
    """Give out a file: pictures to be seen, papers to be saved; never as something a browser would run."""
    row = access.visit_or_404(request.person, visit)
    return file_response(access.attachment_or_404(request.person, row, attachment))
