"""`beiji pack from-xlsx ID FILE` with a workbook of `beiji pack template`: another body's standard becomes an instrument.

The workbook becomes the very text of the file that would be written; that text is read, checked and linted as any pack is, and
each fault is named by the cell that it comes from. Nothing is written unless all is well and `--apply` was said.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from beiji.packs.checks.instruments import check_instruments
from beiji.packs.checks.languages import check_languages
from beiji.packs.faults import build
from beiji.packs.instruments.plans import VALUES
from beiji.packs.instruments.template import ABOUT_COLUMNS, COLUMNS, FIELDS, FORM, TITLES
from beiji.packs.library import Item, Library, packs_root, scan
from beiji.packs.lint import lint
from beiji.packs.problems import Problem, did_you_mean, shown_path
from beiji.packs.schemas.common import FRACTION, ID
from beiji.packs.schemas.instruments import Instrument
from beiji.packs.sheets.reading import MAX_ROWS, Book, CellProblem, open_workbook, sheet_rows, text_in
from beiji.packs.strict import DECIMAL, INTEGER, LANGUAGES, Source, read_text

Path_ = tuple[Any, ...]
NUMBERS = frozenset({"weight", "at_least", "value", "count", "share", "round_to", "complete"})
FLAGS = {"yes": True, "no": False, "true": True, "false": False}
XREF = {"source": "src", "edition": "edition", "clause": "ref", "relation": "rel", "sure": "sure"}


@dataclass(slots=True)
class Sheets:
    """What the workbook says: plain data as a pack file has it, and the cell that each value came from."""

    book: Book
    data: dict[str, Any] = field(default_factory=dict)
    cells: dict[Path_, str] = field(default_factory=dict)


class SheetSource(Source):
    """A file that is not written yet: its problems are named by the cells of the workbook."""

    cells: dict[Path_, str]
    found: list[tuple[str, Problem]]

    def add(
        self, code: str, sentence: str, path: Path_ = (), *, of_key: bool = False, warning: bool = False
    ) -> Problem:
        """Note a problem with the cell of the nearest value that came from one."""
        problem = Source.add(self, code, sentence, path, of_key=of_key, warning=warning)
        at = next((self.cells[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.cells), "about")
        self.found.append((at, problem))
        return problem


def is_template(path: Path) -> bool:
    """Whether the workbook says that it is one for a new instrument."""
    workbook = open_workbook(path, Book(path.name))
    if workbook is None:
        return False
    try:
        if "about" not in workbook.sheetnames:
            return False
        rows = workbook["about"].iter_rows(max_row=20, max_col=2, values_only=True)
        return any(row[0] == "form" and str(row[1]).startswith("instrument") for row in rows if len(row) == 2)
    finally:
        workbook.close()


def run(arguments: argparse.Namespace) -> int:
    """Show what the workbook would write, and write it when asked; 1 when a cell cannot be taken."""
    root = arguments.root or packs_root()
    path, name = arguments.files[0], arguments.pack
    target = root / "instruments" / f"{name}.yaml"
    text, instrument, problems = read_instrument(path, name, scan(root), target)
    if len(arguments.files) > 1:
        problems.append(CellProblem(path.name, "", "X322", "A new instrument comes from one workbook. Name one file."))
    written: list[str] = []
    if instrument is not None and not any(p.stops for p in problems) and arguments.apply:
        target.parent.mkdir(exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        written = [shown_path(target)]
    if arguments.json:
        said = [
            {"file": p.file, "cell": p.cell, "code": p.code, "sentence": p.sentence, "stops": p.stops} for p in problems
        ]
        print(json.dumps({"problems": said, "written": written, "text": text}, ensure_ascii=False, indent=1))
    else:
        _print(instrument, problems, written, target)
    return 1 if any(p.stops for p in problems) or instrument is None else 0


def _print(instrument: Instrument | None, problems: list[CellProblem], written: list[str], target: Path) -> None:
    for problem in problems:
        print(problem)
    if any(p.stops for p in problems) or instrument is None:
        print("Nothing was written. Mend the cells first.", file=sys.stderr)
        return
    items, groups = len(instrument.items), len(instrument.groups)
    what = f"{instrument.id} {instrument.version}: {items} items in {groups} groups, scored by {instrument.scorer.rule}"
    end = f"Written: {written[0]}." if written else f"Nothing was written; add --apply to write {shown_path(target)}."
    print(f"{what}. {end}")


def read_instrument(
    path: Path, name: str, library: Library, target: Path
) -> tuple[str, Instrument | None, list[CellProblem]]:
    """The text of the file that would be written, the instrument if it is one, and every fault with its cell."""
    sheets = _read(path, name)
    taken = [header.id for header, _ in library.headers]
    if name in taken or target.exists():
        sentence = f"There is a pack {name} already. Change its file, or bring this one in under another id."
        sheets.book.add("about", "X322", sentence)
    elif not ID.match(name) or "/" in name:
        sheets.book.add("about", "X322", f'"{name}" cannot be an id. Use letters, digits and - only.')
    if sheets.book.problems:
        return "", None, sorted(sheets.book.problems)
    text = emit(sheets.data)
    source = SheetSource(target, path.name)
    source.cells, source.found = sheets.cells, []
    read_text(text, source)
    found = [(("", problem)) for problem in source.problems]
    instrument = build(Instrument, source)
    if instrument is not None:
        _examine(library, instrument, source)
    problems = [
        CellProblem(path.name, cell, problem.code, problem.sentence, stops=not problem.warning)
        for cell, problem in (*found, *source.found)
    ]
    return text, instrument, sorted(set(problems))


def _examine(library: Library, instrument: Instrument, source: Source) -> None:
    """Check the new instrument as if it stood among the packs."""
    library.sources.append(source)
    library.headers.append((instrument, source))
    library.instruments[instrument.id] = instrument
    library.items.append(Item("instrument", instrument.id, instrument, source, ()))
    check_instruments(library)
    check_languages(library)
    lint(library)


def _read(path: Path, name: str) -> Sheets:
    sheets = Sheets(Book(path.name))
    workbook = open_workbook(path, sheets.book)
    if workbook is None:
        return sheets
    try:
        missing = [sheet for sheet in ("about", *COLUMNS) if sheet not in workbook.sheetnames]
        if missing:
            sentence = f"The workbook has no sheet {', '.join(missing)}. Take a fresh one with beiji pack template."
            sheets.book.add("", "X300", sentence)
            return sheets
        about = _about(workbook["about"], sheets)
        _header(about, name, sheets)
        words = [*sheets.data["scorer"].get("values", {})] or list(VALUES.get(about.get("rule", ""), {}))
        for kind in COLUMNS:
            entries = _entries(workbook[kind], kind, words, sheets)
            if kind == "caps" and entries:
                sheets.data["scorer"]["caps"] = entries
            elif kind != "caps" and entries:
                sheets.data[kind] = entries
        _promise(sheets.data)
    finally:
        workbook.close()
    return sheets


def _about(sheet: Any, sheets: Sheets) -> dict[str, str]:
    """Field → value; the texts go straight into the data."""
    found: dict[str, str] = {}
    for number, cells in sheet_rows(sheet, ABOUT_COLUMNS, sheets.book):
        words = {name: text_in("about", number, name, cells[name], sheets.book) for name in ABOUT_COLUMNS}
        label, value = words["field"], words["value"]
        if label is None or value is None or not label.text:
            continue
        if label.text not in FIELDS:
            hint = did_you_mean(label.text, FIELDS) or " Take the row out."
            sheets.book.add(label.cell, "X304", f'"{label.text}" is no field of an instrument.{hint}')
            continue
        found[label.text] = value.text
        sheets.cells[(label.text,)] = sheets.cells["scorer", label.text] = value.cell
        if label.text in ("title", "about"):
            texts = {"en": value, "zh-Hans": words["zh-Hans"], "he": words["he"]}
            sheets.data[label.text] = {key: one.text for key, one in texts.items() if one is not None and one.text}
            for key, one in texts.items():
                sheets.cells[label.text, key] = one.cell if one is not None else value.cell
    return found


def _header(about: dict[str, str], name: str, sheets: Sheets) -> None:
    """Id, version, licence and scorer; the id of the workbook, if it has one, must be the one that was asked for."""
    if about.get("form") != FORM:
        cell = sheets.cells.get(("form",), "about")
        sheets.book.add(
            cell,
            "X300",
            f"The form is {about.get('form') or 'missing'}; this program reads {FORM}. Take a fresh workbook.",
        )
    if about.get("id") not in ("", None, name):
        sheets.book.add(sheets.cells["id",], "X322", f"The workbook says {about['id']}, you say {name}. Use one id.")
    texts = {key: words for key in ("title", "about") if (words := sheets.data.pop(key, {}))}
    scorer: dict[str, Any] = {"rule": about.get("rule", "")}
    for key in ("round_to", "complete"):
        if about.get(key):
            scorer[key] = _number(about[key], sheets.cells[key,], key, sheets.book)
    if about.get("rescale"):
        scorer["rescale"] = _flag(about["rescale"], sheets.cells["rescale",], "rescale", sheets.book)
    values = _values(about.get("values", ""), sheets)
    if values:
        scorer["values"] = values
    sheets.cells["scorer",] = sheets.cells.get(("rule",), "about")
    sheets.data |= {"id": name, "kind": "instrument", "version": about.get("version", "")}
    if about.get("licence"):
        sheets.data["licence"] = about["licence"]
    sheets.data |= {"languages": {}, **texts, "scorer": scorer}


def _values(text: str, sheets: Sheets) -> dict[str, Any]:
    """`low=1/4, average=1/2, high=1` as answer → worth."""
    found: dict[str, Any] = {}
    cell = sheets.cells.get(("values",), "about")
    for part in filter(None, (one.strip() for one in text.split(","))):
        word, sign, number = part.partition("=")
        if not sign:
            sheets.book.add(cell, "X302", f'"{part}" has no =. Write each answer as low=1/4, with commas between.')
            continue
        found[word.strip()] = _number(number.strip(), cell, f"worth of {word.strip()}", sheets.book)
    return found


def _entries(sheet: Any, kind: str, words: list[str], sheets: Sheets) -> list[dict[str, Any]]:
    """The rows of one sheet as a pack file has them."""
    entries: list[dict[str, Any]] = []
    sheets.cells[kind,] = f"{kind}!A1"
    for number, cells in sheet_rows(sheet, COLUMNS[kind], sheets.book):
        if number > MAX_ROWS:
            sheets.book.add(f"{kind}!A{number}", "X306", f"The sheet has more than {MAX_ROWS} rows. Take rows out.")
            break
        described = [f"{word} {language}" for word in words for language in LANGUAGES] if kind == "items" else []
        names = [*COLUMNS[kind], *(name for name in described if name in cells)]
        read = {name: text_in(kind, number, name, _as_text(cells[name]), sheets.book) for name in names}
        given = {name: one for name, one in read.items() if one is not None and one.text}
        if not given:
            continue
        base: Path_ = ("scorer", "caps", len(entries)) if kind == "caps" else (kind, len(entries))
        sheets.cells[base] = f"{kind}!A{number}"
        entry: dict[str, Any] = {}
        for name, one in given.items():
            _place(entry, name, one.text, one.cell, base, words, sheets)
        if entry.get("xref") and not {"src", "ref", "sure"} <= entry["xref"][0].keys():
            cell = sheets.cells[*base, "xref", 0, next(iter(entry["xref"][0]))]
            sentence = "A neighbouring clause needs source, clause and sure. Fill all three, or leave all empty."
            sheets.book.add(cell, "X302", sentence)
        entries.append(entry)
    return entries


def _as_text(cell: Any) -> Any:
    """A cell whose number with decimals is read as it shows: 0.66, not a binary neighbour."""
    value = getattr(cell, "value", None)
    if isinstance(value, float) and cell.data_type == "n":
        return _Shown(cell.coordinate, repr(value) if value != int(value) else str(int(value)))
    return cell


@dataclass(frozen=True, slots=True)
class _Shown:
    coordinate: str
    value: str
    data_type: str = "s"


def _place(
    entry: dict[str, Any], name: str, text: str, cell: str, base: Path_, words: list[str], sheets: Sheets
) -> None:
    """One cell where a pack file has it, and its place for messages."""
    head, _, language = name.rpartition(" ")
    if name in TITLES:
        entry.setdefault("title", {})[language] = text
        sheets.cells[*base, "title", language] = sheets.cells[*base, "title"] = cell
    elif head in words and language in LANGUAGES:
        entry.setdefault("answers", {}).setdefault(head, {})[language] = text
        sheets.cells[*base, "answers", head, language] = sheets.cells[*base, "answers", head] = cell
    elif base[0] == "items" and name in XREF:
        entry.setdefault("xref", [{}])[0][XREF[name]] = text
        sheets.cells[*base, "xref", 0, XREF[name]] = cell
    else:
        entry[name] = text
        if name in NUMBERS:
            entry[name] = _number(text, cell, name, sheets.book)
        elif name == "must_pass":
            entry[name] = _flag(text, cell, name, sheets.book)
        sheets.cells[*base, name] = cell


def _number(text: str, cell: str, name: str, book: Book) -> Fraction:
    if INTEGER.match(text) or DECIMAL.match(text) or FRACTION.match(text):
        return Fraction(text)
    book.add(cell, "X302", f'"{name}" is "{text}", which is no number. Write digits as in 15, 0.5 or 1/3.')
    return Fraction(0)


def _flag(text: str, cell: str, name: str, book: Book) -> bool:
    if text.casefold() not in FLAGS:
        book.add(cell, "X302", f'"{name}" is "{text}". Write yes or no.')
    return FLAGS.get(text.casefold(), False)


def _promise(data: dict[str, Any]) -> None:
    """A language in which nothing at all is written is promised as none; one in which something is, in full."""
    texts = [data.get("title", {}), data.get("about", {})]
    texts += [entry.get("title", {}) for kind in ("groups", "grades", "items") for entry in data.get(kind, ())]
    written = {language for text in texts for language in text}
    data["languages"] = {one: "full" if one in written or one == "en" else "none" for one in LANGUAGES}


def emit(value: Any, indent: int = 0) -> str:
    """Plain data as a pack file has it, in the strict dialect."""
    lines: list[str] = []
    pad = " " * indent
    for key, part in value.items():
        if isinstance(part, dict):
            lines.append(f"{pad}{key}:\n{emit(part, indent + 2)}" if part else "")
        elif isinstance(part, list):
            lines.append(f"{pad}{key}:\n")
            for entry in part:
                inner = emit(entry, indent + 4)
                lines.append(f"{pad}  - {inner[indent + 4 :]}")
        else:
            lines.append(f"{pad}{key}: {_scalar(part)}\n")
    return "".join(lines)


def _scalar(part: Any) -> str:
    if isinstance(part, bool):
        return "true" if part else "false"
    if isinstance(part, Fraction):
        return str(part)
    return json.dumps(part, ensure_ascii=False)
