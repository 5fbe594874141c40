"""What people type as a number, in every script a keyboard makes, and what is refused with which words."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beiji.packs.units import LARGEST
from beiji.ui.numbers import SHARE, Limits, NumberError, limits_of, read_number, sentence, typed_text

MINUTES = limits_of("min")
WIDE = Limits(high=Decimal(10**9))
WHOLE = Limits(high=Decimal(10**10), decimals=0)
SCRIPTS = {"full-width": 0xFF10, "arabic": 0x0660, "persian": 0x06F0, "devanagari": 0x0966, "ascii": 0x30}
INVISIBLE = "\u200b\u200e\u200f\u202a\u202c\u2066\u2069\ufeff\u00ad"


def in_script(text: str, first: int) -> str:
    return "".join(chr(first + int(c)) if c in "0123456789" else c for c in text)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("13", "13"), ("013", "13"), (" 13 ", "13"), ("+13", "13"), ("13.0", "13"), ("13.", None), (".5", "0.5"),
        ("12.5", "12.5"), ("12,5", "12.5"), ("12,50", "12.5"), ("0,5", "0.5"), ("0,05", "0.05"), ("1,2345", None),
        ("1,200", "1200"), ("1,200.5", "1200.5"), ("1.200,5", "1200.5"), ("1.234,567", "1234.567"), ("1.200", "1.2"),
        ("1 200", "1200"), ("1\u00a0200", "1200"), ("1\u202f200", "1200"), ("1'200", "1200"), ("1’200,5", "1200.5"),
        ("1,234,567", "1234567"), ("1.234.567", None), ("1,20,000", None), ("12,34,567", None), ("1,200,5", None),
        ("0,500", None), ("0,500.5", None), ("00,500", None), ("1234,567", None), ("0.500,5", None), ("1,200 300", None),
        ("１３", "13"), ("１２．５", "12.5"), ("１，２００", "1200"), ("１２。５", "12.5"), ("١٢٫٥", "12.5"), ("١٬٢٠٠", "1200"),
        ("۱۲٫۵", "12.5"), ("\u200f13\u200f", "13"), ("\ufeff13", "13"), ("1\u200b3", "13"), ("13\u3000", "13"),
        ("", None), ("  ", None), ("\u200e", None), ("abc", None), ("13 min", None), ("1e5", None), ("1E-99999999", None),
        ("NaN", None), ("Infinity", None), ("inf", None), ("0x10", None), ("1_000", None), ("1/2", None), ("½", None),
        ("5²", None), ("①", None), ("十五", None), ("--3", None), ("+-3", None), ("-", None), ("1-3", None), ("9" * 41, None),
        ("-3", None), ("−3", None), ("－３", None), ("-0", "0"), ("\x0013", None), ("13\ud800", None), ("1 3", None),
    ],
)  # fmt: skip
def test_a_typed_number_is_read_in_one_way_or_refused(typed, value):
    if value is None:
        with pytest.raises(NumberError) as refused:
            read_number(typed, WIDE)
        assert sentence(refused.value)
    else:
        assert read_number(typed, WIDE) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("45", "0.45"), ("45%", "0.45"), ("45 %", "0.45"), ("%45", "0.45"), ("４５％", "0.45"), ("٤٥٪", "0.45"), ("45﹪", "0.45"),
        ("45\u200f%", "0.45"), ("45\u202f%", "0.45"), ("100", "1"), ("0", "0"), ("61.4", "0.614"), ("61,4%", "0.614"),
        ("1", "0.01"), ("0.45%", "0.0045"), ("0.45", None), (".5", None), ("101", None), ("4500", None), ("45%%", None),
        ("%45%", None), ("-5", None), ("4‰", None), ("%", None), ("12.3456", None),
    ],
)  # fmt: skip
def test_a_share_is_entered_in_per_cent_and_never_exceeds_the_whole(typed, share):
    """Typed 45 for a share once became 4,500 % and *Proven*."""
    if share is None:
        with pytest.raises(NumberError):
            read_number(typed, SHARE)
    else:
        assert read_number(typed, SHARE) == Decimal(share)


@pytest.mark.parametrize(
    ("typed", "limits", "words"),
    [
        ("abc", MINUTES, "“\u2066abc\u2069” is not a number."),
        ("0,500", MINUTES, "can be read in two ways"),
        ("45%", MINUTES, "is a percentage, but a number is asked here"),
        ("0.45", SHARE, "would be less than one per cent. Write 45 for 45%"),
        ("2.5", WHOLE, "is not a whole number"),
        ("2.5555", MINUTES, "has too many decimals; 3 are kept"),
        ("-1", MINUTES, "is too small; the least that can be entered is \u20660\u2069"),
        ("10081", MINUTES, "is too large; the most that can be entered is \u206610,080\u2069"),
        ("101", SHARE, "is too large; the most that can be entered is \u2066100%\u2069"),
    ],
)
def test_a_refusal_says_what_and_how_to_mend_it(typed, limits, words):
    with pytest.raises(NumberError) as refused:
        read_number(typed, limits)
    assert words in sentence(refused.value)


def test_every_unit_of_the_packs_has_an_upper_bound():
    from beiji.packs.library import packs_root, scan

    units = {capability.unit for capability in scan(packs_root()).capabilities.values() if capability.unit}
    assert units - {"share"} <= set(LARGEST)


numbers = st.decimals(min_value=0, max_value=10**6, places=3, allow_nan=False, allow_infinity=False)


@given(numbers, st.sampled_from(sorted(SCRIPTS)), st.sampled_from([".", ",g"]), st.text(INVISIBLE, max_size=4))
def test_any_script_grouping_and_invisible_mark_give_the_same_number(value, script, style, marks):
    text = format(value, ",.3f") if style == ",g" else format(value, "f")
    assert read_number(marks + in_script(text, SCRIPTS[script]) + marks, WIDE) == value


@given(numbers)
def test_what_a_field_shows_is_read_back_unchanged(value):
    assert read_number(typed_text(value, WIDE), WIDE) == value


@given(st.decimals(min_value=Decimal("0.01"), max_value=1, places=5))
def test_a_share_shown_for_editing_is_read_back_unchanged(value):
    assert read_number(typed_text(value, SHARE), SHARE) == value


@given(st.text(max_size=60) | st.text("0123456789.,%- '٣５", max_size=20))
def test_whatever_is_typed_is_a_bounded_number_or_a_refusal(typed):
    """No exponent, no endless digits, no other error: what is accepted is cheap to keep and to read."""
    with contextlib.suppress(NumberError):
        value = read_number(typed, MINUTES)
        assert 0 <= value <= LARGEST["min"]
        assert len(format(value, "f")) <= 9
        assert "E" not in str(value)
