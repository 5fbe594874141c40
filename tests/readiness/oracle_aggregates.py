"""The ledger's law by another hand: notified drills, gaps and aggregates. See ``oracle.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from beiji.readiness.rules.rows import (
    CapCode,
    Evaluator,
    HospitalRollUp,
    Item,
    Kind,
    Method,
    NotifiedDrill,
    Proof,
    RollUp,
    Row,
    State,
    end_of,
)
from tests.readiness.oracle_rows import stands

# ------------------------------------------------------------------ notified drills and gaps


def drill_is_missed(drill: NotifiedDrill, rows: Sequence[Row], today: date, known_at: datetime) -> bool:
    """Whether the ledger writes *shown: no* for the notified office."""
    start = drill.starts_at.date()
    last = start + timedelta(days=30)
    # "A drill is notified to an office outside on an earlier day"
    notified = drill.notified_at < start and drill.evaluator is not Evaluator.SELF
    # "and may be called off, on record, before it starts"
    called_off = drill.called_off_at is not None and drill.called_off_at < drill.starts_at
    of_it = [row for row in rows if is_row_of(row, drill)]
    # "*handed in* if at the end of the 30th day after its day a row of it stood, and as long as one stands"
    then = min(known_at, end_of(last, drill.starts_at.tzinfo))
    stood = any(stands(row, rows, then) for row in of_it)
    handed_in = stood and any(stands(row, rows, known_at) for row in of_it)
    # "then from the 31st day on the ledger writes"
    return notified and not called_off and not handed_in and today > last


def is_row_of(row: Row, drill: NotifiedDrill) -> bool:
    # "A *row of the drill* is a witnessed or own drill that names it, with its capability, its subject and place, its
    # condition and its day"
    where = (row.capability, row.subject, row.place, row.condition, row.as_of)
    same = where == (drill.capability, drill.subject, drill.place, drill.condition, drill.starts_at.date())
    names_it = row.method in (Method.WITNESSED_DRILL, Method.OWN_DRILL) and row.drill == drill.id
    # "A real event, confirmed from outside, of the same (…) counts as a row of it."
    happened = row.method is Method.REAL_EVENT and row.evaluator is not Evaluator.SELF
    return same and (names_it or happened)


def is_gap(state: State, *, strict: bool, covered: bool) -> bool:
    """Whether there is a gap."""
    if state is State.UNKNOWN:
        return covered  # "*Unknown* is a gap once an assessment that covered it is locked."
    # "For must-pass and core items and for whatever feeds the engine there is a gap unless the standing is *met*; for
    # other items unless it is *met* or *in place*."
    return state not in ({State.MET} if strict else {State.MET, State.IN_PLACE})


def is_open(state: State) -> bool:
    """Whether a must-pass item in this state is open."""
    # "A must-pass item is **open** unless it is in place or met."
    return state not in {State.IN_PLACE, State.MET}


# ------------------------------------------------------------------ aggregates


def is_applicable(item: Item) -> bool:
    # "*Not applicable* needs a reason and approval from outside, never for must-pass."
    return item.applicable or item.must_pass


def is_assessed(item: Item) -> bool:
    # "assessed (not unknown)"
    return item.state is not State.UNKNOWN


def item_value(item: Item) -> Fraction:
    # "Item value = digit ÷ top digit of its kind, where claimed and stale count as at most 1"
    if item.digit is None:
        return Fraction(0)  # "unknown as 0", where the floor score asks
    counts = min(item.digit, 1) if item.state in (State.CLAIMED, State.STALE) else item.digit
    return Fraction(counts, 2 if item.kind is Kind.DOCUMENT else 3)


def weight_of(items: Sequence[Item]) -> Fraction:
    return sum((item.weight for item in items), Fraction(0))


def mean_of(items: Sequence[Item]) -> Fraction | None:
    # "Weighted mean (…), exact fractions."
    weight = weight_of(items)
    return sum((item.weight * item_value(item) for item in items), Fraction(0)) / weight if weight else None


def cut(score: Fraction) -> int:
    # "Digit by cut-offs 3 ≥ .80, 2 ≥ .60, 1 ≥ .30, compared unrounded"
    return next((n for n, least in ((3, "0.80"), (2, "0.60"), (1, "0.30")) if score >= Fraction(least)), 0)


def caps_on(applicable: Sequence[Item], as_floor: bool) -> dict[CapCode, int]:
    """The caps whose condition holds, with the digit they allow. ``as_floor``: "unknown as 0" also here."""
    must_pass = [item for item in applicable if item.must_pass]
    measurable = [item for item in applicable if item.kind is not Kind.DOCUMENT]
    met = [item for item in measurable if item.state is State.MET]
    zero = [i for i in must_pass if i.digit == 0 or (as_floor and not is_assessed(i))]
    found = {}
    # "3 needs every must-pass item met,"
    if any(item.state is not State.MET for item in must_pass):
        found[CapCode.MUST_PASS_NOT_MET] = 2
    # "quantity and observed items with at least half of the applicable weight,"
    if weight_of(measurable) < Fraction(1, 2) * weight_of(applicable):
        found[CapCode.FEW_MEASURABLE] = 2
    # "and ≥ 60 % of the weight of those met by measurement"
    if weight_of(met) < Fraction(60, 100) * weight_of(measurable):
        found[CapCode.LITTLE_MEASURED] = 2
    # "an open must-pass item: at most 1"
    if any(is_open(item.state) for item in must_pass):
        found[CapCode.MUST_PASS_OPEN] = 1
    # "three or more must-pass items at digit 0: 0"
    if len(zero) >= 3:
        found[CapCode.MUST_PASS_ZERO] = 0
    return found


def mark_of(applicable: Sequence[Item]) -> Proof | None:
    """The corner mark."""
    must_pass = [item for item in applicable if item.must_pass]
    if must_pass:
        # "the weakest proof among its must-pass items (empty if one is unknown)"
        proofs = [item.proof for item in must_pass]
        return None if None in proofs else min((p for p in proofs if p), key=lambda proof: proof.order)
    # "else the lower weighted median": the weakest mark up to which at least half of the weight lies
    marked = [(item.proof, item.weight) for item in applicable if item.proof is not None]
    total = sum(weight for _, weight in marked)
    for proof in Proof:
        up_to = sum(weight for p, weight in marked if p.order <= proof.order)
        if marked and 2 * up_to >= total:
            return proof
    return None


def aggregate(items: Sequence[Item], under: Sequence[RollUp] = ()) -> RollUp:
    """Domain, pillar or 4S; with ``under``, the domains, a hospital."""
    applicable = [item for item in items if is_applicable(item)]
    assessed = [item for item in applicable if is_assessed(item)]
    # "Each roll-up names the not applicable items that are *below* (*set aside*), by code and sorted"
    aside = tuple(sorted(item.code for item in items if not is_applicable(item) and item.state is State.BELOW))
    score, floor = mean_of(assessed), mean_of(applicable)
    completeness = weight_of(assessed) / weight_of(applicable) if applicable else None
    # "Completeness under 95 % of weight, or a must-pass item without a row of rank ≥ 2 in each condition and place:
    # *provisional*"
    incomplete = completeness is not None and completeness < Fraction(95, 100)
    provisional = incomplete or any(item.must_pass and not item.checked for item in applicable)
    # "shown as "at least" the digit of the floor score (unknown as 0), without a word"
    shown_score = floor if provisional else score
    # "Nothing assessed: no digit, no word."
    if not assessed or shown_score is None:
        return RollUp(score, floor, completeness, None, None, (), mark_of(applicable), provisional, False, None, aside)
    uncapped = cut(shown_score)
    limits = caps_on(applicable, as_floor=provisional)
    # "a domain under .30 by the score that its digit shows: the hospital at most 2"
    if any(d.shown_score is not None and d.shown_score < Fraction("0.30") for d in under if d.digit is not None):
        limits[CapCode.DOMAIN_UNDER] = 2
    return RollUp(
        score=score,
        floor=floor,
        completeness=completeness,
        digit=min([uncapped, *limits.values()]),
        uncapped=uncapped,
        caps=tuple(code for code in CapCode if code in limits and limits[code] < uncapped),  # "those that bite listed"
        mark=mark_of(applicable),
        provisional=provisional,
        has_word=not provisional,
        shown_score=shown_score,
        set_aside=aside,
    )


def hospital(items: Sequence[Item], domains: Mapping[str, Sequence[Item]], *, expected: int) -> HospitalRollUp:
    """The hospital over its domains."""
    rolled = {code: aggregate(inside) for code, inside in domains.items()}
    # "With fewer domains that have an assessed item than the standard has, the hospital's word is withheld (…); a
    # domain that is wholly not applicable counts as present."
    present = sum(
        any(is_applicable(i) and is_assessed(i) for i in inside) or not any(is_applicable(i) for i in inside)
        for inside in domains.values()
    )
    total = aggregate(items, list(rolled.values()))
    if present < expected:
        total = replace(total, has_word=False)
    return HospitalRollUp(total, rolled, present, expected)
