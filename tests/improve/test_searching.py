"""The register is searched in its own words, filtered by what is mine, and taken away whole."""

from __future__ import annotations

import csv
import io

import pytest

from .test_pages import at, make


@pytest.fixture
def two(gap):
    make(gap, body="我们每周演练", language="zh-Hans", advice_level=None, leader=gap.people["manager"])
    make(gap, "ginkgo")


@pytest.mark.parametrize("page", ["register", "board"])
@pytest.mark.parametrize(("query", "expected"), [
    ("?q=a-002", {"A-002"}), ("?q=每周", {"A-001"}), ("?q=nobody+wrote+this", set()), ("?only=mine", {"A-001"}),
    ("?only=nonsense", {"A-001", "A-002"}),
])  # fmt: skip
def test_words_and_what_is_mine_are_found_on_register_and_board(manager, two, page, query, expected):
    text = manager.get(at(page) + query).content.decode()
    assert {code for code in ("A-001", "A-002") if f"<bdi>{code}" in text} == expected


def test_the_file_holds_what_the_filters_leave(manager, two):
    answer = manager.get(at("register") + "?subject=ginkgo&file=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["Number"] for row in rows] == ["A-002"]
    assert "attachment" in answer["Content-Disposition"]
