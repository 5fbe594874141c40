"""Who may see a visit, rate in it, settle and lock it; and the selectors of this room."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from beiji.programme.access import Role, has_city_role, subject_ids_of
from beiji.programme.models import Person, Subject
from beiji.records.models import Operation

from .models import Member, Visit
from .querysets import VisitQuerySet
from .rules.answers import Answers, Op, project

RATERS = (Member.Post.LEAD, Member.Post.ASSESSOR)


def filter_visible(visits: VisitQuerySet, person: Person) -> VisitQuerySet:
    """The one filter for lists and single visits: whoever may see the subject may see its visits."""
    return visits.filter(subject__in=Subject.objects.visible_to(person))


def visits_of(person: Person) -> VisitQuerySet:
    """Visits for lists, with what a line needs."""
    return Visit.objects.visible_to(person).select_related("subject").prefetch_related("members__person")


def visit_or_404(person: Person, key: UUID) -> Visit:
    """One visit if the person may see it; else it does not exist for him."""
    visit = (
        Visit.objects.visible_to(person)
        .select_related("subject", "city")
        .prefetch_related("members__person")
        .filter(pk=key)
        .first()
    )
    if visit is None:
        raise Http404("no such visit")
    return visit


def member_of(person: Person, visit: Visit) -> Member | None:
    """The person's place on the team, if any."""
    return next((m for m in visit.members.all() if m.person_id == person.pk), None)


def _role_holds(person: Person, visit: Visit, *roles: str) -> bool:
    """Does the person hold a dated role on the visited subject today? After the visit's last day it is gone."""
    return visit.subject_id in subject_ids_of(person, *roles) or has_city_role(person, *roles)


def may_rate(person: Person, visit: Visit) -> bool:
    """Leads and assessors of an open visit, while their role on its subject lasts; the coordinator in a self-rating."""
    member = member_of(person, visit)
    if member is None or not member.rates or visit.phase in (Visit.Phase.LOCKED, Visit.Phase.PLANNED):
        return False
    return _role_holds(person, visit, Role.LEAD, Role.ASSESSOR, Role.COORDINATOR, Role.MANAGER)


def may_settle(person: Person, visit: Visit) -> bool:
    """The lead of the visit's own team."""
    member = member_of(person, visit)
    return member is not None and member.post == Member.Post.LEAD and may_rate(person, visit)


def may_reopen(person: Person, visit: Visit) -> bool:
    """The lead while the role lasts, or the city's manager."""
    member = member_of(person, visit)
    leads = (
        member is not None
        and member.post == Member.Post.LEAD
        and _role_holds(person, visit, Role.LEAD, Role.COORDINATOR)
    )
    return visit.phase == Visit.Phase.LOCKED and (leads or may_plan(person))


def may_plan(person: Person) -> bool:
    """Visits are planned by the city's programme manager."""
    return has_city_role(person, Role.MANAGER)


def may_reply(person: Person, visit: Visit) -> bool:
    """The coordinator of the visited hospital, in the phase of the reply."""
    return visit.phase == Visit.Phase.REPLY and visit.subject_id in subject_ids_of(person, Role.COORDINATOR)


def operations_of(visits: Iterable[Visit]) -> dict[str, list[Op]]:
    """Kept operations of some visits, by stream; one query."""
    streams: dict[str, list[Op]] = {visit.stream: [] for visit in visits}
    for o in Operation.objects.filter(stream__in=list(streams)):
        streams[o.stream].append(Op(o.pk, o.person, o.device, o.seq, o.kind, o.made_at, o.payload))
    return streams


def answers_of(visit: Visit) -> Answers:
    """What stands in a visit now."""
    return project(operations_of([visit])[visit.stream])


def answers_shown_to(person: Person, visit: Visit, answers: Answers) -> Answers:
    """What an assessor may see: the other assessors' word on a key only once the own word on it is in.

    Leads settling differences and people who do not rate see all, but not before the visit has left the ward.
    """
    member = member_of(person, visit)
    if member is not None and member.rates and visit.phase in (Visit.Phase.DESK, Visit.Phase.ON_SITE):
        hidden = [key for key, given in answers.by_key.items() if person.pk not in given]
        for key in hidden:
            del answers.by_key[key]
    elif visit.phase in (Visit.Phase.DESK, Visit.Phase.ON_SITE) and member is None and not may_plan(person):
        answers.by_key.clear()
    return answers


def people_to_choose() -> QuerySet[Person]:
    """People of the city who can join a team."""
    people: QuerySet[Person] = (
        Person.objects.filter(erased_at__isnull=True).select_related("organisation").order_by("code")
    )
    return people
