"""Forms of this room. What they cannot know, the changes refuse with a sentence of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.programme.choosing import PersonField, offer_people
from beiji.programme.fields import NamedField, NamedsField, offer_rows
from beiji.programme.models import Stage
from beiji.ui.editing import EditForm
from beiji.ui.fields import ChoiceField, DayField, DayForm, LanguageField, MoneyField, WholeField, WordsField, offer
from beiji.ui.languages import pick

from .models import Action, Decision, Finding, Ruling
from .rules import OWN_WORDS, ActionState


def _numbered(stage: Stage) -> str:
    return f"{stage.number} · {pick(stage.names)}"


def _code(decision: Decision) -> str:
    return decision.code


class ActionForm(EditForm):
    """What a person says of an action. `advice`: (level, text) of the pack, offered for a new one."""

    measure = forms.ChoiceField(label=_("Measure"), widget=forms.RadioSelect)
    body = WordsField(label=_("In your own words"), required=False)
    language = LanguageField()
    concerns = NamedsField(label=_("Hospitals it is for"))
    lead_unit = NamedField(label=_("Lead unit"))
    supporting_unit = NamedField(label=_("Supporting unit"), required=False)
    leader = PersonField(label=_("Responsible leader"), required=False)
    responsible = PersonField(label=_("Responsible person"), required=False)
    due = DayField(label=_("Deadline"))
    effort = ChoiceField(label=_("Effort"), choices=Action.Effort.choices)
    cost_low = MoneyField(label=_("Cost from"), required=False)
    cost_high = MoneyField(label=_("Cost to"), required=False)
    price_year = WholeField(label=_("Year of the prices"), low=2000, high=2100, required=False)
    cost_source = forms.CharField(label=_("Source of the cost"), max_length=200, required=False)
    stage = NamedField(label=_("Stage of the programme"), words=_numbered, required=False)
    decision = NamedField(label=_("Decision it follows from"), words=_code, required=False)

    def __init__(
        self, *args: Any, organisations: Any, people: Any, stages: Any, decisions: Any, hospitals: Any = None,
        advice: Sequence[tuple[int, str]] = (), **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        for name in ("lead_unit", "supporting_unit"):
            offer_rows(self, name, organisations)
        for name in ("leader", "responsible"):
            offer_people(self, name, people)
        offer_rows(self, "stage", stages)
        if decisions is None:
            del self.fields["decision"]
        else:
            offer_rows(self, "decision", decisions)
        if advice:
            offered = [(str(level), text) for level, text in advice]
            offer(self, "measure", [*offered, (OWN_WORDS, _("In your own words"))])
        else:
            del self.fields["measure"]
        if hospitals is None:
            del self.fields["concerns"]
        else:
            offer_rows(self, "concerns", hospitals)

    def clean(self) -> dict[str, Any]:
        """Own words are needed where they were chosen."""
        values = super().clean() or {}
        if values.get("measure") == OWN_WORDS and not values.get("body", "").strip():
            self.add_error("body", _("Say what is to be done."))
        return values

    def said(self) -> dict[str, Any]:
        """The plain fields of a draft."""
        values = super().said()
        measure = values.pop("measure", OWN_WORDS)
        if measure != OWN_WORDS:
            values["body"], values["advice_level"] = "", int(measure)
        return {name: value for name, value in values.items() if name != "concerns" or value}


_STATES = [(state.value, state.value) for state in ActionState]


class MoveForm(forms.Form):
    """The column to which an action goes, and `from`, the one in which the person saw it."""

    to = ChoiceField(choices=_STATES)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["from"] = ChoiceField(choices=_STATES, required=False)  # no name that a class can have

    def said(self) -> dict[str, Any]:
        """What the change takes."""
        before = self.cleaned_data["from"]
        return {"to": ActionState(self.cleaned_data["to"]), "seen": ActionState(before) if before else None}


class CardForm(MoveForm):
    """A card of the board that is moved."""

    card = forms.UUIDField()


class StepForm(MoveForm):
    """A step on an action's own page, with a few words."""

    note = WordsField(label=_("What was done"), rows=3, required=False)
    language = LanguageField()

    def said(self) -> dict[str, Any]:
        """What the change takes."""
        return super().said() | {name: self.cleaned_data[name] for name in ("note", "language")}


class ReasonForm(forms.Form):
    """Why an action is not pursued any more."""

    reason = WordsField(label=_("Reason"), rows=3)
    language = LanguageField()


class FindingForm(EditForm):
    """A finding as it is typed."""

    body = WordsField(
        label=_("Finding"),
        help_text=_(
            "One sentence: what was found, where, and how it was seen. {TRI-6} is filled with the number of hospitals that fall short in TRI-6 on the day of the report, {hospitals} with the number of all."
        ),
    )
    language = LanguageField()
    found_on = DayField(label=_("Found on"))
    order = WholeField(label=_("Place on the page for leaders"), high=9, initial=0, help_text=_("0: not on it."))
    subjects = NamedsField(
        label=_("Hospitals concerned"),
        required=False,
        help_text=_("None: the whole city."),
    )
    indicators = forms.MultipleChoiceField(
        label=_("Questions concerned"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, subjects: Any, indicators: Sequence[tuple[str, str]], must_name: bool, **more: Any):
        super().__init__(*args, **more)
        offer_rows(self, "subjects", subjects)
        offer(self, "indicators", list(indicators))
        if must_name:
            self.fields["subjects"].required = True
            self.fields["subjects"].help_text = ""

    def said_of(self, finding: Finding) -> dict[str, Any]:
        """What the person typed; hospitals that he does not see and questions of an older standard stay as they are."""
        subjects: Any = self.fields["subjects"]
        indicators: Any = self.fields["indicators"]
        offered = {code for code, _title in indicators.choices}
        values = self.said()
        return values | {
            "subjects": [*values["subjects"], *finding.subjects.exclude(pk__in=subjects.queryset.values("pk"))],
            "indicators": [*values["indicators"], *(code for code in finding.indicators if code not in offered)],
        }


class DecisionForm(EditForm):
    """What is asked of the authorities."""

    body = WordsField(
        label=_("What is to be decided"),
        help_text=_(
            "One sentence that can be answered with yes or no. {TRI-6} is filled with the number of hospitals that fall short in TRI-6 on the day of the report, {hospitals} with the number of all."
        ),
    )
    language = LanguageField()
    owner = NamedField(label=_("Who decides or carries it out"))
    cost_class = ChoiceField(label=_("Cost class"), choices=Decision.CostClass.choices)
    asked_on = DayField(label=_("Asked on"))
    due = DayField(label=_("To be decided by"))
    order = WholeField(label=_("Place on the page for leaders"), high=9, initial=0, help_text=_("0: not on it."))

    def __init__(self, *args: Any, organisations: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_rows(self, "owner", organisations)


class RulingForm(DayForm):
    """What the authorities said; `seen`: the version of what is asked, as the page showed it."""

    seen = WholeField(high=10**9, required=False, widget=forms.HiddenInput)

    word = ChoiceField(label=_("They decided"), choices=Ruling.Word.choices)
    decided_on = DayField(label=_("Decided on"))
    decided_by = PersonField(label=_("Decided by"))
    note = WordsField(label=_("Conditions or reason"), rows=3, required=False)
    language = LanguageField()
    scan = forms.FileField(
        label=_("Scan of the signed decision"),
        required=False,
        help_text=_("A PDF or photograph (JPEG, PNG)."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )

    def __init__(self, *args: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_people(self, "decided_by", people)

    def said(self) -> dict[str, Any]:
        """What the change takes."""
        values = self.cleaned_data
        return values | {"decided_by": values["decided_by"].pk, "seen": values["seen"] or 0}  # none: an old page

    def shows(self, version: int) -> None:
        """The page that comes back shows what is asked now; recorded again, the ruling answers to that."""
        data: Any = self.data
        self.data = data.copy()
        self.data["seen"] = str(version)  # type: ignore[index]
