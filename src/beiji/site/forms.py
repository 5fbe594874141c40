"""Forms in front of the house."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from beiji.programme.models import Account

#: Django's own sentences are not translated into every language of the house.
WEAK = {
    "password_too_short": _("It has fewer than ten signs; add a word."),
    "password_too_common": _("Many people use this password; choose another."),
    "password_too_similar": _("It is too much like the user name; choose another."),
}


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput,
        help_text=_("At least ten signs; a short sentence is easy to keep in mind."),
    )
    again = forms.CharField(label=_("The same again"), max_length=200, strip=False, widget=forms.PasswordInput)

    def whose(self) -> str:
        """The user name that the password must not be like; empty where none is known."""
        return ""

    def clean(self) -> dict[str, Any]:
        """The password is good enough, and typed as it was meant."""
        values = super().clean() or {}
        password = values.get("password")
        if password and values.get("again") and password != values["again"]:
            self.add_error("again", _("The two passwords differ; type both again."))
        if password:
            try:
                password_validation.validate_password(password, Account(username=self.whose()))
            except ValidationError as weak:
                for error in weak.error_list:
                    self.add_error("password", WEAK[error.code or ""])
        return values


class CodeForm(PasswordForm):
    """The code of a printed sheet, and the password that takes its place."""

    name = forms.CharField(label=_("User name"), max_length=60)
    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Ten letters and digits; capitals do not matter.")
    )
    field_order = ("name", "code", "password", "again")

    def whose(self) -> str:
        return str(self.cleaned_data.get("name", ""))


class OwnPasswordForm(PasswordForm):
    """One's own password, changed by whoever knows the present one."""

    old = forms.CharField(label=_("Present password"), max_length=200, strip=False, widget=forms.PasswordInput)
    field_order = ("old", "password", "again")

    def __init__(self, *args: Any, username: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.username = username

    def whose(self) -> str:
        return self.username
