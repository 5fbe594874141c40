"""Forms of this room. The rating page also works without script; its parts are these forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from beiji.programme.models import Person, Subject
from beiji.ui import numbers
from beiji.ui.fields import DayField, DayForm, WholeField
from beiji.ui.languages import LANGUAGES, language_of, pick

from .models import Member, Reply, Visit


def written_in() -> list[tuple[str, str]]:
    """The languages a text may be written in, each by its own name."""
    return [(language.pack, language.name) for language in LANGUAGES]


class PersonChoice(forms.ModelChoiceField):
    """A person by name and institution."""

    def label_from_instance(self, person: Person) -> str:
        office = pick(person.organisation.names) if person.organisation is not None else ""
        return f"{pick(person.names)} · {office}" if office else pick(person.names)


class SubjectChoice(forms.ModelChoiceField):
    """A hospital or city body by name."""

    def label_from_instance(self, subject: Subject) -> str:
        return pick(subject.names)


class PlanForm(DayForm):
    """A visit to be planned, with its team."""

    subject = SubjectChoice(label=_("Hospital or city body"), queryset=None, empty_label="–")
    kind = forms.ChoiceField(label=_("Kind"), choices=Visit.Kind.choices)
    round = WholeField(label=_("Round"), low=1, high=99, initial=1)
    scope = forms.ChoiceField(
        label=_("Asked"), choices=Visit.Scope.choices, help_text=_("A one-day visit asks the core and must-pass items.")
    )
    first_day = DayField(
        label=_("First day"),
        help_text=_(
            "From this day to the end of the last one the team sees this hospital; for three weeks more only its own visit, to write it up."
        ),
    )
    last_day = DayField(label=_("Last day"))
    lead = PersonChoice(
        empty_label="–",
        label=_("Lead assessor"),
        queryset=None,
        help_text=_("In a self-rating this is the hospital's emergency coordinator."),
    )

    def __init__(self, *args: Any, subjects: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].queryset = subjects
        self.fields["lead"].queryset = people


class SeatForm(forms.Form):
    """One more member of the team; an empty line is nobody."""

    person = PersonChoice(label=_("Person"), queryset=None, required=False, empty_label="–")
    post = forms.ChoiceField(label=_("Post"), choices=[c for c in Member.Post.choices if c[0] != Member.Post.LEAD])

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


#: Posts that a new visit's lines begin with: two who rate beside the lead, then those who make it possible.
OFFERED_POSTS = ("assessor", "assessor", "interpreter", "counterpart", "escort", "assessor")


def seat_forms(data: Any, people: Any) -> list[SeatForm]:
    """The lines for the team."""
    return [
        SeatForm(data, people=people, prefix=f"seat-{number}", initial={"post": post})
        for number, post in enumerate(OFFERED_POSTS)
    ]


def seats_of(lead: Person, lines: list[SeatForm]) -> list[tuple[Person, str]]:
    """Who joins in which post, the lead first; all lines must have been found valid."""
    taken = [(line.cleaned_data["person"], line.cleaned_data["post"]) for line in lines if line.cleaned_data["person"]]
    return [(lead, str(Member.Post.LEAD)), *taken]


class AnswerForm(forms.Form):
    """An answer without script. The rules check what it says; here only the shape."""

    level = forms.ChoiceField(choices=[("0", "0"), ("1", "1"), ("2", "2"), ("na", "na"), ("unable", "unable")])
    how = forms.ChoiceField(choices=[("check", ""), ("document", ""), ("interview", "")], required=False)
    reason = forms.CharField(required=False, max_length=500)
    language = forms.ChoiceField(choices=written_in, required=False)
    part = forms.CharField(required=False, max_length=40)

    def payload(self, indicator: str) -> dict[str, Any]:
        """As an operation says it."""
        level = self.cleaned_data["level"]
        said: dict[str, Any] = {
            "indicator": indicator,
            "level": int(level) if level.isdecimal() else level,
            "how": self.cleaned_data["how"] or "check",
        }
        if self.cleaned_data["reason"] and self.cleaned_data["language"]:
            said["language"] = self.cleaned_data["language"]
        return said | {name: self.cleaned_data[name] for name in ("reason", "part") if self.cleaned_data[name]}


class SettleForm(AnswerForm):
    """The team's word on a difference, with the answers that it settles."""

    settles = forms.CharField(max_length=2000)

    def payload(self, indicator: str) -> dict[str, Any]:
        return super().payload(indicator) | {"settles": self.cleaned_data["settles"].split()}


class NoteForm(forms.Form):
    """A remark with its language."""

    language = forms.ChoiceField(label=_("Written in"), choices=written_in)
    text = forms.CharField(label=_("Remark"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)

    def payload(self, indicator: str) -> dict[str, Any]:
        return {"indicator": indicator, **self.cleaned_data}


class MeasureForm(forms.Form):
    """A measurement without script."""

    value = forms.CharField(required=False, max_length=40)
    shown = forms.ChoiceField(required=False, choices=[("yes", ""), ("no", "")])
    at_min = WholeField(high=int(numbers.limits_of("min").high), required=False)
    method = forms.CharField(max_length=20)
    condition = forms.CharField(max_length=10)
    notice = forms.CharField(required=False, max_length=20)
    sample = forms.CharField(required=False, max_length=40)
    part = forms.CharField(required=False, max_length=40)

    def payload(self, indicator: str) -> dict[str, Any]:
        """As an operation says it; what was typed is read where it is kept."""
        said = self.cleaned_data
        found: dict[str, Any] = {"indicator": indicator, "method": said["method"], "condition": said["condition"]}
        if said["shown"]:
            found["shown"] = said["shown"] == "yes"
        else:
            found["typed"] = said["value"]
        if said["at_min"] is not None:
            found["at_min"] = said["at_min"]
        if said["notice"] and said["method"].endswith("drill"):
            found["notice"] = said["notice"]
        found["sample"] = said["sample"] or 1
        return found | ({"part": said["part"]} if said["part"] else {})


class UndoForm(forms.Form):
    """One's own operation that is taken back."""

    operation = forms.UUIDField()
    part = forms.CharField(required=False, max_length=40)

    def payload(self, indicator: str) -> dict[str, Any]:
        return {"operation": str(UUID(str(self.cleaned_data["operation"])))}


class PhaseForm(forms.Form):
    """The phase a visit goes to."""

    phase = forms.ChoiceField(choices=Visit.Phase.choices)


class ReopenForm(forms.Form):
    """Why a locked visit is opened again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the ledger beside every row that ends."),
    )


class ReplyForm(forms.Form):
    """The hospital's word on the result."""

    indicator = forms.ChoiceField(label=_("On"), required=False)
    stance = forms.ChoiceField(label=_("The hospital"), choices=Reply.Stance.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Written in"), choices=written_in)
    body = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What is disputed and why; the team answers to that before the lock."),
    )

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = [("", _("The assessment as a whole")), *items]
        self.fields["language"].initial = language_of(get_language()).pack


class TeamAnswerForm(forms.Form):
    """The team's answer to a dispute."""

    language = forms.ChoiceField(label=_("Written in"), choices=written_in)
    body = forms.CharField(
        label=_("The team's answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The hospital reads it; the city's side signs it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language_of(get_language()).pack


class SignatureForm(forms.Form):
    """Which answer is signed: the one that was on the page."""

    answer = forms.UUIDField()


__all__ = [
    "OFFERED_POSTS",
    "AnswerForm",
    "MeasureForm",
    "NoteForm",
    "PhaseForm",
    "PlanForm",
    "ReopenForm",
    "ReplyForm",
    "SeatForm",
    "SettleForm",
    "SignatureForm",
    "TeamAnswerForm",
    "UndoForm",
    "seat_forms",
    "seats_of",
]
