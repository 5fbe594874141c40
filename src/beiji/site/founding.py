"""A city from its pack: districts, hospitals, bodies and institutions, and the first who is let in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django_scopes import scope

from beiji.output import CommandError
from beiji.packs import Library
from beiji.packs.schemas.cities import City as PackCity
from beiji.packs.schemas.cities import Hospital
from beiji.packs.schemas.common import Datum
from beiji.programme import changes
from beiji.programme.access import today_in
from beiji.programme.identity import PlatformGrant
from beiji.programme.models import City, District, Organisation, RoleGrant, Subject
from beiji.readiness import changes as ledger
from beiji.readiness.rules.rows import LedgerError

#: The organisation kinds of a pack and of the room are the same words.
GROUPS = {"guangling": "city", "hanjiang": "city", "econ-tech": "city"}
SPECIALISED = {"women-and-children", "infectious", "mental-health"}


def make_city(pack: PackCity, start: date, now: datetime, *, abbreviation: str = "") -> City:
    """The tenant itself; `start` is the first day of the programme's month 1."""
    return changes.create_city(
        code=pack.id,
        names=pack.header.title.as_dict(),
        abbreviation=abbreviation,
        time_zone=pack.header.time_zone,
        programme_start=start,
        illustrative=pack.header.illustrative,
        pack=f"{pack.id}@{pack.version}",
        by=None,
        now=now,
    )


def stand_up(city: City, pack: PackCity, now: datetime) -> tuple[dict[str, Subject], dict[str, Organisation]]:
    """Everything that the pack says stands in the city, by the pack's codes. Runs inside the city's scope."""
    districts = _districts(city, pack)
    subjects: dict[str, Subject] = {}
    for order, hospital in enumerate(pack.hospitals.values()):
        subjects |= _hospital(city, hospital, districts, order, now)
    for order, subject in enumerate(pack.header.subjects, len(pack.hospitals)):
        subjects[subject.id] = changes.add_subject(
            city=city,
            code=subject.id,
            kind=subject.kind,
            names=subject.title.as_dict(),
            by=None,
            now=now,
            district=districts.get(subject.district or ""),
            order=order,
            **_position(subject.position),
        )
    organisations = {
        organisation.id: changes.add_organisation(
            city=city,
            code=organisation.id,
            kind=organisation.kind,
            side=organisation.side,
            names=organisation.title.as_dict(),
            by=None,
            now=now,
            subject=subjects.get(organisation.subject or ""),
        )
        for organisation in pack.organisations.values()
    }
    return subjects, organisations


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


def _hospital(
    city: City, hospital: Hospital, districts: Mapping[str, District], order: int, now: datetime
) -> dict[str, Subject]:
    """A hospital and its campuses, which have the class of the hospital's targets, by code."""
    group = "specialised" if hospital.kind in SPECIALISED else GROUPS.get(hospital.district, "county")
    whole = changes.add_subject(
        city=city,
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
    made = {hospital.id: whole}
    for place, campus in enumerate(hospital.campuses):
        made[campus.id] = changes.add_subject(
            city=city,
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
    return made


@dataclass(frozen=True)
class Newcomer:
    """Who comes first: `institution` is a code of the city's institutions."""

    name: str
    username: str
    institution: str


def bring_in(*, library: Library, code: str, start: date | None, newcomer: Newcomer, now: datetime) -> str:
    """Found a city from its pack if it is not there yet, and let an administrator in. Returns the code of the sheet.

    `start`: first day of the programme's month 1; None for the city's today. All or nothing. Raises CommandError where
    there is no such pack or institution, and ProgrammeError where the user name is taken.
    """
    with transaction.atomic():
        city = City.objects.filter(pk=code).first()
        if city is None:
            city = _found(library, code, start, now)
        elif start is not None:
            raise CommandError(f"the city {code} is there already, since {city.programme_start}; leave --start out.")
        with scope(city=code):
            office = Organisation.objects.filter(code=newcomer.institution, side=Organisation.Side.CITY).first()
            if office is None:
                known = ", ".join(
                    Organisation.objects.filter(side=Organisation.Side.CITY).values_list("code", flat=True)
                )
                raise CommandError(
                    f"{code} has no institution {newcomer.institution} of its own; choose one of {known}."
                )
            script = script_of(newcomer.name)
            person = changes.add_person(
                city=city, names={script: newcomer.name}, by=None, now=now, organisation=office, language=script.lower()
            )
            role, today = RoleGrant.Role.ADMINISTRATOR, today_in(city, now)
            changes.grant_role(person=person, role=role, since=today, by=None, now=now)
            return changes.open_account(person=person, username=newcomer.username, by=None, now=now)


def _found(library: Library, code: str, start: date | None, now: datetime) -> City:
    pack = library.cities.get(code)
    if pack is None:
        raise CommandError(f"there is no pack of a city {code}; there are {', '.join(sorted(library.cities))}.")
    city = make_city(pack, start or now.astimezone(ZoneInfo(pack.header.time_zone)).date(), now)
    with scope(city=code):
        stand_up(city, pack, now)
        try:
            ledger.load_packs(city=city, library=library, by=None, now=now)
        except LedgerError as refusal:
            raise CommandError(str(refusal)) from None
    return city


def script_of(name: str) -> str:
    """The language under which a name is kept, by its first letter that tells."""
    for sign in name:
        if "\u4e00" <= sign <= "\u9fff":
            return "zh-Hans"
        if "\u0590" <= sign <= "\u05ff":
            return "he"
    return "en"


def end_duty(username: str, now: datetime) -> None:
    """End the duty of looking after the installation that an account has. Raises CommandError where it has none."""
    grant = PlatformGrant.objects.filter(account__username=username, ended_at__isnull=True).first()
    if grant is None:
        raise CommandError(f"{username} has no duty of looking after the installation.")
    changes.end_duty(grant=grant, by=None, now=now)
