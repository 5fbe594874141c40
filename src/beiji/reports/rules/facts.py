"""What the page for the top says, as choices over the counts of the ledger (`readiness.rules.counting`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from beiji.readiness.rules.counting import Held, SharedGap, shared_gap, shared_gaps
from beiji.readiness.rules.rows import State

#: Findings and decisions on the page for heads of state.
ON_THE_PAGE = 5


@dataclass(frozen=True)
class Improvement:
    """One indicator that more hospitals meet than before."""

    indicator: str
    before: int
    now: int


def improvements(before: Iterable[Held], now: Iterable[Held]) -> list[Improvement]:
    """Indicators by how many more hospitals meet them now than then, the greatest gain first; losses are left out."""
    counts_before = Counter(h.indicator for h in before if h.applies and h.state is State.MET)
    counts_now = Counter(h.indicator for h in now if h.applies and h.state is State.MET)
    gained = [Improvement(code, counts_before[code], n) for code, n in counts_now.items() if n > counts_before[code]]
    return sorted(gained, key=lambda i: (i.before - i.now, i.indicator))


@dataclass(frozen=True)
class Replies:
    """Visits by what the hospital said of their result; every visit stands in exactly one."""

    agreed: int
    disputed: int
    silent: int


def replies(visits: Iterable[Hashable], said: Iterable[tuple[Hashable, bool]]) -> Replies:
    """Count visits, not letters: one dispute makes a visit disputed. `said`: visit, and whether the reply disputes."""
    disputes: dict[Hashable, bool] = {}
    for visit, is_dispute in said:
        disputes[visit] = disputes.get(visit, False) or is_dispute
    answers = [disputes.get(visit) for visit in set(visits)]
    return Replies(answers.count(False), answers.count(True), answers.count(None))


@dataclass(frozen=True)
class Typed:
    """A finding that an expert typed: the indicators and hospitals it speaks of (no hospital: the whole city) and its
    place on the page (None: no wish)."""

    key: str
    indicators: tuple[str, ...]
    order: int | None
    hospitals: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Chosen:
    """A finding for the page: an expert's own words (`typed`), a computed sentence, or the words with their numbers.

    `gap` None with `is_measurable`: the words speak of an item that no hospital lacks any more.
    """

    typed: str | None
    gap: SharedGap | None
    is_measurable: bool = False


def gap_of_finding(finding: Typed, held: Sequence[Held], city: Sequence[SharedGap]) -> SharedGap | None:
    """The counts that stand beside an expert's words: of the city's hospitals, or only of those the finding names.

    A finding that names every hospital in which the item falls short speaks of the city; one that names fewer is never
    printed with the city's count. Of several indicators the first that has a gap is counted.
    """
    for code in finding.indicators:
        gap = next((g for g in city if g.indicator == code), None)
        if finding.hospitals and (gap is None or not set(gap.short) <= finding.hospitals):
            gap = shared_gap(h for h in held if h.indicator == code and h.hospital in finding.hospitals)
        if gap is not None:
            return gap
    return None


def choose_findings(held: Sequence[Held], typed: Sequence[Typed], most: int = ON_THE_PAGE) -> list[Chosen]:
    """The findings of the page, at most `most`.

    Experts' findings with a place come first, in that order; then shared gaps in their one order, each in an expert's
    words where one of his findings speaks of its indicator. No indicator appears twice.
    """
    city = [gap for gap in shared_gaps(held) if gap.is_finding]
    known = {h.indicator for h in held if h.is_known}
    told: set[str] = set()
    chosen: list[Chosen] = []
    placed = sorted((t for t in typed if t.order is not None), key=lambda t: (t.order, t.key))
    for finding in placed:
        is_measurable = bool(known & set(finding.indicators))
        chosen.append(Chosen(finding.key, gap_of_finding(finding, held, city), is_measurable))
        told |= set(finding.indicators)
    unplaced = [t for t in typed if t.order is None]
    for gap in city:
        if gap.indicator in told:
            continue
        words = next((t for t in unplaced if gap.indicator in t.indicators), None)
        chosen.append(Chosen(words.key, gap_of_finding(words, held, city), True) if words else Chosen(None, gap, True))
        told |= {gap.indicator, *(words.indicators if words else ())}
    return chosen[:most]
