"""Plain values of the aggregates. Part of :mod:`beiji.readiness.rules.rows`, which offers all of them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .words import CapCode, Kind, Proof, State


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator of a standard on one subject, ready to be aggregated.

    ``weight`` is its effective weight in the aggregate at hand (exact). ``applicable`` is False only where *not
    applicable* was approved; a must-pass item is always applicable. ``must_pass`` is resolved for the subject's class.
    ``checked``: a row of rank ≥ 2 exists in each condition and place (:attr:`Standing.checked`).
    """

    code: str
    weight: Fraction
    kind: Kind
    state: State
    digit: int | None
    proof: Proof | None
    must_pass: bool = False
    applicable: bool = True
    checked: bool = False


@dataclass(frozen=True, slots=True)
class RollUp:
    """One aggregate.

    ``score``        weighted mean over assessed and applicable items, None if nothing is assessed.
    ``floor``        the same with unknown as 0, None if nothing is applicable.
    ``completeness`` assessed ÷ applicable weight, None if nothing is applicable.
    ``digit``        the digit shown: of the score, or, where ``provisional``, of the floor ("at least"); None if
                     nothing is assessed. For the floor unknown counts as 0 also in the caps.
    ``caps``         those that bite, in the order of :class:`CapCode`: each that lowers the uncapped digit of the
                     score shown.
    ``mark``         the corner mark.
    ``has_word``     False where provisional or nothing is assessed.
    ``shown_score``  the score that the digit shows (score, or floor where provisional).
    ``set_aside``    codes, sorted, of the not applicable items that are *below*.
    """

    score: Fraction | None
    floor: Fraction | None
    completeness: Fraction | None
    digit: int | None
    uncapped: int | None
    caps: tuple[CapCode, ...]
    mark: Proof | None
    provisional: bool
    has_word: bool
    shown_score: Fraction | None
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HospitalRollUp:
    """Hospital: ``total`` over all items, ``domains`` by code. ``present`` of ``expected`` domains have an assessed
    item or are wholly not applicable; with fewer than expected the word is withheld (``total.has_word`` is False)."""

    total: RollUp
    domains: Mapping[str, RollUp]
    present: int
    expected: int
