"""One row of evidence, with what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from beiji.programme.models import Person
from beiji.programme.people import name_in, office_of
from beiji.records.providers import Origin, Remark
from beiji.ui import formats, words
from beiji.ui.languages import language_of, pick

from ..backing import Backing
from ..book import size_class, struck_off
from ..evaluators import StrikingOff
from ..models import Evidence
from ..queries import Ledger
from ..rules.counts import current_of, held_of
from ..rules.judging import rows_standing
from ..rules.recording import ended_by_right, may_end
from ..rules.rows import Evaluator, Method, Row
from . import wording
from .why import Said, said_rows

CONFIRMABLE = frozenset({Method.OWN_DRILL, Method.REAL_EVENT, Method.ROUTINE_SERIES})


@dataclass(frozen=True)
class RowPage:
    title: str
    facts: Sequence[tuple[str, str]]
    reason: Remark | None
    remarks: Sequence[Remark]
    files: Sequence[tuple[str, str]]
    origin: Origin | None
    ended: str
    crumbs: Sequence[tuple[str, str]]
    may_confirm: bool
    may_sample: bool
    may_withdraw: bool
    may_strike: bool
    struck: Remark | None
    may_lift: bool


@dataclass(frozen=True)
class Behind:
    """What a row rests on: the person who watched, remarks, files (name, address), and where it came from."""

    evaluated_by: str
    remarks: Sequence[Remark]
    files: Sequence[tuple[str, str]]
    origin: Origin | None


def behind(evidence: Evidence, backing: Backing | None, origin: Origin | None, people: Mapping[UUID, Person]) -> Behind:
    """The same for one row, from what is kept beside it; `people`: the recorder and the evaluator by id."""
    where = {"city": evidence.city_id, "row": evidence.pk}
    remarks = []
    if backing is not None and backing.note:
        remarks = [_remark(name_in(people, evidence.by), backing.note, backing.note_language)]
    return Behind(
        evaluated_by=name_in(people, backing.evaluated_by) if backing is not None else "",
        remarks=remarks,
        files=[
            (s.attachment.name, reverse("readiness:sheet", kwargs={**where, "sheet": s.attachment_id}))
            for s in evidence.sheets.select_related("attachment")
        ],
        origin=origin,
    )


def _remark(who: str, body: str, language: str) -> Remark:
    written = language_of(language or None)
    return Remark(who, body, written.pack, written.direction)


def is_count(evidence: Evidence) -> bool:
    """Whether a row is the hospital's own count from its records, which outside is sampled and not confirmed."""
    return evidence.method == Method.RECORDS and evidence.evaluator == Evaluator.SELF and not evidence.withdrawal


def recorded_by(person: Person, evaluator: Evaluator) -> str:
    """In whose name a row will stand."""
    return gettext("It will stand in the name of: %(who)s.") % {
        "who": wording.joined([office_of(person), wording.evaluator_word(evaluator)])
    }


def row_of(
    ledger: Ledger,
    evidence: Evidence,
    *,
    known_at: datetime,
    names: wording.Names,
    evaluator: Evaluator | None,
    office: str,
    behind: Behind,
    striking: StrikingOff | None,
) -> RowPage:
    """The row in words with what it rests on, and what this person's office may do with it; `striking`: its evaluator was
    struck off."""
    day = known_at.date()
    unit = evidence.edition.unit
    said = {s.row_id: s for s in said_rows(ledger, ledger.standing(day, known_at), day, known_at, unit, names)}
    row = next(r for r in ledger.rows if r.id == evidence.pk)
    shown = said.get(row.id)
    stands = row.id in {r.id for r in rows_standing(ledger.rows, known_at)}
    may = evaluator is not None and stands and may_end(office, evaluator, row)
    may_withdraw = may or (
        evaluator is not None and stands and _may_end_as_struck_off(ledger, row, office, evaluator, known_at)
    )
    is_citys = evaluator is Evaluator.CITY
    is_own = row.evaluator is Evaluator.SELF and row.method in CONFIRMABLE
    may_from_outside = may and evaluator is not None and evaluator.is_outside
    where = {"city": ledger.book.city.pk, "subject": ledger.subject.code, "capability": ledger.capability}
    return RowPage(
        title=shown.what if shown else wording.found_words(row, unit),
        facts=_facts(ledger, row, shown, behind),
        reason=_remark("", row.reason, evidence.reason_language) if row.reason else None,
        remarks=[*behind.remarks, *(behind.origin.remarks if behind.origin else ())],
        files=[*behind.files, *(behind.origin.files if behind.origin else ())],
        origin=behind.origin,
        ended=shown.ended if shown else "",
        crumbs=[(reverse("readiness:why", kwargs=where), pick(evidence.edition.titles))],
        may_confirm=may_from_outside and is_own,
        may_sample=may_from_outside and is_count(evidence) and current_of(row) > 0,
        may_withdraw=may_withdraw,
        may_strike=is_citys and striking is None and row.evaluator.is_outside and row.office != office,
        struck=_struck_words(striking) if striking is not None else None,
        may_lift=is_citys and striking is not None,
    )


def _facts(ledger: Ledger, row: Row, shown: Said | None, behind: Behind) -> list[tuple[str, str]]:
    """Who, when, how proven; what is empty is left out."""
    cases = str(row.sample) if row.sample > 1 and row.method is not Method.RECORDS else ""
    facts = [
        (gettext("Hospital"), pick(ledger.subject.names)),
        (gettext("Day"), formats.date_text(row.as_of)),
        (gettext("By whom"), shown.who if shown else ""),
        (gettext("Evaluator"), behind.evaluated_by),
        (gettext("Proof"), words.proof_word(shown.proof) if shown else ""),
        (gettext("Number of cases measured"), cases),
        *_sampled(row, ledger.rows),
        (gettext("Recorded"), formats.datetime_text(row.recorded_at)),
    ]
    return [fact for fact in facts if fact[1]]


def _sampled(row: Row, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Of a sampling: what was counted, how many were drawn, how many held."""
    counted = next((r for r in rows if r.id == row.supersedes), None)
    if row.method is not Method.RECORDS or not row.evaluator.is_outside or counted is None or row.value is None:
        return []
    of = gettext("%(current)s of %(listed)s people") % {"current": current_of(counted), "listed": counted.sample}
    return [
        (gettext("Counted by the hospital"), of),
        (gettext("Drawn"), str(row.sample)),
        (gettext("Of these, in order"), str(held_of(row, counted))),
    ]


def _may_end_as_struck_off(ledger: Ledger, row: Row, office: str, evaluator: Evaluator, now: datetime) -> bool:
    facts = ledger.book.facts(ledger.capability, size_class(ledger.subject))
    return ended_by_right(office, evaluator, row, facts, now, struck_off(ledger.book.city), withdrawal=True)


def _struck_words(striking: StrikingOff) -> Remark:
    """When and why, in the language in which it was written."""
    day = gettext("Struck off the list of evaluators on %(day)s:") % {"day": formats.date_text(striking.recorded_at)}
    return _remark(day, striking.reason, striking.reason_language)
