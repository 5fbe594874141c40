"""The sheet of a hospital's capacities in words: its cells, what they make one ask, what holds today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.programme.models import City, Subject
from beiji.programme.people import name_in, people_by_id
from beiji.ui.formats import date_text, day_of, number_text
from beiji.ui.languages import pick

from ..capacity.grid import CORE, DEPARTMENTS, KEYS, PLACES, RELIEF, Column, Known, Place, columns_of
from ..capacity.listed import Listed, listed_of
from ..capacity.questions import Ask, Question, questions
from ..capacity.reading import Typed, at_place, cells_of, grid_of, latest, timetables_of, word_of
from ..models import CapacityCell, CapacityTimetable


@dataclass(frozen=True)
class Field:
    """A cell as its field shows it; `base`: number of what stands there; `listed`: what the city's list says instead."""

    name: str
    label: str
    head: str
    value: str
    kept: str
    base: int
    mark: str
    known: str
    listed: str
    row: int
    column: int
    error: str = ""


@dataclass(frozen=True)
class Row:
    """A capacity with its cells; None where nothing is asked."""

    label: str
    hint: str
    fields: tuple[Field | None, ...]


@dataclass(frozen=True)
class Department:
    """The rows that one department knows."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Said:
    """One number with who wrote it."""

    place: str
    value: str
    known: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Sheet:
    """The page."""

    departments: tuple[Department, ...]
    asked: tuple[str, ...]
    filled: str
    standing: str
    seen: int
    said: tuple[Said, ...]
    choices: tuple[tuple[str, str], ...]
    known: str
    starts: tuple[tuple[str, str], ...]


def sheet_of(
    subject: Subject, city: City, *, typed: Mapping[Place, str] | None = None, error: tuple[str, str] = ("", ""), known: str = ""
) -> Sheet:  # fmt: skip
    """The sheet as it stands, with what was typed and refused in its place; `error`: name of the cell, sentence."""
    cells, listed = cells_of(subject), listed_of(subject, city)
    people = people_by_id({cell.by for cell in cells.values()})
    by_list = listed.values()
    departments = tuple(
        Department(
            title, tuple(_label(column) for column in _columns(keys)),
            tuple(
                Row(word_of(key), _hint(key), tuple(
                    _field(Place(key, column), cells, by_list, typed or {}, error) if column in columns_of(key) else None
                    for column in _columns(keys)
                ))
                for key in keys
            ),
        )
        for title, keys in zip(_titles(), DEPARTMENTS.values(), strict=True)
    )  # fmt: skip
    said = (
        Said(at_place(place), _value(cells[place]), _known(cells[place]), name_in(people, cells[place].by), cells[place].at)
        for place in PLACES
        if place in cells
    )  # fmt: skip
    return Sheet(
        departments, asked_of(cells, listed), filled_of(cells, listed), standing_of(subject),
        max((cell.number for cell in cells.values()), default=0), tuple(said),
        tuple((value, str(label)) for value, label in CapacityCell.Known.choices), known or Known.ASSUMED,
        tuple((place.name, at_place(place)) for place in PLACES),
    )  # fmt: skip


def _field(
    place: Place, cells: Mapping[Place, CapacityCell], by_list: Mapping[Place, int], typed: Mapping[Place, str], error: tuple[str, str]
) -> Field:  # fmt: skip
    cell = cells.get(place)
    kept = _value(cell) if cell and cell.value is not None else ""
    return Field(
        place.name, at_place(place), _label(place.column), typed.get(place, kept), kept, cell.number if cell else 0,
        _known(cell) if cell else "", cell.known if cell else "",
        _("list: {value}").format(value=number_text(by_list[place])) if place in by_list and not kept else "",
        KEYS.index(place.key), list(Column).index(place.column), error[1] if error[0] == place.name else "",
    )  # fmt: skip


def _columns(keys: Iterable[str]) -> tuple[Column, ...]:
    wanted = {column for key in keys for column in columns_of(key)}
    return tuple(column for column in Column if column in wanted)


def _label(column: Column) -> str:
    return str(CapacityCell.Column(column).label)


def _value(cell: CapacityCell) -> str:
    return _("emptied") if cell.value is None else str(cell.value)


def _known(cell: CapacityCell) -> str:
    """How a number is known, in one word that stands below it."""
    short = {
        Known.COUNTED: _("counted"),
        Known.MEASURED: _("measured"),
        Known.AGREED: _("agreed"),
        Known.ASSUMED: _("assumed"),
    }
    return short[Known(cell.known)] if cell.known else ""


def _titles() -> tuple[str, ...]:
    return (
        _("Emergency department"),
        _("Imaging"),
        _("Theatres and anaesthesia"),
        _("Intensive care"),
        _("Blood"),
        _("Relief"),
    )


def _hint(key: str) -> str:
    """What is counted, where the name alone would leave it open."""
    return {
        "door_triage_teams": _("senior teams at the entrance of casualties"),
        "resus_teams": _("complete teams, not people"),
        "resus_bays": _("equipped, whether occupied or not"),
        "urgent_places": _("for serious casualties, outside resuscitation"),
        "ct_scanners": _("with operator"),
        "theatres": _("that can take a casualty"),
        "surgeons": _("free to operate on casualties"),
        "anaesthetists": _("free for casualties"),
        "scrub_nurses": _("free for casualties"),
        "icu_beds": _("free and staffed"),
        "ventilators": _("free"),
        "blood_units": _("red cells on the shelf, without cross-match"),
        RELIEF: _("teams that take over from those at work"),
    }[key]


def filled_of(cells: Mapping[Place, CapacityCell], listed: Listed) -> str:
    """How many of the 36 are filled, and what stands for the others."""
    plan = listed.planned(grid_of(cells))
    empty = len(plan.listed) + len(plan.unknown)
    count = _("{filled} of {all} numbers are filled.").format(
        filled=number_text(len(CORE) - empty), all=number_text(len(CORE))
    )
    if not empty:
        return count
    if listed.as_of is None:
        return f"{count} {_('The others are unknown, which is not zero.')}"
    words = _("For the others the city's list of {day} holds.")
    return f"{count} {words.format(day=date_text(listed.as_of))}"


def standing_of(subject: Subject) -> str:
    """Which timetable is in force."""
    row = timetables_of(subject).last()
    if row is None:
        return _("No timetable is in force yet.")
    by = name_in(people_by_id([row.by]), row.by)
    return _("Timetable {number} is in force since {day}, by {person}.").format(
        number=row.number, day=date_text(day_of(row.at)), person=by
    )


def asked_of(cells: Mapping[Place, CapacityCell], listed: Listed) -> tuple[str, ...]:
    """The questions of a sheet, in words."""
    found = questions(grid_of(cells), beds=listed.beds, listed=listed.values())
    return tuple(_question(question) for question in found) or (_("None at present."),)


def _question(question: Question) -> str:
    pattern = {
        Ask.PEOPLE: _("{place}: {value}, but {against} of {other}. Who works in the others?"),
        Ask.NURSES: _("{place}: {value} need two theatre nurses each; there are {against}. Who works in the others?"),
        Ask.BAYS: _("{place}: {value} teams for {against} bays. Where do the others work?"),
        Ask.VENTILATORS: _("{place}: {value} beds and {against} ventilators. Which beds take a ventilated casualty?"),
        Ask.NIGHT: _("{place}: {value}, more than by day ({against}). That can be right, rooms are freer; is it?"),
        Ask.FALLS: _("{place}: {value}, fewer than now by day ({against}). What is used up by then?"),
        Ask.DE_BOER: _(
            "Bays and monitored places would take {value} seriously injured an hour; the yardstick for your beds is {against} (De Boer: one for each hundred beds). Were places counted that others hold?"
        ),
        Ask.TWICE: _("{place}: {value}, more than twice what the city's list says ({against}). Which is right?"),
    }[question.ask]
    return pattern.format(
        place=at_place(question.place), value=number_text(question.value, digits=0 if question.value == int(question.value) else 1),
        against=number_text(question.against, digits=0 if question.against == int(question.against) else 1),
        other=word_of(question.other).lower() if question.other else "",
    )  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A hospital in the list: how far its sheet is, and what is in force."""

    hospital: str
    href: str
    filled: str
    in_force: str
    since: datetime | None


def lines_of(subjects: Iterable[Subject], city: City) -> list[Line]:
    """The capacity timetables of hospitals; a fixed number of queries."""
    hospitals = list(subjects)
    rows: dict[Any, list[CapacityCell]] = {hospital.pk: [] for hospital in hospitals}
    for cell in CapacityCell.objects.filter(subject__in=hospitals).order_by("number"):
        rows[cell.subject_id].append(cell)
    in_force: dict[Any, CapacityTimetable] = {
        row.subject_id: row for row in CapacityTimetable.objects.filter(subject__in=hospitals).order_by("number")
    }
    return [_line(hospital, city, rows[hospital.pk], in_force.get(hospital.pk)) for hospital in hospitals]


def _line(hospital: Subject, city: City, rows: Iterable[CapacityCell], row: CapacityTimetable | None) -> Line:
    grid = grid_of(latest(rows))
    filled = sum(place in grid for place in CORE)
    return Line(
        pick(hospital.names),
        reverse("plans:capacity", kwargs={"city": city.pk, "subject": hospital.code}),
        _("{filled} of {all}").format(filled=number_text(filled), all=number_text(len(CORE))),
        _("Timetable {number}").format(number=row.number) if row else "",
        row.at if row else None,
    )


def kept_answer(subject: Subject, city: City, place: Place) -> dict[str, Any]:
    """What a script is told after a cell was written: the cell and the sheet as they stand now."""
    cells, listed = cells_of(subject), listed_of(subject, city)
    cell = cells.get(place)
    return {
        "kept": True, "value": str(cell.value) if cell and cell.value is not None else "",
        "number": cell.number if cell else 0, "mark": _known(cell) if cell else "", "known": cell.known if cell else "",
        "asked": asked_of(cells, listed), "filled": filled_of(cells, listed),
        "said": _("Saved"),
    }  # fmt: skip


def written_words(entries: Sequence[Typed]) -> str:
    """What was kept of a form or a block."""
    if not entries:
        return _("Nothing has changed.")
    return ngettext("{n} number is saved.", "{n} numbers are saved.", len(entries)).format(n=number_text(len(entries)))


def theirs(cell: CapacityCell) -> dict[str, Any]:
    """What stands in a place where somebody else wrote meanwhile."""
    return {
        "value": "" if cell.value is None else str(cell.value),
        "number": cell.number,
        "mark": _known(cell),
        "known": cell.known,
    }


def script_words() -> dict[str, str]:
    """What the script of the page says by itself."""
    return {
        "waiting": _("Not saved yet"),
        "offline": _("No connection; what you typed stays here and is sent as soon as there is one."),
        "signed_out": _("You are signed out; what you typed stays in this browser. Sign in in another tab."),
    }
