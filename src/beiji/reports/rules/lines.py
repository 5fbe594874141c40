"""Lines that other rooms contribute to a report, as plain values; texts are dicts per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from beiji.documents.rules import fields_in
from beiji.improve.fields import filled, typed_counts


@dataclass(frozen=True)
class Said:
    """What somebody typed, for each reader's language: the words, the language they are in, and whether that is
    untranslated; `counts`: numbers of hospitals that were typed as digits."""

    body: str
    language: str
    untranslated: bool
    counts: tuple[int, ...] = ()


def with_numbers(words: Mapping[str, Said], numbers: Mapping[str, int]) -> dict[str, Said]:
    """A typed text with its fields as the numbers of the report's day."""
    return {
        code: replace(said, body=filled(said.body, numbers), counts=tuple(typed_counts(said.body)))
        for code, said in words.items()
    }


def has_fields(words: Mapping[str, Said]) -> bool:
    """Whether a typed text has fields to fill."""
    return any(fields_in(said.body) for said in words.values())


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
    asked_on: date | None = None
    decided_on: date | None = None


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
