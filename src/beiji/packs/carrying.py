"""P159: a declared change must carry old levels as the change table says, by way of the capability that keeps them.

Ratings and measurements are rows of a capability, not of an indicator. So a split or a merger whose new items read the
old capability would count levels that nobody gave them, and a raised anchor whose capability keeps its edition would
go on counting what was rated below the new bar.
"""

from __future__ import annotations

from collections.abc import Mapping

from beiji.packs.frozen import Frozen, history_of
from beiji.packs.library import Item, Library
from beiji.packs.schemas.capabilities import Capability
from beiji.packs.schemas.declared import Change
from beiji.packs.schemas.standards import Indicator


def check_levels(library: Library, items: list[Item], last: Frozen, declared: Mapping[str, tuple[Change, ...]]) -> None:
    """Note P159 for items of a standard whose capability would carry levels wrongly."""
    read_before = {str(item.get("reads")): id for id, item in last.items.items()}
    parted = {other for changes in declared.values() for change in changes for other in change.into}
    for item in items:
        if not isinstance(item.thing, Indicator):
            continue
        kinds = {change.change for change in declared.get(item.thing.id, ())}
        if item.thing.id not in last.items and (item.thing.id in parted or kinds & {"split", "merged"}):
            _of_its_own(item, read_before)
        elif item.thing.id in parted:
            _with_a_new_edition(library, item, last.items[item.thing.id], "a part of a split")
        elif kinds & {"raised", "scale"}:
            _with_a_new_edition(library, item, last.items[item.thing.id], "raised" if "raised" in kinds else "scale")


def _of_its_own(item: Item, read_before: Mapping[str, str]) -> None:
    indicator: Indicator = item.thing
    if indicator.reads in read_before:
        sentence = (
            f"{indicator.id} reads {indicator.reads}, whose levels were given to {read_before[indicator.reads]}; "
            "they would count. Give it a capability of its own."
        )
        item.source.add("P159", sentence, (*item.path, "reads"))


def _with_a_new_edition(library: Library, item: Item, old: Mapping[str, object], word: str) -> None:
    indicator: Indicator = item.thing
    capability = library.capabilities.get(indicator.reads)
    if capability is None or old.get("reads") != indicator.reads:
        return
    editions = [
        int(frozen.items[indicator.reads].get("edition", 1))
        for pack in library.capability_packs
        for frozen in history_of(library, pack)[-1:]
        if indicator.reads in frozen.items
    ]
    if editions and (capability.edition <= max(editions) or not capability.raises):
        sentence = (
            f"{indicator.id} is declared {word}, but {indicator.reads} {_keeps(capability, max(editions))}; what was rated "
            f"below the new bar would go on counting. {_mend(capability, max(editions))}"
        )
        item.source.add("P159", sentence, (*item.path, "reads"))


def _keeps(capability: Capability, old: int) -> str:
    return f"keeps edition {capability.edition}" if capability.edition <= old else "says raises: false"


def _mend(capability: Capability, old: int) -> str:
    if capability.edition <= old:
        return "Raise the edition of the capability by one."
    return "Take raises: false away."
