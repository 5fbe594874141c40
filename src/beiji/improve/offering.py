"""Gaps that no live action answers: what could be planned, once for the city or for a hospital."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404

from beiji.programme.access import today_in
from beiji.programme.models import City, Organisation, Person, Subject
from beiji.readiness import queries as ledger
from beiji.readiness.failing import Failure, failures_at, failures_of
from beiji.readiness.models import Capability, Indicator
from beiji.readiness.rules.counting import SharedGap

from .access import hospitals_to_plan_for, may_rule
from .models import Action
from .rules import LIVE_STATES, is_for_the_city


@dataclass(frozen=True)
class OpenGap:
    """A gap that no live action answers."""

    gap: ledger.Gap
    is_shared: bool


@dataclass(frozen=True)
class Offers:
    """What could be planned: gaps of many hospitals once for the city, then those of each hospital. `failed`: what was
    measured of the gaps that the page lists, those of the city or of the one hospital."""

    shared: Sequence[SharedGap]
    titles: Mapping[str, Any]
    capabilities: Mapping[str, str]
    by_subject: Sequence[tuple[Subject, Sequence[OpenGap]]]
    city_subject: Subject | None
    names: Mapping[str, Any]
    is_city: bool
    failed: Mapping[str, Failure]
    domains: Mapping[str, Any]


def offers(person: Person, city: City, now: datetime, *, only: str = "") -> Offers:
    """Gaps without a live action, of the subjects for which the person plans (or of `only` one)."""
    hospitals = list(hospitals_to_plan_for(person).on(today_in(city, now)))
    seen = ledger.picture(city=city, subjects=hospitals, now=now)
    taken = _answered()
    gaps = {s.code: seen.gaps(s.code) for s in hospitals}
    keeper = may_rule(person)
    city_subject = Subject.objects.filter(kind=Subject.Kind.CITY).first() if keeper else None
    shared = [gap for gap in seen.shared_gaps if is_for_the_city(gap)] if keeper else []
    questions = {g.question.code: g.question for open_gaps in gaps.values() for g in open_gaps}
    free = [
        s for s in shared
        if city_subject and (city_subject.pk, questions[s.indicator].indicator.capability_id) not in taken
    ]  # fmt: skip
    shared_codes = {s.indicator for s in shared}
    by_subject = [
        (s, [
            OpenGap(g, g.question.code in shared_codes)
            for g in gaps[s.code] if (s.pk, g.question.indicator.capability_id) not in taken
        ])
        for s in hospitals if only in ("", s.code)
    ]  # fmt: skip
    return Offers(
        shared=free,
        titles={code: q.indicator.titles for code, q in questions.items()},
        capabilities={code: q.capability for code, q in questions.items()},
        by_subject=[(s, open_gaps) for s, open_gaps in by_subject if open_gaps],
        city_subject=city_subject,
        names={s.code: s.short_names or s.names for s in hospitals},
        is_city=len(hospitals) > 1,
        failed=failures_at(seen, gaps.get(only, ())) if only else failures_of(seen, free),
        domains={d.code: d.titles for d in seen.method.domains} if seen.method else {},
    )


def hospital_to_list(person: Person, chosen: str) -> str:
    """Code of the hospital whose gaps are listed: the chosen one, or the only one; "" for the list of hospitals."""
    hospitals = [s.code for s in hospitals_to_plan_for(person)]
    return chosen if chosen in hospitals else hospitals[0] if len(hospitals) == 1 else ""


def _answered() -> set[tuple[int, int]]:
    """(subject, capability) pairs that a live action is about, as its own subject or as one concerned."""
    live = Action.objects.with_state().in_states(*LIVE_STATES)
    pairs = set(live.values_list("subject_id", "capability_id"))
    return pairs | set(live.values_list("concerns", "capability_id"))


@dataclass(frozen=True)
class GapToPlan:
    """A gap as the form of an action needs it. `hospitals`: those that have it, for an action of the city; else None, as `shared`, its counts."""

    capability: Capability
    indicator: str
    titles: Mapping[str, str]
    problem: Mapping[str, str]
    proof: Mapping[str, str]
    advice: Mapping[str, Mapping[str, str]]
    effort: str
    digit: int | None
    hospitals: Any
    concerned: Sequence[Subject]
    shared: SharedGap | None


def gap_or_404(city: City, subject: Subject, capability: str, indicator: str, now: datetime) -> GapToPlan:
    """The gap of a subject; a page about one that nobody has does not exist."""
    gap = gap_of(city, subject, capability, indicator, now)
    if gap is None:
        raise Http404("no such gap")
    return gap


def gap_of(city: City, subject: Subject, capability: str, indicator: str, now: datetime) -> GapToPlan | None:
    """The gap of a subject (of the city: of its hospitals) in a capability; None when nobody has it."""
    is_city = subject.kind == Subject.Kind.CITY
    hospitals = list(Subject.objects.hospitals().on(today_in(city, now))) if is_city else [subject]
    seen = ledger.picture(city=city, subjects=hospitals, now=now)
    gaps = [
        gap
        for hospital in hospitals
        for gap in seen.gaps(hospital.code)
        if gap.question.capability == capability and indicator in ("", gap.question.code)
    ]
    if not gaps:
        return None
    question = gaps[0].question
    texts = Indicator.objects.values_list("texts", flat=True).get(pk=question.indicator.pk)
    digits = [gap.standing.digit for gap in gaps if gap.standing.digit is not None]
    digit = min(digits, default=None)
    concerned = list({gap.subject.pk: gap.subject for gap in gaps}.values())
    return GapToPlan(
        capability=question.indicator.capability,
        indicator=question.code,
        titles=question.indicator.titles if is_city else question.titles,
        problem={} if digit is None else texts.get("anchors", {}).get(str(min(digit, 2)), {}),
        proof=texts.get("proven_by", {}),
        advice=texts.get("advice", {}),
        effort=texts.get("effort", "M"),
        digit=digit,
        hospitals=Subject.objects.filter(pk__in=[s.pk for s in concerned]) if is_city else None,
        concerned=concerned,
        shared=next((g for g in seen.shared_gaps if g.indicator == question.code), None) if is_city else None,
    )


def open_actions(person: Person, subject: Subject, gap: GapToPlan) -> list[Action]:
    """Actions against this gap that are neither closed nor withdrawn, of those that the person may see: the subject's
    own, and any that concerns a subject with the gap. By due date."""
    concerning = Action.concerns.through.objects.filter(subject__in=[s.pk for s in gap.concerned]).values("action")
    live = Action.objects.visible_to(person).with_state().in_states(*LIVE_STATES).filter(capability=gap.capability)
    return list(live.filter(Q(subject=subject) | Q(pk__in=concerning)).for_lines().order_by("due", "number"))


def unit_of(subject: Subject) -> Organisation | None:
    """The institution that runs a subject, offered as its lead unit."""
    unit: Organisation | None = Organisation.objects.filter(subject=subject).first()
    return unit
