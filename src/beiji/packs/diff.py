"""`beiji pack diff`: what differs between a pack and one of its releases, how it is declared, what it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from beiji.packs.effects import EFFECTS
from beiji.packs.frozen import Frozen
from beiji.packs.release import BEARING, Difference, rule_differences
from beiji.packs.schemas.capabilities import Capability
from beiji.packs.schemas.declared import Change
from beiji.packs.schemas.standards import Indicator


def differences_of(old: Frozen, new: Frozen) -> list[Difference]:
    """Every difference, rules first, then item by item in the order of the new release; words by language."""
    differences = list(rule_differences(old, new))
    thing = Indicator if new.header["kind"] == "standard" else Capability
    for id in [*new.items, *(id for id in old.items if id not in new.items)]:
        before, after = old.items.get(id), new.items.get(id)
        if before is None or after is None:
            differences.append(
                Difference(id, "", "", None if before is None else id, None if after is None else id, True)
            )
            continue
        for field in [*after, *(name for name in before if name not in after)]:
            for part, one, other in _parts(before.get(field), after.get(field)):
                bearing = field in BEARING[thing] and not part.endswith(("zh-Hans", "he"))
                differences.append(Difference(id, field, part, one, other, bearing))
    return differences


def _parts(old: Any, new: Any, at: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The smallest parts that differ: a level, a class, one language."""
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = list(dict.fromkeys([*old, *new]))
        for key in keys:
            yield from _parts(old.get(key), new.get(key), f"{at}.{key}" if at else str(key))
    else:
        yield at, old, new


def line_of(difference: Difference, declared: Mapping[str, tuple[Change, ...]]) -> str:
    """One line for a person: item, field, old and new, then how it is declared and what becomes of live data."""
    kinds = [change.change for change in declared.get(difference.item, ())]
    said = "; ".join(f"{kind}: {EFFECTS[kind].live_data}" for kind in kinds)
    mark = said or ("not declared" if difference.bearing else "words only")
    if not difference.field:
        what = "new" if difference.old is None else "gone"
        return f"{difference.item}: {what} [{mark}]"
    where = ".".join(part for part in (difference.field, difference.part) if part)
    return f"{difference.item} {where}: {_short(difference.old)} → {_short(difference.new)} [{mark}]"


def _short(value: Any) -> str:
    words = "nothing" if value is None else str(value)
    return words if len(words) <= 60 else f"{words[:57]}…"
