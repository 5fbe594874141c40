"""Texts go out in a workbook and come back by a three-way merge: nothing is lost, nothing is guessed, nothing half-written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from beiji.packs import pages
from beiji.packs.__main__ import main
from beiji.packs.checker import check
from beiji.packs.formatting import format_file
from beiji.packs.library import scan
from beiji.packs.sheets import reading
from beiji.packs.sheets.applying import with_texts
from beiji.packs.sheets.preview import Preview, preview, write
from beiji.packs.sheets.rows import mark, rows_of
from beiji.packs.sheets.writing import Choice, workbook
from beiji.packs.strict import Source, read_text

TODAY = dt.date(2026, 11, 29)
TRI = "standards/demo/domains/tri.yaml"
PACK = "standards/demo/pack.yaml"


@pytest.fixture
def export(mini: Path, tmp_path: Path) -> Callable[..., Path]:
    """Write the small standard's workbook and let a person edit cells: `export(name, ("TRI-6", "title", "he", "…"))`."""

    def write_and_edit(name: str, *edits: tuple[str, str, str, Any], **choice: Any) -> Path:
        path = tmp_path / name
        path.write_bytes(workbook(scan(mini), "demo", Choice(**choice), TODAY)[0])
        return edit(path, *edits)

    return write_and_edit


def edit(path: Path, *edits: tuple[str, str, str, Any]) -> Path:
    """Write values into cells, each named by item, field and column (or sheet `about`, name, "B")."""
    book = load_workbook(path)
    for item, field, column, value in edits:
        cell = cell_of(book, item, field, column)
        cell.value = value
    book.save(path)
    return path


def cell_of(book: Workbook, item: str, field: str, column: str) -> Any:
    for sheet in book.worksheets:
        heading = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=1 if sheet.title == "about" else 2):
            if sheet.title == "about" and item == "about" and row[0].value == field:
                return row[1]
            if sheet.title == "review" and item == "review" and row[0].value == field and row[2].value == column:
                return row[4]
            if column in heading and "field" in heading and (row[0].value, row[1].value) == (item, field):
                return row[heading.index(column)]
    raise AssertionError(f"no cell for {item} {field} {column}")


def ask(mini: Path, *paths: Path) -> Preview:
    return preview(mini, "demo", list(paths), TODAY)


def said(found: Preview) -> list[str]:
    return [str(problem) for problem in (*found.problems, *found.merge.conflicts)]


def content(mini: Path) -> dict[str, str]:
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(mini.rglob("*")) if p.suffix in (".yaml", ".csv")}


HE = ("TRI-6", "anchors.1", "he", "כלל הפינוי תלוי בצמוד ללוח.")


def test_a_workbook_holds_every_text_and_comes_back_as_nothing_to_do(mini: Path, export: Callable) -> None:
    path = export("all.xlsx")
    book = load_workbook(path)
    assert {row.key for row in rows_of(scan(mini), "demo")} >= {("TRI-6", "anchors.2"), ("TRI", "title")}
    assert book["TRI"]["C2"].value == "The emergency department can be emptied within {{ed_clear_min}} min"
    assert book["TRI"].protection.sheet
    assert not book["TRI"]["C2"].protection.locked
    assert book["TRI"]["A2"].protection.locked
    found = ask(mini, path)
    assert found.is_empty
    assert said(found) == []


def test_a_changed_cell_changes_its_line_alone_and_comments_stay(mini: Path, export: Callable) -> None:
    text = (mini / TRI).read_text(encoding="utf-8").replace("  effort: M", "  # a remark that stays\n  effort: M")
    (mini / TRI).write_text(text, encoding="utf-8")
    format_file(mini / TRI, check=False)
    found = ask(mini, export("he.xlsx", HE, languages=("he",)))
    assert [(c.what, c.old, c.new) for c in found.merge.changes] == [
        ("TRI-6 anchors.1 · he", "כלל הפינוי תלוי ליד הלוח.", HE[3])
    ]
    before = content(mini)
    assert before == content(mini), "a preview writes nothing"
    write(mini, "demo", found)
    after = content(mini)
    assert after["tri.yaml"] == before["tri.yaml"].replace("כלל הפינוי תלוי ליד הלוח.", HE[3])
    assert {name for name in after if after[name] != before[name]} == {"tri.yaml"}
    assert check([mini]) == []


@settings(max_examples=40, deadline=None)
@given(words=st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" "), min_size=1))
@example(words="Colon: inside the 1 text")
@example(words='אר"ן')
@example(words="{{ed_clear_min}} first")
@example(words="x #3")
@example(words="12:30")
@example(words="no")
def test_whatever_is_typed_is_read_back_alike_and_nothing_else_moves(words: str) -> None:
    text = "- id: a\n  advice:\n    1:\n      en: One\n      he: אחד\n  # stays\n  effort: M\n"
    words = words.strip() or "-"
    written = with_texts(text, [((0, "advice", 1), {"he": words})])
    source = Source(Path("tri.yaml"), "tri.yaml")
    read_text(written, source)
    assert source.data[0]["advice"][1] == {"en": "One", "he": words}
    assert written.endswith("\n  # stays\n  effort: M\n")


def test_a_text_that_was_equal_in_all_languages_is_parted_and_a_missing_one_is_put_in_its_place() -> None:
    text = "- id: a\n  title:\n    all: METHANE  # ours\n- id: b\n  title:\n    en: One\n    he: אחד\n"
    written = with_texts(text, [((0, "title"), {"he": "מתאן"}), ((1, "title"), {"zh-Hans": "一"})])
    assert "    en: METHANE  # ours\n    zh-Hans: METHANE\n    he: מתאן\n" in written
    assert written.endswith("    en: One\n    zh-Hans: 一\n    he: אחד\n")


def test_two_people_who_edited_one_cell_are_a_conflict_and_the_same_edit_is_one(mini: Path, export: Callable) -> None:
    one, other = export("one.xlsx", HE), export("two.xlsx", (*HE[:3], "כלל אחר תלוי ליד הלוח."))
    (conflict,) = said(ask(mini, one, other))
    assert conflict.startswith("one.xlsx TRI!E")
    assert 'X310 TRI-6 anchors.1 · he was edited by two people: "' in conflict
    assert conflict.endswith("Keep one.")
    found = ask(mini, one, export("same.xlsx", HE))
    assert len(found.merge.changes) == 1
    assert said(found) == []


def test_a_cell_that_was_changed_in_the_pack_meanwhile_is_a_conflict(mini: Path, export: Callable) -> None:
    path = export("late.xlsx", HE)
    text = (mini / TRI).read_text(encoding="utf-8")
    (mini / TRI).write_text(text.replace("כלל הפינוי תלוי ליד הלוח.", "כלל הפינוי ליד הלוח."), encoding="utf-8")
    (conflict,) = said(ask(mini, path))
    assert "X310 TRI-6 anchors.1 · he was changed in the pack since the export" in conflict


def test_a_source_that_changed_under_the_translator_is_a_conflict(mini: Path, export: Callable) -> None:
    path = export("late.xlsx", HE)
    text = (mini / TRI).read_text(encoding="utf-8")
    (mini / TRI).write_text(text.replace("A clearing rule hangs", "The clearing rule hangs"), encoding="utf-8")
    (conflict,) = said(ask(mini, path))
    assert "X311 The en of TRI-6 anchors.1 · he has changed since the export" in conflict
    assert "The clearing rule hangs beside the board." in conflict


def test_a_translation_beside_another_persons_new_source_is_a_conflict(mini: Path, export: Callable) -> None:
    editor = export("editor.xlsx", ("TRI-6", "anchors.1", "en", "The clearing rule hangs beside the board."))
    (conflict,) = said(ask(mini, editor, export("translator.xlsx", HE)))
    assert "was translated from an en text that editor.xlsx TRI!C" in conflict


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("=A1", 'X301 "he" holds a formula. Paste it as a value.'),
        (dt.datetime(2026, 1, 2), 'X302 "he" holds a number or a day, not text.'),
        (True, 'X302 "he" holds true or false, not text.'),
        ("one\ntwo", 'X303 "he" has a line break. Write it as one paragraph.'),
    ],
)
def test_a_cell_that_holds_no_text_is_named_and_nothing_is_imported(
    mini: Path, export: Callable, value: Any, sentence: str
) -> None:
    found = ask(mini, export("a.xlsx", ("TRI-6", "advice.1", "he", value), ("TRI-6", "title", "he", "כותרת אחרת")))
    (problem,) = said(found)
    assert sentence in problem
    assert problem.startswith("a.xlsx TRI!E")
    assert not found.can_be_written
    assert found.files == {}


def test_digits_that_differ_between_languages_are_named_by_their_cell(mini: Path, export: Callable) -> None:
    found = ask(mini, export("a.xlsx", ("TRI-6", "anchors.2", "zh-Hans", "当班3人能指出看板上每位患者的去向。")))
    assert said(found) == [
        "a.xlsx TRI!D6 P120 Anchor 2 of TRI-6: en says 2, zh-Hans 3. Write the same digits, or one {{parameter}} in all."
    ]


def test_unknown_retired_and_doubled_rows_are_named(mini: Path, export: Callable) -> None:
    path = export("a.xlsx")
    book = load_workbook(path)
    rows = [[cell.value for cell in row] for row in book["TRI"].iter_rows(min_row=2, max_row=2)]
    for item in ("TRI-66", "TRI-4", "TRI-6"):
        book["TRI"].append([item, *rows[0][1:]])
    book.save(path)
    unknown, retired, doubled = said(ask(mini, path))
    assert unknown.endswith('X304 Item "TRI-66" is unknown. Did you mean TRI-6?')
    assert retired.endswith("X304 TRI-4 was retired in 1.1.0. Take the row out; the text of the old release stays.")
    assert "X305 TRI-6 title stands at TRI!A2 too." in doubled


def test_rows_that_did_not_come_back_and_emptied_cells_change_nothing(mini: Path, export: Callable) -> None:
    path = export("a.xlsx", ("TRI-6", "advice.1", "he", None))
    book = load_workbook(path)
    book["TRI"].delete_rows(2)
    book.save(path)
    found = ask(mini, path)
    assert found.is_empty
    assert found.merge.not_returned == [("a.xlsx", 1)]
    assert [problem.code for problem in found.merge.emptied] == ["X312"]


def test_a_mark_or_heading_that_is_gone_is_named(mini: Path, export: Callable) -> None:
    (problem,) = said(ask(mini, export("a.xlsx", ("TRI-6", "title", "mark", None))))
    assert "X307 The mark of TRI-6 is gone" in problem
    path = export("b.xlsx")
    book = load_workbook(path)
    book["TRI"]["E1"].value = "hebrew"
    book.save(path)
    assert any("TRI!A1 X308 The first row has no he." in line for line in said(ask(mini, path)))


def test_what_is_no_workbook_of_this_pack_is_one_line(mini: Path, tmp_path: Path, export: Callable) -> None:
    path = tmp_path / "a.xlsx"
    assert "cannot be read: No such file" in said(ask(mini, path))[0]
    path.write_bytes(b"PK not really")
    assert said(ask(mini, path)) == [
        "a.xlsx  X300 This is no workbook that can be read. Save it as .xlsx, without a password."
    ]
    Workbook().save(path)
    assert 'X300 The sheet "about" is missing.' in said(ask(mini, path))[0]
    other = export("b.xlsx", ("about", "pack", "B", "another"))
    assert "X300 The workbook is of another, not of demo." in said(ask(mini, other))[0]


def test_more_rows_than_a_workbook_may_have_are_refused(
    mini: Path, export: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reading.MAX_ROWS == 20_000
    monkeypatch.setattr(reading, "MAX_ROWS", 5)
    (problem,) = said(ask(mini, export("a.xlsx")))
    assert problem.endswith("X306 The workbook has more than 5 rows. Export a domain at a time.")


def test_a_new_source_text_says_what_the_release_asks(mini: Path, export: Callable) -> None:
    from beiji.packs.frozen import freeze
    from beiji.packs.frozen import write as keep

    keep(mini, freeze(scan(mini), "demo"))
    found = ask(mini, export("a.xlsx", ("TRI-6", "anchors.1", "en", "The clearing rule hangs beside the board.")))
    assert found.can_be_written
    assert found.to_declare[0].startswith("TRI-6: Anchor 1 of TRI-6 differs from 1.1.0.")


def test_an_approved_item_is_signed_for_what_was_read(mini: Path, export: Callable) -> None:
    who = [("about", name, "B", value) for name, value in
           (("reviewer", "R. Levin"), ("role", "emergency physician"), ("date", dt.datetime(2026, 11, 20)))]  # fmt: skip
    path = export("r.xlsx", ("review", "TRI-6", "he", "approved"), *who, kind="clinical")
    found = ask(mini, path)
    assert [(a.signature.item, a.signature.language, a.signature.who) for a in found.approvals] == [
        ("TRI-6", "he", "R. Levin")
    ]
    write(mini, "demo", found)
    assert ",clinical," in (mini / "standards/demo/reviews.csv").read_text(encoding="utf-8")
    assert check([mini]) == []
    text = (mini / TRI).read_text(encoding="utf-8")
    (mini / TRI).write_text(text.replace("כלל הפינוי תלוי ליד", "כלל הפינוי תלוי מול"), encoding="utf-8")
    (problem,) = said(ask(mini, path))
    assert "X315 TRI-6 is no longer what was read in he." in problem


def test_nobody_approves_unnamed_or_what_he_changes_at_once(mini: Path, export: Callable) -> None:
    (unnamed,) = said(ask(mini, export("a.xlsx", ("review", "TRI-6", "he", "approved"))))
    assert "about!B7 X316 Nobody stands for the decisions." in unnamed
    (both,) = said(ask(mini, export("b.xlsx", ("review", "TRI-6", "he", "approved"), HE)))
    assert "X314 TRI-6 is approved and changed at once." in both


def test_the_commands_preview_first_and_write_only_when_asked(
    mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def call(*words: str) -> int:
        monkeypatch.setattr("sys.argv", ["beiji pack", *words, "--root", str(mini)])
        return main()

    path = tmp_path / "out.xlsx"
    assert call("to-xlsx", "demo", "-o", str(path), "--lang", "he", "--state", "stale") == 2
    assert call("to-xlsx", "demo", "-o", str(path), "--lang", "he", "--part", "TRI") == 0
    edit(path, HE)
    before = content(mini)
    assert call("from-xlsx", "demo", str(path)) == 0
    assert "Nothing was written; add --apply." in capsys.readouterr().err
    assert content(mini) == before
    assert call("from-xlsx", "demo", str(path), "--apply") == 0
    assert content(mini) != before
    assert call("from-xlsx", "demo", str(path), "--apply") == 0
    assert "There is nothing to write." in capsys.readouterr().err
    assert call("from-xlsx", "dem", str(path)) == 2
    assert "There is no pack dem. Did you mean demo?" in capsys.readouterr().err


def test_a_text_on_one_line_is_left_to_a_person(mini: Path, export: Callable) -> None:
    evidence = mini / "standards/demo/evidence.yaml"
    evidence.write_text("- {id: paper-clearing-log, title: {en: Log, zh-Hans: 记录, he: יומן}}\n", encoding="utf-8")
    (problem,) = said(ask(mini, export("a.xlsx", ("paper-clearing-log", "title", "he", "יומן אחר"))))
    assert "X313 evidence.yaml cannot be written by a program: it stands on one line." in problem


def test_every_code_of_a_workbook_has_a_page_and_every_page_a_case() -> None:
    tested = set(re.findall(r"X3\d\d", Path(__file__).read_text(encoding="utf-8")))
    tested |= set(re.findall(r"X3\d\d", Path(__file__).with_name("test_instruments.py").read_text(encoding="utf-8")))
    assert tested - {"X3"} == {code for code in pages.codes() if code.startswith("X")}


def test_a_mark_tells_the_untouched_from_the_changed() -> None:
    assert mark(" a ") == mark("a") != mark("b")
