"""A table of clauses held against those that a list has: what is new, changed, gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from beiji.ui.importing import folded

from .models import Clause

#: A row: edition, number, words.
Row = tuple[str, str, str]
Key = tuple[str, str, str]


def key_of(edition: str, number: str, body: str) -> Key:
    """By what a clause is known again: its number in its edition; without a number its words."""
    return (folded(edition), folded(number), "" if number else folded(body))


@dataclass(frozen=True)
class Plan:
    """What a table would do to a list: rows that are new, clauses whose words change (clause, row), how many stay as they are,
    clauses that the table does not hold any more."""

    new: Sequence[Row]
    changed: Sequence[tuple[Clause, Row]]
    same: int
    gone: Sequence[Clause]


def plan_import(rows: Iterable[Row], there: Iterable[Clause]) -> Plan:
    """Hold a table against the clauses of a list, those taken out before among them: one that comes back is changed, not new."""
    known = {key_of(c.edition, c.number, c.body): c for c in there}
    new, changed, same = [], [], 0
    met = set()
    for row in rows:
        clause = known.get(key_of(*row))
        if clause is None:
            new.append(row)
            continue
        met.add(clause.pk)
        if clause.ended_at is None and (clause.edition, clause.number, clause.body) == tuple(row):
            same += 1
        else:
            changed.append((clause, row))
    gone = [c for c in known.values() if c.pk not in met and c.ended_at is None]
    return Plan(new, changed, same, gone)
