"""Comparing versions, and how a block's body is written down: what holds for every document."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from beiji.documents.rules import Block, Change, cleaned, compare, numbers_changed, pieces_of, rows_of, table_body

WORDS = st.text(alphabet="ab 1手术0.,|\\n\n-é", max_size=40)
KINDS = st.sampled_from(["text", "checklist", "table", "heading"])


@st.composite
def documents(draw):
    keys = draw(st.lists(st.integers(1, 12), unique=True, max_size=8))
    return [Block(UUID(int=key), draw(KINDS), "en", draw(WORDS)) for key in keys]


@settings(max_examples=40)
@given(documents())
def test_a_version_does_not_differ_from_itself(blocks):
    assert compare(blocks, blocks) == []


@settings(max_examples=40)
@given(documents(), documents())
def test_the_differences_lead_from_one_version_to_the_other(old, new):
    """Nothing is missed and nothing is told twice: each block stands in as many differences as something happened to it."""
    found = compare(old, new)
    before, now = {b.id: b for b in old}, {b.id: b for b in new}
    of = {change: {(d.new or d.old).id for d in found if d.change == change} for change in Change}
    assert of[Change.ADDED] == now.keys() - before.keys()
    assert of[Change.REMOVED] == before.keys() - now.keys()
    assert of[Change.CHANGED] == {k for k in now.keys() & before.keys() if now[k].content != before[k].content}
    told = {(d.new or d.old).id for d in found}
    assert len(told) == len(found)
    still = [b.id for b in old if b.id in now and b.id not in of[Change.MOVED]]
    if not of[Change.CHANGED]:
        assert still == [b.id for b in new if b.id in before and b.id not in of[Change.MOVED]]


@settings(max_examples=40)
@given(WORDS, WORDS)
def test_the_pieces_of_two_wordings_hold_both(old, new):
    pieces = pieces_of(old, new)
    assert "".join(p.text for p in pieces if p.state != "new") == old
    assert "".join(p.text for p in pieces if p.state != "gone") == new


def test_a_moved_chapter_is_one_move():
    blocks = [Block(UUID(int=n), "text", "en", str(n)) for n in range(1, 6)]
    [moved] = compare(blocks, [*blocks[1:], blocks[0]])
    assert (moved.change, moved.new) == (Change.MOVED, blocks[0])


def test_numbers_that_took_the_place_of_others():
    assert numbers_changed("第二批召回 T+30，手术组 3 个", "第二批召回 T+10，手术组 3 个") == [("30", "10")]
    assert numbers_changed("2.5 h", "2.5 h, 4 beds") == [("", "4")]


@settings(max_examples=40)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), max_size=6))
def test_a_table_is_read_back_as_it_was_written(rows):
    body = table_body(rows)
    assert table_body(rows_of(body)) == body
    texts = [" ".join(cell.split()) for row in rows_of(body) for cell in row if cell]
    assert texts == [" ".join(cell.split()) for row in rows for cell in row if cell.split()], "no word is lost"


@settings(max_examples=40)
@given(KINDS, WORDS)
def test_cleaning_a_body_twice_changes_nothing(kind, body):
    once = cleaned(kind, body, 1)
    assert cleaned(kind, once, 1) == once
