"""Who may ask the engine."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from beiji.programme.access import Role, has_city_role
from beiji.programme.models import Person, Subject


def may_ask(person: Person) -> bool:
    """The city's programme manager."""
    return has_city_role(person, Role.MANAGER)


def asker_or_404(person: Person) -> None:
    """For others the page does not exist."""
    if not may_ask(person):
        raise Http404("not his to ask")


def hospitals_of(person: Person) -> list[Any]:
    """Hospitals of which the person may ask: those that he sees."""
    return list(Subject.objects.visible_to(person).filter(kind=Subject.Kind.HOSPITAL))
