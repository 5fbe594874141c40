"""The quality office's clauses: brought in by a table, tied to items, and for each a folder that says what it holds and lacks."""

from __future__ import annotations

import io
import re
import time
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from beiji.folders import changes
from beiji.folders.models import Clause, ClauseFile, ClauseItem, ClauseList, TableDraft
from beiji.folders.rules import Lack, Paper, day_of_folders, lacks_of
from beiji.readiness.models import Evidence, Standing
from tests.assess.browsing import text_of
from tests.cast import NOW, TODAY
from tests.folders.conftest import browser

HEADS = ["版本", "条款号", "条款内容(本院表述)"]
OURS = [
    ["2026版", "A.1", "有院长签发的预案"],
    ["2026版", "A.2", "夜间检伤有人值守"],
    ["", "", "有急诊腾空记录"],
    ["2026版", "A.3", ""],
]


def workbook(rows, heads=HEADS) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in [heads, *rows]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("clauses.xlsx", out.getvalue())


@pytest.fixture
def clauses(yangzhou) -> ClauseList:
    return changes.add_list(
        subject=yangzhou.subjects["ginkgo"], title="等级评审自查", language="zh-Hans", inspection=TODAY + timedelta(days=30),
        by=yangzhou.people["coordinator"], now=NOW,
    )  # fmt: skip


def at(name: str, clauses: ClauseList, **more: object) -> str:
    return reverse(f"folders:{name}", kwargs={"city": "yangzhou", "clauses": clauses.pk, **more})


def bring(world, clauses, rows, heads=HEADS, part="coordinator"):
    """Choose a table, look at what it would do."""
    return browser(world, part).post(at("list-table", clauses), {"table": workbook(rows, heads)}, follow=True)


def agree(world, page, part="coordinator"):
    return browser(world, part).post(page.request["PATH_INFO"], follow=True)


@pytest.fixture
def filled(yangzhou, clauses) -> ClauseList:
    agree(yangzhou, bring(yangzhou, clauses, OURS))
    return clauses


def clause(number: str) -> Clause:
    return Clause.objects.get(number=number)


def test_a_table_is_shown_before_it_changes_anything_and_blanks_are_allowed(yangzhou, clauses):
    page = bring(yangzhou, clauses, OURS)
    assert "New: 4. With other words, or back again: 0. As they are: 0." in text_of(page)
    assert not Clause.objects.exists()
    assert "4 new, 0 changed, 0 gone" in text_of(agree(yangzhou, page))
    assert list(Clause.objects.values_list("number", "edition")) == [
        ("A.1", "2026版"),
        ("A.2", "2026版"),
        ("", ""),
        ("A.3", "2026版"),
    ]
    assert not TableDraft.objects.exists()


def test_every_bad_cell_is_named_and_nothing_changes(yangzhou, clauses):
    rows = [["2026", "A.1", "=SUM(1,2)"], ["2026", "", ""], ["2026", "A.1", "again"], ["2026", "B.1", "x" * 1001]]
    text = text_of(bring(yangzhou, clauses, rows))
    assert "4 places are to be mended first" in text
    for cell, words in (
        ("C2", "This is a formula"),
        ("B3", "neither number nor words"),
        ("B4", "Row 2 holds the same clause"),
        ("C5", "longer than 1000"),
    ):
        assert re.search(rf"{cell} [^.]*{words}", text), cell
    assert not TableDraft.objects.exists()
    assert "Neither clause numbers nor words" in text_of(bring(yangzhou, clauses, [["x"]], ["Other"]))


def test_twenty_thousand_rows_are_answered_with_a_sentence(yangzhou, clauses):
    body = "条款号\n" + "\n".join(f"A.{n}" for n in range(20_000))
    upload = SimpleUploadedFile("clauses.csv", body.encode())
    began = time.perf_counter()
    page = browser(yangzhou, "coordinator").post(at("list-table", clauses), {"table": upload})
    assert "more than 5000 rows" in text_of(page)
    assert time.perf_counter() - began < 20


def test_a_second_table_changes_words_takes_out_and_brings_back_and_ties_stay(yangzhou, filled):
    changes.tie_clause(clause=clause("A.1"), on=["PLN-1"], off=[], by=yangzhou.people["coordinator"], now=NOW)
    page = bring(yangzhou, filled, [["2026版", "A.1", "预案由院长签发"], ["2026版", "A.4", "新条款"]])
    assert "New: 1. With other words, or back again: 1. As they are: 0. Not in the table any more: 3." in text_of(page)
    agree(yangzhou, page)
    assert (clause("A.1").body, clause("A.1").items.count()) == ("预案由院长签发", 1)
    assert clause("A.2").ended_at is not None
    agree(yangzhou, bring(yangzhou, filled, OURS))
    assert clause("A.2").ended_at is None
    assert Clause.objects.count() == 5, "one that came back is the same"


def test_a_table_that_was_read_before_somebody_elses_change_is_not_applied(yangzhou, filled):
    old = bring(yangzhou, filled, OURS[:1])
    agree(yangzhou, bring(yangzhou, filled, OURS[:2], part="manager"), part="manager")
    assert "The list was changed since this table was read." in text_of(agree(yangzhou, old))
    assert clause("A.2").ended_at is None
    assert browser(yangzhou, "manager").get(old.request["PATH_INFO"]).status_code == 404, "another's table is his"


def test_a_clause_gets_the_files_of_its_items_and_says_who_checked_and_what_ends(yangzhou, filled, add):
    standings = list(Standing.objects.order_by("pk").values()), Evidence.objects.count()
    plan = add(title="Plan of the hospital", items=["PLN-1"])
    short = add(title="Old roster", grey=3, items=["PLN-1"], until=TODAY + timedelta(days=10))
    changes.mark_file(file=plan, word="checked", by=yangzhou.people["manager"], now=NOW)
    coordinator = browser(yangzhou, "coordinator")
    where = {"clause": clause("A.1").pk}
    ticked = coordinator.post(at("clause-items", filled, **where), {"item": ["PLN-1"], "shown": ["PLN-1"]}, follow=True)
    text = text_of(ticked)
    assert "Plan of the hospital" in text
    assert re.search(r"checked: li-wen, 24 November 2026", text, re.I)
    assert "Old roster" in text
    assert "ends before that day" in text
    assert short.until is not None
    assert (list(Standing.objects.order_by("pk").values()), Evidence.objects.count()) == standings


def test_the_list_names_what_is_untied_empty_and_ending(yangzhou, filled, add):
    add(items=["PLN-1"], until=TODAY + timedelta(days=10))
    changes.tie_clause(clause=clause("A.1"), on=["PLN-1"], off=[], by=yangzhou.people["coordinator"], now=NOW)
    coordinator = browser(yangzhou, "coordinator")
    text = text_of(coordinator.get(at("list", filled)))
    assert "tied to no item: 3" in text
    assert "a file ends by then: 1" in text
    assert "no file that counts then: 4" in text, "what ends before the inspection does not answer it"
    assert "1 of 4 clauses" in text_of(coordinator.get(at("list", filled), {"lack": "ends"}))
    assert "夜间检伤" in text_of(coordinator.get(at("list", filled), {"q": "检伤"}))


def test_a_file_is_put_in_by_hand_where_no_item_fits(yangzhou, filled, add):
    file = add(title="Menu of the canteen")
    coordinator = browser(yangzhou, "coordinator")
    address = at("clause-files", filled, clause=clause("A.3").pk)
    assert "Menu of the canteen" in text_of(coordinator.get(address))
    page = coordinator.post(address, {"file": [file.pk, "no key"], "shown": [file.pk]}, follow=True)
    assert "Put in: 1. Taken out: 0." in text_of(page)
    assert "put in by hand" in text_of(page)
    coordinator.post(address, {"shown": [file.pk]})
    assert ClauseFile.objects.get().ended_at is not None


def test_a_folder_of_many_files_is_read_page_by_page(yangzhou, filled, add, monkeypatch):
    monkeypatch.setattr("beiji.ui.listing.PAGE_SIZE", 2)
    for grey in range(3):
        add(title=f"Paper {grey}", grey=grey, items=["PLN-1"], day=TODAY - timedelta(days=grey))
    changes.tie_clause(clause=clause("A.1"), on=["PLN-1"], off=[], by=yangzhou.people["coordinator"], now=NOW)
    address = at("clause", filled, clause=clause("A.1").pk)
    pages = [text_of(browser(yangzhou, "coordinator").get(address, {"page": page})) for page in ("1", "2", "x")]
    assert [[f"Paper {n}" in page for n in range(3)] for page in pages] == [
        [True, True, False],
        [False, False, True],
        [True, True, False],
    ]
    assert "1 to 2 of 3" in pages[0]


def test_a_file_of_another_hospital_cannot_be_put_in(yangzhou, filled, add):
    other = add(grey=8, subject=yangzhou.subjects["egret"])
    with pytest.raises(changes.FoldersError, match="not in the library"):
        changes.put_files(clause=clause("A.1"), on=[other.pk], off=[], by=yangzhou.people["coordinator"], now=NOW)


def test_an_item_that_is_not_asked_is_refused(yangzhou, filled):
    page = browser(yangzhou, "coordinator").post(
        at("clause-items", filled, clause=clause("A.1").pk), {"item": ["NOT-1"]}, follow=True
    )
    assert "NOT-1 is no item" in text_of(page)
    assert not ClauseItem.objects.exists()


def test_lists_are_the_hospitals_and_the_citys_and_nobody_elses(yangzhou, filled):
    where = {"clause": clause("A.1").pk}
    for part in ("coordinator_other", "lead", "assessor", "translator", "leader", "administrator", "stranger"):
        for name, more in (("list", {}), ("clause", where), ("clause-items", where), ("list-table", {})):
            assert browser(yangzhou, part).get(at(name, filled, **more)).status_code == 404, (part, name)
    assert browser(yangzhou, "manager").get(at("list", filled)).status_code == 200


def test_the_template_holds_heads_and_no_clause(yangzhou):
    answer = browser(yangzhou, "coordinator", "zh-hans").get("/yangzhou/folders/template/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [HEADS]


def test_a_list_that_was_put_away_takes_no_more_and_leaves_the_overview(yangzhou, filled):
    coordinator = browser(yangzhou, "coordinator")
    assert "等级评审自查" not in text_of(coordinator.post(at("list-end", filled), follow=True)).replace(
        "“等级评审自查”", ""
    )
    assert "put away meanwhile" in text_of(bring(yangzhou, filled, OURS))


def test_rules_of_what_a_folder_lacks():
    good, old = Paper(TODAY + timedelta(days=1), "checked"), Paper(TODAY, "")
    assert lacks_of([], [], [], TODAY) == {Lack.UNTIED, Lack.EMPTY}
    assert lacks_of(["A"], [good], ["met"], TODAY) == frozenset()
    assert lacks_of(["A"], [good, old], ["in-place"], TODAY) == {Lack.ENDS}
    assert lacks_of(["A"], [old], ["met"], TODAY) == {Lack.ENDS, Lack.EMPTY}
    assert lacks_of(["A"], [Paper(None, "refused")], ["below", "met"], TODAY) == {Lack.UNCHECKED, Lack.BEHIND}
    assert day_of_folders(None, TODAY) == day_of_folders(TODAY - timedelta(days=3), TODAY) == TODAY
