"""What a run says, in the three languages of the house: codes and sentences from ``words.csv``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter

LANGUAGES = ("en", "zh-Hans", "he")
RIGHT_TO_LEFT = ("he",)


@cache
def table(language: str) -> Mapping[str, str]:
    """Code → words in a language. Raises KeyError for a language that there is not."""
    text = resources.files("beiji.science").joinpath("words.csv").read_text(encoding="utf-8")
    return {row["code"]: row[language] for row in csv.DictReader(text.splitlines())}


class Words:
    """The words of one language; ``names`` are those of hospitals, scenes, city and scenario by code."""

    def __init__(self, language: str = "en", names: Mapping[str, str] | None = None) -> None:
        self.language, self.names, self.table = language, names or {}, table(language)

    @property
    def rtl(self) -> bool:
        """Is it written from right to left?"""
        return self.language in RIGHT_TO_LEFT

    def word(self, code: str) -> str:
        """A code in words; a code that has none is shown as it is, with spaces."""
        return self.table.get(code, code.replace("_", " "))

    def say(self, code: str, /, **parts: object) -> str:
        """A sentence with its parts."""
        return self.table[code].format(**parts)

    def name(self, code: str) -> str:
        """A place by its name."""
        return self.names.get(code, code)

    def listed(self, parts: list[str]) -> str:
        """A list in running text."""
        return self.table["list"].join(parts)


def fields(sentence: str) -> set[str]:
    """Names of the parts that a sentence leaves open."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
