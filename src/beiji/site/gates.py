"""Does a stage's gate hold? Each check is a small function over the ledger and the rooms; what nobody can compute says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.assess.access import raters_of
from beiji.assess.given import answers_in
from beiji.assess.models import Lock, Visit
from beiji.assess.rules.agreement import paired_levels, weighted_kappa
from beiji.improve.deciding import decision_states
from beiji.improve.models import Action
from beiji.improve.rules import ActionState, DecisionState
from beiji.programme.models import GateCondition, GateDecision, Stage
from beiji.readiness.pages import counted
from beiji.readiness.queries import Picture
from beiji.readiness.rules.rows import Condition, State
from beiji.ui import formats
from beiji.ui.languages import pick


@dataclass(frozen=True)
class Checked:
    """One condition of a gate: its sentence, whether it holds (None: not yet computable, a person tells) and why."""

    code: str
    text: str
    holds: bool | None
    why: str


@dataclass(frozen=True)
class Gate:
    """A stage as it stands: its months, its conditions, the newest decision on its gate."""

    number: int
    title: str
    months: str
    is_current: bool
    is_over: bool
    conditions: Sequence[Checked]
    decision: str


@dataclass(frozen=True)
class Ground:
    """What the checks look at."""

    picture: Picture
    now: datetime


def _clear_hospitals(ground: Ground, parameters: Mapping[str, Any]) -> tuple[bool, str]:
    counts = ground.picture.tally
    said = ngettext("{count} of {total} hospital", "{count} of {total} hospitals", counts.hospitals)
    clear = counts.clear_hospitals
    return clear >= parameters["at_least"], said.format(count=clear, total=counts.hospitals)


def _pilots_without_zero(ground: Ground, parameters: Mapping[str, Any]) -> tuple[bool, str]:
    """No must-pass item at 0; one that nobody knows counts as 0, as in the floor of a roll-up."""
    names = {s.code: pick(s.names) for s in ground.picture.subjects}
    zero = [
        f"{names[h.hospital]} {h.indicator}"
        for h in ground.picture.held
        if h.hospital in parameters["hospitals"] and h.must_pass and not h.digit
    ]
    return not zero, "; ".join(zero)


def _capability_exercised(ground: Ground, parameters: Mapping[str, Any]) -> tuple[bool, str] | None:
    """Every hospital named has the capability *met* in every condition named; the target of the day judges the number."""
    wanted = {Condition(c) for c in parameters["conditions"]}
    lacking = []
    for subject in ground.picture.subjects:
        if subject.code in parameters["hospitals"]:
            parts = ground.picture.standing(subject.code, parameters["capability"]).parts
            met = {p.part.condition for p in parts} >= wanted and all(
                p.state is State.MET for p in parts if p.part.condition in wanted
            )
            if not met:
                lacking.append(pick(subject.names))
    return not lacking, _("still to be shown: {hospitals}").format(hospitals=", ".join(lacking)) if lacking else ""


def _core_exercised(ground: Ground, parameters: Mapping[str, Any]) -> tuple[bool, str]:
    counts = ground.picture.tally
    share = Fraction(counts.core_met, counts.core_items) if counts.core_items else Fraction(0)
    return share >= Fraction(str(parameters["share"])), counted.core_share(counts)


def _decisions_taken(ground: Ground, parameters: Mapping[str, Any]) -> tuple[bool, str]:
    """Requests whose newest ruling is *taken*: one that was refused afterwards counts no more."""
    states = decision_states(ground.now)
    taken = sum(state is DecisionState.TAKEN for state in states)
    said = ngettext("{count} of {total} request", "{count} of {total} requests", len(states))
    return taken >= parameters["at_least"], said.format(count=taken, total=len(states))


def _actions_proven(ground: Ground, parameters: Mapping[str, Any]) -> tuple[bool, str] | None:
    total = Action.objects.count()
    if not total:
        return None
    closed = Action.objects.with_state().in_states(ActionState.CLOSED).count()
    said = ngettext("{count} of {total} action", "{count} of {total} actions", total)
    return Fraction(closed, total) >= Fraction(str(parameters["share"])), said.format(count=closed, total=total)


def _assessors_agree(ground: Ground, parameters: Mapping[str, Any]) -> tuple[bool, str] | None:
    """Quadratic-weighted kappa over all items that two assessors of one visit both gave a level; None without variation."""
    locks = Lock.objects.filter(ended_at__isnull=True).exclude(visit__kind=Visit.Kind.SELF).order_by("pk")
    pairs = _pairs_of(tuple(locks.values_list("pk", flat=True)))
    kappa = weighted_kappa(pairs)
    if kappa is None:
        return None
    said = ngettext("kappa {kappa} over {count} item", "kappa {kappa} over {count} items", len(pairs)).format(
        kappa=formats.number_text(float(kappa), digits=2), count=len(pairs)
    )
    return kappa >= Fraction(str(parameters["at_least"])), said


@lru_cache(maxsize=8)
def _pairs_of(locks: tuple[UUID, ...]) -> tuple[tuple[int, int], ...]:
    """Paired levels of the visits behind these locks; kept, since a locked visit takes no answer and a new lock is another."""
    visits = list(Visit.objects.filter(locks__in=locks).prefetch_related("members"))
    answers = answers_in(visits)
    return tuple(pair for v in visits for pair in paired_levels(answers[v.pk], raters_of(v)))


CHECKS: Mapping[str, Callable[[Ground, Mapping[str, Any]], tuple[bool, str] | None]] = {
    "must-pass-clear": _clear_hospitals,
    "pilots-no-must-pass-zero": _pilots_without_zero,
    "capability-exercised": _capability_exercised,
    "core-exercised": _core_exercised,
    "agreement": _assessors_agree,
    "decisions-taken": _decisions_taken,
    "actions-proven": _actions_proven,
}


def check(condition: GateCondition, ground: Ground) -> Checked:
    """One condition as the ledger stands. A check that does not exist yet, or a person's word, is *not yet computable*."""
    function = CHECKS.get(condition.check_code)
    answer = function(ground, condition.parameters) if function else None
    text = pick(condition.text)
    if answer is None:
        return Checked(
            condition.code,
            text,
            None,
            _("not yet computable") if condition.check_code else _("told by the steering group"),
        )
    return Checked(condition.code, text, *answer)


def gates(picture: Picture, now: datetime) -> list[Gate]:
    """Every stage of the city's plan, with the conditions of the present and the last gate checked."""
    ground = Ground(picture, now)
    month = picture.city.month_of(picture.day)
    decisions: dict[int, GateDecision] = {}
    for decision in (
        GateDecision.objects.filter(decided_on__lte=picture.day)
        .prefetch_related("open_conditions")
        .order_by("decided_on", "pk")
    ):
        decisions[decision.stage_id] = decision
    every = []
    for stage in Stage.objects.prefetch_related("conditions"):
        current = stage.first_month <= month <= stage.last_month
        previous = stage.last_month < month <= stage.last_month + 6
        every.append(
            Gate(
                number=stage.number,
                title=pick(stage.names),
                months=formats.range_text(stage.first_month, stage.last_month),
                is_current=current,
                is_over=stage.last_month < month,
                conditions=[check(c, ground) for c in stage.conditions.all()] if current or previous else [],
                decision=_decision_words(decisions.get(stage.pk)),
            )
        )
    return every


def _decision_words(decision: GateDecision | None) -> str:
    if decision is None:
        return ""
    opened = [pick(c.text) for c in decision.open_conditions.all()]
    day = formats.date_text(decision.decided_on)
    if not decision.passed:
        return _("not passed on {day}").format(day=day)
    if opened:
        return _("passed on {day}, open: {conditions}").format(day=day, conditions="; ".join(opened))
    return _("passed on {day}").format(day=day)
