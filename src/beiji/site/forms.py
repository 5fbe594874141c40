"""Forms in front of the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beiji.programme import signing_in
from beiji.programme.fields import NamedField, named
from beiji.programme.identity import NoticeChoice
from beiji.programme.models import Account, Organisation
from beiji.records.notices import TOPICS, Topic
from beiji.ui.formats import CLOCK_FIELD

#: Django's own sentences are not translated into every language of the house.
WEAK = {
    "password_too_short": _("It has fewer than ten signs; add a word."),
    "password_too_common": _("Many people use this password; choose another."),
    "password_too_similar": _("It is too much like the user name; choose another."),
}


#: Which institution somebody chose last on this device.
OFFICE_COOKIE = "beiji_office"


class OfficeField(NamedField):
    """The institution whose staff number somebody types; without one the user name is meant."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Hospital or institution"),
            required=False,
            empty_label=_("none: I type my user name"),
            words=_office,
        )

    def offer(self, form: forms.BaseForm, remembered: str) -> bool:
        """Offer the institutions, the one of this device first chosen; without any the field goes. Says whether it stays."""
        self.rows = signing_in.offices()
        self.queryset = Organisation._base_manager.filter(pk__in=[office.pk for office in self.rows])
        form.initial["office"] = next((office.pk for office in self.rows if str(office.pk) == remembered), None)
        self.has_cities = len({office.city_id for office in self.rows}) > 1
        if not self.rows:
            del form.fields["office"]
        return bool(self.rows)

    def label_from_instance(self, obj: Organisation) -> str:
        return f"{named(obj.city)} · {named(obj)}" if self.has_cities else named(obj)

    has_cities = False


def _office(office: Organisation) -> str:
    return named(office)


class WhoMixin(forms.Form):
    """Who somebody is: a user name, or institution and staff number. `name_field`: the field of either."""

    name_field = ""
    office = OfficeField()

    def offer_offices(self, remembered: str) -> None:
        field: Any = self.fields["office"]
        is_offered = field.offer(self, remembered)
        self.fields[self.name_field].label = _("Staff number or user name") if is_offered else _("User name")

    def user_name(self) -> str:
        """The user name of whoever is meant."""
        return signing_in.user_name(self.cleaned_data[self.name_field], self.cleaned_data.get("office"))


class SignInForm(WhoMixin, LoginForm):
    """The front door: who, and the password. What does not fit has one answer, whatever it is that does not fit."""

    name_field = "login"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)  # the label says it, and says more
        request = self.request
        self.offer_offices(request.COOKIES.get(OFFICE_COOKIE, "") if request else "")

    def user_credentials(self) -> dict[str, Any]:
        return {"username": self.user_name(), "password": self.cleaned_data["password"]}


class SecondForm(forms.Form):
    """A code of the app, or one of the recovery codes."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Six digits from the app on your phone, or one of your recovery codes."),
    )


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


class CodeForm(WhoMixin, PasswordForm):
    """The code of a printed sheet, and the password that takes its place."""

    name = forms.CharField(label=_("User name"), max_length=60)
    code = forms.CharField(
        label=_("Verification code"), max_length=40, help_text=_("Ten letters and digits; capitals do not matter.")
    )
    field_order = ("office", "name", "code", "password", "again")
    name_field = "name"

    def __init__(self, *args: Any, office: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer_offices(office)

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


class BrowserForm(forms.Form):
    """The one browser in which to sign out; empty: every other."""

    only = forms.UUIDField(required=False)


class DutyEndForm(forms.Form):
    """The duty that is to end."""

    duty = forms.UUIDField()


class ReadingForm(forms.Form):
    """Which notices are read: all up to an instant, or one. The page wrote both; nobody types them."""

    until = forms.CharField(max_length=40)
    only = forms.RegexField(r"\A[1-9][0-9]{0,17}\Z", required=False)

    def clean_until(self) -> datetime:
        """The instant, which names its zone."""
        try:
            until = datetime.fromisoformat(self.cleaned_data["until"])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if until.tzinfo is None:
            raise ValidationError("without a zone")
        return until

    def clean_only(self) -> int | None:
        """The one, where there is one."""
        return int(self.cleaned_data["only"]) if self.cleaned_data["only"] else None


#: An account of a messenger.
ACCOUNT = r"\A[\w.@-]+\Z"


class ChoiceForm(forms.Form):
    """What somebody wants to be told."""

    topics = forms.MultipleChoiceField(
        label=_("Tell me about"), required=False, choices=[(topic.value, word) for topic, word in TOPICS.items()]
    )

    pace = forms.ChoiceField(
        label=_("Messages to my phone"), choices=NoticeChoice.Pace.choices, widget=forms.RadioSelect
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"), widget=forms.TimeInput(format=CLOCK_FIELD, attrs={"type": "time"})
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        help_text=_("Nothing is sent in between. The same time twice: never quiet."),
        widget=forms.TimeInput(format=CLOCK_FIELD, attrs={"type": "time"}),
    )
    address = forms.CharField(
        label=_("My account in WeCom or DingTalk"),
        help_text=_("Without it nothing is sent to you. A message holds numbers and a link, no content."),
        required=False,
        max_length=64,
        validators=[
            RegexValidator(ACCOUNT, _("Write the account as the messenger shows it: letters, digits, . _ @ -"))
        ],
    )

    #: What is asked only where something is sent at all.
    OF_MESSAGES = ("pace", "quiet_from", "quiet_until", "address")

    def __init__(self, data: QueryDict | None, *, choice: NoticeChoice) -> None:
        off = set(choice.off)
        kept = {name: getattr(choice, name) for name in self.OF_MESSAGES}
        super().__init__(data, initial={"topics": [t.value for t in Topic if t.value not in off], **kept})
        self.kept = kept
        if settings.MESSAGES == "mail":
            self.fields["address"] = forms.EmailField(
                label=_("My e-mail address"), help_text=self.fields["address"].help_text, required=False, max_length=120
            )
        hidden = {"off": self.OF_MESSAGES, "file": ("address",)}.get(settings.MESSAGES, ())
        for name in hidden:
            del self.fields[name]

    def choice(self) -> dict[str, Any]:
        """What `changes.choose_notices` is given."""
        return {**self.kept, **self.cleaned_data}
