"""A picture comes into its block: the file through the house's one way of taking files, then the block's revision."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from beiji.programme.models import Person
from beiji.programme.writing import change
from beiji.records import files
from beiji.records.operations import Said

from ..models import Draft, Revision
from .drafts import save_block
from .errors import DocumentError


@change
def save_picture(
    *, draft: Draft, said: Said, upload: UploadedFile[Any] | None, kept: str, by: Person, now: datetime
) -> Revision:
    """Keep a picture and its caption; without `upload` the picture `kept` stays. Raises AttachmentError for a file that is not
    taken, and as `save_block`."""
    caption = str(said.payload.get("body", ""))
    with files.taken_whole():
        key, sent = kept, None
        if upload is not None:
            attachment = files.add_attachment(city=draft.city_id, upload=upload, by=by.pk, now=now)
            if not attachment.kind.startswith("image/"):
                raise DocumentError(_("A picture is a JPEG or a PNG; a PDF belongs into the evidence files."))
            key, sent = str(attachment.pk), attachment.pk
        payload = {**said.payload, "body": f"{key}\n{caption}"}
        return save_block(draft=draft, said=replace(said, payload=payload), by=by, now=now, sent=sent)
