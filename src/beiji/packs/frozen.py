"""A release as it is kept: `packs/released/<pack>-<version>.json`, written once by `beiji pack release`, never edited.

It holds everything the pack said, in all its languages: the rules of scoring and every item with all its fields. A
later version is compared with it, a city's overlay and a reviewer's spreadsheet are merged against it, and a fixture of
an old release can be read for ever. JSON, because only programs write and read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from beiji.packs.library import Item, Library
from beiji.packs.schemas.capabilities import Capability, CapabilityPack
from beiji.packs.schemas.common import LANGUAGES, Header, Text
from beiji.packs.schemas.standards import Domain, Evidence, Indicator, PackSource, Standard, StandardHeader

FORM = 1
"""Raised when the form of a release file changes; older forms stay readable."""


class ReleaseError(ValueError):
    """A release file that cannot be read; the sentence names the file and the mend."""


@dataclass(frozen=True)
class Frozen:
    """A release: version, hash of the pack's files, header, and items, evidence and sources as plain values by id.

    `elsewhere`: domain of the items that were moved out of the one that their id begins with.
    """

    pack: str
    version: str
    hash: str
    header: Mapping[str, Any]
    items: Mapping[str, Mapping[str, Any]]
    evidence: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def domain_of(self, id: str) -> str:
        """The domain of an item: the one its id begins with, unless it was moved to another (`elsewhere`)."""
        return self.elsewhere.get(id, domain_of(id))

    @property
    def rules(self) -> dict[str, Any]:
        """What decides a score beside the items: parameters, weights of the domains, cut-offs, caps, roll-ups and the
        classes that are asked at all."""
        if self.header["kind"] != "standard":
            return {}
        values = {name: self.header[name] for name in SCORING if name in self.header}
        if "asks" in values:
            values["asks"] = sorted(values["asks"])
        parameters = self.header.get("parameters", {})
        values["parameters"] = {name: parameter["value"] for name, parameter in parameters.items()}
        values["domains"] = {domain["id"]: domain["weight"] for domain in self.header["domains"]}
        return values


NAMES = tuple(Frozen.__dataclass_fields__)
SCORING = ("scorer", "cutoffs", "caps", "crit_weights", "rollups", "asks")


def freeze(library: Library, pack: str) -> Frozen:
    """The pack as it is now, in the form that is kept."""
    items = {item.thing.id: everything(item.thing) for item in items_of(library, pack)}
    standard = library.standards.get(pack)
    if standard is None:
        owner = library.capability_packs[pack]
        return Frozen(pack, owner.version, owner.hash, everything(owner.header), items)
    return Frozen(
        pack, standard.version, standard.hash, everything(standard.header), items,
        evidence={id: everything(entry) for id, entry in standard.evidence.items()},
        sources={id: everything(entry) for id, entry in standard.sources.items()},
        elsewhere={item.id: domain.id for domain, item in standard.indicators() if domain.id != domain_of(item.id)},
    )  # fmt: skip


def thaw(frozen: Frozen) -> Standard | CapabilityPack:
    """The pack as it was released, typed as a loaded one; its items carry the bar of that day."""
    if frozen.header["kind"] != "standard":
        capabilities = {id: Capability.model_validate(_typed(item)) for id, item in frozen.items.items()}
        header = Header.model_validate(_typed(frozen.header))
        return CapabilityPack(header=header, capabilities=capabilities, hash=frozen.hash)
    standard_header = StandardHeader.model_validate(_typed(frozen.header))
    items = {id: Indicator.model_validate(_typed(item)) for id, item in frozen.items.items()}
    domains = {
        entry.id: Domain(
            id=entry.id, weight=entry.weight, title=entry.title, about=entry.about,
            indicators={id: item for id, item in items.items() if entry.file and frozen.domain_of(id) == entry.id},
        )
        for entry in standard_header.domains
    }  # fmt: skip
    return Standard(
        header=standard_header, domains=domains, parameters=dict(standard_header.parameters), hash=frozen.hash,
        evidence={id: Evidence.model_validate(_typed(entry)) for id, entry in frozen.evidence.items()},
        sources={id: PackSource.model_validate(_typed(entry)) for id, entry in frozen.sources.items()},
    )  # fmt: skip


def _typed(value: Any) -> Any:
    """Back from JSON: keys that are whole numbers (levels, minutes) as numbers."""
    if isinstance(value, Mapping):
        return {int(key) if key.isdigit() else key: _typed(part) for key, part in value.items()}
    return [_typed(part) for part in value] if isinstance(value, list) else value


def items_of(library: Library, pack: str) -> Iterator[Item]:
    """Indicators of a standard, or capabilities of a capability pack."""
    return (item for item in library.items if item.pack == pack and isinstance(item.thing, Indicator | Capability))


def everything(thing: Any) -> dict[str, Any]:
    """All fields of an item that differ from their default, as plain values; a new optional field changes nothing."""
    fields = type(thing).model_fields
    return {name: plain(value) for name in fields if (value := getattr(thing, name)) != fields[name].default}


def plain(value: Any) -> Any:
    """Values as JSON holds them: keys as text, whole numbers as they are, other exact numbers as `1/3`."""
    if isinstance(value, Text):
        words = value.as_dict()
        return {"all": words["en"]} if value.same else {one: words[one] for one in LANGUAGES if one in words}
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if hasattr(value, "model_dump"):
        return everything(value)
    return value if value is None or isinstance(value, bool | int) else str(value)


def is_text(value: Any) -> bool:
    """Whether a plain value is a text in languages."""
    return isinstance(value, Mapping) and bool(value) and set(value) <= {*LANGUAGES, "all"}


def released(root: Path, pack: str) -> list[Frozen]:
    """All frozen releases of a pack, oldest first; ReleaseError if a file cannot be read."""
    releases = [_read(path) for path in sorted((root / "released").glob(f"{pack}-*.json")) if _is_of(path, pack)]
    return sorted(releases, key=lambda frozen: version_numbers(frozen.version))


def history_of(library: Library, pack: str) -> list[Frozen]:
    """The frozen releases of a pack of a library, oldest first, read once; empty where one cannot be read (P156)."""
    if pack not in library.releases:
        try:
            library.releases[pack] = released(library.root, pack)
        except ReleaseError:
            library.releases[pack] = []
    found: list[Frozen] = library.releases[pack]
    return found


def _is_of(path: Path, pack: str) -> bool:
    """Whether a file is of this pack and not of one whose name begins alike (demo, demo-two)."""
    version = path.stem.removeprefix(f"{pack}-")
    return all(part.isdigit() for part in version.split("."))


def _read(path: Path) -> Frozen:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Frozen(**{name: data[name] for name in NAMES if name != "elsewhere" or name in data})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"{path.name} in released/ cannot be read. It is never edited: restore it from the repository."
        ) from error


def version_numbers(version: str) -> tuple[int, ...]:
    """`1.10.0` as numbers, for ordering."""
    return tuple(int(part) for part in version.split("."))


def write(root: Path, frozen: Frozen) -> Path:
    """Write a release file; one that exists is left alone and FileExistsError raised."""
    path = root / "released" / f"{frozen.pack}-{frozen.version}.json"
    path.parent.mkdir(exist_ok=True)
    content = {
        "about": "Frozen by `beiji pack release`. Never edited: past visits and reports are read with it.",
        "form": FORM,
        **{name: getattr(frozen, name) for name in NAMES},
    }  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path


def domain_of(id: str) -> str:
    """The domain that an indicator's id begins with: TRI of TRI-6."""
    return id.rsplit("-", 1)[0]
