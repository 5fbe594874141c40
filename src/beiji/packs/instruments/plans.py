"""From an instrument as written to the plan that a scorer takes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from beiji.packs.schemas.instruments import Instrument
from beiji.packs.scorers import Entry, Grade, GradeCap, Plan

#: Rule → what each answer is worth unless the instrument says so. Hazards have columns instead of words.
VALUES: Mapping[str, Mapping[str, Fraction]] = {
    "weighted-levels": {str(level): Fraction(level, 3) for level in range(4)},
    "share-of-standards": {"no": Fraction(0), "partial": Fraction(0), "full": Fraction(1)},
    "safety-index": {"low": Fraction(1, 4), "average": Fraction(1, 2), "high": Fraction(1)},
    "hazard-vulnerability": {},
}
#: Rules whose groups carry weights of their own.
WEIGHED = frozenset({"weighted-levels", "safety-index"})


def values_of(instrument: Instrument) -> Mapping[str, Fraction]:
    """What each answer is worth."""
    return instrument.scorer.values or VALUES[instrument.scorer.rule]


def plan_of(instrument: Instrument) -> Plan:
    """The scorer's plan. Where groups have no weight of their own, a group weighs what its items weigh."""
    sums = {group.id: Fraction(0) for group in instrument.groups}
    for item in instrument.items:
        sums[item.group] += item.weight
    scorer = instrument.scorer
    return Plan(
        rule=scorer.rule,
        entries=tuple(
            Entry(i.id, i.group, i.weight, i.must_pass, i.pillar or "", i.fours or "") for i in instrument.items
        ),
        groups={g.id: sums[g.id] if g.weight is None else g.weight for g in instrument.groups},
        values=values_of(instrument),
        grades=tuple(Grade(g.code, g.at_least) for g in instrument.grades),
        round_to=scorer.round_to,
        complete=scorer.complete,
        rescale=scorer.rescale,
        caps=tuple(
            GradeCap(c.code, c.at_most, c.value or Fraction(0), c.count, c.share or Fraction(0)) for c in scorer.caps
        ),
    )
