"""What pages, home and reports read of this room. Callers are people: every answer is what the person may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When

from beiji.documents import access as documents
from beiji.documents.rules import Version
from beiji.programme.models import Organisation, Person, Stage, Subject
from beiji.readiness import queries as ledger
from beiji.readiness.methodology import gone_items
from beiji.readiness.models import Domain
from beiji.readiness.rules.rows import Standing as PlainStanding
from beiji.ui.languages import language_of, pick
from beiji.ui.listing import LONGEST_SEARCH, page_number

from .access import may_read_decisions, subjects_to_plan_for
from .models import PLAIN_FIELDS, Action, Decision, Ruling, Step
from .rules import (
    BOARD,
    LIVE_STATES,
    ActionState,
    StepKind,
    is_due_soon,
    is_overdue,
    state_after,
)

PAGE_SIZE = 25
#: Most cards of one column; the rest is one link away in the table.
COLUMN_SIZE = 15
ONLY = ("mine", "overdue")
SORTS: Mapping[str, tuple[str, ...]] = {
    "due": ("due", "number"),
    "number": ("number",),
    "subject": ("subject__order", "subject__code", "due", "number"),
    "lead": ("lead_unit__code", "due", "number"),
}


@dataclass(frozen=True)
class Filters:
    """What a person asked of the register; empty: everything that is not withdrawn. `only`: "overdue" or "mine"."""

    subject: str = ""
    domain: str = ""
    state: str = ""
    owner: str = ""
    only: str = ""
    search: str = ""
    sort: str = "due"
    descending: bool = False

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Filters:
        """From the address; what is not understood is left out, so an old link still opens."""
        states = {state.value for state in ActionState}
        sort = str(query.get("sort", "due"))
        return cls(
            subject=str(query.get("subject", "")),
            domain=str(query.get("domain", "")),
            state=str(query.get("state", "")) if query.get("state", "") in states else "",
            owner=str(query.get("owner", "")),
            only=str(query.get("only", "")) if query.get("only", "") in ONLY else "",
            search=" ".join(str(query.get("q", "")).split())[:LONGEST_SEARCH],
            sort=sort.lstrip("-") if sort.lstrip("-") in SORTS else "due",
            descending=sort.startswith("-"),
        )


def filtered(person: Person, filters: Filters, today: date) -> Any:
    """The actions that the person may see and asked for, unordered, with their state."""
    actions = Action.objects.visible_to(person).with_state()
    if filters.subject:
        actions = actions.filter(
            Q(subject__code=filters.subject)
            | Q(pk__in=Action.concerns.through.objects.filter(subject__code=filters.subject).values("action"))
        )
    if filters.domain:
        actions = actions.filter(domain=filters.domain)
    if filters.owner:
        actions = actions.filter(lead_unit__code=filters.owner)
    if filters.state:
        actions = actions.in_states(ActionState(filters.state))
    else:
        actions = actions.exclude(last_step=StepKind.WITHDRAWN.value)
    if filters.only == "mine":
        named = Q(leader=person) | Q(responsible=person)
        actions = actions.filter(named | Q(lead_unit=person.organisation) if person.organisation_id else named)
    return actions.overdue_on(today) if filters.only == "overdue" else actions


def ordered(actions: Any, filters: Filters) -> Any:
    """In the order asked, ready for lines; by due date what is still to be done comes before what is closed."""
    fields = SORTS[filters.sort]
    first = f"-{fields[0]}" if filters.descending else fields[0]
    lines = actions.for_lines()
    if filters.sort != "due":
        return lines.order_by(first, *fields[1:])
    ended = Case(When(last_step__in=(StepKind.CLOSED.value, StepKind.WITHDRAWN.value), then=Value(1)), default=Value(0))
    return lines.order_by(ended, first, *fields[1:])


@dataclass(frozen=True)
class ActionsPage:
    """One page of the register: its rows, its number (from 1), and how many actions there are on all of them."""

    rows: Sequence[Action]
    number: int
    total: int


def page_of_actions(person: Person, filters: Filters, today: date, wanted: str) -> ActionsPage:
    """The page asked for, held within what there is; `wanted` as it stands in the address."""
    actions = filtered(person, filters, today)
    total = actions.count()
    number = page_number(wanted, total, PAGE_SIZE)
    start = (number - 1) * PAGE_SIZE
    return ActionsPage(list(ordered(actions, filters)[start : start + PAGE_SIZE]), number, total)


def every_action(person: Person, filters: Filters, today: date) -> list[Action]:
    """All actions asked for, in order: for a search in their words, and for a file."""
    return list(ordered(filtered(person, filters, today), filters))


@dataclass(frozen=True)
class Choices:
    """What the filters of the register offer: (code, names)."""

    subjects: Sequence[tuple[str, Any]]
    domains: Sequence[tuple[str, Any]]
    owners: Sequence[tuple[str, Any]]


def choices(person: Person) -> Choices:
    """Only what occurs in the actions that the person may see. Three queries."""
    actions = Action.objects.visible_to(person)
    titles: dict[str, Any] = {}
    for code, names in Domain.objects.order_by("pack", "order").values_list("code", "titles"):
        titles[code] = names
    present = set(actions.order_by().values_list("domain", flat=True).distinct())
    subjects = Subject.objects.filter(pk__in=actions.order_by().values("subject"))
    owners = Organisation.objects.filter(pk__in=actions.order_by().values("lead_unit"))
    return Choices(
        subjects=[(s.code, s.short_names or s.names) for s in subjects],
        domains=[(code, names) for code, names in titles.items() if code in present],
        owners=[(o.code, o.names) for o in owners],
    )


@dataclass(frozen=True)
class Column:
    """A column of the board: how many actions are in it, and the first of them by due date."""

    state: ActionState
    total: int
    actions: Sequence[Action]


def board(person: Person, filters: Filters, today: date, keys: Collection[UUID] | None = None) -> list[Column]:
    """The columns in order. Actions are read once, whatever their number; only the first of a column become cards.

    `keys`: the actions that a search has found; None where nothing is searched for.
    """
    light = list(filtered(person, filters, today).order_by("due", "number").values_list("pk", "last_step"))
    light = [(key, last) for key, last in light if keys is None or key in keys]
    by_state: dict[ActionState, list[UUID]] = {state: [] for state in BOARD}
    for key, last in light:
        by_state.get(state_after(last), []).append(key)
    shown = [key for keys in by_state.values() for key in keys[:COLUMN_SIZE]]
    cards = {a.pk: a for a in Action.objects.filter(pk__in=shown).with_state().for_lines()}
    return [Column(s, len(keys), [cards[key] for key in keys[:COLUMN_SIZE]]) for s, keys in by_state.items()]


@dataclass(frozen=True)
class Counts:
    """Figures for home pages."""

    live: int
    overdue: int
    due_soon: int
    awaiting_proof: int
    reopened: int
    closed: int


def counts(person: Person, today: date) -> Counts:
    """How many of the actions that the person may see are where. One query."""
    rows = [
        (state_after(last), due)
        for last, due in Action.objects.visible_to(person).with_state().values_list("last_step", "due")
    ]
    states = Counter(state for state, _due in rows)
    return Counts(
        live=sum(states[state] for state in LIVE_STATES),
        overdue=sum(is_overdue(due, today, state) for state, due in rows),
        due_soon=sum(is_due_soon(due, today, state) for state, due in rows),
        awaiting_proof=states[ActionState.AWAITING_PROOF],
        reopened=states[ActionState.REOPENED],
        closed=states[ActionState.CLOSED],
    )


def actions_to_remind_of(person: Person, until: date) -> list[Action]:
    """Actions of the subjects for which the person plans, not yet proven and due until a day, or awaiting proof."""
    actions = Action.objects.filter(subject__in=subjects_to_plan_for(person)).with_state()
    due = actions.in_states(*LIVE_STATES).filter(due__lte=until)
    waiting = actions.in_states(ActionState.AWAITING_PROOF)
    lines = (due | waiting).select_related("subject", "lead_unit")
    return list(lines.order_by("due", "number"))


def actions_of_gone_items(person: Person, today: date) -> list[Action]:
    """Open actions of the person's subjects whose item the standard in force was released without; seldom any."""
    gone = gone_items(today, ledger.end_of(today, person.city))
    if not gone:
        return []
    actions = Action.objects.filter(subject__in=subjects_to_plan_for(person), indicator__in=list(gone)).with_state()
    return list(actions.in_states(*LIVE_STATES, ActionState.AWAITING_PROOF).order_by("number"))


def steps_of(action: Action) -> list[Step]:
    """What happened to an action, newest first, with the words of its notes and the rows of evidence."""
    return list(
        Step.objects.filter(action=action)
        .select_related("evidence__subject__parent__parent", "note")
        .prefetch_related("note__versions", "note__translations__approval")
        .order_by("-at", "-id")
    )


def organisations() -> QuerySet[Organisation]:
    """Institutions that can lead or support, the city's own first."""
    units: QuerySet[Organisation] = Organisation.objects.order_by("side", "kind", "code")
    return units


def stages() -> QuerySet[Stage]:
    """Stages of the programme."""
    plan: QuerySet[Stage] = Stage.objects.order_by("number")
    return plan


def decisions_to_follow(person: Person) -> QuerySet[Decision] | None:
    """Decisions that an action can follow from; None for whoever may not see them."""
    if not may_read_decisions(person):
        return None
    decisions: QuerySet[Decision] = Decision.objects.visible_to(person).order_by("number")
    return decisions


def standings_of(action: Action, now: datetime) -> list[tuple[Subject, PlainStanding]]:
    """What stands for each subject that an action concerns."""
    concerned = list(action.concerns.all())
    seen = ledger.picture(city=action.city, subjects=concerned, now=now)
    return [(s, seen.standing(s.code, action.capability.code)) for s in concerned]


def original_of(action: Action) -> Version | None:
    """The newest wording that a person typed for an action; None where the pack's advice stands."""
    return None if action.text is None else documents.versions_of(action.text)[-1]


def values_of(action: Action) -> dict[str, Any]:
    """What the form of an action begins with."""
    original = original_of(action)
    return {
        "version": action.version,
        "body": original.body if original else pick(action.advice),
        "language": original.language if original else language_of().pack,
        **{name: getattr(action, name) for name in PLAIN_FIELDS},
    }


def live_count(person: Person) -> int:
    """How many actions that the person may see are neither closed nor withdrawn."""
    count: int = Action.objects.visible_to(person).with_state().in_states(*LIVE_STATES).count()
    return count


def decisions_due(person: Person) -> list[Decision]:
    """Decisions that the authorities have not taken or refused."""
    decided = Ruling.objects.exclude(word=Ruling.Word.DEFERRED).values("decision")
    return list(Decision.objects.visible_to(person).exclude(pk__in=decided))
