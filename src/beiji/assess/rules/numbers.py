"""Numbers as people type them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

#: 1,200 and 1,200.5; a comma elsewhere may be a decimal one, and guessing would change the value.
GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


def as_number(typed: str, *, per_cent: bool = False) -> str:
    """A typed number as the operation keeps it: blanks and thousands marks gone, a percentage as a share of one.

    What is no number passes through unchanged, so that the refusal can name what was typed.
    """
    bare = re.sub(r"[\s%]", "", typed)
    if GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if not per_cent:
        return bare
    try:
        return format((Decimal(bare) / 100).normalize(), "f")
    except InvalidOperation:
        return typed.strip()
