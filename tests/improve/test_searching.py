"""The register is searched in its own words, filtered by what is mine, and taken away whole."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils.html import escape
from django_scopes import scope

from beiji.documents.pages.typed import TypedText
from beiji.improve.models import Action
from beiji.ui.languages import pick

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


def test_a_card_says_the_first_sentence_and_leads_to_the_whole(manager, gap):
    action = make(gap)
    with scope(city="yangzhou"):
        whole = pick(Action.objects.get(pk=action.pk).advice)
    first = TypedText(whole, "en", "ltr").first_sentence
    assert 0 < len(first) < len(whole), "the pack's advice has several sentences"
    board = manager.get(at("board")).content.decode()
    assert escape(first) in board
    assert escape(whole) not in board
    assert escape(whole) in manager.get(at("action", action=action.pk)).content.decode()


@pytest.mark.parametrize(
    ("whole", "first"),
    [
        ("Call at 22:30 every week. It takes 1.5 h.", "Call at 22:30 every week"),
        ("每周三试呼一个科室的梯队；由总机登记。每周15分钟。", "每周三试呼一个科室的梯队"),
        ("Allow 1.5 h", "Allow 1.5 h"),
    ],
)
def test_the_first_sentence_ends_where_a_reader_stops(whole, first):
    assert TypedText(whole, "en", "ltr").first_sentence == first
