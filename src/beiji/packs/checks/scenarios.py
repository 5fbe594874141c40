"""Rules over scenarios: every number says where it is from, and nothing is cited that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from beiji.packs.library import Item, Library
from beiji.packs.problems import did_you_mean
from beiji.packs.schemas.scenarios import Scenario

#: What always needs a source of its own; casualties and arrivals carry theirs in a `src` beside the numbers.
ALWAYS = ("hour", "season", "scenes", "self_evacuation")
#: What needs one where it is written.
WRITTEN = (
    "grid_failure_min", "impaired", "observed", "hospital_arrivals", "travel_min", "parameters", "service", "table", "split", "weather",
)  # fmt: skip
OF_CASUALTIES = ("mechanisms", "contaminated", "child_share")
OF_SCENE = (
    "mix",
    "find",
    "contaminated",
    "self_evacuation",
    "decon_lanes",
    "triage_crews",
    "first_aid_crews",
    "undertriage",
    "overtriage",
)
ASSUMED = "assumption/"


def check_scenarios(library: Library) -> None:
    """P133 and P169 of every scenario."""
    for item in library.of_kind("scenario"):
        _needed(item)
        _cited(item)


def numbers_of(pack: Scenario) -> set[str]:
    """Names under `src:` that a scenario must have: of each field with numbers that it gives."""
    written = {name for name in WRITTEN if getattr(pack, name) not in (None, (), {})}
    casualties = {name for name in OF_CASUALTIES if getattr(pack.casualties, name) is not None}
    scenes = {name for scene in pack.scenes for name in OF_SCENE if getattr(scene, name) is not None}
    return {*ALWAYS, *written, *casualties, *scenes}


def _needed(item: Item) -> None:
    pack: Scenario = item.thing
    needed = numbers_of(pack)
    for name in sorted(needed - set(pack.src)):
        mend = f"Add {name}: with a source or assumption/<id> under src."
        item.source.add("P169", f'"{name}" of {pack.id} has no source. {mend}', (*item.path, "src"))
    for name in sorted(set(pack.src) - needed):
        hint = did_you_mean(name, needed) or " Take the line away."
        item.source.add("P169", f'src of {pack.id} names "{name}", which it does not give.{hint}', (*item.path, "src"))


def _cited(item: Item) -> None:
    pack: Scenario = item.thing
    here = {*pack.sources, *(ASSUMED + name for name in pack.assumptions)}
    cited = set()
    for name, path in _citations(pack):
        cited.add(name)
        if name not in here:
            hint = did_you_mean(name, here) or " Add it under sources or assumptions."
            item.source.add("P133", f'Source "{name}" is unknown.{hint}', (*item.path, *path))
    for name in sorted(here - cited):
        kind, _, key = name.rpartition("/")
        path = ("assumptions" if kind else "sources", key)
        sentence = f'No number of {pack.id} cites "{name}". Cite it under src, or take it away.'
        item.source.add("P169", sentence, (*item.path, *path))


def _citations(pack: Scenario) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for part in ("casualties", "arrivals"):
        for name in getattr(pack, part).src:
            yield name, (part, "src")
    for field, names in pack.src.items():
        for name in names:
            yield name, ("src", field)
