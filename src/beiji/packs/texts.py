"""Finds every text in three languages that a pack file holds, whatever its schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from beiji.packs.faults import label
from beiji.packs.overlay import PLACEHOLDER
from beiji.packs.strict import LANGUAGES, Node, Source

NUMBER = re.compile(r"(?<![A-Za-z])\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class TextAt:
    """A text with its place: `words` by language, `path` of the text in its file, `flow` when written on one line."""

    source: Source
    path: tuple[Any, ...]
    words: dict[str, str]
    order: tuple[str, ...]
    flow: bool
    same: bool = False

    @property
    def item(self) -> str:
        """The id of the thing the text belongs to."""
        return self.source.item(self.path)

    @property
    def name(self) -> str:
        """What a person calls it: `Anchor 2 of TRI-6`."""
        return label(self.path, self.item)

    @property
    def is_title(self) -> bool:
        return bool(self.path) and self.path[-1] == "title"

    def at(self, language: str) -> tuple[Any, ...]:
        """The path of one language's line."""
        return (*self.path, language)


def texts_of(source: Source) -> Iterator[TextAt]:
    """Every mapping that has a line for a language; promises (`languages:`) and what a person typed are none."""
    if source.texts is None:
        source.texts = () if source.node is None else tuple(_walk(source, source.node, ()))
    yield from source.texts


def _walk(source: Source, node: Node, path: tuple[Any, ...]) -> Iterator[TextAt]:
    if node.children is None:
        return
    if isinstance(node.children, dict) and path[-1:] not in (("languages",), ("translations",)):
        words = {
            key: child.value
            for key, (_, child) in node.children.items()
            if key in (*LANGUAGES, "all") and child.children is None and isinstance(child.value, str)
        }
        if words:
            same = "all" in words
            order = tuple(key for key in node.children if key in LANGUAGES)
            if same:
                words = dict.fromkeys(LANGUAGES, words["all"])
            yield TextAt(source, path, words, order, node.flow, same)
    for key, (_, child) in node.children.items():
        if child.children is not None:
            yield from _walk(source, child, (*path, key))


@lru_cache(maxsize=1 << 15)  # more than all texts of the packs: several rules ask in turn, and fewer would keep none
def numbers_in(text: str) -> list[str]:
    """Numbers written in digits, thousands marks taken out, parameters left out; `G2` is a name, not a number."""
    return [number.replace(",", "") for number in NUMBER.findall(PLACEHOLDER.sub(" ", text))]


def parameters_in(text: str) -> list[str]:
    """Names of the {{parameters}} of a text."""
    return PLACEHOLDER.findall(text)
