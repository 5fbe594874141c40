"""The forms of this room: a translation; a comment or a reason; what is typed into a block."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.programme.choosing import People, PersonField, offer_people
from beiji.ui.fields import ChoiceField, LanguageField, WholeField, WordsField

from .models import Translation
from .rules import written_out


class TranslationForm(forms.Form):
    """A translation, with the hash of the wording it was made from and the proposal that the page showed (0: none)."""

    body = WordsField(label=_("Translation"), rows=5)
    source_hash = forms.CharField(widget=forms.HiddenInput)
    seen = WholeField(high=10**12, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, source: str, proposal: Translation | None) -> None:
        self._newest = {"source_hash": source, "seen": str(proposal.pk if proposal else 0)}
        super().__init__(data, initial={**self._newest, "body": proposal.body if proposal else ""})

    def said(self) -> dict[str, Any]:
        """What the change takes; a page that names no proposal has seen none."""
        return self.cleaned_data | {"seen": self.cleaned_data["seen"] or 0}

    def answered(self) -> str:
        """Hash of the wording that the translator had before him; empty while nothing was sent."""
        return str(self.data.get("source_hash", "")) if self.is_bound else ""

    def shows_newest(self) -> None:
        """What comes back stands beside the newest wording and proposal; sent again, it answers to these."""
        if self.is_bound:
            self.data = {**self.data.dict(), **self._newest}  # type: ignore[attr-defined]


class RemarkForm(forms.Form):
    """A comment on a block, or the reason for which a version is sent back."""

    body = WordsField(label=_("Comment"), rows=3)
    language = LanguageField()


class ReasonForm(RemarkForm):
    """The same as a reason."""

    body = WordsField(label=_("What is to be changed"), rows=3)


class ContactForm(forms.Form):
    """A person to be added to a list of contacts."""

    person = PersonField(label=_("Add a person"), required=False)

    def __init__(self, data: Any = None, *, people: People) -> None:
        super().__init__(data)
        offer_people(self, "person", people)


class PictureForm(forms.Form):
    """A picture and its caption."""

    upload = forms.FileField(
        label=_("Picture (JPEG or PNG)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    body = forms.CharField(label=_("What the picture shows"), required=False, max_length=300)


class WordForm(forms.Form):
    """A Word file, and where its blocks go."""

    file = forms.FileField(
        label=_("Word file (.docx)"),
        help_text=_(
            "Headings become chapters, tables tables, pictures pictures, comments comments; the rest becomes text."
        ),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
    where = ChoiceField(
        label=_("Where its blocks stand"),
        choices=(("end", _("Below what the draft says")), ("instead", _("In place of what the draft says"))),
    )


_CELL = re.compile(r"cell-(\d{1,3})-(\d{1,2})")


def body_in(data: Mapping[str, str]) -> str:
    """What a form says of a block's body: its cells as rows, or its one text."""
    cells = {(int(m[1]), int(m[2])): value for name, value in data.items() if (m := _CELL.fullmatch(name))}
    if not cells:
        return str(data.get("body", ""))
    rows, columns = (max(place[axis] for place in cells) + 1 for axis in (0, 1))
    return written_out([cells.get((row, column), "") for column in range(columns)] for row in range(rows))
