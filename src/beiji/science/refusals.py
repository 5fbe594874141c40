"""What the engine refuses, in the languages of the house. Whoever raises an error writes English; here its sentences are found again, with their parts, in
``refusals.csv`` and said in the reader's language. A sentence that is not there is said in English; a test finds every sentence in the source."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from beiji.science.errors import ScienceError

SLOT = re.compile(r"<([a-e])>")
#: A part ends where a sentence ends, so that no pattern swallows the next sentence.
PART = r"((?:(?!(?<=[.?]) (?=[A-Z])).)+?)"
SENTENCE_END = re.compile(r"(?<=[.?]) (?=[A-Z])")
BETWEEN = {"zh-Hans": "", "he": " "}


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], tuple[str, ...], str], ...]:
    """(English as a pattern, names of its parts, the sentence in a language), the most literal first."""
    text = resources.files("beiji.science").joinpath("refusals.csv").read_text(encoding="utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: (-len(SLOT.sub("", row["en"])), row["en"]))
    made = []
    for row in rows:
        pieces = SLOT.split(row["en"])
        pattern = "".join(PART if k % 2 else re.escape(piece) for k, piece in enumerate(pieces))
        made.append((re.compile(pattern, re.DOTALL), tuple(pieces[1::2]), row[language]))
    return tuple(made)


def sentence(english: str, language: str) -> str | None:
    """One or several sentences in a language, or None where one of them is not known."""
    for pattern, names, words in _patterns(language):
        found = pattern.fullmatch(english)
        if found:
            return _filled(words, dict(zip(names, found.groups(), strict=True)))
    for end in SENTENCE_END.finditer(english):
        first, rest = sentence(english[: end.start()], language), sentence(english[end.end() :], language)
        if first is not None and rest is not None:
            return first + BETWEEN[language] + rest
    return None


def _filled(words: str, parts: Mapping[str, str]) -> str:
    return SLOT.sub(lambda slot: parts[slot[1]], words)


def say(english: str, language: str) -> str:
    """The same; in English where it is not known."""
    return english if language == "en" else sentence(english, language) or english


def lines(error: Exception, language: str) -> list[str]:
    """Every fault of an error on a line of its own. Where the fault is (a field, a code) stays as it is written in the packs."""
    if isinstance(error, ScienceError):
        return [f"{p.where}: {say(f'{p.what} {p.mend}', language)}" for p in error.problems]
    return [say(line, language) for line in str(error).splitlines()]
