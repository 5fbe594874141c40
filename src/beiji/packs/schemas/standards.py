"""Standards: domains of indicators with anchors, evidence wanted, advice and sources (`packs/standards/*`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator

from beiji.packs.schemas.common import (
    FRACTION,
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
    exact_number,
)
from beiji.packs.schemas.declared import Release

Pillar = Literal["S", "E", "K", "T"]
Criticality = Literal["must-pass", "high", "normal"]
Circumstance = Literal["chemical-park", "planning-number-set", "legal-colours", "stage-2"]
Level = Literal[0, 1, 2, 3]
Fours = Literal["system", "space", "staff", "supplies"]


def _bare(value: Any) -> Any:
    return value if isinstance(value, str) and not FRACTION.match(value) else exact_number(value)


BareValue = Annotated[Fraction | str, BeforeValidator(_bare)]

if TYPE_CHECKING:
    ParameterValue = Fraction | str | dict[str, Fraction]
    Named = str | Text
else:
    ParameterValue = either(BareValue, dict[SizeClass, Number])
    Named = either(Word, Text)


class Parameter(Part):
    """A number that texts and targets share; a city may set its own. Either one value or one for each class.

    `target_of`: the capability whose target it is; a city that sets its own value sets that target with it.
    """

    value: ParameterValue
    unit: Word | None = None
    target_of: Word | None = None
    src: Word | None = None
    title: Text | None = None


def _parameter(value: Any) -> Any:
    if isinstance(value, Parameter) or (isinstance(value, Mapping) and "value" in value):
        return value
    return {"value": value}


ParameterField = Annotated[Parameter, BeforeValidator(_parameter)]


class Cap(Part):
    """A ceiling that the scorer knows by `code`; there is no expression language."""

    code: Literal["must-pass-zero", "must-pass-open", "domain-under"]
    count: Whole | None = None
    share: Number | None = None
    at_most: Level


class Xref(Part):
    """A neighbouring clause of another standard. The relation is never `equal`."""

    src: Word
    edition: Word | None = None
    ref: Word
    rel: Literal["overlaps", "narrower", "broader"] = "overlaps"
    sure: Literal["seen", "recalled"]


class Indicator(Part):
    """One question of a standard. Anchors 0 to 2 are claims; level 3 is computed from measured proof."""

    id: Id
    edition: Whole = 1
    pillar: Pillar
    fours: Fours | None = None
    crit: Criticality
    must_pass_if: Circumstance | None = None
    core: Flag = False
    reads: Word
    look_at: Text
    anchors: dict[Literal[0, 1, 2], Text]
    proven_by: Text
    evidence: dict[Literal[0, 1, 2, 3], tuple[Word, ...]] = {}
    advice: dict[Literal[0, 1, 2], Text]
    effort: Literal["XS", "S", "M", "L", "XL"]
    classes: tuple[SizeClass, ...] = ()
    hazards: tuple[Word, ...] = ("any",)
    not_applicable: Literal["never", "with-reason"] | None = None
    xref: tuple[Xref, ...] = ()
    allow: dict[Word, Word] = {}
    title: Text
    failure: Text | None = None
    note: Text | None = None

    def applies_to(self, size_class: str) -> bool:
        """Whether a subject of this class is asked at all; without `classes` everyone is whom the standard asks."""
        return not self.classes or size_class in self.classes

    def criticality(self, circumstances: Collection[str] = ()) -> Criticality:
        """The weight class where `circumstances` hold: a conditional must-pass item is `high` until its own does."""
        if self.must_pass_if is None:
            return self.crit
        return "must-pass" if self.must_pass_if in circumstances else "high"


class DomainEntry(Part):
    """A domain as `pack.yaml` lists it; one without `file` is planned and cannot be assessed yet."""

    id: Id
    weight: Whole
    file: Word | None = None
    title: Text
    short: Text | None = None
    about: Text | None = None


class Words(Part):
    """What the groups of the roll-ups are called: the four pillars, and 4S, in the order in which they are shown."""

    pillar: dict[Pillar, Text] = {}
    fours: dict[Fours, Text] = {}


class StandardHeader(Header):
    """`pack.yaml` of a standard. `asks`: classes of subject that it is about; hospitals unless it says otherwise."""

    kind: Literal["standard"]
    scorer: Literal["weighted-levels"]
    cutoffs: dict[Level, Number]
    asks: tuple[SizeClass, ...] = ("large", "tertiary", "county", "small")
    caps: tuple[Cap, ...] = ()
    crit_weights: dict[Criticality, Whole] = {"must-pass": 3, "high": 2, "normal": 1}
    rollups: dict[Word, dict[Word, Whole]] = {}
    words: Words = Words()
    parameters: dict[Word, ParameterField] = {}
    domains: tuple[DomainEntry, ...]


class Evidence(Part):
    """A piece of evidence that an indicator may ask for."""

    id: Id
    kind: Word | None = None
    title: Text
    note: Text | None = None


class PackSource(Part):
    """A source that texts, targets and cross-references name; `sure: seen` only if it was read."""

    id: Id
    kind: Literal["source", "assumption"] = "source"
    citation: Named
    holds_for: tuple[Word, ...] = ()
    edition: Word | None = None
    licence: Word | None = None
    sure: Literal["seen", "recalled"] | None = None
    url: Word | None = None
    note: Named | None = None


class Domain(Part):
    """A domain with its indicators in file order."""

    id: Id
    weight: Whole
    title: Text
    about: Text | None = None
    indicators: dict[str, Indicator] = {}

    @property
    def is_written(self) -> bool:
        """Whether the domain has indicators; a planned one has none and is not counted as assessed."""
        return bool(self.indicators)


class Exclusion(Part):
    """An indicator that a city leaves out, with its reason."""

    id: Word
    because: Text


class Standard(Part):
    """A standard as loaded, or as a city has adapted it (`overlay.apply_overlay`)."""

    header: StandardHeader
    domains: dict[str, Domain]
    evidence: dict[str, Evidence] = {}
    sources: dict[str, PackSource] = {}
    releases: tuple[Release, ...] = ()
    parameters: dict[str, Parameter] = {}
    excluded: tuple[Exclusion, ...] = ()
    city: Word | None = None
    hash: Word

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def version(self) -> str:
        return self.header.version

    def indicators(self) -> Iterator[tuple[Domain, Indicator]]:
        """Every indicator with its domain, in order."""
        for domain in self.domains.values():
            for indicator in domain.indicators.values():
                yield domain, indicator

    def indicator(self, id: str) -> Indicator:
        """The indicator called `id`; KeyError if the standard has none."""
        for _, indicator in self.indicators():
            if indicator.id == id:
                return indicator
        raise KeyError(id)
