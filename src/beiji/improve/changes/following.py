"""Actions follow the ledger: the row that closes or reopens a gap moves its actions in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import models

from beiji.readiness.listeners import StandingChange
from beiji.readiness.models import Evidence
from beiji.readiness.models import Standing as CachedStanding
from beiji.readiness.rules.rows import State
from beiji.records import audit

from .. import telling
from ..models import Action, Step
from ..rules import ActionState, StepKind, deciding_rows, is_disproof, next_step

Pair = tuple[int, int]


def follow(changes: Sequence[StandingChange]) -> None:
    """Listener of the ledger. Runs inside the transaction that wrote the evidence; whatever is undone there is undone here.

    Five queries, whatever the number of rows, and one for each kind of thing written.
    """
    by_pair: dict[Pair, StandingChange] = {(c.subject.pk, c.capability.pk): c for c in changes}
    actions = list(_actions_about(by_pair))
    if not actions:
        return
    states = _states_of(actions, by_pair)
    steps = []
    for action in actions:
        about = [c for pair, c in by_pair.items() if pair in _pairs_of(action)]
        kind = next_step(
            action.state,
            states=[states.get(pair, State.UNKNOWN) for pair in _pairs_of(action)],
            wanted=State(action.wanted),
            disproved=any(is_disproof(c.after, [e.pk for e in c.evidence]) for c in about),
        )
        if kind is not None:
            steps.append(_step(action, kind, about))
    write_steps(steps)


def _actions_about(pairs: Iterable[Pair]) -> models.QuerySet[Action]:
    pairs = list(pairs)
    concerned = Action.concerns.through.objects.filter(subject__in={subject for subject, _capability in pairs})
    actions: models.QuerySet[Action] = (
        Action.objects.filter(
            pk__in=concerned.values("action"), capability__in={capability for _subject, capability in pairs}
        )
        .with_state()
        .select_related("city", "subject")
        .prefetch_related("concerns")
    )
    return actions


def _pairs_of(action: Action) -> list[Pair]:
    return [(subject.pk, action.capability_id) for subject in action.concerns.all()]


def _states_of(actions: Iterable[Action], fresh: dict[Pair, StandingChange]) -> dict[Pair, State]:
    """Standing of every subject concerned. The caches were rewritten before the listeners are told."""
    wanted = {pair for action in actions for pair in _pairs_of(action)}
    rows = CachedStanding.objects.filter(
        subject__in={pair[0] for pair in wanted}, capability__in={pair[1] for pair in wanted}
    ).values_list("subject_id", "capability_id", "state")
    states = {(subject, capability): State(state) for subject, capability, state in rows}
    return states | {pair: change.after.state for pair, change in fresh.items()}


def _step(action: Action, kind: StepKind, about: Sequence[StandingChange]) -> Step:
    """The step with the row that did it: of the rows just written one that decides, else the newest that decides."""
    written = {e.pk: e for change in about for e in change.evidence}
    deciding = {row for change in about for row in deciding_rows(change.after)}
    row = max(written.keys() & deciding, default=None) or max(written, default=None) or max(deciding, default=None)
    return Step(
        city_id=action.city_id,
        action=action,
        kind=kind.value,
        at=about[0].now,
        by=about[0].by,
        evidence_id=row,
    )


def write_steps(steps: Sequence[Step]) -> None:
    """Append steps that evidence made, with an audit line and an event each."""
    Step.objects.bulk_create(steps)
    for step in steps:
        note_step(step.action, StepKind(step.kind), by=step.by, now=step.at, evidence=step.evidence_id)
    if steps:
        taken = [(step.action, StepKind(step.kind)) for step in steps]
        telling.steps_taken(taken, by=steps[0].by, now=steps[0].at)


def note_step(action: Action, kind: StepKind, *, by: UUID | None, now: datetime, evidence: int | None = None) -> None:
    """Audit line and event of a step."""
    details = {} if evidence is None else {"evidence": evidence}
    audit.write(f"improve.action-{kind.value}", city=action.city_id, by=by, of=action, now=now, **details)
    audit.publish("improve.action", city=action.city_id, now=now, action=str(action.pk), step=kind.value)


def settle(action: Action, *, by: UUID, now: datetime) -> StepKind | None:
    """Look at an action whose wanted proof was changed: it may be closed by evidence that stands already, or reopened."""
    state = ActionState(Action.objects.with_state().get(pk=action.pk).state)
    pairs = _pairs_of(action)
    states = _states_of([action], {})
    kind = next_step(
        state, states=[states.get(p, State.UNKNOWN) for p in pairs], wanted=State(action.wanted), disproved=False
    )
    if kind is None:
        return None
    row = (
        Evidence.objects.filter(
            whole__in=[pair[0] for pair in pairs], capability=action.capability_id, withdrawal=False
        )
        .order_by("-as_of", "-id")
        .values_list("pk", flat=True)
        .first()
    )
    step = Step(city_id=action.city_id, action=action, kind=kind.value, at=now, by=by, evidence_id=row)
    write_steps([step])
    return kind
