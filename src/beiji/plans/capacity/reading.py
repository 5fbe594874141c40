"""What is kept of a hospital's sheet, and how what was typed into it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import uuid6
from django.db.models import Max
from django.utils.translation import gettext as _

from beiji.programme.models import Subject
from beiji.records.refused import ChangeRefused
from beiji.science.words import Words
from beiji.ui.formats import number_text
from beiji.ui.languages import language_of
from beiji.ui.numbers import NumberError, sentence

from ..models import CapacityCell, CapacityTimetable
from .grid import PLACES, RELIEF, Cell, Column, Grid, Known, Misfit, PasteError, Place, block_of, value_of


class TypedError(ChangeRefused):
    """What was typed or pasted is not read; the text is one finished, translated sentence that names the cell."""


@dataclass(frozen=True)
class Typed:
    """A number as somebody gives it; `base`: number of the cell that he saw there (0: none; None: he looked at nothing)."""

    place: Place
    value: int | None
    known: Known
    base: int | None = None
    operation: UUID = field(default_factory=uuid6.uuid7)

    def says_the_same_as(self, stands: CapacityCell | None) -> bool:
        """Is this what the sheet says already?"""
        if stands is None or stands.value is None:
            return self.value is None
        return (self.value, str(self.known)) == (stands.value, stands.known)


def word_of(key: str) -> str:
    """A capacity in the reader's language: as the engine calls it."""
    word = _("relief teams") if key == RELIEF else Words(language_of().pack).word(key)
    return word[:1].upper() + word[1:]


def at_place(place: Place) -> str:
    """A cell by its row and column."""
    column = CapacityCell.Column(place.column).label
    return _("{capacity}, {column}").format(capacity=word_of(place.key), column=column[:1].lower() + column[1:])


def read(place: Place, typed: str) -> int | None:
    """The number typed into a cell. Raises TypedError that names it."""
    try:
        return value_of(place, typed)
    except NumberError as error:
        words = _("{place}: {why}").format(place=at_place(place), why=sentence(error))
        raise TypedError(words, field=place.name) from None


def typed_of(values: Mapping[Place, str], known: Known, kept: Mapping[Place, CapacityCell]) -> list[Typed]:
    """Cells of a form or a block, against those that were read with it; numbers that stand there already keep how they are known.
    Raises TypedError."""
    entries = []
    for place, typed in values.items():
        value, stands = read(place, typed), kept.get(place)
        if stands is not None and stands.value == value:
            continue
        entries.append(Typed(place, value, known, stands.number if stands else 0))
    return entries


def pasted(text: str, start: Place) -> dict[Place, str]:
    """The cells of a pasted block. Raises TypedError."""
    try:
        return block_of(text, start)
    except PasteError as error:
        words = {
            Misfit.TOO_MANY: _("{cells} cells were pasted; the whole timetable has {places}. Copy only its numbers."),
            Misfit.OUTSIDE: _(
                "The pasted block is larger than the timetable below and beside the cell where it begins; begin further up, or copy less."
            ),
            Misfit.NOTHING: _("Nothing was pasted; copy the numbers in the spreadsheet first."),
        }[error.misfit]
        raise TypedError(
            words.format(cells=number_text(error.cells), places=number_text(len(PLACES))), field="block"
        ) from None


def cells_of(subject: Subject, up_to: int | None = None) -> dict[Place, CapacityCell]:
    """The last entry of each place, emptied ones too; `up_to`: as it stood with that number. One query."""
    rows = CapacityCell.objects.filter(subject=subject).order_by("number")
    return latest(rows if up_to is None else rows.filter(number__lte=up_to))


def latest(rows: Iterable[CapacityCell]) -> dict[Place, CapacityCell]:
    """The last of each place, of rows in their order."""
    return {Place(row.key, Column(row.column)): row for row in rows}


def grid_of(cells: Mapping[Place, CapacityCell]) -> Grid:
    """The filled places as plain values."""
    return {
        place: Cell(cell.value, Known(cell.known), cell.by, cell.at)
        for place, cell in cells.items()
        if cell.value is not None
    }


def last_number(subject: Subject) -> int:
    """Number of the last entry of a hospital, 0 before the first."""
    number: int | None = CapacityCell.objects.filter(subject=subject).aggregate(last=Max("number"))["last"]
    return number or 0


def timetables_of(subject: Subject) -> Any:
    """The timetables of a hospital, the one in force last."""
    return CapacityTimetable.objects.filter(subject=subject).order_by("number")


def grid_in_force(subject: Subject) -> Grid | None:
    """The numbers on which a hospital is planned today; None where no timetable is in force yet."""
    row = timetables_of(subject).last()
    return grid_of(cells_of(subject, row.up_to)) if row else None
