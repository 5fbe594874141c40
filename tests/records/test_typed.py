"""Nothing invisible that somebody pasted reaches a row, a page or a printed file; nothing that he meant is lost."""

from __future__ import annotations

import unicodedata

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from beiji.records.typed import clean_form, clean_text

EVERYTHING = st.text(alphabet=st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Bay\x00 3\x07", "Bay 3"),
        ("\ufeff抢救床位", "抢救床位"),
        ("roster \ud83d.", "roster ."),
        ("end\ufffe\uffff\U0001fffe", "end"),
        ("paid\u202e001 \u202c", "paid001 "),
        ("⟦person:01a22819-1eee-7b89-a0e5-4d76871a69bd⟧", "[person:01a22819-1eee-7b89-a0e5-4d76871a69bd]"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("e\u0301quipe", "équipe"),
        ("קוד \u2066TRI-2\u2069 בלילה\u200f", "קוד \u2066TRI-2\u2069 בלילה\u200f"),
        ("人\u200d员 👩\u200d⚕️\tok", "人\u200d员 👩\u200d⚕️\tok"),
    ],
)
def test_what_nobody_can_have_meant_goes_and_the_rest_stays(typed, kept):
    assert clean_text(typed) == kept


@given(EVERYTHING)
def test_a_cleaned_text_can_be_kept_printed_and_cleaned_again(text):
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    cleaned.encode()  # a lone surrogate would raise
    assert not {unicodedata.category(c) for c in cleaned} & {"Cs"}
    assert all(c in "\n\t" or unicodedata.category(c) != "Cc" for c in cleaned)
    assert "⟦" not in cleaned


def test_a_form_is_cleaned_and_a_password_is_not():
    form = QueryDict(mutable=True)
    form.setlist("text", ["a\x00b", "c"])
    form["password"] = "pa\u0301ss\x01"
    cleaned = clean_form(form)
    assert cleaned.getlist("text") == ["ab", "c"]
    assert cleaned["password"] == "pa\u0301ss\x01"
