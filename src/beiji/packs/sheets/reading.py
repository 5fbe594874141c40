"""A workbook that comes back, read into plain rows; whatever is wrong with it is named by its cell."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from beiji.packs.problems import did_you_mean
from beiji.packs.sheets.writing import ABOUT, COLUMNS, DECISIONS, FORM, REVIEW, REVIEW_COLUMNS
from beiji.packs.strict import LANGUAGES

MAX_ROWS = 20_000
MAX_BYTES = 20_000_000
MAX_UNPACKED = 300_000_000
MARK = re.compile(r"[0-9a-f]{10}(?: [0-9a-f]{10}){2}\Z")


@dataclass(frozen=True, slots=True, order=True)
class CellProblem:
    """One fault of a workbook. `code` names its rule page; `stops` whether nothing may be written because of it."""

    file: str
    cell: str
    code: str
    sentence: str
    stops: bool = True

    def __str__(self) -> str:
        return f"{self.file} {self.cell} {self.code} {self.sentence}"


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in one cell: its place as a person calls it (`TRI!E14`) and its text."""

    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of texts: marks of what was exported and words that came back, by language."""

    item: str
    field: str
    cell: str
    marks: dict[str, str]
    words: dict[str, Words]
    note: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decided about an item in one language, with the marks of what was read."""

    cell: str
    item: str
    language: str
    approved: bool
    source_hash: str
    text_hash: str
    note: str


@dataclass(slots=True)
class Book:
    """One workbook: its first page as words, rows, decisions and faults."""

    name: str
    about: dict[str, str] = field(default_factory=dict)
    rows: list[ReadRow] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)

    def add(self, cell: str, code: str, sentence: str) -> None:
        """Note a fault that keeps everything from being written."""
        self.problems.append(CellProblem(self.name, cell, code, sentence))


def read_book(path: Path) -> Book:
    """The workbook at `path`; what could not be read is in `.problems`."""
    book = Book(path.name)
    workbook = open_workbook(path, book)
    if workbook is None:
        return book
    try:
        _read_about(workbook, book)
        count = 0
        for sheet in workbook.worksheets:
            if sheet.title == ABOUT or (book.problems and book.problems[-1].code == "X306"):
                continue
            columns = REVIEW_COLUMNS if sheet.title == REVIEW else COLUMNS
            for number, cells in sheet_rows(sheet, columns, book):
                count += 1
                if count > MAX_ROWS:
                    sentence = f"The workbook has more than {MAX_ROWS} rows. Export a domain at a time."
                    book.add(f"{sheet.title}!A{number}", "X306", sentence)
                    break
                if sheet.title == REVIEW:
                    _read_decision(sheet.title, number, cells, book)
                else:
                    _read_text_row(sheet.title, number, cells, book)
    finally:
        workbook.close()
    return book


def open_workbook(path: Path, book: Book) -> Any:
    """The workbook, opened for reading only; None and X300 when it is none, or is too large to be one of ours."""
    from openpyxl import load_workbook

    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if size > MAX_BYTES or unpacked > MAX_UNPACKED:
            book.add("", "X300", "The workbook is too large. Take pictures out, or export a domain at a time.")
            return None
        return load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except OSError as error:
        book.add("", "X300", f"The file cannot be read: {error.strerror or 'no such file'}. Check path and rights.")
    except Exception:  # whatever a file that only calls itself a workbook makes the library raise
        book.add("", "X300", "This is no workbook that can be read. Save it as .xlsx, without a password.")
    return None


def sheet_rows(sheet: Any, columns: Sequence[str], book: Book) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and cells by column of every row that holds something; X308 when the heading is not ours.

    Columns may stand in another order, and others may stand beside them.
    """
    rows = sheet.iter_rows()
    heading = next(rows, ())
    places = {str(cell.value).strip(): at for at, cell in enumerate(heading) if cell.value is not None}
    missing = [name for name in columns if name not in places]
    if missing:
        sentence = f"The first row has no {', '.join(missing)}. Restore the heading {', '.join(columns)}."
        book.add(f"{sheet.title}!A1", "X308", sentence)
        return
    for number, cells in enumerate(rows, 2):
        if any(cell.value is not None for cell in cells):
            yield number, {name: cells[at] if at < len(cells) else None for name, at in places.items()}


def text_in(sheet: str, number: int, name: str, cell: Any, book: Book) -> Words | None:
    """The text of a cell, its ends trimmed; None and a fault when it holds anything but one paragraph of text."""
    ref = f"{sheet}!{getattr(cell, 'coordinate', f'{name}{number}')}"
    value = getattr(cell, "value", None)
    if value is None:
        return Words(ref, "")
    if cell.data_type == "f":
        book.add(ref, "X301", f'"{name}" holds a formula. Paste it as a value.')
        return None
    if cell.data_type == "e":
        book.add(ref, "X302", f'"{name}" holds the error {value}. Write the text.')
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        kind = "true or false" if isinstance(value, bool) else "a number or a day"
        book.add(ref, "X302", f'"{name}" holds {kind}, not text. Format the cell as text and write it again.')
        return None
    text = str(value).strip()
    if re.search(r"[\r\n\x0b\x85\u2028\u2029]|_x000[Dd]_", text):
        book.add(ref, "X303", f'"{name}" has a line break. Write it as one paragraph.')
        return None
    return Words(ref, text.replace("\t", " "))


def _read_about(workbook: Any, book: Book) -> None:
    if ABOUT not in workbook.sheetnames:
        book.add("", "X300", f'The sheet "{ABOUT}" is missing. Take the file that beiji pack to-xlsx wrote.')
        return
    for number, cells in enumerate(workbook[ABOUT].iter_rows(max_row=40, max_col=2), 1):
        if len(cells) == 2 and isinstance(cells[0].value, str):
            value = cells[1].value
            if isinstance(value, dt.date):  # a spreadsheet makes a day of what looks like one
                book.about[cells[0].value] = value.isoformat()[:10]
            elif value is not None:
                words = text_in(ABOUT, number, cells[0].value, cells[1], book)
                book.about[cells[0].value] = words.text if words else ""
    if book.about.get("form") != str(FORM):
        sentence = (
            f"The workbook has form {book.about.get('form') or 'none'}; this program reads form {FORM}. Export it anew."
        )
        book.add(f"{ABOUT}!B3", "X300", sentence)


def _read_text_row(sheet: str, number: int, cells: dict[str, Any], book: Book) -> None:
    item, name = (text_in(sheet, number, column, cells[column], book) for column in ("item", "field"))
    words = {language: text_in(sheet, number, language, cells[language], book) for language in LANGUAGES}
    note, marks = (text_in(sheet, number, column, cells[column], book) for column in ("note", "mark"))
    if item is None or name is None or marks is None or None in words.values():
        return
    if not item.text and not any(one.text for one in words.values() if one):
        return
    if not MARK.match(marks.text):
        sentence = f"The mark of {item.text or 'this row'} is gone, so nobody can tell what was changed. Copy the texts into a fresh workbook."
        book.add(marks.cell, "X307", sentence)
        return
    by_language = dict(zip(LANGUAGES, marks.text.split(" "), strict=True))
    texts = {language: one for language, one in words.items() if one is not None}
    book.rows.append(ReadRow(item.text, name.text, item.cell, by_language, texts, note.text if note else ""))


def _read_decision(sheet: str, number: int, cells: dict[str, Any], book: Book) -> None:
    read = {name: text_in(sheet, number, name, cells[name], book) for name in REVIEW_COLUMNS if name != "title"}
    if None in read.values():
        return
    text = {name: words.text for name, words in read.items() if words}
    decision = read["decision"]
    if decision is None or not decision.text:
        return
    if decision.text not in DECISIONS:
        hint = did_you_mean(decision.text, DECISIONS) or f" Choose {' or '.join(DECISIONS)}."
        book.add(decision.cell, "X302", f'The decision "{decision.text}" is unknown.{hint}')
        return
    approved = decision.text == DECISIONS[0]
    hashes = (text["source mark"], text["text mark"])
    book.decisions.append(Decision(decision.cell, text["item"], text["language"], approved, *hashes, text["note"]))
