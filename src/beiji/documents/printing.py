"""A version on paper: the same blocks as on the page, in the language of whoever takes it, as PDF or Word."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from PIL import Image

from beiji.records.kept import NotAsKept, content_of
from beiji.records.models import Attachment
from beiji.ui import print as paper
from beiji.ui.languages import language_of

from .markdown import as_lines
from .pages.blocks import BlockView, views_of
from .reading import Written
from .rules import Kind

FORMATS = {
    "pdf": ("application/pdf", paper.render_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", paper.render_docx),
}


def render(
    *, title: str, subtitle: str, running: str, stamp: str, illustrative: bool, written: Sequence[Written], language: str, kind: str
) -> bytes:  # fmt: skip
    """The file. `language`: a pack code; title, subtitle and running head are finished words of it. Raises KeyError for another
    format. In place of a picture that is gone stands why."""
    with translation.override(language_of(language).code):
        blocks = tuple(_blocks([view for view in views_of(written, translate=True) if view.body]))
        document = paper.Document(
            title=title,
            subtitle=subtitle,
            running=running,
            restricted=stamp,
            mark="illustrative" if illustrative else "",
            blocks=blocks,
        )
        return FORMATS[kind][1](document, language)


def _blocks(views: Sequence[BlockView]) -> Iterator[paper.Block]:
    level = 0
    for view in views:
        if view.kind == Kind.HEADING:
            level = min(int(view.tag[1]) - 1, level + 1)  # levels never jump on paper
            yield paper.Heading(view.body, level)
        elif view.kind == Kind.TEXT and view.mark:
            yield paper.Original("\n".join(words for _kind, words in as_lines(view.body)), view.language, view.mark)
        else:
            if view.mark:
                yield paper.Paragraph(view.mark, "quiet")
            yield from _body(view)


def _body(view: BlockView) -> Iterator[paper.Block]:
    if view.kind == Kind.TEXT:
        yield from _paragraphs(view.body)
    elif view.kind == Kind.CHECKLIST:
        yield paper.Bullets(tuple(view.items))
    elif view.kind == Kind.CONTACTS:
        heads = (_("Name"), _("Post"), _("Institution"))
        rows = tuple((person.name, person.post, person.office) for person in view.people)
        yield paper.Table(tuple(paper.Column(head) for head in heads), rows)
    elif view.kind == Kind.IMAGE:
        yield _picture(view)
    elif view.heads:
        columns = tuple(paper.Column(head.replace("\n", " ")) for head in view.heads)
        yield paper.Table(columns, tuple(tuple(row) for row in view.rows))


def _paragraphs(body: str) -> Iterator[paper.Block]:
    """Paragraphs and runs of items, in their order."""
    items: list[str] = []
    for kind, words in as_lines(body):
        if kind == "item":
            items.append(words)
            continue
        if items:
            yield paper.Bullets(tuple(items))
            items = []
        yield paper.Paragraph(words)
    if items:
        yield paper.Bullets(tuple(items))


def _picture(view: BlockView) -> paper.Block:
    """The picture inside a drawing, which both formats take."""
    attachment = Attachment.objects.get(pk=UUID(view.body.partition("\n")[0]))
    try:
        content = content_of(attachment)
    except NotAsKept as fault:
        return paper.Note(str(fault), kind="warn")
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
    data = base64.b64encode(content).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><image width="{width}" height="{height}" '
        f'xlink:href="data:{escape(attachment.kind)};base64,{data}"/></svg>'
    )
    return paper.Figure(svg, alt=view.caption or _("Picture"), caption=view.caption)
