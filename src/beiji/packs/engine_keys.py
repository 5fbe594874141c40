"""The engine's register of keys that packs may feed: unit, range and direction of each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files

MINUTES = (0, 30, 60, 120)
#: Keys that a hospital need not give: without them nothing limits.
OPTIONAL = frozenset({"hospital.waiting_room"})
POLICIES = ("nearest", "proportional", "spread", "concentrate", "table", "split")


@dataclass(frozen=True, slots=True)
class EngineKey:
    """One key. `kind` is scalar, timetable (a value at 0, 30, 60 and 120 min) or choice; low and high are inclusive."""

    key: str
    scope: str
    kind: str
    unit: str
    low: Fraction | None
    high: Fraction | None
    better: str
    meaning: str

    def allows(self, value: Fraction) -> bool:
        """Whether a value lies in the range of the key."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@cache
def engine_keys() -> dict[str, EngineKey]:
    """All keys by name, in the order of the register."""
    text = files("beiji.packs").joinpath("data/engine-keys.csv").read_text(encoding="utf-8")
    keys = {}
    for row in csv.DictReader(text.splitlines()):
        low, high = (Fraction(row[name]) if row[name] else None for name in ("low", "high"))
        keys[row["key"]] = EngineKey(
            row["key"], row["scope"], row["kind"], row["unit"], low, high, row["better"], row["meaning"]
        )
    return keys
