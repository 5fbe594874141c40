"""Who has reviewed which text, computed from signed hashes; nothing rises by age, and a changed text loses its review.

`reviews.csv` of a standard has one line per signature. A signature holds only while the text that was signed and the
English it was compared with are unchanged; everything else is *awaiting*, or *stale* when it was signed once.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from beiji.packs.library import Item, Library
from beiji.packs.problems import Place, did_you_mean
from beiji.packs.strict import LANGUAGES, Node, Source
from beiji.packs.texts import texts_of

COLUMNS = ("item", "language", "kind", "source_hash", "text_hash", "who", "role", "date")
KINDS = ("translation", "clinical", "legal")


class ReviewState(StrEnum):
    """State of one kind of review of one item in one language."""

    AWAITING = "awaiting"
    STALE = "stale"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line of reviews.csv: `who` stands for the text of `item` in `language` as it was under these hashes."""

    item: str
    language: str
    kind: str
    source_hash: str
    text_hash: str
    who: str
    role: str
    date: dt.date


def text_hash(item: Item, language: str) -> str:
    """Hash of all texts of an item in one language, in file order: what a reviewer signs."""
    words = [text.words.get(language, "") for text in texts_of(item.source) if text.path[:1] == item.path[:1]]
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:16]


def state_of(item: Item, language: str, kind: str, signatures: list[Signature]) -> ReviewState:
    """Whether the present text of an item is reviewed, was once, or waits."""
    signed = [s for s in signatures if (s.item, s.language, s.kind) == (item.thing.id, language, kind)]
    now = (text_hash(item, "en"), text_hash(item, language))
    if any((s.source_hash, s.text_hash) == now for s in signed):
        return ReviewState.REVIEWED
    return ReviewState.STALE if signed else ReviewState.AWAITING


@dataclass(frozen=True, slots=True)
class Count:
    """How many indicators of a standard are reviewed in one language."""

    standard: str
    language: str
    kind: str
    reviewed: int
    stale: int
    total: int


def counts(library: Library, kind: str = "clinical") -> list[Count]:
    """For each standard and language how far review has come; reports and the first page print it."""
    found = []
    for code in library.standards:
        signatures = [signature for _, signature in signatures_of(library, code)]
        items = [item for item in library.of_kind("indicator") if item.pack == code]
        for language in LANGUAGES:
            states = [state_of(item, language, kind, signatures) for item in items]
            reviewed, stale = states.count(ReviewState.REVIEWED), states.count(ReviewState.STALE)
            found.append(Count(code, language, kind, reviewed, stale, len(items)))
    return found


def signatures_of(library: Library, standard: str) -> Iterator[tuple[int, Signature]]:
    """Line and content of every readable line of a standard's reviews.csv."""
    path = path_of(library, standard)
    for line, row in _rows(path):
        try:
            day = dt.date.fromisoformat(row.get("date", ""))
        except ValueError:
            continue
        yield line, Signature(**{name: row.get(name, "") for name in COLUMNS[:-1]}, date=day)


def check_reviews(library: Library) -> None:
    """P155: columns, items, languages, kinds and days of every reviews.csv."""
    for standard in library.standards:
        path = path_of(library, standard)
        if not path.is_file():
            continue
        source = Source(path, f"{library.root.name}/{path.relative_to(library.root).as_posix()}")
        library.sources.append(source)
        with path.open(encoding="utf-8", newline="") as file:
            heading = next(csv.reader(file), [])
        if tuple(heading) != COLUMNS:
            _note(source, 1, f"The first line is not {','.join(COLUMNS)}. Restore it.")
            continue
        for line, row in _rows(path):
            _check_row(library, source, line, row)


def _check_row(library: Library, source: Source, line: int, row: dict[str, str]) -> None:
    known = library.known("indicator")
    if row["item"] not in known:
        _note(
            source,
            line,
            f'Item "{row["item"]}" is unknown.{did_you_mean(row["item"], known) or " Take the line away."}',
        )
    for field, allowed in (("language", LANGUAGES), ("kind", KINDS)):
        if row[field] not in allowed:
            _note(source, line, f'{field} "{row[field]}" is not one of {", ".join(allowed)}. Correct it.')
    if not row["who"].strip() or not row["role"].strip():
        _note(source, line, "Nobody stands for this line. Give who and role.")
    try:
        dt.date.fromisoformat(row["date"])
    except (TypeError, ValueError):
        _note(source, line, f'"{row["date"]}" is not a day. Write it as 2026-10-01.')


def _note(source: Source, line: int, sentence: str) -> None:
    source.node = Node(Place(line, 1))
    source.add("P155", sentence)


def path_of(library: Library, standard: str) -> Path:
    """Where the signatures of a standard are kept."""
    header_source = next(source for header, source in library.headers if header.id == standard)
    return header_source.path.parent / "reviews.csv"


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Line number and cells by column; missing cells are empty."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval="")
        return [(reader.line_num, {str(key): value or "" for key, value in row.items()}) for row in reader]
