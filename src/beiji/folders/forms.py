"""Forms of this package. What they cannot know, the changes refuse with a sentence of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.ui.editing import EditForm
from beiji.ui.fields import ChoiceField, DayField, LanguageField, WholeField, WordsField

from .models import LibraryFile, Mark

EVERYBODY, OWN_PEOPLE = "all", "city"
READERS = (
    (EVERYBODY, _("everybody who may open the library")),
    (OWN_PEOPLE, _("the city's own people only: it names people")),
)


class FileForm(EditForm):
    """What is said of a file. A new one is uploaded with it, unless it is `kept`: then it lies in the house already."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("A photograph (JPEG, PNG) or a PDF; other papers are printed to a PDF first."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )
    title = forms.CharField(label=_("What it is, in a few words"), max_length=200)
    language = LanguageField()
    kind = ChoiceField(label=_("Kind"), choices=LibraryFile.Kind.choices)
    day = DayField(label=_("Its day"), help_text=_("The day on which it was signed, held or taken."))
    until = DayField(
        label=_("Counts until"),
        required=False,
        help_text=_("Leave it empty and the end follows from the items that it shows; the earlier of both holds."),
    )
    readers = ChoiceField(label=_("Who may see it"), choices=READERS)

    def __init__(self, *args: Any, kept: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if kept:
            del self.fields["upload"]

    def said(self) -> dict[str, Any]:
        """What is said, with `personal` for whoever may see it."""
        values = super().said()
        readers = values.pop("readers")
        return {**values, "personal": readers == OWN_PEOPLE}


class MarkForm(forms.Form):
    """A mark on a file as its page showed it (`version`)."""

    version = WholeField(low=1, high=10**9, required=False, widget=forms.HiddenInput)
    word = ChoiceField(label=_("Your mark"), choices=Mark.Word.choices)
    reason = WordsField(label=_("Reason, where it is not accepted"), required=False, rows=2)
    language = LanguageField()


class ListForm(EditForm):
    """What is said of a list of clauses."""

    title = forms.CharField(label=_("What the list is called"), max_length=200)
    language = LanguageField(label=_("Language of the clauses"))
    inspection = DayField(
        label=_("Day of the inspection"),
        required=False,
        help_text=_("What ends before this day is marked; may be empty."),
    )


class ClauseTableForm(forms.Form):
    """A table of clauses."""

    table = forms.FileField(
        label=_("Table of clauses"),
        help_text=_("XLSX or CSV, at most 5,000 rows, with the heads of the template. Cells may be empty."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
