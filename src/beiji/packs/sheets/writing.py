"""The workbook that goes out: a sheet for each file, a sheet of items to sign, and a first page that explains itself."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from beiji.packs import reviews
from beiji.packs.library import Library
from beiji.packs.sheets.rows import TextRow, chosen, mark, rows_of, states_of, status_of
from beiji.packs.strict import LANGUAGES

FORM = 1
"""Raised when the columns change; a workbook of another form is refused with its number."""
ABOUT, REVIEW = "about", "review"
COLUMNS = ("item", "field", *LANGUAGES, "status", "note", "mark")
REVIEW_COLUMNS = ("item", "title", "language", "status", "decision", "note", "source mark", "text mark")
DECISIONS = ("approved", "to be changed")
WIDTHS = {"item": 12, "field": 16, "en": 60, "zh-Hans": 45, "he": 45, "status": 22, "note": 30, "mark": 12}
GUIDE = (
    (
        "Change only the white cells. Item, field and mark find the text again. Write each text as one paragraph.",
        "只修改白色单元格。item、field 和 mark 三列用于找回原文。每条文本写成一段。",
        "יש לשנות רק תאים לבנים. העמודות item, field ו-mark מאתרות את הטקסט. כל טקסט נכתב כפסקה אחת.",
    ),
    (
        "Keep digits and {{parameters}} the same in every language. Doubts go into the note.",
        "各语言的数字和{{参数}}必须一致。疑问写在 note 列。",
        "הספרות וה-{{פרמטרים}} זהים בכל השפות. ספקות נכתבים בעמודה note.",
    ),
    (
        "Reviewers: give name, post and day below, and choose a decision in the sheet review for what you have read whole.",
        "审核人：在下方填写姓名、职务和日期；对已通读的条目，在 review 工作表中选择审核结论。",
        "לבודקים: יש למלא למטה שם, תפקיד ותאריך, ולבחור החלטה בגיליון review לפריטים שנקראו במלואם.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """What goes into a workbook: languages that may be changed, states and part wanted, and what is to be signed."""

    languages: tuple[str, ...] = LANGUAGES
    states: tuple[str, ...] = ()
    part: str = ""
    kind: str = "translation"


def workbook(library: Library, pack: str, choice: Choice, today: dt.date) -> tuple[bytes, int]:
    """The workbook as bytes, and the number of its rows of text."""
    from openpyxl import Workbook

    states = states_of(library, pack, choice.kind)
    rows = chosen(rows_of(library, pack), states, choice.languages, choice.states, choice.part)
    book = Workbook()
    about = book.active
    about.title = ABOUT
    _about(about, library, pack, choice, today, len(rows))
    by_sheet: dict[str, list[TextRow]] = {}
    for row in rows:
        by_sheet.setdefault(row.sheet, []).append(row)
    for name, own in by_sheet.items():
        _text_sheet(book.create_sheet(name), own, choice, states)
    if pack in library.standards:
        _review_sheet(book.create_sheet(REVIEW), library, pack, choice, states)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue(), len(rows)


def _about(sheet: Any, library: Library, pack: str, choice: Choice, today: dt.date, rows: int) -> None:
    version = next(header.version for header, _ in library.headers if header.id == pack)
    facts = {
        "pack": pack, "version": version, "form": str(FORM), "written": today.isoformat(), "rows": str(rows),
        "review": choice.kind,
    }  # fmt: skip
    for name, value in facts.items():
        sheet.append([name, value])
    for name in ("reviewer", "role", "date"):
        sheet.append([name, ""])
        _dress(sheet, sheet.max_row, ("name", "value"), open_cells={"value"}, rtl=())
    sheet.append([])
    for sentences in GUIDE:
        for sentence in sentences:
            sheet.append([sentence])
            sheet.cell(sheet.max_row, 1).alignment = _alignment(sentence == sentences[2])
    sheet.column_dimensions["A"].width = 90
    sheet.column_dimensions["B"].width = 30
    sheet.protection.sheet = True


def _text_sheet(sheet: Any, rows: Sequence[TextRow], choice: Choice, states: dict[tuple[str, str], str]) -> None:
    _head(sheet, COLUMNS, [WIDTHS[name] for name in COLUMNS])
    for row in rows:
        words = [row.words.get(language, "") for language in LANGUAGES]
        status = " · ".join(
            f"{language} {state}" for language in choice.languages if (state := status_of(row, language, states))
        )
        marks = " ".join(mark(one) for one in words)
        _append(sheet, [row.item, row.field, *words, status, "", marks])
        _dress(sheet, sheet.max_row, COLUMNS, open_cells={*choice.languages, "note"}, rtl={"he"})
    sheet.column_dimensions["H"].hidden = True


def _review_sheet(sheet: Any, library: Library, pack: str, choice: Choice, states: dict[tuple[str, str], str]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    _head(sheet, REVIEW_COLUMNS, [12, 60, 10, 12, 16, 30, 18, 18])
    hashes = reviews.hashes_of(library.standards[pack])
    for domain, item in library.standards[pack].indicators():
        for language in choice.languages:
            state = states[item.id, language]
            if choice.part not in ("", item.id, domain.id) or (choice.states and state not in choice.states):
                continue
            marks = (hashes[item.id][reviews.SOURCE], hashes[item.id][language])
            _append(sheet, [item.id, item.title[language], language, state, "", "", *marks])
            title_is_hebrew = {"title"} if language == "he" else ()
            _dress(sheet, sheet.max_row, REVIEW_COLUMNS, open_cells={"decision", "note"}, rtl=title_is_hebrew)
    rule = DataValidation(type="list", formula1='"' + ",".join(DECISIONS) + '"', allow_blank=True)
    sheet.add_data_validation(rule)
    rule.add(f"E2:E{max(2, sheet.max_row)}")


def _head(sheet: Any, names: Sequence[str], widths: Sequence[int]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.append(list(names))
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.cell(1, column).font = Font(bold=True)
    sheet.freeze_panes = "C2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.protection.autoFilter = sheet.protection.sort = False
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}1"


def _append(sheet: Any, values: Sequence[str]) -> None:
    """A row of texts; one that begins with = is a text too, never a formula."""
    sheet.append(list(values))
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"


@cache
def _alignment(right_to_left: bool) -> Any:
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=True, vertical="top", readingOrder=2 if right_to_left else 0)


@cache
def _unlocked() -> Any:
    from openpyxl.styles import Protection

    return Protection(locked=False)


@cache
def _grey() -> Any:
    from openpyxl.styles import PatternFill

    return PatternFill("solid", fgColor="EFEFEF")


def _dress(sheet: Any, row: int, names: Sequence[str], *, open_cells: Collection[str], rtl: Collection[str]) -> None:
    """Wrapped text; cells that may be changed stay white and unlocked, all others are grey."""
    for column, name in enumerate(names, 1):
        cell = sheet.cell(row, column)
        cell.alignment = _alignment(name in rtl)
        if name in open_cells:
            cell.protection = _unlocked()
        else:
            cell.fill = _grey()
