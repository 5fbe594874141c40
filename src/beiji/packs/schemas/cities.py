"""Cities: districts, hospitals, other subjects, people, the demo's story and the overlay (`packs/cities/*`)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from beiji.packs.schemas.common import (
    Datum,
    Day,
    Flag,
    Header,
    HospitalClass,
    Id,
    Number,
    Part,
    Text,
    Version,
    Whole,
    Word,
    either,
    refuse,
)
from beiji.packs.schemas.standards import BareValue, Exclusion, Indicator, Named, ParameterField
from beiji.packs.schemas.story import Story

Timetable = dict[Whole, Number]
if TYPE_CHECKING:
    Value = Fraction | dict[int, Fraction] | str
else:
    Value = either(BareValue, Timetable)
Minute = Literal[0, 30, 60, 120]


class Capacity(Part):
    """The dated timetable that serves as plan until plans exist: engine key → number, or number by minute."""

    as_of: Day
    src: Word | None = None
    day: dict[Word, Value]
    night: dict[Word, Value] = {}

    def value(self, key: str, *, night: bool = False, minute: int = 0) -> Fraction | str:
        """The value of an engine key at `minute` after the alert: of a timetable the last step reached."""
        value = self.night.get(key, self.day[key]) if night else self.day[key]
        if not isinstance(value, dict):
            return value
        return value[max((step for step in value if step <= minute), default=min(value))]


class District(Part):
    """A district with its census population."""

    id: Id
    title: Text
    population: Whole
    centre: Datum
    src: Word | None = None


class Campus(Part):
    """A part of a hospital at its own address."""

    id: Id
    title: Text
    position: Datum | None = None
    beds: Whole | None = None


class Hospital(Part):
    """A hospital as a subject. `near` names circumstances that make conditional items must-pass."""

    id: Id
    hospital_class: HospitalClass = Field(alias="class")
    kind: Literal[
        "general", "university", "chinese-medicine", "women-and-children", "infectious", "mental-health", "community"
    ]
    district: Word
    beds: Whole
    position: Datum
    near: tuple[Literal["chemical-park"], ...] = ()
    campuses: tuple[Campus, ...] = ()
    capacity: Capacity
    title: Text
    short: Text | None = None
    note: Text | None = None


class Subject(Part):
    """A subject that is no hospital: ambulance centre, blood station, commission, consortium, place."""

    id: Id
    kind: Literal["ambulance", "blood", "commission", "consortium", "city", "place"]
    district: Word | None = None
    parent: Word | None = None
    members: tuple[Word, ...] = ()
    position: Datum | None = None
    title: Text
    note: Text | None = None


class Organisation(Part):
    """An institution whose people work in the programme."""

    id: Id
    kind: Literal[
        "integrator", "ministry", "lead-hospital", "ambulance-service", "university", "commission", "hospital",
        "blood-station", "government",
    ]  # fmt: skip
    subject: Word | None = None
    side: Literal["city", "guest"]
    title: Text


class Grant(Part):
    """A role of a person, on the city or on one subject, dated in months of the programme (1 is the first)."""

    role: Literal["administrator", "manager", "coordinator", "head", "assessor", "lead", "translator", "leader"]
    subject: Word = "city"
    from_month: Whole = 1
    to_month: Whole | None = None


class Person(Part):
    """A fictional person of the demo."""

    id: Id
    name: Text
    organisation: Word
    post: Text
    grants: tuple[Grant, ...] = ()
    languages: tuple[Literal["en", "zh-Hans", "he"], ...] = ()
    account: Word | None = None
    team_role: Literal["assessor", "lead", "counterpart", "interpreter", "escort"] | None = None


class People(Part):
    """`people.yaml`."""

    organisations: tuple[Organisation, ...] = ()
    people: tuple[Person, ...] = ()


class Overlay(Part):
    """What a city changes in one standard; `base` is the release that it was written against, or last looked at with."""

    base: Version | None = None
    circumstances: tuple[Literal["planning-number-set", "legal-colours"], ...] = ()
    parameters: dict[Word, ParameterField] = {}
    exclude: tuple[Exclusion, ...] = ()
    add: dict[Word, tuple[Indicator, ...]] = {}

    @model_validator(mode="before")
    @classmethod
    def _parameters_stand_beside(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            refuse("P116", "needs the parameters, exclusions and additions of the city.")
        known = set(cls.model_fields)
        own = {key: part for key, part in value.items() if key not in known}
        rest = {key: part for key, part in value.items() if key in known}
        return {**rest, "parameters": {**own, **rest.get("parameters", {})}}

    @property
    def says_anything(self) -> bool:
        """Whether it changes the standard at all."""
        return bool(self.parameters or self.exclude or self.add)


class CityHeader(Header):
    """`city.yaml`."""

    kind: Literal["city"]
    version: Word = "1.0.0"
    title: Text
    illustrative: Flag
    statement: Text | None = None
    time_zone: Word
    circumstances: tuple[Literal["planning-number-set", "legal-colours"], ...] = ()
    standards: tuple[Word, ...] = ()
    districts: tuple[District, ...]
    subjects: tuple[Subject, ...] = ()
    capacity: Capacity | None = None
    overlay: dict[Word, Overlay] = {}
    sources: dict[Word, Named] = {}


class City(Part):
    """A city pack as loaded; only a demonstration has a story."""

    header: CityHeader
    hospitals: dict[str, Hospital]
    organisations: dict[str, Organisation] = {}
    people: dict[str, Person] = {}
    story: Story | None = None
    hash: Word

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def version(self) -> str:
        return self.header.version

    def subject_ids(self) -> set[str]:
        """Codes of everything the ledger may speak about in this city."""
        ids = {"city", *self.hospitals, *(subject.id for subject in self.header.subjects)}
        return ids | {campus.id for hospital in self.hospitals.values() for campus in hospital.campuses}
