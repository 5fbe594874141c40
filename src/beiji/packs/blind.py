"""Blind ordering: do an indicator's anchors say by themselves which state is worse?

`shuffled` writes the anchors of a standard without their levels, in an order drawn from a seed. Somebody who has not written
them puts each set in order, worst first. `agreement` compares; the answers are kept beside the standard
(`blind-order.csv`), and a test holds the result.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .library import Library

LANGUAGES = ("en", "zh-Hans", "he")
LETTERS = "ABC"


@dataclass(frozen=True)
class Shuffled:
    """One indicator's anchors in one language, lettered A, B, C; `key` is the right order, worst first."""

    indicator: str
    language: str
    texts: tuple[str, ...]
    key: str


def shuffled(library: Library, standard: str, seed: int) -> Iterator[Shuffled]:
    """Every indicator of a standard in every language, its anchors shuffled by the seed."""
    for _domain, indicator in library.standards[standard].indicators():
        for language in LANGUAGES:
            draw = random.Random(f"{seed}/{indicator.id}/{language}")
            order: list[Literal[0, 1, 2]] = [0, 1, 2]
            draw.shuffle(order)
            texts = tuple(str(indicator.anchors[level][language]) for level in order)
            key = "".join(LETTERS[order.index(level)] for level in sorted(order))
            yield Shuffled(indicator.id, language, texts, key)


def read_answers(path: Path) -> list[dict[str, str]]:
    """Rows `indicator, language, order` of the kept answers."""
    with open(path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def agreement(sets: Iterable[Shuffled], answers: Iterable[dict[str, str]]) -> tuple[int, list[str]]:
    """Number of sets put in the right order, and a line for each that was not."""
    keys = {(s.indicator, s.language): s.key for s in sets}
    right, wrong = 0, []
    for answer in answers:
        key = keys[answer["indicator"], answer["language"]]
        if answer["order"] == key:
            right += 1
        else:
            wrong.append(f"{answer['indicator']} {answer['language']}: put {answer['order']}, levels say {key}")
    return right, wrong
