"""Form fields for what the programme keeps: subjects and institutions, by the names that people know. People: `choosing`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import get_language

from beiji.ui.fields import ListSelect
from beiji.ui.languages import pick


def named(row: Any) -> str:
    """A row that has names, in the reader's language."""
    return pick(row.names)


class _Offered(ModelChoiceIterator):
    """Offers the rows that a form was given. Several fields that are given the same ones read them once."""

    field: NamedField

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for row in self.field.rows if self.field.rows is not None else self.queryset:
            yield self.choice(row)


class NamedField(forms.ModelChoiceField):
    """One of several rows. A form offers them with `offer_rows`; one that was forgotten offers nothing."""

    widget = ListSelect
    iterator = _Offered

    def __init__(self, *, words: Callable[[Any], str] = named, **more: Any) -> None:
        super().__init__(**{"queryset": None, "empty_label": "–", **more})
        self.words = words
        self.rows: Any = None

    def label_from_instance(self, obj: Any) -> str:
        known: dict[Any, str] = obj.__dict__.setdefault("_in_words", {})  # the lines of a form offer the same rows
        key = (self.words, get_language())
        if key not in known:
            known[key] = self.words(obj)
        return known[key]


class NamedsField(forms.ModelMultipleChoiceField):
    """Several rows, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"queryset": None, **more})

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


def offer_rows(form: forms.BaseForm, name: str, rows: Any) -> None:
    """Set the rows from which a field chooses."""
    field: Any = form.fields[name]
    field.queryset = field.rows = rows
