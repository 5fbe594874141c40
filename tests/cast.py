"""The cast: a small city with two hospitals, one named person per role, and a stranger from another city.

Tests that need the whole story use the demo (fixture `demo`); everything else is quicker and clearer with these few.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django_scopes import scope

from beiji.programme import access, changes
from beiji.programme.models import City, Organisation, Person, RoleGrant, Subject

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
PASSWORD = "correct horse battery"
Role = RoleGrant.Role


def names(text: str) -> dict[str, str]:
    """The same name in all three languages, which is enough for a test."""
    return {"en": text, "zh-Hans": text, "he": text}


@dataclass
class World:
    """What the cast stands on; reach people as `world.people["manager"]`."""

    city: City
    other_city: City
    subjects: dict[str, Subject] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


#: role in the cast -> (person's code, role, subject it holds for, office)
PARTS: dict[str, tuple[str, str, str | None, str]] = {
    "administrator": ("chen-wei", Role.ADMINISTRATOR, None, "commission"),
    "manager": ("li-wen", Role.MANAGER, None, "commission"),
    "coordinator": ("zhao-min", Role.COORDINATOR, "ginkgo", "ginkgo"),
    "coordinator_other": ("wu-lan", Role.COORDINATOR, "egret", "egret"),
    "lead": ("dana-peretz", Role.LEAD, "ginkgo", "integrator"),
    "assessor": ("noam-levi", Role.ASSESSOR, "ginkgo", "integrator"),
    "translator": ("sun-yue", Role.TRANSLATOR, None, "university"),
    "leader": ("gao-yuan", Role.LEADER, None, "government"),
}


def _city(code: str) -> City:
    return changes.create_city(
        code=code,
        names=names(code.title()),
        time_zone="Asia/Shanghai",
        programme_start=date(2025, 4, 1),
        illustrative=True,
        pack="",
        by=None,
        now=NOW,
    )


def build() -> World:
    """Make the small city and its cast; and a stranger, manager of another city."""
    world = World(city=_city("yangzhou"), other_city=_city("nanjing"))
    with scope(city="yangzhou"):
        common = {"city": world.city, "by": None, "now": NOW}
        for order, (code, size) in enumerate((("ginkgo", "large"), ("egret", "large"))):
            world.subjects[code] = changes.add_subject(
                code=code, kind="hospital", names=names(code.title()), size=size, order=order, **common
            )
        for code in ("ginkgo-east", "ginkgo-west"):
            world.subjects[code] = changes.add_subject(
                code=code, kind="campus", names=names(code), size="large", parent=world.subjects["ginkgo"], **common
            )
        world.subjects["city"] = changes.add_subject(code="yangzhou", kind="city", names=names("Yangzhou"), **common)
        offices = {
            "commission": ("commission", "city"),
            "ginkgo": ("hospital", "city"),
            "egret": ("hospital", "city"),
            "integrator": ("integrator", "guest"),
            "university": ("university", "city"),
            "government": ("government", "city"),
        }
        for code, (kind, side) in offices.items():
            world.organisations[code] = changes.add_organisation(
                code=code, kind=kind, side=side, names=names(code.title()), subject=world.subjects.get(code), **common
            )
        for part, (code, role, subject, office) in PARTS.items():
            person = changes.add_person(
                code=code, names=names(code), organisation=world.organisations[office], **common
            )
            changes.grant_role(
                person=person,
                role=role,
                subject=world.subjects[subject] if subject else None,
                since=date(2026, 1, 1),
                by=None,
                now=NOW,
            )
            changes.create_account(person=person, username=code, password=PASSWORD, by=None, now=NOW)
            world.people[part] = access.enter(person, TODAY)
    with scope(city="nanjing"):
        stranger = changes.add_person(city=world.other_city, code="stranger", names=names("Stranger"), by=None, now=NOW)
        changes.grant_role(person=stranger, role=Role.MANAGER, since=date(2026, 1, 1), by=None, now=NOW)
        changes.create_account(person=stranger, username="stranger", password=PASSWORD, by=None, now=NOW)
        world.people["stranger"] = access.enter(stranger, TODAY)
    return world
