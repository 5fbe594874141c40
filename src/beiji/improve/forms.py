"""Forms of this room. What they cannot know, the changes refuse with a sentence of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.documents.changes import LONGEST
from beiji.programme.models import Organisation, Person, Stage, Subject
from beiji.ui.editing import EditForm
from beiji.ui.fields import DayField, DayForm, WholeField
from beiji.ui.languages import LANGUAGES, pick

from .models import Action, Decision, Ruling

#: Minor units of a currency unit; costs are typed in whole units.
MINOR = 100
#: Largest cost that is taken for more than a slip of the hand, in whole units. *Assumption.*
DEAREST = 10_000_000_000
OWN_WORDS = "own"


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice shown by the name that people know."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"empty_label": "–", **more})

    def label_from_instance(self, obj: Any) -> str:
        if isinstance(obj, Person) and obj.organisation is not None:
            return f"{pick(obj.names)} · {pick(obj.organisation.names)}"
        if isinstance(obj, Decision):
            return obj.code
        if isinstance(obj, Stage):
            return f"{obj.number} · {pick(obj.names)}"
        return pick(obj.names)


class NamedChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several of them."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return pick(obj.names)


def _fields(form: forms.Form) -> dict[str, Any]:
    """The form's fields, each with what its own kind has."""
    return form.fields


def _language() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Language of the text"), choices=[(language.pack, language.name) for language in LANGUAGES]
    )


def _words(label: Any, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=LONGEST, **more)


class ActionForm(EditForm):
    """What a person says of an action. `advice`: (level, text) of the pack, offered for a new one."""

    measure = forms.ChoiceField(label=_("Measure"), widget=forms.RadioSelect)
    body = _words(_("In your own words"), required=False)
    language = _language()
    concerns = NamedChoices(label=_("Hospitals it is for"), queryset=Subject.objects.none())
    lead_unit = NamedChoice(label=_("Lead unit"), queryset=Organisation.objects.none())
    supporting_unit = NamedChoice(label=_("Supporting unit"), queryset=Organisation.objects.none(), required=False)
    leader = NamedChoice(label=_("Responsible leader"), queryset=Person.objects.none(), required=False)
    responsible = NamedChoice(label=_("Responsible person"), queryset=Person.objects.none(), required=False)
    due = DayField(label=_("Deadline"))
    effort = forms.ChoiceField(label=_("Effort"), choices=Action.Effort.choices)
    cost_low = WholeField(label=_("Cost from"), high=DEAREST, required=False)
    cost_high = WholeField(label=_("Cost to"), high=DEAREST, required=False)
    price_year = WholeField(label=_("Year of the prices"), low=2000, high=2100, required=False)
    cost_source = forms.CharField(label=_("Source of the cost"), max_length=200, required=False)
    stage = NamedChoice(label=_("Stage of the programme"), queryset=Stage.objects.none(), required=False)
    decision = NamedChoice(label=_("Decision it follows from"), queryset=Decision.objects.none(), required=False)

    def __init__(
        self, *args: Any, organisations: Any, people: Any, stages: Any, decisions: Any, hospitals: Any = None,
        advice: Sequence[tuple[int, str]] = (), **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        for name in ("lead_unit", "supporting_unit"):
            _fields(self)[name].queryset = organisations
        for name in ("leader", "responsible"):
            _fields(self)[name].queryset = people
        _fields(self)["stage"].queryset = stages
        if decisions is None:
            del self.fields["decision"]
        else:
            _fields(self)["decision"].queryset = decisions
        if advice:
            offered = [(str(level), text) for level, text in advice]
            _fields(self)["measure"].choices = [*offered, (OWN_WORDS, _("In your own words"))]
        else:
            del self.fields["measure"]
        if hospitals is None:
            del self.fields["concerns"]
        else:
            _fields(self)["concerns"].queryset = hospitals

    def clean(self) -> dict[str, Any]:
        """Own words are needed where they were chosen."""
        found = super().clean() or {}
        if found.get("measure") == OWN_WORDS and not found.get("body", "").strip():
            self.add_error("body", _("Say what is to be done."))
        return found

    def said(self) -> dict[str, Any]:
        """The plain fields of a draft, with costs in minor units."""
        found = super().said()
        measure = found.pop("measure", OWN_WORDS)
        if measure != OWN_WORDS:
            found["body"], found["advice_level"] = "", int(measure)
        for name in ("cost_low", "cost_high"):
            found[name] = None if found[name] is None else found[name] * MINOR
        return {name: value for name, value in found.items() if name != "concerns" or value}


class NoteForm(forms.Form):
    """A few words beside a step."""

    note = _words(_("What was done"), rows=3, required=False)
    language = _language()


class ReasonForm(forms.Form):
    """Why an action is not pursued any more."""

    reason = _words(_("Reason"), rows=3)
    language = _language()


class FindingForm(EditForm):
    """A finding as it is typed."""

    body = _words(
        _("Finding"),
        help_text=_(
            "One sentence: what was found, where, and how it was seen. {TRI-6} is filled with the number of hospitals that fall short in TRI-6 on the day of the report, {hospitals} with the number of all."
        ),
    )
    language = _language()
    found_on = DayField(label=_("Found on"))
    order = WholeField(label=_("Place on the page for leaders"), high=9, initial=0, help_text=_("0: not on it."))
    subjects = NamedChoices(
        label=_("Hospitals concerned"),
        queryset=Subject.objects.none(),
        required=False,
        help_text=_("None: the whole city."),
    )
    indicators = forms.MultipleChoiceField(
        label=_("Questions concerned"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, subjects: Any, indicators: Sequence[tuple[str, str]], must_name: bool, **more: Any):
        super().__init__(*args, **more)
        _fields(self)["subjects"].queryset = subjects
        _fields(self)["indicators"].choices = list(indicators)
        if must_name:
            _fields(self)["subjects"].required = True
            _fields(self)["subjects"].help_text = ""


class DecisionForm(EditForm):
    """What is asked of the authorities."""

    body = _words(
        _("What is to be decided"),
        help_text=_(
            "One sentence that can be answered with yes or no. {TRI-6} is filled with the number of hospitals that fall short in TRI-6 on the day of the report, {hospitals} with the number of all."
        ),
    )
    language = _language()
    owner = NamedChoice(label=_("Who decides or carries it out"), queryset=Organisation.objects.none())
    cost_class = forms.ChoiceField(label=_("Cost class"), choices=Decision.CostClass.choices)
    asked_on = DayField(label=_("Asked on"))
    due = DayField(label=_("To be decided by"))
    order = WholeField(label=_("Place on the page for leaders"), high=9, initial=0, help_text=_("0: not on it."))

    def __init__(self, *args: Any, organisations: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _fields(self)["owner"].queryset = organisations


class RulingForm(DayForm):
    """What the authorities said; `seen`: the version of what is asked, as the page showed it."""

    seen = WholeField(high=10**9, required=False, widget=forms.HiddenInput)

    word = forms.ChoiceField(label=_("They decided"), choices=Ruling.Word.choices)
    decided_on = DayField(label=_("Decided on"))
    decided_by = NamedChoice(label=_("Decided by"), queryset=Person.objects.none())
    note = _words(_("Conditions or reason"), rows=3, required=False)
    language = _language()

    def __init__(self, *args: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _fields(self)["decided_by"].queryset = people
