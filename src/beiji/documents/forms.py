"""The one form of the queue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.ui.fields import WholeField, WordsField

from .models import Translation


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
