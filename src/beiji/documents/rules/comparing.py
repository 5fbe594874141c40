"""What differs between two versions: blocks that came, went, moved or say something else; and in these, which words and numbers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from .blocks import Block


class Change(StrEnum):
    """What happened to a block."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Difference:
    """A block that differs. `chapter`: id of the heading under which it stands, in the newer version where it is there."""

    change: Change
    old: Block | None
    new: Block | None
    chapter: UUID | None


@dataclass(frozen=True)
class Piece:
    """A run of words: "same", "gone" or "new"."""

    state: str
    text: str


def compare(old: Sequence[Block], new: Sequence[Block]) -> list[Difference]:
    """Differences in the order of the newer version; what went stands where it stood. Two equal versions have none."""
    before, now = {block.id: block for block in old}, {block.id: block for block in new}
    still = [block.id for block in old if block.id in now]
    moved = _moved(still, [block.id for block in new if block.id in before])
    gone = _gone_after(old, now)
    chapters, at_chapter = {}, None
    for block in old:
        at_chapter = block.id if block.kind == "heading" else at_chapter
        chapters[block.id] = at_chapter
    found = [Difference(Change.REMOVED, block, None, chapters[block.id]) for block in gone.get(None, ())]
    chapter = None
    for block in new:
        chapter = block.id if block.kind == "heading" else chapter
        earlier = before.get(block.id)
        if earlier is None:
            found.append(Difference(Change.ADDED, None, block, chapter))
        elif earlier.content != block.content:
            found.append(Difference(Change.CHANGED, earlier, block, chapter))
        elif block.id in moved:
            found.append(Difference(Change.MOVED, earlier, block, chapter))
        found += [Difference(Change.REMOVED, one, None, chapters[one.id]) for one in gone.get(block.id, ())]
    return found


def _gone_after(old: Sequence[Block], now: dict[UUID, Block]) -> dict[UUID | None, list[Block]]:
    """Blocks that went, by the last block before them that is still there."""
    gone: dict[UUID | None, list[Block]] = {}
    last = None
    for block in old:
        if block.id in now:
            last = block.id
        else:
            gone.setdefault(last, []).append(block)
    return gone


def _moved(before: Sequence[UUID], now: Sequence[UUID]) -> set[UUID]:
    """The fewest blocks that must have moved: all but a longest run that kept its order."""
    place = {key: at for at, key in enumerate(before)}
    ends: list[int] = []
    tails: list[int] = []
    came_from: dict[int, int | None] = {}
    order = [place[key] for key in now]
    for value in order:
        at = bisect_left(ends, value)
        came_from[value] = tails[at - 1] if at else None
        if at == len(ends):
            ends.append(value)
            tails.append(value)
        else:
            ends[at] = tails[at] = value
    stayed: set[int] = set()
    step: int | None = tails[-1] if tails else None
    while step is not None:
        stayed.add(step)
        step = came_from[step]
    return {before[value] for value in order if value not in stayed}


#: A number with its decimals, a word of letters, a run of spaces, or one sign (each Chinese character is a word).
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_\u3400-\u9fff]+|\s+|.", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
#: Tokens up to which every word is compared; beyond, common ones are no anchors, which is quicker and a little coarser.
WHOLE_UP_TO = 1200


def tokens_of(text: str) -> list[str]:
    """A text cut into what a reader would strike out as one."""
    return _TOKEN.findall(text)


def pieces_of(old: str, new: str) -> list[Piece]:
    """The newer text with what went and what came; put together, the pieces that are not new are the older text."""
    before, now = tokens_of(old), tokens_of(new)
    matcher = SequenceMatcher(None, before, now, autojunk=max(len(before), len(now)) > WHOLE_UP_TO)
    pieces: list[Piece] = []
    for kind, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(now[from_new:to_new])))
            continue
        if to_old > from_old:
            pieces.append(Piece("gone", "".join(before[from_old:to_old])))
        if to_new > from_new:
            pieces.append(Piece("new", "".join(now[from_new:to_new])))
    return pieces


def numbers_changed(old: str, new: str) -> list[tuple[str, str]]:
    """Numbers that took the place of others, in order; one that only came or went has "" on the other side."""
    pairs: list[tuple[str, str]] = []
    pieces = pieces_of(old, new)
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        is_pair = piece.state == "gone" and at + 1 < len(pieces) and pieces[at + 1].state == "new"
        gone = _NUMBER.findall(piece.text) if piece.state == "gone" else []
        came = _NUMBER.findall(pieces[at + 1].text if is_pair else piece.text if piece.state == "new" else "")
        for place in range(max(len(gone), len(came))):
            pairs.append((gone[place] if place < len(gone) else "", came[place] if place < len(came) else ""))
        at += 2 if is_pair else 1
    return pairs
