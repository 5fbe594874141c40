"""Examples in the demo city for the addresses of this room."""

from __future__ import annotations

from typing import Any

from beiji.programme import access
from beiji.programme.models import Person, RoleGrant


def _somebody() -> Any:
    """Coordinator of a hospital that nobody of the walk works in: what is done to him signs nobody out."""
    return Person.objects.filter(accounts__username="coordinator-lotus")


def _key_of(rows: Any) -> Any:
    return rows.values_list("pk", flat=True).first()


ARGUMENTS = {
    "person": lambda: _key_of(_somebody()),
    "grant": lambda: _key_of(RoleGrant.objects.filter(person=_somebody().first())),
}
DOORS = ((access, "may_let_people_in", "programme:"),)
