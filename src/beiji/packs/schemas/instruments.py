"""Instruments: another body's standard with a scorer of its own (`packs/instruments/*.yaml`, one per file).

An instrument is answered and scored beside the ledger and never mixed with it: its grades are its own, and none of them is one of
the ledger's four words.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator

from beiji.packs.schemas.common import Flag, Header, Id, Number, Part, Text, Whole, Word, refuse
from beiji.packs.schemas.standards import Fours, PackSource, Pillar, Xref

if TYPE_CHECKING:
    Given = str | tuple[int, ...]
else:

    def _given(value: Any) -> Any:
        """An answer: a word, a level written as a digit, or the seven columns of a hazard."""
        if isinstance(value, bool) or not isinstance(value, int | str | list | tuple):
            refuse("P103", f'"{value}" is no answer. Write a word of the scorer, na, or seven numbers.')
        if isinstance(value, list | tuple):
            if not all(isinstance(one, int) and not isinstance(one, bool) for one in value):
                refuse("P106", "needs whole numbers in its columns. Write digits from 0 to 3.")
            return tuple(value)
        return str(value)

    Given = Annotated[Any, BeforeValidator(_given)]

Rule = Literal["weighted-levels", "share-of-standards", "safety-index", "hazard-vulnerability"]


def _words_as_text(value: Any) -> Any:
    """Levels are written as digits and kept as words: 2 and "2" are one answer."""
    return {str(key): part for key, part in value.items()} if isinstance(value, Mapping) else value


class Cap(Part):
    """A ceiling of the grade; there is no expression language."""

    code: Literal["must-pass-open", "group-under"]
    value: Number | None = None
    count: Whole = 1
    share: Number | None = None
    at_most: Word


class ScorerOf(Part):
    """The rule and its parameters. `values`: what each answer is worth, where the rule lets an instrument say so."""

    rule: Rule
    values: Annotated[dict[Word, Number], BeforeValidator(_words_as_text)] = {}
    round_to: Number | None = None
    complete: Number = Fraction(95, 100)
    rescale: Flag = False
    caps: tuple[Cap, ...] = ()


class GradeOf(Part):
    """A grade of the instrument, best first; `at_least` is compared after rounding."""

    code: Word
    at_least: Number
    title: Text


class Group(Part):
    """A module, domain or category."""

    id: Id
    weight: Number | None = None
    title: Text


class InstrumentItem(Part):
    """One clause, item or hazard, in own words; `answers` says what each answer looks like."""

    id: Id
    group: Word
    weight: Number = Fraction(1)
    must_pass: Flag = False
    not_applicable: Literal["never", "with-reason"] = "with-reason"
    pillar: Pillar | None = None
    fours: Fours | None = None
    reads: Word | None = None
    title: Text
    answers: Annotated[dict[Word, Text], BeforeValidator(_words_as_text)] = {}
    xref: tuple[Xref, ...] = ()


class Expected(Part):
    """A score that somebody worked out by hand; a field that is left out is not compared."""

    score: Number | None = None
    floor: Number | None = None
    completeness: Number | None = None
    grade: Word | None = None
    provisional: Flag | None = None
    caps: tuple[Word, ...] | None = None


class Worked(Part):
    """An example worked by hand: answers, how it was counted, and what comes out. `pack check` counts it again."""

    id: Id
    how: Text
    answers: dict[Word, Given]
    whole: Expected = Expected()
    groups: dict[Word, Expected] = {}
    pillars: dict[Word, Expected] = {}
    fours: dict[Word, Expected] = {}
    ranked: dict[Word, Number] = {}


class Instrument(Header):
    """An instrument with its items and the examples that hold its arithmetic."""

    kind: Literal["instrument"]
    scorer: ScorerOf
    grades: tuple[GradeOf, ...] = ()
    groups: tuple[Group, ...]
    items: tuple[InstrumentItem, ...]
    worked: tuple[Worked, ...] = ()
    sources: tuple[PackSource, ...] = ()
    hash: Word = ""
