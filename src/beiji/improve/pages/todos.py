"""Reminders of actions for people's to-do lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.programme.models import City, Person
from beiji.records.providers import ToDo
from beiji.ui.addresses import address
from beiji.ui.languages import pick

from .. import access, deciding, queries
from ..models import Action
from ..rules import SOON_DAYS, ActionState, DecisionState, is_overdue
from .lines import shown, subject_name

#: From this many reminders of one kind on, one line stands for all of them.
MANY = 4


def todos_of(person: Person, city: City, today: date) -> Iterable[ToDo]:
    """Actions overdue, due soon and awaiting proof, for those who plan; decisions that nobody took in time."""
    if access.may_plan(person):
        yield from _of_gone_items(queries.actions_of_gone_items(person, today), city.pk)
        yield from _of_actions(queries.actions_to_remind_of(person, today + timedelta(days=SOON_DAYS)), city.pk, today)
    if access.is_asked(person):
        yield from _asked_of(person, city)
    if access.may_rule(person):
        late = [d for d in queries.decisions_due(person) if d.due < today]
        if late:
            what = ngettext(
                "{count} decision is not taken in time", "{count} decisions are not taken in time", len(late)
            )
            yield ToDo(
                what.format(count=len(late)),
                _("The authorities were asked; record what they decided."),
                address("improve:decisions", city=city.pk),
                due=min(d.due for d in late),
            )


def _of_gone_items(actions: Sequence[Action], city: str) -> Iterable[ToDo]:
    """A new release has split, merged or retired what these actions were planned for; nobody but a person moves them."""
    if actions:
        codes = ", ".join(dict.fromkeys(action.indicator for action in actions))
        what = ngettext(
            "{count} action speaks of an item that the standard no longer asks: {codes}",
            "{count} actions speak of items that the standard no longer asks: {codes}",
            len(actions),
        )
        yield ToDo(
            what.format(count=len(actions), codes=codes),
            _("Decide where they belong now; their evidence stays."),
            address("improve:register", city=city),
        )


def _asked_of(leader: Person, city: City) -> Iterable[ToDo]:
    """What a leader is asked to decide, in its words, with the day by which."""
    waiting = [r for r in deciding.decisions_of(leader) if r.state in (DecisionState.ASKED, DecisionState.DEFERRED)]
    numbers = deciding.numbers_of_decisions(waiting, city, timezone.now())
    for row in waiting:
        decision = row.decision
        yield ToDo(
            shown(decision.text, numbers[decision.pk]).on_a_line,
            f"{decision.code} · {pick(decision.owner.names)}",
            address("improve:decision", city=city.pk, decision=decision.pk),
            due=decision.due,
        )


def _of_actions(actions: Iterable[Action], city: str, today: date) -> Iterable[ToDo]:
    """`MANY` of a kind become one line with their number."""
    late: list[Action] = []
    soon: list[Action] = []
    waiting: list[Action] = []
    for action in actions:
        state = ActionState(action.state)
        is_waiting = state is ActionState.AWAITING_PROOF
        kind = late if is_overdue(action.due, today, state) else waiting if is_waiting else soon
        kind.append(action)
    register = address("improve:register", city=city)
    yield from _of_kind(late, _late_words, _one_due, f"{register}?only=overdue", weight=2)
    yield from _of_kind(soon, _soon_words, _one_due, register, weight=1)
    yield from _of_kind(waiting, _waiting_words, _one_waiting, f"{register}?state=awaiting-proof", weight=0)


def _of_kind(
    actions: Sequence[Action], words: Callable[[int], tuple[str, str]], one: Callable[[Action], ToDo],
    url: str, weight: int,
) -> Iterable[ToDo]:  # fmt: skip
    if len(actions) < MANY:
        for action in actions:
            yield one(action)
    else:
        what, why = words(len(actions))
        due = min(a.due for a in actions) if weight else None
        yield ToDo(what, why, url, due=due, weight=weight)


def _late_words(count: int) -> tuple[str, str]:
    what = ngettext("{count} action is overdue", "{count} actions are overdue", count).format(count=count)
    return what, _("Finish it, or arrange the proof that is missing; declaring it done does not stop the clock.")


def _soon_words(count: int) -> tuple[str, str]:
    what = ngettext("{count} action is due soon", "{count} actions are due soon", count).format(count=count)
    return what, _("Within two weeks.")


def _waiting_words(count: int) -> tuple[str, str]:
    what = ngettext("{count} action awaits proof", "{count} actions await proof", count).format(count=count)
    return what, _("Arrange the check or the drill that shows it; only evidence closes them.")


def _one_due(action: Action) -> ToDo:
    parts = [action.code, subject_name(action.subject)]
    if action.lead_unit.subject_id != action.subject_id:
        parts.append(pick(action.lead_unit.names))
    why = " · ".join(parts)
    return ToDo(_what(action), why, _url(action), due=action.due, weight=1)


def _what(action: Action) -> str:
    title = pick(action.titles)
    is_waiting = ActionState(action.state) is ActionState.AWAITING_PROOF
    return _("Arrange the proof: {title}").format(title=title) if is_waiting else title


def _one_waiting(action: Action) -> ToDo:
    return ToDo(_what(action), f"{action.code} · {subject_name(action.subject)}", _url(action))


def _url(action: Action) -> str:
    return address("improve:action", city=action.city_id, action=action.pk)
