"""Taking what assessors say: one operation at a time, checked while the visit is held, kept or refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.documents import changes as documents
from beiji.folders import access as library
from beiji.programme.models import Person
from beiji.programme.writing import change
from beiji.records import operations
from beiji.records.models import Attachment, Operation
from beiji.ui import numbers

from .. import asked, given
from ..models import Note, Visit
from ..rules.answers import Answers, Key
from ..rules.measuring import check_measurement
from ..rules.operations import FIXED_POINT, Problem, check_operation
from .visits import AssessError, hold_visit


class NotYetKnown(AssessError):
    """It speaks of an entry that has not arrived; perhaps it follows, so the device sends it again."""


KINDS = frozenset({"rate", "measure", "note", "attach", "undo", "settle"})


def take_operation(*, visit: Visit, data: Any, person: Person, may_settle: bool, now: datetime) -> tuple[UUID, bool]:
    """Keep one operation of an assessor. Returns its id and whether it is new; the same one again changes nothing.

    Raises `records.operations.OperationError` or AssessError with a sentence for the person.
    """
    return take_operations(visit=visit, entries=[(data, now)], person=person, may_settle=may_settle)[0]


@change
def take_operations(
    *, visit: Visit, entries: Sequence[tuple[Any, datetime]], person: Person, may_settle: bool
) -> list[tuple[UUID, bool]]:
    """Keep a queue of one assessor, all or none, in its order: operations with the instants at which they arrived.

    Returns and raises as `take_operation`. A queue costs a handful of queries, and one more for each settlement, file and
    entry taken back.
    """
    arrived = [(_read(visit, data, now), now) for data, now in entries]
    hold_visit(visit)
    # What was acknowledged stays acknowledged: sent again after the lock, it is answered as the first time.
    ids = [said.id for said, _now in arrived]
    mine = Operation.objects.filter(pk__in=ids, stream=visit.stream, person=person.pk)
    acknowledged = set(mine.values_list("pk", flat=True))
    if not acknowledged.issuperset(ids):
        _check_phase(visit)
    queue = _Queue(visit, person)
    for said, now in arrived:
        if said.id not in acknowledged:
            if said.kind == "settle" and not may_settle:
                raise AssessError(_("Differences are settled by the lead of the visit."))
            _check(visit, said.kind, said.payload, person, now)
            _check_against_others(queue, said)
        queue.add(said, now)
    return queue.written()


def _read(visit: Visit, data: Any, now: datetime) -> operations.Said:
    said = operations.parse(data, KINDS)
    return replace(said, payload=_numbers_read(visit, said.payload, now)) if said.kind == "measure" else said


class _Queue:
    """One person's operations that were checked, written together; sooner where a later one speaks of what stands."""

    def __init__(self, visit: Visit, person: Person) -> None:
        self.visit, self.person = visit, person
        self._waiting: list[tuple[operations.Said, datetime]] = []
        self._written: list[tuple[UUID, bool]] = []
        self._answers: Answers | None = None

    def add(self, said: operations.Said, now: datetime) -> None:
        if said.kind != "settle":  # a settlement changes nobody's own word
            self._answers = None
        self._waiting.append((said, now))

    def answers(self) -> Answers:
        """What stands in the visit, with what came before in this queue."""
        if self._answers is None:
            self.written()
            self._answers = given.answers_of(self.visit)
        return self._answers

    def written(self) -> list[tuple[UUID, bool]]:
        """Write what waits. Returns the id of every operation so far, and whether it is new."""
        entries, self._waiting = self._waiting, []
        city, stream = self.visit.city_id, self.visit.stream
        results = (
            operations.keep_all(city=city, stream=stream, entries=entries, person=self.person.pk) if entries else []
        )
        for (said, now), (operation, is_new) in zip(entries, results, strict=True):
            if is_new:
                _keep_words(self.visit, operation.pk, said.kind, said.payload, self.person, now)
            self._written.append((operation.pk, is_new))
        return self._written


def _check_phase(visit: Visit) -> None:
    phase = Visit.objects.values_list("phase", flat=True).get(pk=visit.pk)
    if phase == Visit.Phase.PLANNED:
        raise AssessError(_("The visit has not begun; its lead or the manager brings it into the desk review first."))
    if phase == Visit.Phase.LOCKED:
        raise AssessError(_("The visit was locked meanwhile; what you entered is kept on this device but not counted."))


def _check_against_others(queue: _Queue, said: operations.Said) -> None:
    """What depends on the other operations is asked while the visit is held: nobody adds one in between."""
    if said.kind == "undo":
        queue.written()
        target = Operation.objects.filter(pk=said.payload["operation"], stream=queue.visit.stream).first()
        if target is None:
            raise NotYetKnown(_("There is nothing to take back; that entry is not known here."))
        if target.person != queue.person.pk:
            raise AssessError(_("An entry is taken back only by whoever made it."))
        if target.kind == "undo":
            raise AssessError(_("What was taken back stays so; enter it again."))
    if said.kind == "settle":
        key = Key(said.payload["indicator"], said.payload.get("part", ""))
        standing = {word.operation for word in queue.answers().words(key)}
        if {UUID(settled) for settled in said.payload["settles"]} != standing:
            raise AssessError(_("The answers have changed since you read them; look at them again before you settle."))


def _numbers_read(visit: Visit, payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A measurement's payload with its numbers as they are kept: `typed` is read into `value`, which stays in the unit of
    the item and within its limits; a number of cases may be typed too."""
    numbers_in = dict(payload)
    if numbers_in.get("indicator") not in visit.indicators:
        return numbers_in  # refused by name in a moment
    limits = numbers.limits_of(asked.measuring_in(visit, numbers_in["indicator"], now).unit)
    try:
        if isinstance(numbers_in.get("typed"), str):
            numbers_in["value"] = format(numbers.read_number(numbers_in["typed"], limits), "f")
        elif isinstance(numbers_in.get("value"), str) and FIXED_POINT.fullmatch(numbers_in["value"]):
            numbers.within(Decimal(numbers_in["value"]), limits, numbers_in["value"])
        if isinstance(numbers_in.get("sample"), str):
            numbers_in["sample"] = int(numbers.read_number(numbers_in["sample"], numbers.SAMPLE))
    except numbers.NumberError as error:
        raise AssessError(numbers.sentence(error)) from error
    return numbers_in


def _keep_words(visit: Visit, key: UUID, kind: str, payload: Mapping[str, Any], person: Person, now: datetime) -> None:
    """What was typed with its language waits for translation: remarks, and the reasons of answers and settlements."""
    body = payload["text"] if kind == "note" else payload.get("reason", "").strip()
    if kind not in ("note", "rate", "settle") or not body or "language" not in payload:
        return
    text = documents.write_text(
        city=visit.city,
        kind="note" if kind == "note" else "rationale",
        language=payload["language"],
        body=body,
        by=person,
        now=now,
        where=f"/{visit.city_id}/assessments/{visit.pk}/items/{payload['indicator']}/",
    )
    Note.objects.create(id=key, city=visit.city, visit=visit, indicator=payload["indicator"], text=text, by=person.pk)


def _check(visit: Visit, kind: str, payload: Mapping[str, Any], person: Person, now: datetime) -> None:
    _refuse(check_operation(kind, payload, frozenset(visit.indicators)))
    if kind in ("rate", "settle", "measure"):
        allowed = asked.parts_of(visit).get(payload["indicator"], ("",))
        if payload.get("part", "") not in allowed:
            raise AssessError(
                _("{indicator} is asked for each campus or place; say which one.").format(
                    indicator=payload["indicator"]
                )
            )
    if kind == "measure":
        _refuse(check_measurement(payload, asked.measuring_in(visit, payload["indicator"], now)))
    if kind == "attach":
        mine = Attachment.objects.filter(pk=payload["attachment"], added_by=person.pk)
        picked = library.files_to_pick(person, visit.subject).filter(attachment=payload["attachment"])
        if not mine.exists() and not picked.exists():
            raise AssessError(_("The attachment is not known here; attach it again."))


def _refuse(problem: Problem | None) -> None:
    if problem is not None:
        raise AssessError(_(problem.sentence).format(**problem.parts))
