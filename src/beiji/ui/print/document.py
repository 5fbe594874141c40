"""The neutral document: what a report says, without how a format writes it.

All texts are finished words in the document's language. Codes, phones and ranges inside Hebrew text carry isolates
(`formats.isolate`). Nothing here knows Typst or DOCX.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 to 3. The document's title is not a heading. Levels must not jump."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `kind` is "", "lead" (the opening sentence) or "quiet" (method, limits)."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Original:
    """A text that has no approved translation: printed in its own language, marked with `note`."""

    text: str
    language: str
    note: str


@dataclass(frozen=True)
class Bullets:
    """A list; `numbered` for findings and decisions. An item may end in a remark that stands at the line's end."""

    items: tuple[str | tuple[str, str], ...]
    numbered: bool = False


@dataclass(frozen=True)
class CellMark:
    """A readiness cell as the ledger derives it: digit, standing, proof, open must-pass frame, "at least"."""

    digit: int | None = None
    state: str | None = None
    proof: str | None = None
    must: bool = False
    least: bool = False


@dataclass(frozen=True)
class Column:
    """A column: head, unit, numbers to the end, `turned` heads for maps, `share` of the width (0 as wide as needed).

    `whole`: entries stay on one line (days, codes) and the column is as wide as the longest of them.
    """

    head: str
    unit: str = ""
    number: bool = False
    turned: bool = False
    share: float = 0.0
    whole: bool = False


Entry = str | CellMark


@dataclass(frozen=True)
class TableGroup:
    """A row of a table that names the group of the rows beneath."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table with repeated heads; the first column is the row's head."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Entry, ...] | TableGroup, ...]
    caption: str = ""


@dataclass(frozen=True)
class Legend:
    """The key of the cells; put it once, after the first map."""


@dataclass(frozen=True)
class Figure:
    """A drawing of `beiji.ui.figures` with the finding as caption and a description for readers who do not see it."""

    svg: str
    alt: str
    caption: str = ""
    note: str = ""


@dataclass(frozen=True)
class KeyFigure:
    """A large number with its sentence and what it was before."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """At most four key figures in a row."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Note:
    """A remark that must be seen; `kind` is "info", "warn" or "bad", said by `title`, never by colour alone."""

    text: str
    title: str = ""
    kind: str = "info"


@dataclass(frozen=True)
class Facts:
    """Terms and values."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Signatures:
    """Lines to sign: office or role each."""

    roles: tuple[str, ...]


@dataclass(frozen=True)
class PageBreak:
    """A new page."""


Block = (
    Heading
    | Paragraph
    | Original
    | Bullets
    | Table
    | Legend
    | Figure
    | KeyFigures
    | Note
    | Facts
    | Signatures
    | PageBreak
)


@dataclass(frozen=True)
class Document:
    """A report. `running` stands in every header (city, report), `snapshot` is its id, `seal` the head of the city's seals when
    it was made, `as_of` the day in words.

    `mark` is what must be on every page: "exercise", "illustrative" or "". `restricted` adds the words of a restricted
    export. `landscape` turns all pages. `pages` is how many it may have (0: as many as it needs); it is set smaller
    until it fits, and refused when it cannot.
    """

    title: str
    subtitle: str = ""
    running: str = ""
    snapshot: str = ""
    seal: str = ""
    as_of: str = ""
    mark: str = ""
    restricted: str = ""
    landscape: bool = False
    pages: int = 0
    blocks: tuple[Block, ...] = field(default_factory=tuple)
