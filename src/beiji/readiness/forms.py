"""Forms of this room. What they cannot know, the law refuses with a sentence of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.programme.models import Person, Subject
from beiji.ui import numbers
from beiji.ui.fields import DayField, DayForm, FilesField, NumberField, WholeField
from beiji.ui.languages import LANGUAGES, language_of, pick

from .changes import Draft
from .models import Edition
from .pages import wording
from .rules.rows import DRILLS, Condition, Evaluator, Method, Notice, Source

OWN_METHODS = (Method.SELF_RATING, Method.DOCUMENT, Method.OWN_DRILL, Method.REAL_EVENT)
OUTSIDE_METHODS = (Method.SPOT_CHECK, Method.TIMED_TEST, Method.WITNESSED_DRILL, Method.REAL_EVENT, Method.INTERVIEW)
BY_LEVEL = frozenset({Method.SELF_RATING, Method.DOCUMENT, Method.SPOT_CHECK, Method.INTERVIEW})


class EvidenceForm(DayForm):
    """One row about a capability, in the words of whoever may record it."""

    unit = forms.ChoiceField(label=_("Campus"))
    place = forms.ChoiceField(label=_("Place"), required=False)
    method = forms.ChoiceField(label=_("How it was found"))
    as_of = DayField(label=_("Day"))
    condition = forms.ChoiceField(
        label=_("When"),
        help_text=_("A drill, test or event happened by day, at night or on a holiday."),
        required=False,
    )
    notice = forms.ChoiceField(label=_("What the staff knew of the drill"), required=False)
    level = forms.ChoiceField(label=_("Level claimed"), required=False)
    value = NumberField(label=_("Measured"), required=False, limits=numbers.Limits())
    at_min = forms.ChoiceField(label=_("Minutes after the alert"), required=False)
    shown = forms.ChoiceField(label=_("Was it shown?"), required=False)
    sample = WholeField(label=_("Number of cases measured"), low=1, high=int(numbers.SAMPLE.high), initial=1)
    label = forms.CharField(label=_("What it was"), help_text=_("For example: drill of 12 October."), max_length=200)
    sheets = FilesField(
        label=_("Raw sheet, log or document"),
        help_text=_("Photographs (JPEG, PNG) or PDF. A measured pass needs its raw sheet; a miss needs nothing."),
        required=False,
    )
    evaluated_by = forms.ChoiceField(
        label=_("Evaluator"),
        help_text=_("Who watched and kept the time. A measured pass needs one."),
        required=False,
    )
    note = forms.CharField(label=_("Remark"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False)
    note_language = forms.ChoiceField(
        label=_("Language of the remark"), choices=[(language.pack, language.name) for language in LANGUAGES]
    )

    def __init__(
        self, *args: Any, edition: Edition, evaluator: Evaluator, units: Sequence[Subject], places: Sequence[Subject],
        minutes: Sequence[int], people: Sequence[Person], today: date, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self.edition, self.evaluator, self.today = edition, evaluator, today
        methods: tuple[Method, ...] = OUTSIDE_METHODS if evaluator.is_outside else OWN_METHODS
        if edition.kind == Edition.Kind.DOCUMENT:
            methods = tuple(m for m in methods if m in BY_LEVEL)
        self._choose("unit", [(u.code, pick(u.names)) for u in units])
        self._choose("place", [(p.code, pick(p.names)) for p in places], blank=True)
        self._choose("method", [(m.value, wording.method_word(m)) for m in methods])
        self._choose("condition", [(c.value, wording.condition_word(c) or "–") for c in Condition])
        self._choose("notice", [(n.value, wording.notice_word(n)) for n in Notice], blank=True)
        self._choose("level", [(str(level), str(level)) for level in (0, 1, 2)], blank=True)
        self._choose("at_min", [(str(m), str(m)) for m in minutes], blank=True)
        self._choose("evaluated_by", [(str(p.pk), _person_words(p)) for p in people], blank=True)
        self._choose("shown", [("yes", _("Yes")), ("no", _("No"))], blank=True)
        self.fields["as_of"].initial = today
        self.fields["note_language"].initial = language_of().pack
        self.places_of = {
            u.code: [p for p in places if u.kind != Subject.Kind.CAMPUS or p.parent_id == u.pk] for u in units
        }
        value: Any = self.fields["value"]
        value.limits, value.unit = numbers.limits_of(edition.unit), wording.unit_sign(edition.unit)
        self._drop(units, places, minutes)

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]], blank: bool = False) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "–"), *choices] if blank else list(choices)

    def _drop(self, units: Sequence[Subject], places: Sequence[Subject], minutes: Sequence[int]) -> None:
        """Leave out what this capability does not ask for."""
        kind = self.edition.kind
        needless = {
            "unit": len(units) == 1,
            "place": not places,
            "at_min": not minutes,
            "value": kind != Edition.Kind.QUANTITY,
            "shown": kind == Edition.Kind.QUANTITY,
            "notice": kind == Edition.Kind.DOCUMENT,
            "condition": kind == Edition.Kind.DOCUMENT,
            "sample": kind == Edition.Kind.DOCUMENT,
            "evaluated_by": kind == Edition.Kind.DOCUMENT or not self.evaluator.is_outside,
        }
        self.only_unit = units[0].code
        for name, is_needless in needless.items():
            if is_needless:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The place is asked for by its name, before the law asks for it by its code."""
        found = super().clean() or {}
        if self.places_of[found.get("unit") or self.only_unit] and not found.get("place"):
            self.add_error("place", _("It is kept for each place apart. Say which."))
        return found

    def behind(self) -> dict[str, Any]:
        """What the row rests on."""
        kept = self.cleaned_data
        watched = kept.get("evaluated_by")
        return {
            "uploads": kept["sheets"],
            "evaluated_by": UUID(watched) if watched else None,
            "note": kept["note"],
            "note_language": kept["note_language"],
        }

    def draft(self) -> Draft:
        """What was typed, as a row to be recorded."""
        kept = self.cleaned_data
        method = Method(kept["method"])
        value = kept.get("value")
        shown = kept.get("shown")
        return Draft(
            subject=kept.get("unit") or self.only_unit,
            capability=self.edition.capability.code,
            method=method,
            evaluator=self.evaluator,
            as_of=kept["as_of"],
            level=int(kept["level"]) if kept.get("level") else None,
            value=None if value is None else Fraction(value),
            shown=None if not shown else shown == "yes",
            condition=Condition(kept.get("condition") or Condition.ANY),
            place=kept.get("place") or None,
            at_min=int(kept["at_min"]) if kept.get("at_min") else None,
            notice=Notice(kept["notice"]) if method in DRILLS and kept.get("notice") else None,
            sample=kept.get("sample") or 1,
            source=Source("record", "", kept["label"]),
        )


def _person_words(person: Person) -> str:
    office = pick(person.organisation.names) if person.organisation else ""
    return wording.joined([pick(person.names), office])


class ReasonForm(forms.Form):
    """Why a row is confirmed or withdrawn; `sheets`: the raw record that a confirmation rests on."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
    language = forms.ChoiceField(
        label=_("Language of the text"), choices=[(language.pack, language.name) for language in LANGUAGES]
    )
    sheets = FilesField(
        label=_("Raw sheet, log or document"),
        help_text=_("Photographs (JPEG, PNG) or PDF; they are kept with a confirmation."),
        required=False,
    )
