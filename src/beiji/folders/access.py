"""Who may see and do here. Whoever may open a hospital's ledger may open its library, guests without what names people; only the
hospital's own coordinator and the city's manager keep it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404

from beiji.programme.access import has_role, is_guest, subjects_where
from beiji.programme.models import Person, RoleGrant, Subject
from beiji.programme.visible import filters
from beiji.readiness.access import hospital_or_404, own_hospital, subjects_visible_to
from beiji.records import providers
from beiji.records.providers import HeldFile

from .models import Clause, ClauseList, LibraryFile, TableDraft

Role = RoleGrant.Role
READERS = (Role.MANAGER, Role.COORDINATOR, Role.LEAD, Role.ASSESSOR)
KEEPERS = (Role.MANAGER, Role.COORDINATOR)


def reads_libraries(person: Person) -> bool:
    """Has the person a role in which some hospital's library may be read?"""
    return has_role(person, *READERS)


def sees_named_people(person: Person) -> bool:
    """Files that name people are for the city's own people, never for guests."""
    return not is_guest(person)


@filters(LibraryFile)
def filter_visible(files: Any, person: Person) -> Any:
    """The one filter for lists and single files."""
    rows = files.filter(subject__in=subjects_visible_to(person))
    return rows if sees_named_people(person) else rows.filter(personal=False)


def libraries_or_404(person: Person, day: date) -> Any:
    """Hospitals and other bodies whose library the person may open; for other roles the page does not exist."""
    if not reads_libraries(person):
        raise Http404("no such page")
    return subjects_visible_to(person).on(day)


def library_or_404(person: Person, code: str) -> Subject:
    """The hospital with this code, for whoever may open its library."""
    if not reads_libraries(person):
        raise Http404("no such page")
    return hospital_or_404(person, code)


def files_seen(person: Person) -> Any:
    """Every file that the person may see, without those taken out."""
    return LibraryFile.objects.visible_to(person).filter(ended_at__isnull=True)


def files_of(person: Person, subject: Subject) -> Any:
    """Those of one library."""
    return files_seen(person).filter(subject=subject)


def files_to_pick(person: Person, subject: Subject) -> Any:
    """Those that may go into a visit: nothing that names people, since guests read what is attached there."""
    return files_of(person, subject).filter(personal=False) if reads_libraries(person) else LibraryFile.objects.none()


def file_or_404(person: Person, code: str, key: UUID) -> LibraryFile:
    """One file of a hospital's library; one that was taken out is still found by its address."""
    rows = LibraryFile.objects.visible_to(person).select_related("subject", "attachment", "city")
    found: LibraryFile | None = rows.filter(subject__code=code, pk=key).first()
    if found is None:
        raise Http404("no such file")
    return found


def may_keep(person: Person, subject: Subject) -> bool:
    """The hospital's coordinator and the city's manager add files, tie them to items and take them out."""
    return bool(subjects_where(person, Subject.objects.filter(pk=subject.pk), *KEEPERS).exists())


def kept_library_or_404(person: Person, code: str) -> Subject:
    """A hospital whose library the person keeps."""
    subject = library_or_404(person, code)
    if not may_keep(person, subject):
        raise Http404("does not keep this library")
    return subject


def kept_file_or_404(person: Person, code: str, key: UUID) -> LibraryFile:
    """A file of a library that the person keeps; that it was taken out meanwhile, the change says."""
    row = file_or_404(person, code, key)
    if not may_keep(person, row.subject):
        raise Http404("may not change this file")
    return row


def held_elsewhere(person: Person, subject: Subject) -> list[HeldFile]:
    """Files that came in with rows, visits and replies and that no file of the library is: each digest once."""
    there = set(LibraryFile.objects.filter(subject=subject, ended_at__isnull=True).values_list("sha256", flat=True))
    by_digest: dict[str, HeldFile] = {}
    for held in providers.held_files.collect(person, subject):
        if held.sha256 not in there:
            by_digest.setdefault(held.sha256, held)
    return sorted(by_digest.values(), key=lambda held: (held.day, held.name), reverse=True)


def held_file_or_404(person: Person, subject: Subject, key: str) -> HeldFile:
    """One of them, by the id of its attachment."""
    found = next((held for held in held_elsewhere(person, subject) if str(held.attachment) == key), None)
    if found is None:
        raise Http404("no such file")
    return found


@filters(ClauseList)
def filter_visible_lists(lists: Any, person: Person) -> Any:
    """Lists of clauses are the hospital's own affair and the city's: not for the visiting team, nor for guests."""
    own = subjects_where(person, subjects_visible_to(person), *KEEPERS)
    return lists.filter(subject__in=own) if sees_named_people(person) else lists.none()


def keeps_lists(person: Person) -> bool:
    """Has the person a role in which some hospital's lists of clauses are kept?"""
    return has_role(person, *KEEPERS) and sees_named_people(person)


def lists_or_404(person: Person) -> Any:
    """The lists that the person keeps, without those put away; for other roles the page does not exist."""
    if not keeps_lists(person):
        raise Http404("no such page")
    return ClauseList.objects.visible_to(person).filter(ended_at__isnull=True).select_related("subject")


def subjects_kept(person: Person, day: date) -> list[Subject]:
    """Hospitals and other bodies for which the person may begin a list."""
    return list(subjects_where(person, libraries_or_404(person, day), *KEEPERS))


def list_subject_or_404(person: Person, code: str) -> Subject:
    """A hospital for which the person may begin a list."""
    if not keeps_lists(person):
        raise Http404("no such page")
    return kept_library_or_404(person, code)


def list_or_404(person: Person, key: UUID) -> ClauseList:
    """One list; one that was put away is still found by its address."""
    rows = ClauseList.objects.visible_to(person).select_related("subject", "city")
    found: ClauseList | None = rows.filter(pk=key).first()
    if found is None:
        raise Http404("no such list")
    return found


def clause_or_404(person: Person, clauses: UUID, key: UUID) -> Clause:
    """One clause of a list that the person keeps."""
    rows = Clause.objects.filter(clauses=list_or_404(person, clauses), pk=key)
    found: Clause | None = rows.select_related("clauses__subject", "clauses__city", "city").first()
    if found is None:
        raise Http404("no such clause")
    return found


def draft_or_404(person: Person, clauses: ClauseList, key: UUID) -> TableDraft:
    """A table that this very person has read in for a list."""
    rows = TableDraft.objects.filter(clauses=clauses, pk=key, by=person.pk)
    found: TableDraft | None = rows.select_related("clauses__city", "city").first()
    if found is None:
        raise Http404("no such table")
    return found


def own_library(person: Person) -> Subject | None:
    """The hospital whose library the person keeps as its coordinator, the first of several."""
    return own_hospital(person) if sees_named_people(person) else None


def lists_before(person: Person, subject: Subject, first: date, last: date) -> list[ClauseList]:
    """A hospital's lists of which the inspection lies between two days, the nearest first."""
    rows = ClauseList.objects.visible_to(person).filter(subject=subject, ended_at__isnull=True)
    return list(rows.filter(inspection__gte=first, inspection__lte=last).order_by("inspection", "id"))
