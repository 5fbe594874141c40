"""What the room decides: states, closing and reopening, lateness, proposals, what is shared by many hospitals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from beiji.readiness.rules.counting import SharedGap
from beiji.readiness.rules.rows import Proof, Standing, State

#: Share of the hospitals asked from which a gap is offered once, as an action of the city (field.md: assumption).
SHARED_FROM = Fraction(2, 5)
#: Days until the proposed due date, by effort. Assumption of the programme; the person changes it.
DAYS_FOR_EFFORT: Mapping[str, int] = {"XS": 14, "S": 30, "M": 90, "L": 180, "XL": 365}
#: Days before its due date from which an action is called due soon.
SOON_DAYS = 14

#: The choice of a measure that is no advice of the pack.
OWN_WORDS = "own"


class StepKind(StrEnum):
    """What happened to an action. A step is a row with its moment; nothing else says in which state an action is."""

    STARTED = "started"
    PUT_BACK = "put-back"
    DECLARED = "declared"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


class ActionState(StrEnum):
    """Where an action stands; derived from its newest step."""

    PLANNED = "planned"
    IN_PROGRESS = "in-progress"
    AWAITING_PROOF = "awaiting-proof"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


STATE_AFTER: Mapping[StepKind, ActionState] = {
    StepKind.STARTED: ActionState.IN_PROGRESS,
    StepKind.PUT_BACK: ActionState.PLANNED,
    StepKind.DECLARED: ActionState.AWAITING_PROOF,
    StepKind.CLOSED: ActionState.CLOSED,
    StepKind.REOPENED: ActionState.REOPENED,
    StepKind.WITHDRAWN: ActionState.WITHDRAWN,
}
#: Columns of the board, in order.
BOARD = (
    ActionState.PLANNED,
    ActionState.IN_PROGRESS,
    ActionState.AWAITING_PROOF,
    ActionState.CLOSED,
    ActionState.REOPENED,
)
#: Not closed and not withdrawn: somebody still has to do something, if only to arrange the proof.
LIVE_STATES = (ActionState.PLANNED, ActionState.IN_PROGRESS, ActionState.REOPENED, ActionState.AWAITING_PROOF)
#: The step by which a person moves an action to a column. Closed and reopened are missing: only evidence moves there.
STEP_BY_HAND: Mapping[ActionState, StepKind] = {
    ActionState.PLANNED: StepKind.PUT_BACK,
    ActionState.IN_PROGRESS: StepKind.STARTED,
    ActionState.AWAITING_PROOF: StepKind.DECLARED,
}


class Refusal(StrEnum):
    """Why a person cannot move an action."""

    ONLY_PROOF_CLOSES = "only-proof-closes"
    ONLY_PROOF_REOPENS = "only-proof-reopens"
    IS_CLOSED = "is-closed"
    IS_WITHDRAWN = "is-withdrawn"
    IS_THERE = "is-there"
    MOVED_MEANWHILE = "moved-meanwhile"


def state_after(step: str) -> ActionState:
    """The state after the newest step; planned where there is none ("")."""
    return STATE_AFTER[StepKind(step)] if step else ActionState.PLANNED


def refusal_of_move(state: ActionState, to: ActionState, seen: ActionState | None = None) -> Refusal | None:
    """Why a person may not move an action from `state` to the column `to`; None when he may. `seen`: where he saw it."""
    if to is ActionState.CLOSED:
        return Refusal.ONLY_PROOF_CLOSES
    if to is ActionState.REOPENED:
        return Refusal.ONLY_PROOF_REOPENS
    if state is ActionState.CLOSED:
        return Refusal.IS_CLOSED
    if state is ActionState.WITHDRAWN:
        return Refusal.IS_WITHDRAWN
    if state is to:
        return Refusal.IS_THERE
    return Refusal.MOVED_MEANWHILE if seen not in (None, state) else None


def moves_from(state: ActionState) -> list[ActionState]:
    """Columns that a person may move an action to, in the order of the board."""
    return [to for to in BOARD if refusal_of_move(state, to) is None]


def wanted_by_law(*, strict: bool) -> State:
    """What the standing must reach for the gap to be closed: *met* for strict items, at least *in place* for others."""
    return State.MET if strict else State.IN_PLACE


def is_proved(states: Iterable[State], wanted: State) -> bool:
    """Whether every subject concerned has reached what the action wants proven; of none it is never so."""
    reached = list(states)
    return bool(reached) and all(state.goodness >= wanted.goodness for state in reached)


def next_step(state: ActionState, *, states: Iterable[State], wanted: State, disproved: bool) -> StepKind | None:
    """What evidence does to an action: closes it, reopens it, or nothing.

    `states`: the standing of each subject concerned; `disproved`: the row just written is an open miss seen or
    measured from outside, so that an action declared done was not.
    """
    if state is ActionState.WITHDRAWN:
        return None
    if is_proved(states, wanted):
        return None if state is ActionState.CLOSED else StepKind.CLOSED
    if state is ActionState.CLOSED or (state is ActionState.AWAITING_PROOF and disproved):
        return StepKind.REOPENED
    return None


def deciding_rows(standing: Standing) -> list[int]:
    """Ids of the rows that decide the worst parts of a standing, sorted."""
    return sorted({row for part in standing.parts if part.state is standing.state for row in part.deciding})


def is_disproof(standing: Standing, written: Iterable[int]) -> bool:
    """Whether one of the rows just written is an open miss that somebody from outside saw or measured."""
    checked = standing.proof is not None and standing.proof is not Proof.STATED
    return standing.state is State.BELOW and checked and bool(set(written) & set(deciding_rows(standing)))


def is_overdue(due: date, today: date, state: ActionState) -> bool:
    """Whether it is not proven after its day, by the city's calendar; the day itself is in time.

    Who declares an action done has still to prove it: nobody's word stops the clock.
    """
    return state in LIVE_STATES and due < today


def is_due_soon(due: date, today: date, state: ActionState) -> bool:
    """Whether it is to be done and proven within the next days."""
    return state in LIVE_STATES and today <= due <= today + timedelta(days=SOON_DAYS)


def proposed_due(effort: str, today: date) -> date:
    """The due date offered for an effort class."""
    return today + timedelta(days=DAYS_FOR_EFFORT.get(effort, DAYS_FOR_EFFORT["M"]))


def advice_levels(digit: int | None) -> list[int]:
    """Which of the pack's advice is offered, first the next thing to do: from the level that stands upwards.

    Advice 0, 1 and 2 leads from that level to the next; of an unknown item all three are offered.
    """
    return list(range(min(digit or 0, 2), 3))


def is_for_the_city(gap: SharedGap) -> bool:
    """Whether a gap is offered once, as an action of the city: two hospitals have it, and 40 % of those it applies to."""
    return len(gap.gaps) >= 2 and Fraction(len(gap.gaps), gap.of) >= SHARED_FROM


class DecisionState(StrEnum):
    """What became of something asked of the authorities; derived from the newest ruling."""

    ASKED = "asked"
    TAKEN = "taken"
    DEFERRED = "deferred"
    REFUSED = "refused"


def decision_state(rulings: Sequence[str]) -> DecisionState:
    """The state after rulings in their order; asked while there is none."""
    return DecisionState(rulings[-1]) if rulings else DecisionState.ASKED
