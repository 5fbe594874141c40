"""Numbers as people type them, read in one place: every form, visit and device sends what was typed, this decides.

Read are the digits of every script (full-width, Arabic-Indic …), the decimal and per-cent signs that keyboards make, and
thousands in groups of three; marks that nobody sees (direction, zero width) are dropped. Nothing is guessed: what two
people could read in two ways is refused, with the reason as a code that `sentence` puts into the reader's language.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from beiji.packs.units import LARGEST_OTHERWISE, LARGEST_SAMPLE, largest

from .formats import isolate, number_text

#: Longest text that is looked at; no quantity of the house needs more.
LONGEST = 40
_SIGNS = {
    **dict.fromkeys("．。｡﹒٫", "."),  # decimal points; an ideographic full stop is what a Chinese keyboard makes
    **dict.fromkeys("，﹐", ","),
    **dict.fromkeys("٬'’＇", "'"),  # marks that only ever separate thousands
    **dict.fromkeys("％﹪٪", "%"),
    **dict.fromkeys("－﹣−–﹘", "-"),
    **dict.fromkeys("＋﹢", "+"),
}
_GROUPS = r"[1-9]\d{0,2}"
#: Thousands by commas or by marks that mean nothing else, decimals by a point.
_GROUPED = re.compile(rf"(?P<whole>{_GROUPS}(?:(?P<mark>[,' ])\d{{3}})(?:(?P=mark)\d{{3}})*)(?:\.(?P<part>\d+))?")
#: Thousands by points (or the marks above), decimals by a comma: only with both is the comma's meaning certain.
_GROUPED_BY_POINT = re.compile(rf"(?P<whole>{_GROUPS}(?:(?P<mark>[.' ])\d{{3}})(?:(?P=mark)\d{{3}})*),(?P<part>\d+)")
_PLAIN = re.compile(r"(?P<whole>\d+)(?:\.(?P<part>\d+))?|\.(?P<bare>\d+)")
#: One comma before one, two or more than three digits cannot separate thousands.
_COMMA = re.compile(r"(?P<whole>\d+),(?P<part>\d{1,2}|\d{4,})")
_TWO_WAYS = re.compile(r"\d+,\d{3}")


class NumberError(ValueError):
    """What was typed is refused. `code` says why, `parts` are the values that the sentence names."""

    def __init__(self, code: str, **parts: str) -> None:
        super().__init__(code)
        self.code, self.parts = code, parts


@dataclass(frozen=True)
class Limits:
    """Least and largest value, and digits after the point, in the unit in which the number is kept.

    `is_share`: typed in per cent, kept as a share of one; `decimals` then speaks of the per cents typed.
    """

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(LARGEST_OTHERWISE)
    decimals: int = 3
    is_share: bool = False


SHARE = Limits(high=Decimal(1), is_share=True)
#: Cases that one row may rest on.
SAMPLE = Limits(low=Decimal(1), high=Decimal(LARGEST_SAMPLE), decimals=0)


def limits_of(unit: str) -> Limits:
    """The limits of a quantity in a unit of the packs; a unit that is not listed has the widest."""
    return SHARE if unit == "share" else Limits(high=Decimal(largest(unit)))


def plain(typed: str) -> str:
    """The typed text in ASCII digits and signs, without invisible marks; other characters stay, to be refused."""
    out = []
    for char in typed[: LONGEST * 4]:
        if unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f":
            continue
        digit = unicodedata.decimal(char, None)
        if digit is not None:
            out.append(str(digit))
        else:
            out.append(" " if char.isspace() else _SIGNS.get(char, char))
    return "".join(out).strip()


def read_number(typed: str, limits: Limits) -> Decimal:
    """The number somebody typed, as it is kept: a share entered in per cent becomes a share of one.

    Raises NumberError when it is none, could be read in two ways, or lies outside the limits.
    """
    text = plain(typed)
    shown = isolate(text[:20])
    if not text or len(text) > LONGEST:
        raise NumberError("none", typed=shown)
    bare, has_sign = _without_per_cent(text)
    if has_sign and not limits.is_share:
        raise NumberError("per-cent", typed=shown)
    is_negative, digits = bare.startswith("-"), bare.lstrip("+-").strip()
    if len(bare) - len(bare.lstrip("+-")) > 1:
        raise NumberError("none", typed=shown)
    number = _unsigned(digits, shown, limits.decimals)
    number = -number if is_negative and number else number
    if limits.is_share:
        if 0 < number < 1 and not has_sign:
            raise NumberError("under-one", typed=shown)
        number = number.scaleb(-2)
    return within(number, limits, shown)


def _without_per_cent(text: str) -> tuple[str, bool]:
    """The text without its one per-cent sign, which stands behind or, in Hebrew and Arabic, before the digits."""
    if text.endswith("%"):
        return text[:-1].strip(), True
    return (text[1:].strip(), True) if text.startswith("%") else (text, False)


def _unsigned(digits: str, shown: str, decimals: int) -> Decimal:
    for pattern in (_PLAIN, _GROUPED, _GROUPED_BY_POINT, _COMMA):
        match = pattern.fullmatch(digits)
        if match is None:
            continue
        parts = match.groupdict()
        whole = re.sub(r"\D", "", parts.get("whole") or "0")
        part = parts.get("part") or parts.get("bare") or ""
        if len(part.rstrip("0")) > decimals:
            raise NumberError("decimals" if decimals else "whole", typed=shown, decimals=str(decimals))
        return Decimal(f"{whole}.{part[:decimals] or 0}").normalize() + 0
    raise NumberError("two-ways" if _TWO_WAYS.fullmatch(digits) else "none", typed=shown)


def within(number: Decimal, limits: Limits, shown: str) -> Decimal:
    """The number itself. Raises NumberError, which quotes it as `shown`, when it lies outside the limits."""
    for code, limit, is_out in (
        ("below", limits.low, number < limits.low),
        ("above", limits.high, number > limits.high),
    ):
        if is_out:
            raise NumberError(code, typed=shown, limit=isolate(_limit_text(limit, limits.is_share)))
    return number


def _limit_text(limit: Decimal, is_share: bool) -> str:
    return f"{number_text(limit * 100)}%" if is_share else number_text(limit)


def sentence(error: NumberError) -> str:
    """Why a typed number is refused, and what to type instead, in the current language."""
    pattern = {
        "none": gettext("“{typed}” is not a number. Write digits, with a point before decimals: 12 or 12.5."),
        "two-ways": gettext(
            "“{typed}” can be read in two ways. Write it without a comma, with a point before decimals."
        ),
        "per-cent": gettext("“{typed}” is a percentage, but a number is asked here. Leave the sign out."),
        "under-one": gettext(
            "“{typed}” would be less than one per cent. Write 45 for 45%; if it is less than one, write the % sign too."
        ),
        "whole": gettext("“{typed}” is not a whole number. Write it without decimals."),
        "decimals": gettext("“{typed}” has too many decimals; {decimals} are kept. Round it."),
        "below": gettext("“{typed}” is too small; the least that can be entered is {limit}."),
        "above": gettext("“{typed}” is too large; the most that can be entered is {limit}. Look at the digits again."),
    }[error.code]
    return pattern.format(**error.parts)


def typed_text(value: Decimal | None, limits: Limits) -> str:
    """A kept number as its field shows it for editing: per cents for a share, no grouping, no needless zeros."""
    if value is None:
        return ""
    shown = format((value * 100 if limits.is_share else value).normalize(), "f")
    return "0" if shown in ("-0", "") else shown
