"""The steps of a document's life, each a button: comments, handing in, review, approval, taking up an older version."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beiji.programme.posting import pressed
from beiji.programme.requests import CityRequest

from .. import access, asked, changes
from ..changes import DocumentError
from ..forms import ReasonForm, RemarkForm
from ..pages import document as pages
from ..rules import Act


@require_POST
def comments(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """Remark on a block."""
    row = access.document_or_404(request.person, document, Act.COMMENT)
    revision = access.revision_or_404(row, asked.key_in(request.POST.get("revision")))
    form = RemarkForm(request.POST)

    def change() -> str:
        changes.add_comment(document=row, revision=revision, by=request.person, now=request.now, **form.cleaned_data)
        return ""

    back = asked.page_of(row, request.POST.get("version"))
    return pressed(request, change, f"{back}#b-{revision.block}", form=form)


@require_POST
def settlement(request: CityRequest, city: str, document: UUID, comment: UUID) -> HttpResponse:
    """Settle a comment."""
    row = access.document_or_404(request.person, document, Act.COMMENT)

    def change() -> str:
        changes.resolve_comment(document=row, comment=comment, by=request.person, now=request.now)
        return ""

    block = asked.key_in(request.POST.get("block"))
    return pressed(request, change, f"{asked.page_of(row, request.POST.get('version'))}#b-{block}")


@require_POST
def drafts(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """Go on from a version, or begin anew."""
    row = access.document_or_404(request.person, document, Act.EDIT)
    version = asked.version_in(request.person, row, request.POST.get("version"))

    def change() -> str:
        if version is None:
            raise DocumentError(_("Choose the version from which the draft goes on."))
        changes.open_draft(document=row, version=version, by=request.person, now=request.now)
        return _("The draft says what that version says; go on from there.")

    return pressed(request, change, pages.address(row, "history"), onward=pages.address(row, "draft"))


@require_POST
def end(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """Put the draft away."""
    row, now = asked.draft_or_404(request.person, document)

    def change() -> str:
        version = changes.put_away(draft=now, by=request.person, now=request.now)
        return _("The draft is put away as version {number}; it can be taken up again.").format(number=version.number)

    return pressed(request, change, pages.address(row, "history"))


@require_POST
def submission(request: CityRequest, city: str, document: UUID) -> HttpResponse:
    """Hand the draft in for review."""
    row, now = asked.draft_or_404(request.person, document, Act.SUBMIT)

    def change() -> str:
        version = changes.submit(draft=now, by=request.person, now=request.now)
        return _("Version {number} waits for its review.").format(number=version.number)

    return pressed(request, change, pages.address(row, "draft"), onward=pages.address(row, "history"))


@require_POST
def review(request: CityRequest, city: str, document: UUID, number: int) -> HttpResponse:
    """A second person has read it."""
    row = access.document_or_404(request.person, document, Act.REVIEW)
    version = access.version_or_404(request.person, row, number)

    def change() -> str:
        changes.review(version=version, by=request.person, now=request.now)
        return _("Reviewed; it waits for its approval.")

    return pressed(request, change, pages.address(row, "version", number=number))


@require_POST
def sending_back(request: CityRequest, city: str, document: UUID, number: int) -> HttpResponse:
    """Send it back with a reason."""
    row = access.document_or_404(request.person, document, Act.SEND_BACK)
    version = access.version_or_404(request.person, row, number)
    form = ReasonForm(request.POST)

    def change() -> str:
        words = form.cleaned_data
        changes.send_back(
            version=version, reason=words["body"], language=words["language"], by=request.person, now=request.now
        )
        return _("Sent back; the draft goes on from it.")

    here = pages.address(row, "version", number=number)
    return pressed(request, change, here, form=form, onward=pages.address(row, "history"))


@require_POST
def approval(request: CityRequest, city: str, document: UUID, number: int) -> HttpResponse:
    """Put it in force."""
    row = access.document_or_404(request.person, document, Act.APPROVE)
    version = access.version_or_404(request.person, row, number)

    def change() -> str:
        changes.approve(version=version, by=request.person, now=request.now)
        return _("Version {number} is in force.").format(number=number)

    return pressed(request, change, pages.address(row, "version", number=number))
