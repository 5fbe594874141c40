"""Form fields for what the programme keeps: people, subjects and institutions, by the names that people know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from beiji.ui.fields import ListSelect
from beiji.ui.languages import pick

from .models import Organisation, Person
from .people import name_of, office_of


def named(row: Any) -> str:
    """A row that has names, in the reader's language."""
    return pick(row.names)


class _Offered(ModelChoiceIterator):
    """Offers the rows that a form was given. Several fields that are given the same ones read them once."""

    field: NamedField

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from self.groups()

    def groups(self) -> Iterator[Any]:
        """The choices, or groups of choices."""
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
        return self.words(obj)


class NamedsField(forms.ModelMultipleChoiceField):
    """Several rows, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"queryset": None, **more})

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


class _OwnFirst(_Offered):
    """Offers the people of one institution first, under its name."""

    field: PersonField

    def groups(self) -> Iterator[Any]:
        own = self.field.own
        if own is None:
            yield from super().groups()
            return
        people = list(self.field.rows if self.field.rows is not None else self.queryset)
        yield (named(own), [self.choice(p) for p in people if p.organisation_id == own.pk])
        yield (_("Other institutions"), [self.choice(p) for p in people if p.organisation_id != own.pk])


class PersonField(NamedField):
    """A person by name and institution, found by typing a part of either (`picking.js`).

    `own`: the institution whose people come first.
    """

    iterator = _OwnFirst
    own: Organisation | None = None

    def __init__(self, **more: Any) -> None:
        super().__init__(words=person_words, **more)
        self.widget.attrs["data-picker"] = _("Search by name or institution")


def person_words(person: Person) -> str:
    """Name and institution."""
    return " · ".join(part for part in (name_of(person), office_of(person)) if part)


def offer_rows(form: forms.BaseForm, name: str, rows: Any, *, own: Organisation | None = None) -> None:
    """Set the rows from which a field chooses; `own`: for people, the institution that comes first."""
    field: Any = form.fields[name]
    if own is not None:
        field.own = own
    field.queryset = field.rows = rows
