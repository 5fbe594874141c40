"""Linters of standards: an anchor is a state that a stranger could decide at the bedside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import combinations
from typing import Any

from beiji.packs.library import Library
from beiji.packs.lint.base import Finding, Rule, entries_with, words_of
from beiji.packs.lint.wordlists import DEGREE, HEDGES, OBSERVABLE

PUNCTUATION = re.compile(r"[\s.,;:!?，。；：、！？'\"“”‘’()（）\-–—]+")
WINDOW = re.compile(
    r"\{\{\w*(?:day|month|year|interval|hour)\w*\}\}"
    r"|\b(?:last|past|within|previous|this|every|each|per|once)\b[^.]*\b(?:day|week|month|quarter|year|visit)s?\b",
    re.IGNORECASE,
)
PERFORMANCE = re.compile(
    r"\b(?:drill|exercise|event|incident|test|timed|measured|counted|series|deliver|arriv|call|real|operat|clear)\w*",
    re.I,
)
FIGURE = re.compile(r"\d|\{\{")
MEASURED = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s*(min|minutes|%|h|hours|s|seconds)\b", re.IGNORECASE)


def anchors_of(library: Library) -> Iterator[tuple[Any, int, dict[str, Any], int, dict[str, str]]]:
    """Source, position, entry, level and lines of every anchor."""
    for source, position, entry in entries_with(library, "anchors"):
        if isinstance(entry["anchors"], dict):
            for level, text in entry["anchors"].items():
                yield source, position, entry, level, words_of(text)


def plain(text: str) -> str:
    """A text without case, spaces and punctuation, for comparing."""
    return PUNCTUATION.sub(" ", text).strip().casefold()


class AnchorTwice(Rule):
    """The same anchor stands twice.

    Why: an anchor is written for one indicator and one level. The same sentence in two places means that one of
    them was copied, and the assessor cannot tell which of two levels he sees.

    Bad:

        - id: TRI-1
          anchors:
            1:
              en: A sign hangs at the door.
            2:
              en: A sign hangs at the door.

    Good:

        - id: TRI-1
          anchors:
            1:
              en: A sign hangs at the door.
            2:
              en: A guard at the door names the way for ambulances.

    Exceptions: none are known.
    """

    code = "L01"

    def look(self, library: Library) -> Iterator[Finding]:
        seen: dict[tuple[str, str], str] = {}
        for source, position, entry, level, words in anchors_of(library):
            for language, text in words.items():
                key = (language, plain(text))
                name = f"anchor {level} of {entry.get('id')}"
                if key in seen:
                    sentence = f"A{name[1:]} has the same {language} text as {seen[key]}. Write it for this indicator."
                    yield Finding(source, (position, "anchors", level, language), sentence)
                seen.setdefault(key, name)


class OnlyAdverb(Rule):
    """Two levels differ only in an adverb or a quantity word.

    Why: "partly" and "fully" are opinions. Two assessors agree on what hangs on the wall, not on how fully.
    Levels must differ in facts: a thing, a place, a number, a person who can do it.

    Bad:

        - id: COM-1
          anchors:
            1:
              en: Some radios at the sites are charged.
            2:
              en: All radios at the sites are charged.

    Good:

        - id: COM-1
          anchors:
            1:
              en: 4 radios stand in the charger of the duty room.
            2:
              en: Each site has 1 radio; the porter called by radio answers within 1 min.

    Exceptions: a level that is defined by law in such words.
    """

    code = "L02"

    def look(self, library: Library) -> Iterator[Finding]:
        for source, position, entry in entries_with(library, "anchors"):
            anchors = entry["anchors"] if isinstance(entry["anchors"], dict) else {}
            for (low, first), (high, second) in combinations(sorted(anchors.items(), key=lambda pair: str(pair[0])), 2):
                one, other = words_of(first), words_of(second)
                for language in one.keys() & other.keys():
                    low_words, high_words = plain(one[language]), plain(other[language])
                    if low_words != high_words and _bare(low_words, language) == _bare(high_words, language):
                        sentence = (
                            f"Anchors {low} and {high} of {entry.get('id')} differ in {language} only by an adverb or "
                            "quantity word. Let them differ by something that can be seen."
                        )
                        yield Finding(source, (position, "anchors", high, language), sentence)


@cache
def _degree_words(language: str) -> re.Pattern[str]:
    words = "|".join(sorted(DEGREE.get(language, ()), key=len, reverse=True))
    return re.compile(words if language == "zh-Hans" else rf"(?<!\w)(?:{words})(?!\w)")


@lru_cache(maxsize=64)  # each level is compared with every other
def _bare(text: str, language: str) -> str:
    """A plain text without its adverbs and quantity words."""
    return " ".join(_degree_words(language).sub(" ", text).split())


class NothingToSee(Rule):
    """An anchor names nothing that can be seen or heard, or hides behind a hedge.

    Why: "adequate", 完善, 加强 and מתאים let each assessor see what he wishes. An anchor names a thing, a number or
    what somebody does or answers.

    Bad:

        - id: STF-4
          anchors:
            2:
              en: Staff control is adequate.
              zh-Hans: 人员管理完善。

    Good:

        - id: STF-4
          anchors:
            2:
              en: The guard at the assembly point shows the list on which this shift signed in.
              zh-Hans: 集合点值守人员出示本班签到表。

    Exceptions: a hedge inside a quoted question or a proper name.
    """

    code = "L03"

    def look(self, library: Library) -> Iterator[Finding]:
        for source, position, entry, level, words in anchors_of(library):
            for language, text in words.items():
                path = (position, "anchors", level, language)
                hedge = HEDGES[language].search(text) if language in HEDGES else None
                if hedge:
                    sentence = (
                        f"Anchor {level} of {entry.get('id')} says “{hedge.group()}”, which everyone sees otherwise. "
                        "Name the thing, the number or the answer."
                    )
                    yield Finding(source, path, sentence)
                elif language == "en" and not OBSERVABLE.search(text):
                    sentence = (
                        f"Anchor {level} of {entry.get('id')} names nothing that can be seen, counted or heard. "
                        "Say what lies, hangs, happens or is answered where."
                    )
                    yield Finding(source, path, sentence)


class TopWithoutPerformance(Rule):
    """`proven_by` does not say what must be performed, or in which window.

    Why: level 3 is computed from a measurement. Without a performance there is nothing to measure, without a window
    a drill of ten years ago would do.

    Bad:

        - id: SUP-6
          proven_by:
            en: Theatres are ready quickly off-hours.

    Good:

        - id: SUP-6
          proven_by:
            en: In an unannounced test of the last {{drill_interval_days}} days, off-hours, 2 theatres were ready at 30 min.

    Exceptions: none are known; a document needs the window alone.
    """

    code = "L04"

    def look(self, library: Library) -> Iterator[Finding]:
        for source, position, entry in entries_with(library, "proven_by"):
            text = words_of(entry["proven_by"]).get("en", "")
            if not text:
                continue
            path = (position, "proven_by", "en")
            capability = library.capabilities.get(str(entry.get("reads")))
            if not WINDOW.search(text):
                sentence = (
                    f"proven_by of {entry.get('id')} names no window. Say within how many days, by a {{{{parameter}}}}."
                )
                yield Finding(source, path, sentence)
            elif not PERFORMANCE.search(text) and not (capability and capability.kind == "document"):
                sentence = (
                    f"proven_by of {entry.get('id')} names no performance. Say which drill, test or event shows it."
                )
                yield Finding(source, path, sentence)


class NoFigure(Rule):
    """A numeric capability without a figure, or with figures that run against its direction.

    Why: an indicator that reads a quantity stands or falls with a number; the reader must find it in the sentence.
    Figures of successive levels must get better, or a worse hospital gets the higher level.

    Bad:

        - id: TRI-6
          reads: ed-clear-time
          proven_by:
            en: The emergency department was emptied in time in a drill of this year.

    Good:

        - id: TRI-6
          reads: ed-clear-time
          proven_by:
            en: The emergency department was emptied within {{ed_clear_min}} min in a drill of this year.

    Exceptions: none are known.
    """

    code = "L05"

    def look(self, library: Library) -> Iterator[Finding]:
        for source, position, entry in entries_with(library, "reads"):
            capability = library.capabilities.get(str(entry.get("reads")))
            if capability is None or capability.kind != "quantity":
                continue
            text = words_of(entry.get("proven_by")).get("en", "")
            if text and not FIGURE.search(text):
                sentence = f"proven_by of {entry.get('id')} has no figure, but {capability.id} is a number. Write it."
                yield Finding(source, (position, "proven_by", "en"), sentence)
            yield from self._against_direction(source, position, entry, capability.better)

    def _against_direction(
        self, source: Any, position: int, entry: dict[str, Any], better: str | None
    ) -> Iterator[Finding]:
        anchors = entry.get("anchors") if isinstance(entry.get("anchors"), dict) else {}
        single: dict[int, tuple[float, str]] = {}
        for level, text in sorted((anchors or {}).items()):
            numbers = MEASURED.findall(words_of(text).get("en", ""))
            if len(numbers) == 1:
                single[level] = (float(numbers[0][0]), numbers[0][1])
        for low, high in zip(sorted(single), sorted(single)[1:], strict=False):
            (first, unit), (second, other_unit) = single[low], single[high]
            wrong = second > first if better == "lower" else second < first
            if unit == other_unit and wrong:
                sentence = (
                    f"Anchor {high} of {entry.get('id')} says {second:g} {unit}, anchor {low} {first:g}; {better} is better. "
                    "Let the figure get better with the level."
                )
                yield Finding(source, (position, "anchors", high, "en"), sentence)
