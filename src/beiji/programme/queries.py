"""What the pages about people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, CharField, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import BaseExpression
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf
from django_scopes import scopes_disabled

from beiji.records.models import AuditLine, Job, JobContent
from beiji.ui.languages import LANGUAGES, language_of
from beiji.ui.listing import Wish, folded

from . import access
from .grants import HOLDS, NOT_YET, TAKEN_BACK, holding, state_of
from .identity import PlatformGrant, SignedIn
from .models import Account, City, Organisation, Person, RoleGrant, Subject
from .people import matching
from .releases import Export
from .rules import CLOSED, EXPIRED, NONE, OPEN, UNCODED, WAITING

#: Files that a page lists; older ones stand in the audit.
MOST_EXPORTS = 100
#: Names of people to ask that a page of refusal holds.
MOST_CONTACTS = 2


def with_access(people: QuerySet[Person]) -> list[Person]:
    """People with their accounts and roles; as many queries for one as for all."""
    return list(people.prefetch_related("accounts", "grants__subject"))


def offices_of(people: QuerySet[Person]) -> list[Organisation]:
    """The institutions of these people."""
    return list(Organisation.objects.filter(pk__in=people.order_by().values("organisation")))


def people_fitting(people: QuerySet[Person], wish: Wish, today: date, now: datetime) -> QuerySet[Person]:
    """Those whom a list is asked for, in the order asked for; rows without a value last whichever way.

    A search looks into names, posts, institutions, staff numbers and user names.
    """
    people = matching(people, wish.search, also=_is_numbered_or_called)
    for name, code in wish.chosen.items():
        people = _chosen(people, name, code, today, now)
    order = _order(wish.sort, now)
    plain = ("organisation__code", "code", "id")
    if order is None:
        return people.order_by(*plain)
    return people.order_by(order.desc(nulls_last=True) if wish.descending else order.asc(nulls_last=True), *plain)


def _is_numbered_or_called(word: str) -> Q:
    called = Account.people.through.objects.filter(account__username__contains=word)
    return Q(staff_number__icontains=word) | Q(pk__in=called.values("person"))


def _chosen(people: QuerySet[Person], name: str, code: str, today: date, now: datetime) -> QuerySet[Person]:
    if name == "office":
        return people.filter(organisation__code=code)
    if name == "role":
        return people.filter(Exists(live_grants(today, now).filter(person=OuterRef("pk"), role=code)))
    return people.alias(way=_way_in(now)).filter(way=code)


def ways_in(people: QuerySet[Person], now: datetime) -> dict[str, int]:
    """How many sign in in which way."""
    counted = people.order_by().annotate(way=_way_in(now)).values("way").annotate(count=Count("pk"))
    return {row["way"]: row["count"] for row in counted}


def live_grants(today: date, now: datetime) -> QuerySet[RoleGrant]:
    """Roles that hold at an instant of a day."""
    rows: QuerySet[RoleGrant] = RoleGrant.objects.filter(holding(today, now))
    return rows


def _account(field: str) -> Subquery:
    return Subquery(Account.objects.filter(people=OuterRef("pk")).order_by("username").values(field)[:1])


def _way_in(now: datetime) -> BaseExpression:
    """How somebody signs in, as `pages.people.access_of` tells it."""
    accounts = Account.objects.filter(people=OuterRef("pk"))
    return Case(
        When(~Exists(accounts), then=Value(NONE)),
        When(Exists(accounts.filter(is_active=False)), then=Value(CLOSED)),
        When(~Exists(accounts.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)), then=Value(OPEN)),
        When(Exists(accounts.filter(code_until__gt=now)), then=Value(WAITING)),
        When(Exists(accounts.filter(code_until__isnull=True)), then=Value(UNCODED)),
        default=Value(EXPIRED),
        output_field=CharField(),
    )


def _order(key: str, now: datetime) -> BaseExpression | None:
    if key == "name":
        return _in_words("names")
    if key == "office":
        return _in_words("organisation__names")
    if key == "post":
        return _in_words("post")
    if key == "number":
        return NullIf(F("staff_number"), Value(""))
    if key == "access":
        return _way_in(now)
    return _account("last_login") if key == "last" else None


def _in_words(field: str) -> BaseExpression:
    """A text as `ui.languages.pick` gives it: the reader's language, else English, else whatever there is."""
    keys = dict.fromkeys((language_of().pack, "en", *(language.pack for language in LANGUAGES)))
    return Coalesce(*(NullIf(KeyTextTransform(key, field), Value("")) for key in keys))


def grants_of(person: Person) -> Sequence[RoleGrant]:
    """Every role that the person has or had, the latest first."""
    grants = RoleGrant.objects.filter(person=person).select_related("subject", "person__city", "person__organisation")
    return list(grants.order_by("-since", "-id"))


def own_roles(people: Sequence[Person], now: datetime) -> list[RoleGrant]:
    """The roles of somebody, who may be a person in several cities, that hold or will hold."""
    with scopes_disabled():
        rows = RoleGrant.objects.filter(person__in=people, ended_on__isnull=True).select_related("subject", "city")
        return [row for row in rows if state_of(row, row.city.time_zone, now) in (HOLDS, NOT_YET)]


def grants_fitting(grants: QuerySet[RoleGrant], wish: Wish, today: date, now: datetime) -> QuerySet[RoleGrant]:
    """Those that a list is asked for, the latest first. A search looks into people and approval numbers."""
    if wish.search:
        people = matching(Person.objects.all(), wish.search).order_by().values("pk")
        grants = grants.filter(Q(person__in=people) | Q(approval__icontains=wish.search))
    if side := wish.chosen.get("side"):
        grants = grants.filter(person__organisation__side=side)
    if role := wish.chosen.get("role"):
        grants = grants.filter(role=role)
    if state := wish.chosen.get("state"):
        grants = grants.filter(_in_state(state, today, now))
    return grants.order_by("-granted_at", "-id")


def _in_state(state: str, today: date, now: datetime) -> Q:
    """As `grants.state_of` tells it."""
    taken, holds = Q(ended_on__isnull=False), holding(today, now)
    if state == HOLDS:
        return holds
    if state == TAKEN_BACK:
        return taken & ~holds
    later = Q(since__gt=today) | Q(begins_at__gt=now)
    return ~taken & (later if state == NOT_YET else ~holds & ~later)


def wholes_seen_by(person: Person, until: datetime) -> list[Subject]:
    """Hospitals and bodies that a person can see with the roles that are fixed, of those that were known before an instant."""
    subjects = Subject.objects.visible_to(person).exclude(kind__in=(Subject.Kind.CAMPUS, Subject.Kind.PLACE))
    return list(subjects.filter(recorded_at__lt=until))


def deeds_of(person: Person) -> list[tuple[datetime, str]]:
    """When a person did what, as the audit knows it."""
    return list(AuditLine.objects.filter(person=person.pk).order_by("at").values_list("at", "kind"))


def newest_exports(rows: QuerySet[Export]) -> list[Export]:
    """What waits for a decision first, then the newest."""
    waits = Case(When(decided_at__isnull=True, taken_at__isnull=True, then=Value(0)), default=Value(1))
    return list(rows.order_by(waits, "-number")[:MOST_EXPORTS])


def exports_waiting() -> int:
    """How many files wait for the city's decision."""
    return Export.objects.filter(decided_at__isnull=True, taken_at__isnull=True).count()


def person_called(username: str, city: str) -> Person | None:
    """Who an account is in a city, by its user name."""
    with scopes_disabled():
        people = Person.objects.filter(city=city, accounts__username=username.lower(), erased_at__isnull=True)
        return people.select_related("city", "organisation").first()


def contacts(city: City, now: datetime) -> list[Person]:
    """Whom somebody asks who is let in nowhere: the city's managers, else its administrators."""
    today = access.today_in(city, now)
    for role in (RoleGrant.Role.MANAGER, RoleGrant.Role.ADMINISTRATOR):
        grants = live_grants(today, now).filter(city=city, role=role, subject__isnull=True)
        people = Person.objects.filter(pk__in=grants.order_by().values("person"), erased_at__isnull=True)
        if found := list(people.select_related("organisation").order_by("code", "id")[:MOST_CONTACTS]):
            return found
    return []


def institutions() -> QuerySet[Organisation]:
    """The institutions that take part."""
    rows: QuerySet[Organisation] = Organisation.objects.select_related("subject").order_by("side", "code")
    return rows


def bodies() -> QuerySet[Subject]:
    """What somebody can be coordinator of: hospitals and the bodies of the city, not their parts."""
    parts = (Subject.Kind.CAMPUS, Subject.Kind.PLACE, Subject.Kind.CITY)
    rows: QuerySet[Subject] = Subject.objects.filter(until__isnull=True).exclude(kind__in=parts)
    return rows


def account_of(person: Person) -> Account:
    """The account of somebody who has one, as it stands now."""
    account: Account = person.accounts.get()
    return account


def without_password(people: Iterable[Person]) -> list[tuple[Person, Account]]:
    """Those of these people who were let in and have not chosen a password yet, with their accounts, in the same order. An
    account that is somebody in another city too is left out: it cannot be changed from here."""
    by_key = {person.pk: person for person in people}
    with scopes_disabled():
        accounts = Account.objects.filter(people__in=list(by_key), is_active=True).annotate(owner=F("people"))
        rows = [a for a in accounts if not a.has_usable_password()]
        links = Account.people.through.objects.filter(account__in=[a.pk for a in rows])
        cities = Counter(links.values_list("account", flat=True))
    mine = {a.owner: a for a in rows if cities[a.pk] == 1}
    return [(person, mine[key]) for key, person in by_key.items() if key in mine]


def brought_by(job: Job) -> list[Person]:
    """The people whom a job let in, by institution and in the order of the table."""
    made: list[str] = JobContent.objects.filter(job=job).values_list("made", flat=True).first() or []
    order = {key: at for at, key in enumerate(made)}
    people = Person.objects.filter(pk__in=made, erased_at__isnull=True).select_related("organisation", "city")
    return sorted(people, key=lambda p: (p.organisation.code if p.organisation else "", order[str(p.pk)]))


def browsers_of(account: Account, now: datetime, lasting: timedelta) -> list[SignedIn]:
    """Where an account is signed in, the latest contact first; a session lasts so long if nobody ends it."""
    return list(SignedIn.objects.filter(account=account, begun_at__gt=now - lasting).order_by("-seen_at", "id"))


@dataclass(frozen=True)
class CityCount:
    """How large a city is, for whoever looks after the system."""

    city: City
    people: int
    accounts: int
    last_sign_in: datetime | None


def count_cities() -> list[CityCount]:
    """Every city of the installation."""
    counts = []
    with scopes_disabled():
        for city in City.objects.order_by("code"):
            people = Person.objects.filter(city=city, erased_at__isnull=True)
            accounts = Account.objects.filter(people__in=people)
            last = accounts.aggregate(last=Max("last_login"))["last"]
            counts.append(CityCount(city, people.count(), accounts.distinct().count(), last))
    return counts


@dataclass(frozen=True)
class Door:
    """An account that lets people into a city."""

    city: City
    username: str


def administrators(now: datetime) -> list[Door]:
    """Who lets people into which city today, by user names."""
    doors = []
    with scopes_disabled():
        for city in City.objects.order_by("code"):
            grants = live_grants(access.today_in(city, now), now).filter(city=city, role=RoleGrant.Role.ADMINISTRATOR)
            accounts = Account.objects.filter(people__grants__in=grants, is_active=True).distinct()
            doors += [Door(city, account.username) for account in accounts]
    return doors


def duties() -> list[PlatformGrant]:
    """Every duty of looking after the installation, those that hold first."""
    return list(
        PlatformGrant.objects.select_related("account").order_by(F("ended_at").desc(nulls_first=True), "duty", "id")
    )


def duty(key: UUID) -> PlatformGrant | None:
    """One of them."""
    return PlatformGrant.objects.filter(pk=key).first()


def cities_by_code() -> list[str]:
    """The codes of the cities."""
    return list(City.objects.order_by("code").values_list("code", flat=True))


def audit_fitting(wish: Wish) -> QuerySet[AuditLine]:
    """The audit of all cities as an address asks for it, the latest line first."""
    lines: QuerySet[AuditLine] = AuditLine._base_manager.order_by("-at", "-id")
    for word in wish.search.split():
        lines = lines.filter(Q(thing__icontains=word) | Q(kind__icontains=word))
    return lines.filter(**wish.chosen)


def audit_count() -> int:
    """How many lines there are."""
    return AuditLine._base_manager.count()


def other_records(person: Person) -> list[Person]:
    """Records that are joined to a person, and other people with one of his names."""
    own = {folded(name) for name in person.names.values() if name}
    wanted = Q(joined_to=person)
    for name in own:
        wanted |= Q(search_text__contains=name, joined_to__isnull=True)
    rows = Person.objects.filter(wanted, erased_at__isnull=True).exclude(pk=person.pk).select_related("organisation")
    return [row for row in rows if row.joined_to_id or own & {folded(name) for name in row.names.values()}]
