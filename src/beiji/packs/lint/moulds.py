"""A linter against moulds: the same run of words in many indicators."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from beiji.packs.library import Library
from beiji.packs.lint.base import Finding, Rule, entries_with, words_of
from beiji.packs.overlay import PLACEHOLDER

MOST = 3
RUN = {"en": 8, "zh-Hans": 12, "he": 6}
FIELDS = ("look_at", "anchors", "advice")


def pieces(text: str, language: str) -> list[str]:
    """The words of a text, of Chinese its characters; parameters and punctuation do not make texts alike."""
    plain = PLACEHOLDER.sub(" ", text)
    parts = re.findall(r"\w+", plain.casefold())
    return [sign for word in parts for sign in word] if language == "zh-Hans" else parts


def runs_of(text: str, language: str) -> list[str]:
    """Every run of words of a text that is long enough to be a mould. Letters tell the languages apart."""
    words, length = pieces(text, language), RUN.get(language, 8)
    return [" ".join(words[at : at + length]) for at in range(len(words) - length + 1)]


def texts_of_entry(entry: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], dict[str, str]]]:
    """Path below the entry and lines of everything that should be written for this indicator alone."""
    for field in FIELDS:
        value = entry.get(field)
        if field == "look_at":
            yield (field,), words_of(value)
        elif isinstance(value, dict):
            for level, text in value.items():
                yield (field, level), words_of(text)


Held = tuple[Any, tuple[Any, ...], str, list[str]]
"""Source, path, language and runs of one text."""


def _runs_by_indicator(library: Library) -> Iterator[tuple[str, list[Held]]]:
    for source, position, entry in entries_with(library, "look_at"):
        yield (
            str(entry.get("id")),
            [
                (source, (position, *path, language), language, runs_of(text, language))
                for path, lines in texts_of_entry(entry)
                for language, text in lines.items()
            ],
        )


def shared_runs(library: Library) -> dict[str, dict[int, int]]:
    """Language → in how many indicators → how many runs of words stand in just so many."""
    holders: dict[str, Counter[str]] = {language: Counter() for language in RUN}
    for _, places in _runs_by_indicator(library):
        for language in RUN:
            holders[language].update({run for *_, said, runs in places if said == language for run in runs})
    return {language: dict(sorted(Counter(counts.values()).items())) for language, counts in holders.items()}


class MadeByMould(Rule):
    """The same run of words stands in more than 3 indicators.

    Why: text that is made by a mould is not read. A reader who meets the same clause for the fourth time skips it, and an
    assessor who skips it rates the mould and not the hospital. What an assessor looks at, the levels and the advice are
    written for one indicator; only `proven_by` may repeat the law's own words (window, notice, day and night).

    Bad:

        - id: X-1
          look_at:
            en: Ask the person on duty whether the list of names is there.
        - id: X-2
          look_at:
            en: Ask the person on duty whether the list of names is signed.
        - id: X-3
          look_at:
            en: Ask the person on duty whether the list of names is new.
        - id: X-4
          look_at:
            en: Ask the person on duty whether the list of names is long.

    Good:

        - id: X-1
          look_at:
            en: Read the names on the wall and call the third.
        - id: X-2
          look_at:
            en: Let the guard show whom he lets in without a badge.

    Exceptions: words that a law prescribes.
    """

    code = "L06"

    def look(self, library: Library) -> Iterator[Finding]:
        indicators = list(_runs_by_indicator(library))
        holders = Counter(run for _, places in indicators for run in {run for *_, runs in places for run in runs})
        moulds = {run for run, count in holders.items() if count > MOST}
        if not moulds:
            return
        places_with_moulds = [
            (id, place) for id, places in indicators for place in places if not moulds.isdisjoint(place[3])
        ]
        for id, (source, path, language, runs) in places_with_moulds:
            run = next(run for run in runs if run in moulds)
            others = ", ".join(sorted({other for other, place in places_with_moulds if run in place[3]} - {id}))
            words = run.replace(" ", "") if language == "zh-Hans" else run
            yield Finding(source, path, f"“{words}” of {id} stands in {others} too. Write it for this indicator.")
