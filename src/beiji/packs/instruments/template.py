"""The workbooks that go out: an empty one for a new instrument, and a sheet of answers to one that is here."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from beiji.packs.instruments.answers import SHEET, columns_of
from beiji.packs.instruments.plans import VALUES, values_of
from beiji.packs.schemas.instruments import Instrument
from beiji.packs.scorers import HAZARD_COLUMNS, NA
from beiji.packs.strict import LANGUAGES

FORM = "instrument-1"
"""Raised when the sheets change; a workbook of another form is refused with its name."""

TITLES = tuple(f"title {language}" for language in LANGUAGES)
ABOUT_COLUMNS = ("field", "value", "zh-Hans", "he")
#: Field of the sheet about → what the template says about it. Texts have their English under "value".
FIELDS = {
    "form": FORM,
    "id": "",
    "version": "1.0.0",
    "licence": "CC-BY-4.0",
    "title": "",
    "about": "",
    "rule": "",
    "values": "",
    "round_to": "",
    "complete": "",
    "rescale": "",
}
COLUMNS = {
    "groups": ("id", "weight", *TITLES),
    "grades": ("code", "at_least", *TITLES),
    "caps": ("code", "value", "count", "share", "at_most"),
    "items": (
        "id", "group", "weight", "must_pass", "not_applicable", "pillar", "fours", "reads", *TITLES, "source", "edition",
        "clause", "relation", "sure",
    ),
    "sources": ("id", "citation", "edition", "licence", "sure", "url"),
}  # fmt: skip
GUIDE = (
    (
        "One row for each item, in your own words; texts of protected standards are never copied. Chinese and Hebrew may be left empty throughout.",
        "每项一行，用自己的话写；不得照抄受保护标准的原文。中文、希伯来文列可整列留空。",
        "שורה לכל סעיף, במילים שלכם; נוסח של תקן מוגן אינו מועתק. עמודות סינית ועברית יכולות להישאר ריקות לגמרי.",
    ),
    (
        "No clause number is invented: leave source, clause and sure empty where it is not known; sure is seen or recalled.",
        "条款号不得编造：不确定时 source、clause、sure 均留空；sure 填 seen 或 recalled。",
        "אין להמציא מספרי סעיפים: אם אינו ידוע, source, clause ו-sure נשארים ריקים; sure הוא seen או recalled.",
    ),
    (
        "Then: beiji pack from-xlsx ID FILE shows what it would write and names each cell that cannot be taken; --apply writes it.",
        "然后运行 beiji pack from-xlsx ID FILE：先显示将写入的内容，并指出每个不能接收的单元格；加 --apply 才写入。",
        "לאחר מכן: beiji pack from-xlsx ID FILE מציג מה ייכתב ונוקב בכל תא שאינו מתקבל; --apply כותב.",
    ),
)  # fmt: skip


def answer_columns(words: Sequence[str]) -> list[str]:
    """Columns of the sheet items in which each answer is described, in each language: `full en`."""
    return [f"{word} {language}" for word in words for language in LANGUAGES]


def empty_instrument(rule: str) -> bytes:
    """The workbook for a new instrument, with the columns that its scorer needs."""
    from openpyxl import Workbook

    words = list(VALUES[rule])
    book = Workbook()
    about = book.active
    about.title = "about"
    about.append(list(ABOUT_COLUMNS))
    values = ", ".join(f"{word}={value}" for word, value in VALUES[rule].items())
    given = FIELDS | {"rule": rule, "values": values if rule in ("weighted-levels", "safety-index") else ""}
    for name, value in given.items():
        about.append([name, value])
    about.append([])
    for sentences in GUIDE:
        for sentence in sentences:
            about.append([None, None, None, None, sentence])
    _widths(about, (14, 40, 30, 30, 90))
    for name, columns in COLUMNS.items():
        sheet = book.create_sheet(name)
        heading = [*columns, *(answer_columns(words) if name == "items" else ())]
        sheet.append(heading)
        _widths(sheet, [34 if " " in column or column == "citation" else 14 for column in heading])
    _choices(book["items"], rule)
    return _bytes(book)


def answer_sheet(instrument: Instrument, language: str) -> bytes:
    """The workbook for answers: a row for each item, its title, and the answers to choose from."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    columns = columns_of(instrument)
    sheet.append(["item", "title", *columns[1:]])
    for item in instrument.items:
        sheet.append([item.id, item.title[language]])
        sheet.cell(sheet.max_row, 2).data_type = "s"
    hazards = instrument.scorer.rule == "hazard-vulnerability"
    allowed = ["0", "1", "2", "3", NA] if hazards else [*values_of(instrument), NA]
    last = len(HAZARD_COLUMNS) + 2 if hazards else 3
    _list(sheet, 3, last, allowed)
    _widths(sheet, (14, 70, *([14] * (len(columns) - 2)), 50))
    return _bytes(book)


def _choices(sheet: Any, rule: str) -> None:
    names = list(COLUMNS["items"])
    for name, allowed in (
        ("must_pass", ("yes", "no")), ("not_applicable", ("with-reason", "never")), ("pillar", ("S", "E", "K", "T")),
        ("fours", ("system", "space", "staff", "supplies")), ("relation", ("overlaps", "narrower", "broader")),
        ("sure", ("seen", "recalled")),
    ):  # fmt: skip
        if rule == "hazard-vulnerability" and name in ("must_pass", "pillar", "fours"):
            continue
        at = names.index(name) + 1
        _list(sheet, at, at, allowed)


def _list(sheet: Any, first: int, last: int, allowed: Sequence[str]) -> None:
    """A drop-down in some columns; typing something else is named by the reader, with its cell."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1='"' + ",".join(allowed) + '"', allow_blank=True)
    sheet.add_data_validation(rule)
    rule.add(f"{get_column_letter(first)}2:{get_column_letter(last)}2000")


def _widths(sheet: Any, widths: Sequence[int]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.cell(1, column).font = Font(bold=True)
    sheet.freeze_panes = "A2"


def _bytes(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
