"""Findings and the register of decisions, as lists and single things."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from beiji.documents.access import versions_of
from beiji.documents.models import UserText
from beiji.documents.rules import fields_in
from beiji.programme.access import today_in
from beiji.programme.models import City, Person, Subject
from beiji.readiness import queries as ledger
from beiji.readiness.methodology import standard_in_force
from beiji.readiness.models import Indicator

from .fields import numbers_of
from .models import Action, Decision, Finding, Ruling
from .rules import DecisionState, decision_state


def findings_of(person: Person) -> list[Finding]:
    """Findings that stand: those on the page for leaders first, then the newest."""
    rows = (
        Finding.objects.visible_to(person)
        .filter(ended_at__isnull=True)
        .select_related("text")
        .prefetch_related("text__versions", "text__translations__approval", "subjects")
    )
    return sorted(rows, key=lambda f: (f.order == 0, f.order, -f.number))


@dataclass(frozen=True)
class Registered:
    """A decision with what became of it."""

    decision: Decision
    state: DecisionState
    ruling: Ruling | None
    actions: int


def decisions_of(person: Person) -> list[Registered]:
    """The register: what waits first, by due date; then what was decided, newest first. Fixed number of queries."""
    rows = list(
        Decision.objects.visible_to(person)
        .select_related("owner", "text")
        .prefetch_related("text__versions", "text__translations__approval", "rulings")
    )
    led: Counter[Any] = Counter(
        Action.objects.filter(decision__in=rows).order_by().values_list("decision_id", flat=True)
    )
    register = [_registered(d, led[d.pk]) for d in rows]
    waits = [r for r in register if r.state in (DecisionState.ASKED, DecisionState.DEFERRED)]
    done = [r for r in register if r not in waits]
    return sorted(waits, key=lambda r: (r.decision.due, r.decision.number)) + sorted(
        done, key=lambda r: r.ruling.decided_on if r.ruling else r.decision.due, reverse=True
    )


def registered(decision: Decision, rulings: Sequence[Ruling]) -> Registered:
    """One decision with its rulings, newest first; its actions are listed beside it and not counted."""
    state = decision_state([r.word for r in reversed(rulings)])
    return Registered(decision, state, rulings[0] if rulings else None, 0)


def _registered(decision: Decision, actions: int) -> Registered:
    rulings = list(decision.rulings.all())
    return Registered(decision, decision_state([r.word for r in rulings]), rulings[-1] if rulings else None, actions)


def decision_states(known_at: datetime) -> list[DecisionState]:
    """What became of every request of the city, as known. Two queries."""
    return [
        decision_state([r.word for r in decision.rulings.all() if r.recorded_at <= known_at])
        for decision in Decision.objects.filter(recorded_at__lte=known_at).prefetch_related("rulings")
    ]


def rulings_of(decision: Decision) -> list[Ruling]:
    """What the authorities said, newest first."""
    return list(
        Ruling.objects.filter(decision=decision)
        .select_related("note")
        .prefetch_related("note__versions", "note__translations__approval")
        .order_by("-decided_on", "-id")
    )


def actions_of_decision(decision: Decision, person: Person) -> list[Action]:
    """Actions that a decision led to and the person may see."""
    return list(Action.objects.visible_to(person).filter(decision=decision).with_state().for_lines())


def values_of_finding(finding: Finding) -> dict[str, Any]:
    """What the form of a finding begins with."""
    source = versions_of(finding.text)[-1]
    return {
        "version": finding.version, "body": source.body, "language": source.language, "found_on": finding.found_on,
        "order": finding.order, "subjects": finding.subjects.all(), "indicators": finding.indicators,
    }  # fmt: skip


def values_of_decision(decision: Decision) -> dict[str, Any]:
    """What the form of a decision begins with."""
    source = versions_of(decision.text)[-1]
    values = {"version": decision.version, "body": source.body, "language": source.language}
    return values | {name: getattr(decision, name) for name in ("owner", "cost_class", "asked_on", "due", "order")}


def numbers_on(texts: Iterable[UserText], city: City, now: datetime, day: date | None = None) -> dict[str, int]:
    """What fills the fields of these texts on a day (None: today); nothing is read where none of them has a field."""
    if not any(fields_in(version.body) for text in texts for version in text.versions.all()):
        return {}
    hospitals = Subject.objects.hospitals().on(day or today_in(city, now))
    return numbers_of(ledger.picture(city=city, subjects=hospitals, now=now, day=day).held)


def numbers_of_decisions(rows: Iterable[Registered], city: City, now: datetime) -> dict[UUID, dict[str, int]]:
    """What fills the fields of each request: today's numbers while it waits, those of the day once it was decided."""
    by_day: dict[date | None, list[Decision]] = defaultdict(list)
    for row in rows:
        ruling = None if row.state is DecisionState.DEFERRED else row.ruling
        by_day[ruling.decided_on if ruling is not None else None].append(row.decision)
    numbers: dict[UUID, dict[str, int]] = {}
    for day, decisions in by_day.items():
        numbers |= dict.fromkeys((d.pk for d in decisions), numbers_on([d.text for d in decisions], city, now, day))
    return numbers


def questions_of(city: City, now: datetime) -> list[Indicator]:
    """Questions of the standard in force, in order; empty while none is loaded."""
    method = standard_in_force(city, today_in(city, now), now)
    return list(method.indicators) if method else []
