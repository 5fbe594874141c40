"""Gaps without an action, and the gap that an action is planned against, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from beiji.documents.pages.typed import TypedText, pack_text
from beiji.programme.models import Subject
from beiji.readiness.failing import Failure
from beiji.readiness.pages import counted
from beiji.ui import words as ui_words
from beiji.ui.languages import pick
from beiji.ui.listing import Column, Facet

from ..offering import GapToPlan, Offers, OpenGap, unit_of
from ..rules import OWN_WORDS, advice_levels, proposed_due
from .lines import joined, subject_name


@dataclass(frozen=True)
class OfferedGap:
    """One gap with the link that plans an action."""

    code: str
    title: str
    domain: str
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
    """A gap of many hospitals, offered once; `count` of them have it."""

    code: str
    title: str
    domain: str
    must_open: bool
    sentence: str
    hospitals: str
    count: int
    plan: str


@dataclass(frozen=True)
class HospitalOffer:
    """A hospital with the number of its gaps that no action answers."""

    name: str
    href: str
    count: str
    must_open: str


@dataclass(frozen=True)
class OffersPage:
    """The page of gaps without an action: one hospital's gaps, or the hospitals that have any."""

    shared: Sequence[SharedOffer]
    hospitals: Sequence[HospitalOffer]
    chosen: str
    gaps: Sequence[OfferedGap]
    everywhere: str
    sub: str


@dataclass(frozen=True)
class PlannedFor:
    """The gap above the form."""

    subject: str
    code: str
    title: str
    problem: TypedText
    proof: TypedText
    sentence: str


def page_of(offers: Offers, city: str, subject: str) -> OffersPage:
    """The offers in words. With a `subject` (or only one) its gaps are listed; else shared gaps and hospitals."""
    here = reverse("improve:offers", kwargs={"city": city})
    total = sum(len(gaps) for _subject, gaps in offers.by_subject)
    sub = ngettext("{count} gap that nobody answers yet.", "{count} gaps that nobody answers yet.", total)
    if subject:
        chosen = next(iter(offers.by_subject), None)
        return OffersPage(
            shared=[],
            hospitals=[],
            chosen=subject_name(chosen[0]) if chosen else "",
            gaps=[_offered(city, chosen[0], gap, offers.failed) for gap in chosen[1]] if chosen else [],
            everywhere=here if offers.is_city else "",
            sub=sub.format(count=total),
        )
    return OffersPage(
        shared=_shared(offers, city),
        hospitals=[_hospital(here, whole, gaps) for whole, gaps in offers.by_subject],
        chosen="",
        gaps=[],
        everywhere="",
        sub=sub.format(count=total),
    )


def _shared(offers: Offers, city: str) -> list[SharedOffer]:
    return [
        SharedOffer(
            code=gap.indicator,
            title=counted.gap_title(offers.titles[gap.indicator], offers.failed.get(gap.indicator)),
            domain=gap.domain,
            must_open=gap.must_pass,
            sentence=counted.gap_words(gap),
            hospitals=joined(pick(offers.names[code]) for code in gap.gaps),
            count=len(gap.gaps),
            plan=plan_url(city, offers.city_subject.code, offers.capabilities[gap.indicator], gap.indicator),
        )
        for gap in offers.shared
        if offers.city_subject is not None
    ]


def _hospital(here: str, subject: Subject, gaps: Sequence[OpenGap]) -> HospitalOffer:
    must = sum(open_gap.gap.must_pass_open for open_gap in gaps)
    count = ngettext("{count} gap", "{count} gaps", len(gaps)).format(count=len(gaps))
    words = ngettext("{count} must-pass item open", "{count} must-pass items open", must).format(count=must)
    return HospitalOffer(subject_name(subject), f"{here}?subject={subject.code}", count, words if must else "")


def plan_url(city: str, subject: str, capability: str, indicator: str) -> str:
    """Where an action against a gap is planned."""
    query = {"subject": subject, "capability": capability, "indicator": indicator}
    return f"{reverse('improve:new', kwargs={'city': city})}?{urlencode(query)}"


def shared_columns() -> list[Column[SharedOffer]]:
    """The columns of what the city could plan once, on the screen and in a file."""
    return [
        Column("item", gettext("Item"), lambda s: f"{s.code} {s.title}", lambda s: s.code),
        Column("hospitals", gettext("Hospitals"), lambda s: f"{s.sentence}: {s.hospitals}", lambda s: s.count),
    ]


def gap_columns() -> list[Column[OfferedGap]]:
    """The columns of one hospital's gaps without an action."""
    return [
        Column("item", gettext("Item"), lambda g: f"{g.code} {g.title}", lambda g: g.code),
        Column("level", gettext("Level"), lambda g: g.digit),
        Column("standing", gettext("Standing"), lambda g: g.state_word, sorts=False),
        Column("marks", gettext("Marks"), _marks, sorts=False, is_on_page=False),
    ]


def _marks(gap: OfferedGap) -> str:
    marks = [gettext("must-pass open")] if gap.must_open else []
    return joined([*marks, *([gettext("shared by many hospitals")] if gap.is_shared else [])])


def facets(offers: Offers, rows: Sequence[Any]) -> list[Facet[Any]]:
    """Must-pass items, and the domains of what is offered."""
    present = {row.domain for row in rows}
    domains = [(code, pick(titles)) for code, titles in offers.domains.items() if code in present]
    must = [("must", gettext("must-pass"))]
    return [
        Facet("show", gettext("Show"), gettext("All gaps"), must, lambda g: ("must",) if g.must_open else ()),
        Facet("domain", gettext("Domain"), gettext("All domains"), domains, lambda g: (g.domain,)),
    ]


def planned_for(gap: GapToPlan, subject: Subject) -> PlannedFor:
    """The gap in words."""
    return PlannedFor(
        subject=subject_name(subject),
        code=gap.indicator,
        title=pick(gap.titles),
        problem=pack_text(gap.problem),
        proof=pack_text(gap.proof),
        sentence=counted.gap_words(gap.shared) if gap.shared is not None else "",
    )


@dataclass(frozen=True)
class Start:
    """What the form of a new action begins with: its values, and the pack's advice as (level, words)."""

    values: Mapping[str, Any]
    advice: Sequence[tuple[int, str]]


def start_of(gap: GapToPlan, subject: Subject, today: date) -> Start:
    """The next thing to do, by the unit that runs the subject, within the days that its effort takes."""
    advice = [(level, pick(gap.advice.get(str(level)))) for level in advice_levels(gap.digit)]
    advice = [(level, text) for level, text in advice if text]
    values = {
        "measure": str(advice[0][0]) if advice else OWN_WORDS,
        "concerns": gap.concerned,
        "due": proposed_due(gap.effort, today),
        "effort": gap.effort,
        "lead_unit": unit_of(subject),
        "price_year": today.year,
    }
    return Start(values, advice)


def _offered(city: str, subject: Subject, open_gap: OpenGap, failed: Mapping[str, Failure]) -> OfferedGap:
    question, standing = open_gap.gap.question, open_gap.gap.standing
    return OfferedGap(
        code=question.code,
        title=counted.gap_title(question.titles, failed.get(question.code)),
        domain=question.domain,
        digit=standing.digit,
        state=standing.state.value,
        proof=standing.proof.value if standing.proof else "",
        state_word=ui_words.state_word(standing.state.value),
        must_open=open_gap.gap.must_pass_open,
        is_shared=open_gap.is_shared,
        why=reverse("readiness:why", kwargs={"city": city, "subject": subject.code, "capability": question.capability}),
        plan=plan_url(city, subject.code, question.capability, question.code),
    )
