"""Which standard asks whom: one for each class of subject, and another takes its place only where the city names it."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from .rows import LedgerError


@dataclass(frozen=True, slots=True)
class Asking:
    """A standard and the classes of subject that it asks."""

    code: str
    asks: Set[str]


def follows(new: Asking, others: Iterable[Asking], named: Set[str], city: str) -> bool:
    """Whether `new` takes the place of one of `others` in a city; `named` are the standards that the city says it uses.

    Raises :class:`LedgerError` where another asks the same classes and the city names not `new` alone, or where `new` would
    leave some of those classes without a standard.
    """
    rivals = [other for other in others if other.code != new.code and other.asks & new.asks]
    for other in rivals:
        if new.code not in named or other.code in named:
            raise LedgerError(
                "standard-second",
                "{code} asks whom {other} asks, and {city} can use one of them. Name it under standards: in the city's pack.",
                code=new.code,
                other=other.code,
                city=city,
            )
        if not new.asks >= other.asks:
            raise LedgerError(
                "standard-fewer",
                "{code} asks fewer than {other}, whose place it would take: {left} would be asked by none.",
                code=new.code,
                other=other.code,
                left=", ".join(sorted(other.asks - new.asks)),
            )
    return bool(rivals)
