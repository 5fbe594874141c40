"""Forms in front of the house."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from beiji.programme.models import Account


class CodeForm(forms.Form):
    """The code of a printed sheet, and the password that takes its place."""

    username = forms.CharField(label=_("User name"), max_length=60)
    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Ten letters and digits; capitals do not matter.")
    )
    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput,
        help_text=_("At least ten signs; a short sentence is easy to keep in mind."),
    )
    again = forms.CharField(label=_("The same again"), max_length=200, strip=False, widget=forms.PasswordInput)

    def clean(self) -> dict[str, Any]:
        """The password is good enough, and typed as it was meant."""
        values = super().clean() or {}
        password = values.get("password")
        if password and values.get("again") and password != values["again"]:
            self.add_error("again", _("The two passwords differ; type both again."))
        if password:
            try:
                password_validation.validate_password(password, Account(username=values.get("username", "")))
            except ValidationError as weak:
                self.add_error("password", weak)
        return values
