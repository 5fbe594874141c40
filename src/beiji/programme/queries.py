"""What the pages about people read."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from .models import Account, Organisation, Person, RoleGrant, Subject


def with_access(people: QuerySet[Person]) -> list[Person]:
    """People with their accounts and roles; as many queries for one as for all."""
    return list(people.prefetch_related("accounts", "grants__subject").order_by("organisation__code", "code", "id"))


def grants_of(person: Person) -> Sequence[RoleGrant]:
    """Every role that the person has or had, the latest first."""
    return list(RoleGrant.objects.filter(person=person).select_related("subject").order_by("-since", "-id"))


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
