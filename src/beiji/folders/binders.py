"""What stands in the folders of a list of clauses: the files that come by its items and those put in by hand, as far as the reader
may see them; five queries however many clauses and files there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count

from beiji.programme.models import Subject
from beiji.readiness.queries import Picture
from beiji.readiness.rules.rows import State

from .models import Clause, ClauseFile, ClauseItem, ClauseList, FileItem, LibraryFile
from .queries import with_verdict
from .rules import Lack, Paper, lacks_of

#: Worst first, as the law says; an item that does not apply comes last.
WORST = (State.BELOW, State.UNKNOWN, State.STALE, State.CLAIMED, State.IN_PLACE, State.MET)


@dataclass(frozen=True)
class Folder:
    """A clause with the items that it is about and the files that answer it. `worst`: the item that stands worst (empty: none is
    asked); `by_hand`: files that were put in beside those of the items."""

    clause: Clause
    items: Sequence[str]
    files: Sequence[UUID]
    by_hand: frozenset[UUID]
    papers: Sequence[Paper]
    worst: str
    lacks: frozenset[Lack]
    day: date

    @property
    def first_end(self) -> date | None:
        """When the first of its files ends."""
        return min((paper.until for paper in self.papers if paper.until is not None), default=None)


@dataclass(frozen=True)
class Standings:
    """The items of one hospital as they stand, by code."""

    states: Mapping[str, State]

    def worst(self, items: Iterable[str]) -> str:
        """The item that stands worst of these; an unknown code is none."""
        asked = [item for item in items if item in self.states]
        return min(asked, key=lambda item: WORST.index(self.states[item]), default="")


def standings_in(picture: Picture, subject: Subject) -> Standings:
    """What the ledger says of the items that apply to a hospital."""
    rows = picture.held_by_subject.get(subject.code, ())
    return Standings({held.indicator: held.state for held in rows if held.applies})


def folders_of(clauses: ClauseList, files: Any, standings: Standings, day: date) -> list[Folder]:
    """Every clause of a list with what its folder holds for `day`. `files`: those of the library that the reader may see."""
    rows = list(Clause.objects.filter(clauses=clauses, ended_at__isnull=True))
    return _filled(rows, files, standings, day)


def folder_of(clause: Clause, files: Any, standings: Standings, day: date) -> Folder:
    """The same of one clause."""
    return _filled([clause], files, standings, day)[0]


def _filled(rows: Sequence[Clause], files: Any, standings: Standings, day: date) -> list[Folder]:
    live = {"ended_at__isnull": True}
    is_one = len(rows) == 1
    of_rows = {"clause": rows[0].pk} if is_one else {"clause__clauses": rows[0].clauses_id if rows else None}
    items = _grouped(ClauseItem.objects.filter(**of_rows, **live).order_by("item").values_list("clause", "item"))
    by_hand = _grouped(ClauseFile.objects.filter(**of_rows, **live).values_list("clause", "file"))
    keys, papers = [], []
    for key, until, verdict in with_verdict(files).values_list("pk", "until", "verdict"):
        keys.append(key)
        papers.append(Paper(until, verdict or ""))
    place = {
        key: number for number, key in enumerate(keys)
    }  # a folder may hold hundreds: numbers are quicker than keys
    ties = FileItem.objects.filter(file__in=files.order_by().values("pk"), **live).values_list("item", "file")
    shown = _grouped((item, place[key]) for item, key in ties if key in place)
    folders = []
    for clause in rows:
        tied, put = items.get(clause.pk, []), by_hand.get(clause.pk, [])
        numbers = [number for item in tied for number in shown.get(item, ())]
        ours = list(dict.fromkeys([*numbers, *(place[key] for key in put if key in place)]))
        some = [papers[number] for number in ours]
        folders.append(_folder(clause, tied, [keys[n] for n in ours], frozenset(put), some, standings, day))
    return folders


def _folder(
    clause: Clause, items: Sequence[str], files: Sequence[UUID], by_hand: frozenset[UUID], papers: Sequence[Paper],
    standings: Standings, day: date,
) -> Folder:  # fmt: skip
    states = [standings.states[item].value for item in items if item in standings.states]
    lacks = lacks_of(items, papers, states, day)
    return Folder(clause, items, files, by_hand, papers, standings.worst(items), lacks, day)


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def files_of_keys(keys: Collection[UUID], files: Any) -> dict[UUID, LibraryFile]:
    """Some files of folders, whole."""
    return {file.pk: file for file in files.filter(pk__in=keys).select_related("attachment", "subject")}


def clauses_there(clauses: ClauseList) -> list[Clause]:
    """Every clause that a list has or had."""
    return list(Clause.objects.filter(clauses=clauses))


def clause_counts(lists: Any) -> dict[UUID, int]:
    """List → how many clauses it has."""
    rows = Clause.objects.filter(clauses__in=lists.order_by().values("pk"), ended_at__isnull=True)
    return dict(rows.order_by().values_list("clauses").annotate(Count("pk")))


def items_tied(clause: Clause) -> list[str]:
    """The items that a clause is about."""
    return list(clause.items.filter(ended_at__isnull=True).order_by("item").values_list("item", flat=True))


def files_put(clause: Clause) -> frozenset[UUID]:
    """The files that were put into a clause's folder by hand."""
    return frozenset(clause.files.filter(ended_at__isnull=True).values_list("file", flat=True))
