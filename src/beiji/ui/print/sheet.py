"""A table as CSV or XLSX. No cell is ever a formula: what a person typed is text in whichever program opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from beiji.ui.listing import Value

#: What a spreadsheet takes as the beginning of a formula (OWASP, "CSV Injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
#: The widest a column is made, in signs; longer texts wrap (our choice).
WIDEST = 60


def as_csv(heads: Sequence[str], rows: Sequence[Sequence[Value]], stamp: str = "") -> bytes:
    """UTF-8 with the mark by which spreadsheets know it; a text that looks like a formula gets an apostrophe before it.

    `stamp`: a first row above the heads, for files that must say who took them.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    if stamp:
        writer.writerow([_safe(stamp)])
    writer.writerow(heads)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: Value) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def as_xlsx(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[Value]], about: Sequence[tuple[str, str]], is_rtl: bool,
    stamp: str = "",
) -> bytes:  # fmt: skip
    """A workbook with the table, its head held in sight, and a second sheet that says what it is (`about`). `stamp` is printed at the foot
    of every page."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    sheet.sheet_view.rightToLeft = is_rtl
    sheet.freeze_panes = "A2"
    sheet.oddFooter.center.text = stamp.replace("&", "&&") or None
    for index, head in enumerate(heads):
        longest = max([len(head), *(len(str(row[index] or "")) for row in rows)])
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(WIDEST, longest + 3)
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    second = book.create_sheet("Beiji")
    second.sheet_view.rightToLeft = is_rtl
    second.oddFooter.center.text = sheet.oddFooter.center.text
    for name, said in about:
        second.append([_cell(second, name, bold=True), _cell(second, said)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Value, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    text = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, text)
    if isinstance(text, str):
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _sheet_name(title: str) -> str:
    """At most 31 signs, none of those that a sheet's name may not have."""
    return "".join(" " if sign in r"[]:*?/\'" else sign for sign in title)[:31].strip() or "Beiji"
