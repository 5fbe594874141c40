"""Three-way merge of a workbook: what was exported (its marks), what came back, and what the pack says now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from beiji.packs.problems import did_you_mean
from beiji.packs.sheets.reading import Book, CellProblem, ReadRow, Words
from beiji.packs.sheets.rows import TextRow, mark
from beiji.packs.strict import LANGUAGES

SOURCE = LANGUAGES[0]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TextChange:
    """One language of one text that a workbook changes."""

    row: TextRow
    language: str
    old: str
    new: str
    file: str
    cell: str

    @property
    def what(self) -> str:
        return f"{self.row.item} {self.row.field} · {self.language}"


@dataclass(slots=True)
class Merge:
    """What workbooks would change, what they leave to a person, what was said beside, and rows that did not come back."""

    changes: list[TextChange] = field(default_factory=list)
    conflicts: list[CellProblem] = field(default_factory=list)
    emptied: list[CellProblem] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    already: int = 0
    not_returned: list[tuple[str, int]] = field(default_factory=list)


def merge(rows: Iterable[TextRow], books: Sequence[Book], retired: Mapping[str, str]) -> Merge:
    """Compare workbooks with the pack's `rows` as they are now; `retired`: id → version in which it was retired.

    Unknown and doubled rows are noted in their book (X304, X305).
    """
    now = {row.key: row for row in rows}
    found = Merge()
    wanted: dict[tuple[Key, str], list[TextChange]] = {}
    for book in books:
        seen: dict[Key, str] = {}
        for row in book.rows:
            key = (row.item, row.field)
            if key in seen:
                book.add(
                    row.cell, "X305", f"{row.item} {row.field} stands at {seen[key]} too. Keep one of the two rows."
                )
                continue
            seen[key] = row.cell
            if key not in now:
                book.add(row.cell, "X304", _unknown(row, now, retired))
                continue
            if row.note:
                found.notes.append((f"{book.name} {row.cell}", f"{row.item} {row.field}", row.note))
            for language in LANGUAGES:
                change = _change(book, row, now[key], language, found)
                if change is not None:
                    wanted.setdefault((key, language), []).append(change)
        exported = book.about.get("rows", "")
        if exported.isdigit() and int(exported) > len(book.rows):
            found.not_returned.append((book.name, int(exported) - len(book.rows)))
    _settle(wanted, found)
    return found


def _unknown(row: ReadRow, now: Mapping[Key, TextRow], retired: Mapping[str, str]) -> str:
    if row.item in retired:
        return f"{row.item} was retired in {retired[row.item]}. Take the row out; the text of the old release stays."
    items = {item for item, _ in now}
    if row.item not in items:
        hint = did_you_mean(row.item, items) or " Take the row out; new items are written in the pack's files."
        return f'Item "{row.item}" is unknown.{hint}'
    fields = {field for item, field in now if item == row.item}
    hint = did_you_mean(row.field, fields) or " Take the row out."
    return f'{row.item} has no text "{row.field}".{hint}'


def _change(book: Book, row: ReadRow, now: TextRow, language: str, found: Merge) -> TextChange | None:
    """The change that one cell asks for; what cannot be taken without a person is noted in `found`."""
    words, exported = row.words[language], row.marks[language]
    old = now.words.get(language, "")
    if mark(words.text) == exported:
        return None
    if words.text == old:
        found.already += 1
        return None
    name = f"{row.item} {row.field} · {language}"
    if not words.text:
        sentence = f"{name} came back empty. It stays as it is; a text is taken out in the pack's file."
        found.emptied.append(CellProblem(book.name, words.cell, "X312", sentence, stops=False))
        return None
    if language != SOURCE and mark(now.words.get(SOURCE, "")) != row.marks[SOURCE]:
        sentence = f'The {SOURCE} of {name} has changed since the export and now says "{now.words.get(SOURCE, "")}". Translate that.'
        found.conflicts.append(CellProblem(book.name, words.cell, "X311", sentence))
        return None
    if mark(old) != exported:
        sentence = f'{name} was changed in the pack since the export and now says "{old}", the workbook "{words.text}". Keep one.'
        found.conflicts.append(CellProblem(book.name, words.cell, "X310", sentence))
        return None
    return TextChange(now, language, old, words.text, book.name, words.cell)


def _settle(wanted: Mapping[tuple[Key, str], list[TextChange]], found: Merge) -> None:
    """Two workbooks that want the same are one change; that want different things, or a source and its translation
    apart, are a conflict."""
    for (key, language), changes in wanted.items():
        first = changes[0]
        others = [change for change in changes[1:] if change.new != first.new]
        if others:
            sentence = (
                f'{first.what} was edited by two people: "{first.new}" here, "{others[0].new}" in '
                f"{others[0].file} {others[0].cell}. Keep one."
            )
            found.conflicts.append(CellProblem(first.file, first.cell, "X310", sentence))
            continue
        source = wanted.get((key, SOURCE), []) if language != SOURCE else []
        if source and not {change.file for change in source} & {change.file for change in changes}:
            sentence = (
                f"{first.what} was translated from an {SOURCE} text that {source[0].file} {source[0].cell} changes to "
                f'"{source[0].new}". Translate that, or leave one of the two out.'
            )
            found.conflicts.append(CellProblem(first.file, first.cell, "X311", sentence))
            continue
        found.changes.append(first)


__all__ = ["Merge", "TextChange", "Words", "merge"]
