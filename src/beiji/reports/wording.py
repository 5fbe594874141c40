"""The sentences of reports in the current language: whole sentences with named parts, numbers by locale."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from beiji.readiness.failing import Failure
from beiji.readiness.pages import counted
from beiji.readiness.rules.counting import MISSES, Lack, SharedGap
from beiji.ui import formats
from beiji.ui.languages import pick
from beiji.ui.words import language_word

from .rules.facts import Chosen, Improvement
from .rules.lines import DecisionLine, Said


def not_yet_computed() -> str:
    """What only an engine run can say is never guessed."""
    return _("not yet computed")


def before_note(text: str) -> str:
    return _("first round {value}").format(value=text)


def finding_sentence(gap: SharedGap, titles: Mapping[str, Mapping[str, str]], failed: Mapping[str, Failure]) -> str:
    """One shared gap in a sentence: what, in how many hospitals, by night; how it was found stands in the remark."""
    what = counted.gap_title(titles[gap.indicator], failed.get(gap.indicator))
    parts = {"what": what, "count": len(gap.short), "of": gap.of}
    if not gap.short:
        parts["count"] = len(gap.lacking[Lack.UNPROVEN])
        return ngettext(
            "{what}: not yet proven in {count} of {of} hospital",
            "{what}: not yet proven in {count} of {of} hospitals",
            gap.of,
        ).format(**parts)
    if gap.night:
        return ngettext(
            "{what}: falls short at night in {count} of {of} hospital",
            "{what}: falls short at night in {count} of {of} hospitals",
            gap.of,
        ).format(**parts)
    return ngettext(
        "{what}: falls short in {count} of {of} hospital", "{what}: falls short in {count} of {of} hospitals", gap.of
    ).format(**parts)


def finding_remark(chosen: Chosen, typed: Sequence[int] = (), hospitals: int = 0) -> str:
    """What a finding rests on: in how many of the hospitals asked, and how many of them on which ground.

    `typed`: numbers of hospitals that the words carry themselves. What the ledger does not count so is said.
    """
    gap = chosen.gap
    if gap is None:
        rest = _("no hospital falls short any more") if chosen.is_measurable else _("experts' judgement")
        return " · ".join(part for part in (rest, typed_words(typed, {hospitals})) if part)
    short = len(gap.short)
    count = formats.code_text(f"{short or len(gap.lacking[Lack.UNPROVEN])}/{gap.of}")
    lacking = {lack: len(codes) for lack, codes in gap.lacking.items()}
    grounds = counted.lack_words({lack: lacking[lack] for lack in (MISSES if short else (Lack.UNPROVEN,))})
    counts = {hospitals, gap.of, short, len(gap.gaps), *lacking.values()}
    return " · ".join(part for part in (count, grounds, typed_words(typed, counts)) if part)


def typed_words(typed: Sequence[int], counts: Collection[int]) -> str:
    """Numbers of hospitals in somebody's words that are none of the day's; nothing where all agree."""
    others = [formats.number_text(number) for number in typed if number not in counts]
    return _("number as typed: {numbers}").format(numbers=", ".join(others)) if others else ""


def improvement_sentence(gain: Improvement, titles: Mapping[str, Mapping[str, str]]) -> str:
    return ngettext(
        "{now} hospital has now proven “{what}”, {before} in the first round.",
        "{now} hospitals have now proven “{what}”, {before} in the first round.",
        gain.now,
    ).format(what=pick(titles[gain.indicator]), now=gain.now, before=gain.before)


def said_text(words: Mapping[str, Said], language: str) -> str:
    """A typed text for a reader; untranslated, it stands in its original, named as awaiting translation."""
    said = words[language]
    if not said.untranslated:
        return said.body
    mark = _("awaiting translation from {language}").format(language=language_word(said.language))
    return f"{formats.isolate(said.body, 'auto')} ({mark})"


def raw_texts(texts: Iterable[Mapping[str, Said]], language: str) -> int:
    """How many typed texts a reader of the language would find in somebody else's."""
    return sum(words[language].untranslated for words in texts)


def waiting_sentence(waiting: int) -> str:
    """Why a report is only a draft; nothing where it is none."""
    if not waiting:
        return ""
    return ngettext("{count} text awaits translation.", "{count} texts await translation.", waiting).format(
        count=waiting
    )


def draft_warning(awaiting: Mapping[str, int]) -> str:
    """What whoever makes the page now should know before: in which languages it would only be a draft."""
    if not awaiting:
        return ""
    languages = pgettext("between names", ", ").join(
        ngettext("{language}: {count} text", "{language}: {count} texts", count).format(
            language=language_word(code), count=count
        )
        for code, count in awaiting.items()
    )
    return _(
        "Made today, the page for heads of state would be a draft; texts on it await their translation ({languages})."
    ).format(languages=languages)


def decision_remark(decision: DecisionLine, language: str, hospitals: int) -> str:
    """Owner, date and cost class of a decision; what has been decided is said first, a number that was typed once last."""
    states = {"taken": _("decided"), "deferred": _("deferred"), "refused": _("refused")}
    parts = [states.get(decision.state, ""), pick(decision.owner, language), pick(decision.cost, language)]
    if decision.due is not None:
        parts.append(formats.month_text(decision.due))
    parts.append(typed_words(decision.words[language].counts, {hospitals}))
    return " · ".join(part for part in parts if part)


def assessed_between(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    return _("from {first} to {last}").format(first=formats.date_text(first), last=formats.date_text(last))
