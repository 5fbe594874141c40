"""The ledger's law by another hand: counts from records. Slow and literal; see ``oracle.py``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from beiji.readiness.rules.rows import CapabilityFacts, Evaluator, Method, Row
from tests.readiness.oracle_rows import edition_in_force, meets, target_on


def may_be_counted(count: Row, rows: Sequence[Row], capability: CapabilityFacts) -> bool:
    """Whether the hospital's count is taken, by the paragraph *Counts* of the law."""
    edition = edition_in_force(capability, count.as_of, count.recorded_at)
    # "It is recorded only of a capability that is counted from records, as a value"
    if not edition.by_records or count.value is None:
        return False
    # "its sample is the list, its value the share, so many of so many"
    if not any(count.value == Fraction(so_many, count.sample) for so_many in range(count.sample + 1)):
        return False
    before = [r for r in rows if r.recorded_at <= count.recorded_at]
    corrected = next((r for r in before if r.id == count.supersedes), None)
    if corrected is not None and is_own_count(corrected):
        return True  # "A count that corrects the hospital's own of that day is asked none of this."
    others = [r for r in before if is_meant(r, count, before)]
    if any(r.as_of == count.as_of for r in others):
        return False  # "refused unless it is its only one of that day"
    earlier = sorted((r for r in others if r.as_of < count.as_of), key=lambda r: r.as_of)
    # "the last day of a month (where its own day ends a month: of that one; else of the one that ended last)"
    month_end = count.as_of
    while (month_end + timedelta(days=1)).day != 1:
        month_end -= timedelta(days=1)
    if not any(month_end <= r.as_of for r in earlier):
        return True  # "it is the first that is dated on or after the last day of a month"
    if count.source.kind == "gate":
        return True  # "it was taken for a gate, which its source says"
    # "by the target of its own day it passes where the newest of those dated before it would miss, or misses where that
    # one would pass"
    target = target_on(edition, None, count.as_of, count.recorded_at)
    if target is None:
        return False
    return meets(edition, count.value, target) != meets(edition, earlier[-1].value, target)


def is_own_count(row: Row) -> bool:
    return row.method is Method.RECORDS and row.evaluator is Evaluator.SELF and not row.withdrawal


def is_meant(other: Row, count: Row, known: Sequence[Row]) -> bool:
    """ "The others that are meant" """
    # "the hospital's counts of the same subject, capability, edition, place and condition"
    alike = all(
        getattr(other, name) == getattr(count, name)
        for name in ("subject", "capability", "edition", "place", "condition")
    )
    # "not those that it has corrected or that were withdrawn"; "also where somebody outside has sampled one since"
    ended = [r for r in known if r.supersedes == other.id]
    withdrawn = any(r.withdrawal for r in ended)
    replaced = any(
        r.evaluator is Evaluator.SELF and not any(w.withdrawal and w.supersedes == r.id for w in known) for r in ended
    )
    return is_own_count(other) and alike and not withdrawn and not replaced


def may_be_sampled(sampling: Row, rows: Sequence[Row], capability: CapabilityFacts) -> bool:
    """Whether a sampling from outside is taken, by the same paragraph; rights and reason are asked elsewhere."""
    edition = edition_in_force(capability, sampling.as_of, sampling.recorded_at)
    counted = next((r for r in rows if r.id == sampling.supersedes), None)
    # "the sampling supersedes a count of the hospital's"; "a sampling is not sampled"
    if not edition.by_records or counted is None or not is_own_count(counted) or sampling.value is None:
        return False
    current = counted.value * counted.sample
    # "A count by which nobody is current is not sampled"
    if current == 0:
        return False
    # "its sample is how many were drawn of those counted as current (the capability's minimum sample or more, or all of
    # them)"
    drawn = sampling.sample
    if drawn > current or (drawn < edition.min_sample and drawn != current):
        return False
    # "its value is the share that was counted, times those whose record held, through those drawn"
    return any(sampling.value == counted.value * Fraction(held, drawn) for held in range(drawn + 1))
