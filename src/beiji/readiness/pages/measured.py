"""Numbers that were measured, drawn beside their target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from beiji.ui.dotplot import Dot, DotLine, dot_plot
from beiji.ui.languages import language_of, pick

from ..book import size_class
from ..models import Edition
from ..queries import Ledger
from ..rules.facts import edition_in_force, targets_on
from ..rules.rows import Method, Row, Standing
from . import wording


@dataclass(frozen=True)
class Plot:
    """A figure as the `figure` component takes it; the numbers stand in the table beside it."""

    svg: SafeString
    caption: str
    note: str


def plot(lines: Sequence[DotLine], unit: str, caption: str) -> Plot | None:
    """The lines as a figure; nothing where nothing was measured."""
    if not lines:
        return None
    note = gettext("Bar: target. Full dot: decides today; ring: earlier. Red: misses the target.")

    def say(value: float) -> str:
        return wording.amount(Fraction(str(round(value, 6))), unit)

    svg = dot_plot(lines, caption, say=say, mirrored=language_of().direction == "rtl")
    return Plot(svg, caption, note)


def dot_line(name: str, numbers: Sequence[tuple[Fraction, bool]], target: Fraction | None, edition: Edition) -> DotLine:
    """A line of (number, whether it counts), the newest last; words say the newest that counts."""
    newest = [value for value, counts in numbers if counts] or [numbers[-1][0]]
    return DotLine(
        name=name,
        dots=[Dot(float(value), counts, misses(value, target, edition.better)) for value, counts in numbers],
        target=None if target is None else float(target),
        words=wording.amount(newest[-1], edition.unit),
    )


def misses(value: Fraction, target: Fraction | None, better: str) -> bool:
    """Is a number on the wrong side of its target?"""
    if target is None:
        return False
    return value > target if better == "lower" else value < target


def plot_of(
    ledger: Ledger, found: Standing, edition: Edition, *, day: date, known_at: datetime, names: wording.Names, name: str
) -> Plot | None:
    """What was measured at one hospital, apart for each campus, place, condition and minute."""
    plain = edition_in_force(ledger.book.facts(ledger.capability, size_class(ledger.subject)), day, known_at)
    if plain is None:
        return None
    targets = targets_on(plain, day, known_at)
    known = [r for r in ledger.rows if r.recorded_at <= known_at and r.as_of <= day]
    deciding = {key for part in found.parts for key in part.deciding}
    withdrawn = {r.supersedes for r in known if r.withdrawal}
    rows = [
        r
        for r in known
        if r.value is not None and r.method is not Method.RECORDS  # a count was not measured
        and r.edition == plain.number and r.id not in withdrawn
    ]  # fmt: skip
    lines = []
    for (subject, place, _condition, minute), group in _grouped(rows).items():
        first = group[0]
        campus = pick(names.get(subject, {})) if subject != ledger.subject.code else ""
        where = [
            campus, pick(names.get(place or "", {})), wording.condition_word(first.condition),
            wording.minute_word(minute),
        ]  # fmt: skip
        numbers = [(r.value, r.id in deciding) for r in group if r.value is not None]
        lines.append(dot_line(wording.joined(where) or name, numbers, targets.get(minute), edition))
    return plot(lines, edition.unit, caption_of(targets, edition))


def caption_of(targets: Mapping[int | None, Fraction], edition: Edition) -> str:
    """What the figure shows."""
    if not targets:
        return gettext("What was measured")
    words = wording.target_words(targets, edition.unit, edition.better)
    return gettext("What was measured, against the target: %(target)s") % {"target": words}


Key = tuple[str, str | None, str, int | None]


def _grouped(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    groups: dict[Key, list[Row]] = {}
    for row in sorted(rows, key=lambda r: (r.as_of, r.recorded_at)):
        groups.setdefault((row.subject, row.place, row.condition.value, row.at_min), []).append(row)
    return dict(sorted(groups.items(), key=lambda item: tuple(str(part) for part in item[0])))
