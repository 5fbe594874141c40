"""What became of a Word file, in words: what was taken over, what somebody should look at, what stayed in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from beiji.programme.people import name_in, people_by_id
from beiji.ui import formats

from ..models import Document, Draft, WordFile
from .document import address

#: Code → what it is, and what became of it.
TAKEN = {
    "headings": (gettext_lazy("Headings"), gettext_lazy("chapters, sections and headings below")),
    "paragraphs": (gettext_lazy("Paragraphs"), gettext_lazy("text; short ones that follow one another share a block")),
    "steps": (gettext_lazy("Lines with a box to tick"), gettext_lazy("steps of checklists")),
    "tables": (gettext_lazy("Tables"), gettext_lazy("tables")),
    "pictures": (gettext_lazy("Pictures"), gettext_lazy("pictures; say below each what it shows")),
    "comments": (gettext_lazy("Comments"), gettext_lazy("comments on the same words; settle them before handing in")),
}
TO_LOOK_AT = {
    "guessed": (
        gettext_lazy("Headings without a style"),
        gettext_lazy("The file has no headings, only lines that begin like one (第一章, 一、, （一）). They were taken for headings; look whether they are."),
    ),
    "title": (gettext_lazy("Title of the file"), gettext_lazy("Became the heading of a chapter.")),
    "deep": (gettext_lazy("Headings below the third level"), gettext_lazy("Became headings of the third level.")),
    "struck": (gettext_lazy("Words struck out under track changes"), gettext_lazy("Are left out; what they were stands as a comment. Words inserted under track changes are in the text.")),
    "notes": (gettext_lazy("Footnotes and endnotes"), gettext_lazy("Stand below their paragraph, under their number in brackets.")),
    "boxes": (gettext_lazy("Text boxes"), gettext_lazy("Their words stand below the paragraph at which the box was anchored.")),
    "merged": (gettext_lazy("Merged cells"), gettext_lazy("Their words stand in the first of the cells; the others are empty.")),
    "tables-inside": (gettext_lazy("Tables inside a table"), gettext_lazy("Became lines of the cell.")),
    "tables-cut": (gettext_lazy("Tables too large for one block"), gettext_lazy("Became several tables with the same head.")),
    "tables-as-text": (gettext_lazy("Rows of a table too long for a block"), gettext_lazy("Became text.")),
    "links": (gettext_lazy("Links"), gettext_lazy("The address stands in brackets behind the words.")),
    "formulas": (gettext_lazy("Formulas"), gettext_lazy("Their signs stand in the text in one line; look whether they can still be read.")),
    "signs": (gettext_lazy("Signs of a special font"), gettext_lazy("Became a plain sign or a dot.")),
    "heads-and-feet": (gettext_lazy("Lines at the head and foot of the pages"), gettext_lazy("Stand once each at the end of the draft; take them out where the print makes its own.")),
    "contents": (gettext_lazy("Lines of the table of contents"), gettext_lazy("Left out: the chapters beside the draft are its table of contents.")),
}  # fmt: skip
LEFT = {
    "pictures-left": (
        gettext_lazy("Pictures in a format that browsers do not show, or damaged"),
        gettext_lazy("Open the file in Word, save the picture as PNG, and add it."),
    ),
    "far-pictures": (
        gettext_lazy("Pictures that lie elsewhere"),
        gettext_lazy("The file only names where they lie; nothing is fetched. Add them."),
    ),
    "diagrams": (
        gettext_lazy("Diagrams and drawings of Word itself"),
        gettext_lazy("Save each as a picture in Word, and add it."),
    ),
    "embedded": (
        gettext_lazy("Files inside the file"),
        gettext_lazy("Take out of them what the plan needs, and add it as a table or text."),
    ),
}


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    what: str
    count: str
    became: str
    places: str


@dataclass(frozen=True)
class Report:
    """The report of one file."""

    name: str
    sub: str
    parts: Sequence[tuple[str, Sequence[Line]]]
    nothing_left: bool
    can_be_taken_back: bool
    taken_back: str


def report(word: WordFile, draft: Draft | None) -> Report:
    """What became of a file. `draft`: the one that is being written now."""
    told = {one["code"]: one for one in word.told}
    kinds = ((_("Taken over"), TAKEN), (_("Look at these"), TO_LOOK_AT), (_("Not taken over"), LEFT))
    parts = [(title, _lines(kind, told)) for title, kind in kinds]
    who = name_in(people_by_id([word.brought_by]), word.brought_by)
    is_here = draft is not None and draft.pk == word.draft and word.taken_back_at is None
    return Report(
        name=word.name,
        sub=_("blocks: {count} · brought in by {name}, {time}").format(
            count=formats.number_text(len(word.blocks)),
            name=formats.isolate(who, "auto"),
            time=formats.datetime_text(word.brought_at),
        ),
        parts=[(title, lines) for title, lines in parts if lines],
        nothing_left=not parts[2][1],
        can_be_taken_back=is_here,
        taken_back=_("Its blocks were taken out of the draft again.") if word.taken_back_at else "",
    )


def _lines(kind: Mapping[str, tuple[Any, Any]], told: Mapping[str, Mapping[str, Any]]) -> list[Line]:
    return [
        Line(
            str(what),
            formats.number_text(told[code]["count"]),
            str(became),
            pgettext("between names", ", ").join(formats.isolate(place, "auto") for place in told[code]["places"] if place),
        )
        for code, (what, became) in kind.items()
        if code in told
    ]  # fmt: skip


def links(document: Document, draft: Draft) -> list[tuple[str, str]]:
    """The reports of files that were brought into this draft: words and address."""
    rows = WordFile.objects.filter(document=document, draft=draft.pk, taken_back_at=None)
    return [(row.name, address(document, "word-report", word=row.pk)) for row in rows]
