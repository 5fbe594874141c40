"""Photographs and papers of a visit: taken in, and given out only to whoever may read its answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.folders import access as library
from beiji.folders import queries as in_library
from beiji.folders.validity import questions_of
from beiji.programme.posting import pressed
from beiji.programme.requests import CityRequest
from beiji.records import files
from beiji.records.refused import ChangeRefused
from beiji.records.serving import file_response

from .. import access, changes
from ..models import Visit
from ..pages.library import picks
from ..pages.listing import visit_url
from ..pages.question import item_or_404
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


@require_http_methods(["GET", "POST"])
def from_library(request: CityRequest, city: str, visit: UUID, indicator: str) -> HttpResponse:
    """Attach a file that the hospital keeps in its library already, instead of sending it again."""
    row = access.visit_to_rate_or_404(request.person, visit)
    part = (request.POST if request.method == "POST" else request.GET).get("part", "")
    _items, item, key = item_or_404(row, indicator, part)
    back = rate_url(row, key)

    def change() -> str:
        attachment = request.POST.get("attachment", "")
        payload = {"indicator": item.code, "attachment": attachment}
        changes.take_typed(visit=row, kind="attach", payload=payload, by=request.person, now=request.now)
        return ""

    if request.method == "POST":
        return pressed(request, change, back)
    search = request.GET.get("q", "")
    asked = questions_of(row.subject, request.today, request.now)
    files = library.files_to_pick(request.person, row.subject)
    offered = in_library.to_pick(files, item.code, search, asked)
    context = {
        "title": _("From the library, for {item}").format(item=item.code), "back": back, "part": key.part, "search": search,
        "picks": picks(offered.files, in_library.around(offered.files), item.code, request.today), "cut": offered.cut,
    }  # fmt: skip
    return render(request, "assess/library.html", context)
