"""The law: standing of one subject and capability on a day, as known. Pure, exact, no clock of its own.

Steps of :func:`standing_of_part` carry the numbers of the law. The order in which rows were recorded plays no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from .facts import edition_in_force, parts_of
from .judging import Judged, judge, rows_standing, stands
from .rows import CapabilityFacts, Note, Part, PartStanding, Row, Standing, SubjectFacts
from .speaking import Counted, Question, counted_in, not_killed, row_speaks_of
from .words import Condition, Kind, NoteKind, Proof, State

__all__ = ["parts_of", "standing", "standing_of_part", "stands"]

UNKNOWN = Standing(State.UNKNOWN, None, None, worst=())


def standing(
    rows: Iterable[Row], capability: CapabilityFacts, subject: SubjectFacts, day: date, known_at: datetime
) -> Standing:
    """Whole standing: the worst of all parts stands, and all parts in that state are named."""
    asked = _question(capability, subject, day, known_at)
    if asked is None:
        return UNKNOWN
    asked_parts = parts_of(capability, subject, day, known_at)
    known = _known(rows, asked)
    judged = {minute: _judged(known, asked, minute) for minute in {p.minute for p in asked_parts}}
    parts = tuple(_of_part(judged[part.minute], part, asked) for part in asked_parts)
    worst_state = min((p.state for p in parts), key=lambda s: s.goodness)
    worst = [p for p in parts if p.state is worst_state]
    return Standing(
        state=worst_state,
        digit=min((p.digit for p in worst if p.digit is not None), default=None),
        proof=min((p.proof for p in worst if p.proof is not None), key=lambda p: p.order, default=None),
        worst=tuple(p.part for p in worst),
        parts=parts,
        failed=any(p.failed for p in parts),
        contradicted=any(p.contradicted for p in parts),
        to_confirm=any(p.to_confirm for p in parts),
        checked=all(p.checked for p in parts),
    )


def standing_of_part(
    rows: Iterable[Row], capability: CapabilityFacts, subject: SubjectFacts, part: Part, day: date, known_at: datetime
) -> PartStanding:
    """Standing of one campus, place, condition and minute."""
    asked = _question(capability, subject, day, known_at)
    if asked is None:
        return PartStanding(part, State.UNKNOWN, None, None)
    return _of_part(_judged(_known(rows, asked), asked, part.minute), part, asked)


def _question(capability: CapabilityFacts, subject: SubjectFacts, day: date, known_at: datetime) -> Question | None:
    edition = edition_in_force(capability, day, known_at)
    return None if edition is None else Question(capability, subject, edition, day, known_at)


def _known(rows: Iterable[Row], asked: Question) -> list[Row]:
    """Standing rows with ``as_of`` ≤ day of this capability."""
    code = asked.capability.code
    standing_rows = rows_standing((r for r in rows if r.capability == code), asked.known_at)
    return [r for r in standing_rows if r.as_of <= asked.day]


def _judged(known: Iterable[Row], asked: Question, minute: int | None) -> list[Judged]:
    """Each row judged by its own edition, for one minute."""
    outcomes = (judge(r, asked.capability, asked.day, asked.known_at, minute) for r in known)
    return [j for j in outcomes if j is not None]


def _of_part(judged: Sequence[Judged], part: Part, asked: Question) -> PartStanding:
    speaking = [j for j in judged if row_speaks_of(j.row, part, asked)]
    counted = counted_in(speaking, part.condition, asked.edition)
    borrowed = _borrowed(speaking, part.condition, asked)
    found = _decide(counted, borrowed, part, asked)
    notes, to_confirm = _notes(counted, found)
    return replace(
        found,
        notes=notes,
        to_confirm=found.to_confirm or to_confirm,
        checked=any(j.rank >= 2 for j in counted.direct),
    )


def _borrowed(speaking: Sequence[Judged], condition: Condition, asked: Question) -> list[Judged]:
    """Measured passes of other conditions that must be proven count here as *seen* while they stand there: no miss is
    open there and none has killed them. They lapse here when they lapse there, close no miss and give back no digit."""
    found: list[Judged] = []
    for other in asked.edition.prove_in:
        if other is condition:
            continue
        there = counted_in(speaking, other, asked.edition)
        if there.open_misses:
            continue
        found += [replace(p, rank=2, borrowed=True) for p in there.left if p.rank == 3 and p.row.condition is other]
    return found


def _decide(counted: Counted, borrowed: Sequence[Judged], part: Part, asked: Question) -> PartStanding:
    """Steps 1 to 5 of the law."""
    day, kind = asked.day, asked.edition.kind
    open_misses = counted.open_misses
    if open_misses:  # 1
        return _below(counted, open_misses, part)
    left = [*counted.left, *not_killed(borrowed, counted.grave)]
    alive = [p for p in left if p.rank >= 2 and p.is_alive(day)]
    if alive:  # 2
        return _alive(alive, part, kind)
    lapsed = [p for p in left if p.rank >= 2]
    if lapsed:  # 3
        last = max(lapsed, key=lambda p: (p.until, p.key, p.mark.order))
        is_raised = any(day < p.own_until for p in lapsed)
        return PartStanding(
            part, State.STALE, min(2, kind.top_digit), last.mark, deciding=_ids(lapsed), to_confirm=is_raised
        )
    stated = [*(m for m in counted.misses if m.rank == 1), *(p for p in left if p.rank == 1)]
    return _stated(stated, part, day)  # 4, 5


def _below(counted: Counted, open_misses: Sequence[Judged], part: Part) -> PartStanding:
    """An open miss of rank ≥ 2: the digit is the lowest that any has said since the last pass of that rank."""
    rank = max(m.rank for m in open_misses)
    since = [m for m in counted.grave if not any(p.rank >= rank and p.may_close(m) for p in counted.passes)]
    return PartStanding(
        part,
        State.BELOW,
        digit=min(m.said for m in since),
        proof=max((m.proof for m in open_misses), key=lambda proof: proof.order),
        failed=rank == 3,
        contradicted=any(_followed_live_proof(m, counted) for m in open_misses),
        deciding=_ids(open_misses),
    )


def _followed_live_proof(miss: Judged, counted: Counted) -> bool:
    """Whether a measured pass was alive, and not killed before, when this miss came."""
    return any(
        p.rank == 3
        and miss.is_later_than(p)
        and miss.row.as_of < p.until
        and not any(other.is_later_than(p) and miss.is_later_than(other) for other in counted.grave)
        for p in counted.passes
    )


def _alive(alive: Sequence[Judged], part: Part, kind: Kind) -> PartStanding:
    """The strongest pass alive decides: measured → met, seen → in place (document: met)."""
    rank = max(p.rank for p in alive)
    deciding = [p for p in alive if p.rank == rank]
    is_met = rank == 3 or kind is Kind.DOCUMENT
    return PartStanding(
        part,
        State.MET if is_met else State.IN_PLACE,
        digit=kind.top_digit if is_met else 2,
        proof=max((p.mark for p in deciding), key=lambda proof: proof.order),
        deciding=_ids(deciding),
        holds_until=max(p.until for p in deciding),
    )


def _stated(stated: Sequence[Judged], part: Part, day: date) -> PartStanding:
    """The newest stated row: miss → below, pass alive → claimed, lapsed → stale; none → unknown."""
    newest = _newest(stated)
    if not newest:
        return PartStanding(part, State.UNKNOWN, None, None)
    if not newest[0].passed:
        said = min(m.said for m in newest)
        return PartStanding(part, State.BELOW, said, Proof.STATED, deciding=_ids(m for m in newest if m.said == said))
    alive = [p for p in newest if p.is_alive(day)]
    if alive:
        return PartStanding(
            part,
            State.CLAIMED,
            2,
            Proof.STATED,
            deciding=_ids(alive),
            holds_until=max(p.until for p in alive),
        )
    is_raised = any(day < p.own_until for p in newest)
    return PartStanding(part, State.STALE, 2, Proof.STATED, deciding=_ids(newest), to_confirm=is_raised)


def _notes(counted: Counted, found: PartStanding) -> tuple[tuple[Note, ...], bool]:
    """Stated words that differ from the standing, and whether a stated miss beside a better one is to confirm."""
    stated = [j for j in counted.direct if j.rank == 1]
    is_better = found.state not in (State.BELOW, State.UNKNOWN)
    notes: list[Note] = []
    for method in {j.row.method for j in stated}:
        for word in _newest([j for j in stated if j.row.method is method]):
            if word.passed and found.state is State.BELOW:
                notes.append(Note(word.row.id, NoteKind.CLAIMS_BETTER))
            if not word.passed and is_better:
                notes.append(Note(word.row.id, NoteKind.CLAIMS_WORSE))
    newest = _newest(stated)
    return tuple(sorted(notes)), is_better and bool(newest) and not newest[0].passed


def _newest(judged: Sequence[Judged]) -> list[Judged]:
    """The newest rows; several only where nothing but their ids tells them apart."""
    last = max((j.key for j in judged), default=None)
    return [j for j in judged if j.key == last]


def _ids(judged: Iterable[Judged]) -> tuple[int, ...]:
    return tuple(sorted({j.row.id for j in judged}))
