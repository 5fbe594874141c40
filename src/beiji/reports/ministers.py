"""One page for heads of state: thanks, standing, what it means, what improved, findings, decisions, gain, who and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from beiji.ui import formats
from beiji.ui.languages import LANGUAGES, pick
from beiji.ui.print import document as parts

from . import freezing, gathering, wording
from .gathering import Basis
from .rules.facts import (
    ON_THE_PAGE,
    Chosen,
    Improvement,
    Tally,
    Typed,
    choose_findings,
    improvements,
    shared_gaps,
    tally,
)
from .rules.lines import DecisionLine, FindingLine

#: Improvements on the page; more would push the decisions to a second one.
MOST_IMPROVEMENTS = 3


@dataclass(frozen=True)
class Page:
    """The numbers and choices of the page, the same for every language."""

    basis: Basis
    now: Tally
    before: Tally | None
    gains: Sequence[Improvement]
    findings: Sequence[Chosen]
    typed: Mapping[str, FindingLine]
    decisions: Sequence[DecisionLine]
    titles: Mapping[str, Mapping[str, str]]
    domains: int
    all_domains: int
    number: str


def content(
    basis: Basis, hospitals: Sequence[Any], typed: Sequence[FindingLine], decisions: Sequence[DecisionLine], number: str
) -> dict[str, Any]:
    """The snapshot's content: numbers once, the document in each language."""
    page = _page(basis, hospitals, typed, decisions, number)
    documents = {}
    for language in LANGUAGES:
        with translation.override(language.code):
            documents[language.pack] = freezing.as_json(_document(page, language.pack))
    return {"documents": documents, "numbers": _numbers(page)}


def _page(
    basis: Basis, hospitals: Sequence[Any], typed: Sequence[FindingLine], decisions: Sequence[DecisionLine], number: str
) -> Page:
    held = gathering.held_in(basis.now, hospitals)
    held_before = gathering.held_in(basis.before, hospitals) if basis.before else []
    wishes = [Typed(f.key, f.indicators, f.order) for f in typed]
    method = basis.now.method
    return Page(
        basis=basis,
        now=tally(held),
        before=tally(held_before) if held_before else None,
        gains=improvements(held_before, held)[:MOST_IMPROVEMENTS] if held_before else [],
        findings=choose_findings(shared_gaps(held), wishes),
        typed={f.key: f for f in typed},
        decisions=list(decisions)[:ON_THE_PAGE],
        titles=gathering.titles_of(basis.now),
        domains=len({h.domain for h in held if h.state != "unknown"}),
        all_domains=len(method.domains) if method else 0,
        number=number,
    )


def _numbers(page: Page) -> dict[str, Any]:
    """What a script can recompute from the evidence."""
    return {
        "hospitals": page.now.hospitals,
        "core_items": page.now.core_items,
        "core_met": page.now.core_met,
        "core_met_before": page.before.core_met if page.before else None,
        "core_items_before": page.before.core_items if page.before else None,
        "open_items": page.now.open_items,
        "open_hospitals": page.now.open_hospitals,
        "open_items_before": page.before.open_items if page.before else None,
        "proofs": dict(page.now.proofs),
        "unknown": page.now.unknown,
        "stale": page.now.stale,
        "evidence": page.basis.assessed.evidence,
        "findings": [
            {"indicator": c.gap.indicator, "short": len(c.gap.short), "unproven": len(c.gap.unproven), "of": c.gap.of}
            for c in page.findings
            if c.gap
        ],
        "improvements": [{"indicator": g.indicator, "before": g.before, "now": g.now} for g in page.gains],
    }


def _document(page: Page, language: str) -> parts.Document:
    basis = page.basis
    city = pick(basis.city.names, language)
    stage = _("stage {number}").format(number=basis.stage.number) if basis.stage else ""
    return parts.Document(
        title=wording.standing_sentence(page.now, page.domains, page.all_domains),
        subtitle="",
        running=" · ".join(x for x in (_("Hospital emergency preparedness of {city}").format(city=city), stage) if x),
        snapshot=page.number,
        as_of=formats.date_text(basis.as_of),
        mark="illustrative" if basis.city.illustrative else "",
        restricted=_("restricted: for the addressee"),
        pages=1,
        blocks=(
            parts.Paragraph(_thanks(page), "lead"),
            parts.KeyFigures(_figures(page)),
            *_meaning(),
            *_improved(page),
            parts.Heading(_("Findings"), 1),
            parts.Bullets(tuple(_finding(page, chosen, language) for chosen in page.findings), numbered=True),
            parts.Heading(_("Please decide"), 1),
            *_decisions(page, language),
            parts.Paragraph(_limits(page, language), "quiet"),
        ),
    )


def _thanks(page: Page) -> str:
    return _(
        "With thanks to the {hospitals} hospitals, whose staff opened their wards and drills to {visits} visits."
    ).format(hospitals=page.now.hospitals, visits=page.basis.assessed.visits)


def _figures(page: Page) -> tuple[parts.KeyFigure, ...]:
    measured = page.now.proofs["exercised"] + page.now.proofs["performed"]
    marked = sum(page.now.proofs.values())
    before = page.before
    return (
        parts.KeyFigure(
            wording.core_share(page.now),
            _("core items proven"),
            wording.before_note(wording.core_share(before)) if before else "",
        ),
        parts.KeyFigure(
            str(page.now.open_items),
            _("must-pass items open"),
            wording.before_note(str(before.open_items)) if before else "",
        ),
        parts.KeyFigure(
            formats.percent_text(measured / marked) if marked else "–",
            _("of standings rest on measurement"),
            _("{count} only on paper").format(count=page.now.proofs["stated"]),
        ),
    )


def _meaning() -> tuple[parts.Block, ...]:
    return (
        parts.Facts(
            (
                (_("Largest incident the city manages alone, day and night"), wording.not_yet_computed()),
                (_("Expected gain when the decisions are carried out"), wording.not_yet_computed()),
            )
        ),
    )


def _improved(page: Page) -> tuple[parts.Block, ...]:
    if not page.gains:
        return ()
    items = tuple(wording.improvement_sentence(gain, page.titles) for gain in page.gains)
    return (parts.Heading(_("What has improved"), 1), parts.Bullets(items))


def _finding(page: Page, chosen: Chosen, language: str) -> tuple[str, str]:
    if chosen.typed is not None:
        text = wording.said_text(page.typed[chosen.typed].words, language)
    else:
        assert chosen.gap is not None
        text = wording.finding_sentence(chosen.gap, page.titles)
    return text, wording.finding_remark(chosen.gap)


def _decisions(page: Page, language: str) -> tuple[parts.Block, ...]:
    if not page.decisions:
        return (parts.Paragraph(_("No decision is asked for in this report.")),)
    lines = tuple((wording.said_text(d.words, language), wording.decision_remark(d, language)) for d in page.decisions)
    return (parts.Bullets(lines, numbered=True),)


def _limits(page: Page, language: str) -> str:
    assessed = page.basis.assessed
    offices = (
        "、".join(pick(o, language) for o in assessed.offices)
        if language == "zh-Hans"
        else ", ".join(pick(o, language) for o in assessed.offices)
    )
    return _(
        "Assessed by {offices} in {visits} visits {between}; hospitals agreed in {agreed} replies and disputed in {disputed}. "
        "Rests on {evidence} pieces of evidence, known on {known}. Limits: {domains} of {all} domains have been assessed; "
        "{unknown} items are unknown and {stale} rest on expired evidence."
    ).format(
        offices=offices or "–",
        visits=assessed.visits,
        between=wording.assessed_between(assessed.first_day, assessed.last_day),
        agreed=assessed.agreed,
        disputed=assessed.disputed,
        evidence=formats.number_text(assessed.evidence),
        known=formats.date_text(page.basis.known_at),
        domains=page.domains,
        all=page.all_domains,
        unknown=page.now.unknown,
        stale=page.now.stale,
    )
