"""What a block of a document may hold, and how its body is written down so that equal content has an equal hash.

Every body is one text, whatever the kind, so that a block is hashed, kept, compared and translated in one way:
heading and text as they are; a checklist an item to a line; a table a row to a line, its cells between bars; a list of
contacts a person's id to a line; a picture the file's id, then its caption; something structured its JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from .words import digest

#: Longest body of a block, and of any other text that is kept and translated, in characters. *Assumption*: two pages.
LONGEST = 4000
#: Most blocks of a document. *Assumption*: a long one of the field has some 300.
MOST_BLOCKS = 2000
#: Most rows and columns of a table that anybody still reads. *Assumption.*
LARGEST_TABLE = (200, 12)
MOST_CONTACTS = 100
LEVELS = (1, 2, 3)


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    TEXT = "text"
    CHECKLIST = "checklist"
    TABLE = "table"
    CONTACTS = "contacts"
    IMAGE = "image"
    STRUCTURED = "structured"


#: Kinds that hold words in a language and pass the queue of translations.
TRANSLATED = frozenset({Kind.HEADING, Kind.TEXT, Kind.CHECKLIST, Kind.TABLE})


class BlockFault(ValueError):
    """A body that is not taken: a code, and the numbers that its sentence needs."""

    def __init__(self, code: str, **numbers: int) -> None:
        super().__init__(code)
        self.code, self.numbers = code, numbers


@dataclass(frozen=True)
class Block:
    """A block as a version holds it: its stable id, what it is, its words. `name`: which structured kind; `level`: of a heading."""

    id: UUID
    kind: str
    language: str
    body: str
    level: int = 0
    name: str = ""

    @property
    def hash(self) -> str:
        """The hash by which a translation knows its source."""
        return digest(self.language, self.body)

    @property
    def content(self) -> tuple[str, str, int, str]:
        """What must be equal for two revisions to say the same."""
        return (self.kind, self.name, self.level, self.hash)


def cleaned(kind: str, body: str, level: int = 0) -> str:
    """The body as it is kept; cleaning it again changes nothing. Raises BlockFault for what cannot be kept."""
    made = _CLEANERS[Kind(kind)](body)
    if len(made) > LONGEST:
        raise BlockFault("long", length=len(made), limit=LONGEST)
    if kind == Kind.HEADING and level not in LEVELS:
        raise BlockFault("level")
    return made


def _one_line(body: str) -> str:
    return " ".join(body.split())


def _text(body: str) -> str:
    return "\n".join(line.rstrip() for line in body.split("\n")).strip("\n")


def _items(body: str) -> str:
    return "\n".join(item for line in body.split("\n") if (item := _one_line(line)))


def _table(body: str) -> str:
    return table_body(rows_of(body))


def _contacts(body: str) -> str:
    try:
        ids = list(dict.fromkeys(str(UUID(line.strip())) for line in body.split("\n") if line.strip()))
    except ValueError:
        raise BlockFault("contact") from None
    if len(ids) > MOST_CONTACTS:
        raise BlockFault("contacts", limit=MOST_CONTACTS)
    return "\n".join(ids)


def _image(body: str) -> str:
    file, _bar, caption = body.partition("\n")
    if not file.strip():
        return ""
    try:
        return f"{UUID(file.strip())}\n{_one_line(caption)}"
    except ValueError:
        raise BlockFault("image") from None


_CLEANERS: dict[Kind, Callable[[str], str]] = {
    Kind.HEADING: _one_line,
    Kind.TEXT: _text,
    Kind.CHECKLIST: _items,
    Kind.TABLE: _table,
    Kind.CONTACTS: _contacts,
    Kind.IMAGE: _image,
    Kind.STRUCTURED: str,
}

_ESCAPED = re.compile(r"\\([\\|n])")
_SIGNS: dict[str, str] = {"\\": "\\", "|": "|", "n": "\n"}


def table_body(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as one text. What is empty at the end and at the right is left out; all rows get one width.

    Raises BlockFault for a table that is too large.
    """
    kept = [[_cell(cell) for cell in row] for row in rows]
    while kept and not any(kept[-1]):
        kept.pop()
    width = max((at + 1 for row in kept for at, cell in enumerate(row) if cell), default=0)
    most_rows, most_columns = LARGEST_TABLE
    if len(kept) > most_rows or width > most_columns:
        raise BlockFault("table", rows=len(kept), columns=width, most_rows=most_rows, most_columns=most_columns)
    return written_out([*row[:width], *[""] * (width - len(row))] for row in kept)


def written_out(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as one text, as they are: what a form or a tablet sends, before it is cleaned."""
    return "\n".join(" | ".join(_written(cell) for cell in row) for row in rows)


def rows_of(body: str) -> list[list[str]]:
    """The rows of a table's text; `rows_of(table_body(rows))` are the rows."""
    rows = [[_read(cell) for cell in _split(line)] for line in body.split("\n")] if body.strip() else []
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _cell(cell: str) -> str:
    return "\n".join(line for part in cell.split("\n") if (line := _one_line(part)))


def _written(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")


def _read(cell: str) -> str:
    return _cell(_ESCAPED.sub(lambda sign: _SIGNS[sign[1]], cell.strip()))


def _split(line: str) -> list[str]:
    """A line cut at every bar before which no backslash stands (a backslash takes the next sign with it)."""
    cells, cell, escaped = [], [], False
    for sign in line:
        if escaped or sign != "|":
            cell.append(sign)
            escaped = sign == "\\" and not escaped
        else:
            cells.append("".join(cell))
            cell = []
    return [*cells, "".join(cell)]
