"""Form fields for what people type everywhere: numbers, shares, money, days, words, languages, files.

The reading of numbers and days is in `numbers` and `days`; people and subjects are chosen with `programme.fields`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from . import days, numbers
from .days import Days
from .languages import LANGUAGES, language_of
from .numbers import Limits


class NumberField(forms.Field):
    """A number within limits; answers a Decimal, or None where it may stay empty and does.

    A share is typed in per cent and answered as a share of one; the template shows `unit` behind the control.
    """

    widget = forms.TextInput

    def __init__(self, *, limits: Limits, unit: str = "", **more: Any) -> None:
        super().__init__(**more)
        self.limits, self.unit = limits, unit

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "dir": "ltr", "maxlength": numbers.LONGEST}

    def prepare_value(self, value: Any) -> Any:
        return numbers.typed_text(Decimal(value), self.limits) if isinstance(value, int | Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or not numbers.plain(str(value)):
            return None
        try:
            return numbers.read_number(str(value), self.limits)
        except numbers.NumberError as error:
            raise forms.ValidationError(numbers.sentence(error), code=error.code) from None


class WholeField(NumberField):
    """A whole number from `low` to `high`; answers an int, or None."""

    def __init__(self, *, low: int = 0, high: int, **more: Any) -> None:
        super().__init__(limits=Limits(Decimal(low), Decimal(high), decimals=0), **more)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "numeric"}

    def to_python(self, value: Any) -> Any:
        number = super().to_python(value)
        return None if number is None else int(number)


class MoneyField(WholeField):
    """A sum of money: typed in whole units of the currency, kept and answered in minor units (hundredths)."""

    MINOR = 100
    #: Largest sum that is taken for more than a slip of the hand, in whole units. *Assumption.*
    DEAREST = 10_000_000_000

    def __init__(self, **more: Any) -> None:
        super().__init__(high=self.DEAREST, **more)

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value // self.MINOR if isinstance(value, int) else value)

    def to_python(self, value: Any) -> Any:
        units = super().to_python(value)
        return None if units is None else units * self.MINOR


class WordsField(forms.CharField):
    """What somebody writes in sentences; the form says beside it in which language (`LanguageField`)."""

    def __init__(self, *, rows: int = 4, longest: int = 4000, **more: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), max_length=longest, **more)


def offer(
    form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]], *, blank: StrOrPromise | None = None
) -> None:
    """Set what a field of a form offers; `blank`: the words of a first choice that means none of them."""
    field: Any = form.fields[name]
    field.choices = [*([] if blank is None else [("", blank)]), *choices]


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class ListSelect(forms.Select):
    """A list to choose from, with the markup of Django's own; that one renders two templates for every choice."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        shown = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        left = set(self.format_value(value))
        lines = ["<select", flatatt(shown), ">"]
        for key, offered in self.choices:
            if isinstance(offered, list | tuple):
                lines += ['\n<optgroup label="', conditional_escape(key), '">']
                lines += [_option(inner, label, left) for inner, label in offered]
                lines.append("\n</optgroup>")
            else:
                lines.append(_option(key, offered, left))
        return mark_safe("".join([*lines, "\n</select>"]))  # noqa: S308 - every part is escaped


def _option(value: Any, label: Any, left: set[str]) -> str:
    """One choice; `left` are the chosen ones that were not met yet, since of two alike the first is marked."""
    key = "" if value is None else str(value)
    mark = " selected" if key in left else ""
    left.discard(key)
    return f'\n<option value="{conditional_escape(key)}"{mark}>{conditional_escape(label)}</option>'


class ChoiceField(forms.ChoiceField):
    """One of a few words."""

    widget = ListSelect


class LanguageField(ChoiceField):
    """The language in which somebody writes, each by its own name; at first the one in which he reads."""

    def __init__(self, **more: Any) -> None:
        choices = [(language.pack, language.name) for language in LANGUAGES]
        super().__init__(
            **{"label": _("Language of the text"), "choices": choices, "initial": lambda: language_of().pack, **more}
        )


class FilesField(forms.FileField):
    """One or several files; answers a list. What each of them is, `records.files` finds by looking into it."""

    MOST = 10

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=_FilesInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}), **more)

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = [file for file in (data or []) if file]
        if len(sent) > self.MOST:
            raise forms.ValidationError(gettext("At most {count} files are taken at once.").format(count=self.MOST))
        if not sent:
            return [] if not self.required else super().clean(None)
        return [super(FilesField, self).clean(file) for file in sent]


class DayField(forms.Field):
    """A day near the programme's time. The form must say near which (`DayForm`): one that was forgotten takes no day."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)
        self.days: Days | None = None

    def within(self, allowed: Days) -> None:
        """Hold the day between these ends; browsers are told them too."""
        self.days = allowed
        self.widget.attrs |= {"min": allowed.first.isoformat(), "max": allowed.last.isoformat()}

    def to_python(self, value: Any) -> date | None:
        if self.days is None:
            raise RuntimeError("a form with days is a DayForm and is given the programme's days")
        if value is None or not numbers.plain(str(value)):
            return None
        try:
            return days.read_day(str(value), self.days)
        except days.DayError as error:
            raise forms.ValidationError(days.sentence(error), code=error.code) from None


class DayForm(forms.Form):
    """A form that asks for days; `days` are those that the city's programme can mean."""

    def __init__(self, *args: Any, days: Days, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: Mapping[str, forms.Field] = self.fields
        for field in fields.values():
            if isinstance(field, DayField):
                field.within(days)
