"""Counting what the ledger says: core items proven, must-pass items open, gaps that hospitals share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: Findings and decisions on the page for heads of state.
ON_THE_PAGE = 5
PROOFS = ("stated", "seen", "exercised", "performed")


@dataclass(frozen=True)
class Held:
    """One indicator of one hospital as the ledger stands: what a report counts."""

    hospital: str
    indicator: str
    domain: str
    capability: str
    must_pass: bool
    core: bool
    applies: bool
    state: str
    digit: int | None
    proof: str | None
    is_gap: bool
    weight: int = 1
    failed: bool = False
    to_confirm: bool = False
    worst_conditions: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """A must-pass item that is neither in place nor met."""
        return self.must_pass and self.applies and self.state not in ("in-place", "met")


@dataclass(frozen=True)
class Tally:
    """The city in a few numbers. Shares are never stored, only their two counts."""

    hospitals: int
    core_items: int
    core_met: int
    open_items: int
    open_hospitals: int
    clear_hospitals: int
    proofs: Mapping[str, int]
    unknown: int
    stale: int


def tally(held: Iterable[Held]) -> Tally:
    """Count over all hospitals. *Core met* are applicable core items whose standing is met; an expired proof is none."""
    rows = [h for h in held if h.applies]
    core = [h for h in rows if h.core]
    opened = [h for h in rows if h.is_open]
    hospitals = {h.hospital for h in rows}
    with_open = {h.hospital for h in opened}
    marks = Counter(h.proof for h in rows if h.proof is not None and h.state not in ("stale", "unknown"))
    return Tally(
        hospitals=len(hospitals),
        core_items=len(core),
        core_met=sum(h.state == "met" for h in core),
        open_items=len(opened),
        open_hospitals=len(with_open),
        clear_hospitals=len(hospitals - with_open),
        proofs={proof: marks.get(proof, 0) for proof in PROOFS},
        unknown=sum(h.state == "unknown" for h in rows),
        stale=sum(h.state == "stale" for h in rows),
    )


@dataclass(frozen=True)
class SharedGap:
    """A gap that several hospitals have on one indicator.

    `short` hospitals where it was found short (*below*), `unproven` those where only a measurement, a check or a fresh
    one is missing (in place, claimed, stale); `of` hospitals to which it applies and which were asked. `night`: every hospital that falls short does so
    by night and none by day. `proof`: the strongest proof among the standings that show it. `failed`: how many were
    measured and missed. `weight`: what the item weighs in its domain (3 must-pass, 2 high, 1 normal).
    """

    indicator: str
    capability: str
    domain: str
    must_pass: bool
    weight: int
    short: tuple[str, ...]
    unproven: tuple[str, ...]
    of: int
    night: bool
    proof: str | None
    failed: int

    @property
    def gravity(self) -> int:
        """By what findings are ranked: hospitals that fall short × the item's weight (a choice of the programme)."""
        return self.weight * len(self.short)


def shared_gaps(held: Iterable[Held]) -> list[SharedGap]:
    """Gaps by indicator, the gravest first; then those measured most often, then those that only want a measurement.

    An indicator that nobody was asked (all unknown) is no finding.
    """
    groups: dict[str, list[Held]] = defaultdict(list)
    for row in held:
        if row.applies and row.state != "unknown":
            groups[row.indicator].append(row)
    found = [_shared(rows) for rows in groups.values() if any(r.is_gap for r in rows)]
    return sorted(found, key=lambda g: (-g.gravity, -g.failed, -len(g.unproven) * g.weight, g.indicator))


def _shared(asked: Sequence[Held]) -> SharedGap:
    gaps = [r for r in asked if r.is_gap]
    short = [r for r in gaps if r.state == "below"]  # what is only claimed or has expired was not found short
    conditions = [set(r.worst_conditions) for r in short]
    proofs = [PROOFS.index(r.proof) for r in short or gaps if r.proof is not None]
    return SharedGap(
        indicator=asked[0].indicator,
        capability=asked[0].capability,
        domain=asked[0].domain,
        must_pass=any(r.must_pass for r in gaps),
        weight=max(r.weight for r in asked),
        short=tuple(sorted(r.hospital for r in short)),
        unproven=tuple(sorted(r.hospital for r in gaps if r not in short)),
        of=len(asked),
        night=bool(conditions) and all(c == {"night"} for c in conditions),
        proof=PROOFS[max(proofs)] if proofs else None,
        failed=sum(r.failed for r in short),
    )


@dataclass(frozen=True)
class Improvement:
    """One indicator that more hospitals meet than before."""

    indicator: str
    before: int
    now: int


def improvements(before: Iterable[Held], now: Iterable[Held]) -> list[Improvement]:
    """Indicators by how many more hospitals meet them now than then, the greatest gain first; losses are left out."""
    counts_before = Counter(h.indicator for h in before if h.applies and h.state == "met")
    counts_now = Counter(h.indicator for h in now if h.applies and h.state == "met")
    gained = [Improvement(code, counts_before[code], n) for code, n in counts_now.items() if n > counts_before[code]]
    return sorted(gained, key=lambda i: (i.before - i.now, i.indicator))


@dataclass(frozen=True)
class Typed:
    """A finding that an expert typed: the indicators it speaks of and its place on the page (None: no wish)."""

    key: str
    indicators: tuple[str, ...]
    order: int | None


@dataclass(frozen=True)
class Chosen:
    """A finding for the page: an expert's own words (`typed`), a computed sentence, or the words with their numbers."""

    typed: str | None
    gap: SharedGap | None


def choose_findings(gaps: Sequence[SharedGap], typed: Sequence[Typed], most: int = ON_THE_PAGE) -> list[Chosen]:
    """The findings of the page, at most `most`.

    Experts' findings with a place come first, in that order; then shared gaps from the gravest, each in an expert's
    words where one of his findings speaks of its indicator. No indicator appears twice.
    """
    by_code = {gap.indicator: gap for gap in gaps}
    told: set[str] = set()
    chosen: list[Chosen] = []
    placed = sorted((t for t in typed if t.order is not None), key=lambda t: (t.order, t.key))
    for finding in placed:
        gap = next((by_code[c] for c in finding.indicators if c in by_code), None)
        chosen.append(Chosen(finding.key, gap))
        told |= set(finding.indicators)
    unplaced = [t for t in typed if t.order is None]
    for gap in gaps:
        if gap.indicator in told:
            continue
        words = next((t for t in unplaced if gap.indicator in t.indicators), None)
        chosen.append(Chosen(words.key if words else None, gap))
        told |= {gap.indicator, *(words.indicators if words else ())}
    return chosen[:most]
