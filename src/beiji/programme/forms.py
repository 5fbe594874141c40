"""Forms about people, their roles and their accounts."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from beiji.ui.editing import EditForm
from beiji.ui.fields import ChoiceField, DayField, DayForm
from beiji.ui.formats import CLOCK_FIELD
from beiji.ui.languages import LANGUAGES

from .choosing import People, PersonField, offer_people
from .fields import NamedField, offer_rows
from .grants import FROM_ABROAD
from .models import RoleGrant
from .rules import CITY_ROLES, NAMES, PLACE_ROLES, USER_NAME

_CLOCK = forms.TimeInput(attrs={"type": "time"}, format=CLOCK_FIELD)


class _PlainField(forms.CharField):
    """Words that are compared: letters and digits of one width."""

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value) or "").strip()


class PersonForm(EditForm):
    """Who somebody is. A name in one script is enough."""

    name_zh = forms.CharField(label=_("Name in Chinese characters"), max_length=80, required=False)
    name_en = forms.CharField(label=_("Name in Latin letters"), max_length=80, required=False)
    name_he = forms.CharField(label=_("Name in Hebrew letters"), max_length=80, required=False)
    organisation = NamedField(label=_("Institution"))
    post = forms.CharField(
        label=pgettext_lazy("a person's", "Post"),
        max_length=120,
        required=False,
        help_text=_("What the person is there, for example head nurse."),
    )
    staff_number = _PlainField(
        label=_("Staff number"),
        max_length=40,
        required=False,
        help_text=_("As on the staff card; unique in the institution."),
    )
    language = ChoiceField(label=_("Language at sign-in"))

    def __init__(self, *args: Any, organisations: Any, post_language: str, posts: Any = None, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_rows(self, "organisation", organisations)
        choices: Any = self.fields["language"]
        choices.choices = [(language.code, language.name) for language in LANGUAGES]
        self.post_language, self.posts = post_language, dict(posts or {})

    def clean(self) -> dict[str, Any]:
        """Somebody without any name could be found by nobody."""
        values = super().clean() or {}
        if not any(values.get(field) for _code, field in NAMES):
            self.add_error("name_zh", _("Write the name in at least one script."))
        return values

    def said(self) -> dict[str, Any]:
        """The names and the post as the room keeps them; a post in another language than the reader's stays."""
        values = super().said()
        names = {code: values.pop(field) for code, field in NAMES if values[field]}
        for _code, field in NAMES:
            values.pop(field, None)
        post = {**self.posts, self.post_language: values.pop("post")}
        return {**values, "names": names, "post": {code: words for code, words in post.items() if words}}


class TableForm(forms.Form):
    """A table of people."""

    table = forms.FileField(
        label=_("Table of people"),
        help_text=_("XLSX or CSV, at most 5,000 rows, with the heads of the template."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class AccountForm(forms.Form):
    """The name that somebody signs in with."""

    username = forms.RegexField(
        label=_("User name"),
        regex=rf"^{USER_NAME}$",
        help_text=_("3 to 60 letters or digits, also dot, hyphen and underscore; no spaces."),
        error_messages={"invalid": _("Use 3 to 60 letters or digits, also dot, hyphen and underscore; no spaces.")},
    )


class FromAbroadForm(DayForm):
    """Access from abroad: for whom, for what, approved under which number, from when until when."""

    person = PersonField(label=_("Guest"), help_text=_("Somebody of a visiting institution."))
    role = ChoiceField(label=_("Role"), choices=[(role, RoleGrant.Role(role).label) for role in FROM_ABROAD])
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=200,
        help_text=_("For what the access is needed; write no names of patients or staff."),
    )
    approval = forms.CharField(label=_("Approval number"), max_length=80)
    since = DayField(label=_("From"))
    from_time = forms.TimeField(label=_("From, time"), widget=_CLOCK, help_text=_("By the city's clock."))
    until = DayField(label=_("Until"))
    to_time = forms.TimeField(label=_("Until, time"), widget=_CLOCK)

    def __init__(self, *args: Any, people: People, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_people(self, "person", people)

    def said(self, zone: str) -> dict[str, Any]:
        """What is given, with the instants by the city's clock."""
        said = self.cleaned_data
        clock = ZoneInfo(zone)
        return {
            **{name: said[name] for name in ("person", "role", "purpose", "approval")},
            "begins": datetime.combine(said["since"], said["from_time"], clock),
            "ends": datetime.combine(said["until"], said["to_time"], clock),
        }


class AddressForm(forms.Form):
    """An address of which somebody wants to know whether it opens."""

    address = forms.CharField(
        label=_("Address of the page"),
        max_length=1000,
        help_text=_("As it stands in the browser, for example /yangzhou/readiness/."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


class AskingForm(forms.Form):
    """Why a guest needs a file."""

    address = forms.CharField(max_length=1000, widget=forms.HiddenInput)
    purpose = forms.CharField(label=_("Purpose"), max_length=200, help_text=_("For what, and for whom."))


class DecidingForm(forms.Form):
    """The city's word on a file."""

    answer = ChoiceField(
        label=pgettext_lazy("on a request", "Decision"), choices=[("yes", _("Approve")), ("no", _("Refuse"))]
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False, help_text=_("Needed to refuse."))


class OtherRecordForm(forms.Form):
    """The record that stays when two of one person are joined."""

    other = PersonField(label=_("The record that stays"))

    def __init__(self, data: Any, *, people: People) -> None:
        super().__init__(data)
        offer_people(self, "other", people)


class EndingForm(forms.Form):
    """Why an access ends."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class SwitchForm(forms.Form):
    """What the city allows guests at all."""

    from_abroad = ChoiceField(
        label=_("Remote experts and foreign instructors"),
        choices=[("no", _("Nobody is let in from abroad")), ("yes", _("Can be given access, each with its approval"))],
        help_text=_("Switched off, every such access ends at once."),
    )
    watermarks = ChoiceField(
        label=_("Watermark on every page"),
        choices=[("no", _("No watermark")), ("yes", _("Name and time of whoever looks"))],
        help_text=_("Faint across the page, on the screen and in print."),
    )


class RoleForm(DayForm):
    """A role with its days."""

    role = ChoiceField(
        label=_("Role"), choices=[(role, RoleGrant.Role(role).label) for role in (*PLACE_ROLES, *CITY_ROLES)]
    )
    subject = NamedField(
        label=_("Institution"),
        required=False,
        help_text=_("For a coordinator only; other roles hold in the whole city."),
    )
    since = DayField(label=_("From"))
    until = DayField(
        label=_("Until"),
        required=False,
        help_text=_("The first day on which it holds no more; empty: until taken back."),
    )

    def __init__(self, *args: Any, subjects: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_rows(self, "subject", subjects)
