"""Comments on blocks: each stands until somebody settles it, and nothing is handed in before all are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.programme.models import Person
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..models import Comment, Document, Revision
from .errors import DocumentError
from .texts import write_text


@change
def add_comment(
    *, document: Document, revision: Revision, body: str, language: str, by: Person, now: datetime
) -> Comment:  # fmt: skip
    """Remark on a block as it stands in the draft or the version under way. Raises TextError for the words."""
    now = hold_city(document.city_id, now)
    where = f"/{document.city_id}/documents/{document.pk}/"
    text = write_text(
        city=document.city, kind="document-comment", language=language, body=body, by=by, now=now, where=where
    )
    comment = Comment.objects.create(
        city_id=document.city_id,
        document=document,
        block=revision.block,
        revision=revision,
        text=text,
        by=by.pk,
        at=now,
    )
    audit.write("documents.comment-added", city=document.city_id, by=by.pk, of=comment, now=now)
    return comment


@change
def resolve_comment(*, document: Document, comment: UUID, by: Person, now: datetime) -> None:
    """Settle a comment. Raises DocumentError where it is settled already."""
    now = hold_city(document.city_id, now)
    rows = Comment.objects.filter(pk=comment, document=document, resolved_at__isnull=True)
    if rows.update(resolved_at=now, resolved_by=by.pk) != 1:
        raise DocumentError(_("This comment was settled meanwhile."))
    audit.write(
        "documents.comment-resolved", city=document.city_id, by=by.pk, of=f"documents.comment:{comment}", now=now
    )
