"""The texts of a pack as rows: one for each text, with the languages side by side and a mark of what they were."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from beiji.packs import reviews
from beiji.packs.checks.languages import SINGLE_FILES
from beiji.packs.library import Library
from beiji.packs.strict import LANGUAGES, Source
from beiji.packs.texts import TextAt, texts_of

MISSING = "missing"
STATES = (MISSING, *(state.value for state in reviews.ReviewState))


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text of a pack; `item` and `field` name it for people and find it again: `TRI-6`, `anchors.2`."""

    sheet: str
    item: str
    field: str
    text: TextAt

    @property
    def key(self) -> tuple[str, str]:
        return self.item, self.field

    @property
    def words(self) -> dict[str, str]:
        """The text in each language as one paragraph; a language that is not written is missing."""
        return {language: words.strip() for language, words in self.text.words.items() if words.strip()}


def mark(words: str) -> str:
    """The mark of one text in one language: it tells an untouched cell from a changed one."""
    return hashlib.sha256(words.strip().encode()).hexdigest()[:10]


def sources_of(library: Library, pack: str) -> list[Source]:
    """The files of a pack, its header first; empty when there is no such pack."""
    header = next((source for one, source in library.headers if one.id == pack), None)
    if header is None:
        return []
    if header.path.parent.name in SINGLE_FILES:
        return [header]
    folder = header.path.parent
    return [header, *(s for s in library.sources if s is not header and folder in s.path.parents)]


def rows_of(library: Library, pack: str) -> Iterator[TextRow]:
    """Every text of a pack, file by file."""
    used: set[str] = set()
    for source in sources_of(library, pack):
        sheet = _sheet_name(source, used)
        for text in texts_of(source):
            item, field = _name(source, text.path)
            yield TextRow(sheet, item or pack, field, text)


def _sheet_name(source: Source, used: set[str]) -> str:
    stem = source.path.stem
    wanted = stem.upper() if source.path.parent.name == "domains" else stem
    if source.path.parent.name == "evidence":
        wanted = f"evidence {stem}"
    name, number = wanted[:28], 2
    while name.casefold() in used:
        name, number = f"{wanted[:28]} {number}", number + 1
    used.add(name.casefold())
    return name


def _name(source: Source, path: tuple[Any, ...]) -> tuple[str, str]:
    """Id of the innermost thing that a text belongs to, and the steps from there to the text."""
    item, field, node = "", [], source.node
    for step, _, child in source.walk(path):
        field.append(str(step))
        node = child
        if node.children and "id" in node.children and isinstance(node.children["id"][1].value, str):
            item, field = node.children["id"][1].value, []
    return item, ".".join(field) or "text"


def states_of(library: Library, pack: str, kind: str) -> dict[tuple[str, str], str]:
    """(item, language) → state of its review; empty for packs that nobody signs."""
    if pack not in library.standards:
        return {}
    signatures = [signature for _, signature in reviews.signatures_of(library, pack)]
    return {
        (item, language): reviews.state_of(hashes, item, language, kind, signatures).value
        for item, hashes in reviews.hashes_of(library.standards[pack]).items()
        for language in LANGUAGES
    }


def status_of(row: TextRow, language: str, states: dict[tuple[str, str], str]) -> str:
    """How one language of a row stands: missing, else as its item's review does; empty where nobody reviews."""
    return states.get((row.item, language), "") if language in row.words else MISSING


def chosen(
    rows: Iterator[TextRow], states: dict[tuple[str, str], str], languages: Collection[str], wanted: Collection[str],
    part: str,
) -> list[TextRow]:  # fmt: skip
    """Rows of one domain or item (`part`, or all), of which a language stands as `wanted` (or any way)."""
    found = []
    for row in rows:
        if part and not (row.item == part or row.item.rpartition("-")[0] == part):
            continue
        if not wanted or any(status_of(row, language, states) in wanted for language in languages):
            found.append(row)
    return found
