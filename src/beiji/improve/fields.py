"""Numbers in what people type: named fields that are filled when a text is shown, and counts that were typed once.

`{TRI-6}` is the number of hospitals that fall short in TRI-6 on the day shown, `{hospitals}` the number of hospitals. A
count that somebody typed stays as it was typed, so a report says beside it that it may differ from the day's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from beiji.documents.rules import FIELD, fields_in
from beiji.readiness.rules.counting import MISSES, Held

HOSPITALS = "hospitals"
_ITEM = re.compile(r"[A-Z]{2,6}-\d{1,3}")
#: A number of hospitals as each language writes it: 9 hospitals, the other 9 rural hospitals · 9家 · 9 בתי חולים.
_COUNTS = (
    re.compile(r"\b(\d+)(?:\s+[a-z]+){0,2}\s+hospitals?\b", re.IGNORECASE),
    re.compile(r"(\d+)\s*(?:家|所)"),
    re.compile(r"(\d+)\s+(?:בתי|מבתי)\s+ה?חולים"),
)


def numbers_of(held: Iterable[Held]) -> dict[str, int]:
    """Field → number, for every item that anybody knows something of."""
    rows = [h for h in held if h.applies]
    numbers: dict[str, int] = {HOSPITALS: len({h.hospital for h in rows})}
    for row in rows:
        if row.is_known:
            numbers[row.indicator] = numbers.get(row.indicator, 0) + (row.lack in MISSES)
    return numbers


def filled(body: str, numbers: Mapping[str, int]) -> str:
    """The text with its fields as numbers; an item of which nobody knows anything is a dash, other braces stay."""
    return FIELD.sub(lambda field: str(numbers.get(field[1], "–" if _ITEM.fullmatch(field[1]) else field[0])), body)


def unknown_fields(body: str, indicators: Collection[str]) -> list[str]:
    """What stands in braces and is no field, sorted."""
    return sorted(name for name in fields_in(body) if name != HOSPITALS and name not in indicators)


def typed_counts(body: str) -> list[int]:
    """Numbers of hospitals that were typed as digits, sorted. Numbers in words are not seen."""
    return sorted({int(digits) for pattern in _COUNTS for digits in pattern.findall(FIELD.sub("·", body))})
