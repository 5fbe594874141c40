"""Forms of this room. The rating page also works without script; its parts are these forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from beiji.programme.choosing import PersonField, offer_people
from beiji.programme.fields import NamedField, offer_rows
from beiji.ui import numbers
from beiji.ui.fields import ChoiceField, DayField, DayForm, FilesField, LanguageField, WholeField, WordsField, offer

from .changes import Seat
from .models import Member, Reply, Visit

#: Before every plan: what a page is taken to have seen that does not say.
NEVER = datetime(1, 1, 1, tzinfo=UTC)
#: Posts that a new visit's lines begin with: two who rate beside the lead, then those who make it possible.
OFFERED_POSTS = ("assessor", "assessor", "interpreter", "counterpart", "escort", "assessor")


class PlanForm(DayForm):
    """A visit to be planned, with its team."""

    subject = NamedField(label=_("Hospital or city body"))
    kind = ChoiceField(label=_("Kind"), choices=Visit.Kind.choices, initial=Visit.Kind.EXTERNAL)
    round = WholeField(label=_("Round"), low=1, high=99, initial=1)
    scope = ChoiceField(
        label=_("Scope"),
        choices=Visit.Scope.choices,
        initial=Visit.Scope.FULL,
        help_text=_("A one-day visit asks the core and must-pass items."),
    )
    first_day = DayField(
        label=_("First day"),
        help_text=_(
            "From this day to the end of the last one the team sees this hospital; for three weeks more only its own visit, to write it up."
        ),
    )
    last_day = DayField(label=_("Last day"))
    lead = PersonField(
        label=_("Lead assessor"),
        help_text=_("In a self-rating this is the hospital's emergency coordinator."),
    )

    def __init__(self, *args: Any, subjects: Any, people: Any, team: Sequence[Member] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if subjects is None:
            del self.fields["subject"]
        else:
            offer_rows(self, "subject", subjects)
        offer_people(self, "lead", people)
        data = self.data if self.is_bound else None
        lines = [{"person": member.person_id, "post": member.post} for member in team]
        lines += [{"post": post} for post in OFFERED_POSTS[len(lines) :]]
        self.seats = [
            SeatForm(data, people=people, prefix=f"seat-{number}", initial=line) for number, line in enumerate(lines)
        ]

    def is_valid(self) -> bool:
        """The visit and every line of its team."""
        return all([super().is_valid(), *(seat.is_valid() for seat in self.seats)])

    def said(self) -> dict[str, Any]:
        """What the change takes, the lead first in the team."""
        values = dict(self.cleaned_data)
        lines = [seat.cleaned_data for seat in self.seats]
        team = [Seat(values.pop("lead"), str(Member.Post.LEAD))]
        team += [Seat(line["person"], line["post"]) for line in lines if line["person"]]
        return values | {"team": team}


class ReplanForm(PlanForm):
    """The plan of a visit that has not begun; its hospital stays. `seen`: when the plan on the page was made."""

    seen = forms.CharField(widget=forms.HiddenInput(attrs={"id": "id_seen"}), required=False, max_length=40)

    def __init__(self, data: Any = None, *, visit: Visit, **kwargs: Any) -> None:
        team = list(visit.members.all())
        lead = next((member.person_id for member in team if member.post == Member.Post.LEAD), None)
        plain = {name: getattr(visit, name) for name in ("kind", "round", "scope", "first_day", "last_day")}
        initial = {**plain, "lead": lead, "seen": visit.planned_at.isoformat()}
        others = [member for member in team if member.post != Member.Post.LEAD]
        super().__init__(data, subjects=None, team=others, initial=initial, **kwargs)

    def clean_seen(self) -> datetime:
        """The instant as the page was given it; a page that names none is an old one."""
        try:
            seen = datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return NEVER
        return seen if seen.tzinfo else NEVER


class SeatForm(forms.Form):
    """One more member of the team; an empty line is nobody."""

    person = PersonField(label=_("Person"), required=False)
    post = ChoiceField(label=_("Post"), choices=[c for c in Member.Post.choices if c[0] != Member.Post.LEAD])

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self, "person", people)


class OperationForm(forms.Form):
    """One operation of an assessor, without script."""

    def payload(self, indicator: str) -> dict[str, Any]:
        """As an operation says it."""
        raise TypeError("each kind of operation says its own")

    def operation_id(self) -> UUID | None:
        """The id that was written into the form, if it is one of version 7."""
        try:
            key = UUID(self.data.get("operation_id", ""))
        except ValueError:
            return None
        return key if key.version == 7 else None


class AnswerForm(OperationForm):
    """An answer without script. The rules check what it says; here only the shape."""

    level = ChoiceField(choices=[("0", "0"), ("1", "1"), ("2", "2"), ("na", "na"), ("unable", "unable")])
    how = ChoiceField(choices=[("check", ""), ("document", ""), ("interview", "")], required=False)
    reason = forms.CharField(required=False, max_length=500)
    language = LanguageField(required=False)
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


class NoteForm(OperationForm):
    """A remark with its language."""

    language = LanguageField(label=_("Written in"))
    text = WordsField(label=_("Remark"), rows=3)

    def payload(self, indicator: str) -> dict[str, Any]:
        return {"indicator": indicator, **self.cleaned_data}


class MeasureForm(OperationForm):
    """A measurement without script."""

    value = forms.CharField(required=False, max_length=40)
    shown = ChoiceField(required=False, choices=[("yes", ""), ("no", "")])
    at_min = WholeField(high=int(numbers.limits_of("min").high), required=False)
    method = forms.CharField(max_length=20)
    condition = forms.CharField(max_length=10)
    notice = forms.CharField(required=False, max_length=20)
    sample = forms.CharField(required=False, max_length=40)
    part = forms.CharField(required=False, max_length=40)

    def payload(self, indicator: str) -> dict[str, Any]:
        """As an operation says it; what was typed is read where it is kept."""
        said = self.cleaned_data
        payload: dict[str, Any] = {"indicator": indicator, "method": said["method"], "condition": said["condition"]}
        if said["shown"]:
            payload["shown"] = said["shown"] == "yes"
        else:
            payload["typed"] = said["value"]
        if said["at_min"] is not None:
            payload["at_min"] = said["at_min"]
        if said["notice"] and said["method"].endswith("drill"):
            payload["notice"] = said["notice"]
        payload["sample"] = said["sample"] or 1
        return payload | ({"part": said["part"]} if said["part"] else {})


class UndoForm(OperationForm):
    """One's own operation that is taken back."""

    operation = forms.UUIDField()
    part = forms.CharField(required=False, max_length=40)

    def payload(self, indicator: str) -> dict[str, Any]:
        return {"operation": str(UUID(str(self.cleaned_data["operation"])))}


class PhaseForm(forms.Form):
    """The phase a visit goes to."""

    phase = ChoiceField(choices=Visit.Phase.choices)


class ReopenForm(forms.Form):
    """Why a locked visit is opened again."""

    reason = WordsField(
        label=_("Reason"),
        longest=500,
        rows=3,
        help_text=_("It stands in the ledger beside every row that ends."),
    )


class ReplyForm(forms.Form):
    """The hospital's word on the result."""

    indicator = ChoiceField(label=_("On"), required=False)
    stance = forms.ChoiceField(label=_("The hospital"), choices=Reply.Stance.choices, widget=forms.RadioSelect)
    language = LanguageField(label=_("Written in"))
    body = WordsField(
        label=_("In words"),
        required=False,
        rows=5,
        help_text=_("What is disputed and why; the team answers to that before the lock."),
    )
    uploads = FilesField(
        label=_("Files"),
        required=False,
        help_text=_(
            "What shows it: photographs (JPEG, PNG) or PDF, at most ten. Whoever reads the reply can open them."
        ),
    )

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "indicator", items, blank=_("The assessment as a whole"))


class TeamAnswerForm(forms.Form):
    """The team's answer to a dispute; `reply` keeps the forms of one page apart."""

    language = LanguageField(label=_("Written in"))
    body = WordsField(
        label=_("The team's answer"),
        rows=4,
        help_text=_("The hospital reads it; the city's side signs it."),
    )

    def __init__(self, data: Any = None, *, reply: UUID) -> None:
        super().__init__(data, auto_id=f"id_{reply.hex[-8:]}_%s")
        self.reply = reply


class SignatureForm(forms.Form):
    """Which answer is signed: the one that was on the page."""

    answer = forms.UUIDField()
