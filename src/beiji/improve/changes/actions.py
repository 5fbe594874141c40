"""Planning and changing actions, and what people do with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from beiji.documents import changes as documents
from beiji.documents.models import UserText
from beiji.programme.access import today_in
from beiji.programme.models import City, Organisation, Person, Stage, Subject
from beiji.programme.versions import next_version
from beiji.programme.writing import change, hold_city
from beiji.readiness import methodology
from beiji.readiness.book import size_class
from beiji.readiness.models import Capability, Edition, Indicator
from beiji.readiness.models import Standing as CachedStanding
from beiji.readiness.rules.rows import State
from beiji.records import audit

from .. import telling
from ..models import PLAIN_FIELDS, Action, Decision, Step
from ..rules import STEP_BY_HAND, ActionState, Refusal, StepKind, is_proved, refusal_of_move, wanted_by_law
from . import following
from .errors import ImproveError, sentence_of
from .numbers import next_number

Texts = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class ActionDraft:
    """What a person says of an action.

    `subject` is whose it is; `concerns` the subjects whose gap it closes (empty: the subject itself). With `body` the
    measure is the person's own words in `language`; without, the pack's advice of `advice_level` stands as it is.
    Costs are in minor units of `currency`. `wanted` None: what the law asks of the item.
    """

    subject: Subject
    capability: str
    lead_unit: Organisation
    due: date
    indicator: str = ""
    concerns: Sequence[Subject] = ()
    body: str = ""
    language: str = ""
    advice_level: int | None = None
    wanted: State | None = None
    supporting_unit: Organisation | None = None
    leader: Person | None = None
    responsible: Person | None = None
    effort: str = "M"
    cost_low: int | None = None
    cost_high: int | None = None
    currency: str = "CNY"
    price_year: int | None = None
    cost_source: str = ""
    cost_source_words: Mapping[str, str] = field(default_factory=dict)
    stage: Stage | None = None
    decision: Decision | None = None


def draft_over(action: Action, said: Mapping[str, Any]) -> ActionDraft:
    """A draft from what a person's form said; a field that it does not have keeps its value: what he cannot see he
    cannot mean to empty."""
    values = {name: getattr(action, name) for name in PLAIN_FIELDS} | dict(said)
    about: dict[str, Any] = {
        "subject": action.subject,
        "capability": action.capability.code,
        "indicator": action.indicator,
    }
    return ActionDraft(**about, **values)


@change
def plan_action(*, city: City, draft: ActionDraft, by: Person, now: datetime) -> Action:
    """Plan an action against a gap. Freezes the question, what was found and what will prove it, from the pack.

    Raises ImproveError when costs or the capability are impossible, nobody said what is to be done, or the evidence
    already shows what the action would prove; TextError when the person's words cannot be kept.
    """
    now = hold_city(city, now)
    _check_costs(draft)
    concerns = list(draft.concerns) or [draft.subject]
    capability = Capability.objects.filter(code=draft.capability).first()
    if capability is None:
        raise ImproveError(_("There is no capability {code} in this city.").format(code=draft.capability))
    question = _question(city, concerns, draft, now)
    wanted = _wanted(draft.wanted, question)
    states = _states(concerns, capability)
    if is_proved(states, wanted):
        raise ImproveError(_("There is nothing to close: the evidence already shows what this action would prove."))
    action = Action(
        city=city, number=next_number(city, Action.objects), subject=draft.subject, capability=capability,
        indicator=question.code if question else draft.indicator, domain=question.domain if question else "",
        wanted=wanted.value, planned_by=by.pk, planned_at=now,
        **_frozen(question, capability, concerns, draft, wanted), **_plain(draft),
        cost_source_words=dict(draft.cost_source_words),
    )  # fmt: skip
    action.text = _text(action, draft, by, now)
    if action.text is None and not action.advice:
        raise ImproveError(_("Say what is to be done."))
    action.save(force_insert=True)
    action.concerns.set(concerns)
    audit.write("improve.action-planned", city=city.pk, by=by.pk, of=action, now=now, subject=draft.subject.code)
    telling.action_planned(action, by=by.pk, now=now)
    audit.publish("improve.action", city=city.pk, now=now, action=str(action.pk), step="planned")
    return action


@change
def change_action(
    *, action: Action, draft: ActionDraft, by: Person, now: datetime, seen: int | None = None
) -> list[str]:
    """Change what a person said of an action; its subject, capability and frozen words stay. Returns the changed fields.

    `seen`: the version that the person's page showed; raises Outdated when somebody else has changed it since, and
    ImproveError once it is withdrawn. A changed `wanted` is held against the evidence at once, so the action may be closed or reopened by it.
    """
    now = hold_city(action.city_id, now)
    action.refresh_from_db()
    if _state_now(action) is ActionState.WITHDRAWN:
        raise ImproveError(sentence_of(Refusal.IS_WITHDRAWN))
    _check_costs(draft)
    changed = _change_words(action, draft, by, now)
    before = {name: getattr(action, name) for name in PLAIN_FIELDS}
    for name, value in _plain(draft).items():
        if before[name] != value:
            setattr(action, name, value)
            changed.append(name)
    if "cost_source" in changed:
        action.cost_source_words = {}
        changed.append("cost_source_words")
    question = _question(action.city, list(action.concerns.all()), draft, now)
    wanted = _wanted(draft.wanted, question)
    if draft.wanted is not None and wanted.value != action.wanted:
        action.wanted = wanted.value
        changed.append("wanted")
        if question is not None:
            action.proof = _proof(_texts(question), wanted)
            changed.append("proof")
    if changed:
        next_version(action, seen)
        action.save(update_fields=sorted({*changed, "text"}))
        audit.write("improve.action-changed", city=action.city_id, by=by.pk, of=action, now=now, fields=changed)
        named = [getattr(action, f"{name}_id") for name in ("leader", "responsible") if name in changed]
        telling.action_given(action, named, by=by.pk, now=now)
    if "wanted" in changed:
        following.settle(action, by=by.pk, now=now)
    return changed


def _change_words(action: Action, draft: ActionDraft, by: Person, now: datetime) -> list[str]:
    if not draft.body.strip():
        return []
    if action.text is None:
        if draft.body.strip() == action.advice.get(draft.language, "").strip():
            return []
        action.text = _text(action, draft, by, now)
        return ["text"]
    edited = documents.edit_text(text=action.text, language=draft.language, body=draft.body, by=by, now=now)
    return ["text"] if edited else []


def start_action(*, action: Action, by: Person, now: datetime) -> Step:
    """Somebody has begun. Raises ImproveError when it is closed, withdrawn or begun already."""
    return move_by_hand(action=action, to=ActionState.IN_PROGRESS, by=by, now=now)


def put_back(*, action: Action, by: Person, now: datetime) -> Step:
    """Put an action back among the planned ones. Raises ImproveError when that is not possible."""
    return move_by_hand(action=action, to=ActionState.PLANNED, by=by, now=now)


def declare_done(*, action: Action, by: Person, now: datetime, note: str = "", language: str = "") -> Step:
    """Say that the work is done; from now on it awaits proof. `note`: what was done, in the person's own language.

    Raises ImproveError when it is closed, withdrawn or declared already, TextError when the note cannot be kept.
    """
    return move_by_hand(action=action, to=ActionState.AWAITING_PROOF, by=by, now=now, note=note, language=language)


@change
def move_by_hand(
    *, action: Action, to: ActionState, by: Person, now: datetime, note: str = "", language: str = "",
    seen: ActionState | None = None,
) -> Step:  # fmt: skip
    """Move an action to a column of the board; `seen`: the column in which the person saw it.

    Raises ImproveError: to *closed* and *reopened* only evidence moves, and nobody moves what moved meanwhile.
    """
    now = hold_city(action.city_id, now)
    refusal = refusal_of_move(_state_now(action), to, seen)
    if refusal is not None:
        raise ImproveError(sentence_of(refusal))
    return _take_step(action, STEP_BY_HAND[to], by, now, note, language)


@change
def withdraw_action(*, action: Action, reason: str, language: str, by: Person, now: datetime) -> Step:
    """End an action that is not pursued any more, with the reason. It stays in the register.

    Raises ImproveError when it is withdrawn already or closed by evidence, TextError without a reason.
    """
    now = hold_city(action.city_id, now)
    state = _state_now(action)
    if state is ActionState.WITHDRAWN or state is ActionState.CLOSED:
        raise ImproveError(
            _("This action is withdrawn already.")
            if state is ActionState.WITHDRAWN
            else _("This action is closed by evidence; there is nothing to withdraw.")
        )
    if not reason.strip():
        raise ImproveError(_("Give the reason why it is not pursued any more."))
    return _take_step(action, StepKind.WITHDRAWN, by, now, reason, language)


def _take_step(action: Action, kind: StepKind, by: Person, now: datetime, note: str, language: str) -> Step:
    text = None
    if note.strip():
        text = documents.write_text(
            city=action.city, kind="action note", language=language, body=note, by=by, now=now, where=_where(action)
        )
    step = Step.objects.create(city=action.city, action=action, kind=kind.value, at=now, by=by.pk, note=text)
    following.note_step(action, kind, by=by.pk, now=now)
    telling.steps_taken([(action, kind)], by=by.pk, now=now)
    return step


def _state_now(action: Action) -> ActionState:
    """The present state, read while the city is held, so that two people cannot move it past each other."""
    return ActionState(Action.objects.with_state().get(pk=action.pk).state)


def _check_costs(draft: ActionDraft) -> None:
    if draft.cost_low is not None and draft.cost_high is not None and draft.cost_low > draft.cost_high:
        raise ImproveError(_("The lower cost is above the higher one; put them in order."))
    if (draft.cost_low is None) != (draft.cost_high is None):
        raise ImproveError(_("Give both ends of the cost, or neither; a fixed price is the same number twice."))


def _question(
    city: City, concerns: Sequence[Subject], draft: ActionDraft, now: datetime
) -> methodology.Question | None:
    """The question that reads the capability, at its strictest among the subjects concerned."""
    questions = [
        question
        for method, subjects in methodology.standards_of(city, concerns, today_in(city, now), now)
        for subject in subjects
        for question in method.questions_for(subject)
        if question.capability == draft.capability and draft.indicator in ("", question.code)
    ]
    return max(questions, key=lambda question: question.strict, default=None)


def _wanted(asked_for: State | None, question: methodology.Question | None) -> State:
    """What is to be proven: never less than the law asks of the item; without a question, the target."""
    least = wanted_by_law(strict=question is None or question.strict)
    return least if asked_for is None else max(asked_for, least, key=lambda state: state.goodness)


def _states(concerns: Sequence[Subject], capability: Capability) -> list[State]:
    states = dict(
        CachedStanding.objects.filter(subject__in=concerns, capability=capability).values_list("subject_id", "state")
    )
    return [State(states[subject.pk]) if subject.pk in states else State.UNKNOWN for subject in concerns]


def _frozen(
    question: methodology.Question | None, capability: Capability, concerns: Sequence[Subject], draft: ActionDraft,
    wanted: State,
) -> dict[str, Any]:  # fmt: skip
    """Titles, problem, proof and advice in three languages, as the pack has them now.

    A capability that no question reads yet says only how it is measured.
    """
    if question is None:
        measures = Edition.objects.filter(capability=capability).order_by("-number").values_list("measure", flat=True)
        return {"titles": capability.titles, "problem": {}, "proof": measures.first() or {}, "advice": {}}
    sizes = {size_class(subject) for subject in concerns}
    size = sizes.pop() if len(sizes) == 1 else ""  # hospitals of several classes share the words with all numbers
    texts = _texts(question, size)
    digits = CachedStanding.objects.filter(subject__in=concerns, capability=capability).values_list("digit", flat=True)
    known = [digit for digit in digits if digit is not None]
    level = min([*known, 2]) if known else None
    advice = {} if draft.advice_level is None else texts.get("advice", {}).get(str(draft.advice_level), {})
    return {
        "titles": question.indicator.titles_for(size),
        "problem": {} if level is None else texts.get("anchors", {}).get(str(level), {}),
        "proof": _proof(texts, wanted),
        "advice": advice,
    }


def _texts(question: methodology.Question, size: str = "") -> dict[str, Any]:
    """The words of a question for a class of hospital, which the standard in force leaves out."""
    return Indicator.objects.get(pk=question.indicator.pk).texts_for(size)


def _proof(texts: dict[str, Any], wanted: State) -> Texts:
    """What shows that it is done: the measurement where the target must be met, else what is seen on site at level 2."""
    words: Texts = texts.get("proven_by", {}) if wanted is State.MET else texts.get("anchors", {}).get("2", {})
    return words


def _text(action: Action, draft: ActionDraft, by: Person, now: datetime) -> UserText | None:
    if not draft.body.strip():
        return None
    where = _where(action)
    return documents.write_text(
        city=action.city, kind="action", language=draft.language, body=draft.body, by=by, now=now, where=where
    )


def _where(action: Action) -> str:
    return f"/{action.city_id}/actions/{action.pk}/"


def _plain(draft: ActionDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in PLAIN_FIELDS}
