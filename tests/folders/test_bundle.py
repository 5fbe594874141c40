"""What an inspection is handed: a table of contents and the files in folders by clause, with names that every system takes."""

from __future__ import annotations

import gc
import io
import re
import zipfile
from datetime import timedelta

import openpyxl
import pytest

from beiji.folders import bundle, changes
from beiji.folders.models import LibraryFile
from beiji.programme.releases import Export
from beiji.records import files as kept
from beiji.records.models import AuditLine
from tests.assess.browsing import text_of
from tests.cast import NOW, TODAY
from tests.folders.conftest import browser
from tests.folders.test_clauses import at

ROWS = [["2026版", "A.1", "有院长签发的预案"], ["2026版", "=1+1", "夜间检伤/值守"], ["2025版", "B.1", "没有材料的条款"]]


@pytest.fixture
def filled(yangzhou, add):
    """Three clauses of which two have files; one file serves both."""
    by = {"by": yangzhou.people["coordinator"], "now": NOW}
    clauses = changes.add_list(
        subject=yangzhou.subjects["ginkgo"], title="迎检: 2026/等级评审", language="zh-Hans", inspection=TODAY + timedelta(days=30),
        **by,
    )  # fmt: skip
    changes.bring_clauses(draft=changes.keep_table(clauses=clauses, rows=ROWS, **by), **by)
    first, second, _third = clauses.rows.order_by("order")
    changes.tie_clause(clause=first, on=["PLN-1"], off=[], **by)
    changes.tie_clause(clause=second, on=["TRI-2"], off=[], **by)
    plan = add(title="预案:第3版?", items=["PLN-1", "TRI-2"])
    add(title="=cmd()", grey=4, items=["TRI-2"], until=TODAY + timedelta(days=5))
    changes.mark_file(file=plan, word="checked", by=yangzhou.people["manager"], now=NOW)
    clauses.refresh_from_db()
    return clauses


def opened(answer) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_bundle_holds_each_clauses_files_under_names_that_every_system_takes(yangzhou, filled):
    answer = browser(yangzhou, "coordinator", "zh-hans").get(at("list-bundle", filled))
    archive = opened(answer)
    assert archive.testzip() is None
    assert archive.namelist() == [
        "00 目录.xlsx",
        "001 A.1 有院长签发的预案/01 预案 第3版.png",
        "002 =1+1 夜间检伤 值守/01 预案 第3版.png",
        "002 =1+1 夜间检伤 值守/02 =cmd().png",
    ]
    assert answer.headers["Content-Type"] == "application/zip"
    assert "filename*=utf-8''%E8%BF%8E" in answer.headers["Content-Disposition"]


def test_the_table_of_contents_says_what_stands_ends_and_lacks_and_holds_no_formula(yangzhou, filled):
    archive = opened(browser(yangzhou, "coordinator").get(at("list-bundle", filled)))
    book = openpyxl.load_workbook(io.BytesIO(archive.read("00 Contents.xlsx")))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [(row[1], row[4], row[8]) for row in rows] == [
        ("A.1", "预案:第3版?", None),
        ("=1+1", "预案:第3版?", None),
        ("=1+1", "=cmd()", "a file ends by then"),
        ("B.1", "no file", "tied to no item · no file that counts then"),
    ]
    assert rows[0][3] == "PLN-1 unknown", "a file changes no standing"
    assert rows[0][9].startswith("Checked: li-wen")
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {"s", "inlineStr", "n", "d"}


def test_a_bundle_leaves_under_a_number_that_stands_in_it_and_a_refused_one_takes_none(yangzhou, filled, monkeypatch):
    coordinator = browser(yangzhou, "coordinator")
    with monkeypatch.context() as small:
        small.setattr(bundle, "MOST_BYTES", 100)
        coordinator.get(at("list-bundle", filled))
    assert not Export.objects.exists()
    archive = opened(coordinator.get(at("list-bundle", filled)))
    book = openpyxl.load_workbook(io.BytesIO(archive.read("00 Contents.xlsx")))
    said = dict(row for row in book.worksheets[1].iter_rows(values_only=True))
    assert said["Number"].endswith(f"-X-{Export.objects.get().number:04d}")
    assert said["Number"] in book.worksheets[0].oddFooter.center.text
    assert AuditLine.objects.filter(kind="programme.list-taken").latest("id").details["number"] == 1


def test_a_list_of_several_editions_offers_a_bundle_of_each(yangzhou, filled):
    coordinator = browser(yangzhou, "coordinator")
    page = coordinator.get(at("list", filled)).content.decode()
    offered = re.findall(r'href="([^"]+/bundle/\?edition=[^"]+)"', page)
    assert [len(opened(coordinator.get(address)).namelist()) for address in offered] == [1, 4]
    answer = coordinator.get(at("list-bundle", filled), {"edition": "2024"}, follow=True)
    assert "No clause of this list has the edition “2024”" in text_of(answer)


def test_taking_a_bundle_is_written_down_and_an_edition_can_be_taken_alone(yangzhou, filled):
    coordinator = browser(yangzhou, "coordinator")
    assert len(opened(coordinator.get(at("list-bundle", filled), {"edition": "2025版"})).namelist()) == 1
    line = AuditLine.objects.filter(kind="programme.list-taken").latest("id")
    assert (line.person, line.details["rows"], line.details["kind_of_file"]) == (
        yangzhou.people["coordinator"].pk,
        0,
        "zip",
    )
    assert str(filled.pk) in line.details["filters"]


def test_a_bundle_that_nobody_reads_is_closed_all_the_same(yangzhou, filled):
    assert browser(yangzhou, "coordinator").get(at("list-bundle", filled)).status_code == 200
    gc.collect()  # an open file would be a warning here, and warnings are errors


def test_nobody_else_takes_it(yangzhou, filled):
    for part in ("coordinator_other", "lead", "assessor", "translator", "leader", "administrator", "stranger"):
        assert browser(yangzhou, part).get(at("list-bundle", filled)).status_code == 404, part


def test_a_bundle_that_is_too_large_or_of_which_a_file_is_gone_is_refused_in_a_sentence(yangzhou, filled, monkeypatch):
    coordinator = browser(yangzhou, "coordinator")
    monkeypatch.setattr(bundle, "MOST_BYTES", 100)
    assert "at most 0 MB are handed out" in text_of(coordinator.get(at("list-bundle", filled), follow=True))
    monkeypatch.undo()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    kept.path_of(LibraryFile.objects.order_by("id").first().attachment).unlink()
    assert "is not on the server any more" in text_of(coordinator.get(at("list-bundle", filled), follow=True))
    assert not AuditLine.objects.filter(kind="programme.list-taken").exists()


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("预案:第3版?", "预案 第3版"),
        ("../..\\etc/passwd", "etc passwd"),
        (" . ", ""),
        ("a\u202eb\tc", "a b c"),
        ('תוכנית "אר״ן"', "תוכנית אר״ן"),
        ("条" * 200, "条" * 60),
    ],
)
def test_names_are_safe_on_every_system(given, safe):
    assert bundle.safe_name(given) == safe


def test_a_folder_of_a_clause_without_words_still_has_a_name():
    assert bundle.folder_name(7, "", "??") == "007"
    assert bundle.file_name(1, "", "CON.PNG") == "01.png"


def test_places_keep_their_order_however_many_there_are():
    names = [bundle.folder_name(place, "A", "", of=2000) for place in (2, 999, 1000)]
    assert names == sorted(names) == ["0002 A", "0999 A", "1000 A"]
    assert bundle.file_name(7, "Plan", "a.pdf", of=120) == "007 Plan.pdf"
