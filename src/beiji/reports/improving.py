"""Lines from the room `improve`, as known at an instant: findings, decisions, actions of a hospital."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from beiji.documents import access as documents
from beiji.improve.models import Action, Decision, Finding, Ruling, Step
from beiji.improve.rules import is_overdue, state_after
from beiji.programme.models import Subject
from beiji.readiness.book import end_of
from beiji.records.typed import clean_text
from beiji.ui.languages import LANGUAGES

from .freezing import person_mark
from .rules.lines import ActionLine, DecisionLine, FindingLine, Said

#: After these rulings a request stands as it was decided.
DECIDED = (Ruling.Word.TAKEN, Ruling.Word.REFUSED)
NOBODY: Mapping[str, str] = {language.pack: "" for language in LANGUAGES}


def _said(text: Any, known_at: datetime) -> dict[str, Said]:
    """A typed text for every reader, as known; older rows were kept before everything typed was cleaned."""
    words = {language.pack: documents.words_of(text, language.pack, known_at) for language in LANGUAGES}
    return {code: Said(clean_text(w.body), w.language, w.untranslated) for code, w in words.items()}


def _in_each(word: Callable[[], Any]) -> dict[str, str]:
    """A translatable word in every language."""
    words = {}
    for language in LANGUAGES:
        with translation.override(language.code):
            words[language.pack] = str(word())
    return words


def finding_lines(as_of: date, known_at: datetime) -> list[FindingLine]:
    """Experts' findings of the day or before that stand as known."""
    rows = (
        Finding.objects.filter(recorded_at__lte=known_at, found_on__lte=as_of)
        .exclude(ended_at__lte=known_at)
        .select_related("text")
        .prefetch_related("subjects")
    )
    texts = documents.texts([f.text_id for f in rows])
    return [
        FindingLine(
            key=str(f.pk),
            indicators=tuple(f.indicators),
            order=f.order or None,
            words=_said(texts[f.text_id], known_at),
            hospitals=frozenset(s.code for s in f.subjects.all()),
        )
        for f in rows
    ]


def decision_lines(as_of: date, known_at: datetime) -> list[DecisionLine]:
    """What the page asks the authorities to decide, asked by the day, in its order, with what was decided by then."""
    rows = (
        Decision.objects.filter(recorded_at__lte=known_at, asked_on__lte=as_of, order__gt=0)
        .select_related("owner", "text")
        .order_by("order", "number")
    )
    texts = documents.texts([d.text_id for d in rows])
    newest: dict[Any, str] = {}
    decided_on: dict[Any, date | None] = {}
    rulings = Ruling.objects.filter(decision__in=rows, recorded_at__lte=known_at, decided_on__lte=as_of)
    for ruling in rulings.order_by("decided_on", "id"):
        newest[ruling.decision_id] = ruling.word
        decided_on[ruling.decision_id] = ruling.decided_on if ruling.word in DECIDED else None
    return [
        DecisionLine(
            words=_said(texts[d.text_id], known_at),
            state=newest.get(d.pk, "asked"),
            owner=d.owner.names,
            due=d.due,
            cost=_in_each(d.get_cost_class_display),
            asked_on=d.asked_on,
            decided_on=decided_on.get(d.pk),
        )
        for d in rows
    ]


def action_lines(hospital: Subject, as_of: date, known_at: datetime) -> list[ActionLine]:
    """A hospital's actions as they stood at the end of the day, as far as known, by due date."""
    moment = min(known_at, end_of(as_of, hospital.city))
    rows = list(
        Action.objects.filter(concerns=hospital, planned_at__lte=moment)
        .with_state()
        .for_lines()
        .order_by("due", "number")
    )
    last: dict[Any, str] = {}
    for step in Step.objects.filter(action__in=rows, at__lte=moment).order_by("at", "id"):
        last[step.action_id] = step.kind
    lines = []
    for action in rows:
        state = state_after(last.get(action.pk, ""))
        advice = {code: Said(body, code, False) for code, body in action.advice.items()} or {
            language.pack: Said("", language.pack, False) for language in LANGUAGES
        }
        lines.append(
            ActionLine(
                indicator=action.indicator,
                title=action.titles,
                words=_said(action.text, known_at) if action.text else advice,
                lead_unit=action.lead_unit.names,
                supporting_unit=action.supporting_unit.names if action.supporting_unit else NOBODY,
                leader=dict.fromkeys(NOBODY, person_mark(action.leader_id)) if action.leader_id else NOBODY,
                due=action.due,
                proof=action.proof,
                state=_state_in_each(state.value),
                is_overdue=is_overdue(action.due, as_of, state),
            )
        )
    return lines


def _state_in_each(state: str) -> dict[str, str]:
    return _in_each(lambda: _state_words()[state])


def _state_words() -> dict[str, str]:
    return {
        "planned": _("planned"),
        "in-progress": _("in progress"),
        "awaiting-proof": _("awaiting proof"),
        "closed": _("closed by evidence"),
        "reopened": _("reopened by evidence"),
        "withdrawn": _("withdrawn"),
    }
