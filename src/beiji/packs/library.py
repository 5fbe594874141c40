"""Loads all packs of a folder into one typed, frozen library."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from beiji.packs.faults import build
from beiji.packs.problems import PackError, Problem
from beiji.packs.schemas.capabilities import Capability, CapabilityPack
from beiji.packs.schemas.cities import City, CityHeader, Hospital, Overlay, People
from beiji.packs.schemas.common import Header
from beiji.packs.schemas.declared import Release
from beiji.packs.schemas.glossary import Glossary, Term
from beiji.packs.schemas.instruments import Instrument
from beiji.packs.schemas.plans import Chapter, PlanTemplate, PlanTemplateHeader
from beiji.packs.schemas.roles import NightSet, RoleCard, RoleCards, RoleCardsHeader
from beiji.packs.schemas.scenarios import Scenario
from beiji.packs.schemas.standards import Domain, Evidence, Indicator, PackSource, Standard, StandardHeader
from beiji.packs.schemas.story import Story
from beiji.packs.strict import Source, not_plain, read

T = TypeVar("T")


def packs_root() -> Path:
    """The packs of this installation: `packs/` of a checkout, or those that travelled in the wheel."""
    checkout = Path(__file__).resolve().parents[3] / "packs"
    installed = Path(__file__).resolve().parents[1] / "_packs"
    return installed if installed.is_dir() else checkout


@dataclass(frozen=True, slots=True)
class Item:
    """A loaded thing with the place it came from, so that every later check can name file and line."""

    kind: str
    pack: str
    thing: Any
    source: Source
    path: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PlacedOverlay:
    """A city's overlay of one standard with the place it came from."""

    overlay: Overlay
    source: Source
    path: tuple[Any, ...]


@dataclass(slots=True)
class Library:
    """Everything below one packs folder. `items` and `sources` serve the checker; the rest is the public face."""

    root: Path
    capability_packs: dict[str, CapabilityPack] = field(default_factory=dict)
    capabilities: dict[str, Capability] = field(default_factory=dict)
    standards: dict[str, Standard] = field(default_factory=dict)
    cities: dict[str, City] = field(default_factory=dict)
    glossaries: dict[str, Glossary] = field(default_factory=dict)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    role_cards: dict[str, RoleCards] = field(default_factory=dict)
    plan_templates: dict[str, PlanTemplate] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    headers: list[tuple[Header, Source]] = field(default_factory=list)
    mentioned: dict[str, set[str]] = field(default_factory=dict)
    overlays: dict[str, dict[str, PlacedOverlay]] = field(default_factory=dict)
    releases: dict[str, Any] = field(default_factory=dict)

    @property
    def glossary(self) -> Glossary:
        """The core glossary; KeyError with its name if it is missing."""
        return self.glossaries["core"] if "core" in self.glossaries else self.glossaries["core-glossary"]

    @property
    def problems(self) -> list[Problem]:
        """What reading and the schemas found, in order of place."""
        return sorted(problem for source in self.sources for problem in source.problems)

    def overlay_of(self, city: str, standard: str) -> Overlay | None:
        """What a city changes in a standard, if anything."""
        placed = self.overlays.get(city, {}).get(standard)
        return placed.overlay if placed is not None else None

    def of_kind(self, kind: str) -> Iterator[Item]:
        """All items of one kind: capability, indicator, evidence, hospital, term …"""
        return (item for item in self.items if item.kind == kind)

    def known(self, kind: str) -> set[str]:
        """Ids that were written for `kind`, also of things that have faults (so that one fault does not cause ten)."""
        return self.mentioned.setdefault(kind, set())


def load_packs(root: Path | None = None) -> Library:
    """The library below `root` (default: this installation's packs); PackError with every problem if one is wrong.

    Content rules and linters are `check`'s business: this refuses only what could not be used.
    """
    library = scan(root or packs_root())
    if library.problems:
        raise PackError(library.problems)
    return library


#: Folders of the packs; what a run needs of them.
PARTS = (
    "capabilities",
    "standards",
    "glossary",
    "cities",
    "scenarios",
    "instruments",
    "role-cards",
    "plan-templates",
)
OF_RUNS = ("cities", "scenarios")


def scan(root: Path, parts: Collection[str] = PARTS) -> Library:
    """The library with whatever could be loaded of these parts; faults are in `.problems`."""
    loader = _Loader(Library(root))
    if loader.refuse_what_is_no_file():
        return loader.library
    readers: dict[str, Callable[[Path], None]] = {
        "capabilities": loader.capability_pack,
        "standards": loader.standard,
        "glossary": loader.glossary,
        "cities": loader.city,
        "scenarios": loader.scenario,
        "instruments": loader.instrument,
        "role-cards": loader.role_cards,
        "plan-templates": loader.plan_template,
    }
    for part in PARTS:
        files = sorted((root / part).glob("*.yaml")) if part in ("scenarios", "instruments") else _folders(root / part)
        for path in files if part in parts else ():
            readers[part](path)
    return loader.library


def pack_hash(files: list[Path], base: Path) -> str:
    """SHA-256 over names and contents (line ends as \\n) of a pack's files: what a visit or report freezes."""
    digest = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes().replace(b"\r\n", b"\n") if path.is_file() else b""
        digest.update(json.dumps([path.relative_to(base).as_posix(), len(content)]).encode())
        digest.update(content)
    return digest.hexdigest()


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else []


class _Loader:
    """Reads one pack after the other into the library."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def refuse_what_is_no_file(self) -> bool:
        """Name every link, pipe and device below the folder; then nothing of it is read."""
        root = self.library.root
        for folder, folders, files in os.walk(root):
            for name in sorted((*folders, *files)):
                path = Path(folder, name)
                sentence = not_plain(path)
                if sentence:
                    source = Source(path, path.relative_to(root.parent).as_posix())  # the link's own place
                    source.add("P119", sentence)
                    self.library.sources.append(source)
        return bool(self.library.sources)

    def open(self, path: Path) -> Source:
        source = read(path, self.library.root.parent)
        self.library.sources.append(source)
        return source

    def header(self, model: type[T], path: Path) -> tuple[T | None, Source]:
        source = self.open(path)
        if source.data is None or not isinstance(source.data, dict):
            if source.data is not None:
                source.add("P116", "A pack header needs fields such as id, kind and version. Write them first.")
            return None, source
        header = build(model, source)
        if isinstance(header, Header):
            self.library.headers.append((header, source))
        return header, source

    def listed(self, kind: str, pack: str, model: type[T], source: Source, at: tuple[Any, ...] = ()) -> dict[str, T]:
        """Each entry of a list file by its id; entries with faults are named and left out."""
        found: dict[str, T] = {}
        entries = source.data
        for step in at:
            entries = entries.get(step, []) if isinstance(entries, dict) else []
        if entries is None:
            return found
        if not isinstance(entries, list):
            source.add("P116", f"A list of {kind} entries is needed. Begin each with - id:.", at)
            return found
        for position in range(len(entries)):
            path = (*at, position)
            entry = entries[position]
            id = entry.get("id") if isinstance(entry, dict) else None
            if isinstance(id, str):
                if id in self.library.known(kind) and kind not in ("release",):
                    source.add(
                        "P152", f"{id} is used twice among the {kind} entries. Give this one its own id.", (*path, "id")
                    )
                    continue
                self.library.known(kind).add(id)
            thing = build(model, source, path)
            if thing is not None:
                found[str(getattr(thing, "id", position))] = thing
                self.library.items.append(Item(kind, pack, thing, source, path))
        return found

    def capability_pack(self, folder: Path) -> None:
        header, _ = self.header(Header, folder / "pack.yaml")
        name = header.id if header else folder.name
        capabilities: dict[str, Capability] = {}
        files = sorted(folder.glob("*.yaml"))
        for path in files:
            if path.name not in ("pack.yaml", "changes.yaml"):
                capabilities |= self.listed("capability", name, Capability, self.open(path))
        releases = self._optional("release", name, Release, folder / "changes.yaml")
        self.library.capabilities |= capabilities
        if header:
            pack = CapabilityPack(
                header=header,
                capabilities=capabilities,
                releases=tuple(releases.values()),
                hash=pack_hash(files, folder),
            )
            self.library.capability_packs[header.id] = pack

    def standard(self, folder: Path) -> None:
        header, _ = self.header(StandardHeader, folder / "pack.yaml")
        name = header.id if header else folder.name
        written: dict[str, dict[str, Indicator]] = {}
        for path in sorted((folder / "domains").glob("*.yaml")):
            written[f"domains/{path.name}"] = self.listed("indicator", name, Indicator, self.open(path))
        evidence: dict[str, Evidence] = {}
        paths = [folder / "evidence.yaml"] if (folder / "evidence.yaml").is_file() else []
        for path in paths + sorted((folder / "evidence").glob("*.yaml")):
            evidence |= self.listed("evidence", name, Evidence, self.open(path))
        sources = self._optional("source", name, PackSource, folder / "sources.yaml")
        releases = self._optional("release", name, Release, folder / "changes.yaml")
        if header is None:
            return
        domains = {
            entry.id: Domain(
                id=entry.id, weight=entry.weight, title=entry.title, about=entry.about,
                indicators=written.get(entry.file or "", {}),
            )
            for entry in header.domains
        }  # fmt: skip
        files = sorted(folder.rglob("*.yaml")) + sorted(folder.glob("*.csv"))
        self.library.standards[header.id] = Standard(
            header=header, domains=domains, evidence=evidence, sources=sources, releases=tuple(releases.values()),
            parameters=dict(header.parameters), hash=pack_hash(files, folder),
        )  # fmt: skip

    def _optional(self, kind: str, pack: str, model: type[T], path: Path) -> dict[str, T]:
        return self.listed(kind, pack, model, self.open(path)) if path.is_file() else {}

    def glossary(self, folder: Path) -> None:
        header, _ = self.header(Header, folder / "pack.yaml")
        terms = self._optional("term", header.id if header else folder.name, Term, folder / "terms.yaml")
        if header:
            files = sorted(folder.glob("*.yaml"))
            self.library.glossaries[header.id] = Glossary(header=header, terms=terms, hash=pack_hash(files, folder))

    def city(self, folder: Path) -> None:
        header, city_source = self.header(CityHeader, folder / "city.yaml")
        name = header.id if header else folder.name
        if header is not None and header.overlay:
            own = {id: PlacedOverlay(one, city_source, ("overlay", id)) for id, one in header.overlay.items()}
            self.library.overlays[name] = own
        hospitals = self._optional("hospital", name, Hospital, folder / "hospitals.yaml")
        people = People()
        if (folder / "people.yaml").is_file():
            source = self.open(folder / "people.yaml")
            people = (build(People, source) if source.data is not None else None) or people
            self.library.items.append(Item("people", name, people, source, ()))
        story = None
        if (folder / "story.yaml").is_file():
            story, source = self.header(Story, folder / "story.yaml")
            self.library.items.append(Item("story", name, story, source, ()))
        if header:
            self.library.cities[header.id] = City(
                header=header, hospitals=hospitals, story=story, hash=pack_hash(sorted(folder.glob("*.yaml")), folder),
                organisations={organisation.id: organisation for organisation in people.organisations},
                people={person.id: person for person in people.people},
            )  # fmt: skip

    def scenario(self, path: Path) -> None:
        scenario, source = self.header(Scenario, path)
        if scenario:
            scenario = scenario.model_copy(update={"hash": pack_hash([path], path.parent)})
            self.library.scenarios[scenario.id] = scenario
            self.library.items.append(Item("scenario", scenario.id, scenario, source, ()))

    def instrument(self, path: Path) -> None:
        instrument, source = self.header(Instrument, path)
        if instrument:
            instrument = instrument.model_copy(update={"hash": pack_hash([path], path.parent)})
            self.library.instruments[instrument.id] = instrument
            self.library.items.append(Item("instrument", instrument.id, instrument, source, ()))

    def role_cards(self, folder: Path) -> None:
        header, _ = self.header(RoleCardsHeader, folder / "pack.yaml")
        name = header.id if header else folder.name
        cards: dict[str, RoleCard] = {}
        for path in sorted((folder / "cards").glob("*.yaml")):
            cards |= self.listed("role card", name, RoleCard, self.open(path))
        nights = self._optional("night set", name, NightSet, folder / "night-sets.yaml")
        sources = self._optional("source", name, PackSource, folder / "sources.yaml")
        if header:
            standard = self.library.standards.get(header.standard or "")
            self.library.role_cards[header.id] = RoleCards(
                header=header, cards={card.id: card for card in sorted(cards.values(), key=lambda card: card.number)},
                night_sets={night.hospital_class: night for night in nights.values()}, sources=sources,
                parameters={**(standard.parameters if standard else {}), **header.parameters},
                hash=pack_hash(sorted(folder.rglob("*.yaml")), folder),
            )  # fmt: skip

    def plan_template(self, folder: Path) -> None:
        header, _ = self.header(PlanTemplateHeader, folder / "pack.yaml")
        name = header.id if header else folder.name
        parts: dict[str, Chapter] = {}
        for path in sorted((folder / "chapters").glob("*.yaml")) + sorted((folder / "annexes").glob("*.yaml")):
            chapter, source = self.header(Chapter, path)
            if chapter:
                parts[path.relative_to(folder).with_suffix("").as_posix()] = chapter
                self.library.items.append(Item("chapter", name, chapter, source, ()))
        sources = self._optional("source", name, PackSource, folder / "sources.yaml")
        if header:
            cards = self.library.role_cards.get(header.cards or "")
            standard = self.library.standards.get(header.standard or "")
            self.library.plan_templates[header.id] = PlanTemplate(
                header=header, sources=sources, hash=pack_hash(sorted(folder.rglob("*.yaml")), folder),
                chapters=tuple(parts[f"chapters/{id}"] for id in header.chapters if f"chapters/{id}" in parts),
                annexes=tuple(parts[f"annexes/{id}"] for id in header.annexes if f"annexes/{id}" in parts),
                parameters={
                    **(standard.parameters if standard else {}), **(cards.parameters if cards else {}), **header.parameters,
                },
            )  # fmt: skip
