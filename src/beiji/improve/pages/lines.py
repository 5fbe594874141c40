"""One action as a line of the register, a card of the board and the head of its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from beiji.documents.models import UserText
from beiji.documents.pages.typed import TypedText, pack_text, typed_text
from beiji.programme.models import Subject
from beiji.programme.people import name_of
from beiji.ui.languages import pick

from ..fields import filled
from ..models import Action
from ..rules import ActionState, is_overdue, moves_from
from .words import CHIPS, cost_words, due_words, state_word


def shown(text: UserText, numbers: Mapping[str, int] | None = None) -> TypedText:
    """A typed text for the reader, with its fields as `numbers`."""
    return typed_text(text) if numbers is None else typed_text(text, lambda body: filled(body, numbers))


@dataclass(frozen=True)
class Line:
    """An action in words."""

    id: UUID
    code: str
    anchor: str
    href: str
    title: str
    problem: TypedText
    measure: TypedText
    proof: TypedText
    subject: str
    concerned: str
    lead: str
    supporting: str
    leader: str
    responsible: str
    due: date
    due_words: str
    is_late: bool
    state: str
    state_word: str
    chip: str
    cost: str
    moves: tuple[tuple[str, str], ...]


def line_of(action: Action, today: date, plans_for: set[int] | None = None) -> Line:
    """The words of an action; moves only where the person plans for its subject (`plans_for`: keys of subjects)."""
    state = ActionState(action.state)
    may = plans_for is not None and action.subject_id in plans_for
    return Line(
        id=action.pk,
        code=action.code,
        anchor=f"card-{action.number}",
        href=reverse("improve:action", kwargs={"city": action.city_id, "action": action.pk}),
        title=pick(action.titles),
        problem=pack_text(action.problem),
        measure=shown(action.text) if action.text else pack_text(action.advice),
        proof=pack_text(action.proof),
        subject=subject_name(action.subject),
        concerned=concerned_words(action),
        lead=pick(action.lead_unit.names),
        supporting=pick(action.supporting_unit.names) if action.supporting_unit else "",
        leader=name_of(action.leader),
        responsible=name_of(action.responsible),
        due=action.due,
        due_words=due_words(action.due, today, state),
        is_late=is_overdue(action.due, today, state),
        state=state.value,
        state_word=state_word(state),
        chip=CHIPS[state],
        cost=cost_words(action),
        moves=tuple((to.value, state_word(to)) for to in moves_from(state)) if may else (),
    )


def subject_name(subject: Subject) -> str:
    """Its short name, or its name."""
    return pick(subject.short_names or subject.names)


def concerned_words(action: Action) -> str:
    """For how many hospitals a city's action is; nothing for a hospital's own."""
    concerned = action.concerns.all()
    if len(concerned) == 1 and concerned[0].pk == action.subject_id:
        return ""
    return ngettext("for {count} hospital", "for {count} hospitals", len(concerned)).format(count=len(concerned))


def joined(names: Iterable[str]) -> str:
    """Names in a row, as the language separates them."""
    return pgettext("between names", ", ").join(names)
