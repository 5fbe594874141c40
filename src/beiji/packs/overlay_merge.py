"""A city's overlay over the next release: a three-way merge of the release it was written against, what the city says,
and the release that stands now.

Nothing is merged silently. What neither touched goes through; what the release took away under the city, or both
changed, is named with its place and its mend, and until that is done the city keeps the release that it has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from beiji.packs.frozen import Frozen, everything, history_of, plain
from beiji.packs.library import Library
from beiji.packs.overlay import number_words, own_parameter, targets_of
from beiji.packs.problems import did_you_mean
from beiji.packs.release import bearing_of
from beiji.packs.schemas.capabilities import Capability
from beiji.packs.schemas.cities import Overlay
from beiji.packs.schemas.declared import Change
from beiji.packs.schemas.standards import Indicator, Standard


@dataclass(frozen=True, slots=True)
class Found:
    """Something in an overlay that does not fit the release: `path` below the overlay; a warning stops nothing."""

    code: str
    path: tuple[Any, ...]
    sentence: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class _Merge:
    city: str
    overlay: Overlay
    standard: Standard
    base: Frozen | None
    history: Sequence[Frozen]
    capabilities: Mapping[str, Capability]

    @property
    def then(self) -> str:
        """What to write when all that is named has been looked at."""
        return f"then write base: {self.standard.version}"


def merge_overlay(
    city: str, overlay: Overlay, standard: Standard, history: Sequence[Frozen], capabilities: Mapping[str, Capability]
) -> list[Found]:
    """Whatever of a city's overlay does not go through to `standard` as it is now; `history`: its frozen releases."""
    if not overlay.says_anything:
        return []
    releases = {frozen.version: frozen for frozen in history}
    if overlay.base is None:
        sentence = f"The overlay does not say which release it was written against. Add base: {standard.version}."
        return [Found("P161", (), sentence)]
    if overlay.base != standard.version and overlay.base not in releases:
        known = [*releases, standard.version]
        known_words = ", ".join(dict.fromkeys(known))
        sentence = f"There is no release {overlay.base} of {standard.id}. Write one of: {known_words}."
        return [Found("P161", ("base",), sentence)]
    base = None if overlay.base == standard.version else releases[overlay.base]
    merge = _Merge(city, overlay, standard, base, history, capabilities)
    return [*_exclusions(merge), *_parameters(merge), *_own_items(merge)]


def _exclusions(merge: _Merge) -> Iterator[Found]:
    items = {item.id: item for _, item in merge.standard.indicators()}
    for position, exclusion in enumerate(merge.overlay.exclude):
        path = ("exclude", position, "id")
        item = items.get(exclusion.id)
        if item is None:
            yield _gone(merge, exclusion.id, path, items)
        elif item.crit == "must-pass":
            when = f" where {item.must_pass_if} holds" if item.must_pass_if else ""
            sentence = (
                f"{item.id} must be passed by everybody{when}; a city cannot leave it out. Take the exclusion away."
            )
            yield Found("P163", path, sentence)
        else:
            yield from _changed(merge, item, path)


def _gone(merge: _Merge, id: str, path: tuple[Any, ...], items: Collection[str]) -> Found:
    """An excluded item that the standard does not have: what became of it."""
    version, change = fate_of(merge.standard, id)
    if change is None:
        hint = did_you_mean(id, items) or " Take the exclusion away."
        return Found("P134", path, f'Indicator "{id}" is unknown.{hint}')
    parts = " and ".join(change.into)
    if change.change == "retired":
        return Found("P162", path, f"{id} was retired in {version}. Take the exclusion away.", warning=True)
    word = "split into" if change.change == "split" else "merged into"
    sentence = (
        f"{id} was {word} {parts} in {version}. Exclude what does not fit of {parts}, each with its reason, take this line "
        f"away, {merge.then}."
    )
    return Found("P162", path, sentence)


def fate_of(standard: Standard, id: str) -> tuple[str, Change | None]:
    """Version and declaration by which an item went: retired, split or merged; none for one that never was."""
    for release in standard.releases:
        for change in release.changes:
            if change.item == id and change.change in ("retired", "split", "merged"):
                return release.version, change
    return "", None


def _changed(merge: _Merge, item: Indicator, path: tuple[Any, ...]) -> Iterator[Found]:
    """The reason of an exclusion was given for another meaning."""
    before = merge.base.items.get(item.id) if merge.base is not None else None
    if before is None or merge.base is None:
        return
    old, new = bearing_of(Indicator, before), bearing_of(Indicator, everything(item))
    fields = [name for name in new | old if name != "fours" and old.get(name) != new.get(name)]
    if fields:
        sentence = (
            f"{item.id} says otherwise than in {merge.base.version} ({', '.join(fields)}). Look whether the reason for leaving "
            f"it out still holds, {merge.then}."
        )
        yield Found("P164", path, sentence, warning=True)


def _parameters(merge: _Merge) -> Iterator[Found]:
    known = merge.standard.parameters
    before = merge.base.header.get("parameters", {}) if merge.base is not None else {}
    for name, own in merge.overlay.parameters.items():
        path = ("parameters", name)
        now = known.get(name)
        if now is None:
            if any(name in frozen.header.get("parameters", {}) for frozen in merge.history):
                sentence = f"{name} is no parameter any more since {merge.standard.version}. Take it away."
                yield Found("P162", path, sentence, warning=True)
            else:
                hint = did_you_mean(name, known) or " A city may only set what the standard has."
                yield Found("P121", path, f'Parameter "{name}" is unknown.{hint}')
            continue
        old, new, mine = before.get(name, {}).get("value"), plain(now.value), plain(own.value)
        if merge.base is not None and old != new and mine != new:
            sentence = (
                f"{merge.standard.version} says {_words(new)} for {name} where {merge.base.version} said {_words(old)}, and the "
                f"city {_words(mine)}. Keep the city's number or take the new one, {merge.then}."
            )
            yield Found("P162", path, sentence)
        yield from _reachable(merge, name, path)


def _reachable(merge: _Merge, name: str, path: tuple[Any, ...]) -> Iterator[Found]:
    """A city's target must not be so lax that the value which counts as nothing meets it."""
    now = merge.standard.parameters[name]
    capability = merge.capabilities.get(now.target_of or "")
    if capability is None or capability.zero_at is None or capability.better is None:
        return
    for size, target in targets_of(own_parameter(now, merge.overlay.parameters[name]), capability).items():
        zero = capability.zero_at.get(size) if isinstance(capability.zero_at, Mapping) else capability.zero_at
        if zero is not None and ((zero <= target) if capability.better == "lower" else (zero >= target)):
            sentence = (
                f"{name} makes {number_words(target)} the target of {capability.id} for {size}, but {number_words(zero)} is "
                "so bad that it counts as nothing. Set the target better than that."
            )
            yield Found("P147", path, sentence)


def _own_items(merge: _Merge) -> Iterator[Found]:
    released = {id for frozen in merge.history for id in frozen.items}
    items = {item.id: item for _, item in merge.standard.indicators()}
    fresh = {
        item.reads: item.id for item in items.values() if merge.base is not None and item.id not in merge.base.items
    }
    seen: set[str] = set()
    for domain, own in merge.overlay.add.items():
        if domain not in merge.standard.domains:
            hint = did_you_mean(domain, merge.standard.domains) or " Put the items into another domain."
            yield Found("P134", ("add", domain), f'Domain "{domain}" is unknown.{hint}')
        for position, item in enumerate(own):
            path = ("add", domain, position, "id")
            if item.id in seen:
                yield Found("P152", path, f"{item.id} is used twice among the city's items. Give this one its own id.")
            seen.add(item.id)
            yield from _own_id(merge, item.id, domain, path, {*items, *released})
            if item.reads not in merge.capabilities:
                hint = did_you_mean(item.reads, merge.capabilities) or " Name a capability of the packs."
                yield Found("P131", (*path[:-1], "reads"), f'Capability "{item.reads}" is unknown.{hint}')
            elif item.reads in fresh:
                sentence = (
                    f"{fresh[item.reads]} of {merge.standard.version} reads {item.reads} as {item.id} does. Keep the city's "
                    f"item only if it asks something else, {merge.then}."
                )
                yield Found("P164", path, sentence, warning=True)


def _own_id(merge: _Merge, id: str, domain: str, path: tuple[Any, ...], taken: Collection[str]) -> Iterator[Found]:
    wanted = f"{merge.city}-{domain}-1"
    if re.fullmatch(rf"{re.escape(merge.city)}-{re.escape(domain)}-[1-9]\d*", id):
        return
    if id in taken:
        sentence = f"{id} of the city is an id of the standard, which means something else. Call it {wanted}."
    else:
        sentence = f"{id} does not carry the city's name, so a later release could use it. Call it {wanted}."
    yield Found("P160", path, sentence)


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    return "nothing" if value is None else str(value)


def check_overlays(library: Library) -> None:
    """P121, P131, P134, P147, P152 and P160 to P164 of every city's overlays."""
    for city, own in library.overlays.items():
        for name, placed in own.items():
            for found in overlay_findings(library, city, name):
                path = (*placed.path, *_as_written(placed.source, placed.path, found.path))
                placed.source.add(found.code, found.sentence, path, warning=found.warning)


def _as_written(source: Any, base: tuple[Any, ...], path: tuple[Any, ...]) -> tuple[Any, ...]:
    """Parameters may stand right in the overlay, without `parameters:` above them."""
    if path[:1] == ("parameters",) and len([*source.walk((*base, *path))]) <= len(base):
        return path[1:]
    return path


def overlay_findings(library: Library, city: str, standard: str) -> list[Found]:
    """What of a city's overlay of one standard does not fit the standard as it is here; errors and warnings."""
    placed = library.overlays.get(city, {}).get(standard)
    if placed is None:
        return []
    now = library.standards.get(standard)
    if now is None:
        hint = did_you_mean(standard, library.standards) or " Take the overlay away, or add the pack."
        return [Found("P134", (), f'Standard "{standard}" is unknown.{hint}')]
    return merge_overlay(city, placed.overlay, now, history_of(library, standard), library.capabilities)
