"""What each kind of change does: the step of the version it needs, and what becomes of ratings that exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """`step`: which of the three numbers of a version it raises at least (0 major, 1 minor, 2 patch)."""

    step: int
    live_data: str


EFFECTS: Mapping[str, Effect] = {
    "wording": Effect(2, "stands; the review of that language lapses"),
    "reworded": Effect(2, "stands; the bar is the same"),
    "raised": Effect(1, "lower levels stand; at or above the raised one they are to confirm; numbers are judged anew"),
    "lowered": Effect(1, "stands; may be higher when it is rated again"),
    "parameter": Effect(1, "each day is judged by the value of that day"),
    "weight": Effect(1, "levels stand; scores made before keep the weights of their day"),
    "moved": Effect(1, "levels stand; the series of both domains are made anew"),
    "applies": Effect(1, "rows stand; hospitals that are no longer asked are not scored on it"),
    "unit": Effect(1, "numbers are converted by the exact factor when read"),
    "split": Effect(0, "the new items are not assessed; the old level is a hint and never counts"),
    "merged": Effect(0, "the new item is not assessed; the lower of the old levels is a hint and never counts"),
    "retired": Effect(1, "rows stay; its actions wait for a person"),
    "new": Effect(1, "not assessed; visits under way do not see it"),
    "scale": Effect(0, "levels are mapped or not assessed; never one line across it"),
    "validity": Effect(1, "rows expire as they were born"),
    "engine": Effect(1, "rankings are run again; old runs stay readable"),
}
"""Every kind of change that `changes.yaml` can declare."""
