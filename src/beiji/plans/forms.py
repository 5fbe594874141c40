"""The form of this room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.ui.fields import ChoiceField, LanguageField

from .models import Plan


class PlanForm(forms.Form):
    """For which kind of event, and in which language it is written."""

    hazard = ChoiceField(label=_("For which kind of event"), choices=Plan.Hazard.choices)
    begins = ChoiceField(
        label=_("What the draft begins with"),
        choices=(("template", _("The chapters of the template")), ("word", _("A Word file that you bring in"))),
        help_text=_("The template for mass-casualty incidents is written out; for other events it gives the headings."),
    )
    language = LanguageField(
        label=_("Language in which it is written"), help_text=_("It is translated into the other two afterwards.")
    )
