"""What pages say of the rows that decide a standing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .models import Evidence
from .rules.rows import Condition, Standing


@dataclass(frozen=True)
class Deciding:
    """Of a row that decides: the day of which it speaks, and by day, by night or in any condition."""

    as_of: date
    condition: Condition


def deciding_rows(standings: Iterable[Standing]) -> dict[int, Deciding]:
    """Key → row, of the rows that decide these standings and not of all that was ever recorded. One query."""
    keys = {key for standing in standings for part in standing.parts for key in part.deciding}
    rows = Evidence.objects.filter(pk__in=keys).values_list("pk", "as_of", "condition")
    return {key: Deciding(day, Condition(condition)) for key, day, condition in rows}
