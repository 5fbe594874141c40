"""What a rule is, how its findings are noted and how an item excepts itself."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from beiji.packs.library import Library
from beiji.packs.strict import Source


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where a rule is broken, and the sentence with its mend."""

    source: Source
    path: tuple[Any, ...]
    sentence: str


class Rule(ABC):
    """A linter rule. The docstring is its page: a headline, Why, Bad, Good and Exceptions."""

    code: ClassVar[str]
    warning: ClassVar[bool] = False

    @abstractmethod
    def look(self, library: Library) -> Iterator[Finding]:
        """Every place of the library that breaks the rule."""

    @classmethod
    def page(cls) -> str:
        """The rule page in Markdown."""
        kind = "warning; its count may only fall" if cls.warning else "error"
        return f"# {cls.code} ({kind})\n\n{inspect.getdoc(cls)}\n"


def run(rules: Sequence[Rule], library: Library) -> None:
    """Note the findings of `rules`, but for items that except themselves with a reason."""
    used: set[tuple[str, int, str]] = set()
    for rule in rules:
        for finding in rule.look(library):
            excepted = _excepting(finding, rule.code)
            if excepted is not None:
                used.add((finding.source.name, excepted, rule.code))
            else:
                finding.source.add(rule.code, finding.sentence, finding.path, warning=rule.warning)
    _unused_exceptions({rule.code for rule in rules}, library, used)


def _excepting(finding: Finding, code: str) -> int | None:
    """The position of the entry whose `allow` names the code, None when none does."""
    data, path = finding.source.data, finding.path
    if isinstance(data, list) and path and isinstance(path[0], int):
        entry = data[path[0]]
        allow = entry.get("allow") if isinstance(entry, dict) else None
        if isinstance(allow, dict) and str(allow.get(code) or "").strip():
            return path[0]
    return None


def _unused_exceptions(codes: set[str], library: Library, used: set[tuple[str, int, str]]) -> None:
    """P153: an exception that excepts nothing, or names no rule."""
    for source in library.sources:
        entries = source.data if isinstance(source.data, list) else []
        for position, entry in enumerate(entries):
            allow = entry.get("allow") if isinstance(entry, dict) else None
            for code in allow if isinstance(allow, dict) else ():
                if (source.name, position, code) not in used:
                    why = "excepts nothing" if code in codes else "is no linter rule"
                    sentence = f"allow {code} of {entry.get('id')} {why}. Take it away."
                    source.add("P153", sentence, (position, "allow", code))


def entries_with(library: Library, field: str) -> Iterator[tuple[Source, int, dict[str, Any]]]:
    """Every entry of a list file that has a field, with its source and position."""
    for source in library.sources:
        if isinstance(source.data, list):
            for position, entry in enumerate(source.data):
                if isinstance(entry, dict) and field in entry:
                    yield source, position, entry


def words_of(text: Any) -> dict[str, str]:
    """The lines of a text as written, empty for anything else."""
    if not isinstance(text, dict):
        return {}
    return {key: words for key, words in text.items() if isinstance(words, str)}
