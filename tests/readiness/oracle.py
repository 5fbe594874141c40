"""The ledger's law once more, by another hand: slow, literal, one sentence of the law beside each few lines.

Written from the page of the law alone, without looking at the production rules; it shares only their input and output
types (``rows.py``). Sets and comprehensions follow the sentences; nothing is stored, nothing is clever. A word in
quotation marks in a comment is the law's own.

Entry points, with the signatures that ``rows.py`` documents: :func:`parts_of`, :func:`standing_of_part`,
:func:`standing`; ``oracle_rows.py``: ``stands``, ``proof_of``; ``oracle_aggregates.py``: drills, gaps, aggregates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from beiji.readiness.rules.rows import (
    CapabilityFacts,
    Condition,
    EditionFacts,
    Kind,
    Method,
    Note,
    NoteKind,
    Part,
    PartKind,
    PartStanding,
    Proof,
    Row,
    Standing,
    State,
    SubjectFacts,
    TreeNode,
)
from tests.readiness.oracle_rows import (
    MEASURED,
    SEEN,
    STATED,
    Judged,
    closes,
    edition_in_force,
    equals,
    is_later,
    meets,
    newest_stated,
    open_misses,
    passes_left,
    proof_of,
    stands,
    strongest,
    target_on,
)

# ------------------------------------------------------------------ the ledger as asked


@dataclass(frozen=True)
class Asked:
    """The question: everything known, about one capability of one subject, on one day as known then."""

    rows: Sequence[Row]
    capability: CapabilityFacts
    subject: SubjectFacts
    day: date
    known_at: datetime

    @property
    def edition(self) -> EditionFacts:
        return edition_in_force(self.capability, self.day, self.known_at)

    # -------------------------------------------------------------- subject tree

    def alive(self, node: TreeNode) -> bool:
        ended = node.until_day is not None and node.until_recorded_at <= self.known_at and node.until_day <= self.day
        return node.recorded_at <= self.known_at and node.from_day <= self.day and not ended

    def campuses(self) -> list[TreeNode]:
        """Campuses that are judged apart: none where the capability is not kept per campus."""
        # "a hospital without campuses is its own campus"
        kept = self.edition.per_campus
        return [n for n in self.subject.nodes if kept and n.kind is PartKind.CAMPUS and self.alive(n)]

    def places(self, campus: TreeNode | None) -> list[TreeNode]:
        """Places judged apart inside a campus (None: inside the subject as a whole)."""
        # "Places are a dated list in the subject tree"
        if not self.edition.per_place:
            return []
        listed = [n for n in self.subject.nodes if n.kind is PartKind.PLACE and self.alive(n)]
        if campus is not None:
            return [n for n in listed if n.parent == campus.code]
        # "A capability kept per place, but not per campus, has the places of the hospital and of its campuses."
        inside = {self.subject.code}
        if not self.edition.per_campus:
            inside |= {n.code for n in self.subject.nodes if n.kind is PartKind.CAMPUS and self.alive(n)}
        return [n for n in listed if n.parent in inside]

    def parts(self) -> list[Part]:
        # "Over the conditions it must be proven in, over places and campuses"; "each minute is judged apart"
        conditions = self.edition.prove_in or (Condition.ANY,)
        corners = [
            (campus.code if campus else self.subject.code, place.code if place else None)
            for campus in (self.campuses() or [None])
            for place in (self.places(campus) or [None])
        ]
        found = [
            Part(c, p, condition, minute) for c, p in corners for condition in conditions for minute in self.minutes()
        ]
        return sorted(found, key=Part.key)

    def minutes(self) -> list[int | None]:
        if self.edition.kind is not Kind.QUANTITY:
            return [None]
        # "Minutes that the target of the day asked does not name are not judged on that day."
        named = {minute for step in self.edition.targets for minute in step.values}
        return [m for m in named if target_on(self.edition, m, self.day, self.known_at) is not None]

    # -------------------------------------------------------------- rows of a part

    def judged(self, row: Row, minute: int | None) -> Judged | None:
        """The row as judged for one minute on the day asked; None where it says nothing of that minute."""
        # "Rows of an older edition are judged by their own edition; of parallel capabilities, not at all."
        edition = next(e for e in self.capability.editions if e.number == row.edition)
        met_its_own_day = False
        if row.level is not None:
            # "A row *passes* if its level is 2"; "a level row speaks of every minute"
            passed = row.level == 2 and self.still_says_enough(row, edition, minute)
        elif row.shown is not None:
            passed = row.shown  # "or it was shown"; "*shown: no* for that day, condition and every minute"
        else:
            assert row.value is not None
            target = target_on(edition, minute, self.day, self.known_at)
            if row.at_min != minute or target is None:
                return None
            passed = meets(edition, row.value, target)  # "its value meets the target of *d*"
            at_that_time = target_on(edition, minute, row.as_of, self.known_at)
            met_its_own_day = at_that_time is not None and meets(edition, row.value, at_that_time)
        proof = proof_of(row, edition, passed)
        if met_its_own_day and not passed and proof.rank > SEEN:
            # "A row that met the target of its own day and misses today's is at most a *seen* miss."
            proof = Proof.SEEN
        valid_until = self.valid_until(row, edition, proof)
        raised = self.raised_on(edition)
        return Judged(row, edition, passed, proof, valid_until, min([valid_until, *raised]))

    def still_says_enough(self, row: Row, edition: EditionFacts, minute: int | None) -> bool:
        """Whether a level 2 of the row's day is enough on the day asked."""
        # "A level 2 of a quantity says that the target of its own day was met, no more"
        if edition.kind is not Kind.QUANTITY:
            return True
        asked = target_on(edition, minute, self.day, self.known_at)
        own = target_on(edition, minute, row.as_of, self.known_at)
        if asked is None:
            return True  # "where its edition names none on *d*, it passes"
        # "it is judged like a value equal to that target, so it misses, and says 1, where the target of *d* is stricter
        # or where its own day named no target at that minute"
        return own is not None and meets(edition, own, asked)

    def valid_until(self, row: Row, edition: EditionFacts, proof: Proof) -> date:
        # "it is `as_of` plus the days that the capability names for the row's *proof* (…; a city parameter, as it stood
        # on `as_of`)"
        begun = [v for v in edition.validity if v.recorded_at <= self.known_at and v.from_day <= row.as_of]
        step = max(begun, key=lambda v: (v.from_day, v.recorded_at))
        return row.as_of + timedelta(days=step.days[proof])

    def raised_on(self, edition: EditionFacts) -> list[date]:
        """Days on which newer editions have raised the bar over this one."""
        # "An edition says whether it *raises* the bar (…); if so, older passes are *to confirm*, shown as stale"
        return [
            e.from_day
            for e in self.capability.editions
            if e.raises
            and e.recorded_at <= self.known_at
            and e.from_day <= self.day
            and (e.from_day, e.number) > (edition.from_day, edition.number)
        ]

    def speaks_of(self, row: Row, part: Part) -> bool:
        """Whether the row is about this campus and place."""
        if part.place is not None:
            return self.speaks_of_place(row, self.known_node(part.place), part.campus)
        # Kept per place, but none is listed: rows of a place that was listed once are not about the whole.
        of_whole = row.place is None or not self.edition.per_place
        return of_whole and self.speaks_of_campus(row, part.campus)

    def known_node(self, code: str) -> TreeNode:
        return next(n for n in self.subject.nodes if n.code == code and n.recorded_at <= self.known_at)

    def speaks_of_campus(self, row: Row, campus: str) -> bool:
        if row.subject == campus:
            return True
        if campus == self.subject.code:
            return False
        node = self.known_node(campus)
        if node.is_new:
            # "*new* (…: none of them, pass or miss, speaks of it)"
            return False
        if node.continues:
            # "the *continuation* of one or more (…): every row that spoke of one of these speaks of it"
            return any(self.speaks_of_campus(row, code) for code in node.continues)
        # "When a hospital is divided into campuses or places, earlier rows speak of each part; afterwards each has its
        # own."; "a *division* of what stood before"
        return row.subject == self.subject.code and row.as_of < node.from_day

    def speaks_of_place(self, row: Row, place: TreeNode, campus: str) -> bool:
        if row.place == place.code:
            return self.speaks_of_campus(row, campus)
        if place.is_new:
            return False
        if place.continues:
            return any(
                self.speaks_of_place(row, old, self.campus_of(old)) for old in map(self.known_node, place.continues)
            )
        return row.place is None and row.as_of < place.from_day and self.speaks_of_campus(row, campus)

    def campus_of(self, place: TreeNode) -> str:
        """Where rows of a place stand: on its campus where campuses are kept apart, else on the subject."""
        return place.parent if self.edition.per_campus else self.subject.code

    def of_part(self, part: Part) -> list[Judged]:
        """All judged rows about the part's campus, place and minute, whatever their condition."""
        # "Rows: `as_of ≤ d`, `recorded_at ≤ k`, neither superseded nor withdrawn as known on *k*"
        counted = [
            self.judged(row, part.minute)
            for row in self.rows
            if row.capability == self.capability.code
            and row.as_of <= self.day
            and stands(row, self.rows, self.known_at)
            and self.speaks_of(row, part)
        ]
        return [row for row in counted if row is not None]

    def own(self, part: Part) -> list[Judged]:
        """Rows of the part's own condition, with the misses of conditions that need not be proven."""
        about = self.of_part(part)
        if not self.edition.prove_in:
            return about  # "none: rows of every condition count"
        # "condition *any* or the one asked"
        here = [r for r in about if r.row.condition in (Condition.ANY, part.condition)]
        # "A measured miss in a condition that need not be proven counts in all that must, until a measured pass in its
        # own condition or in the one asked; such a pass counts for nothing else."
        free = [r for r in about if r.row.condition not in (Condition.ANY, *self.edition.prove_in)]
        return here + [
            miss
            for miss in free
            if miss.measured
            and not miss.passed
            and not any(
                p.measured and p.row.condition in (miss.row.condition, part.condition) and closes(p, miss)
                for p in about
            )
        ]

    def borrowed(self, part: Part) -> list[Judged]:
        """Measured passes of the other conditions that must be proven."""
        # "A measured pass in another condition that must be proven counts here as *seen* while it stands there (no miss
        # is open there, none there has killed it, and it is alive; once it has lapsed there it has lapsed here)"
        found = []
        for other in self.edition.prove_in:
            if other is not part.condition:
                there = self.own(Part(part.campus, part.place, other, part.minute))
                found += [
                    Judged(p.row, p.edition, True, Proof.SEEN, p.valid_until, p.lives_until, borrowed=True)
                    for p in passes_left(there)
                    if p.measured and p.row.condition is other and not open_misses(there)
                ]
        return found

    def alive_passes(self, rows: list[Judged]) -> list[Judged]:
        # "Of the passes left, each lives until its own `valid_until`"
        return [p for p in passes_left(rows) if self.day < p.lives_until]


# ------------------------------------------------------------------ the standing of one part


def standing_of_part(
    rows: Sequence[Row],
    capability: CapabilityFacts,
    subject: SubjectFacts,
    part: Part,
    day: date,
    known_at: datetime,
) -> PartStanding:
    """Standing of one subject, capability, condition, place and minute."""
    asked = Asked(rows, capability, subject, day, known_at)
    own = asked.own(part)
    counted = own + asked.borrowed(part)
    opened = open_misses(counted)
    stated = [r for r in own if r.rank == STATED]
    state, deciding, digit, proof = decide(asked, counted, opened, stated)
    return PartStanding(
        part=part,
        state=state,
        digit=digit,
        proof=proof,
        failed=any(m.measured for m in opened),  # "*failed* if measured"
        contradicted=any(contradicts(m, own) for m in opened),
        deciding=tuple(sorted({r.row.id for r in deciding})),
        to_confirm=is_to_confirm(state, newest_stated(stated), deciding, day),
        notes=notes_on(state, stated),
        checked=any(r.rank >= SEEN and is_own_condition(r, part) for r in own),
        holds_until=holds_until(state, deciding),
    )


def decide(
    asked: Asked, counted: list[Judged], opened: list[Judged], stated: list[Judged]
) -> tuple[State, list[Judged], int | None, Proof | None]:
    """State, the rows that decide it, digit and corner mark."""
    newest = newest_stated(stated)
    alive = [p for p in asked.alive_passes(counted) if p.rank >= SEEN]
    lapsed = [p for p in passes_left(counted) if p.rank >= SEEN and p not in alive]
    if opened:
        # 1. "**An open miss of rank ≥ 2 → below**"
        return State.BELOW, opened, digit_below(opened, counted), strongest(opened)
    if alive:
        # 2. "the strongest alive decides: **measured → met · seen → in place** (document: met)."
        rank = max(p.rank for p in alive)
        is_met = rank == MEASURED or asked.edition.kind is Kind.DOCUMENT
        # "met 3 (document 2) · in place 2"
        digit = 3 if is_met and asked.edition.kind is not Kind.DOCUMENT else 2
        state = State.MET if is_met else State.IN_PLACE
        return state, [p for p in alive if p.rank == rank], digit, strongest(alive)
    if lapsed:
        # 3. "Otherwise, if a pass of rank ≥ 2 has lapsed since the last such miss → **stale**."
        # "stale the last digit, at most 2": a pass that was alive gave 2 or 3.
        # Of passes that lapsed on one day, the mark of the later.
        last = max(lapsed, key=lambda p: (p.lives_until, p.place_in_time, p.proof.order))
        return State.STALE, lapsed, 2, last.proof
    if newest is None:
        # 5. "No row → **unknown**." "unknown none"
        return State.UNKNOWN, [], None, None
    if not newest.passed:
        # 4. "Otherwise the newest stated row: miss → **below**"; "where a stated row decides: that row"
        return State.BELOW, equals(newest, stated), newest.said, Proof.STATED
    # "pass alive → **claimed**, lapsed → **stale**"; "claimed the claimed level": a pass claims 2
    state = State.CLAIMED if asked.day < newest.lives_until else State.STALE
    return state, equals(newest, stated), 2, Proof.STATED


def digit_below(opened: list[Judged], counted: list[Judged]) -> int:
    # "below the lowest that any miss of rank ≥ 2 (…) has said since the last pass of the deciding rank or higher". A
    # series is the last pass only for what came before its first day; a borrowed pass "gives back no digit".
    deciding_rank = max(m.rank for m in opened)
    return min(
        m.said
        for m in counted
        if not m.passed and m.rank >= SEEN and not any(p.rank >= deciding_rank and closes(p, m) for p in counted)
    )


def contradicts(miss: Judged, own: list[Judged]) -> bool:
    # "*contradicted* if it followed a live measured pass": alive on the miss's own day and not killed before.
    for p in own:
        if p.passed and p.measured and is_later(miss, p):
            killed = any(not m.passed and m.rank >= SEEN and is_later(m, p) and is_later(miss, m) for m in own)
            if not killed and miss.row.as_of < p.lives_until:
                return True
    return False


def is_to_confirm(state: State, newest: Judged | None, deciding: list[Judged], day: date) -> bool:
    # "A stated miss beside a better standing changes nothing but shows *to confirm*"
    beside = newest is not None and not newest.passed and state.goodness > State.BELOW.goodness
    # "older passes are *to confirm*, shown as stale"
    raised = state is State.STALE and any(day < p.valid_until for p in deciding)
    return beside or raised


def notes_on(state: State, stated: list[Judged]) -> tuple[Note, ...]:
    # "any stated word that differs from the standing is shown as a note": the newest of each method
    by_method = [[r for r in stated if r.row.method is method] for method in Method]
    words = [
        r
        for rows in by_method
        if (newest := newest_stated(rows))
        for r in rows
        if r.place_in_time == newest.place_in_time
    ]
    better = [Note(r.row.id, NoteKind.CLAIMS_BETTER) for r in words if r.passed and state is State.BELOW]
    worse = [Note(r.row.id, NoteKind.CLAIMS_WORSE) for r in words if not r.passed and state is not State.BELOW]
    return tuple(sorted(better + worse))


def is_own_condition(row: Judged, part: Part) -> bool:
    """A row of the part's own condition or of *any*; where none must be proven, every condition is its own."""
    return part.condition is Condition.ANY or row.row.condition in (Condition.ANY, part.condition)


def holds_until(state: State, deciding: list[Judged]) -> date | None:
    """First day on which time alone would change met, in place or claimed."""
    if state not in (State.MET, State.IN_PLACE, State.CLAIMED):
        return None
    return max(p.lives_until for p in deciding)


# ------------------------------------------------------------------ the whole standing


def parts_of(capability: CapabilityFacts, subject: SubjectFacts, day: date, known_at: datetime) -> tuple[Part, ...]:
    """The parts that are judged apart."""
    return tuple(Asked((), capability, subject, day, known_at).parts())


def standing(
    rows: Sequence[Row], capability: CapabilityFacts, subject: SubjectFacts, day: date, known_at: datetime
) -> Standing:
    """The whole standing."""
    parts = tuple(
        standing_of_part(rows, capability, subject, part, day, known_at)
        for part in parts_of(capability, subject, day, known_at)
    )
    # "the worst stands and all are named. Worst first: below, unknown, stale, claimed, in place, met."
    order = [State.BELOW, State.UNKNOWN, State.STALE, State.CLAIMED, State.IN_PLACE, State.MET]
    state = min((p.state for p in parts), key=order.index)
    worst = [p for p in parts if p.state is state]
    return Standing(
        state=state,
        digit=min((p.digit for p in worst if p.digit is not None), default=None),
        proof=min((p.proof for p in worst if p.proof is not None), key=lambda proof: proof.order, default=None),
        worst=tuple(p.part for p in worst),
        parts=parts,
        failed=any(p.failed for p in parts),
        contradicted=any(p.contradicted for p in parts),
        to_confirm=any(p.to_confirm for p in parts),
        checked=all(p.checked for p in parts),
    )
