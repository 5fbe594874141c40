"""A list is searched, filtered, sorted and taken away by its address; nothing in a file is a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from beiji.ui.listing import PAGE_SIZE, Column, Facet, Listing, listing, wish_of
from beiji.ui.print import sheet


@dataclass(frozen=True)
class Ward:
    name: str
    beds: int | None
    kind: str = "icu"


COLUMNS = [Column("name", "Name", lambda w: w.name), Column("beds", "Beds", lambda w: w.beds)]
FACETS = [Facet("kind", "Kind", "All", [("icu", "ICU"), ("er", "ED")], lambda w: (w.kind,))]
WARDS = [Ward("东院区 Éast", 12), Ward("west １２", None, "er"), Ward("North", 3), Ward("south", 40, "er")]


def asked(**query: str) -> Listing[Ward]:
    return listing(WARDS, COLUMNS, FACETS, wish_of(query, COLUMNS, FACETS, keep=("day",)), may_take=True)


def names(found: Listing[Ward]) -> list[str]:
    return [ward.name for ward in found.rows]


@pytest.mark.parametrize(("search", "expected"), [
    ("east", ["东院区 Éast"]), ("院区", ["东院区 Éast"]), ("WEST 12", ["west １２"]), ("  ", [w.name for w in WARDS]),
    ("nowhere", []),
])  # fmt: skip
def test_a_search_takes_no_notice_of_capitals_accents_and_width(search, expected):
    assert names(asked(q=search)) == expected


def test_rows_without_a_value_come_last_whichever_way_they_are_sorted():
    assert names(asked(sort="beds")) == ["North", "东院区 Éast", "south", "west １２"]
    assert names(asked(sort="-beds")) == ["south", "东院区 Éast", "North", "west １２"]


def test_a_choice_is_a_chip_that_can_be_taken_away_and_a_day_goes_along():
    found = asked(kind="er", q="s", day="2026-01-01", sort="-name")
    assert names(found) == ["west １２", "south"]
    assert [word for word, _address in found.chips] == ["“s”", "ED"]
    assert found.chips[1][1] == "?day=2026-01-01&q=s&sort=-name"
    assert found.clear == "?day=2026-01-01"
    assert found.files[0][0].endswith("file=xlsx")


@pytest.mark.parametrize("query", [
    {"kind": "nonsense"}, {"sort": "nonsense"}, {"sort": "-"}, {"page": "-1"}, {"page": "1e9"}, {"page": "٣"}, {"page": "999999"},
])  # fmt: skip
def test_what_a_list_does_not_offer_is_taken_as_not_asked(query):
    assert names(asked(**query)) == [w.name for w in WARDS]


def test_pages_hold_every_row_once():
    many = [Ward(f"{n:04}", n) for n in range(2 * PAGE_SIZE + 1)]
    seen: list[str] = []
    for page in "123":
        found = listing(many, COLUMNS, FACETS, wish_of({"page": page}, COLUMNS, FACETS), may_take=False)
        seen += names(found)
    assert seen == [w.name for w in many]
    assert (found.previous, found.next, found.files) == ("?page=2", "", [])


TEXTS = st.text(max_size=20)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(TEXTS, st.one_of(st.none(), st.integers(-(10**9), 10**9), st.dates())), max_size=5))
def test_no_cell_of_a_file_is_a_formula_and_numbers_stay_numbers(rows):
    book = load_workbook(io.BytesIO(sheet.as_xlsx("=A1[x]", ["text", "n"], rows, [("who", "=me")], is_rtl=True)))
    read = list(book.worksheets[0].iter_rows(min_row=2))
    assert all(cell.data_type != "f" for line in [*read, *book.worksheets[1].iter_rows()] for cell in line)
    for (_text, number), cells in zip(rows, read, strict=True):
        if isinstance(number, int):
            assert cells[1].value == number
    lines = list(csv.reader(io.StringIO(sheet.as_csv(["text", "n"], rows).decode("utf-8-sig"), newline="")))[1:]
    assert all(not line[0].startswith(sheet.FORMULA_STARTS) for line in lines)


def test_a_day_is_a_day_in_a_workbook_and_iso_in_csv():
    rows = [("x", date(2026, 2, 28))]
    book = load_workbook(io.BytesIO(sheet.as_xlsx("t", ["a", "b"], rows, [], is_rtl=False)))
    assert book.worksheets[0].cell(2, 2).value.date() == date(2026, 2, 28)
    assert b"x,2026-02-28" in sheet.as_csv(["a", "b"], rows)
