"""Carrying on reading: what a later release makes of a level, a number or an item of an earlier one.

Old rows are never rewritten. Whoever reads them under a newer release asks here, and gets what still counts, where it went,
and what is only a hint. `changes` are what the releases after the earlier one declared, oldest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from beiji.packs.schemas.declared import Change, Release


class Fate(StrEnum):
    """What became of a level."""

    STANDS = "stands"
    MAY_BE_HIGHER = "may-be-higher"
    """It stands; the bar was lowered since."""
    TO_CONFIRM = "to-confirm"
    """It was given at a bar that has been raised; it counts for less until it is given again."""
    HINT = "hint"
    """It was given to something else (split, merged, another scale): worth knowing, never counted."""
    GONE = "gone"
    """The item was retired."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a later release makes of a level: the items it went to, the level there (None: none), what became of it, in
    which version. `counts` is whether it may enter a score."""

    items: tuple[str, ...]
    level: int | None
    fate: Fate = Fate.STANDS
    version: str = ""

    @property
    def counts(self) -> bool:
        return self.fate in (Fate.STANDS, Fate.MAY_BE_HIGHER)


STAYS = frozenset({
    "new", "wording", "reworded", "weight", "moved", "validity", "engine", "parameter", "applies", "unit",
})  # fmt: skip
"""Changes that leave a level what it was; a number is converted (`unit_factor`)."""
SEVERITY = (Fate.STANDS, Fate.MAY_BE_HIGHER, Fate.TO_CONFIRM, Fate.HINT, Fate.GONE)


def numbers_of(version: str) -> tuple[int, ...]:
    """`1.10.0` as numbers, for ordering."""
    return tuple(int(part) for part in version.split("."))


def declared_after(releases: Iterable[Release], since: str) -> list[Release]:
    """Releases after a version, oldest first."""
    later = [release for release in releases if numbers_of(release.version) > numbers_of(since)]
    return sorted(later, key=lambda release: numbers_of(release.version))


def carried(item: str, level: int | None, releases: Sequence[Release], since: str) -> Carried:
    """What became of a level (None: not assessed) that `item` had in release `since`."""
    found = Carried((item,), level)
    for release in declared_after(releases, since):
        for change in release.changes:
            if change.item in found.items:
                found = _by(found, change, release.version)
    return found


def _by(found: Carried, change: Change, version: str) -> Carried:
    if change.change in STAYS:
        return found
    if change.change == "retired":
        return _worse(found, Fate.GONE, version) if not change.into else _parted(found, change, version)
    if change.change in ("split", "merged"):
        return _parted(found, change, version)
    if change.change == "scale":
        mapped = change.levels.get(found.level) if found.level is not None else None  # type: ignore[call-overload]
        return replace(_worse(found, Fate.HINT, version), level=mapped)
    if change.change == "raised":
        touched = found.level is not None and found.level >= change.from_level
        return _worse(found, Fate.TO_CONFIRM, version) if touched else found
    return _worse(found, Fate.MAY_BE_HIGHER, version)


def _parted(found: Carried, change: Change, version: str) -> Carried:
    """The level goes with the items as a hint; a part that keeps the id is asked anew like the others."""
    items = tuple(
        dict.fromkeys(other for item in found.items for other in (change.into if item == change.item else (item,)))
    )
    return replace(_worse(found, Fate.HINT, version), items=items or found.items)


def _worse(found: Carried, fate: Fate, version: str) -> Carried:
    """The severest fate stays: what was a hint once never counts again."""
    return found if SEVERITY.index(found.fate) >= SEVERITY.index(fate) else replace(found, fate=fate, version=version)


def hints_for(item: str, releases: Sequence[Release]) -> Iterator[tuple[str, str]]:
    """(earlier item, version) for everything that was split into, or merged to, an item: whose levels are hints for it."""
    for release in sorted(releases, key=lambda one: numbers_of(one.version)):
        for change in release.changes:
            if item in change.into and change.change in ("split", "merged", "retired") and change.item != item:
                yield change.item, release.version
            if change.item == item and change.change == "merged":
                yield from ((other, release.version) for other in change.of if other != item)


def merged_hint(levels: Mapping[str, int | None]) -> int | None:
    """The hint for a merged item: the lowest of the old levels; none where one of them was never assessed."""
    known = [level for level in levels.values() if level is not None]
    return min(known) if known and len(known) == len(levels) else None


def unit_factor(item: str, since: str, releases: Sequence[Release]) -> Fraction | None:
    """What a number of a capability in the unit of release `since` is multiplied by now; None where its unit never changed."""
    factors = [
        change.factor
        for release in declared_after(releases, since)
        for change in release.changes
        if change.item == item and change.change == "unit" and change.factor is not None
    ]
    if not factors:
        return None
    found = Fraction(1)
    for factor in factors:
        found *= factor
    return found
