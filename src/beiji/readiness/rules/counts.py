"""Counts from records: is this one due, may it stand, and what does a sampling from outside make of it?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction

from .facts import edition_by_number, targets_on
from .judging import meets
from .rows import CapabilityFacts, EditionFacts, LedgerError, Row
from .words import Condition, Evaluator, Method

GATE = "gate"
"""Kind of the source of a count that was taken for a gate."""


def current_of(row: Row) -> int:
    """How many on the list are current by a count; of a sampling, by the share that held, rounded down."""
    return 0 if row.value is None else int(row.value * row.sample)


def held_of(sampling: Row, counted: Row) -> Fraction:
    """How many of the drawn held, by the two shares: a whole number where the sampling is in order."""
    assert sampling.value is not None
    return Fraction(0) if not counted.value else sampling.value / counted.value * sampling.sample


def sampled_share(counted: Fraction, drawn: int, held: int) -> Fraction:
    """The share of a sampling. Raises LedgerError for numbers that cannot be."""
    if not 0 <= held <= drawn or drawn < 1:
        raise LedgerError("sampling-held", "{held} of {drawn} cannot have held.", held=held, drawn=drawn)
    return counted * Fraction(held, drawn)


def share_of(current: int, listed: int) -> Fraction:
    """The share of a count. Raises LedgerError for numbers that cannot be."""
    if not 0 <= current <= listed or listed < 1:
        raise LedgerError("count-more", "{current} of {listed} cannot be. Count again.", current=current, listed=listed)
    return Fraction(current, listed)


def month_end_before(day: date) -> date:
    """The last day of a month that is not after ``day``."""
    tomorrow = day + timedelta(days=1)
    return day if tomorrow.month != day.month else day.replace(day=1) - timedelta(days=1)


def counts_beside(row: Row, rows: Iterable[Row]) -> list[Row]:
    """The hospital's counts of the same subject, capability, edition, place and condition as ``row``, as it counted them:
    not what it corrected or what was withdrawn."""
    known = [r for r in rows if r.recorded_at <= row.recorded_at]
    withdrawn = {r.supersedes for r in known if r.withdrawal}
    corrected = {r.supersedes for r in known if r.evaluator is Evaluator.SELF and r.id not in withdrawn}
    alike = (row.subject, row.capability, row.edition, row.place, row.condition)
    return [
        r
        for r in known
        if r.method is Method.RECORDS
        and r.evaluator is Evaluator.SELF
        and not r.withdrawal
        and r.id not in withdrawn | corrected
        and (r.subject, r.capability, r.edition, r.place, r.condition) == alike
    ]


def count_is_due(row: Row, rows: Iterable[Row], capability: CapabilityFacts) -> bool:
    """Whether the hospital's count ``row`` enters: at a month's end, for a gate, or because it crossed the target."""
    others = counts_beside(row, rows)
    if any(r.as_of == row.as_of for r in others):
        return False
    before = [r for r in others if r.as_of < row.as_of]
    if all(r.as_of < month_end_before(row.as_of) for r in before) or row.source.kind == GATE:
        return True
    newest = max(before, key=lambda r: r.as_of)
    return _side(row, row, capability) is not _side(newest, row, capability)


def _side(row: Row, asked: Row, capability: CapabilityFacts) -> bool | None:
    """Whether the share of ``row`` meets the target of the day of ``asked``; None where that day has none."""
    edition = edition_by_number(capability, asked.edition)
    target = targets_on(edition, asked.as_of, asked.recorded_at).get(None) if edition else None
    return None if target is None or edition is None else meets(row.value or Fraction(0), target, edition.better)


def check_count(row: Row, rows: Iterable[Row], edition: EditionFacts, capability: CapabilityFacts) -> None:
    """Refuse a count, or the sampling of one, unless the law allows it. Raises :class:`LedgerError`."""
    if not edition.by_records:
        raise LedgerError(
            "count-not", "{capability} is not counted from records. Say how it was found.", capability=row.capability
        )
    if row.value is None:
        raise LedgerError("count-value", "A count says how many of how many. Enter both.")
    known = list(rows)
    old = next((r for r in known if r.id == row.supersedes), None)
    of_own = old is not None and old.method is Method.RECORDS and old.evaluator is Evaluator.SELF
    if row.evaluator.is_outside:
        _check_sampling(row, old if of_own else None, edition)
        return
    share_of(current_of(row), row.sample)
    if current_of(row) != row.value * row.sample:
        raise LedgerError("count-whole", "A count is so many people of so many. Enter whole numbers.")
    if not of_own and not count_is_due(row, known, capability):
        raise LedgerError(
            "count-early",
            "A count stands already, and this one is on the same side of the target. The next is due at the end of the month.",
        )


def _check_sampling(row: Row, counted: Row | None, edition: EditionFacts) -> None:
    if counted is None:
        raise LedgerError("sampling-of", "From outside a count is sampled, not made. Name the hospital's count.")
    current = current_of(counted)
    if not current:
        raise LedgerError("sampling-none", "By this count nobody is current; there is nothing to draw from.")
    least = min(edition.min_sample, current)
    if not least <= row.sample <= current:
        raise LedgerError(
            "sampling-drawn",
            "Of the {current} counted as current, draw at least {least} and at most all.",
            current=current,
            least=least,
        )
    held = held_of(row, counted)
    if held.denominator != 1 or not 0 <= held <= row.sample:
        raise LedgerError("sampling-held", "{held} of {drawn} cannot have held.", held=held, drawn=row.sample)


Said = tuple[str, str | None, Condition, date, Fraction | None, int]
"""What a count says: subject, place, condition, day, share, list."""


def is_withdrawn_count(said: Said, rows: Iterable[Row], known_at: datetime) -> bool:
    """Whether this very count was recorded and withdrawn: nothing writes it by itself again."""
    known = [r for r in rows if r.recorded_at <= known_at]
    withdrawn = {r.supersedes for r in known if r.withdrawal}
    return any(
        r.method is Method.RECORDS
        and r.evaluator is Evaluator.SELF
        and r.id in withdrawn
        and (r.subject, r.place, r.condition, r.as_of, r.value, r.sample) == said
        for r in known
    )
