"""The one form of the queue."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.ui.fields import WholeField

from .changes import LONGEST


class TranslationForm(forms.Form):
    """A translation, the hash of the wording it was made from, and the proposal that the page showed (0: none)."""

    body = forms.CharField(label=_("Translation"), widget=forms.Textarea(attrs={"rows": 5}), max_length=LONGEST)
    source_hash = forms.CharField(widget=forms.HiddenInput)
    seen = WholeField(high=10**12, required=False, widget=forms.HiddenInput)
