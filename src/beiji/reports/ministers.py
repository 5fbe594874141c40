"""One page for heads of state: thanks, standing, what it means, what improved, findings, decisions, gain, who and limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from beiji.readiness.failing import Failure, failures_of
from beiji.readiness.pages import counted, headlines
from beiji.readiness.rules.counting import Tally
from beiji.readiness.rules.rows import Proof
from beiji.ui import formats
from beiji.ui.languages import LANGUAGES, pick
from beiji.ui.print import document as parts

from . import freezing, gathering, wording
from .gathering import Basis
from .rules.facts import Chosen, Improvement, Typed, choose_findings, improvements
from .rules.lines import DecisionLine, FindingLine, Said

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
    failed: Mapping[str, Failure]
    domains: int
    all_domains: int
    number: str


def content(
    basis: Basis, typed: Sequence[FindingLine], decisions: Sequence[DecisionLine], number: str
) -> dict[str, Any]:
    """The snapshot's content: numbers once, the document in each language."""
    page = _page(basis, typed, decisions, number)
    documents = {}
    for language in LANGUAGES:
        with translation.override(language.code):
            documents[language.pack] = freezing.as_json(_document(page, language.pack))
    return {"documents": documents, "numbers": _numbers(page)}


def _page(basis: Basis, typed: Sequence[FindingLine], decisions: Sequence[DecisionLine], number: str) -> Page:
    held, before = basis.now.held, basis.before
    wishes = [Typed(f.key, f.indicators, f.order, f.hospitals) for f in typed]
    method = basis.now.method
    findings = choose_findings(held, wishes)
    return Page(
        basis=basis,
        now=basis.now.tally,
        before=before.tally if before else None,
        gains=improvements(before.held, held)[:MOST_IMPROVEMENTS] if before else [],
        findings=findings,
        typed={f.key: f for f in typed},
        decisions=decisions,
        titles=gathering.titles_of(basis.now),
        failed=failures_of(basis.now, [c.gap for c in findings if c.gap is not None]),
        domains=len({h.domain for h in held if h.is_known}),
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
        "open_unknown": page.now.open_unknown,
        "known": page.now.known,
        "gaps": {lack.value: count for lack, count in page.now.gaps.items()},
        "proofs": {proof.value: count for proof, count in page.now.proofs.items()},
        "unknown": page.now.unknown,
        "stale": page.now.stale,
        "evidence": page.basis.assessed.evidence,
        "findings": [
            {"indicator": c.gap.indicator, "short": len(c.gap.short), "of": c.gap.of}
            | {lack.value: len(hospitals) for lack, hospitals in c.gap.lacking.items()}
            for c in page.findings
            if c.gap
        ],
        "awaiting": {language.pack: wording.raw_texts(_typed_texts(page), language.pack) for language in LANGUAGES},
        "improvements": [{"indicator": g.indicator, "before": g.before, "now": g.now} for g in page.gains],
    }


def _document(page: Page, language: str) -> parts.Document:
    basis = page.basis
    city = pick(basis.city.names, language)
    stage = _("stage {number}").format(number=basis.stage.number) if basis.stage else ""
    raw = wording.raw_texts(_typed_texts(page), language)
    title = headlines.headline_sentences(page.now, page.domains, page.all_domains)
    running = (_("Draft") if raw else "", _("Hospital emergency preparedness of {city}").format(city=city), stage)
    return parts.Document(
        title=_("Draft: {title}").format(title=title) if raw else title,
        subtitle="",
        running=" · ".join(part for part in running if part),
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
            parts.Paragraph(_limits(page, raw, language), "quiet"),
        ),
    )


def _typed_texts(page: Page) -> list[Mapping[str, Said]]:
    """What people typed and the page prints: findings and decisions."""
    return [page.typed[c.typed].words for c in page.findings if c.typed] + [d.words for d in page.decisions]


def _thanks(page: Page) -> str:
    visits = page.basis.assessed.visits
    if not visits:
        return _("No visit from outside has been completed yet; what follows rests on other evidence.")
    return ngettext(
        "With thanks to the hospitals, whose staff opened their wards and drills to {visits} visit.",
        "With thanks to the hospitals, whose staff opened their wards and drills to {visits} visits.",
        visits,
    ).format(visits=visits)


def _figures(page: Page) -> tuple[parts.KeyFigure, ...]:
    now, before = page.now, page.before
    stated = now.proofs[Proof.STATED]
    return (
        parts.KeyFigure(
            counted.core_share(now),
            _("core items proven"),
            wording.before_note(counted.core_share(before)) if before else "",
        ),
        parts.KeyFigure(
            str(now.open_items),
            ngettext("must-pass item open", "must-pass items open", now.open_items),
            wording.before_note(str(before.open_items)) if before else "",
        ),
        parts.KeyFigure(
            formats.percent_text(now.measured / now.marked) if now.marked else "–",
            _("of standings rest on measurement"),
            ngettext("{count} only stated", "{count} only stated", stated).format(count=stated),
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
        text = wording.finding_sentence(chosen.gap, page.titles, page.failed)
    counts = page.typed[chosen.typed].words[language].counts if chosen.typed else ()
    return text, wording.finding_remark(chosen, counts, page.now.hospitals)


def _decisions(page: Page, language: str) -> tuple[parts.Block, ...]:
    if not page.decisions:
        return (parts.Paragraph(_("No decision is asked for in this report.")),)
    lines = tuple(
        (wording.said_text(d.words, language), wording.decision_remark(d, language, page.now.hospitals))
        for d in page.decisions
    )
    return (parts.Bullets(lines, numbered=True),)


def _limits(page: Page, raw: int, language: str) -> str:
    """Who assessed, what the hospitals said, what it rests on and what it does not know; each sentence for itself."""
    now = page.now
    sentences = (
        _assessed(page.basis.assessed, language),
        ngettext(
            "Rests on {evidence} piece of evidence, known on {known}.",
            "Rests on {evidence} pieces of evidence, known on {known}.",
            page.basis.assessed.evidence,
        ).format(
            evidence=formats.number_text(page.basis.assessed.evidence),
            known=formats.date_text(page.basis.known_at),
        ),
        ngettext(
            "Limits: {domains} of {all} domain has been assessed.",
            "Limits: {domains} of {all} domains have been assessed.",
            page.domains,
        ).format(domains=page.domains, all=page.all_domains),
        ngettext("{count} item is unknown.", "{count} items are unknown.", now.unknown).format(count=now.unknown)
        if now.unknown
        else "",
        ngettext(
            "{count} item rests on expired evidence.", "{count} items rest on expired evidence.", now.stale
        ).format(count=now.stale)
        if now.stale
        else "",
        wording.waiting_sentence(raw),
    )
    return _sentences(sentence for sentence in sentences if sentence)


def _assessed(assessed: gathering.Assessed, language: str) -> str:
    """Who assessed in how many visits, and what the hospitals said of how many of them; nothing before the first visit."""
    if not assessed.visits:
        return ""
    visits = ngettext(
        "Assessed by {offices} in {visits} visit {between}.", "Assessed by {offices} in {visits} visits {between}.", assessed.visits
    ).format(
        offices=_listed([pick(o, language) for o in assessed.offices]) or "–",
        visits=assessed.visits,
        between=wording.assessed_between(assessed.first_day, assessed.last_day),
    )  # fmt: skip
    said = assessed.replies
    replies = _(
        "The hospitals agreed with {agreed} of their results, disputed {disputed} and did not reply to {silent}."
    ).format(agreed=said.agreed, disputed=said.disputed, silent=said.silent)
    if assessed.unanswered:
        open_disputes = ngettext(
            "{count} dispute has no signed answer of the team.",
            "{count} disputes have no signed answer of the team.",
            assessed.unanswered,
        ).format(count=assessed.unanswered)
        return _sentences((visits, replies, open_disputes))
    return _sentences((visits, replies))


def _listed(names: Sequence[str]) -> str:
    return pgettext("between names", ", ").join(names)


def _sentences(sentences: Iterable[str]) -> str:
    return reduce(lambda first, second: _("{sentence} {second}").format(sentence=first, second=second), sentences)
