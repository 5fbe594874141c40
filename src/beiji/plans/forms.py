"""The form of this room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.ui.fields import ChoiceField, LanguageField

from .models import Plan


class PlanForm(forms.Form):
    """For which kind of event, and in which language it is written."""

    hazard = ChoiceField(label=_("For which kind of event"), choices=Plan.Hazard.choices)
    language = LanguageField(
        label=_("Language in which it is written"), help_text=_("It is translated into the other two afterwards.")
    )
