"""What is decided about files: until when one counts, and what a mark says of it. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: Days before its end from which a file is said to end soon. *Assumption*: two months to renew a signed paper.
SOON_DAYS = 60


class Age(StrEnum):
    """How a file stands on a day."""

    ENDED = "ended"
    SOON = "soon"
    CURRENT = "current"
    ENDLESS = "endless"


def age_of(until: date | None, day: date) -> Age:
    """`until` is the first day on which the file no longer counts."""
    if until is None:
        return Age.ENDLESS
    if until <= day:
        return Age.ENDED
    return Age.SOON if until <= day + timedelta(days=SOON_DAYS) else Age.CURRENT


def end_of(given: date | None, by_item: Mapping[str, date]) -> tuple[date | None, str]:
    """Until when a file counts, and the item that says so (empty: the uploader): the earliest of all that is said."""
    ends = [(given, "")] if given is not None else []
    ends += sorted((day, item) for item, day in by_item.items())
    return min(ends, key=lambda end: (end[0], end[1] != ""), default=(None, ""))


@dataclass(frozen=True)
class Looked:
    """A mark as it bears on a file: its word, and the version of the file that was looked at."""

    word: str
    version: int


def verdict_of(marks: Iterable[Looked], version: int) -> str:
    """The last word on the file as it is now: "checked", "refused", or "" where nobody has judged it since it was changed.

    `marks` the newest first. Having read it is no judgement.
    """
    return next((m.word for m in marks if m.word in ("checked", "refused") and m.version == version), "")


class Lack(StrEnum):
    """What a clause's folder lacks on the day of the inspection."""

    UNTIED = "untied"
    EMPTY = "empty"
    ENDS = "ends"
    UNCHECKED = "unchecked"
    BEHIND = "behind"


@dataclass(frozen=True)
class Paper:
    """A file as it bears on a folder: its end, and the last word on it."""

    until: date | None
    verdict: str

    def counts_on(self, day: date) -> bool:
        """Does it still count on a day? Its end is the first day on which it does not."""
        return self.until is None or self.until > day


#: Standings that a folder of papers does not answer: the item itself fails, has lapsed, or nobody knows.
BEHIND = ("below", "stale", "unknown")


def lacks_of(
    items: Collection[str], papers: Collection[Paper], standings: Collection[str], day: date
) -> frozenset[Lack]:
    """What a clause lacks on `day`: no item is tied to it; no file counts then; a file ends by then; a file that counts was not
    checked or not accepted; an item tied to it stands below its target, has lapsed or is unknown."""
    counting = [paper for paper in papers if paper.counts_on(day)]
    found = {
        Lack.UNTIED: not items,
        Lack.EMPTY: not counting,
        Lack.ENDS: len(counting) < len(papers),
        Lack.UNCHECKED: any(paper.verdict != "checked" for paper in counting),
        Lack.BEHIND: any(standing in BEHIND for standing in standings),
    }
    return frozenset(lack for lack, holds in found.items() if holds)


def day_of_folders(inspection: date | None, today: date) -> date:
    """For which day folders are shown: that of the inspection; today where none is given or it is over."""
    return today if inspection is None else max(inspection, today)
