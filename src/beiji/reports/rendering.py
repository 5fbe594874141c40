"""A snapshot as a file: the same words in every format, the same bytes whenever it is asked for again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from beiji.programme.models import Person
from beiji.ui.languages import LANGUAGES, pick
from beiji.ui.print.document import Document
from beiji.ui.print.docx import render_docx
from beiji.ui.print.typst import render_pdf

from . import freezing
from .models import Snapshot

FORMATS = {
    "pdf": ("application/pdf", render_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", render_docx),
}


def document_for(snapshot: Snapshot, language: str) -> Document:
    """The snapshot's document in one language (pack code); an erased person's name is a dash.

    Raises NotAsKept when the snapshot is not as it was frozen.
    """
    content = freezing.content_of(snapshot)
    keys = freezing.people_in(content, language)
    people = Person.objects.filter(pk__in=keys, erased_at__isnull=True) if keys else ()
    return freezing.document_of(content, language, {p.pk: pick(p.names, language) for p in people})


def render(snapshot: Snapshot, language: str, kind: str, stamp: str = "") -> bytes:
    """The file of one language (pack code) and format (`pdf` or `docx`). Raises KeyError for another format.

    `stamp`: who took it, when and under which number, at the foot of every page.
    """
    _media_type, renderer = FORMATS[kind]
    document = document_for(snapshot, language)
    return renderer(replace(document, restricted=stamp or document.restricted), language)


def try_files(content: dict[str, Any]) -> None:
    """Make every file of a content once, in each language and format. Raises PrintError when one cannot be made."""
    for language in LANGUAGES:
        document = freezing.document_of(content, language.pack)
        for _media_type, renderer in FORMATS.values():
            renderer(document, language.pack)


def file_name(snapshot: Snapshot, language: str, kind: str) -> str:
    """Name under which a browser keeps it."""
    return f"{snapshot.number}-{snapshot.audience}-{language}.{kind}"
