"""What becomes of a Word file: parts, each of which will be a block, and what has to be told about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..rules import LARGEST_TABLE, LONGEST, BlockFault, Kind, table_body

#: Signs of a text block after which the next paragraph begins another one: a block is what one person writes in at a time
#: and what is translated at once (assumption).
ENOUGH = 1_200
#: Titles of chapters that are named where something is told; the count goes on.
MOST_PLACES = 12
_END_OF_SENTENCE = re.compile(r"(?<=[。！？；.!?;\n])")


@dataclass
class Part:
    """A block to be. `picture`: content and name of a file; `remarks`: what Word had beside these words."""

    kind: Kind
    body: str = ""
    level: int = 0
    picture: tuple[bytes, str] | None = None
    remarks: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Told:
    """Something that the reader of the report must know: how often, and in which chapters."""

    code: str
    count: int = 0
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Brought:
    """A file that was read."""

    parts: Sequence[Part]
    told: Sequence[Told]


class Gathering:
    """Takes what is found in its order, and makes parts of it that a block can hold."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._told: dict[str, Told] = {}
        self._chapter = ""
        self._was_item = False

    def brought(self) -> Brought:
        """All of it."""
        for part in self.parts:
            part.body = part.body.strip("\n")
        return Brought(self.parts, list(self._told.values()))

    def tell(self, code: str, count: int = 1) -> None:
        """Count something for the report, with the chapter in which it stands."""
        if count:
            told = self._told.setdefault(code, Told(code))
            told.count += count
            if self._chapter not in told.places and len(told.places) < MOST_PLACES:
                told.places.append(self._chapter)

    def heading(self, words: str, level: int) -> None:
        """A chapter, section or heading below."""
        if level > 3:
            self.tell("deep")
        words = " ".join(words.split())
        if len(words) > 400:  # nobody's heading: a paragraph in the wrong style
            self.paragraph(words)
            return
        self._chapter = words[:80]
        self.parts.append(Part(Kind.HEADING, words, min(level, 3)))
        self.tell("headings")

    def paragraph(self, words: str, *, is_item: bool = False) -> None:
        """A paragraph, or an item of a list, as Markdown."""
        if not words.strip():
            return
        self.tell("paragraphs")
        for number, part in enumerate(_parts(words)):
            last = self.parts[-1] if self.parts else None
            is_same = last is not None and last.kind == Kind.TEXT
            gap = "\n" if is_item and self._was_item and not number else "\n\n"
            if is_same and len(last.body) < ENOUGH and len(last.body) + len(part) + 2 <= LONGEST:  # type: ignore[union-attr]
                last.body += gap + part  # type: ignore[union-attr]
            else:
                self.parts.append(Part(Kind.TEXT, part))
        self._was_item = is_item

    def step(self, words: str) -> None:
        """A line with a box to tick."""
        self.tell("steps")
        last = self.parts[-1] if self.parts else None
        if last is not None and last.kind == Kind.CHECKLIST and len(last.body) + len(words) < LONGEST:
            last.body += "\n" + words
        else:
            self.parts += [Part(Kind.CHECKLIST, part) for part in _parts(" ".join(words.split()))]

    def picture(self, content: bytes, name: str) -> None:
        """A picture in a block of its own."""
        self.parts.append(Part(Kind.IMAGE, picture=(content, name)))

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table; one that no block can hold becomes several with the same head."""
        filled = [list(row) for row in rows if any(cell.strip() for cell in row)]
        if not filled:
            return
        if len(filled) == 1 and sum(bool(cell.strip()) for cell in filled[0]) == 1:  # a frame around some words
            self.paragraph("\n\n".join(cell for cell in filled[0] if cell.strip()))
            return
        self.tell("tables")
        made = list(_tables(filled))
        if len(made) > 1:
            self.tell("tables-cut")
        for body, too_long in made:
            if too_long:
                self.tell("tables-as-text")
                self.paragraph(body)
            else:
                self.parts.append(Part(Kind.TABLE, body))

    def remark(self, kind: str, words: str, who: str = "") -> None:
        """What Word had beside the words that came last: somebody's comment, words that were struck out."""
        self.tell("comments" if kind == "comment" else "struck")
        if not self.parts:
            self.parts.append(Part(Kind.TEXT))
        self.parts[-1].remarks.append((kind, who, words))


def _parts(words: str) -> Iterable[str]:
    """A paragraph in parts that a block can hold, cut behind sentences where that goes."""
    if len(words) <= LONGEST:
        yield words
        return
    part = ""
    for sentence in _END_OF_SENTENCE.split(words):
        if len(part) + len(sentence) > LONGEST and part:
            yield part
            part = ""
        while len(sentence) > LONGEST:
            yield sentence[:LONGEST]
            sentence = sentence[LONGEST:]
        part += sentence
    if part:
        yield part


def _tables(rows: Sequence[Sequence[str]]) -> Iterable[tuple[str, bool]]:
    """Bodies of tables, each with the head; a row that fits into none as text (True)."""
    most_rows, most_columns = LARGEST_TABLE
    width = max(map(len, rows))
    wide = [[*row, *[""] * (width - len(row))] for row in rows]
    if width > most_columns:
        for start in range(1, width, most_columns - 1):
            yield from _tables([[row[0], *row[start : start + most_columns - 1]] for row in wide])
        return
    head, rest = [wide[0]], wide[1:]
    if not rest or not _fits(head):
        head, rest = [], wide
    kept = list(head)
    for row in rest:
        if len(kept) < most_rows and _fits([*kept, row]):
            kept.append(row)
            continue
        if len(kept) > len(head):
            yield table_body(kept), False
        kept = list(head)
        if _fits([*head, row]):
            kept.append(row)
        else:
            yield "\n\n".join(cell for cell in row if cell.strip()), True
    if len(kept) > len(head):
        yield table_body(kept), False


def _fits(rows: Sequence[Sequence[str]]) -> bool:
    try:
        return len(table_body(rows)) <= LONGEST
    except BlockFault:
        return False
