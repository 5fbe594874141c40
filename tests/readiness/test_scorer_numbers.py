"""A standard may set other limits and weights than the law; what it writes is what it is scored by."""

from dataclasses import asdict
from datetime import timedelta
from fractions import Fraction

from beiji.packs.library import Library
from beiji.packs.schemas.standards import Cap
from beiji.readiness import changes
from beiji.readiness.methodology import scorer_of, standard_in_force
from beiji.readiness.rules.aggregates import LAW
from tests import cast

LATER = cast.NOW + timedelta(days=1)
OTHER = (
    Cap(code="must-pass-zero", count=2, at_most=1),
    Cap(code="must-pass-open", at_most=2),
    Cap(code="domain-under", share=Fraction(1, 4), at_most=1),
)


def test_the_standard_of_the_project_is_scored_by_the_law(yangzhou: cast.World, library: Library) -> None:
    changes.load_packs(city=yangzhou.city, library=library, by=None, now=cast.NOW)
    method = standard_in_force(yangzhou.city, LATER.date(), LATER)
    assert method is not None
    assert asdict(method.scorer) == asdict(LAW)
    assert (
        not {"open_at_most", "zero_count", "zero_at_most", "domain_at_most", "crit_weights"} & method.pack.rules.keys()
    )


def test_other_limits_and_weights_reach_the_score(yangzhou: cast.World, library: Library) -> None:
    standard = library.standards["mci-hospital"]
    weights = {"must-pass": 5, "high": 4, "normal": 1}
    header = standard.header.model_copy(update={"caps": OTHER, "crit_weights": weights})
    changed = {"mci-hospital": standard.model_copy(update={"header": header, "hash": "other"})}
    library.standards.update(changed)
    try:
        changes.load_packs(city=yangzhou.city, library=library, by=None, now=LATER)
    finally:
        library.standards.update({"mci-hospital": standard})
    method = standard_in_force(yangzhou.city, LATER.date(), LATER + timedelta(minutes=1))
    assert method is not None
    scorer = method.scorer
    assert (scorer.zero_count, scorer.zero_at_most, scorer.open_at_most) == (2, 1, 2)
    assert (scorer.domain_under, scorer.domain_at_most) == (Fraction(1, 4), 1)
    asked = {q.code: q for q in method.questions_for(yangzhou.subjects["egret"])}
    assert asked["TRI-6"].crit_weight == 5
    conditional = [q for q in asked.values() if q.indicator.must_pass_if]
    assert {q.crit_weight for q in conditional} <= {5, 4}


def test_rules_that_were_kept_without_limits_are_the_laws() -> None:
    assert scorer_of({}) is LAW
    assert scorer_of({"domain_under": "3/10", "cutoffs": {"3": "4/5", "2": "3/5", "1": "3/10"}}) == LAW
