"""Answers to an instrument from a table (CSV or XLSX); whatever cannot be taken is named by its cell."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from beiji.packs.checks.instruments import answer_fault
from beiji.packs.problems import did_you_mean
from beiji.packs.schemas.instruments import Instrument
from beiji.packs.scorers import HAZARD_COLUMNS, NA, Answer
from beiji.packs.sheets.reading import MAX_ROWS, Book, CellProblem, Words, open_workbook, sheet_rows, text_in

SHEET = "answers"
REASON = "reason"


def columns_of(instrument: Instrument) -> tuple[str, ...]:
    """The columns that a table of answers must have."""
    asked = HAZARD_COLUMNS if instrument.scorer.rule == "hazard-vulnerability" else ("answer",)
    return ("item", *asked, REASON)


def read_answers(path: Path, instrument: Instrument) -> tuple[dict[str, Answer], list[CellProblem]]:
    """Code of item → answer, and the faults; an item without an answer was not assessed and is left out."""
    book = Book(path.name)
    columns = columns_of(instrument)
    reader = _from_xlsx if path.suffix.casefold() in (".xlsx", ".xlsm") else _from_csv
    answers: dict[str, Answer] = {}
    seen: set[str] = set()
    codes = [item.id for item in instrument.items]
    for number, cells in enumerate(reader(path, columns, book)):
        if number >= MAX_ROWS:
            book.add(
                cells["item"].cell, "X306", f"The table has more than {MAX_ROWS} rows. Keep one row for each item."
            )
            break
        code = cells["item"].text
        if not code and not any(words.text for words in cells.values()):
            continue
        if code not in codes:
            hint = did_you_mean(code, codes) or f" Take the row out, or add the item to {instrument.id}."
            book.add(cells["item"].cell, "X304", f'{instrument.id} has no item "{code}".{hint}')
        elif code in seen:
            book.add(cells["item"].cell, "X305", f"{code} stands twice. Keep one of the rows.")
        else:
            seen.add(code)
            _take(instrument, code, cells, book, answers)
    return answers, sorted(book.problems)


def _take(instrument: Instrument, code: str, cells: dict[str, Words], book: Book, answers: dict[str, Answer]) -> None:
    """The answer of one row, if it is one."""
    asked = [cells[name] for name in columns_of(instrument)[1:-1]]
    given = [words.text for words in asked]
    if not any(given):
        return
    answer: Any = given[0]
    if instrument.scorer.rule == "hazard-vulnerability" and given[0] != NA:
        wrong = next((words for words in asked if words.text not in ("0", "1", "2", "3")), None)
        if wrong is not None:
            book.add(
                wrong.cell, "X320", f'{code} has "{wrong.text}" here. Write 0, 1, 2 or 3, or {NA} in the first column.'
            )
            return
        answer = tuple(int(text) for text in given)
    elif len([text for text in given if text]) > 1:
        book.add(asked[0].cell, "X320", f"{code} is {NA} and has numbers. Keep one of the two.")
        return
    if fault := answer_fault(instrument, code, answer):
        book.add(asked[0].cell, "X320", f"{code} {fault}")
    elif answer == NA and not cells[REASON].text:
        book.add(cells[REASON].cell, "X321", f"{code} does not apply and nobody says why. Write the reason.")
    else:
        answers[code] = answer


def _from_csv(path: Path, columns: Sequence[str], book: Book) -> Iterator[dict[str, Words]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            heading = [name.strip() for name in next(reader, [])]
            missing = [name for name in columns if name not in heading]
            if missing:
                sentence = f"The first row has no {', '.join(missing)}. Restore the heading {', '.join(columns)}."
                book.add("line 1", "X308", sentence)
                return
            for row in reader:
                found = dict(zip(heading, row, strict=False))
                yield {name: Words(f"line {reader.line_num}, {name}", found.get(name, "").strip()) for name in columns}
    except OSError as error:
        book.add("", "X300", f"The file cannot be read: {error.strerror or 'no such file'}. Check path and rights.")
    except (UnicodeDecodeError, csv.Error):
        book.add("", "X300", "This is no table that can be read. Save it as CSV in UTF-8, or as .xlsx.")


def _from_xlsx(path: Path, columns: Sequence[str], book: Book) -> Iterator[dict[str, Words]]:
    workbook = open_workbook(path, book)
    if workbook is None:
        return
    try:
        sheet = workbook[SHEET] if SHEET in workbook.sheetnames else workbook.worksheets[0]
        for number, cells in sheet_rows(sheet, columns, book):
            read = {name: text_in(sheet.title, number, name, cells[name], book) for name in columns}
            whole = {name: words for name, words in read.items() if words is not None}
            if len(whole) == len(columns):
                yield whole
    finally:
        workbook.close()
