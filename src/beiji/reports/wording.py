"""The sentences of reports in the current language: whole sentences with named parts, numbers by locale."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.ui import formats, words
from beiji.ui.languages import language_of, pick

from .rules.facts import Improvement, SharedGap, Tally
from .rules.lines import DecisionLine, Said


def not_yet_computed() -> str:
    """What only an engine run can say is never guessed."""
    return _("not yet computed")


def standing_sentence(tally: Tally, domains: int, all_domains: int) -> str:
    """The city's standing in one sentence, in words and counts."""
    if tally.open_items == 0:
        return _(
            "All {hospitals} hospitals have every must-pass item in place in the {domains} of {all} domains assessed."
        ).format(hospitals=tally.hospitals, domains=domains, all=all_domains)
    return ngettext(
        "The basic framework is in place; {open} must-pass item is still open, in {with_open} of {hospitals} hospitals.",
        "The basic framework is in place; {open} must-pass items are still open, in {with_open} of {hospitals} hospitals.",
        tally.open_items,
    ).format(open=tally.open_items, with_open=tally.open_hospitals, hospitals=tally.hospitals)


def core_share(tally: Tally) -> str:
    """Share of core items proven, in whole per cent; a dash where nothing applies."""
    return formats.percent_text(tally.core_met / tally.core_items) if tally.core_items else "–"


def before_note(text: str) -> str:
    return _("first round {value}").format(value=text)


def finding_sentence(gap: SharedGap, titles: Mapping[str, Mapping[str, str]]) -> str:
    """One shared gap in a sentence: what, in how many hospitals, by night, measured or not."""
    parts = {"what": pick(titles[gap.indicator]), "count": len(gap.short), "of": gap.of}
    if not gap.short:
        parts["count"] = len(gap.unproven)
        return _("{what}: not yet proven in {count} of {of} hospitals").format(**parts)
    if gap.night:
        return _("{what}: falls short at night in {count} of {of} hospitals").format(**parts)
    return _("{what}: falls short in {count} of {of} hospitals").format(**parts)


def finding_remark(gap: SharedGap | None) -> str:
    """What a finding rests on: in how many hospitals, and the strongest proof."""
    if gap is None:
        return _("experts' judgement")
    count = formats.code_text(f"{len(gap.short) or len(gap.unproven)}/{gap.of}")
    return " · ".join(part for part in (count, words.proof_word(gap.proof)) if part)


def improvement_sentence(gain: Improvement, titles: Mapping[str, Mapping[str, str]]) -> str:
    return _("{what}: proven in {now} hospitals, {before} in the first round").format(
        what=pick(titles[gain.indicator]), now=gain.now, before=gain.before
    )


def said_text(words: Mapping[str, Said], language: str) -> str:
    """A typed text for a reader; untranslated, it stands in its original with the mark."""
    said = words[language]
    if not said.untranslated:
        return said.body
    mark = _("original in {language}, not yet translated").format(language=language_of(said.language).name)
    return f"{formats.isolate(said.body, 'auto')} ({mark})"


def decision_remark(decision: DecisionLine, language: str) -> str:
    """Owner, date and cost class of a decision; what has been decided is said first."""
    states = {"taken": _("decided"), "deferred": _("deferred"), "refused": _("refused")}
    parts = [states.get(decision.state, ""), pick(decision.owner, language), pick(decision.cost, language)]
    if decision.due is not None:
        parts.append(formats.month_text(decision.due))
    return " · ".join(part for part in parts if part)


def assessed_between(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    return _("from {first} to {last}").format(first=formats.date_text(first), last=formats.date_text(last))
