"""What pages, reports and other rooms read: standings and roll-ups as of a day, known at a moment; gaps; history.

Today's picture comes from the caches, any other from the evidence by the pure rules; both answer the same types.
Callers pass subjects that the person may see (`access.subjects_visible_to(person)`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Min

from beiji.programme.access import today_in
from beiji.programme.models import City, Organisation, Person, Subject
from beiji.programme.people import people_by_id
from beiji.records.recent import Recent

from . import caching
from .backing import Backing
from .book import Book, end_of, local, nodes_under, rows_of, size_class, subject_facts
from .methodology import Method, Question, kinds_of, not_applicable_on, standard_in_force
from .models import Capability, Coverage, Evidence, Indicator, Standing
from .rules import counting
from .rules.counting import Held, Lack
from .rules.facts import edition_in_force, targets_on
from .rules.rows import Evaluator, HospitalRollUp, Row, State
from .rules.rows import RollUp as PlainRollUp
from .rules.rows import Standing as PlainStanding
from .rules.words import Method as How

log = logging.getLogger(__name__)

UNKNOWN = PlainStanding(State.UNKNOWN, None, None, worst=())


@dataclass(frozen=True)
class Gap:
    """A question whose standing falls short. `must_pass_open`: a must-pass item that is neither in place nor met."""

    subject: Subject
    question: Question
    standing: PlainStanding
    must_pass_open: bool
    lack: Lack


@dataclass(frozen=True)
class Picture:
    """Everything the ledger says about some subjects on `day`, known at `known_at` (None: now)."""

    city: City
    day: date
    known_at: datetime
    method: Method | None
    subjects: Sequence[Subject]
    standings: Mapping[str, Mapping[str, PlainStanding]]
    questions: Mapping[str, Sequence[Question]]
    roll_ups: Mapping[str, HospitalRollUp]
    pillars: Mapping[str, Mapping[str, PlainRollUp]]
    fours: Mapping[str, Mapping[str, PlainRollUp]]
    covered: Mapping[str, frozenset[str]]
    not_applicable: Mapping[str, frozenset[str]]

    def standing(self, subject: str, capability: str) -> PlainStanding:
        """Standing of a subject and capability by their codes; unknown where nothing was ever asked."""
        return self.standings.get(subject, {}).get(capability, UNKNOWN)

    def applies(self, subject: str, question: Question) -> bool:
        """Whether the indicator applies to the subject."""
        return question.must_pass or question.code not in self.not_applicable.get(subject, frozenset())

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """Every indicator of every subject, in the order of subjects and of the standard: what `rules.counting` counts."""
        return tuple(self._held(s.code, q) for s in self.subjects for q in self.questions.get(s.code, ()))

    @cached_property
    def held_by_subject(self) -> Mapping[str, Sequence[Held]]:
        """The same rows under their subject; a subject without questions is missing."""
        return counting.by_hospital(self.held)

    @cached_property
    def tally(self) -> counting.Tally:
        """The counts over all subjects of the picture."""
        return counting.tally(self.held)

    @cached_property
    def shared_gaps(self) -> Sequence[counting.SharedGap]:
        """Gaps by indicator, what to mend first first."""
        return counting.shared_gaps(self.held)

    def _held(self, subject: str, q: Question) -> Held:
        standing = self.standing(subject, q.capability)
        misses = [p.proof for p in standing.parts if p.state is State.BELOW and p.proof is not None]
        return Held(
            hospital=subject,
            indicator=q.code,
            domain=q.domain,
            capability=q.capability,
            must_pass=q.must_pass,
            core=q.core,
            applies=self.applies(subject, q),
            state=standing.state,
            digit=standing.digit,
            proof=standing.proof,
            strict=q.strict,
            covered=q.capability in self.covered.get(subject, frozenset()),
            pillar=q.pillar,
            fours=q.fours,
            weight=q.crit_weight,
            miss=max(misses, key=lambda proof: proof.order, default=None),
            to_confirm=standing.to_confirm,
            conditions=tuple(sorted({part.condition for part in standing.worst})),
        )

    def gaps(self, subject: str) -> list[Gap]:
        """Gaps of one subject, must-pass first, worst first, then in the order of the standard."""
        whole = next(s for s in self.subjects if s.code == subject)
        questions = {q.code: q for q in self.questions.get(subject, ())}
        return [
            Gap(whole, questions[h.indicator], self.standing(subject, h.capability), h.is_open, h.lack)
            for h in counting.gaps_in_order(self.held_by_subject.get(subject, ()))
            if h.lack is not None
        ]

    def open_must_pass(self, subject: str) -> list[Held]:
        """Must-pass items of a subject that are open, in the order of the standard; unknown ones are open too."""
        return [h for h in self.held_by_subject.get(subject, ()) if h.is_open]


def picture(
    *, city: City, subjects: Iterable[Subject], now: datetime, day: date | None = None, known_at: datetime | None = None
) -> Picture:
    """The picture of these whole subjects; today as known now unless another day or moment of knowledge is given.

    A picture of what is known now is kept in the process and drawn again only after something has changed in the city.
    """
    wholes = list(subjects)
    today = today_in(city, now)
    if known_at is not None or connection.in_atomic_block:
        # What was written in this transaction may be rolled back.
        return _drawn(city, wholes, today, now, day, known_at)
    key = (city.pk, tuple(s.code for s in wholes), today, day, _changes_written(city))
    return _KEPT.get_or_make(key, lambda: _drawn(city, wholes, today, now, day, None))


#: A picture of 14 hospitals weighs about a megabyte.
MOST_KEPT = 24
_KEPT: Recent[Picture] = Recent(MOST_KEPT)


def _changes_written(city: City) -> int:
    """How many changes the city has seen. It moves in the transaction of each, so a picture is never older than it."""
    return City.objects.values_list("written", flat=True).get(pk=city.pk)


def _drawn(
    city: City, wholes: list[Subject], today: date, now: datetime, day: date | None, known_at: datetime | None
) -> Picture:
    is_present = (day is None or day == today) and known_at is None
    asked_day = day or today
    asked_known = local(known_at, city) if known_at else local(now, city)
    method = standard_in_force(city, asked_day, asked_known, of=_the_asked(wholes))
    questions = {s.code: method.questions_for(s) if method else [] for s in wholes}
    kept, cached = _from_caches(wholes, today) if is_present else ({}, False)
    standings = kept if cached else _by_rule(city, wholes, asked_day, asked_known, kept)
    excluded = not_applicable_on(wholes, method.pack.code, asked_day, asked_known) if method else {}
    roll_ups, pillars, fours = _aggregates(wholes, method, questions, standings, excluded, today if cached else None)
    return Picture(
        city=city,
        day=asked_day,
        known_at=asked_known,
        method=method,
        subjects=wholes,
        standings=standings,
        questions=questions,
        roll_ups=roll_ups,
        pillars=pillars,
        fours=fours,
        covered=_covered(wholes, asked_day, asked_known),
        not_applicable={s.code: frozenset(excluded.get(s.pk, ())) for s in wholes},
    )


def _the_asked(wholes: Sequence[Subject]) -> Subject | None:
    """Whose standard a picture is drawn by: the hospitals' as soon as one is in it, else that of the first subject."""
    return None if any(s.kind == Subject.Kind.HOSPITAL for s in wholes) else next(iter(wholes), None)


def _from_caches(wholes: Sequence[Subject], today: date) -> tuple[dict[str, dict[str, PlainStanding]], bool]:
    """Cached standings, and whether all are of today; not while the nightly pass has not run yet, or failed for some."""
    found: dict[str, dict[str, PlainStanding]] = {s.code: {} for s in wholes}
    codes = {s.pk: s.code for s in wholes}
    is_of_today = True
    for kept in Standing.objects.filter(subject__in=list(codes)).select_related("capability"):
        is_of_today = is_of_today and kept.as_of == today
        found[codes[kept.subject_id]][kept.capability.code] = caching.standing_from_cache(kept)
    return found, is_of_today


def _by_rule(
    city: City, wholes: Sequence[Subject], day: date, known_at: datetime, kept: Mapping[str, dict[str, PlainStanding]]
) -> dict[str, dict[str, PlainStanding]]:
    """Standings by the pure rule. A subject at which it fails keeps those that it had (`kept`), as the law says of the
    nightly pass, so that one hospital's fault does not take the map from all; without any it fails here too."""
    book, nodes, rows = Book(city), nodes_under(wholes), rows_of(wholes, city)
    found: dict[str, dict[str, PlainStanding]] = {}
    for s in wholes:
        try:
            found[s.code] = caching.standings_of(
                book=book,
                whole=s,
                facts=subject_facts(s, nodes[s.pk], city),
                rows=rows[s.pk],
                codes=[c for c in book.codes() if book.concerns(c, s)],
                day=day,
                known_at=known_at,
            )
        except Exception:
            if not kept.get(s.code):
                raise
            log.exception("the standings of %s in %s cannot be computed; those kept are shown", s.code, city.pk)
            found[s.code] = kept[s.code]
    return found


def _aggregates(
    wholes: Sequence[Subject], method: Method | None, questions: Mapping[str, Sequence[Question]],
    standings: Mapping[str, Mapping[str, PlainStanding]], excluded: Mapping[int, set[str]], cached_on: date | None,
) -> caching.Aggregates:  # fmt: skip
    """Roll-ups from the caches of `cached_on`, or computed: of each hospital the whole with its domains, pillars, 4S."""
    if method is None:
        return {}, {}, {}
    scored_ones = [s for s in wholes if size_class(s) in method.asks]
    if cached_on is not None:
        roll_ups = caching.kept_roll_ups(scored_ones, method.pack.code, cached_on)
        if roll_ups is not None:
            return roll_ups
    kinds = kinds_of(method)
    scored = {
        s.code: caching.score(method, questions[s.code], standings[s.code], kinds, excluded.get(s.pk, ()))
        for s in scored_ones
    }
    return (
        {code: s.hospital for code, s in scored.items()},
        {code: dict(s.pillars) for code, s in scored.items()},
        {code: dict(s.fours) for code, s in scored.items()},
    )


def _covered(wholes: Sequence[Subject], day: date, known_at: datetime) -> dict[str, frozenset[str]]:
    codes = {s.pk: s.code for s in wholes}
    found: dict[str, set[str]] = {code: set() for code in codes.values()}
    rows = Coverage.objects.filter(subject__in=list(codes), as_of__lte=day, recorded_at__lte=known_at)
    for row in rows.exclude(ended_at__lte=known_at):
        found[codes[row.subject_id]] |= set(row.capabilities)
    return {code: frozenset(covered) for code, covered in found.items()}


@dataclass(frozen=True)
class Ledger:
    """One subject and capability in full: all rows ever recorded and what the law reads them by."""

    subject: Subject
    capability: str
    book: Book
    rows: Sequence[Row]
    nodes: Sequence[Subject]

    def standing(self, day: date, known_at: datetime) -> PlainStanding:
        """The standing on a day as known."""
        facts = subject_facts(self.subject, self.nodes, self.book.city)
        return caching.standings_of(
            book=self.book,
            whole=self.subject,
            facts=facts,
            rows=self.rows,
            codes=[self.capability],
            day=day,
            known_at=known_at,
        )[self.capability]

    def targets(self, day: date, known_at: datetime) -> dict[int | None, str]:
        """Minute → target of the day, as text of the exact number."""
        edition = edition_in_force(self.book.facts(self.capability, size_class(self.subject)), day, known_at)
        return {} if edition is None else {m: str(t) for m, t in targets_on(edition, day, known_at).items()}

    def changes(self, until: date, known_at: datetime) -> list[tuple[date, PlainStanding]]:
        """Days on which state, digit or proof changed, oldest first: after each row and each lapse."""
        days = {r.as_of for r in self.rows if r.as_of <= until}
        for day in sorted(days):
            for part in self.standing(day, known_at).parts:
                if part.holds_until is not None and part.holds_until <= until:
                    days.add(part.holds_until)
        found: list[tuple[date, PlainStanding]] = []
        for day in sorted(days):
            now = self.standing(day, known_at)
            last = found[-1][1] if found else None
            if last is None or (last.state, last.digit, last.proof) != (now.state, now.digit, now.proof):
                found.append((day, now))
        return found


def ledger_of(*, city: City, subject: Subject, capability: str) -> Ledger:
    """All rows of a whole subject about a capability."""
    keys = Capability.objects.filter(code=capability).values_list("pk", flat=True)
    return Ledger(
        subject=subject,
        capability=capability,
        book=Book(city, keys, words=True),
        rows=rows_of([subject], city, [capability])[subject.pk],
        nodes=nodes_under([subject])[subject.pk],
    )


def names_of(city: City) -> dict[str, dict[str, str]]:
    """Names of campuses and places by code, and of offices by `office:code`. Two queries."""
    parts = Subject.objects.filter(city=city, kind__in=(Subject.Kind.CAMPUS, Subject.Kind.PLACE))
    names = {s.code: s.names for s in parts}
    return names | {f"office:{o.code}": o.names for o in Organisation.objects.filter(city=city)}


def texts_of(method: Method, codes: Iterable[str], size: str = "") -> dict[str, dict[str, Any]]:
    """The words of some indicators (advice, anchors, what proves them) for one class of subject. One query."""
    indicators = Indicator.objects.filter(domain__pack=method.pack, code__in=list(codes))
    return {i.code: i.texts_for(size) for i in indicators.only("code", "texts", "texts_by_size")}


def end_of_first_round(city: City, day: date, known_at: datetime | None = None) -> date | None:
    """The day on which the last hospital had its first locked assessment from outside; None while there is none.

    What lies after `day` or was not known at `known_at` (None: now) is left out. On that very day there is nothing yet
    to compare with, so the answer is None too.
    """
    outside = Evidence.objects.filter(evaluator__gt=Evaluator.SELF, source_kind="visit")
    covered = Coverage.objects.filter(as_of__lte=day, subject__kind=Subject.Kind.HOSPITAL)
    if known_at is None:
        covered = covered.filter(ended_at__isnull=True)
    else:
        outside = outside.filter(recorded_at__lte=known_at)
        covered = covered.filter(recorded_at__lte=known_at).exclude(ended_at__lte=known_at)
    rows = covered.filter(source_id__in=outside.values("source_id")).values_list("subject__code", "as_of")
    end = counting.end_of_first_round(rows)
    return None if end == day else end


__all__ = [
    "Gap",
    "Ledger",
    "Picture",
    "end_of",
    "end_of_first_round",
    "ledger_of",
    "names_of",
    "picture",
    "texts_of",
]


def first_round_of(shown: Picture, now: datetime) -> Picture | None:
    """The same hospitals at the end of the first round, as known now; None while there is no such day."""
    day = end_of_first_round(shown.city, shown.day)
    return None if day is None else picture(city=shown.city, subjects=shown.subjects, now=now, day=day)


def backing_of(evidence: Evidence) -> tuple[Backing | None, dict[UUID, Person]]:
    """What is kept beside a row typed by hand, with the people named there by their ids."""
    backing = Backing.objects.filter(evidence=evidence).first()
    return backing, people_by_id([evidence.by, backing.evaluated_by] if backing else [])


def numbers_of(rows: Iterable[int], *, measured: bool = False) -> dict[int, Fraction]:
    """Key of a row of evidence → its number, of those rows that have one; `measured`: without counts from records. One query."""
    evidence = Evidence.objects.filter(pk__in=list(rows))
    if measured:
        evidence = evidence.exclude(method=How.RECORDS)
    return {key: Fraction(value) for key, value in evidence.values_list("pk", "value") if value is not None}


def left_behind(city: City) -> list[tuple[Subject, date]]:
    """Subjects that the newest nightly pass could not renew, with the day of their standings: others stand on a later one."""
    oldest = dict(Standing.objects.filter(city=city).values_list("subject").annotate(day=Min("as_of")).order_by())
    newest = max(oldest.values(), default=None)
    late = {key: day for key, day in oldest.items() if day != newest}
    return [(s, late[s.pk]) for s in Subject.objects.filter(pk__in=late)] if late else []
