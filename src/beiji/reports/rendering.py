"""A snapshot as a file: the same words in every format, the same bytes whenever it is asked for again."""

from __future__ import annotations

from beiji.ui.print.docx import render_docx
from beiji.ui.print.typst import render_pdf

from . import freezing
from .models import Snapshot

FORMATS = {
    "pdf": ("application/pdf", render_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", render_docx),
}


def render(snapshot: Snapshot, language: str, kind: str) -> bytes:
    """The file of one language (pack code) and format (`pdf` or `docx`). Raises KeyError for another format."""
    _media_type, renderer = FORMATS[kind]
    return renderer(freezing.document_of(snapshot.content, language), language)


def file_name(snapshot: Snapshot, language: str, kind: str) -> str:
    """Name under which a browser keeps it."""
    return f"{snapshot.number}-{snapshot.audience}-{language}.{kind}"
