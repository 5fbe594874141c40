"""The room's words in the current language: states, lateness, costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from beiji.ui import days, formats

from ..models import Action
from ..rules import ActionState, DecisionState

_STATES: Mapping[ActionState, Callable[[], str]] = {
    ActionState.PLANNED: lambda: pgettext("an action", "Planned"),
    ActionState.IN_PROGRESS: lambda: _("In progress"),
    ActionState.AWAITING_PROOF: lambda: _("Awaiting proof"),
    ActionState.CLOSED: lambda: pgettext("an action", "Closed"),
    ActionState.REOPENED: lambda: pgettext("an action", "Reopened"),
    ActionState.WITHDRAWN: lambda: _("Withdrawn"),
}
#: Kind of the chip that shows a state.
CHIPS: Mapping[ActionState, str] = {
    ActionState.PLANNED: "outline",
    ActionState.IN_PROGRESS: "info",
    ActionState.AWAITING_PROOF: "warn",
    ActionState.CLOSED: "good",
    ActionState.REOPENED: "bad",
    ActionState.WITHDRAWN: "unknown",
}
_DECISIONS: Mapping[DecisionState, Callable[[], str]] = {
    DecisionState.ASKED: lambda: pgettext("a decision", "Awaiting decision"),
    DecisionState.TAKEN: lambda: pgettext("a decision", "Taken"),
    DecisionState.DEFERRED: lambda: pgettext("a decision", "Deferred"),
    DecisionState.REFUSED: lambda: pgettext("a decision", "Refused"),
}
DECISION_CHIPS: Mapping[DecisionState, str] = {
    DecisionState.ASKED: "info",
    DecisionState.TAKEN: "good",
    DecisionState.DEFERRED: "warn",
    DecisionState.REFUSED: "bad",
}


def state_word(state: ActionState) -> str:
    """Planned, in progress, awaiting proof, closed, reopened, withdrawn."""
    return _STATES[state]()


def decision_word(state: DecisionState) -> str:
    """Asked, taken, deferred, refused."""
    return _DECISIONS[state]()


def due_words(due: date, today: date, state: ActionState) -> str:
    """How far the day is; nothing once it no longer matters."""
    return "" if state in (ActionState.CLOSED, ActionState.WITHDRAWN) else days.due_words(due, today)


def cost_words(action: Action) -> str:
    """The cost from low to high with its price year; nothing where none was estimated."""
    if action.cost_low is None or action.cost_high is None:
        return ""
    low, high = (formats.money_text(amount, action.currency) for amount in (action.cost_low, action.cost_high))
    if action.cost_low == action.cost_high:
        return low if low != formats.money_text(0, action.currency) else _("no cost")
    return _("{low} to {high}").format(low=low, high=high)
