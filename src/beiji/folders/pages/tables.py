"""A table of clauses in words: what is wrong with it, what it would change, what it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.ui.importing import Fault

from ..imports import COLUMNS, Reading
from ..planning import Plan

#: Faults and rows that a page lists; the rest is counted.
MOST_SHOWN = 100


@dataclass(frozen=True)
class Checked:
    """What a table would do, or what is wrong with it."""

    summary: str
    faults: Sequence[Fault]
    more_faults: str


def checked(reading: Reading) -> Checked:
    """A table that cannot be taken."""
    faults = len(reading.faults)
    summary = ngettext(
        "Nothing was changed: {count} place is to be mended first. Mend it in the table and choose the file again.",
        "Nothing was changed: {count} places are to be mended first. Mend them in the table and choose the file again.",
        faults,
    ).format(count=faults)
    return Checked(summary, reading.faults[:MOST_SHOWN], _more(faults))


@dataclass(frozen=True)
class PlanPart:
    """Rows of one kind in a preview: the first ones, and how many more."""

    title: str
    rows: Sequence[tuple[str, str, str]]
    more: str


@dataclass(frozen=True)
class PlanPage:
    """What saying yes would do."""

    summary: str
    parts: Sequence[PlanPart]
    does_nothing: bool


def plan_page(plan: Plan) -> PlanPage:
    """A table in words before anything is changed."""
    new = [(number, edition, body) for edition, number, body in plan.new]
    changed = [(row[1], row[0], row[2]) for _clause, row in plan.changed]
    gone = [(clause.number, clause.edition, clause.body) for clause in plan.gone]
    counts = {"new": len(new), "changed": len(changed), "same": plan.same, "gone": len(gone)}
    summary = _(
        "New: {new}. With other words, or back again: {changed}. As they are: {same}. Not in the table any more: {gone}. Nothing has been kept yet."
    ).format(**counts)
    parts = [
        (_("New clauses"), new),
        (_("Clauses with other words"), changed),
        (_("Clauses that leave the list"), gone),
    ]
    return PlanPage(
        summary,
        [PlanPart(title, rows[:MOST_SHOWN], _more(len(rows))) for title, rows in parts if rows],
        not (new or changed or gone),
    )


def brought_words(new: int, changed: int, gone: int) -> str:
    """What a table did."""
    return _("The list holds the table now: {new} new, {changed} changed, {gone} gone.").format(
        new=new, changed=changed, gone=gone
    )


def _more(total: int) -> str:
    rest = total - MOST_SHOWN
    return ngettext("and {count} more", "and {count} more", rest).format(count=rest) if rest > 0 else ""


def template_heads() -> list[str]:
    """The heads of an empty table; it holds no clause of anybody."""
    return [str(column.label) for column in COLUMNS]


def template_notes() -> list[tuple[str, str]]:
    """What may stand in its cells: the second sheet."""
    return [
        (_("Edition"), _("of the clauses, as you call it; may be empty")),
        (_("Clause number"), _("as your list has it; may be empty where the words are there")),
        (_("Clause in your own words"), _("what it asks, not copied; may be empty where the number is there")),
    ]
