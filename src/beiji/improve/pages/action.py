"""The page of one action, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from beiji.documents.pages.typed import TypedText
from beiji.programme.models import Person, Subject
from beiji.programme.people import name_in
from beiji.readiness.models import Evidence
from beiji.readiness.rules.rows import Standing, State
from beiji.ui import words as ui_words
from beiji.ui.languages import pick

from ..models import Action, Step
from ..rules import ActionState, StepKind
from .lines import Line, line_of, shown, subject_name
from .words import cost_words, state_word


@dataclass(frozen=True)
class Stands:
    """What the ledger says now of one subject that the action concerns."""

    subject: str
    digit: int | None
    state: str
    state_word: str
    proof: str
    href: str
    is_proved: bool


@dataclass(frozen=True)
class Happened:
    """One line of the history."""

    at: datetime
    what: str
    who: str
    note: TypedText | None
    evidence: str
    href: str
    state: str


@dataclass(frozen=True)
class ActionPage:
    """One action."""

    line: Line
    wanted: str
    stands: Sequence[Stands]
    proved: int
    hidden: int
    facts: Sequence[tuple[str, str]]
    decision: tuple[str, str] | None
    history: Sequence[Happened]
    may_change: bool
    is_live: bool
    can_declare: bool
    can_start: bool
    can_put_back: bool
    next_sentence: str


def page_of(
    action: Action, *, today: date, standings: Iterable[tuple[Subject, Standing]], steps: Sequence[Step],
    people: Mapping[UUID, Person], visible: set[int], may_change: bool, sees_decision: bool,
) -> ActionPage:  # fmt: skip
    """Everything the page shows. Subjects that the reader may not see are only counted."""
    line = line_of(action, today)
    state = ActionState(action.state)
    ledger = list(standings)
    stands = [_stands(action, subject, standing) for subject, standing in ledger]
    seen = [s for s, (subject, _standing) in zip(stands, ledger, strict=True) if subject.pk in visible]
    live = may_change and state not in (ActionState.CLOSED, ActionState.WITHDRAWN)
    return ActionPage(
        line=line,
        wanted=_wanted_sentence(action),
        stands=seen,
        proved=sum(s.is_proved for s in stands),
        hidden=len(stands) - len(seen),
        facts=_facts(action, line),
        decision=_decision(action, sees_decision),
        history=_history(action, steps, people),
        may_change=may_change,
        is_live=live,
        can_declare=live and state is not ActionState.AWAITING_PROOF,
        can_start=live and state in (ActionState.PLANNED, ActionState.REOPENED, ActionState.AWAITING_PROOF),
        can_put_back=live and state is ActionState.IN_PROGRESS,
        next_sentence=_next_sentence(state),
    )


def moved_words(code: str, to: ActionState) -> str:
    """What is said after a move; read out by screen readers."""
    return _("{code} moved to: {column}.").format(code=code, column=state_word(to))


def _stands(action: Action, subject: Subject, standing: Standing) -> Stands:
    return Stands(
        subject=subject_name(subject),
        digit=standing.digit,
        state=standing.state.value,
        state_word=ui_words.state_word(standing.state.value),
        proof=standing.proof.value if standing.proof else "",
        href=reverse(
            "readiness:why",
            kwargs={"city": action.city_id, "subject": subject.code, "capability": action.capability.code},
        ),
        is_proved=standing.state.goodness >= State(action.wanted).goodness,
    )


def _wanted_sentence(action: Action) -> str:
    if action.wanted == Action.Wanted.MET:
        return _("Closes when the target is met, as measured or seen from outside.")
    return _("Closes when somebody from outside has seen it on site.")


def _next_sentence(state: ActionState) -> str:
    return {
        ActionState.PLANNED: _("Nobody has begun yet."),
        ActionState.IN_PROGRESS: _("The work is under way. Declare it done when it is; proof comes after that."),
        ActionState.AWAITING_PROOF: _("Declared done. It stays open until evidence shows it."),
        ActionState.CLOSED: _("Closed by evidence. A later row that shows otherwise opens it again by itself."),
        ActionState.REOPENED: _("Evidence shows that it is not, or no longer, in place."),
        ActionState.WITHDRAWN: _("Not pursued any more."),
    }[state]


def _facts(action: Action, line: Line) -> list[tuple[str, str]]:
    rows = [
        (_("Lead unit"), line.lead),
        (_("Supporting unit"), line.supporting),
        (_("Responsible leader"), line.leader),
        (_("Responsible person"), line.responsible),
        (_("Effort"), str(action.get_effort_display())),
        (_("Cost"), cost_words(action)),
        (_("Year of the prices"), str(action.price_year or "")),
        (_("Source of the cost"), pick(action.cost_source_words) or action.cost_source),
        (_("Stage"), f"{action.stage.number} · {pick(action.stage.names)}" if action.stage else ""),
    ]
    return [(term, value) for term, value in rows if value]


def _decision(action: Action, sees: bool) -> tuple[str, str] | None:
    if not sees or action.decision_id is None or action.decision is None:
        return None
    href = reverse("improve:decision", kwargs={"city": action.city_id, "decision": action.decision_id})
    return (href, action.decision.code)


def _history(action: Action, steps: Sequence[Step], people: Mapping[UUID, Person]) -> list[Happened]:
    happened = [
        Happened(
            at=step.at,
            what=str(step.get_kind_display()),
            who=_who(step.by, people, by_evidence=step.evidence_id is not None),
            note=shown(step.note) if step.note else None,
            evidence=_evidence_words(step.evidence) if step.evidence else "",
            href=_why(action, step.evidence) if step.evidence else "",
            state={StepKind.CLOSED.value: "done", StepKind.REOPENED.value: "late"}.get(step.kind, "open"),
        )
        for step in steps
    ]
    planned = Happened(
        at=action.planned_at,
        what=state_word(ActionState.PLANNED),
        who=_who(action.planned_by, people, by_evidence=False),
        note=None,
        evidence="",
        href="",
        state="open",
    )
    return [*happened, planned]


def _who(key: UUID | None, people: Mapping[UUID, Person], *, by_evidence: bool) -> str:
    if key is None:
        return _("the ledger") if by_evidence else ""
    return name_in(people, key)


def _evidence_words(row: Evidence) -> str:
    label = row.source_label or row.source_kind
    parts = [_("row {number}").format(number=row.pk), pick(row.subject.names), label]
    return " · ".join(part for part in parts if part)


def _why(action: Action, row: Evidence) -> str:
    code = row.subject.hospital_code
    kwargs = {"city": action.city_id, "subject": code, "capability": action.capability.code}
    return reverse("readiness:why", kwargs=kwargs)
