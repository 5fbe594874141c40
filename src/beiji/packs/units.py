"""Upper bound of a quantity by its unit: more than that is taken for a slip of the hand, or for an attack.

One home for all who ask: forms and visits when it is typed, the ledger's own check when it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping

LARGEST: Mapping[str, int] = {
    "share": 1,
    "min": 10_080,
    "s": 86_400,
    "h": 8_784,
    "days": 3_660,
    "teams": 1_000,
    "rooms": 1_000,
    "lanes": 1_000,
    "drills": 1_000,
    "sets": 10_000,
    "places": 10_000,
    "casualties": 10_000,
    "machines": 10_000,
    "vehicles": 10_000,
    "stretchers": 10_000,
    "beds": 100_000,
    "people": 100_000,
    "units": 100_000,
    "kits": 100_000,
}
"""*Assumption*: a week in minutes, a day in seconds, a year in hours, ten years in days, and far more teams, drills, rooms and
beds than a city of five million has."""
LARGEST_OTHERWISE = 1_000_000
LARGEST_SAMPLE = 100_000
"""Cases that one row may rest on."""


def largest(unit: str) -> int:
    """The upper bound of a unit of the packs; one that is not listed, or none, has the widest."""
    return LARGEST.get(unit, LARGEST_OTHERWISE)
