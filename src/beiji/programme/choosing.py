"""A field that chooses a person: nobody is offered until a part of a name is typed, so a page weighs the same in every city.

With script the server is asked as one types (`picking.js`, `answer`). Without, what is typed comes back with the form, and the list
beneath it holds the people whom it fits. Whoever is chosen stays shown. A room says with `People` who can be chosen and at
which of its addresses it is asked; that address answers only those who may use the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.ui.fields import ListSelect
from beiji.ui.languages import pick
from beiji.ui.listing import LONGEST_SEARCH

from .models import Person
from .people import matching, name_of, office_of

#: People whom an answer names at most; who looks for another types more of the name.
MOST = 20


@dataclass(frozen=True)
class People:
    """From whom a field chooses, and the address that is asked while somebody types."""

    rows: QuerySet[Person]
    address: str


@dataclass(frozen=True)
class Choice:
    """A person as a list offers him: `about` tells two of one name apart."""

    key: str
    words: str
    name: str
    about: str


class _Typed(str):
    """The key of the person chosen, with what was typed to find him (`search`; empty where a script asked)."""

    search = ""


class _PersonSelect(ListSelect):
    """What is typed to find somebody, and the list to choose from."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> _Typed:
        typed = _Typed(data.get(name) or "")
        typed.search = _read(data.get(f"{name}-find", ""))
        return typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        offered: Any = self.choices
        field: PersonField = offered.field
        search = getattr(value, "search", "")
        people = field.people_shown(str(value or ""), search)
        select = ListSelect(self.attrs, [("", field.empty_label), *((p.pk, person_words(p)) for p in people)])
        shown = select.render(name, value, attrs)
        context = {"name": name, "select": shown, "search": search, "address": field.address, "longest": LONGEST_SEARCH}
        return mark_safe(render_to_string("programme/picker.html", context).strip())  # noqa: S308 - a rendered template


class _Nobody(ModelChoiceIterator):
    """Offers nobody by itself."""

    field: PersonField

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)


class PersonField(forms.ModelChoiceField):
    """A person, found by a part of the name, post or institution. A form says from whom with `offer_people`."""

    widget = _PersonSelect
    iterator = _Nobody

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"queryset": None, "empty_label": "–", **more})
        self.address = ""

    def clean(self, value: Any) -> Any:
        """The person. Where something was typed that does not fit whoever is chosen, the form comes back with those whom it fits."""
        search = getattr(value, "search", "")
        if not search:
            return super().clean(value)
        people = matching(self.queryset, search)  # type: ignore[arg-type]
        person = super().clean(value) if value else None
        if person is None or not people.filter(pk=person.pk).exists():
            sentence = (
                _("Choose the person in the list; it holds those whom your words fit.")
                if people.exists()
                else _("Nobody fits these words; type another part of the name.")
            )
            raise ValidationError(sentence, code="search")
        return person

    def people_shown(self, chosen: str, search: str) -> list[Person]:
        """Who stands in the list: whoever is chosen, and those whom the words fit."""
        return [*self._people(chosen), *(p for p in self._fitting(search) if str(p.pk) != chosen)]

    def labels_of(self, values: Sequence[str]) -> dict[str, str]:
        """The words for keys that a form holds."""
        return {value: person_words(person) for value in values for person in self._people(value)}

    def _people(self, key: str) -> list[Person]:
        try:
            return list(self.queryset.filter(pk=key)) if key else []  # type: ignore[union-attr]
        except ValidationError:  # no key at all
            return []

    def _fitting(self, search: str) -> list[Person]:
        return list(matching(self.queryset, search)[:MOST]) if search else []  # type: ignore[arg-type]


def offer_people(form: forms.BaseForm, name: str, people: People) -> None:
    """Say from whom a field chooses."""
    field: Any = form.fields[name]
    field.queryset, field.address = people.rows, people.address


def answer(request: HttpRequest, people: QuerySet[Person]) -> HttpResponse:
    """The people whom what somebody types fits, as pieces of a list (`programme/choices.html`)."""
    fitting = list(matching(people, _read(request.GET.get("q", "")))[: MOST + 1])
    choices = [_choice(person) for person in fitting[:MOST]]
    note = _note(len(fitting))
    if len({choice.name for choice in choices}) < len(choices):
        note += " · " + _("some have the same name")
    return render(request, "programme/choices.html", {"choices": choices, "note": note})


def _note(count: int) -> str:
    if count == 0:
        return _("Nobody fits these words; type another part of the name.")
    if count > MOST:
        return _("The first {count}; type more of the name to find others.").format(count=MOST)
    return ngettext("{count} person fits", "{count} people fit", count).format(count=count)


def _choice(person: Person) -> Choice:
    about = " · ".join(part for part in (office_of(person), pick(person.post)) if part)
    return Choice(str(person.pk), person_words(person), name_of(person), about)


def person_words(person: Person) -> str:
    """Name and institution."""
    return " · ".join(part for part in (name_of(person), office_of(person)) if part)


def _read(search: str) -> str:
    return " ".join(search.split())[:LONGEST_SEARCH]
