"""Lines that other rooms contribute to a report, as plain values; texts are dicts per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Said:
    """What somebody typed, for each reader's language: the words, the language they are in, and whether that is untranslated."""

    body: str
    language: str
    untranslated: bool


@dataclass(frozen=True)
class FindingLine:
    """An expert's finding; `hospitals` are codes of those it names, none: the whole city."""

    key: str
    indicators: tuple[str, ...]
    order: int | None
    words: Mapping[str, Said]
    hospitals: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DecisionLine:
    """A decision asked of the authorities; `state` is asked, taken, deferred or refused."""

    words: Mapping[str, Said]
    state: str
    owner: Mapping[str, str]
    due: date | None
    cost: Mapping[str, str]


@dataclass(frozen=True)
class ActionLine:
    """An action of a hospital's plan of action; texts of the proof and state are finished words per language."""

    indicator: str
    title: Mapping[str, str]
    words: Mapping[str, Said]
    lead_unit: Mapping[str, str]
    supporting_unit: Mapping[str, str]
    leader: Mapping[str, str]
    due: date | None
    proof: Mapping[str, str]
    state: Mapping[str, str]
    is_overdue: bool
