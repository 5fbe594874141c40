"""The only write path of this room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import uuid6
from django.utils.translation import gettext as _

from beiji.documents import changes as documents
from beiji.documents.changes import NewBlock
from beiji.programme.access import today_in
from beiji.programme.models import Person, Subject
from beiji.programme.writing import change, hold_city
from beiji.readiness.book import size_class
from beiji.records import audit
from beiji.records.refused import ChangeRefused

from .access import KIND
from .beginning import Beginning, beginning_of
from .capacity.grid import CORE
from .capacity.reading import Typed, at_place, cells_of, last_number, timetables_of
from .models import CapacityCell, CapacityTimetable, Plan


class PlanError(ChangeRefused):
    """The plan is not begun; the text is one finished, translated sentence."""


class CapacityError(ChangeRefused):
    """A number is not kept, or a timetable does not come into force; the text is one finished, translated sentence."""


class CapacityOvertaken(CapacityError):
    """Somebody else wrote into the same place meanwhile; `cell` is his."""

    def __init__(self, sentence: str, *, field: str, cell: CapacityCell) -> None:
        super().__init__(sentence, field=field)
        self.cell = cell


@change
def begin_plan(
    *, subject: Subject, hazard: str, language: str, by: Person, now: datetime,
    blocks: tuple[NewBlock, ...] | None = None,
) -> Plan:  # fmt: skip
    """Begin a hospital's plan for a family of hazards, with `blocks`, or (None) what the template says. Raises PlanError where it has one."""
    beginning = Beginning(blocks) if blocks is not None else beginning_of(hazard, language, size_class(subject))
    now = hold_city(subject.city_id, now)
    if Plan.objects.filter(subject=subject, hazard=hazard).exists():
        raise PlanError(_("The hospital has a plan for this already; go on in it."), field="hazard")
    key = uuid6.uuid7()
    document = documents.begin_document(
        city=subject.city, owner=KIND, owner_key=str(key), subject=subject, language=language,
        blocks=beginning.blocks, by=by, now=now,
    )  # fmt: skip
    plan = Plan.objects.create(
        id=key, city=subject.city, subject=subject, hazard=hazard, document=document, template=beginning.template,
        started_by=by.pk, started_at=now,
    )  # fmt: skip
    audit.write("plans.plan-begun", city=subject.city_id, by=by.pk, of=plan, now=now)
    return plan


@change
def fill_cells(*, subject: Subject, typed: Sequence[Typed], by: Person, now: datetime) -> list[CapacityCell]:
    """Write numbers into the hospital's sheet, all or none. An operation that was taken before counts once; what says the same as stands
    there is not written again. Raises CapacityError for a closed hospital, CapacityOvertaken where a place has changed since it was read."""
    now = hold_city(subject.city_id, now)
    _refuse_closed(subject, now)
    kept, number = cells_of(subject), last_number(subject)
    operations = [one.operation for one in typed]
    taken = {cell.operation: cell for cell in CapacityCell.objects.filter(subject=subject, operation__in=operations)}
    written = []
    for one in typed:
        stands = kept.get(one.place)
        if one.operation in taken or one.says_the_same_as(stands):
            written += [taken[one.operation]] if one.operation in taken else []
            continue
        theirs = stands if stands and stands.by != by.pk else None
        if theirs and one.base is not None and one.base != theirs.number:
            raise CapacityOvertaken(
                _("{place}: somebody else wrote here meanwhile. Look at the number that stands there and write again.").format(place=at_place(one.place)),
                field=one.place.name, cell=theirs,
            )  # fmt: skip
        number += 1
        cell = CapacityCell.objects.create(
            operation=one.operation, city=subject.city, subject=subject, number=number, key=one.place.key, column=one.place.column,
            value=one.value, known="" if one.value is None else one.known, by=by.pk, at=now,
        )  # fmt: skip
        kept[one.place] = cell
        written.append(cell)
    return written


@change
def put_in_force(*, subject: Subject, seen: int, by: Person, now: datetime) -> CapacityTimetable:
    """The hospital's sheet as the head saw it (`seen`: number of its last cell) is its capacity timetable from now on.

    Raises CapacityError when the hospital is closed, when something was written since, when nothing is filled or nothing is new.
    """
    now = hold_city(subject.city_id, now)
    _refuse_closed(subject, now)
    if seen != last_number(subject):
        raise CapacityError(
            _("Somebody wrote into the timetable since you opened this page; look at it as it stands now.")
        )
    filled = {place for place, cell in cells_of(subject).items() if cell.value is not None}
    if not filled.intersection(CORE):
        raise CapacityError(_("Nothing is filled yet; a timetable needs at least one of the 36 numbers."))
    last = timetables_of(subject).last()
    if last is not None and last.up_to == seen:
        sentence = _("Nothing has changed since timetable {number}, which is in force.")
        raise CapacityError(sentence.format(number=last.number))
    row = CapacityTimetable.objects.create(
        city=subject.city, subject=subject, number=last.number + 1 if last else 1, up_to=seen, by=by.pk, at=now
    )
    audit.write("plans.capacity-in-force", city=subject.city_id, by=by.pk, of=row, now=now, number=row.number)
    return row


def _refuse_closed(subject: Subject, now: datetime) -> None:
    """Read after the city is held: the hospital may have been closed since the page was opened."""
    until = Subject.objects.values_list("until", flat=True).get(pk=subject.pk)
    if until is not None and today_in(subject.city, now) >= until:
        raise CapacityError(_("The hospital is closed; its capacity timetable stays as it is."))
