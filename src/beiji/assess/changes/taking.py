"""Taking what assessors say: one operation at a time, checked while the visit is held, kept or refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.documents import changes as documents
from beiji.programme.models import Person
from beiji.programme.writing import change, hold_row
from beiji.records import operations
from beiji.records.models import Attachment, Operation
from beiji.ui import numbers

from .. import access, asked
from ..models import Note, Visit
from ..rules.answers import Key
from ..rules.measuring import check_measurement
from ..rules.operations import FIXED_POINT, Problem, check_operation
from .visits import AssessError

KINDS = frozenset({"rate", "measure", "note", "attach", "undo", "settle"})


@change
def take_operation(*, visit: Visit, data: Any, person: Person, may_settle: bool, now: datetime) -> tuple[UUID, bool]:
    """Keep one operation of an assessor. Returns its id and whether it is new; the same one again changes nothing.

    Raises `records.operations.OperationError` or AssessError with a sentence for the person.
    """
    said = operations.parse(data, KINDS)
    if said.kind == "measure":
        said = replace(said, payload=_numbers_read(visit, said.payload, now))
    hold_row(visit)
    # What was acknowledged stays acknowledged: sent again after the lock, it is answered as the first time.
    if not Operation.objects.filter(pk=said.id, stream=visit.stream, person=person.pk).exists():
        _check_phase(visit)
        if said.kind == "settle" and not may_settle:
            raise AssessError(_("Differences are settled by the lead of the visit."))
        _check(visit, said.kind, said.payload, person, now)
        _check_against_others(visit, said, person)
    operation, is_new = operations.keep(city=visit.city_id, stream=visit.stream, said=said, person=person.pk, now=now)
    if is_new:
        _keep_words(visit, operation.pk, said.kind, said.payload, person, now)
    return operation.pk, is_new


def _check_phase(visit: Visit) -> None:
    phase = Visit.objects.values_list("phase", flat=True).get(pk=visit.pk)
    if phase == Visit.Phase.PLANNED:
        raise AssessError(_("The visit has not begun; its lead or the manager brings it into the desk review first."))
    if phase == Visit.Phase.LOCKED:
        raise AssessError(_("The visit was locked meanwhile; what you entered is kept on this device but not counted."))


def _check_against_others(visit: Visit, said: operations.Said, person: Person) -> None:
    """What depends on the other operations is asked while the visit is held: nobody adds one in between."""
    if said.kind == "undo":
        target = Operation.objects.filter(pk=said.payload["operation"], stream=visit.stream).first()
        if target is None:
            raise AssessError(_("There is nothing to take back; that entry is not known here."))
        if target.person != person.pk:
            raise AssessError(_("An entry is taken back only by whoever made it."))
        if target.kind == "undo":
            raise AssessError(_("What was taken back stays so; enter it again."))
    if said.kind == "settle":
        key = Key(said.payload["indicator"], said.payload.get("part", ""))
        standing = {word.operation for word in access.answers_of(visit).words(key)}
        if {UUID(settled) for settled in said.payload["settles"]} != standing:
            raise AssessError(_("The answers have changed since you read them; look at them again before you settle."))


def _numbers_read(visit: Visit, payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A measurement's payload with its numbers as they are kept: `typed` is read into `value`, which stays in the unit of
    the item and within its limits; a number of cases may be typed too."""
    found = dict(payload)
    if found.get("indicator") not in visit.indicators:
        return found  # refused by name in a moment
    limits = numbers.limits_of(asked.measuring_in(visit, found["indicator"], now).unit)
    try:
        if isinstance(found.get("typed"), str):
            found["value"] = format(numbers.read_number(found["typed"], limits), "f")
        elif isinstance(found.get("value"), str) and FIXED_POINT.fullmatch(found["value"]):
            numbers.within(Decimal(found["value"]), limits, found["value"])
        if isinstance(found.get("sample"), str):
            found["sample"] = int(numbers.read_number(found["sample"], numbers.SAMPLE))
    except numbers.NumberError as error:
        raise AssessError(numbers.sentence(error)) from error
    return found


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
        if not mine.exists():
            raise AssessError(_("The attachment is not known here; attach it again."))


def _refuse(problem: Problem | None) -> None:
    if problem is not None:
        raise AssessError(_(problem.sentence).format(**problem.parts))
