"""What pages, gates and reports count, in one place: core items met, must-pass items open, gaps by what is lacking, rounds.

Rows of plain values in, counts out. Nothing here asks the ledger; :meth:`beiji.readiness.queries.Picture.held` makes the
rows, and whoever prints a count takes it from here, so that two pages never differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .gaps import is_gap, is_open
from .words import Condition, Proof, State


class Lack(StrEnum):
    """What an item lacks. Kept apart wherever a gap is counted: a miss that was measured is not a paper that is missing."""

    MEASURED = "measured"
    """Not met by measurement: a drill, a timed test or a real event missed the target."""
    CHECKED = "checked"
    """Not met by check: somebody from outside saw on the spot that it falls short."""
    STATED = "stated"
    """Not met by the hospital's own word; nobody from outside has looked since."""
    UNPROVEN = "unproven"
    """Nothing was found short, but a measurement, a check or a fresh one is missing."""
    UNKNOWN = "unknown"
    """Nobody knows."""


#: What was found to fall short, the firmest ground first.
MISSES = (Lack.MEASURED, Lack.CHECKED, Lack.STATED)
_BY_PROOF: Mapping[Proof | None, Lack] = {
    Proof.PERFORMED: Lack.MEASURED,
    Proof.EXERCISED: Lack.MEASURED,
    Proof.SEEN: Lack.CHECKED,
    Proof.STATED: Lack.STATED,
    None: Lack.STATED,
}


@dataclass(frozen=True, slots=True)
class Held:
    """One indicator of one hospital as the ledger stands.

    ``strict``      anything but *met* is a gap (must-pass, core, or feeding the engine).
    ``covered``     a locked assessment covered it, so that *unknown* is a gap.
    ``miss``        the strongest proof among the parts that fall short; None where none does.
    ``conditions``  the conditions of the parts that stand worst.
    ``weight``      3 must-pass, 2 high, 1 normal.
    """

    hospital: str
    indicator: str
    domain: str
    capability: str
    must_pass: bool
    core: bool
    applies: bool
    state: State
    digit: int | None
    proof: Proof | None
    strict: bool = True
    covered: bool = True
    pillar: str = ""
    fours: str = ""
    weight: int = 1
    miss: Proof | None = None
    to_confirm: bool = False
    conditions: tuple[Condition, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anybody has said or seen anything about it."""
        return self.applies and self.state is not State.UNKNOWN

    @property
    def is_open(self) -> bool:
        """A must-pass item that is neither in place nor met; *unknown* is open too."""
        return self.must_pass and self.applies and is_open(self.state)

    @property
    def is_gap(self) -> bool:
        """Whether it is a gap by the law."""
        return self.applies and is_gap(self.state, strict=self.strict, covered=self.covered)

    @property
    def lack(self) -> Lack | None:
        """What it lacks; None where nothing does. An unknown item lacks knowledge, covered by an assessment or not."""
        if not self.applies:
            return None
        if self.state is State.UNKNOWN:
            return Lack.UNKNOWN
        if self.state is State.BELOW:
            return _BY_PROOF[self.miss]
        return Lack.UNPROVEN if self.is_gap else None


@dataclass(frozen=True)
class Tally:
    """Some hospitals in a few numbers. Shares are never kept, only their two counts.

    ``items`` apply, ``known`` of them are not unknown; ``assessed`` hospitals have a known item. ``core_met`` are core
    items whose standing is *met*: an expired proof is none. ``open_unknown`` are the open must-pass items that nobody
    knows. ``gaps`` by what they lack; ``proofs`` by the mark of standings that are neither stale nor unknown.
    """

    hospitals: int
    assessed: int
    items: int
    known: int
    core_items: int
    core_met: int
    must_items: int
    open_items: int
    open_unknown: int
    open_hospitals: int
    gaps: Mapping[Lack, int]
    proofs: Mapping[Proof, int]
    unknown: int
    stale: int

    @property
    def clear_hospitals(self) -> int:
        """Hospitals without an open must-pass item."""
        return self.hospitals - self.open_hospitals

    @property
    def all_gaps(self) -> int:
        return sum(self.gaps.values())

    @property
    def marked(self) -> int:
        """Standings that rest on a proof which has not lapsed."""
        return sum(self.proofs.values())

    @property
    def measured(self) -> int:
        """Standings that rest on measurement."""
        return self.proofs[Proof.EXERCISED] + self.proofs[Proof.PERFORMED]


def tally(held: Iterable[Held]) -> Tally:
    """Count over all rows that apply."""
    rows = [h for h in held if h.applies]
    core = [h for h in rows if h.core]
    opened = [h for h in rows if h.is_open]
    marks = Counter(h.proof for h in rows if h.state not in (State.STALE, State.UNKNOWN))
    gaps = Counter(h.lack for h in rows if h.is_gap)
    return Tally(
        hospitals=len({h.hospital for h in rows}),
        assessed=len({h.hospital for h in rows if h.is_known}),
        items=len(rows),
        known=sum(h.is_known for h in rows),
        core_items=len(core),
        core_met=sum(h.state is State.MET for h in core),
        must_items=sum(h.must_pass for h in rows),
        open_items=len(opened),
        open_unknown=sum(not h.is_known for h in opened),
        open_hospitals=len({h.hospital for h in opened}),
        gaps={lack: gaps[lack] for lack in Lack},
        proofs={proof: marks[proof] for proof in Proof},
        unknown=sum(h.state is State.UNKNOWN for h in rows),
        stale=sum(h.state is State.STALE for h in rows),
    )


@dataclass(frozen=True)
class SharedGap:
    """One indicator over some hospitals, where at least one of them has a gap.

    ``lacking``  hospitals by what they lack, in the order of their codes; each hospital stands in one of them at most.
    ``gaps``     hospitals that have a gap by the law (unknown ones only where an assessment covered the item).
    ``of``       hospitals to which the item applies.
    ``gravity``  the weights of the items that were found short, added up: the programme's choice of what comes first.
    ``night``    every hospital that falls short does so by night and none by day.
    """

    indicator: str
    capability: str
    domain: str
    must_pass: bool
    lacking: Mapping[Lack, tuple[str, ...]]
    gaps: tuple[str, ...]
    of: int
    gravity: int
    weight: int
    night: bool

    @property
    def short(self) -> tuple[str, ...]:
        """Hospitals where it was found to fall short, on whatever ground."""
        return tuple(sorted(code for lack in MISSES for code in self.lacking[lack]))

    @property
    def is_finding(self) -> bool:
        """Whether anything is known that a report could say; an item that nobody knows is no finding."""
        return bool(self.short or self.lacking[Lack.UNPROVEN])


def shared_gap(rows: Iterable[Held]) -> SharedGap | None:
    """The gap of one indicator over these rows of it; None where no hospital has one."""
    asked = [r for r in rows if r.applies]
    gaps = [r for r in asked if r.is_gap]
    if not gaps:
        return None
    lacking = {lack: tuple(sorted(r.hospital for r in asked if r.lack is lack)) for lack in Lack}
    short = [r for r in asked if r.lack in MISSES]
    return SharedGap(
        indicator=asked[0].indicator,
        capability=asked[0].capability,
        domain=asked[0].domain,
        must_pass=any(r.must_pass for r in gaps),
        lacking=lacking,
        gaps=tuple(r.hospital for r in gaps),
        of=len(asked),
        gravity=sum(r.weight for r in short),
        weight=max(r.weight for r in asked),
        night=bool(short) and all(set(r.conditions) == {Condition.NIGHT} for r in short),
    )


def shared_gaps(held: Iterable[Held]) -> list[SharedGap]:
    """Gaps by indicator, what to mend first first: this is the one order of gaps over hospitals."""
    groups: dict[str, list[Held]] = defaultdict(list)
    for row in held:
        groups[row.indicator].append(row)
    found = [gap for rows in groups.values() if (gap := shared_gap(rows)) is not None]
    return sorted(found, key=_first_to_mend)


def _first_to_mend(gap: SharedGap) -> tuple[int, int, int, int, str]:
    """Gravest first; then what was measured most often; then what only wants proof; last what nobody knows."""
    unproven = gap.weight * len(gap.lacking[Lack.UNPROVEN])
    unknown = gap.weight * len(gap.lacking[Lack.UNKNOWN])
    return -gap.gravity, -len(gap.lacking[Lack.MEASURED]), -unproven, -unknown, gap.indicator


def gaps_in_order(held: Iterable[Held]) -> list[Held]:
    """The gaps of one hospital, open must-pass items first, worst first, then in the order of the standard."""
    return sorted((h for h in held if h.is_gap), key=lambda h: (not h.is_open, h.state.goodness, h.digit or 0))


def is_hatched(held: Iterable[Held]) -> bool:
    """Whether an aggregate is shown as expired: a must-pass item of it has, or half of what is known."""
    known = [h for h in held if h.is_known]
    expired = [h for h in known if h.state is State.STALE]
    return any(h.must_pass for h in expired) or (bool(expired) and 2 * len(expired) >= len(known))


def end_of_first_round(assessed: Iterable[tuple[str, date]]) -> date | None:
    """The day on which the last hospital had its first assessment; None while there is none.

    ``assessed``: hospital and day of every locked assessment from outside. A hospital's own rating is no round: it is
    what the round is compared with.
    """
    first: dict[str, date] = {}
    for hospital, day in assessed:
        first[hospital] = min(day, first.get(hospital, day))
    return max(first.values(), default=None)


def by_hospital(held: Iterable[Held]) -> dict[str, Sequence[Held]]:
    """Rows of each hospital, in their order."""
    found: dict[str, list[Held]] = defaultdict(list)
    for row in held:
        found[row.hospital].append(row)
    return dict(found)
