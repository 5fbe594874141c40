"""The one form of the queue."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .changes import LONGEST


class TranslationForm(forms.Form):
    """A translation, and the hash of the wording it was made from."""

    body = forms.CharField(label=_("Translation"), widget=forms.Textarea(attrs={"rows": 5}), max_length=LONGEST)
    source_hash = forms.CharField(widget=forms.HiddenInput)
