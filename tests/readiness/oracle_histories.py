"""Random histories of the ledger: legal rows, corrections and withdrawals over a dozen days.

Everything is small on purpose (numbers 0 … 7, validities of a few days, days 0 … 12), so that expiries, ties on one
day, changes of target and corrections meet each other often. A history obeys the chapter "Rows" of the law: a row
belongs to the edition in force on its day, a correction is for the same subject, edition and day and comes from the
same office or a higher evaluator, and only while the row stands.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from beiji.readiness.rules.rows import (
    CapabilityFacts,
    Condition,
    EditionFacts,
    Evaluator,
    Kind,
    Method,
    Notice,
    Row,
    Source,
    SubjectFacts,
)
from tests.readiness.oracle import Asked
from tests.readiness.oracle_counts import may_be_counted, may_be_sampled
from tests.readiness.oracle_facts import (
    CAPABILITY,
    HOSPITAL,
    Draw,
    at,
    capabilities,
    day,
    short,
    small,
    subjects,
)
from tests.readiness.oracle_rows import edition_in_force, stands


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


# ------------------------------------------------------------------ rows

ALWAYS_STATED = [Method.SELF_RATING, Method.INTERVIEW, Method.DOCUMENT, Method.PLAN, Method.ALBUM]
MEASURING = [Method.TIMED_TEST, Method.WITNESSED_DRILL, Method.OWN_DRILL, Method.REAL_EVENT, Method.ROUTINE_SERIES]
COUNTS = [Fraction(0), Fraction(1, 2), Fraction(1), Fraction(1)]
CONFIRMED = [Method.OWN_DRILL, Method.REAL_EVENT, Method.ROUTINE_SERIES]
OUTSIDE = [Evaluator.PEER, Evaluator.CITY, Evaluator.EXTERNAL]
PALETTES = [[Condition.DAY], [Condition.DAY, Condition.DAY, Condition.NIGHT], [Condition.DAY, Condition.HOLIDAY]]
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
    if edition.kind is Kind.OBSERVED:
        methods = [m for m in methods if m is not Method.ROUTINE_SERIES]  # times are numbers
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


@st.composite
def checks(
    draw: Draw, edition: EditionFacts, as_of: date, known: datetime, palette: list[Condition]
) -> dict[str, object]:
    """Only checks and tests from outside, in few conditions: long stories of one and the same part."""
    condition = draw(st.sampled_from(palette))
    method = draw(st.sampled_from([Method.SPOT_CHECK, Method.TIMED_TEST]))
    found = {"method": method, "evaluator": Evaluator.CITY, "office": "city", "condition": condition, "sample": 2}
    if method is Method.SPOT_CHECK:
        return {**found, "level": draw(st.sampled_from([0, 1, 2, 2]))}
    return {**found, **draw(said(edition, method, as_of, known))}


class Ledger:
    """A history while it is being written; ``plain``: checks of one part in these conditions, rarely corrected."""

    def __init__(
        self, draw: Draw, capability: CapabilityFacts, subject: SubjectFacts, plain: list[Condition] | None = None
    ) -> None:
        self.draw, self.capability, self.subject, self.plain = draw, capability, subject, plain
        self.rows: list[Row] = []

    def write(self, n: int) -> None:
        """One legal thing happens on day ``n``."""
        now = at(n, 1 + len(self.rows))
        standing_now = [r for r in self.rows if stands(r, self.rows, now)]
        what = self.draw(st.integers(0, 30 if self.plain else 10)) if standing_now else 9
        if what == 0:
            self.withdraw(self.draw(st.sampled_from(standing_now)), now)
        elif what == 1:
            self.reopen(now)
        elif what <= 3:
            self.correct(self.draw(st.sampled_from(standing_now)), now)
        elif what == 10:
            self.count(n, now)
        else:
            self.record(n, now)

    def record(self, n: int, now: datetime) -> None:
        as_of = day(n if self.plain else self.draw(st.integers(max(0, n - 3), n)))
        edition = edition_in_force(self.capability, as_of, now)
        asked = Asked((), dataclasses.replace(self.capability, editions=(edition,)), self.subject, as_of, now)
        campus = self.draw(st.sampled_from(asked.campuses() or [None]))
        places = asked.places(campus)
        stranger = self.draw(st.integers(0, 19))
        story = self.plain is not None and edition.kind is not Kind.DOCUMENT
        found = checks(edition, as_of, now, self.plain) if story else contents(edition, as_of, now, ANY_EVALUATOR)
        row = Row(
            id=self.new_id(),
            subject="stranger" if stranger == 0 else campus.code if campus else HOSPITAL,
            capability="parallel" if stranger == 1 else self.capability.code,
            edition=edition.number,
            as_of=as_of,
            recorded_at=now,
            place=self.draw(st.sampled_from([p.code for p in places] or [None])),
            source=Source("visit", self.draw(st.sampled_from(["first", "second", ""]))),
            **self.draw(found),
        )
        if row.method in CONFIRMED and row.evaluator.is_outside:
            # "Confirmation is a row of the confirming evaluator that supersedes the hospital's."
            self.rows.append(dataclasses.replace(row, evaluator=Evaluator.SELF, office="self", source=Source()))
            row = dataclasses.replace(
                row, id=self.new_id(), recorded_at=now + timedelta(seconds=1), supersedes=row.id, reason="confirmed"
            )
        self.rows.append(row)

    def count(self, n: int, now: datetime) -> None:
        """The hospital counts its records, if the law takes it, and perhaps somebody outside samples it the same day."""
        as_of = day(self.draw(st.integers(max(0, n - 3), n)))
        edition = edition_in_force(self.capability, as_of, now)
        asked = Asked((), dataclasses.replace(self.capability, editions=(edition,)), self.subject, as_of, now)
        campus = self.draw(st.sampled_from(asked.campuses() or [None]))
        places = asked.places(campus)
        own = Row(
            id=self.new_id(),
            subject=campus.code if campus else HOSPITAL,
            capability=self.capability.code,
            edition=edition.number,
            as_of=as_of,
            recorded_at=now,
            method=Method.RECORDS,
            evaluator=Evaluator.SELF,
            value=self.draw(st.sampled_from(COUNTS)),
            sample=4,
            condition=self.draw(st.sampled_from([Condition.ANY, Condition.DAY])),
            place=self.draw(st.sampled_from([p.code for p in places] or [None])),
            source=Source(self.draw(st.sampled_from(["", "", "gate"]))),
            office="self",
        )
        if not may_be_counted(own, self.rows, self.capability):
            return
        self.rows.append(own)
        drawn = self.draw(st.integers(1, 4))
        held = self.draw(st.integers(0, drawn))
        sampling = dataclasses.replace(
            own, id=self.new_id(), evaluator=Evaluator.CITY, office="city", supersedes=own.id, reason="drawn",
            recorded_at=now + timedelta(seconds=1), value=own.value * Fraction(held, drawn), sample=drawn, source=Source(),
        )  # fmt: skip
        if self.draw(st.booleans()) and may_be_sampled(sampling, self.rows, self.capability):
            self.rows.append(sampling)

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
    plain = draw(st.sampled_from([None, None, None, *PALETTES]))
    subject = SubjectFacts(HOSPITAL) if plain else draw(subjects(changing))
    ledger = Ledger(draw, capability, subject, plain)
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
    return dataclasses.replace(ledger.rows[-1], id=999, supersedes=None)
