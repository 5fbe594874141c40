"""Random histories of the ledger: legal rows, corrections and withdrawals over a dozen days.

Everything is small on purpose (numbers 0 … 7, validities of a few days, days 0 … 12), so that expiries, ties on one
day, changes of target and corrections meet each other often. A history obeys the chapter "Rows" of the law: a row
belongs to the edition in force on its day, a correction is for the same subject, edition and day and comes from the
same office or a higher evaluator, and only while the row stands.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from fractions import Fraction

from hypothesis import strategies as st

from beiji.readiness.rules.rows import (
    ALWAYS,
    Better,
    CapabilityFacts,
    Condition,
    EditionFacts,
    Evaluator,
    Kind,
    Method,
    Notice,
    PartKind,
    Proof,
    Row,
    Source,
    SubjectFacts,
    TargetStep,
    TreeNode,
    ValidityStep,
    end_of,
)
from tests.readiness.oracle import Asked
from tests.readiness.oracle_rows import edition_in_force, stands

FULL = os.environ.get("BEIJI_FULL") == "1"
"""Whether the deep profile was asked for."""
LAST_DAY = 9
"""Last day on which anything is recorded; days up to ``LAST_ASKED`` are asked, so that passes run out."""
LAST_ASKED = 12
HOSPITAL = "hospital"
CAPABILITY = "capability"

Draw = Callable[[st.SearchStrategy], object]


def day(n: int) -> date:
    return date(2026, 1, 1) + timedelta(days=n)


def at(n: int, minute: int = 0) -> datetime:
    """A moment of day ``n``; facts are recorded at minute 0, rows later."""
    return datetime.combine(day(n), time(8, 0), UTC) + timedelta(minutes=minute)


def end_of_day(n: int) -> datetime:
    """As known on day ``n``."""
    return end_of(day(n))


@dataclass(frozen=True, repr=False)
class History:
    """What was recorded, in order, with the facts it is judged by."""

    capability: CapabilityFacts
    subject: SubjectFacts
    rows: tuple[Row, ...]

    def __repr__(self) -> str:
        lines = [*self.capability.editions, *self.subject.nodes, *self.rows]
        return "\n".join(["History", *(short(line) for line in lines)])

    def _repr_pretty_(self, printer: object, cycle: bool) -> None:
        printer.text(repr(self))  # what Hypothesis prints


def short(thing: object) -> str:
    """Only the fields that differ from their default: a failing history is read by a person."""
    if dataclasses.is_dataclass(thing):
        named = {f.name: getattr(thing, f.name) for f in dataclasses.fields(thing)}
        defaults = {f.name: f.default for f in dataclasses.fields(thing)}
        said = [f"{name}={short(value)}" for name, value in named.items() if value != defaults[name]]
        return f"{type(thing).__name__}({', '.join(said)})"
    if isinstance(thing, tuple):
        return f"({', '.join(short(one) for one in thing)})"
    if isinstance(thing, dict):
        return f"{{{', '.join(f'{short(k)}: {short(v)}' for k, v in thing.items())}}}"
    if thing == ALWAYS or thing == date.min:
        return "ever"
    if isinstance(thing, datetime):
        return f"{(thing.date() - day(0)).days}@{thing:%H:%M}"
    if isinstance(thing, date):
        return str((thing - day(0)).days)
    return thing.name if isinstance(thing, Enum) else str(thing)


# ------------------------------------------------------------------ facts

small = st.integers(0, LAST_DAY)
minutes_of = st.sampled_from([{None: 3}, {None: 3}, {30: 4}, {30: 2, 60: 4}])
conditions_to_prove = st.sampled_from(
    [(), (Condition.DAY,), (Condition.DAY, Condition.NIGHT), (Condition.DAY, Condition.NIGHT), (Condition.NIGHT,)]
)


@st.composite
def dated(draw: Draw) -> tuple[date, datetime]:
    """A later version: in force from a day, recorded on that day or before."""
    begins = draw(st.integers(1, LAST_DAY))
    return day(begins), at(draw(st.integers(0, begins)))


@st.composite
def targets(draw: Draw, base: dict[int | None, int], changing: bool) -> tuple[TargetStep, ...]:
    def numbers(base: dict[int | None, int]) -> dict[int | None, Fraction]:
        return {minute: Fraction(number + draw(st.integers(-1, 1))) for minute, number in base.items()}

    steps = [TargetStep(date.min, ALWAYS, numbers(base))]
    for _ in range(draw(st.integers(0, 2)) if changing else 0):
        begins, known = draw(dated())
        names_more = draw(st.booleans()) and None not in base
        steps.append(TargetStep(begins, known, numbers({30: 3, 60: 3} if names_more else base)))
    return tuple(steps)


@st.composite
def validities(draw: Draw, changing: bool) -> tuple[ValidityStep, ...]:
    def lives() -> dict[Proof, int]:
        return {proof: draw(st.integers(1, 9)) for proof in Proof}

    steps = [ValidityStep(date.min, ALWAYS, lives())]
    if changing and draw(st.integers(0, 3)) == 0:
        steps.append(ValidityStep(*draw(dated()), lives()))
    return tuple(steps)


@st.composite
def capabilities(draw: Draw, changing: bool = True) -> CapabilityFacts:
    """A capability; ``changing``: with later editions, targets and validities."""
    kind = draw(st.sampled_from([Kind.QUANTITY, Kind.QUANTITY, Kind.OBSERVED, Kind.DOCUMENT]))
    better = draw(st.sampled_from(list(Better)))
    per_campus, per_place = (
        draw(st.sampled_from([False, False, True])),
        draw(st.sampled_from([False, False, False, True])),
    )
    base = draw(minutes_of)

    def edition(number: int, begins: date, known: datetime) -> EditionFacts:
        quantity = kind is Kind.QUANTITY
        return EditionFacts(
            number,
            begins,
            known,
            kind,
            draw(validities(changing)),
            better=better if quantity else None,
            targets=draw(targets(base, changing)) if quantity else (),
            min_sample=draw(st.sampled_from([1, 1, 2])),
            prove_in=draw(conditions_to_prove),
            per_campus=per_campus,
            per_place=per_place,
            zero_at=draw(st.sampled_from([None, Fraction(5), Fraction(1)])) if quantity else None,
            raises=draw(st.booleans()),
        )

    editions = [edition(1, date.min, ALWAYS)]
    for number in range(2, 2 + (draw(st.sampled_from([0, 0, 1, 1, 2])) if changing else 0)):
        editions.append(edition(number, *draw(dated())))
    return CapabilityFacts(CAPABILITY, tuple(editions))


@st.composite
def subjects(draw: Draw, changing: bool = True, per_campus: bool = False) -> SubjectFacts:
    """A hospital with up to two campuses and two places, opened on some day. A place never opens before its campus, and
    a campus closes only where no places are listed: what then becomes of their rows the law does not say."""

    def node(code: str, kind: PartKind, parent: TreeNode | None) -> TreeNode:
        begins, known = draw(dated()) if changing and draw(st.booleans()) else (date.min, ALWAYS)
        if parent and parent.from_day > begins:
            begins, known = parent.from_day, parent.recorded_at
        return TreeNode(code, kind, parent.code if parent else HOSPITAL, begins, known)

    codes = ("east", "west")[: draw(st.sampled_from([0, 0, 1, 2]))]
    campuses = [node(code, PartKind.CAMPUS, None) for code in codes]
    parents = [None, *campuses] if not per_campus else campuses or [None]
    codes = ("gate", "ward")[: draw(st.sampled_from([0, 0, 1, 2]))]
    places = [node(code, PartKind.PLACE, draw(st.sampled_from(parents))) for code in codes]
    if changing and campuses and not places and draw(st.booleans()):
        ends, end_known = draw(dated())
        if ends > campuses[0].from_day:
            campuses[0] = dataclasses.replace(campuses[0], until_day=ends, until_recorded_at=end_known)
    return SubjectFacts(HOSPITAL, (*campuses, *places))


# ------------------------------------------------------------------ rows

ALWAYS_STATED = [Method.SELF_RATING, Method.INTERVIEW, Method.DOCUMENT, Method.PLAN, Method.ALBUM]
MEASURING = [Method.TIMED_TEST, Method.WITNESSED_DRILL, Method.OWN_DRILL, Method.REAL_EVENT, Method.ROUTINE_SERIES]
OUTSIDE = [Evaluator.PEER, Evaluator.CITY, Evaluator.EXTERNAL]
ANY_EVALUATOR = list(Evaluator)
SPECIFIC = [Condition.DAY, Condition.NIGHT, Condition.HOLIDAY]


def evaluators_of(method: Method) -> list[Evaluator]:
    if method in (Method.SELF_RATING, Method.PLAN):
        return [Evaluator.SELF]
    if method in (Method.SPOT_CHECK, Method.TIMED_TEST, Method.WITNESSED_DRILL, Method.MISSED_DRILL):
        return OUTSIDE
    return ANY_EVALUATOR


@st.composite
def said(draw: Draw, edition: EditionFacts, method: Method, as_of: date, known: datetime) -> dict[str, object]:
    """Exactly one of level, value, shown."""
    is_drill = method in (Method.WITNESSED_DRILL, Method.OWN_DRILL)
    if method is Method.MISSED_DRILL:
        return {"shown": False}
    by_level = not is_drill and method is not Method.ROUTINE_SERIES and draw(st.integers(0, 2)) == 0
    if by_level or method is Method.SELF_RATING:
        return {"level": draw(st.sampled_from([0, 1, 2, 2]))}
    if edition.kind is Kind.QUANTITY:
        minutes = Asked((), CapabilityFacts(CAPABILITY, (edition,)), SubjectFacts(HOSPITAL), as_of, known).minutes()
        return {"value": Fraction(draw(st.integers(0, 6))), "at_min": draw(st.sampled_from(minutes))}
    return {"shown": draw(st.booleans())}


@st.composite
def contents(
    draw: Draw, edition: EditionFacts, as_of: date, known: datetime, evaluators: list[Evaluator]
) -> dict[str, object]:
    """Method, evaluator, condition and what was found, for an edition and a day."""
    if edition.kind is Kind.DOCUMENT:
        methods = [*ALWAYS_STATED, *[Method.SPOT_CHECK] * 4]
    else:
        missed = [Method.MISSED_DRILL]
        methods = [*ALWAYS_STATED, *[Method.SPOT_CHECK] * 4, *MEASURING * 3, *missed]
    methods = [m for m in methods if set(evaluators_of(m)) & set(evaluators)]
    method = draw(st.sampled_from(methods))
    evaluator = draw(st.sampled_from([e for e in evaluators_of(method) if e in evaluators]))
    measuring = method in MEASURING or method is Method.MISSED_DRILL
    found: dict[str, object] = {
        "method": method,
        "evaluator": evaluator,
        "office": evaluator.name.lower(),
        "condition": draw(st.sampled_from(SPECIFIC if measuring else list(Condition))),
        **draw(said(edition, method, as_of, known)),
    }
    if measuring:
        found["sample"] = draw(st.sampled_from([1, 2, 2]))
    if method in (Method.WITNESSED_DRILL, Method.OWN_DRILL):
        found["notice"] = draw(st.sampled_from(list(Notice)))
    if method is Method.OWN_DRILL:
        found["notified_at"] = draw(st.sampled_from([None, as_of - timedelta(days=1), as_of]))
    if method is Method.ROUTINE_SERIES:
        found["first_day"] = as_of - timedelta(days=draw(st.integers(0, 5)))
    return found


class Ledger:
    """A history while it is being written."""

    def __init__(self, draw: Draw, capability: CapabilityFacts, subject: SubjectFacts) -> None:
        self.draw, self.capability, self.subject = draw, capability, subject
        self.rows: list[Row] = []

    def write(self, n: int) -> None:
        """One legal thing happens on day ``n``."""
        now = at(n, 1 + len(self.rows))
        standing_now = [r for r in self.rows if stands(r, self.rows, now)]
        what = self.draw(st.integers(0, 9)) if standing_now else 9
        if what == 0:
            self.withdraw(self.draw(st.sampled_from(standing_now)), now)
        elif what == 1:
            self.reopen(now)
        elif what <= 3:
            self.correct(self.draw(st.sampled_from(standing_now)), now)
        else:
            self.record(n, now)

    def record(self, n: int, now: datetime) -> None:
        as_of = day(self.draw(st.integers(max(0, n - 3), n)))
        edition = edition_in_force(self.capability, as_of, now)
        asked = Asked((), dataclasses.replace(self.capability, editions=(edition,)), self.subject, as_of, now)
        campus = self.draw(st.sampled_from(asked.campuses() or [None]))
        places = asked.places(campus)
        stranger = self.draw(st.integers(0, 19))
        self.rows.append(
            Row(
                id=self.new_id(),
                subject="stranger" if stranger == 0 else campus.code if campus else HOSPITAL,
                capability="parallel" if stranger == 1 else self.capability.code,
                edition=edition.number,
                as_of=as_of,
                recorded_at=now,
                place=self.draw(st.sampled_from([p.code for p in places] or [None])),
                source=Source("visit", self.draw(st.sampled_from(["first", "second", ""]))),
                **self.draw(contents(edition, as_of, now, ANY_EVALUATOR)),
            )
        )

    def correct(self, old: Row, now: datetime) -> None:
        """Superseded by the same office or a higher evaluator, for the same subject, capability, edition and day."""
        if old.method is Method.MISSED_DRILL:
            return
        edition = next(e for e in self.capability.editions if e.number == old.edition)
        who = [e for e in Evaluator if e >= old.evaluator]
        found = self.draw(contents(edition, old.as_of, now, who))
        new = dataclasses.replace(
            old,
            level=None,
            value=None,
            shown=None,
            at_min=None,
            notice=None,
            notified_at=None,
            sample=1,
            first_day=None,
        )
        source = Source("visit", self.draw(st.sampled_from(["first", "second", old.source.id])))
        self.rows.append(
            dataclasses.replace(
                new, id=self.new_id(), recorded_at=now, supersedes=old.id, reason="mistake", source=source, **found
            )
        )

    def withdraw(self, old: Row, now: datetime) -> None:
        who = [e for e in Evaluator if e >= old.evaluator]
        by = old.evaluator if old.method is Method.MISSED_DRILL else self.draw(st.sampled_from(who))
        self.rows.append(
            dataclasses.replace(
                old,
                level=None,
                value=None,
                shown=None,
                at_min=None,
                id=self.new_id(),
                recorded_at=now,
                evaluator=by,
                office=by.name.lower(),
                withdrawal=True,
                supersedes=old.id,
                reason="mistake",
                source=Source(),
            )
        )

    def reopen(self, now: datetime) -> None:
        """Reopening a visit ends all its rows, also those that were superseded meanwhile."""
        visit = self.draw(st.sampled_from(["first", "second"]))
        gone = {r.supersedes for r in self.rows if r.withdrawal}
        for old in [r for r in self.rows if r.source.id == visit and not r.withdrawal and r.id not in gone]:
            self.withdraw(old, now)

    def new_id(self) -> int:
        # "bigint key; says nothing about order": later rows may have lower ids.
        n = len(self.rows)
        return 100 + (n if n % 3 else -n)


@st.composite
def histories(draw: Draw, most: int = 12, changing: bool = True) -> History:
    """A legal history; ``changing``: with dated changes of target, validity, edition and subject tree."""
    capability = draw(capabilities(changing))
    ledger = Ledger(draw, capability, draw(subjects(changing, capability.editions[0].per_campus)))
    how_many = draw(st.integers(1, most))
    for n in sorted(draw(st.lists(small, min_size=how_many, max_size=how_many))):
        ledger.write(n)
    return History(ledger.capability, ledger.subject, tuple(ledger.rows))


@st.composite
def further_row(draw: Draw, history: History, n: int) -> Row:
    """One more row that could have been recorded at the end of day ``n``."""
    ledger = Ledger(draw, history.capability, history.subject)
    ledger.rows = list(history.rows)
    ledger.record(n, at(n, 600))
    return dataclasses.replace(ledger.rows[-1], id=999)
