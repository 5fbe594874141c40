"""The draft is written: a block at a time, by a form or by operations that a script sends while somebody types."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.programme import choosing
from beiji.programme.people import people_to_choose
from beiji.programme.posting import pressed
from beiji.programme.requests import CityRequest
from beiji.records import operations as records
from beiji.records.refused import ChangeRefused

from .. import access, asked, changes, reading
from ..changes import DocumentError, NewBlock, Overtaken
from ..forms import ContactForm, PictureForm, RemarkForm, body_in
from ..models import Document, Draft
from ..pages import document as pages
from ..pages import word
from ..pages.blocks import kind_words
from ..pages.draft import Typed, draft_page
from ..rules import Act
from .frame import frame

#: The kinds of operations that a browser sends.
KINDS = frozenset({"block"})


@require_GET
def draft(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """The draft; `?edit=` opens a block, `?remark=` the field for a comment on one."""
    row = access.document_or_404(request.person, document, Act.READ_DRAFT)
    now = reading.draft_of(row)
    if now is None:
        return redirect("documents:history", city=city, document=row.pk)
    edit = asked.key_in(request.GET.get("edit")) if access.may(request.person, row, Act.EDIT) else None
    return _page(request, row, now, edit=edit, remark=asked.key_in(request.GET.get("remark")))


def _page(
    request: CityRequest, row: Document, now: Draft, *, edit: UUID | None = None, remark: UUID | None = None,
    typed: Typed | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    people = choosing.People(people_to_choose(city_only=True), pages.address(row, "people"))
    context = {
        **frame(request, row),
        "draft": now,
        "page": draft_page(row, now, request.now, edit=edit, remark=remark, typed=typed),
        "kinds": kind_words(),
        "may_edit": access.may(request.person, row, Act.EDIT),
        "may_submit": access.may(request.person, row, Act.SUBMIT),
        "may_remark": access.may(request.person, row, Act.COMMENT),
        "remark_form": RemarkForm(),
        "contact_form": ContactForm(people=people),
        "picture_form": PictureForm(),
        "compare": pages.comparison_address(row, now.base.number, pages.DRAFT) if now.base else "",
        "here": pages.address(row, "draft"),
        "word_files": word.links(row, now),
    }
    return render(request, "documents/draft.html", context, status=status)


@require_POST
def block(request: CityRequest, city: str, document: UUID, block: UUID) -> HttpResponse:
    """What a form says of a block is kept; where it cannot be, it comes back beside what stands there."""
    row, now = asked.draft_or_404(request.person, document)
    try:
        _keep_form(request, now, block)
    except Overtaken as refused:
        typed = Typed(body_in(request.POST.dict()), str(refused), refused.body, refused.revision)
        return _page(request, row, now, edit=block, typed=typed, status=409)
    except ChangeRefused as refused:
        typed = Typed(body_in(request.POST.dict()), str(refused))
        return _page(request, row, now, edit=block, typed=typed, status=422)
    tab = request.POST.get("tab", "")
    changes.leave_block(draft=now, block=block, tab=tab, by=request.person, now=request.now)
    if request.POST.get("then") == "stay":
        return redirect(f"{pages.address(row, 'draft')}?edit={block}#b-{block}")
    return redirect(f"{pages.address(row, 'draft')}#b-{block}")


def _keep_form(request: CityRequest, draft: Draft, block: UUID) -> None:
    """The form as the operation of one tab; a list of contacts and a picture have fields of their own."""
    data = request.POST
    body = body_in(data.dict())
    if "contacts" in data:
        body = "\n".join([*data.getlist("keep"), data.get("person", "")])
    said = records.parse(
        {
            "id": data.get("operation"), "kind": "block", "device": data.get("tab") or "form", "seq": asked.sequence(request.now),
            "base": data.get("base"), "made_at": request.now.isoformat(), "payload": {"block": str(block), "body": body},
        },
        KINDS,
    )  # fmt: skip
    if "picture" in data:
        form = PictureForm(data, request.FILES)
        upload = form.cleaned_data["upload"] if form.is_valid() else None
        changes.save_picture(
            draft=draft, said=said, upload=upload, kept=data.get("picture", ""), by=request.person, now=request.now
        )
        return
    level = asked.level_in(data.get("level"))
    changes.save_block(draft=draft, said=said, by=request.person, now=request.now, level=level)


@require_POST
def operations(request: CityRequest, city: str, document: UUID) -> JsonResponse:
    """One operation of a tab that types: kept, or refused with a sentence and what the block says now."""
    _row, now = asked.draft_or_404(request.person, document)
    try:
        said = records.parse(_json(request), KINDS)
        revision = changes.save_block(draft=now, said=said, by=request.person, now=request.now)
    except Overtaken as refused:
        answer = {"kept": False, "error": str(refused), "theirs": refused.body, "revision": str(refused.revision)}
        return JsonResponse(answer, status=409)
    except ChangeRefused as refused:
        return JsonResponse({"kept": False, "error": str(refused)}, status=422)
    return JsonResponse({"kept": True, "revision": str(revision.pk), "said": pages.kept_words(request.now)})


@require_POST
def hold(request: CityRequest, city: str, document: UUID, block: UUID) -> JsonResponse:
    """A tab says that somebody writes in a block, takes it over, or leaves it."""
    _row, now = asked.draft_or_404(request.person, document)
    said = _json(request)
    tab, verb = str(said.get("tab", ""))[:40], said.get("verb")
    try:
        if verb == "leave":
            changes.leave_block(draft=now, block=block, tab=tab, by=request.person, now=request.now)
            return JsonResponse({"held": False})
        changes.hold_block(
            draft=now, block=block, tab=tab, by=request.person, now=request.now, take_over=verb == "take-over"
        )
    except Overtaken as refused:
        answer = {"held": False, "error": str(refused), "theirs": refused.body, "revision": str(refused.revision)}
        return JsonResponse(answer, status=409)
    except ChangeRefused as refused:
        return JsonResponse({"held": False, "error": str(refused)}, status=422)
    return JsonResponse({"held": True})


def _json(request: CityRequest) -> Any:
    """What a script sent; nothing where it cannot be read."""
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError, RawPostDataException):  # the last: it was a form, which has been read already
        said = None
    return said if isinstance(said, dict) else {}


@require_POST
def blocks(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """Add a block below another one; it opens at once."""
    row, now = asked.draft_or_404(request.person, document)
    made: list[UUID] = []

    def change() -> str:
        new, below = asked.new_block(request.POST.get("kind", "")), asked.key_in(request.POST.get("below"))
        if new is None:
            raise DocumentError(_("Choose what to add."))
        made.append(changes.add_block(draft=now, new=NewBlock(**new), below=below, by=request.person, now=request.now))
        return ""

    answer = pressed(request, change, pages.address(row, "draft"))
    return redirect(f"{pages.address(row, 'draft')}?edit={made[0]}#b-{made[0]}") if made else answer


@require_POST
def move(request: CityRequest, city: str, document: UUID, block: UUID) -> HttpResponse:
    """Move a block by a place."""
    row, now = asked.draft_or_404(request.person, document)

    def change() -> str:
        places = -1 if request.POST.get("way") == "up" else 1
        changes.move_block(draft=now, block=block, by_places=places, by=request.person, now=request.now)
        return ""

    return pressed(request, change, f"{pages.address(row, 'draft')}?edit={block}#b-{block}")


@require_POST
def removal(request: CityRequest, city: str, document: UUID, block: UUID) -> HttpResponse:
    """Take a block out of the draft."""
    row, now = asked.draft_or_404(request.person, document)

    def change() -> str:
        changes.remove_block(draft=now, block=block, by=request.person, now=request.now)
        return _("Taken out; at the foot of this page it can be put back.")

    return pressed(request, change, pages.address(row, "draft"))


@require_POST
def returns(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """Put a block back that was taken out."""
    row, now = asked.draft_or_404(request.person, document)
    revision = access.revision_or_404(row, asked.key_in(request.POST.get("revision")))

    def change() -> str:
        changes.put_back(draft=now, revision=revision, by=request.person, now=request.now)
        return _("It stands at the end of the draft again; move it to its place.")

    return pressed(request, change, f"{pages.address(row, 'draft')}#b-{revision.block}")


@require_http_methods(["GET"])
def people(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """People whom a list of contacts can name, as somebody types."""
    access.document_or_404(request.person, document, Act.EDIT)
    return choosing.answer(request, people_to_choose(city_only=True))
