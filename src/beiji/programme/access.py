"""Who may see and do. A role is a dated row; everything else asks this module, nothing reads roles elsewhere.

Live roles are read once per request and kept on the person object (`live_roles`), so a page asks the database once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django_scopes import scopes_disabled

from beiji.records import live
from beiji.records.models import Job, Notice
from beiji.records.notices import unread_of
from beiji.ui.days import Days

from .grants import FROM_ABROAD, holding
from .identity import NoticeChoice, PlatformGrant
from .models import City, Organisation, Person, RoleGrant, Subject
from .releases import Export
from .rules import BRING
from .visible import filters

if TYPE_CHECKING:
    from .querysets import SubjectQuerySet

Role = RoleGrant.Role
#: Roles that see every subject of the city. The administrator lets people in and reads nothing of what they write.
CITY_WIDE: frozenset[str] = frozenset({Role.MANAGER})


@dataclass(frozen=True)
class LiveRole:
    """A role that holds today; `subject_id` is None for the whole city. `source` is kept where the role opens nothing but
    what gave it: the write-up of a visit opens that visit."""

    role: str
    subject_id: int | None
    source: str = ""


def today_in(city: City, now: datetime) -> date:
    """The date that the city's wall calendar shows at an instant."""
    return now.astimezone(ZoneInfo(city.time_zone)).date()


def city_time(city: City) -> AbstractContextManager[None]:
    """While it is open, every moment is written as the city's wall clock shows it (`ui.formats`)."""
    opened: AbstractContextManager[None] = timezone.override(ZoneInfo(city.time_zone))
    return opened


def time_of(people: Sequence[Person]) -> AbstractContextManager[None]:
    """The wall clock of a person's only city; where he is in several or none, the moments stay as they are."""
    cities = {person.city_id for person in people}
    return city_time(people[0].city) if len(cities) == 1 else nullcontext()


def days_of(city: City) -> Days:
    """The days that the city's programme can mean, for forms and addresses."""
    return Days.around(city.programme_start)


def roles_of(grants: Iterable[RoleGrant]) -> tuple[LiveRole, ...]:
    """What grants give while they hold, in a steady order."""
    return _roles((grant.role, grant.subject_id, grant.source) for grant in grants)


def _roles(given: Iterable[tuple[str, int | None, str]]) -> tuple[LiveRole, ...]:
    roles = {LiveRole(role, subject, source if role == Role.WRITE_UP else "") for role, subject, source in given}
    return tuple(sorted(roles, key=lambda r: (r.role, r.subject_id or 0, r.source)))


def roles_on(person: Person, day: date, now: datetime | None = None) -> tuple[LiveRole, ...]:
    """The roles of a person that hold on a day and at an instant of it; without the instant, those given by days alone."""
    grants = RoleGrant.objects.filter(holding(day, now), person=person).order_by()
    return _roles(grants.values_list("role", "subject_id", "source"))


def who_holds(day: date, roles: Iterable[str], subjects: Iterable[int | None] = (None,)) -> dict[int | None, set[UUID]]:
    """Who holds one of these roles on a day, by the subject on which (None: the whole city). One query."""
    wanted = set(subjects)
    grants = RoleGrant.objects.filter(holding(day, None), role__in=list(roles))
    named = Q(subject__in=[key for key in wanted if key is not None])
    grants = grants.filter(named | Q(subject__isnull=True) if None in wanted else named)
    holders: dict[int | None, set[UUID]] = {key: set() for key in wanted}
    for subject, person in grants.values_list("subject_id", "person_id"):
        holders[subject].add(person)
    return holders


def enter(person: Person, day: date, now: datetime | None = None) -> Person:
    """Fix the person's live roles for the rest of a request, task or command."""
    return act_as(person, roles_on(person, day, now))


def act_as(person: Person, roles: tuple[LiveRole, ...]) -> Person:
    """Fix these roles; what a grant opened, or would open, is looked up with its roles alone."""
    person.live_roles = roles  # type: ignore[attr-defined]
    return person


def live_roles(person: Person) -> tuple[LiveRole, ...]:
    """Roles fixed by `enter`. Raises PermissionError when nobody has: forgetting it must not open a door."""
    roles: tuple[LiveRole, ...] | None = getattr(person, "live_roles", None)
    if roles is None:
        raise PermissionError("the person's roles were not read; call programme.access.enter first")
    return roles


def has_role(person: Person, *roles: str) -> bool:
    """Does the person hold one of these roles, on the city or on any subject?"""
    return any(live.role in roles for live in live_roles(person))


def has_city_role(person: Person, *roles: str) -> bool:
    """Does the person hold one of these roles on the whole city?"""
    return any(live.role in roles and live.subject_id is None for live in live_roles(person))


def subject_ids_of(person: Person, *roles: str) -> set[int]:
    """Subjects on which the person holds one of these roles (not their parts)."""
    return {live.subject_id for live in live_roles(person) if live.role in roles and live.subject_id is not None}


def sources_of(person: Person, role: str) -> set[str]:
    """What gave the person a role that opens nothing but that, e.g. `visit:<uuid>` for a write-up."""
    return {live.source for live in live_roles(person) if live.role == role}


def _of_or_under(subject_ids: Iterable[int]) -> Q:
    ids = list(subject_ids)
    return Q(pk__in=ids) | Q(parent__in=ids) | Q(parent__parent__in=ids)


@filters(Subject)
def filter_visible_subjects(subjects: SubjectQuerySet, person: Person) -> SubjectQuerySet:
    """The one filter for lists and single subjects: the whole city for its managers, named subjects with parts for others."""
    if any(live.role in CITY_WIDE and live.subject_id is None for live in live_roles(person)):
        return subjects
    named = subject_ids_of(person, Role.COORDINATOR, Role.HEAD, Role.ASSESSOR, Role.LEAD, Role.MANAGER)
    return subjects.filter(_of_or_under(named)) if named else subjects.none()


def subjects_where(person: Person, subjects: SubjectQuerySet, *roles: str) -> SubjectQuerySet:
    """Subjects on which the person may act in one of these roles: the city-wide ones everywhere, others with parts."""
    if has_city_role(person, *roles):
        return subjects
    return subjects.filter(_of_or_under(subject_ids_of(person, *roles)))


def people_of(account: Any) -> QuerySet[Person]:
    """Every person an account is, over all cities, each with the number of his unread notices (`unread`); the only query
    that crosses cities, used to choose one at sign-in."""
    with scopes_disabled():
        people: QuerySet[Person] = Person.objects.filter(accounts=account, erased_at__isnull=True)
        return people.select_related("city", "organisation").annotate(unread=unread_of("pk"))


def signed_in_as(account: Any) -> list[tuple[str, UUID | None]]:
    """City and person under which an account acts, for the audit; where it is nobody in a city, one line without either."""
    pairs: list[tuple[str, UUID | None]] = [(person.city_id, person.pk) for person in people_of(account)]
    return pairs or [("", None)]


def duty_of(account: Any) -> PlatformGrant | None:
    """The duty of looking after the installation that an account has now."""
    grant: PlatformGrant | None = (
        PlatformGrant.objects.filter(account=account.pk, ended_at__isnull=True).select_related("account").first()
    )
    return grant


def duty_or_404(account: Any, *duties: str) -> PlatformGrant:
    """The account's duty where it is one of these; for everybody else the page does not exist."""
    grant = duty_of(account)
    if grant is None or grant.duty not in duties:
        raise Http404("no such page")
    return grant


def is_guest(person: Person) -> bool:
    """Whether the person belongs to no institution of the city's own."""
    return person.organisation is None or person.organisation.side != Organisation.Side.CITY


def may_take_files(person: Person) -> bool:
    """Whether anything may leave with the person: from abroad nothing does."""
    return any(live.role not in FROM_ABROAD for live in live_roles(person))


def exports_or_404(reader: Person) -> QuerySet[Export]:
    """Files that left or were asked for: everybody's for the city's managers, one's own for the others."""
    if not may_take_files(reader):
        raise Http404("exports")
    rows: QuerySet[Export] = Export.objects.all()
    return rows if may_give_grants(reader) else rows.filter(person=reader)


def asker_or_404(reader: Person) -> None:
    """A guest asks for a file; the city's own take theirs."""
    if not (is_guest(reader) and may_take_files(reader)):
        raise Http404("asks for nothing")


def export_to_decide_or_404(reader: Person, key: UUID) -> Export:
    """A file on which the reader decides for the city."""
    giver_or_404(reader)
    export: Export | None = Export.objects.filter(pk=key).first()
    if export is None:
        raise Http404("export")
    return export


def may_see_grants(person: Person) -> bool:
    """Who has which access is known to the city's managers and administrators."""
    return has_city_role(person, Role.MANAGER, Role.ADMINISTRATOR)


def may_give_grants(person: Person) -> bool:
    """The city's manager gives guests their access; the administrator, who lets them in, does not."""
    return has_city_role(person, Role.MANAGER)


def grants_or_404(reader: Person) -> QuerySet[RoleGrant]:
    """Every grant of the city's people, for those who look after access; for others the page does not exist."""
    if not may_see_grants(reader):
        raise Http404("grants")
    grants: QuerySet[RoleGrant] = RoleGrant.objects.filter(person__erased_at__isnull=True)
    return grants.select_related("person__organisation", "person__city", "subject", "city")


def grant_to_end_or_404(reader: Person, key: UUID) -> RoleGrant:
    """One of them, for those who may end it."""
    grant: RoleGrant | None = grants_or_404(reader).filter(pk=key).first()
    if grant is None or not may_end_grants_of(reader, grant.person):
        raise Http404("grant")
    return grant


def may_end_grants_of(reader: Person, person: Person) -> bool:
    """An administrator ends everybody's, a manager those of guests."""
    return may_let_people_in(reader) or (may_give_grants(reader) and is_guest(person))


def giver_or_404(reader: Person) -> None:
    """The page on which a guest is given access."""
    if not may_give_grants(reader):
        raise Http404("grant")


def switches_or_404(reader: Person) -> None:
    """What the city allows guests at all is switched by its administrator, not by the manager who gives the grants."""
    if not may_let_people_in(reader):
        raise Http404("switches")


def holder_or_404(reader: Person, key: UUID) -> Person:
    """Somebody of the city whose access the reader looks after."""
    if not may_see_grants(reader):
        raise Http404("person")
    person: Person | None = (
        Person.objects.filter(pk=key, erased_at__isnull=True).select_related("organisation", "city").first()
    )
    if person is None:
        raise Http404("person")
    return person


def holder_to_explain_or_404(reader: Person, key: UUID) -> Person:
    """The same, for those who may know what the city holds: whether an address opens tells that something is there."""
    giver_or_404(reader)
    return holder_or_404(reader, key)


def may_let_people_in(person: Person) -> bool:
    """People, accounts and roles are kept by the city's administrators."""
    return has_city_role(person, Role.ADMINISTRATOR)


def people_or_404(reader: Person) -> QuerySet[Person]:
    """Everybody of the city's programme once, for its administrators; for others the page does not exist."""
    return _records(reader).filter(joined_to__isnull=True)


def people_beside(reader: Person, person: Person) -> QuerySet[Person]:
    """Everybody but one: with whose record his may be joined."""
    return people_or_404(reader).exclude(pk=person.pk)


def _records(reader: Person) -> QuerySet[Person]:
    if not may_let_people_in(reader):
        raise Http404("people")
    people: QuerySet[Person] = Person.objects.filter(erased_at__isnull=True)
    return people.select_related("organisation", "city", "joined_to")


def person_or_404(reader: Person, key: UUID) -> Person:
    """One of them, or a record that was joined to one of them."""
    person: Person | None = _records(reader).filter(pk=key).first()
    if person is None:
        raise Http404("person")
    return person


def grant_or_404(reader: Person, person: Person, key: UUID) -> RoleGrant:
    """One of the person's roles."""
    if not may_let_people_in(reader):
        raise Http404("grant")
    grant: RoleGrant | None = (
        RoleGrant.objects.filter(person=person, pk=key).select_related("city", "person__city").first()
    )
    if grant is None:
        raise Http404("grant")
    return grant


def work_of(reader: Person) -> QuerySet[Job]:
    """Work in the background, newest first: what the person started, for administrators all of the city."""
    rows: QuerySet[Job] = Job.objects.filter(city=reader.city_id)
    return rows if may_let_people_in(reader) else rows.filter(person=reader.pk)


def work_or_404(reader: Person, key: UUID) -> Job:
    """One piece of it."""
    job = work_of(reader).filter(pk=key).first()
    if job is None:
        raise Http404("work")
    return job


def heard_work(reader: Person, keys: Sequence[str]) -> Iterable[str]:
    """Of these keys those of work that the person may see."""
    return map(str, work_of(reader).filter(pk__in=live.uuids(keys)).values_list("pk", flat=True))


def table_or_404(reader: Person, key: UUID) -> Job:
    """A table of people that was brought in, for those who may let people in."""
    people_or_404(reader)
    job = work_of(reader).filter(pk=key, kind=BRING, state=Job.State.DONE).first()
    if job is None:
        raise Http404("table")
    return job


def notice_or_404(reader: Person, key: int) -> Notice:
    """Something that the reader was told."""
    row: Notice | None = Notice.objects.filter(person=reader.pk, pk=key).first()
    if row is None:
        raise Http404("notice")
    return row


def choice_of(person: Person) -> NoticeChoice:
    """What a person wants to be told; the defaults where he has chosen nothing."""
    choice: NoticeChoice | None = NoticeChoice.objects.filter(person=person).first()
    return choice or NoticeChoice(person=person)


def may_come_in(person: Person, now: datetime) -> bool:
    """Does the person hold a role now, and an account that is open?"""
    is_open: bool = person.accounts.filter(is_active=True).exists()
    return is_open and bool(roles_on(person, today_in(person.city, now), now))
