"""Linters of plans and role cards: no sentence twice, no number without a home."""

from __future__ import annotations

import re
from collections.abc import Iterator

from beiji.packs.library import Library
from beiji.packs.lint.base import Finding, Rule
from beiji.packs.overlay import PLACEHOLDER
from beiji.packs.strict import Source
from beiji.packs.texts import TextAt, texts_of

FOLDERS = {"plan-templates", "role-cards"}
FIELDS = {"mission", "blocks", "sections", "merged"}
ENDS = {"en": re.compile(r"(?<=[.!?:;])\s+|\n+"), "zh-Hans": re.compile(r"(?<=[。！？；：])|\n+")}
SHORTEST = {"en": 40, "zh-Hans": 14}
UNITS = {
    "en": re.compile(
        r"\d[\d.,]*\s?(?:min(?:ute)?s?|h(?:ours?)?|days?|s(?:econds?)?|months?|years?|%|per cent|units?)(?![\w])"
    ),
    "zh-Hans": re.compile(r"\d[\d.,]*\s?(?:分钟|小时|天|日内|秒|个月|年内|%|单位)"),
}


def is_plan_text(source: Source) -> bool:
    """Whether a file holds words that are said in an emergency: a chapter, cards, or a night set."""
    if FOLDERS & set(source.path.parts):
        return source.path.name != "sources.yaml"
    entries = source.data if isinstance(source.data, list) else [source.data]
    return any(isinstance(entry, dict) and FIELDS & set(entry) for entry in entries)


def plan_texts(library: Library) -> Iterator[TextAt]:
    """Every text of every plan template and role card."""
    for source in library.sources:
        if is_plan_text(source):
            yield from texts_of(source)


def sentences(words: str, language: str) -> list[str]:
    """The sentences of a text that are long enough to be somebody's own, spaces evened out."""
    parts = (" ".join(part.split()) for part in ENDS[language].split(words))
    return [part for part in parts if len(PLACEHOLDER.sub("", part)) >= SHORTEST[language]]


class SentenceTwice(Rule):
    """A sentence of a plan template or a role card stands in two places word for word.

    Why: an order that stands twice is changed once. Say it where the reader acts on it and point there from the other
    place; a card and a chapter that need the same thing need different words, since one is done and one is decided.

    Bad:

        - id: door
          mission:
            en: The entrance is guarded and every other door is closed at once.
        - id: guard
          mission:
            en: The entrance is guarded and every other door is closed at once.

    Good:

        - id: door
          mission:
            en: The entrance is guarded and every other door is closed at once.
        - id: guard
          mission:
            en: Stay at the post until the second guard has taken the key and the list.

    Exceptions: titles; words of a law or of a call that must be the same everywhere.
    """

    code = "L26"

    def look(self, library: Library) -> Iterator[Finding]:
        places: dict[tuple[str, str], list[TextAt]] = {}
        for text in plan_texts(library):
            for language in ENDS:
                for sentence in sentences(
                    text.words.get(language, "") if not (text.same or text.is_title) else "", language
                ):
                    places.setdefault((language, sentence), []).append(text)
        for (language, sentence), texts in places.items():
            for number, text in enumerate(texts if len(texts) > 1 else ()):
                other = texts[number - 1]
                said = f"{text.name}: {language} says “{sentence[:40]}…” like {other.name} ({other.source.name}). Say it once."
                yield Finding(text.source, text.at(language), said)


class BareFigure(Rule):
    """A minute, a share or another measured number of a plan or card is typed into the sentence.

    Why: the same number stands in the plan, on a card, in the standard and in the engine. Typed four times it is changed
    three times. `{{name}}` takes it from one place, where its source or assumption is said.

    Bad:

        - id: door
          mission:
            en: Close the other doors within 12 min.
            zh-Hans: 12分钟内关闭其他门。

    Good:

        - id: door
          mission:
            en: Close the other doors within {{door_control_min}} min.
            zh-Hans: '{{door_control_min}}分钟内关闭其他门。'

    Exceptions: a number that a law fixes and no city may change.
    """

    code = "L27"

    def look(self, library: Library) -> Iterator[Finding]:
        for text in plan_texts(library):
            for language, unit in UNITS.items():
                found = unit.search(text.words.get(language, "")) if text.path[:1] != ("parameters",) else None
                if found:
                    sentence = f"{text.name}: {language} types “{found.group()}”. Write it as {{{{parameter}}}} with its source."
                    yield Finding(text.source, text.path if text.same else text.at(language), sentence)
