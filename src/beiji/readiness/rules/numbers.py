"""What a number of the ledger may be: a plain decimal with bounded digits and an upper bound by unit (``packs.units``).

Accepted input must never be dear to read: ``1E-99999999`` is a short text and a number that computes for ever. What
people type (digits of other scripts, per cent, grouping) is understood where it is typed; here it is a plain number.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NoReturn

from beiji.packs.units import largest

from .rows import LedgerError

WHOLE_DIGITS = 7
DECIMAL_DIGITS = 6
_PLAIN = re.compile(rf"[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,{DECIMAL_DIGITS}}})?", re.ASCII)


def number(text: str) -> Fraction:
    """A plain decimal text ("14.5") as an exact number, without computing anything before it is known to be short.
    Raises LedgerError."""
    if not _PLAIN.fullmatch(text):
        _refuse_digits()
    return Fraction(text)


def check_number(value: Fraction, unit: str) -> None:
    """Refuse a number that the ledger does not keep. Cheap whatever the number is. Raises LedgerError."""
    if value < 0:
        raise LedgerError("value", "{value} is below zero. Enter the number as measured.", value=_short(value))
    if 10**DECIMAL_DIGITS % value.denominator or value.numerator >= 10**WHOLE_DIGITS * value.denominator:
        _refuse_digits()
    if value > largest(unit):
        raise LedgerError(
            "value-most",
            "{value} is more than {most}, the most that is possible in this unit. Look at the unit and at the point.",
            value=_short(value),
            most=largest(unit),
        )


def _refuse_digits() -> NoReturn:
    raise LedgerError(
        "number",
        "This is not a plain number. Enter at most {whole} digits before and {decimals} after the decimal point.",
        whole=WHOLE_DIGITS,
        decimals=DECIMAL_DIGITS,
    )


def _short(value: Fraction) -> str:
    """A number in a sentence; one that is too long to print is named by its sign alone."""
    if value.denominator > 10**DECIMAL_DIGITS or abs(value.numerator) >= 10 ** (WHOLE_DIGITS + DECIMAL_DIGITS):
        return "−…" if value < 0 else "…"
    return f"{float(value):.{DECIMAL_DIGITS}f}".rstrip("0").rstrip(".")
