"""What the counts of some hospitals allow a headline to say."""

from __future__ import annotations

from enum import StrEnum

from .counting import Tally


class Headline(StrEnum):
    """What the counts allow a headline to say."""

    NOTHING = "nothing"
    """Nothing is known: there is no report."""
    TOO_LITTLE = "too-little"
    """Less than half of the items are known (assumption of the programme): no word on the city."""
    CORE_ONLY = "core-only"
    """The standard names no must-pass item: the core items speak."""
    ALL_IN_PLACE = "all-in-place"
    MOST_IN_PLACE = "most-in-place"
    """More than half of the must-pass items are in place."""
    HALF_OPEN = "half-open"
    """Half of the must-pass items or more are open; unknown ones are open."""


def headline(counts: Tally) -> Headline:
    """The headline that the counts carry."""
    if counts.known == 0:
        return Headline.NOTHING
    if 2 * counts.known < counts.items:
        return Headline.TOO_LITTLE
    if counts.must_items == 0:
        return Headline.CORE_ONLY
    if counts.open_items == 0:
        return Headline.ALL_IN_PLACE
    return Headline.MOST_IN_PLACE if 2 * counts.open_items < counts.must_items else Headline.HALF_OPEN
