"""Lists of clauses: kept, filled from a table, tied to items and files. None of this writes a row of the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.programme.access import today_in
from beiji.programme.models import Person, Subject
from beiji.programme.versions import Outdated, next_version
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..models import Clause, ClauseFile, ClauseItem, ClauseList, LibraryFile, TableDraft
from ..planning import Row, plan_import
from ..validity import questions_of
from .errors import FoldersError


@change
def add_list(
    *, subject: Subject, title: str, language: str, inspection: date | None, by: Person, now: datetime
) -> ClauseList:
    """Begin a list of clauses of a hospital; it is empty until a table is brought in."""
    now = hold_city(subject.city_id, now)
    row = ClauseList.objects.create(
        city=subject.city, subject=subject, title=title, language=language, inspection=inspection, added_by=by.pk,
        added_at=now,
    )  # fmt: skip
    audit.write("folders.list-added", city=subject.city_id, by=by.pk, of=row, now=now)
    return row


@change
def change_list(
    *, clauses: ClauseList, title: str, language: str, inspection: date | None, by: Person, now: datetime,
    seen: int | None = None,
) -> None:  # fmt: skip
    """Correct a list's title, or say when the inspection is. Raises Outdated, FoldersError for a list that was put away."""
    now = hold_city(clauses.city_id, now)
    _still_there(clauses)
    said = {"title": title, "language": language, "inspection": inspection}
    if all(getattr(clauses, name) == value for name, value in said.items()):
        return
    next_version(clauses, seen)
    for name, value in said.items():
        setattr(clauses, name, value)
    clauses.save(update_fields=list(said))
    audit.write("folders.list-changed", city=clauses.city_id, by=by.pk, of=clauses, now=now)


@change
def end_list(*, clauses: ClauseList, by: Person, now: datetime) -> None:
    """Put a list away; files and ties of files to items stay. Raises FoldersError the second time."""
    now = hold_city(clauses.city_id, now)
    _still_there(clauses)
    clauses.ended_at, clauses.ended_by = now, by.pk
    clauses.save(update_fields=["ended_at", "ended_by"])
    audit.write("folders.list-ended", city=clauses.city_id, by=by.pk, of=clauses, now=now)


@change
def keep_table(*, clauses: ClauseList, rows: Sequence[Row], by: Person, now: datetime) -> TableDraft:
    """Keep a table that was read until its reader says yes; an older one of his for the same list goes."""
    now = hold_city(clauses.city_id, now)
    _still_there(clauses)
    TableDraft.objects.filter(clauses=clauses, by=by.pk).delete()
    return TableDraft.objects.create(
        city=clauses.city, clauses=clauses, version=clauses.version, rows=[list(row) for row in rows], by=by.pk, at=now
    )


@change
def bring_clauses(*, draft: TableDraft, by: Person, now: datetime) -> tuple[int, int, int]:
    """Make a list hold the clauses of a table: answers how many are new, changed, and not in it any more. Ties of clauses that
    stay, stay. Raises FoldersError when the list was changed since the table was read, or the table was brought in already."""
    now = hold_city(draft.city_id, now)
    clauses = draft.clauses
    _still_there(clauses)
    if not TableDraft.objects.filter(pk=draft.pk).exists():
        raise FoldersError(_("This table was brought in already."))
    try:
        next_version(clauses, draft.version)
    except Outdated:
        raise FoldersError(
            _("The list was changed since this table was read. Choose the table again; nothing was changed.")
        ) from None
    rows = [(edition, number, body) for edition, number, body in draft.rows]
    plan = plan_import(rows, Clause.objects.filter(clauses=clauses))
    order = {row: place for place, row in enumerate(rows, 1)}
    Clause.objects.bulk_create(
        [
            Clause(city_id=draft.city_id, clauses=clauses, edition=row[0], number=row[1], body=row[2], order=order[row])
            for row in plan.new
        ],
        batch_size=500,
    )
    _rewrite(clauses, plan.changed, order)
    Clause.objects.filter(pk__in=[c.pk for c in plan.gone]).update(ended_at=now)
    TableDraft.objects.filter(pk=draft.pk).delete()
    counts = len(plan.new), len(plan.changed), len(plan.gone)
    audit.write(
        "folders.clauses-brought", city=draft.city_id, by=by.pk, of=clauses, now=now, new=counts[0], changed=counts[1],
        gone=counts[2],
    )  # fmt: skip
    return counts


def _rewrite(clauses: ClauseList, changed: Sequence[tuple[Clause, Row]], order: dict[Row, int]) -> None:
    """Other words, and for all that the table holds its own order."""
    for clause, row in changed:
        clause.edition, clause.number, clause.body = row
        clause.ended_at = None
    Clause.objects.bulk_update([c for c, _row in changed], ("edition", "number", "body", "ended_at"), batch_size=500)
    moved = []
    for clause in Clause.objects.filter(clauses=clauses, ended_at__isnull=True):
        place = order.get((clause.edition, clause.number, clause.body))
        if place is not None and place != clause.order:
            clause.order = place
            moved.append(clause)
    Clause.objects.bulk_update(moved, ("order",), batch_size=500)


@change
def tie_clause(
    *, clause: Clause, on: Collection[str], off: Collection[str], by: Person, now: datetime
) -> tuple[int, int]:
    """Say which items of the standard a clause is about, and which not any more. Answers how many were tied and untied.
    Raises FoldersError for an item that the hospital is not asked."""
    now = hold_city(clause.city_id, now)
    _still_there(clause.clauses)
    standing = {tie.item: tie.pk for tie in clause.items.filter(ended_at__isnull=True)}
    new = sorted(set(on) - set(standing))
    asked = questions_of(clause.clauses.subject, today_in(clause.city, now), now) if new else {}
    for item in new:
        if item not in asked:
            raise FoldersError(_("{item} is no item that this hospital is asked.").format(item=item))
    ClauseItem.objects.bulk_create(
        ClauseItem(city_id=clause.city_id, clause=clause, item=item, by=by.pk, at=now) for item in new
    )
    gone = [key for item, key in standing.items() if item in set(off) - set(on)]
    ClauseItem.objects.filter(pk__in=gone, ended_at__isnull=True).update(ended_at=now, ended_by=by.pk)
    _note_ties(clause, len(new), len(gone), by, now)
    return len(new), len(gone)


@change
def put_files(
    *, clause: Clause, on: Collection[UUID], off: Collection[UUID], by: Person, now: datetime
) -> tuple[int, int]:
    """Put files of the library into a clause's folder by hand, and take others out of it. Answers how many of each.
    Raises FoldersError for a file that is not in the hospital's library."""
    now = hold_city(clause.city_id, now)
    _still_there(clause.clauses)
    standing = {tie.file_id: tie.pk for tie in clause.files.filter(ended_at__isnull=True)}
    new = sorted(set(on) - set(standing))
    there = LibraryFile.objects.filter(subject=clause.clauses.subject_id, ended_at__isnull=True, pk__in=new)
    if there.count() != len(new):
        raise FoldersError(_("One of these files is not in the library any more; look again."))
    ClauseFile.objects.bulk_create(
        ClauseFile(city_id=clause.city_id, clause=clause, file_id=key, by=by.pk, at=now) for key in new
    )
    gone = [key for file, key in standing.items() if file in set(off) - set(on)]
    ClauseFile.objects.filter(pk__in=gone, ended_at__isnull=True).update(ended_at=now, ended_by=by.pk)
    _note_ties(clause, len(new), len(gone), by, now)
    return len(new), len(gone)


def _note_ties(clause: Clause, tied: int, untied: int, by: Person, now: datetime) -> None:
    if tied or untied:
        audit.write("folders.clause-tied", city=clause.city_id, by=by.pk, of=clause, now=now, tied=tied, untied=untied)


def _still_there(clauses: ClauseList) -> None:
    clauses.refresh_from_db()
    if clauses.ended_at is not None:
        raise FoldersError(_("This list was put away meanwhile."))
