"""Named cases of the ledger: domain, pillar and hospital from items."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from beiji.readiness.rules.rows import CapCode, Item, Kind, Proof, State

from .law import case

F = Fraction


def item(code: str, state: State = State.MET, digit: int | None = 3, weight: int = 1, **facts: Any) -> Item:
    """A quantity that is met by a drill, unless told otherwise."""
    known: dict[str, Any] = {"kind": Kind.QUANTITY, "proof": Proof.EXERCISED, "checked": True}
    return Item(code=code, weight=F(weight), state=state, digit=digit, **{**known, **facts})


def met(code: str, **facts: Any) -> Item:
    return item(code, **facts)


def in_place(code: str, **facts: Any) -> Item:
    return item(code, State.IN_PLACE, 2, **{"proof": Proof.SEEN, **facts})


def below(code: str, digit: int = 1, **facts: Any) -> Item:
    return item(code, State.BELOW, digit, **facts)


def unknown(code: str, **facts: Any) -> Item:
    return item(code, State.UNKNOWN, None, **{"proof": None, "checked": False, **facts})


def paper(code: str, **facts: Any) -> Item:
    return item(code, State.MET, 2, **{"kind": Kind.DOCUMENT, "proof": Proof.SEEN, **facts})


@case
def an_item_counts_its_digit_by_its_top_digit(law: Any) -> None:
    """Item value = digit ÷ top digit of its kind"""
    assert law.item_value(met("a")) == 1
    assert law.item_value(in_place("a")) == F(2, 3)
    assert law.item_value(paper("a")) == 1


@case
def claimed_and_stale_count_as_at_most_1(law: Any) -> None:
    """where claimed and stale count as at most 1"""
    for state in (State.CLAIMED, State.STALE):
        assert law.item_value(item("a", state, 2)) == F(1, 3)
        assert law.item_value(item("a", state, 2, kind=Kind.DOCUMENT)) == F(1, 2)


@case
def the_mean_is_weighted_over_assessed_and_applicable(law: Any) -> None:
    """Weighted mean over assessed (not unknown) and applicable items, exact fractions"""
    found = law.aggregate([met("a", weight=2), below("b"), unknown("c", weight=9), below("d", applicable=False)])
    assert found.score == F(7, 9)
    assert found.floor == F(7, 36)
    assert found.completeness == F(3, 12)


@case
def digits_are_cut_unrounded(law: Any) -> None:
    """cut-offs 3 ≥ .80, 2 ≥ .60, 1 ≥ .30, compared unrounded"""
    assert [law.digit_of(F(n, 1000)) for n in (800, 799, 600, 599, 300, 299)] == [3, 2, 2, 1, 1, 0]


@case
def three_needs_every_must_pass_item_met(law: Any) -> None:
    """3 needs every must-pass item met"""
    items = [met("a", weight=9), in_place("b", must_pass=True)]
    assert law.aggregate(items).caps == (CapCode.MUST_PASS_NOT_MET,)
    assert law.aggregate(items).digit == 2


@case
def three_needs_enough_that_can_be_measured(law: Any) -> None:
    """quantity and observed items with at least half of the applicable weight"""
    assert law.aggregate([met("a"), paper("b"), paper("c")]).caps == (CapCode.FEW_MEASURABLE,)
    assert law.aggregate([met("a"), paper("b")]).digit == 3


@case
def three_needs_sixty_percent_measured(law: Any) -> None:
    """and ≥ 60 % of the weight of those met by measurement"""
    mixed = [met("a", weight=59), in_place("b", weight=41)]
    assert law.aggregate(mixed).uncapped == 3
    assert law.aggregate(mixed).caps == (CapCode.LITTLE_MEASURED,)
    assert law.aggregate([met("a", weight=60), in_place("b", weight=40)]).digit == 3


@case
def an_open_must_pass_item_caps_at_1(law: Any) -> None:
    """an open must-pass item: at most 1"""
    found = law.aggregate([met("a", weight=9), below("b", must_pass=True)])
    assert found.digit == 1
    assert CapCode.MUST_PASS_OPEN in found.caps


@case
def three_must_pass_items_at_0_cap_at_0(law: Any) -> None:
    """three or more must-pass items at digit 0: 0"""
    two = [met("a", weight=9), below("b", 0, must_pass=True), below("c", 0, must_pass=True)]
    assert law.aggregate(two).digit == 1
    assert law.aggregate([*two, below("d", 0, must_pass=True)]).digit == 0


@case
def only_caps_that_bite_are_listed(law: Any) -> None:
    """caps, those that bite listed with their code"""
    assert law.aggregate([below("a", must_pass=True)]).caps == ()
    assert law.aggregate([below("a", must_pass=True)]).digit == 1


@case
def a_weak_domain_caps_the_hospital_at_2(law: Any) -> None:
    """a domain under .30 by the score that its digit shows: the hospital at most 2"""
    items = [met("a", weight=9), below("b", 0)]
    found = law.hospital(items, {"A": [items[0]], "B": [items[1]]}, expected=2)
    assert found.total.digit == 2
    assert found.total.caps == (CapCode.DOMAIN_UNDER,)


@case
def a_provisional_domain_is_weak_by_its_floor(law: Any) -> None:
    """by the score that its digit shows"""
    items = [met("a", weight=90), met("b"), unknown("c", weight=4)]
    found = law.hospital(items, {"A": items[:1], "B": items[1:]}, expected=2)
    assert found.domains["B"].shown_score == F(1, 5)
    assert CapCode.DOMAIN_UNDER in found.total.caps


@case
def the_mark_is_the_weakest_proof_of_must_pass_items(law: Any) -> None:
    """Corner mark: the weakest proof among its must-pass items"""
    items = [met("a", must_pass=True), in_place("b", must_pass=True), item("c", State.CLAIMED, 2, proof=Proof.STATED)]
    assert law.aggregate(items).mark is Proof.SEEN


@case
def the_mark_is_empty_if_a_must_pass_item_is_unknown(law: Any) -> None:
    """(empty if one is unknown)"""
    assert law.aggregate([met("a", must_pass=True), unknown("b", must_pass=True)]).mark is None


@case
def without_must_pass_items_the_mark_is_the_lower_weighted_median(law: Any) -> None:
    """else the lower weighted median"""
    weak, strong = item("a", State.CLAIMED, 2, proof=Proof.STATED), met("b", proof=Proof.PERFORMED)
    assert law.aggregate([weak, strong]).mark is Proof.STATED
    assert law.aggregate([weak, met("b", weight=2, proof=Proof.PERFORMED)]).mark is Proof.PERFORMED


@case
def under_95_percent_is_provisional(law: Any) -> None:
    """Completeness under 95 % of weight: provisional, shown as "at least" the digit of the floor score, without a word"""
    found = law.aggregate([met("a", weight=94), unknown("b", weight=6)])
    assert (found.provisional, found.has_word, found.digit) == (True, False, 3)
    assert found.shown_score == F(94, 100)
    complete = law.aggregate([met("a", weight=95), unknown("b", weight=5)])
    assert (complete.provisional, complete.has_word) == (False, True)


@case
def a_must_pass_item_not_checked_everywhere_is_provisional(law: Any) -> None:
    """or a must-pass item without a row of rank ≥ 2 in each condition and place: provisional"""
    items = [met("a", weight=9), item("b", State.CLAIMED, 2, must_pass=True, checked=False, proof=Proof.STATED)]
    assert law.aggregate(items).provisional
    assert not law.aggregate([met("a"), met("b", must_pass=True)]).provisional


@case
def unknown_counts_as_0_in_the_floor_also_among_must_pass_items(law: Any) -> None:
    """the digit of the floor score (unknown as 0)"""
    items = [met("a", weight=90), *(unknown(c, must_pass=True) for c in "bcd")]
    assert law.aggregate(items).digit == 0


@case
def nothing_assessed_has_no_digit_and_no_word(law: Any) -> None:
    """Nothing assessed: no digit, no word"""
    found = law.aggregate([unknown("a"), unknown("b")])
    assert (found.digit, found.has_word, found.completeness) == (None, False, 0)
    nothing = law.aggregate([met("a", applicable=False)])
    assert (nothing.digit, nothing.completeness) == (None, None)


@case
def the_word_is_withheld_while_domains_are_missing(law: Any) -> None:
    """With fewer domains that have an assessed item than the standard has, the hospital's word is withheld"""
    items = [met("a")]
    found = law.hospital(items, {"A": items, "B": []}, expected=17)
    assert (found.present, found.expected, found.total.has_word) == (1, 17, False)
    assert found.total.digit == 3
    assert law.hospital(items, {"A": items}, expected=1).total.has_word


@case
def a_domain_wholly_not_applicable_counts_as_present(law: Any) -> None:
    """a domain that is wholly not applicable counts as present"""
    items = [met("a"), met("b", applicable=False)]
    found = law.hospital(items, {"A": items[:1], "B": items[1:]}, expected=2)
    assert (found.present, found.total.has_word) == (2, True)
    unassessed = law.hospital([items[0], unknown("c")], {"A": items[:1], "B": [unknown("c")]}, expected=2)
    assert unassessed.present == 1


@case
def weights_share_a_domain_by_criticality(law: Any) -> None:
    """Weighted mean; must-pass 3, high 2, normal 1 within the weight of the domain"""
    found = law.item_weights({"a": 3, "b": 2, "c": 1}, {"a": "T", "b": "T", "c": "S"}, {"T": F(10), "S": F(4)})
    assert found == {"a": F(6), "b": F(4), "c": F(4)}


@case
def pillars_carry_their_shares(law: Any) -> None:
    """pillars S 35, E 20, K 15, T 30; only groups with an applicable item count"""
    items = [met("a", weight=1), below("b", weight=3), below("c", applicable=False)]
    weighed = law.weigh_by_group(items, {"a": "S", "b": "S", "c": "T"}, {"S": F(35), "T": F(30)})
    assert [i.weight for i in weighed] == [F(35, 4), F(105, 4), 0]
