"""A list of clauses and a clause's folder as one person sees them at one instant: the ledger's picture, the files, the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from beiji.programme.access import today_in
from beiji.programme.models import Person
from beiji.readiness.methodology import Question
from beiji.readiness.queries import Picture, picture
from beiji.ui.listing import Value, Wish, rows_of_page
from beiji.ui.words import state_word

from . import access, binders, queries
from .binders import Standings
from .bundle import BundleError, Entry
from .models import Clause, ClauseList
from .pages import clauses as pages
from .pages.bundle import bundle_about, contents, index_heads
from .rules import day_of_folders
from .validity import questions_of


@dataclass(frozen=True)
class ShownList:
    """The lines of a list, and for which day they hold."""

    lines: Sequence[pages.ClauseLine]
    day_words: str


@dataclass(frozen=True)
class _Ground:
    """What both pages stand on."""

    picture: Picture
    standings: Standings
    questions: Mapping[str, Question]
    files: Any
    today: date
    day: date


def _ground(person: Person, clauses: ClauseList, now: datetime) -> _Ground:
    subject, today = clauses.subject, today_in(clauses.city, now)
    drawn = picture(city=clauses.city, subjects=[subject], now=now)
    return _Ground(
        picture=drawn,
        standings=binders.standings_in(drawn, subject),
        questions=questions_of(subject, today, now),
        files=access.files_of(person, subject),
        today=today,
        day=day_of_folders(clauses.inspection, today),
    )


def shown_list(person: Person, clauses: ClauseList, now: datetime) -> ShownList:
    """Every clause of a list with what its folder holds and lacks."""
    ground = _ground(person, clauses, now)
    folders = binders.folders_of(clauses, ground.files, ground.standings, ground.day)
    lines = pages.clause_lines(folders, ground.picture, clauses.subject, ground.questions)
    return ShownList(lines, pages.day_words(clauses, ground.day))


def shown_folder(person: Person, clause: Clause, now: datetime, wish: Wish) -> tuple[pages.ClausePage, str]:
    """One clause's folder with a page of its files, and for which day it holds."""
    ground = _ground(person, clause.clauses, now)
    folder = binders.folder_of(clause, ground.files, ground.standings, ground.day)
    keys = folder.files[rows_of_page(wish, len(folder.files))]
    files = binders.files_of_keys(keys, ground.files)
    page = pages.clause_page(
        folder, [files[key] for key in keys], queries.around(files.values()), ground.picture, clause.clauses.subject,
        ground.questions, ground.day, ground.today, wish,
    )  # fmt: skip
    return page, pages.day_words(clause.clauses, ground.day)


@dataclass(frozen=True)
class ShownBundle:
    """A bundle before it is written: the table of contents, its files, and what the table says of itself."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]
    entries: Sequence[Entry]
    about: Sequence[tuple[str, str]]


def shown_bundle(person: Person, clauses: ClauseList, now: datetime, edition: str) -> ShownBundle:
    """What goes along for an inspection; `edition`: only its clauses (empty: all). Raises BundleError where none has it."""
    ground = _ground(person, clauses, now)
    every = binders.folders_of(clauses, ground.files, ground.standings, ground.day)
    folders = [folder for folder in every if not edition or folder.clause.edition == edition]
    if edition and not folders:
        raise BundleError(_("No clause of this list has the edition “{edition}”.").format(edition=edition))
    files = binders.files_of_keys({key for folder in folders for key in folder.files}, ground.files)
    around = queries.around(files.values())
    said = {item: state_word(state.value) for item, state in ground.standings.states.items()}
    rows, entries = contents(folders, files, around, said)
    about = bundle_about(clauses, person, ground.day, now, len(folders), len(entries))
    return ShownBundle(index_heads(), rows, entries, about)
