"""Recording, withdrawing and ending of evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from beiji.programme.models import City, Subject
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..book import (
    Book,
    exact,
    local,
    nodes_under,
    plain_drill,
    rows_of,
    size_class,
    struck_off,
    subject_facts,
)
from ..models import Capability, Coverage, Evidence, NotifiedDrill
from ..rules import recording
from ..rules.rows import Condition, Evaluator, LedgerError, Method, Notice, Row, Source
from .refresh import rewrite

BATCH = 500
NO_SOURCE = Source()


@dataclass(frozen=True, slots=True)
class Draft:
    """A row to be recorded. `subject`, `capability` and `place` are codes; numbers are exact, in the newest edition's unit.

    Exactly one of `level`, `value`, `shown`. `supersedes` is the key of a row; then `reason` is needed. `drill` is the key
    of the notified drill of which it is the record; the day of notification is that drill's, nobody types it.
    """

    subject: str
    capability: str
    method: Method
    evaluator: Evaluator
    as_of: date
    level: int | None = None
    value: Fraction | None = None
    shown: bool | None = None
    withdrawal: bool = False
    condition: Condition = Condition.ANY
    place: str | None = None
    at_min: int | None = None
    notice: Notice | None = None
    sample: int = 1
    first_day: date | None = None
    drill: UUID | None = None
    supersedes: int | None = None
    reason: str = ""
    reason_language: str = ""
    source: Source = NO_SOURCE


def record_evidence(*, city: City, draft: Draft, by: UUID | None, office: str, now: datetime) -> Evidence:
    """Record one row for `office`. Effects as `record_batch`; raises LedgerError if the law refuses it."""
    return record_batch(city=city, drafts=[draft], by=by, office=office, now=now)[0]


@change
def record_batch(
    *, city: City, drafts: Sequence[Draft], by: UUID | None, office: str, now: datetime, by_ledger: bool = False
) -> list[Evidence]:
    """Record several rows, all or none, in the order given.

    Rewrites standings and roll-ups of every subject concerned, tells the listeners and publishes one event per subject,
    all in one transaction. Raises LedgerError for the first refused row; its `position` says which one.
    """
    now = hold_city(city, now)
    if not drafts:
        return []
    desk = _Desk(city, drafts, now)
    written = desk.check_and_write(drafts, by=by, office=office, by_ledger=by_ledger)
    _finish(desk, written, by=by)
    return written


def withdraw_evidence(
    *, evidence: Evidence, evaluator: Evaluator, reason: str, by: UUID | None, office: str, now: datetime,
    reason_language: str = "",
) -> Evidence:  # fmt: skip
    """End a row for good, with a reason; the row that it superseded returns. Raises LedgerError if not allowed."""
    draft = ending(evidence, evaluator, reason, reason_language)
    return record_evidence(city=evidence.city, draft=draft, by=by, office=office, now=now)


def confirm_evidence(
    *, evidence: Evidence, evaluator: Evaluator, reason: str, by: UUID | None, office: str, now: datetime,
    reason_language: str = "",
) -> Evidence:  # fmt: skip
    """Confirm the raw record of the hospital's own drill, event or times: the same words from outside supersede it.
    Raises LedgerError if not allowed."""
    draft = ending(
        evidence,
        evaluator,
        reason,
        reason_language,
        withdrawal=False,
        level=evidence.level,
        value=None if evidence.value is None else Fraction(evidence.value) * Fraction(evidence.edition.scale),
        shown=evidence.shown,
        at_min=evidence.at_min,
        place=evidence.place.code if evidence.place else None,
        notice=Notice(evidence.notice) if evidence.notice else None,
        sample=evidence.sample,
        first_day=evidence.first_day,
        drill=evidence.drill_id,
    )
    return record_evidence(city=evidence.city, draft=draft, by=by, office=office, now=now)


@change
def record_coverage(
    *, city: City, subject: Subject, source_id: str, capabilities: Iterable[str], as_of: date, by: UUID | None,
    now: datetime,
) -> Coverage:  # fmt: skip
    """A locked assessment covered these capabilities (codes): from now on *unknown* is a gap. Call it in the
    transaction of the lock; `reopen_source` ends it."""
    now = hold_city(city, now)
    coverage = Coverage.objects.create(
        city=city,
        subject=subject,
        source_id=source_id,
        capabilities=sorted(set(capabilities)),
        as_of=as_of,
        recorded_at=now,
    )
    audit.write("readiness.covered", city=city.pk, by=by, of=subject, now=now, source=source_id)
    return coverage


@change
def reopen_source(
    *, city: City, source_id: str, evaluator: Evaluator, reason: str, by: UUID | None, office: str, now: datetime
) -> int:
    """End every row of a visit (or other source) that is reopened, also those superseded meanwhile from the same
    source; ended rows never return. Returns how many rows were ended."""
    now = hold_city(city, now)
    if not reason.strip():
        raise LedgerError("reopen-reason", "Give the reason why it is reopened.")
    Coverage.objects.filter(source_id=source_id, ended_at__isnull=True).update(ended_at=now)
    evidence = {e.pk: e for e in Evidence.objects.filter(source_id=source_id).select_related(*_RELATED)}
    if not evidence:
        return 0
    wholes = list({e.whole_id: e.whole for e in evidence.values()}.values())
    known = [row for rows in rows_of(wholes, city).values() for row in rows]
    ended = recording.rows_ended_by_reopening(known, source_id, local(now, city))
    drafts = [ending(evidence[row.id], evaluator, reason, "") for row in ended]
    desk = _Desk(city, drafts, now)
    written = desk.write(drafts, by=by, office=office)
    audit.write(
        "readiness.source-reopened",
        city=city.pk,
        by=by,
        of=f"readiness.source:{source_id}",
        now=now,
        rows=len(ended),
    )
    _finish(desk, written, by=by)
    return len(ended)


_RELATED = ("whole", "subject", "capability", "edition", "place")


def ending(evidence: Evidence, evaluator: Evaluator, reason: str, language: str, **said: Any) -> Draft:
    """A row that ends another: a withdrawal, unless `said` gives what it says instead."""
    draft = Draft(
        subject=evidence.subject.code,
        capability=evidence.capability.code,
        method=Method(evidence.method),
        evaluator=evaluator,
        as_of=evidence.as_of,
        withdrawal=True,
        condition=Condition(evidence.condition),
        supersedes=evidence.pk,
        reason=reason,
        reason_language=language,
        source=Source(evidence.source_kind, evidence.source_id, evidence.source_label),
    )
    return replace(draft, **said)


def _finish(desk: _Desk, written: list[Evidence], *, by: UUID | None) -> None:
    """Caches, listeners, one audit line and one event per subject."""
    touched: dict[int, set[str]] = {}
    for evidence in written:
        touched.setdefault(evidence.whole_id, set()).add(evidence.capability.code)
    wholes = [desk.wholes[key] for key in touched]
    rewrite(
        city=desk.city,
        wholes=wholes,
        book=desk.book,
        now=desk.now,
        by=by,
        codes=touched,
        rows=desk.rows,
        written=written,
    )
    for whole in wholes:
        rows = [e for e in written if e.whole_id == whole.pk]
        ending = all(e.withdrawal for e in rows)
        audit.write(
            "readiness.evidence-withdrawn" if ending else "readiness.evidence-recorded",
            city=desk.city.pk,
            by=by,
            of=whole,
            now=desk.now,
            first_row=rows[0].pk,
            rows=len(rows),
        )
        audit.publish(
            "readiness.evidence",
            city=desk.city.pk,
            now=desk.now,
            subject=whole.code,
            capabilities=sorted(touched[whole.pk]),
        )


class _Desk:
    """What a batch is checked against: subjects, capabilities and the rows so far. Read it while the city is held, so that
    two batches do not both read the rows before the other has written. Six queries, whatever its size, and one more
    where a row names a drill."""

    def __init__(self, city: City, drafts: Iterable[Draft], now: datetime) -> None:
        self.city, self.now = city, now
        drafts = list(drafts)
        self.subjects: dict[str, Subject] = {s.code: s for s in Subject.objects.filter(city=city)}
        by_key = {s.pk: s for s in self.subjects.values()}
        self.whole_of = {s.code: _whole(s, by_key) for s in self.subjects.values()}
        codes = {d.capability for d in drafts}
        self.capabilities = {c.code: c for c in Capability.objects.filter(code__in=codes)}
        for position, draft in enumerate(drafts):
            self._check_known(position, draft)
        self.wholes = {self.whole_of[d.subject].pk: self.whole_of[d.subject] for d in drafts}
        self.book = Book(city, [c.pk for c in self.capabilities.values()])
        self.rows = rows_of(self.wholes.values(), city, codes)
        nodes = nodes_under(self.wholes.values())
        self.facts = {key: subject_facts(whole, nodes[key], city) for key, whole in self.wholes.items()}
        self.struck_off = struck_off(city)
        named = {d.drill for d in drafts if d.drill is not None}
        drills = NotifiedDrill.objects.filter(pk__in=named).select_related("subject", "capability", "place")
        self.drills = {d.pk: plain_drill(d, city) for d in drills} if named else {}

    def _check_known(self, position: int, draft: Draft) -> None:
        if draft.subject not in self.subjects:
            raise _at(position, LedgerError("subject-unknown", "There is no subject {code}.", code=draft.subject))
        if draft.capability not in self.capabilities:
            raise _at(
                position, LedgerError("capability-unknown", "There is no capability {code}.", code=draft.capability)
            )
        if draft.place is not None and draft.place not in self.subjects:
            raise _at(position, LedgerError("place-unknown", "There is no place {code}.", code=draft.place))

    def check_and_write(
        self, drafts: Sequence[Draft], *, by: UUID | None, office: str, by_ledger: bool
    ) -> list[Evidence]:
        """Check each row against the law and all rows before it, then write all."""
        so_far: dict[tuple[int, str], list[Row]] = {}
        for key, rows in self.rows.items():
            for known in rows:
                so_far.setdefault((key, known.capability), []).append(known)
        for position, draft in enumerate(drafts):
            whole = self.whole_of[draft.subject]
            row = self._row(-1 - position, draft, by, office)
            earlier = so_far.setdefault((whole.pk, draft.capability), [])
            try:
                recording.check_row(
                    row,
                    capability=self.book.facts(draft.capability, size_class(whole)),
                    subject=self.facts[whole.pk],
                    rows=earlier,
                    by_ledger=by_ledger,
                    drill=self.drills.get(draft.drill) if draft.drill else None,
                    struck_off=self.struck_off,
                )
            except LedgerError as error:
                raise _at(position, error) from None
            earlier.append(row)
        return self.write(drafts, by=by, office=office)

    def _notified_on(self, draft: Draft) -> date | None:
        drill = self.drills.get(draft.drill) if draft.drill else None
        return drill.notified_at if drill else None

    def _edition_number(self, draft: Draft) -> int:
        edition = self.book.edition_on(draft.capability, draft.as_of, local(self.now, self.city))
        return edition.number if edition else 0

    def _row(self, key: int, draft: Draft, by: UUID | None, office: str) -> Row:
        return Row(
            id=key,
            subject=draft.subject,
            capability=draft.capability,
            edition=self._edition_number(draft),
            as_of=draft.as_of,
            recorded_at=local(self.now, self.city),
            method=draft.method,
            evaluator=draft.evaluator,
            level=draft.level,
            value=draft.value,
            shown=draft.shown,
            withdrawal=draft.withdrawal,
            at_min=draft.at_min,
            condition=draft.condition,
            place=draft.place,
            notice=draft.notice,
            sample=draft.sample,
            first_day=draft.first_day,
            notified_at=self._notified_on(draft),
            drill=str(draft.drill or ""),
            supersedes=draft.supersedes,
            reason=draft.reason,
            office=office,
            by=str(by or ""),
            source=draft.source,
        )

    def write(self, drafts: Sequence[Draft], *, by: UUID | None, office: str) -> list[Evidence]:
        """Write rows that may be written; the plain rows of the desk grow by them."""
        evidence = [self._evidence(d, by, office) for d in drafts]
        written = Evidence.objects.bulk_create(evidence, batch_size=BATCH)
        for draft, row in zip(drafts, written, strict=True):
            self.rows[row.whole_id].append(replace(self._row(row.pk, draft, by, office), id=row.pk))
        return written

    def _evidence(self, draft: Draft, by: UUID | None, office: str) -> Evidence:
        capability = self.capabilities[draft.capability]
        edition = self.book.edition_on(draft.capability, draft.as_of, local(self.now, self.city))
        return Evidence(
            city=self.city,
            whole=self.whole_of[draft.subject],
            subject=self.subjects[draft.subject],
            capability=capability,
            edition=edition,
            place=self.subjects[draft.place] if draft.place else None,
            level=draft.level,
            value=None if draft.value is None else exact(draft.value / Fraction(edition.scale)) if edition else None,
            shown=draft.shown,
            withdrawal=draft.withdrawal,
            at_min=draft.at_min,
            method=draft.method.value,
            condition=draft.condition.value,
            evaluator=int(draft.evaluator),
            notice=draft.notice.value if draft.notice else "",
            sample=draft.sample,
            as_of=draft.as_of,
            first_day=draft.first_day,
            recorded_at=self.now,
            notified_on=self._notified_on(draft),
            drill_id=draft.drill,
            supersedes_id=draft.supersedes,
            reason=draft.reason,
            reason_language=draft.reason_language,
            office=office,
            by=by,
            source_kind=draft.source.kind,
            source_id=draft.source.id,
            source_label=draft.source.label,
        )


def _whole(subject: Subject, by_key: dict[int, Subject]) -> Subject:
    while subject.kind in (Subject.Kind.CAMPUS, Subject.Kind.PLACE) and subject.parent_id is not None:
        subject = by_key[subject.parent_id]
    return subject


def _at(position: int, error: LedgerError) -> LedgerError:
    error.position = position
    return error
