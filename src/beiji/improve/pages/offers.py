"""Gaps without an action, and the gap that an action is planned against, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.programme.models import Subject
from beiji.ui import words as ui_words
from beiji.ui.languages import pick

from ..offering import GapToPlan, Offers, OpenGap
from .lines import Shown, shown_names, subject_name


@dataclass(frozen=True)
class OfferedGap:
    """One gap with the link that plans an action."""

    code: str
    title: str
    digit: int | None
    state: str
    proof: str
    state_word: str
    must_open: bool
    is_shared: bool
    why: str
    plan: str


@dataclass(frozen=True)
class SharedOffer:
    """A gap of many hospitals, offered once."""

    code: str
    title: str
    sentence: str
    hospitals: str
    plan: str


@dataclass(frozen=True)
class OffersPage:
    """The page of gaps without an action."""

    shared: Sequence[SharedOffer]
    by_subject: Sequence[tuple[str, str, Sequence[OfferedGap]]]
    total: int


@dataclass(frozen=True)
class PlannedFor:
    """The gap above the form."""

    subject: str
    code: str
    title: str
    problem: Shown
    proof: Shown
    sentence: str


def page_of(found: Offers, city: str) -> OffersPage:
    """The offers in words; shared gaps first."""
    shared = [
        SharedOffer(
            code=gap.indicator,
            title=pick(found.titles[gap.indicator]),
            sentence=_("{count} of {asked} hospitals").format(count=len(gap.subjects), asked=gap.asked),
            hospitals=_join([pick(found.names[code]) for code in gap.subjects]),
            plan=plan_url(city, found.city_subject.code, found.capabilities[gap.indicator], gap.indicator),
        )
        for gap in found.shared
        if found.city_subject is not None
    ]
    by_subject = [
        (subject.code, subject_name(subject), [_offered(city, subject, gap) for gap in gaps])
        for subject, gaps in found.by_subject
    ]
    return OffersPage(shared, by_subject, sum(len(gaps) for _code, _name, gaps in by_subject))


def plan_url(city: str, subject: str, capability: str, indicator: str) -> str:
    """Where an action against a gap is planned."""
    asked = {"subject": subject, "capability": capability, "indicator": indicator}
    return f"{reverse('improve:new', kwargs={'city': city})}?{urlencode(asked)}"


def planned_for(gap: GapToPlan, subject: Subject) -> PlannedFor:
    """The gap in words."""
    count = len(gap.hospitals) if gap.hospitals is not None else 0
    sentence = ngettext("{count} hospital has this gap", "{count} hospitals have this gap", count).format(count=count)
    return PlannedFor(
        subject=subject_name(subject),
        code=gap.indicator,
        title=pick(gap.titles),
        problem=shown_names(gap.problem),
        proof=shown_names(gap.proof),
        sentence=sentence if gap.hospitals is not None else "",
    )


def _offered(city: str, subject: Subject, open_gap: OpenGap) -> OfferedGap:
    question, standing = open_gap.gap.question, open_gap.gap.standing
    return OfferedGap(
        code=question.code,
        title=pick(question.indicator.titles),
        digit=standing.digit,
        state=standing.state.value,
        proof=standing.proof.value if standing.proof else "",
        state_word=ui_words.state_word(standing.state.value),
        must_open=open_gap.gap.must_pass_open,
        is_shared=open_gap.is_shared,
        why=reverse("readiness:why", kwargs={"city": city, "subject": subject.code, "capability": question.capability}),
        plan=plan_url(city, subject.code, question.capability, question.code),
    )


def _join(names: Sequence[str]) -> str:
    return _(", ").join(names)
