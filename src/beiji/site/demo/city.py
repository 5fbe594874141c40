"""The city itself: districts, subjects, institutions, people, accounts, roles, stages and the decisions on their gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from beiji.improve.models import Action, Decision
from beiji.packs.schemas.cities import City as PackCity
from beiji.packs.schemas.cities import Hospital
from beiji.packs.schemas.common import Datum, Text
from beiji.packs.schemas.story import Stage as StoryStage
from beiji.programme import changes
from beiji.programme.models import Account, City, District, Organisation, Person, Stage, Subject

from .log_ins import PASSWORD
from .plan import Plan

#: The organisation kinds of a pack and of the room are the same words.
GROUPS = {"guangling": "city", "hanjiang": "city", "econ-tech": "city"}
SPECIALISED = {"women-and-children", "infectious", "mental-health"}

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
    pack = plan.city
    city = changes.create_city(
        code=pack.id,
        names=pack.header.title.as_dict(),
        abbreviation=ABBREVIATION,
        time_zone=pack.header.time_zone,
        programme_start=plan.start,
        illustrative=pack.header.illustrative,
        pack=f"{pack.id}@{pack.version}",
        by=None,
        now=datetime.combine(plan.start, time(1, 0), UTC),
    )
    return World(city=city, plan=plan)


def people_it(world: World) -> None:
    """Subjects, institutions, people with their roles and accounts, and the stage plan."""
    pack, now = world.plan.city, world.at(world.plan.start, 2)
    districts = _districts(world.city, pack)
    for order, hospital in enumerate(pack.hospitals.values()):
        _hospital(world, hospital, districts, order, now)
    for order, subject in enumerate(pack.header.subjects, len(pack.hospitals)):
        world.subjects[subject.id] = changes.add_subject(
            city=world.city,
            code=subject.id,
            kind=subject.kind,
            names=subject.title.as_dict(),
            by=None,
            now=now,
            district=districts.get(subject.district or ""),
            order=order,
            **_position(subject.position),
        )
    for organisation in pack.organisations.values():
        world.organisations[organisation.id] = changes.add_organisation(
            city=world.city,
            code=organisation.id,
            kind=organisation.kind,
            side=organisation.side,
            names=organisation.title.as_dict(),
            by=None,
            now=now,
            subject=world.subjects.get(organisation.subject or ""),
        )
    _people(world, pack, now)
    for stage in world.plan.story.stages:
        _stage(world, stage, now)


def _districts(city: City, pack: PackCity) -> dict[str, District]:
    return {
        district.id: changes.add_district(
            city=city,
            code=district.id,
            names=district.title.as_dict(),
            order=order,
            population=district.population,
            latitude=float(district.centre.lat),
            longitude=float(district.centre.lon),
        )
        for order, district in enumerate(pack.header.districts)
    }


def _position(position: Datum | None) -> dict[str, Any]:
    return {} if position is None else {"latitude": float(position.lat), "longitude": float(position.lon)}


def _hospital(world: World, hospital: Hospital, districts: Mapping[str, District], order: int, now: datetime) -> None:
    """A hospital and its campuses, which have the class of the hospital's targets."""
    group = "specialised" if hospital.kind in SPECIALISED else GROUPS.get(hospital.district, "county")
    whole = changes.add_subject(
        city=world.city,
        code=hospital.id,
        kind=Subject.Kind.HOSPITAL,
        names=hospital.title.as_dict(),
        by=None,
        now=now,
        size=hospital.hospital_class,
        district=districts[hospital.district],
        group=group,
        short_names=hospital.short.as_dict() if hospital.short else {},
        traits={"near_chemical_park": True} if "chemical-park" in hospital.near else {},
        order=order,
        **_position(hospital.position),
    )
    world.subjects[hospital.id] = whole
    for place, campus in enumerate(hospital.campuses):
        world.subjects[campus.id] = changes.add_subject(
            city=world.city,
            code=campus.id,
            kind=Subject.Kind.CAMPUS,
            names=campus.title.as_dict(),
            by=None,
            now=now,
            parent=whole,
            size=hospital.hospital_class,
            district=districts[hospital.district],
            order=place,
            **_position(campus.position),
        )


def _people(world: World, pack: PackCity, now: datetime) -> None:
    hashed = make_password(PASSWORD)  # one hash for all: hashing forty times would take longer than the rest
    for person in pack.people.values():
        language = person.languages[0] if person.languages else "en"
        world.people[person.id] = changes.add_person(
            city=world.city,
            names=person.name.as_dict(),
            by=None,
            now=now,
            code=person.id,
            post=person.post.as_dict(),
            organisation=world.organisations[person.organisation],
            language=language.lower(),
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
