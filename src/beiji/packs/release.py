"""Freezing a release, and the refusal of undeclared changes in fields that decide what a rating means.

`packs/released/<pack>-<version>.yaml` holds each item's bearing fields and edition as they were released. It is never
edited: a later release is compared with the newest one, and whatever differs must be declared in `changes.yaml`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from beiji.packs.library import Item, Library
from beiji.packs.overlay import number_words
from beiji.packs.problems import Problem
from beiji.packs.schemas.capabilities import Capability
from beiji.packs.schemas.common import Text
from beiji.packs.schemas.standards import Change, Indicator, Release
from beiji.packs.strict import read

BEARING: Mapping[type, tuple[str, ...]] = {
    Indicator: ("pillar", "crit", "must_pass_if", "core", "reads", "anchors", "proven_by", "evidence"),
    Capability: (
        "kind", "unit", "better", "target", "zero_at", "percentile", "validity_days", "min_sample", "prove_in",
        "per_campus", "per_place", "feeds",
    ),
}  # fmt: skip
DECLARABLE: Mapping[str, frozenset[str]] = {
    "anchors": frozenset({"reworded", "raised", "lowered", "wording"}),
    "proven_by": frozenset({"reworded", "raised", "lowered", "wording"}),
    "crit": frozenset({"weight"}),
    "must_pass_if": frozenset({"weight"}),
    "core": frozenset({"weight"}),
    "pillar": frozenset({"weight", "moved"}),
    "unit": frozenset({"unit"}),
    "target": frozenset({"raised", "lowered", "unit"}),
    "zero_at": frozenset({"raised", "lowered", "unit"}),
    "validity_days": frozenset({"validity"}),
    "feeds": frozenset({"engine"}),
}
OTHERWISE = frozenset({"raised", "lowered", "reworded"})
NEEDS_EDITION = frozenset({"raised", "unit", "scale"})
STEP = {
    "new": 1, "raised": 1, "lowered": 1, "weight": 1, "moved": 1, "unit": 1, "validity": 1, "engine": 1, "retired": 1,
    "parameter": 1, "wording": 2, "reworded": 2, "split": 0, "merged": 0, "scale": 0,
}  # fmt: skip
"""Which of the three numbers of a version a change raises at least: 0 major, 1 minor, 2 patch."""


@dataclass(frozen=True)
class Frozen:
    """A release as frozen: edition, text hash and bearing fields of every item."""

    pack: str
    version: str
    hash: str
    items: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def bearing(thing: Any) -> dict[str, Any]:
    """The fields of an item that decide what a rating means, as plain values; texts in their source language."""
    return {name: _plain(value) for name in BEARING[type(thing)] if (value := getattr(thing, name)) is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return value["en"]
    if isinstance(value, Fraction):
        return number_words(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "model_dump"):
        return _plain({name: getattr(value, name) for name in type(value).model_fields})
    return value


def _digest(thing: Any) -> str:
    """Hash of everything an item says, so that a change of words alone is seen too."""
    spelled = json.dumps(thing.model_dump(mode="python"), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(spelled.encode()).hexdigest()[:16]


def freeze(library: Library, pack: str) -> Frozen:
    """The pack as it is now, in the form that is kept."""
    owner = library.standards.get(pack) or library.capability_packs[pack]
    items = {
        item.thing.id: {"edition": item.thing.edition, "text": _digest(item.thing), **bearing(item.thing)}
        for item in items_of(library, pack)
    }
    return Frozen(pack, owner.version, owner.hash, items)


def items_of(library: Library, pack: str) -> Iterator[Item]:
    """Indicators of a standard, or capabilities of a capability pack."""
    return (item for item in library.items if item.pack == pack and type(item.thing) in BEARING)


def released(root: Path, pack: str) -> list[Frozen]:
    """All frozen releases of a pack, oldest first."""
    found = []
    for path in (root / "released").glob(f"{pack}-*.yaml"):
        data = read(path).data
        found.append(Frozen(data["pack"], data["version"], data["hash"], data["items"]))
    return sorted(found, key=lambda frozen: _numbers(frozen.version))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def write(root: Path, frozen: Frozen) -> Path:
    """Write a release file; one that exists is left alone and FileExistsError raised."""
    path = root / "released" / f"{frozen.pack}-{frozen.version}.yaml"
    path.parent.mkdir(exist_ok=True)
    content = {"pack": frozen.pack, "version": frozen.version, "hash": frozen.hash, "items": dict(frozen.items)}
    text = "# Frozen by `beiji pack release`. Never edit: past visits and reports are read with it.\n"
    text += yaml.safe_dump(_quoted(content), allow_unicode=True, sort_keys=False, width=100_000)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path


def _quoted(value: Any) -> Any:
    """Plain containers that the dumper writes without anchors."""
    if isinstance(value, Mapping):
        return {key: _quoted(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_quoted(part) for part in value]
    return value


def check_release(library: Library, pack: str) -> list[Problem]:
    """P150, P151 and P154: what differs from the newest release without being declared for this version."""
    history = released(library.root, pack)
    if not history:
        return []
    last, now = history[-1], freeze(library, pack)
    if last.version == now.version and last.hash == now.hash:
        return []
    declared = _declared(library, pack, now.version)
    before = {problem for source in library.sources for problem in source.problems}
    steps = []
    for item in items_of(library, pack):
        changes = declared.get(item.thing.id, ())
        steps += [STEP[change.change] for change in changes]
        old = last.items.get(item.thing.id)
        if old is None:
            steps.append(1)
            _check_new(item, changes, history)
        else:
            steps += _check_changed(item, old, changes, last.version)
    _check_gone(library, pack, last, declared, steps)
    _check_version(library, pack, last.version, now.version, steps)
    return sorted(p for source in library.sources for p in source.problems if p not in before)


def _declared(library: Library, pack: str, version: str) -> dict[str, tuple[Change, ...]]:
    found: dict[str, tuple[Change, ...]] = {}
    for entry in library.of_kind("release"):
        release: Release = entry.thing
        if entry.pack == pack and release.version == version:
            for change in release.changes:
                found[change.item] = (*found.get(change.item, ()), change)
    return found


def _check_new(item: Item, changes: tuple[Change, ...], history: list[Frozen]) -> None:
    id = item.thing.id
    if any(id in frozen.items for frozen in history):
        sentence = f"{id} was in an earlier release; ids are never used again. Give it the next free number."
        item.source.add("P151", sentence, (*item.path, "id"))
    elif not any(change.change in ("new", "split", "merged") for change in changes):
        sentence = f"{id} is new since the last release. Declare it in changes.yaml: new."
        item.source.add("P150", sentence, (*item.path, "id"))


def _check_changed(item: Item, old: Mapping[str, Any], changes: tuple[Change, ...], version: str) -> list[int]:
    """Undeclared differences of one item; returns the version steps that its differences ask for."""
    id, kinds = item.thing.id, {change.change for change in changes}
    steps = []
    if old.get("text") != _digest(item.thing):
        steps.append(2)
    new = bearing(item.thing)
    for name in BEARING[type(item.thing)]:
        for part, where in _differences(old.get(name), new.get(name)):
            allowed = DECLARABLE.get(name, OTHERWISE)
            if not kinds & allowed:
                what = f"Anchor {part} of {id}" if name == "anchors" else f'"{name}" of {id}'
                mend = f"Declare it in changes.yaml: {' or '.join(sorted(allowed - {'wording'}))}."
                item.source.add("P150", f"{what} differs from {version}. {mend}", (*item.path, name, *where))
    if kinds & NEEDS_EDITION and item.thing.edition <= int(old.get("edition", 1)):
        sentence = f"{id} is declared {', '.join(sorted(kinds & NEEDS_EDITION))}, but its edition is still {item.thing.edition}."
        item.source.add("P150", f"{sentence} Raise the edition by one.", (*item.path, "edition"))
    return steps


def _differences(old: Any, new: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Each differing part of a field: every level of anchors apart, other fields as a whole."""
    new = _read_back(new)
    old = _read_back(old)
    if isinstance(old, Mapping) and isinstance(new, Mapping) and set(old) | set(new) <= {"0", "1", "2", "3"}:
        for level in sorted(set(old) | set(new)):
            if old.get(level) != new.get(level):
                yield level, (int(level),)
    elif old != new:
        yield "", ()


def _read_back(value: Any) -> Any:
    """Keys and numbers as text, so that what was written and read again compares equal to what is."""
    if isinstance(value, Mapping):
        return {str(key): _read_back(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_read_back(part) for part in value]
    return value if value is None or isinstance(value, bool) else str(value)


def _check_gone(
    library: Library, pack: str, last: Frozen, declared: Mapping[str, tuple[Change, ...]], steps: list[int]
) -> None:
    present = {item.thing.id for item in items_of(library, pack)}
    for id in sorted(set(last.items) - present):
        kinds = {change.change for change in declared.get(id, ())}
        steps += [STEP[kind] for kind in kinds]
        if not kinds & {"retired", "split", "merged"}:
            sentence = f"{id} is gone since {last.version}. Declare it in changes.yaml: retired, split or merged."
            _header_source(library, pack).add("P150", sentence)


def _check_version(library: Library, pack: str, old: str, new: str, steps: list[int]) -> None:
    before, after = _numbers(old), _numbers(new)
    step = min(steps, default=2)
    needed = tuple(number + 1 if at == step else (number if at < step else 0) for at, number in enumerate(before))
    if after < needed:
        sentence = (
            f"Version {new} follows {old} with changes that need at least {'.'.join(map(str, needed))}. Raise it."
        )
        _header_source(library, pack).add("P154", sentence, ("version",))


def _header_source(library: Library, pack: str) -> Any:
    return next(source for header, source in library.headers if header.id == pack)


def releasable(library: Library) -> list[str]:
    """Packs that are frozen: standards and capability packs."""
    return [*library.capability_packs, *library.standards]
