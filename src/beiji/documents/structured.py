"""Blocks that hold numbers in a form of their own: a room says how one is filled in, shown and compared.

On screen and on paper such a block is a table of finished words; what is compared are its values by their names, so that a reader of
two versions sees "wave 2, minutes: 30 → 10" and not a changed table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Structured:
    """A structured kind. Its body is written and read by the room alone.

    `heads`: words of the columns; `rows`: a body as rows of typed values, what a form is filled with; `body`: typed rows as they are
    kept, raising `ChangeRefused` with one sentence; `shown`: rows of words for a reader; `values`: each value under its words.
    """

    name: str
    label: StrOrPromise
    heads: Callable[[], Sequence[str]]
    rows: Callable[[str], Sequence[Sequence[str]]]
    body: Callable[[Sequence[Sequence[str]]], str]
    shown: Callable[[str], Sequence[Sequence[str]]]
    values: Callable[[str], Mapping[str, str]]


STRUCTURED: dict[str, Structured] = {}


def register(kind: Structured) -> None:
    """Add a kind. Raises ValueError when another one has its name."""
    if STRUCTURED.get(kind.name, kind) != kind:
        raise ValueError(f"structured block {kind.name} is registered twice")
    STRUCTURED[kind.name] = kind


def values_changed(name: str, old: str, new: str) -> list[tuple[str, str, str]]:
    """Words, older and newer value of everything that differs; "" where it was not, or is no more."""
    before, now = STRUCTURED[name].values(old), STRUCTURED[name].values(new)
    words = [*before, *(word for word in now if word not in before)]
    return [(w, before.get(w, ""), now.get(w, "")) for w in words if before.get(w, "") != now.get(w, "")]
