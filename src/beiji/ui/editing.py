"""Editing what others edit too: an older page shows both values side by side, and the person chooses line by line.

The form carries the version of the row and what every field said when the page was opened. When the row has moved on,
nothing is kept; the page of `clash` lists each field on which the two differ. A field that only one side has touched is
chosen already, one that both have touched is not: the person must say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from . import formats
from .fields import DayField, DayForm, NumberField, WholeField

OWN_FIELDS = ("version", "seen")
Raw = list[str]


class EditForm(DayForm):
    """A form over a row with a version. For a new row both of its own fields stay empty."""

    version = WholeField(low=1, high=10**9, required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=100_000)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if not self.is_bound and self.initial.get("version"):
            # asked for when the page is drawn: a form's own __init__ may still change its fields
            self.initial["seen"] = lambda: json.dumps(raw_values(self), ensure_ascii=False)

    def said(self) -> dict[str, Any]:
        """What the person typed, without the form's own fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in OWN_FIELDS}


@dataclass(frozen=True)
class Difference:
    """One field on which what is kept now and what the person typed differ. `choice`: theirs, mine, or "" for both touched.

    `is_text`: somebody's words, which have a direction of their own; days, numbers and names follow the page.
    """

    name: str
    label: str
    theirs: str
    mine: str
    choice: str
    is_text: bool


@dataclass(frozen=True)
class Clash:
    """The page of an outdated form: the differences, and every value that the person typed, to be sent again."""

    differences: Sequence[Difference]
    typed: Sequence[tuple[str, str]]
    version: str
    seen: str
    is_unanswered: bool


def raw_values(form: forms.BaseForm) -> dict[str, Raw]:
    """What an unbound form shows, as a browser would send it."""
    values_shown = {}
    for name in form.fields:
        if name not in OWN_FIELDS:
            bound = form[name]
            shown = bound.field.widget.format_value(bound.value())
            values = shown if isinstance(shown, list | tuple) else [shown]
            values_shown[name] = [str(value) for value in values if value not in (None, "")]
    return values_shown


def with_choices(posted: QueryDict, current: forms.BaseForm) -> QueryDict:
    """What a person sent from the page of a clash, with what is kept now wherever he chose that."""
    data, now = posted.copy(), raw_values(current)
    for name in now:
        if posted.get(f"take-{name}") == "theirs":
            data.setlist(name, now[name])
    return data


def is_unanswered(posted: QueryDict) -> bool:
    """Whether the page of a clash was sent without a choice for every line."""
    return any(posted.get(f"take-{name}") not in ("theirs", "mine") for name in posted.getlist("differs"))


def clash(form: EditForm, current: EditForm) -> Clash:
    """Compare a bound form with an unbound one of what is kept now."""
    posted: Any = form.data
    now, typed = raw_values(current), _typed(form)
    seen = _seen(form)
    differences = []
    for name, field in form.fields.items():
        if name in OWN_FIELDS or _same(field, now[name], typed[name]):
            continue
        before = seen.get(name)
        choice = ""
        if before is not None and _same(field, before, typed[name]):
            choice = "theirs"
        elif before is not None and _same(field, before, now[name]):
            choice = "mine"
        theirs, mine = _words(field, now[name]), _words(field, typed[name])
        differences.append(
            Difference(name, str(field.label), theirs, mine, choice, is_text=isinstance(field, forms.CharField))
        )
    return Clash(
        differences=differences,
        typed=[(name, value) for name, values in typed.items() for value in values],
        version=str(current.initial["version"]),
        seen=json.dumps(now, ensure_ascii=False),
        is_unanswered=is_unanswered(posted),
    )


def _typed(form: EditForm) -> dict[str, Raw]:
    data: Any = form.data
    names = [name for name in form.fields if name not in OWN_FIELDS]
    return {name: [value for value in data.getlist(form.add_prefix(name)) if value != ""] for name in names}


def _seen(form: EditForm) -> Mapping[str, Raw]:
    """What the page showed when it was opened, as it says itself; anything else than that counts as not known."""
    try:
        said = json.loads(form.data.get("seen", ""))
    except ValueError:
        return {}
    return {k: v for k, v in said.items() if isinstance(v, list)} if isinstance(said, dict) else {}


def _same(field: forms.Field, one: Raw, other: Raw) -> bool:
    return _plain(field, one) == _plain(field, other)


def _plain(field: forms.Field, values: Raw) -> Any:
    if isinstance(field, DayField | NumberField):
        try:
            return [str(field.to_python(value)) for value in values]
        except ValidationError:
            return values
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return sorted(values)
    return ["\n".join(str(value).split("\r\n")).strip() for value in values]


def _words(field: forms.Field, values: Raw) -> str:
    """A value as the person reads it in the form: the choice's name, the day in words."""
    choices = getattr(field, "choices", None)
    if hasattr(field, "labels_of"):  # it does not offer all that can be chosen
        names = field.labels_of(values)
        shown = [names.get(value, value) for value in values]
    elif choices is not None:
        names = {str(value): str(label) for value, label in choices}
        shown = [names.get(value, value) for value in values]
    elif isinstance(field, DayField):
        shown = [_day_words(field, value) for value in values]
    else:
        shown = list(values)
    return pgettext("between names", ", ").join(shown) or _("empty")


def _day_words(field: DayField, value: str) -> str:
    try:
        day: date | None = field.to_python(value)
    except ValidationError:
        return value
    return formats.date_text(day) if day else value
