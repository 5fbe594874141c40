"""What this room tells people: an action given to them, how its proof was judged, what is asked of their institution."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beiji.programme.access import Role, today_in, who_holds
from beiji.programme.models import City, Person, Subject
from beiji.programme.telling import Told, tell, tell_all
from beiji.records import notices
from beiji.records.models import Notice
from beiji.records.notices import Due, Kind, Line, Topic
from beiji.ui import formats
from beiji.ui.addresses import address
from beiji.ui.languages import pick

from .models import Action, Decision, Ruling
from .rules import LIVE_STATES, ActionState, StepKind

#: Steps of an action that people are told of, and as what.
TOLD_STEPS = {
    StepKind.CLOSED: "improve.action-closed",
    StepKind.REOPENED: "improve.action-reopened",
    StepKind.WITHDRAWN: "improve.action-withdrawn",
}
Sentence = Callable[[Action, Notice], str]


def concerned_by(actions: Sequence[Action], day: date) -> dict[UUID, set[UUID | None]]:
    """Whose an action is: those named on it, and the coordinators of its hospital, or the managers where it is the city's. One
    query, whatever the number."""
    holders = who_holds(day, (Role.COORDINATOR, Role.MANAGER), {None, *(a.subject_id for a in actions)})
    managers = holders.pop(None)
    return {
        a.pk: {
            a.responsible_id, a.leader_id,
            *(managers if a.subject.kind == Subject.Kind.CITY else holders.get(a.subject_id, ())),
        }
        for a in actions
    }  # fmt: skip


def action_planned(action: Action, *, by: UUID, now: datetime) -> None:
    """Tell whoever it was given to, and the hospital's coordinators."""
    action_given(action, (action.responsible_id, action.leader_id), by=by, now=now)
    day = today_in(action.city, now)
    others = concerned_by([action], day)[action.pk] - {action.responsible_id, action.leader_id}
    tell("improve.action-planned", of=action, to=others, city=action.city, by=by, now=now)


def action_given(action: Action, to: Iterable[UUID | None], *, by: UUID, now: datetime) -> None:
    """Tell people who are named on an action from now on."""
    tell("improve.action-given", of=action, to=set(to), city=action.city, by=by, now=now)


def steps_taken(steps: Sequence[tuple[Action, StepKind]], *, by: UUID | None, now: datetime) -> None:
    """Tell what evidence, or a person, has made of actions; as many queries for one as for all, but for those concerned."""
    told = [(action, kind) for action, kind in steps if kind in TOLD_STEPS]
    if not told:
        return
    city = told[0][0].city
    concerned = concerned_by([action for action, _kind in told], today_in(city, now))
    for kind, code in TOLD_STEPS.items():
        said = [Told(action, concerned[action.pk]) for action, step in told if step is kind]
        tell_all(code, said, city=city, by=by, now=now)


def decision_asked(decision: Decision, *, by: UUID, now: datetime) -> None:
    """Tell the leaders of the institution that is asked."""
    tell("improve.decision-asked", of=decision, to=_asked(decision, now), city=decision.city, by=by, now=now)


def decision_ruled(decision: Decision, word: str, *, by: UUID, now: datetime) -> None:
    """Tell whoever asked, and the managers."""
    to = {decision.asked_by, *who_holds(today_in(decision.city, now), (Role.MANAGER,))[None]}
    tell("improve.decision-ruled", of=decision, to=to, city=decision.city, by=by, now=now, word=word)


def _asked(decision: Decision, now: datetime) -> set[UUID | None]:
    leaders = who_holds(today_in(decision.city, now), (Role.LEADER,))[None]
    return set(Person.objects.filter(pk__in=leaders, organisation=decision.owner_id).values_list("pk", flat=True))


def dues(city: City, day: date) -> Iterable[Due]:
    """Open actions and decisions that are due within a week, or overdue."""
    soon = day + timedelta(days=notices.BEFORE_DAYS)
    actions = list(Action.objects.with_state().in_states(*LIVE_STATES).filter(due__lte=soon).select_related("subject"))
    concerned = concerned_by(actions, day) if actions else {}
    kinds = ("improve.action-due", "improve.action-due", "improve.action-overdue")
    for action in actions:
        yield Due(action, action.due, kinds, concerned[action.pk])
    managers = who_holds(day, (Role.MANAGER,))[None]
    leaders = who_holds(day, (Role.LEADER,))[None]
    office = dict(Person.objects.filter(pk__in=leaders).values_list("pk", "organisation_id"))
    for decision in _undecided().filter(due__lte=soon):
        asked = {person for person, organisation in office.items() if organisation == decision.owner_id}
        yield Due(decision, decision.due, ("improve.decision-due", "improve.decision-due", ""), asked)
        yield Due(decision, decision.due, ("", "", "improve.decision-overdue"), {*managers, *asked})


def _undecided() -> Any:
    decided = Ruling.objects.exclude(word=Ruling.Word.DEFERRED).values("decision")
    return Decision.objects.exclude(pk__in=decided)


def _of_actions(sentence: Sentence, *, live: bool = False) -> notices.Lines:
    """Lines about actions; with `live` only while the action is still to be proven."""

    def lines(reader: Person, rows: Sequence[Notice]) -> Mapping[int, Line]:
        seen = Action.objects.visible_to(reader).with_state().select_related("subject")
        actions = {str(a.pk): a for a in seen.filter(pk__in={notices.key_of(row) for row in rows})}
        named = {row.pk: actions.get(notices.key_of(row)) for row in rows}
        return {
            row.pk: Line(sentence(action, row), address("improve:action", city=action.city_id, action=action.pk))
            for row in rows
            if (action := named[row.pk]) and (not live or ActionState(action.state) in LIVE_STATES)
        }

    return lines


def _words(action: Action) -> dict[str, str]:
    return {
        "code": formats.code_text(action.code),
        "title": pick(action.titles),
        "hospital": pick(action.subject.names),
        "day": formats.date_text(action.due),
    }


def _given(action: Action, row: Notice) -> str:
    return _("Action {code} was given to you: {title}").format(**_words(action))


def _planned(action: Action, row: Notice) -> str:
    return _("Action {code} was planned for {hospital}: {title}").format(**_words(action))


def _closed(action: Action, row: Notice) -> str:
    return _("Proof is there: action {code} is closed by evidence: {title}").format(**_words(action))


def _reopened(action: Action, row: Notice) -> str:
    return _("Action {code} is open again, since new evidence no longer shows it: {title}").format(**_words(action))


def _withdrawn(action: Action, row: Notice) -> str:
    return _("Action {code} was withdrawn: {title}").format(**_words(action))


def _due(action: Action, row: Notice) -> str:
    return _("Action {code} is due on {day}: {title}").format(**_words(action))


def _overdue(action: Action, row: Notice) -> str:
    return _("Action {code} is overdue since {day}: {title}").format(**_words(action))


def _of_decisions(sentence: Callable[[Decision, Notice], str], *, open_only: bool = False) -> notices.Lines:
    def lines(reader: Person, rows: Sequence[Notice]) -> Mapping[int, Line]:
        seen = (_undecided() if open_only else Decision.objects.all()).visible_to(reader)
        decisions = {str(d.pk): d for d in seen.filter(pk__in={notices.key_of(row) for row in rows})}
        return {
            row.pk: Line(
                sentence(decision, row), address("improve:decision", city=decision.city_id, decision=decision.pk)
            )
            for row in rows
            if (decision := decisions.get(notices.key_of(row)))
        }

    return lines


def _asked_words(decision: Decision, row: Notice) -> str:
    return _("Your institution is asked to decide {code} by {day}").format(
        code=formats.code_text(decision.code), day=formats.date_text(decision.due)
    )


def _ruled_words(decision: Decision, row: Notice) -> str:
    code, word = formats.code_text(decision.code), row.details.get("word", "")
    if word == Ruling.Word.TAKEN:
        return _("Decision {code} was taken").format(code=code)
    if word == Ruling.Word.REFUSED:
        return _("Decision {code} was refused").format(code=code)
    return _("Decision {code} was deferred").format(code=code)


def _decision_due(decision: Decision, row: Notice) -> str:
    return _("Decision {code} is to be taken by {day}").format(
        code=formats.code_text(decision.code), day=formats.date_text(decision.due)
    )


def _decision_overdue(decision: Decision, row: Notice) -> str:
    return _("Decision {code} was to be taken by {day}, and is not").format(
        code=formats.code_text(decision.code), day=formats.date_text(decision.due)
    )


KINDS = (
    Kind("improve.action-given", Topic.ACTIONS, gettext_lazy("An action is given to me"), _of_actions(_given)),
    Kind("improve.action-planned", Topic.ACTIONS, gettext_lazy("An action is planned for my hospital"), _of_actions(_planned)),
    Kind("improve.action-closed", Topic.ACTIONS, gettext_lazy("Evidence closes an action"), _of_actions(_closed)),
    Kind("improve.action-reopened", Topic.ACTIONS, gettext_lazy("Evidence reopens an action"), _of_actions(_reopened)),
    Kind("improve.action-withdrawn", Topic.ACTIONS, gettext_lazy("An action is withdrawn"), _of_actions(_withdrawn)),
    Kind("improve.action-due", Topic.ACTIONS, gettext_lazy("An action is due soon"), _of_actions(_due, live=True)),
    Kind("improve.action-overdue", Topic.ACTIONS, gettext_lazy("An action is overdue"), _of_actions(_overdue, live=True)),
    Kind("improve.decision-asked", Topic.DECISIONS, gettext_lazy("A decision is asked for"), _of_decisions(_asked_words)),
    Kind("improve.decision-ruled", Topic.DECISIONS, gettext_lazy("A decision is recorded"), _of_decisions(_ruled_words)),
    Kind(
        "improve.decision-due", Topic.DECISIONS, gettext_lazy("A decision is due soon"),
        _of_decisions(_decision_due, open_only=True),
    ),
    Kind(
        "improve.decision-overdue", Topic.DECISIONS, gettext_lazy("A decision is overdue"),
        _of_decisions(_decision_overdue, open_only=True),
    ),
)  # fmt: skip
