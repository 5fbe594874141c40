"""What the counts allow a report to say."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from django.utils import translation

from beiji.readiness.pages import headlines
from beiji.readiness.rules.counting import Lack, Tally
from beiji.readiness.rules.headline import Headline, headline
from beiji.readiness.rules.rows import Proof
from beiji.reports.rules.facts import replies


def counts(**said: int) -> Tally:
    """Fourteen hospitals of which everything is known and in place, changed as the test says."""
    row = {field.name: 0 for field in fields(Tally)}
    row |= {"hospitals": 14, "assessed": 14, "items": 392, "known": 392, "core_items": 140, "must_items": 84}
    row |= said
    return Tally(**row | {"gaps": dict.fromkeys(Lack, 0), "proofs": dict.fromkeys(Proof, 0)})


@pytest.mark.parametrize(
    ("said", "expected", "sentence"),
    [
        ({"known": 0, "assessed": 0, "open_items": 84}, "nothing", "Nothing is known yet: none of 392 items has been assessed."),
        ({"known": 1, "assessed": 1, "open_items": 84, "open_unknown": 83}, "too-little", "Too little is known for a verdict: 1 of 392 items, in 1 of 14 hospitals."),
        ({"known": 195, "assessed": 7, "open_items": 42}, "too-little", "Too little is known for a verdict: 195 of 392 items, in 7 of 14 hospitals."),
        ({"known": 196, "assessed": 7, "open_items": 42, "open_hospitals": 7, "open_unknown": 42}, "half-open", "Half of the must-pass items or more are open: 42 of 84, in 7 of 14 hospitals. Of those open, 42 are not known yet."),
        ({"open_items": 0}, "all-in-place", "Every must-pass item is in place in all 14 hospitals, in 3 of 17 domains."),
        ({"open_items": 1, "open_hospitals": 1}, "most-in-place", "Most must-pass items are in place, 83 of 84; 1 is open, in 1 of 14 hospitals."),
        ({"open_items": 41, "open_hospitals": 9, "open_unknown": 1}, "most-in-place", "Most must-pass items are in place, 43 of 84; 41 are open, in 9 of 14 hospitals. Of those open, 1 is not known yet."),
        ({"open_items": 42, "open_hospitals": 9}, "half-open", "Half of the must-pass items or more are open: 42 of 84, in 9 of 14 hospitals."),
        ({"open_items": 84, "open_hospitals": 14}, "half-open", "Half of the must-pass items or more are open: 84 of 84, in 14 of 14 hospitals."),
        ({"must_items": 0, "core_met": 20}, "core-only", "20 of 140 core items are proven in 14 hospitals."),
    ],
)  # fmt: skip
def test_the_headline_follows_from_the_counts(said, expected, sentence):
    found = counts(**said)
    assert headline(found) == expected
    assert headlines.headline_sentences(found, 3, 17) == sentence


@pytest.mark.parametrize("language", ["zh-hans", "he"])
@pytest.mark.parametrize("kind", list(Headline))
def test_each_headline_exists_in_three_languages_with_the_same_numbers(kind, language):
    said = {
        "nothing": {"known": 0, "assessed": 0},
        "too-little": {"known": 100, "assessed": 4},
        "core-only": {"must_items": 0, "core_met": 21},
        "all-in-place": {},
        "most-in-place": {"open_items": 29, "open_hospitals": 11, "open_unknown": 2},
        "half-open": {"open_items": 60, "open_hospitals": 13, "open_unknown": 5},
    }[kind]
    found = counts(**said)
    assert headline(found) is kind
    english = headlines.headline_sentences(found, 3, 17)
    with translation.override(language):
        other = headlines.headline_sentences(found, 3, 17)
    assert other != english
    assert sorted(re.findall(r"\d+", other)) == sorted(re.findall(r"\d+", english))


def test_replies_count_visits_and_name_those_without_one():
    found = replies("abcd", [("a", False), ("a", True), ("b", False), ("b", False), ("x", True)])
    assert (found.agreed, found.disputed, found.silent) == (1, 1, 2)
    assert replies([], []).silent == 0
