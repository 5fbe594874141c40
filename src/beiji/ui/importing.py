"""Tables that people bring along: XLSX or CSV read into rows of text, and every cell that cannot be taken named.

The one reader of the house. A page names its columns; heads are known in every language of the house and may stand in any
order. Formulas are refused: what a cell shows in one program is not what stands in it.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from .languages import LANGUAGES

MOST_ROWS = 5_000
MOST_BYTES = 5_000_000
#: What an archive may unpack to; a workbook of 5,000 rows needs a tenth of it.
MOST_UNPACKED = 100_000_000


@dataclass(frozen=True)
class Column:
    """A column that is looked for. `longest`: signs that a cell may have."""

    key: str
    label: StrOrPromise
    longest: int
    required: bool = False

    def heads(self) -> set[str]:
        """The heads under which it is known, folded."""
        heads = {folded(self.key)}
        for language in LANGUAGES:
            with translation.override(language.code):
                heads.add(folded(str(self.label)))
        return heads


@dataclass(frozen=True)
class Fault:
    """A cell (or row, or the file, with an empty cell) that cannot be taken, and how to mend it."""

    cell: str
    sentence: str


@dataclass(frozen=True)
class Line:
    """A row: its number in the file, and its words by the keys of the columns."""

    number: int
    words: Mapping[str, str]


@dataclass
class Table:
    """What was read. `letters`: where each column stands, for naming cells."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)

    def blame(self, line: Line, key: str, sentence: str) -> None:
        """Name a cell that cannot be taken; a column that is not there names the row."""
        self.faults.append(Fault(f"{self.letters.get(key, '')}{line.number}", sentence))


def folded(text: str) -> str:
    """A head or a word as it is compared: width, case and spaces do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def read_table(content: bytes, columns: Sequence[Column]) -> Table:
    """Read an uploaded file. Whatever is wrong stands in `faults`; then `lines` holds what could be read."""
    table = Table()
    if len(content) > MOST_BYTES:
        table.faults.append(Fault("", _("The file is larger than 5 MB. Take pictures out, or bring it in parts.")))
        return table
    try:
        rows = _xlsx_rows(content) if content[:2] == b"PK" else _csv_rows(content)
        _take(table, rows, columns)
    except _NoTable:
        sentence = _("This is no table that can be read. Save it as .xlsx without a password, or as .csv.")
        table.faults.append(Fault("", sentence))
    return table


class _NoTable(Exception):
    pass


def _xlsx_rows(content: bytes) -> Iterator[list[Any]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise _NoTable
            for entry in archive.infolist():
                if entry.filename.endswith((".xml", ".rels")):
                    with archive.open(entry) as part:
                        if b"<!DOCTYPE" in part.read(4_096).upper():
                            raise _NoTable
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        for row in book.worksheets[0].iter_rows():
            yield [(cell.value, getattr(cell, "data_type", "")) for cell in row]
    except _NoTable:
        raise
    except Exception:  # whatever a file that only calls itself a workbook makes the library raise
        raise _NoTable from None


def _csv_rows(content: bytes) -> Iterator[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):  # what spreadsheets in China write without being asked
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _NoTable
    if "\0" in text:
        raise _NoTable
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            yield [(cell, "s") for cell in row]
    except csv.Error:
        raise _NoTable from None


def _take(table: Table, rows: Iterable[list[Any]], columns: Sequence[Column]) -> None:
    places: dict[str, int] = {}
    count = 0
    for number, cells in enumerate(rows, 1):
        texts = [_text(value) for value, _kind in cells]
        if not any(texts):
            continue
        if not places:
            places = _places(table, texts, columns)
            if not places:
                return
            continue
        count += 1
        if count > MOST_ROWS:
            sentence = _("There are more than {most} rows. Bring the table in parts.").format(most=MOST_ROWS)
            table.faults.append(Fault(f"A{number}", sentence))
            return
        line = Line(number, {key: texts[at] if at < len(texts) else "" for key, at in places.items()})
        table.lines.append(line)
        _check(table, line, cells, places, columns)
    if not table.lines and not table.faults:
        table.faults.append(Fault("", _("The table has no rows below its heads.")))


def _places(table: Table, heads: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    from openpyxl.utils import get_column_letter

    said = [folded(head) for head in heads]
    places: dict[str, int] = {}
    for column in columns:
        known = column.heads()
        at = next((index for index, head in enumerate(said) if head in known), None)
        if at is not None:
            places[column.key] = at
            table.letters[column.key] = get_column_letter(at + 1)
        elif column.required:
            sentence = _("The column “{column}” is missing. Its head stands in the first row, as in the template.")
            table.faults.append(Fault("", sentence.format(column=column.label)))
    return {} if table.faults else places


def _check(
    table: Table, line: Line, cells: Sequence[Any], places: Mapping[str, int], columns: Sequence[Column]
) -> None:
    for column in columns:
        at = places.get(column.key)
        if at is None:
            continue
        value, kind = cells[at] if at < len(cells) else (None, "")
        text = line.words[column.key]
        if kind == "f" or (isinstance(value, str) and value.lstrip().startswith("=")):
            table.blame(line, column.key, _("This is a formula. Put in its result as plain text."))
        elif len(text) > column.longest:
            sentence = _("This is longer than {most} signs; shorten it.").format(most=column.longest)
            table.blame(line, column.key, sentence)
        elif column.required and not text:
            sentence = _("“{column}” is empty; fill it in.").format(column=column.label)
            table.blame(line, column.key, sentence)


def _text(value: Any) -> str:
    """A cell's words on one line; a whole number without the point that spreadsheets add."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    plain = "".join(sign if sign.isprintable() else " " for sign in str(value))
    return " ".join(plain.split())
