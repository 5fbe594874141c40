"""Clauses from a table: which columns it has, and what is wrong with its rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beiji.ui.importing import Column, Fault, read_table

from .planning import Key, Row, key_of

COLUMNS = (
    Column("edition", gettext_lazy("Edition"), 60),
    Column("number", gettext_lazy("Clause number"), 40),
    Column("body", gettext_lazy("Clause in your own words"), 1000),
)


@dataclass
class Reading:
    """A table of clauses: its rows, or what is to be mended first."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_clauses(content: bytes) -> Reading:
    """Read a table; with any fault it holds no rows."""
    table = read_table(content, COLUMNS)
    if not table.faults and not {"number", "body"} & table.letters.keys():
        table.faults.append(
            Fault("", _("Neither clause numbers nor words were found. Take the heads of the template."))
        )
    rows: list[Row] = []
    seen: dict[Key, int] = {}
    for line in table.lines:
        edition, number, body = (line.words.get(column.key, "") for column in COLUMNS)
        if not number and not body:
            table.blame(line, "number", _("This row has neither number nor words; fill one in, or delete the row."))
            continue
        first = seen.setdefault(key_of(edition, number, body), line.number)
        if first != line.number:
            sentence = _("Row {row} holds the same clause. Leave one of the two out.").format(row=first)
            table.blame(line, "number" if number else "body", sentence)
        rows.append((edition, number, body))
    return Reading([] if table.faults else rows, table.faults)
