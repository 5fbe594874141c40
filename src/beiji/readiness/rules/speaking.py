"""Which rows speak of a part: campus, place, minute, condition. Rows of others never leak in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from .facts import edition_by_number
from .judging import Judged
from .rows import CapabilityFacts, EditionFacts, Part, PartKind, Row, SubjectFacts, TreeNode
from .words import Condition


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: capability and subject on ``day`` as known at ``known_at``, with the edition in force."""

    capability: CapabilityFacts
    subject: SubjectFacts
    edition: EditionFacts
    day: date
    known_at: datetime

    def node(self, code: str | None, kind: PartKind) -> TreeNode | None:
        """The campus or place ``code`` (its latest known beginning)."""
        known = [n for n in self.subject.nodes if n.code == code and n.kind is kind and n.recorded_at <= self.known_at]
        begun = [n for n in known if n.from_day <= self.day]
        return max(begun or known, key=lambda n: n.from_day, default=None)


def row_speaks_of(row: Row, part: Part, asked: Question) -> bool:
    """Whether ``row`` speaks of the campus, place and minute of ``part`` (the condition is another matter)."""
    if row.capability != asked.capability.code:
        return False
    own = edition_by_number(asked.capability, row.edition)
    if own is None or not _is_of_campus(row, part, asked) or not _is_of_place(row, part, asked, own):
        return False
    return part.minute is None or row.at_min is None or row.at_min == part.minute


def _is_of_campus(row: Row, part: Part, asked: Question) -> bool:
    """Rows of the campus itself, and those that came over to it when it began."""
    is_whole = row.subject == asked.subject.code
    return row.subject == part.campus or _came_over(
        row.as_of, part.campus, PartKind.CAMPUS, asked, own=row.subject, is_undivided=is_whole
    )


def _is_of_place(row: Row, part: Part, asked: Question, own: EditionFacts) -> bool:
    """Rows of the place itself, and those that came over to it when it was listed. Where no place is listed (any
    more), rows of places speak of nothing."""
    if part.place is None:
        return row.place is None or not own.per_place
    if row.place == part.place or not own.per_place:
        return True
    return _came_over(row.as_of, part.place, PartKind.PLACE, asked, own=row.place, is_undivided=row.place is None)


def _came_over(as_of: date, code: str, kind: PartKind, asked: Question, *, own: str | None, is_undivided: bool) -> bool:
    """Whether a row that names ``own`` (or is of what was ``undivided``) from before a part began speaks of it:
    of a division the rows of the whole, of a continuation all that spoke of what it continues, of a new part none."""
    part = asked.node(code, kind)
    if part is None or part.is_new or not as_of < part.from_day:
        return False
    if not part.continues:
        return is_undivided
    return any(
        own == old or _came_over(as_of, old, kind, asked, own=own, is_undivided=is_undivided) for old in part.continues
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows that count for one part in one condition, before passes from other conditions are borrowed."""

    passes: tuple[Judged, ...]
    misses: tuple[Judged, ...]
    direct: tuple[Judged, ...]

    @property
    def grave(self) -> list[Judged]:
        """Misses of rank ≥ 2."""
        return [m for m in self.misses if m.rank >= 2]

    @property
    def open_misses(self) -> list[Judged]:
        """A measured miss is open until a later measured pass; a seen miss until a later pass of rank ≥ 2."""
        return [m for m in self.grave if not any(p.rank >= m.rank and p.may_close(m) for p in self.passes)]

    @property
    def left(self) -> list[Judged]:
        """Passes that no later miss of rank ≥ 2 has killed."""
        return not_killed(self.passes, self.grave)


def not_killed(passes: Iterable[Judged], grave: Sequence[Judged]) -> list[Judged]:
    """A miss of rank ≥ 2 has killed every earlier pass."""
    return [p for p in passes if not any(m.is_later_than(p) for m in grave)]


def counted_in(judged: Sequence[Judged], condition: Condition, edition: EditionFacts) -> Counted:
    """Rows of *any* condition or the one asked; and measured misses of a condition that need not be proven, until a
    measured pass in their own condition or in the one asked (such a pass counts for nothing else)."""
    proven_in = edition.prove_in
    if not proven_in:
        direct = tuple(judged)
        foreign: list[Judged] = []
    else:
        direct = tuple(j for j in judged if j.row.condition in (Condition.ANY, condition))
        elsewhere = [j for j in judged if j.row.condition not in (Condition.ANY, *proven_in)]
        measured = [j for j in (*direct, *elsewhere) if j.passed and j.rank == 3]
        foreign = [
            m
            for m in elsewhere
            if not m.passed
            and m.rank == 3
            and not any(
                p.row.condition in (m.row.condition, condition, Condition.ANY) and p.may_close(m) for p in measured
            )
        ]
    return Counted(
        passes=tuple(j for j in direct if j.passed),
        misses=(*(j for j in direct if not j.passed), *foreign),
        direct=direct,
    )
