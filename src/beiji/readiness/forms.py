"""Forms of this room. What they cannot know, the law refuses with a sentence of its own."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.programme.choosing import PersonField, offer_people
from beiji.programme.models import Subject
from beiji.ui import numbers
from beiji.ui.fields import (
    ChoiceField,
    DayField,
    DayForm,
    FilesField,
    LanguageField,
    NumberField,
    WholeField,
    WordsField,
    offer,
)
from beiji.ui.languages import pick

from .changes import Draft
from .models import Edition, Evidence
from .pages import wording
from .rules.counts import GATE, share_of
from .rules.rows import DRILLS, Condition, Method, Notice, Source
from .terms import Terms

OWN_METHODS = (Method.SELF_RATING, Method.DOCUMENT, Method.OWN_DRILL, Method.REAL_EVENT)
OUTSIDE_METHODS = (Method.SPOT_CHECK, Method.TIMED_TEST, Method.WITNESSED_DRILL, Method.REAL_EVENT, Method.INTERVIEW)
BY_LEVEL = frozenset({Method.SELF_RATING, Method.DOCUMENT, Method.SPOT_CHECK, Method.INTERVIEW})


class EvidenceForm(DayForm):
    """One row about a capability, in the words of whoever may record it."""

    unit = ChoiceField(label=_("Campus"))
    place = ChoiceField(label=_("Place"), required=False)
    method = ChoiceField(label=_("How it was found"))
    as_of = DayField(label=_("Day"))
    condition = ChoiceField(
        label=_("When"),
        help_text=_("A drill, test or event happened by day, at night or on a holiday."),
        required=False,
    )
    notice = ChoiceField(label=_("What the staff knew of the drill"), required=False)
    level = ChoiceField(label=_("Level claimed"), required=False)
    value = NumberField(label=_("Measured"), required=False, limits=numbers.Limits())
    at_min = ChoiceField(label=_("Minutes after the alert"), required=False)
    shown = ChoiceField(label=_("Was it shown?"), required=False)
    sample = WholeField(label=_("Number of cases measured"), low=1, high=int(numbers.SAMPLE.high), initial=1)
    listed = WholeField(
        label=_("People on the list"),
        help_text=_(
            "For records counted: everybody of the shift or group, also who is on leave. Attach the list with staff numbers and "
            "without names: assessors from outside read it."
        ),
        low=1, high=int(numbers.SAMPLE.high), required=False,
    )  # fmt: skip
    current = WholeField(label=_("Of these, current on that day"), low=0, high=int(numbers.SAMPLE.high), required=False)
    for_gate = forms.BooleanField(
        label=_("Counted for a gate"),
        help_text=_("Otherwise a count is due at the end of a month, or when the share crosses the target."),
        required=False,
    )
    label = forms.CharField(label=_("What it was"), help_text=_("For example: drill of 12 October."), max_length=200)
    sheets = FilesField(
        label=_("Raw sheet, log or document"),
        help_text=_("Photographs (JPEG, PNG) or PDF. A measured pass needs its raw sheet; a miss needs nothing."),
        required=False,
    )
    evaluated_by = PersonField(
        label=_("Evaluator"),
        help_text=_("Who watched and kept the time. A measured pass needs one."),
        required=False,
    )
    note = WordsField(label=_("Remark"), rows=3, longest=2000, required=False)
    note_language = LanguageField(label=_("Language of the remark"))

    def __init__(self, *args: Any, terms: Terms, **more: Any) -> None:
        super().__init__(*args, **more)
        self.edition, self.evaluator, self.today = terms.edition, terms.evaluator, terms.today
        edition, evaluator, units, places = terms.edition, terms.evaluator, terms.units, terms.places
        self.is_counted = edition.by_records and not evaluator.is_outside
        methods: tuple[Method, ...] = OUTSIDE_METHODS if evaluator.is_outside else OWN_METHODS
        if self.is_counted:
            methods = (Method.RECORDS, *methods)
        if edition.kind == Edition.Kind.DOCUMENT:
            methods = tuple(m for m in methods if m in BY_LEVEL)
        offer(self, "unit", [(u.code, pick(u.names)) for u in units])
        offer(self, "place", [(p.code, pick(p.names)) for p in places], blank="–")
        offer(self, "method", [(m.value, wording.method_word(m)) for m in methods])
        offer(self, "condition", [(c.value, wording.condition_word(c) or "–") for c in Condition])
        offer(self, "notice", [(n.value, wording.notice_word(n)) for n in Notice], blank="–")
        offer(self, "level", [(str(level), str(level)) for level in (0, 1, 2)], blank="–")
        offer(self, "at_min", [(str(m), str(m)) for m in terms.minutes], blank="–")
        offer_people(self, "evaluated_by", terms.people)
        offer(self, "shown", [("yes", _("Yes")), ("no", _("No"))], blank="–")
        self.fields["as_of"].initial = terms.today
        self.places_of = {
            u.code: [p for p in places if u.kind != Subject.Kind.CAMPUS or p.parent_id == u.pk] for u in units
        }
        value: Any = self.fields["value"]
        value.limits, value.unit = numbers.limits_of(edition.unit), wording.unit_sign(edition.unit)
        self._drop(units, places, terms.minutes)

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
            **dict.fromkeys(("listed", "current", "for_gate"), not self.is_counted),
        }
        self.only_unit = units[0].code
        for name, is_needless in needless.items():
            if is_needless:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The place is asked for by its name, before the law asks for it by its code."""
        values = super().clean() or {}
        if self.places_of[values.get("unit") or self.only_unit] and not values.get("place"):
            self.add_error("place", _("It is kept for each place apart. Say which."))
        if values.get("method") == Method.RECORDS:
            for name in ("listed", "current"):
                if values.get(name) is None and name not in self.errors:
                    self.add_error(name, _("A count says how many of how many. Enter both."))
        return values

    def behind(self) -> dict[str, Any]:
        """What the row rests on."""
        values = self.cleaned_data
        watched = values.get("evaluated_by")
        return {
            "uploads": values["sheets"],
            "evaluated_by": watched.pk if watched else None,
            "note": values["note"],
            "note_language": values["note_language"],
        }

    def draft(self) -> Draft:
        """What was typed, as a row to be recorded."""
        values = self.cleaned_data
        method = Method(values["method"])
        if method is Method.RECORDS:
            return self._count(values)
        number = values.get("value")
        shown = values.get("shown")
        return Draft(
            subject=values.get("unit") or self.only_unit,
            capability=self.edition.capability.code,
            method=method,
            evaluator=self.evaluator,
            as_of=values["as_of"],
            level=int(values["level"]) if values.get("level") else None,
            value=None if number is None else Fraction(number),
            shown=None if not shown else shown == "yes",
            condition=Condition(values.get("condition") or Condition.ANY),
            place=values.get("place") or None,
            at_min=int(values["at_min"]) if values.get("at_min") else None,
            notice=Notice(values["notice"]) if method in DRILLS and values.get("notice") else None,
            sample=values.get("sample") or 1,
            source=Source("record", "", values["label"]),
        )

    def _count(self, values: dict[str, Any]) -> Draft:
        """So many of so many; level, value and sample of the form are another method's."""
        return Draft(
            subject=values.get("unit") or self.only_unit,
            capability=self.edition.capability.code,
            method=Method.RECORDS,
            evaluator=self.evaluator,
            as_of=values["as_of"],
            value=share_of(values["current"], values["listed"]),
            sample=values["listed"],
            condition=Condition(values.get("condition") or Condition.ANY),
            place=values.get("place") or None,
            source=Source(GATE if values.get("for_gate") else "record", "", values["label"]),
        )


class ReasonForm(forms.Form):
    """Why a row is confirmed or withdrawn; `sheets`: the raw record that a confirmation rests on."""

    reason = WordsField(label=_("Reason"), rows=3, longest=1000)
    language = LanguageField()
    sheets = FilesField(
        label=_("Raw sheet, log or document"),
        help_text=_("Photographs (JPEG, PNG) or PDF; they are kept with a confirmation."),
        required=False,
    )

    def said(self) -> dict[str, Any]:
        """The reason as changes take it."""
        return {"reason": self.cleaned_data["reason"], "reason_language": self.cleaned_data["language"]}


class SamplingForm(ReasonForm):
    """A sampling of the hospital's count: how many were drawn, how many held. Who withdraws the row needs neither."""

    drawn = WholeField(
        label=_("Drawn"),
        help_text=_("People drawn by lot from those counted as current."),
        low=1, high=int(numbers.SAMPLE.high),
    )  # fmt: skip
    held = WholeField(
        label=_("Of these, in order"),
        help_text=_("The certificate was there, in date, and the person works on this list."),
        low=0, high=int(numbers.SAMPLE.high),
    )  # fmt: skip
    field_order = ("drawn", "held")

    def __init__(self, *args: Any, withdraws: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("drawn", "held") if withdraws else ():
            self.fields[name].required = False

    def drawn_and_held(self) -> dict[str, Any]:
        """The two numbers as changes take them."""
        return {name: self.cleaned_data[name] for name in ("drawn", "held")}


class StrikingForm(ReasonForm):
    """Whom the city strikes off, and why. The buttons say whom: never a whole office by mistake."""

    def __init__(self, *args: Any, evidence: Evidence, **more: Any) -> None:
        super().__init__(*args, **more)
        self.evidence = evidence

    def clean(self) -> dict[str, Any]:
        whom = self.data.get("whom")
        if whom not in ("person", "office") or (whom == "person" and self.evidence.by is None):
            self.add_error(None, _("Say whether the person or the whole office is to be struck off."))
        return super().clean() or {}

    def whom(self) -> dict[str, Any]:
        """The office, and the person unless it is the whole office."""
        is_person = self.data.get("whom") == "person"
        return {"office": self.evidence.office, "person": self.evidence.by if is_person else None}


class TakingBackForm(ReasonForm):
    """The reason's form, where none has to be given."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            field.required = False
