"""The refusal of undeclared changes: what differs from the newest frozen release must stand in `changes.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from beiji.packs.carrying import check_levels
from beiji.packs.effects import EFFECTS
from beiji.packs.frozen import (
    Frozen,
    ReleaseError,
    everything,
    freeze,
    is_text,
    items_of,
    plain,
    released,
    version_numbers,
)
from beiji.packs.library import Item, Library
from beiji.packs.problems import Problem, did_you_mean
from beiji.packs.schemas.capabilities import Capability
from beiji.packs.schemas.declared import Change, Release
from beiji.packs.schemas.standards import Indicator
from beiji.packs.strict import Source

BEARING: Mapping[type, tuple[str, ...]] = {
    Indicator: (
        "pillar", "fours", "crit", "must_pass_if", "core", "reads", "anchors", "proven_by", "evidence", "not_applicable", "classes",
    ),
    Capability: (
        "kind", "unit", "better", "target", "zero_at", "percentile", "validity_days", "min_sample", "prove_in",
        "per_campus", "per_place", "asked_of", "feeds",
    ),
}  # fmt: skip
"""Fields that decide what a rating or a row means. Texts among them are compared in their source language."""

WORDS = frozenset({"reworded", "raised", "lowered", "wording"})
DECLARABLE: Mapping[str, frozenset[str]] = {
    "anchors": WORDS,
    "proven_by": WORDS,
    "crit": frozenset({"weight"}),
    "must_pass_if": frozenset({"weight"}),
    "core": frozenset({"weight"}),
    "pillar": frozenset({"weight", "moved"}),
    "fours": frozenset({"weight", "moved"}),
    "not_applicable": frozenset({"applies"}),
    "classes": frozenset({"applies"}),
    "asked_of": frozenset({"applies"}),
    "unit": frozenset({"unit"}),
    "target": frozenset({"raised", "lowered", "unit"}),
    "zero_at": frozenset({"raised", "lowered", "unit"}),
    "validity_days": frozenset({"validity"}),
    "feeds": frozenset({"engine"}),
}
OTHERWISE = frozenset({"raised", "lowered", "reworded"})
RULE_KINDS: Mapping[str, frozenset[str]] = {
    "parameters": frozenset({"parameter", "raised", "lowered"}),
    "domains": frozenset({"weight", "new", "retired"}),
    "asks": frozenset({"applies"}),
}
BY_NAME = frozenset({"parameters", "domains"})
"""Rules that are compared name by name; others differ as a whole."""
SAID_LATER = frozenset({"fours"})
"""Fields that the format did not have when packs were first released: saying them for the first time changes nothing."""
NEEDS_EDITION = frozenset({"raised", "unit", "scale"})
IN_EDITION = ("kind", "unit", "better", "percentile", "min_sample", "prove_in", "per_campus", "per_place", "zero_at")
"""What the ledger keeps with an edition of a capability; a change without a new edition would never take effect."""
NEEDS_FIELD: Mapping[str, Mapping[bool, str]] = {
    "split": {False: "into"},
    "merged": {False: "into", True: "of"},
    "unit": {True: "factor"},
    "scale": {True: "levels"},
}
"""What a change must say besides, by whether its item is still there."""


@dataclass(frozen=True)
class Difference:
    """One thing that differs between two releases: `item` is an id, or the name of a rule such as a parameter."""

    item: str
    field: str
    part: str
    old: Any
    new: Any
    bearing: bool


def bearing_of(thing: type, item: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a frozen item that decide what a rating means, texts in their source language."""
    return {name: _source_words(item[name]) for name in BEARING[thing] if name in item}


def _source_words(value: Any) -> Any:
    if is_text(value):
        return value.get("en", value.get("all"))
    if isinstance(value, Mapping):
        return {key: _source_words(part) for key, part in value.items()}
    return value


def check_release(library: Library, pack: str) -> list[Problem]:
    """P150, P151, P154 and P156: what differs from the newest release without being declared for this version."""
    header = _header_source(library, pack)
    before = {problem for source in library.sources for problem in source.problems}
    try:
        history = library.releases[pack] = released(library.root, pack)
    except ReleaseError as error:
        header.add("P156", str(error))
        history = []
    if not history:
        return sorted(p for source in library.sources for p in source.problems if p not in before)
    last, now = history[-1], freeze(library, pack)
    if last.version == now.version and last.hash == now.hash:
        return []
    declared = declared_for(library, pack, now.version)
    steps = [EFFECTS[change.change].step for changes in declared.values() for change in changes]
    parted = {other for changes in declared.values() for change in changes for other in change.into}
    for item in items_of(library, pack):
        changes = declared.get(item.thing.id, ())
        old = last.items.get(item.thing.id)
        if old is None:
            steps.append(1)
            _check_new(item, changes, parted, history)
        else:
            steps += _check_changed(item, old, changes, last.version)
            steps += _check_moved(item, now, last, changes)
    _check_gone(header, now, last, declared)
    _check_rules(header, now, last, declared)
    if now.version != last.version:
        _check_declared(library, pack, now, last)
        check_levels(library, list(items_of(library, pack)), last, declared)
    _check_version(header, last.version, now.version, steps)
    return sorted(p for source in library.sources for p in source.problems if p not in before)


def declared_for(library: Library, pack: str, version: str) -> dict[str, tuple[Change, ...]]:
    """What changes.yaml of a pack declares for a version, by item."""
    found: dict[str, tuple[Change, ...]] = {}
    for entry in library.of_kind("release"):
        release: Release = entry.thing
        if entry.pack == pack and release.version == version:
            for change in release.changes:
                found[change.item] = (*found.get(change.item, ()), change)
    return found


def _check_new(item: Item, changes: tuple[Change, ...], parted: set[str], history: list[Frozen]) -> None:
    id = item.thing.id
    if any(id in frozen.items for frozen in history):
        sentence = f"{id} was in an earlier release; ids are never used again. Give it the next free number."
        item.source.add("P151", sentence, (*item.path, "id"))
    elif id not in parted and not any(change.change in ("new", "split", "merged") for change in changes):
        sentence = f"{id} is new since the last release. Declare it in changes.yaml: new."
        item.source.add("P150", sentence, (*item.path, "id"))


def _check_changed(item: Item, old: Mapping[str, Any], changes: tuple[Change, ...], version: str) -> list[int]:
    """Undeclared differences of one item; returns the version steps that its differences ask for."""
    id, kinds = item.thing.id, {change.change for change in changes}
    now, thing = everything(item.thing), type(item.thing)
    steps = [2] if now != dict(old) else []
    before, after = bearing_of(thing, old), bearing_of(thing, now)
    for name in BEARING[thing]:
        if name in SAID_LATER and name not in before:
            continue
        for part, where in differences(before.get(name), after.get(name)):
            allowed = DECLARABLE.get(name, OTHERWISE)
            if not kinds & allowed:
                what = f"Anchor {part} of {id}" if name == "anchors" else f'"{name}" of {id}'
                mend = f"Declare it in changes.yaml: {' or '.join(sorted(allowed - {'wording'}))}."
                item.source.add("P150", f"{what} differs from {version}. {mend}", (*item.path, name, *where))
            elif name in IN_EDITION and item.thing.edition == old.get("edition", 1):
                sentence = f'"{name}" of {id} differs from {version}, but its edition is still {item.thing.edition}.'
                mend = "Raise the edition by one: rows of the old one are judged by the old bar."
                item.source.add("P150", f"{sentence} {mend}", (*item.path, name))
    check_converted(item, old, changes)
    if kinds & NEEDS_EDITION and item.thing.edition <= int(old.get("edition", 1)):
        sentence = f"{id} is declared {', '.join(sorted(kinds & NEEDS_EDITION))}, but its edition is still {item.thing.edition}."
        item.source.add("P150", f"{sentence} Raise the edition by one.", (*item.path, "edition"))
    return steps


def _check_moved(item: Item, now: Frozen, last: Frozen, changes: tuple[Change, ...]) -> list[int]:
    """An item in another domain changes the scores of both."""
    id = item.thing.id
    before, after = last.domain_of(id), now.domain_of(id)
    if not isinstance(item.thing, Indicator) or before == after:
        return []
    if not any(change.change == "moved" for change in changes):
        sentence = f"{id} is in {after}; in {last.version} it was in {before}. Declare it in changes.yaml: moved."
        item.source.add("P150", sentence, (*item.path, "id"))
    return [1]


def check_converted(item: Item, old: Mapping[str, Any], changes: tuple[Change, ...]) -> None:
    """P150: with a changed unit every number is the old one times the factor, unless the bar is declared to move too."""
    kinds = {change.change: change for change in changes}
    unit = kinds.get("unit")
    if (
        unit is None
        or unit.factor is None
        or not isinstance(item.thing, Capability)
        or kinds.keys() & {"raised", "lowered"}
    ):
        return
    now = everything(item.thing)
    if item.thing.raises:
        sentence = f"Only the unit of {item.thing.id} changes, so what was proven stays proven. Write raises: false."
        item.source.add("P150", sentence, (*item.path, "edition"))
    for name in ("target", "zero_at"):
        if _times(old.get(name), unit.factor) != now.get(name):
            sentence = f'"{name}" of {item.thing.id} is not the old one times {unit.factor}. Convert it, or declare raised or lowered too.'
            item.source.add("P150", sentence, (*item.path, name))


def _times(value: Any, factor: Fraction) -> Any:
    """A plain number, or a table of them, times a factor, as plain values."""
    if isinstance(value, Mapping):
        return {key: _times(part, factor) for key, part in value.items()}
    return None if value is None else plain(Fraction(value) * factor)


def differences(old: Any, new: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Each differing part of a field: every level of anchors apart, other fields as a whole."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and set(old) | set(new) <= {"0", "1", "2", "3"}:
        for level in sorted(set(old) | set(new)):
            if old.get(level) != new.get(level):
                yield level, (int(level),)
    elif old != new:
        yield "", ()


def _check_gone(header: Source, now: Frozen, last: Frozen, declared: Mapping[str, tuple[Change, ...]]) -> None:
    for id in sorted(set(last.items) - set(now.items)):
        kinds = {change.change for change in declared.get(id, ())}
        if not kinds & {"retired", "split", "merged"}:
            sentence = f"{id} is gone since {last.version}. Declare it in changes.yaml: retired, split or merged."
            header.add("P150", sentence)


def rule_differences(last: Frozen, now: Frozen) -> Iterator[Difference]:
    """What differs in the scoring rules: each parameter and each domain by its name, other rules as a whole."""
    before, after = last.rules, now.rules
    for rule in sorted(set(before) | set(after)):
        old, new = before.get(rule), after.get(rule)
        if rule in BY_NAME:
            old, new = old or {}, new or {}
            for name in sorted(set(old) | set(new)):
                if old.get(name) != new.get(name):
                    yield Difference(name, rule, "", old.get(name), new.get(name), bearing=name in old)
        elif old != new:
            yield Difference(rule, rule, "", old, new, bearing=True)


def _check_rules(header: Source, now: Frozen, last: Frozen, declared: Mapping[str, tuple[Change, ...]]) -> None:
    """A parameter or weight that was released does not change unsaid; a new parameter serves new texts only."""
    for difference in rule_differences(last, now):
        allowed = RULE_KINDS.get(difference.field, frozenset({"weight"}))
        kinds = {change.change for change in declared.get(difference.item, ())}
        if difference.bearing and not kinds & allowed:
            mend = f"Declare {difference.item} in changes.yaml: {' or '.join(sorted(allowed - {'new'}))}."
            sentence = f'"{difference.item}" of {difference.field} differs from {last.version}. {mend}'
            header.add("P150", sentence, (difference.field,) if difference.field != "domains" else ("domains",))


def _check_declared(library: Library, pack: str, now: Frozen, last: Frozen) -> None:
    """P157: a declaration names something that exists; a split and a merger name where the levels go."""
    known = {*now.items, *last.items}
    for frozen in (now, last):
        rules = frozen.rules
        known |= {*rules, *rules.get("parameters", {}), *rules.get("domains", {})}
    entries = [e for e in library.of_kind("release") if e.pack == pack and e.thing.version == now.version]
    for entry, position, change in ((e, p, c) for e in entries for p, c in enumerate(e.thing.changes)):
        where = (*entry.path, "changes", position)
        if change.item not in known:
            hint = did_you_mean(change.item, known) or " Take the line away."
            entry.source.add("P157", f"{change.item} is declared but is in no release.{hint}", (*where, "item"))
        for name in ("into", "of"):
            for other in getattr(change, name):
                if other not in known:
                    hint = did_you_mean(other, known) or " Write the item first."
                    entry.source.add(
                        "P157", f"{other} in {name} of {change.item} does not exist.{hint}", (*where, name)
                    )
        needed = NEEDS_FIELD.get(change.change, {}).get(change.item in now.items)
        if needed and not getattr(change, needed):
            sentence = (
                f"{change.item} is declared {change.change} without {needed}. Add it: old levels and numbers go by it."
            )
            entry.source.add("P157", sentence, where)


def _check_version(header: Source, old: str, new: str, steps: list[int]) -> None:
    before, after = version_numbers(old), version_numbers(new)
    step = min(steps, default=2)
    needed = tuple(number + 1 if at == step else (number if at < step else 0) for at, number in enumerate(before))
    if after < needed:
        sentence = (
            f"Version {new} follows {old} with changes that need at least {'.'.join(map(str, needed))}. Raise it."
        )
        header.add("P154", sentence, ("version",))


def _header_source(library: Library, pack: str) -> Source:
    return next(source for header, source in library.headers if header.id == pack)


def releasable(library: Library) -> list[str]:
    """Packs that are frozen: standards and capability packs."""
    return [*library.capability_packs, *library.standards]
