"""Declared changes of a pack (`changes.yaml`): what a version does to ratings and numbers that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from beiji.packs.schemas.common import Day, Number, Part, Text, Version, Word, either

if TYPE_CHECKING:
    Named = str | Text
else:
    Named = either(Word, Text)


class Change(Part):
    """One declared change; what it does to live data is in the table of the change rules.

    `into`, `of`: ids that an item was split into, or merged of · `factor`: old number × factor = new number ·
    `from_level`: lowest level whose bar was raised · `levels`: old level → new one of a changed scale; a level that is not
    listed becomes *not assessed*.
    """

    item: Word
    change: Literal[
        "new", "wording", "reworded", "raised", "lowered", "weight", "moved", "unit", "split", "merged", "retired",
        "scale", "validity", "engine", "parameter", "applies",
    ]  # fmt: skip
    why: Named | None = None
    into: tuple[Word, ...] = ()
    of: tuple[Word, ...] = ()
    factor: Number | None = None
    from_level: Literal[0, 1, 2, 3] = 0
    levels: dict[Literal[0, 1, 2, 3], Literal[0, 1, 2, 3]] = {}


class Release(Part):
    """The changes that a version declares against the one before."""

    version: Version
    date: Day | None = None
    title: Text | None = None
    changes: tuple[Change, ...] = ()
    note: Named | None = None
