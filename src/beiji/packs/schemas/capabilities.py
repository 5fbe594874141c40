"""Capabilities: what the ledger counts (`packs/capabilities/*/*.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator

from beiji.packs.problems import did_you_mean
from beiji.packs.schemas.common import (
    HOSPITAL_CLASSES,
    Day,
    Flag,
    Header,
    Id,
    Number,
    Part,
    SizeClass,
    Text,
    Whole,
    Word,
    either,
    refuse,
)
from beiji.packs.schemas.declared import Release

Condition = Literal["day", "night", "holiday"]
Proof = Literal["stated", "seen", "exercised", "performed"]
How = Literal["value", "share_of_baseline", "by_level"]

UNITS: tuple[str, ...] = (
    "min", "s", "h", "days", "share", "casualties", "teams", "places", "rooms", "machines", "people", "beds", "units",
    "lanes", "vehicles", "sets", "kits", "stretchers", "patients", "litres", "drills", "shifts", "posts", "points",
)  # fmt: skip


def _unit(value: Any) -> Any:
    if value is not None and value not in UNITS:
        words = {
            "minutes": "min",
            "minute": "min",
            "mins": "min",
            "seconds": "s",
            "sec": "s",
            "hours": "h",
            "%": "share",
        }
        hint = f" Did you mean {words[value]}?" if value in words else did_you_mean(str(value), UNITS)
        refuse("P103", f'"{value}" is not a unit of the packs.{hint or " Use one of: " + ", ".join(UNITS) + "."}')
    return value


Unit = Annotated[str, BeforeValidator(_unit)]


class Feed(Part):
    """What a capability tells the engine: a key of the engine's register and how the value is used."""

    key: Word
    how: How = "value"
    levels: dict[Whole, Number] = {}
    src: Word | None = None


def _feeds(value: Any) -> Any:
    if value == "none" or value is None:
        return ()
    if isinstance(value, Mapping):
        return (value,)
    if isinstance(value, list | tuple):
        return value
    return refuse("P116", f'"{value}" says not what it feeds. Write {{key: …, how: value}}, or none with a because.')


def _target(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value
    return refuse("P145", "needs a line for each class: large, tertiary, county and small.")


if TYPE_CHECKING:
    Target = Fraction | dict[int, Fraction]
    ByClass = Fraction | dict[str, Fraction]
    Named = str | Text
else:
    Target = either(Number, dict[Whole, Number])
    ByClass = either(Number, dict[SizeClass, Number])
    Named = either(Word, Text)
"""One number, or a number for each of the minutes 0, 30, 60 and 120 since the alert (`at_min`)."""


class Capability(Part):
    """Something a subject must be able to do, with its measure. Numbers are exact fractions in `unit`.

    `asked_of`: classes of subject that are asked for something without a target; hospitals unless it says otherwise.
    A quantity is asked of the classes that it has a target for. `by_records`: a share that may be counted from records.
    `not_asked`: why no indicator of a standard reads it.
    """

    id: Id
    edition: Whole = 1
    effective: Day | None = None
    raises: Flag = True
    kind: Literal["quantity", "observed", "document"]
    unit: Unit | None = None
    better: Literal["lower", "higher"] | None = None
    target: Annotated[dict[SizeClass, Target], BeforeValidator(_target)] = {}
    target_src: Named | None = None
    zero_at: ByClass | None = None
    percentile: Whole | None = None
    by_records: Flag = False
    validity_days: dict[Proof, Whole]
    min_sample: Whole | None = None
    prove_in: tuple[Condition, ...] = ()
    per_campus: Flag = False
    per_place: Flag = False
    asked_of: tuple[SizeClass, ...] = ()
    feeds: Annotated[tuple[Feed, ...], BeforeValidator(_feeds)] = ()
    because: Text | None = None
    not_asked: Text | None = None
    allow: dict[Word, Word] = {}
    title: Text
    measure: Text | None = None

    def asks(self, size_class: str) -> bool:
        """Whether a subject of this class is asked for the capability."""
        if self.kind == "quantity":
            return size_class in self.target
        return size_class in (self.asked_of or HOSPITAL_CLASSES)

    @property
    def is_timetable(self) -> bool:
        """Whether targets are given for minutes since the alert."""
        return any(isinstance(target, dict) for target in self.target.values())

    def target_for(self, size_class: str) -> Fraction | dict[int, Fraction] | None:
        """The target of a class of subject, None where the capability has none for it."""
        return self.target.get(size_class)  # type: ignore[call-overload, no-any-return]


class CapabilityPack(Part):
    """One folder of `packs/capabilities`: its header and its capabilities in file order."""

    header: Header
    capabilities: dict[str, Capability]
    releases: tuple[Release, ...] = ()
    hash: Word

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def version(self) -> str:
        return self.header.version
