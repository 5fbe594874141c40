"""Who has reviewed which text, computed from signed hashes; nothing rises by age, and a changed text loses its review.

`reviews.csv` of a standard has one line per signature. A signature holds only while the text that was signed and the
English it was compared with are unchanged; everything else is *awaiting*, or *stale* when it was signed once.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from beiji.packs.library import Library
from beiji.packs.overlay import substitute
from beiji.packs.problems import Place, did_you_mean
from beiji.packs.schemas.common import Text
from beiji.packs.schemas.standards import Indicator, Parameter, Standard
from beiji.packs.strict import LANGUAGES, Node, Source

COLUMNS = ("item", "language", "kind", "source_hash", "text_hash", "who", "role", "date")
SOURCE = LANGUAGES[0]
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


def text_hash(indicator: Indicator, parameters: Mapping[str, Parameter], language: str) -> str:
    """Hash of everything that an indicator says in one language, numbers filled in: what a reviewer reads and signs.

    A remark for editors (`note`) is not part of it; a parameter that a text uses is, with its value.
    """
    texts = [indicator.title, indicator.failure, indicator.look_at, *_levels(indicator.anchors), indicator.proven_by]
    texts += _levels(indicator.advice)
    words = ["" if text is None else text.by_language.get(language, "") for text in texts]
    read = "\x1f".join(substitute(one, parameters).strip() for one in words)
    return hashlib.sha256(read.encode()).hexdigest()[:16]


def _levels(texts: Mapping[Any, Text]) -> list[Text | None]:
    return [texts.get(level) for level in range(3)]


def hashes_of(standard: Standard) -> dict[str, dict[str, str]]:
    """Item → language → hash of what it says now."""
    return {
        item.id: {language: text_hash(item, standard.parameters, language) for language in LANGUAGES}
        for _, item in standard.indicators()
    }


def state_of(
    hashes: Mapping[str, str], item: str, language: str, kind: str, signatures: Iterable[Signature]
) -> ReviewState:
    """Whether the present text of an item is reviewed, was once, or waits; `hashes` are its present ones by language."""
    signed = [s for s in signatures if (s.item, s.language, s.kind) == (item, language, kind)]
    if any((s.source_hash, s.text_hash) == (hashes[SOURCE], hashes[language]) for s in signed):
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
    counts = []
    for code, standard in library.standards.items():
        signatures = [signature for _, signature in signatures_of(library, code)]
        hashes = hashes_of(standard)
        for language in LANGUAGES:
            states = [state_of(own, item, language, kind, signatures) for item, own in hashes.items()]
            reviewed, stale = states.count(ReviewState.REVIEWED), states.count(ReviewState.STALE)
            counts.append(Count(code, language, kind, reviewed, stale, len(hashes)))
    return counts


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
