"""The city itself: districts, subjects, institutions, people, accounts, roles, stages and the decisions on their gates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from beiji.improve.models import Action, Decision
from beiji.packs.schemas.cities import City as PackCity
from beiji.packs.schemas.common import Text
from beiji.packs.schemas.story import Stage as StoryStage
from beiji.programme import changes
from beiji.programme.models import Account, City, Organisation, Person, Stage, Subject

from .. import founding
from .log_ins import PASSWORD
from .plan import Plan

#: How report numbers of the demo city begin.
ABBREVIATION = "YZ"


@dataclass
class World:
    """What has been made so far, by the codes of the pack."""

    city: City
    plan: Plan
    subjects: dict[str, Subject] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    actions: dict[tuple[str, str], Action] = field(default_factory=dict)
    visit_keys: dict[tuple[int, str], str] = field(default_factory=dict)

    def at(self, day: date, hour: int = 8, minute: int = 0) -> datetime:
        """An instant on a day of the city, in UTC (16:00 in Yangzhou by default)."""
        return datetime.combine(day, time(hour, minute), UTC)

    def office(self, person: str) -> str:
        """The institution whose word it is when this person records something."""
        organisation = self.people[person].organisation
        return organisation.code if organisation else ""

    def coordinator(self, subject: str) -> Person:
        """The emergency coordinator of a hospital or other body."""
        return self.people[
            next(
                person.id
                for person in self.plan.city.people.values()
                if any(grant.role == "coordinator" and grant.subject == subject for grant in person.grants)
            )
        ]

    def director(self, subject: str) -> Person:
        """The director of a hospital, who answers for its actions."""
        return self.people[f"{subject}-director"]

    def source(self, name: str | None) -> dict[str, str]:
        """The words of a source of the city pack in every language; empty without one."""
        words = self.plan.city.header.sources.get(name or "", "")
        return words.as_dict() if isinstance(words, Text) else {}

    def key(self, person: str) -> UUID:
        return UUID(str(self.people[person].pk))


def make_city(plan: Plan) -> World:
    """The tenant with everything that stands before the first visit. Runs inside its scope, except for the city row."""
    now = datetime.combine(plan.start, time(1, 0), UTC)
    return World(city=founding.make_city(plan.city, plan.start, now, abbreviation=ABBREVIATION), plan=plan)


def people_it(world: World) -> None:
    """Subjects, institutions, people with their roles and accounts, and the stage plan."""
    pack, now = world.plan.city, world.at(world.plan.start, 2)
    world.subjects, world.organisations = founding.stand_up(world.city, pack, now)
    _people(world, pack, now)
    for stage in world.plan.story.stages:
        _stage(world, stage, now)


def _people(world: World, pack: PackCity, now: datetime) -> None:
    hashed = make_password(PASSWORD)  # one hash for all: hashing forty times would take longer than the rest
    numbers: Counter[str] = Counter()
    for person in pack.people.values():
        numbers[person.organisation] += 1
        office = world.organisations[person.organisation]
        is_hospital = office.kind == Organisation.Kind.HOSPITAL
        language = person.languages[0] if person.languages else "en"
        world.people[person.id] = changes.add_person(
            city=world.city,
            names=person.name.as_dict(),
            by=None,
            now=now,
            code=person.id,
            post=person.post.as_dict(),
            organisation=office,
            language=language.lower(),
            staff_number=f"{1000 + numbers[office.code]}" if is_hospital else "",
        )
        for grant in person.grants:
            subject = None if grant.subject == "city" else world.subjects[grant.subject]
            changes.grant_role(
                person=world.people[person.id],
                role=grant.role,
                since=world.plan.start,
                by=None,
                now=now,
                subject=subject,
            )
        if person.account:
            open_account(world.people[person.id], person.account, hashed, now)


def open_account(person: Person, username: str, hashed: str, now: datetime) -> None:
    """An account with a password that was hashed before."""
    account = changes.create_account(person=person, username=username, password=None, by=None, now=now)
    Account.objects.filter(pk=account.pk).update(password=hashed)


def _stage(world: World, stage: StoryStage, now: datetime) -> None:
    planned = changes.plan_stage(
        city=world.city,
        number=stage.number,
        names=stage.title.as_dict(),
        first_month=stage.first_month,
        last_month=stage.last_month,
        work=[text.as_dict() for text in stage.work],
        conditions=[
            {
                "code": condition.code,
                "text": condition.text.as_dict(),
                "check": condition.check or "",
                "parameters": plain(condition.parameters),
            }
            for condition in stage.gate
        ],
        by=None,
        now=now,
    )
    assert isinstance(planned, Stage)


def decide_gates(world: World) -> None:
    """The steering group's decisions that lie before today."""
    for stage in world.plan.story.stages:
        decision = stage.decision
        if decision is None or world.plan.day(decision) >= world.plan.today:
            continue
        row = Stage.objects.get(number=stage.number)
        changes.decide_gate(
            stage=row,
            passed=decision.passed,
            open_conditions=[condition for condition in row.conditions.all() if condition.code in decision.open],
            decided_on=world.plan.day(decision),
            note=decision.note.as_dict(),
            by=world.key(decision.by),
            now=world.at(world.plan.day(decision)),
        )


def plain(value: Any) -> Any:
    """Numbers of a pack as JSON can hold them: whole numbers stay whole, others become floats."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, str | bool | int) or value is None:
        return value
    return float(Fraction(value))
