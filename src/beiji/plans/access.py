"""Who may see and do here: the hospital's own people and the city's. A plan names people and weak points, so guests do not read it."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from beiji.documents.models import Document
from beiji.documents.rules import Act
from beiji.programme.access import has_role, is_guest, subjects_where
from beiji.programme.models import Person, RoleGrant, Subject

from .models import Plan

Role = RoleGrant.Role
#: How documents of plans are marked.
KIND = "plans.plan"
READERS = (Role.MANAGER, Role.COORDINATOR, Role.HEAD)
#: Who may do what: the coordinator writes and hands in, a second coordinator or the city's manager reviews, the head approves.
DOERS = {
    Act.READ_DRAFT: READERS,
    Act.COMMENT: READERS,
    Act.EDIT: (Role.COORDINATOR,),
    Act.SUBMIT: (Role.COORDINATOR,),
    Act.REVIEW: (Role.MANAGER, Role.COORDINATOR),
    Act.SEND_BACK: READERS,
    Act.APPROVE: (Role.HEAD,),
}


def reads_plans(person: Person) -> bool:
    """Has the person a role in which some hospital's plans are read?"""
    return has_role(person, *READERS) and not is_guest(person)


def _subjects(person: Person, *roles: str) -> Any:
    hospitals = Subject.objects.visible_to(person).hospitals()
    return hospitals.none() if is_guest(person) else subjects_where(person, hospitals, *roles)


def visible_documents(documents: Any, person: Person) -> Any:
    """The documents of plans that a person reads."""
    return documents.filter(subject__in=_subjects(person, *READERS))


def may(person: Person, document: Document, act: Act) -> bool:
    """Whether an act is the person's at all."""
    return bool(_subjects(person, *DOERS[act]).filter(pk=document.subject_id).exists())


def plans_or_404(person: Person) -> Any:
    """The plans that the person reads; for other roles the page does not exist."""
    if not reads_plans(person):
        raise Http404("no such page")
    return plans_visible_to(person).select_related("subject", "document", "city")


def plans_visible_to(person: Person) -> Any:
    """Plans whose document the person reads."""
    return Plan.objects.filter(document__in=Document.objects.visible_to(person))


def subjects_written_for(person: Person) -> Any:
    """Hospitals for which the person writes plans."""
    return _subjects(person, *DOERS[Act.EDIT])


def subject_or_404(person: Person, code: str) -> Subject:
    """One of them."""
    subject: Subject | None = subjects_written_for(person).filter(code=code).first()
    if subject is None:
        raise Http404("writes no plan there")
    return subject


def capacity_subjects(person: Person) -> Any:
    """Hospitals whose capacity timetable the person reads."""
    return _subjects(person, *READERS)


def fills_capacity(person: Person, subject: Subject) -> bool:
    """Does the person write the hospital's numbers?"""
    return bool(_subjects(person, Role.COORDINATOR).filter(pk=subject.pk).exists())


def heads_hospital(person: Person, subject: Subject) -> bool:
    """Does the person put the hospital's timetable in force?"""
    return bool(_subjects(person, Role.HEAD).filter(pk=subject.pk).exists())


def capacity_or_404(person: Person, code: str, *roles: str) -> Subject:
    """A hospital whose sheet the person reads, or (`roles`) on which he acts in one of these."""
    subject: Subject | None = _subjects(person, *(roles or READERS)).filter(code=code).first()
    if subject is None:
        raise Http404("no such sheet")
    return subject
