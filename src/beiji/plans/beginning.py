"""What a new plan begins with: the chapters, as headings in the language in which it will be written."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from beiji.documents.changes import NewBlock
from beiji.ui.languages import LANGUAGES

CHAPTERS = (
    _("Purpose and scope"),
    _("Activation and levels"),
    _("Command posts"),
    _("Reception and triage"),
    _("Call-in of staff"),
    _("Theatres and intensive care"),
    _("Reverse triage"),
    _("Blood and supplies"),
    _("Families and media"),
    _("Stand-down"),
)


def first_blocks(language: str) -> Sequence[NewBlock]:
    """A heading for each chapter, with an empty text below it."""
    code = next(one.code for one in LANGUAGES if one.pack == language)
    blocks: list[NewBlock] = []
    with translation.override(code):
        for number, chapter in enumerate(CHAPTERS, 1):
            blocks += [NewBlock("heading", f"{number} {chapter}", level=1), NewBlock("text")]
    return blocks
