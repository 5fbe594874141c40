"""Giving out a kept file: pictures to be seen, papers to be saved, nothing as something that a browser would run."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from .kept import content_of
from .models import Attachment


def file_response(attachment: Attachment) -> HttpResponse:
    """The file with its headers; `content_of` refuses one that is gone or is not what was kept."""
    response = HttpResponse(content_of(attachment), content_type=attachment.kind)
    is_paper = not attachment.kind.startswith("image/")
    response["Content-Disposition"] = content_disposition_header(is_paper, attachment.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
