"""References between packs: every id that one thing names must be somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from beiji.packs.library import Item, Library
from beiji.packs.overlay import TARGET
from beiji.packs.problems import did_you_mean
from beiji.packs.schemas.cities import City, People
from beiji.packs.schemas.common import HOSPITAL_CLASSES
from beiji.packs.schemas.standards import Indicator, Standard
from beiji.packs.strict import Source

RANGE = re.compile(r"(>=|<=|<|>|==)?\s*([0-9]+(?:\.[0-9]+){0,2})\Z")


def unknown(
    source: Source, code: str, what: str, name: str, known: Iterable[str], path: tuple[Any, ...], mend: str
) -> None:
    """Note that `what` called `name` does not exist, with the nearest that does, else the `mend`."""
    known = set(known)
    if name not in known:
        source.add(code, f'{what} "{name}" is unknown.{did_you_mean(name, known) or " " + mend}', path)


def check_needs(library: Library) -> None:
    """P135: every needed pack is there, in a version of the range."""
    for header, source in library.headers:
        versions = {other.id: other.version for other, _ in library.headers}
        for name, wanted in header.needs.items():
            path = ("needs", name)
            if name not in versions:
                hint = did_you_mean(name, versions) or " Add it to packs/, or take it out of needs."
                source.add("P135", f"{header.id} needs the pack {name}, which is not here.{hint}", path)
            elif not in_range(versions[name], wanted):
                sentence = (
                    f"{header.id} needs {name} {wanted}; here is {versions[name]}. Widen the range or update the pack."
                )
                source.add("P135", sentence, path)


def check_standards_named(library: Library) -> None:
    """P134: a city names standards that are here."""
    for header, source in library.headers:
        for position, name in enumerate(getattr(header, "standards", ())):
            unknown(source, "P134", "Standard", name, library.standards, ("standards", position), "Take it away.")


def in_range(version: str, wanted: str) -> bool:
    """Whether `1.2.0` satisfies `>=1,<2`; a range that cannot be read is not satisfied."""
    have = tuple(int(part) for part in version.split("."))
    for condition in wanted.split(","):
        match = RANGE.match(condition.strip())
        if not match:
            return False
        bound = tuple(int(part) for part in match.group(2).split("."))
        mine, bound = have, bound + (0,) * (3 - len(bound))
        sign = match.group(1) or "=="
        holds = {
            ">=": mine >= bound, "<=": mine <= bound, "<": mine < bound, ">": mine > bound, "==": mine == bound,
        }[sign]  # fmt: skip
        if not holds:
            return False
    return True


def check_standards(library: Library) -> None:
    """P130 to P134, P136, P148, P151 and P158 of every standard."""
    for standard in library.standards.values():
        source = next(source for header, source in library.headers if header.id == standard.id)
        _check_domains(library, standard, source)
    for item in library.of_kind("indicator"):
        _check_indicator(library, item)
    for item in library.of_kind("capability"):
        _check_src(library, item, item.thing.target_src, ("target_src",))
        for position, feed in enumerate(item.thing.feeds):
            _check_src(library, item, feed.src, ("feeds", position, "src"))


def _check_domains(library: Library, standard: Standard, source: Source) -> None:
    header = standard.header
    total = sum(domain.weight for domain in header.domains)
    if total != 100:
        source.add("P148", f"The weights of the domains add up to {total}. Make them 100.", ("domains",))
    for name, weights in header.rollups.items():
        if sum(weights.values()) != 100:
            sentence = f'The weights of the roll-up "{name}" add up to {sum(weights.values())}. Make them 100.'
            source.add("P148", sentence, ("rollups", name))
    folder = source.path.parent
    listed = {entry.file for entry in header.domains if entry.file}
    written = {f"domains/{path.name}" for path in (folder / "domains").glob("*.yaml")}
    for position, entry in enumerate(header.domains):
        if entry.file and entry.file not in written:
            hint = did_you_mean(entry.file, written) or " Write the file, or take the line away until it exists."
            source.add(
                "P136", f"{entry.id} names {entry.file}, which is not there.{hint}", ("domains", position, "file")
            )
    for file in sorted(written - listed):
        source.add("P136", f"{file} is not listed by any domain. Add file: {file} to its domain.", ("domains",))
    retired = {
        change.item: release.version
        for release in standard.releases
        for change in release.changes
        if change.change in ("retired", "split", "merged")
    }
    for item in library.of_kind("indicator"):
        if item.pack == standard.id and item.thing.id in retired:
            free = _next_free(item.thing.id, library.known("indicator") | set(retired))
            version = retired[item.thing.id]
            sentence = f"{item.thing.id} was retired in {version}; ids are never used again. Next free: {free}."
            item.source.add("P151", sentence, (*item.path, "id"))


def _next_free(id: str, used: set[str]) -> str:
    domain = id.rsplit("-", 1)[0]
    numbers = [int(other.rsplit("-", 1)[1]) for other in used if re.fullmatch(re.escape(domain) + r"-\d+", other)]
    return f"{domain}-{max(numbers, default=0) + 1}"


def _check_indicator(library: Library, item: Item) -> None:
    indicator: Indicator = item.thing
    standard = library.standards.get(item.pack)
    mend = "Add it to packs/capabilities."
    unknown(
        item.source, "P131", "Capability", indicator.reads, library.known("capability"), (*item.path, "reads"), mend
    )
    for level, wanted in indicator.evidence.items():
        for position, name in enumerate(wanted):
            path = (*item.path, "evidence", level, position)
            mend = "Add it to the standard's evidence list."
            unknown(item.source, "P130", "Evidence", name, library.known("evidence"), path, mend)
    for position, xref in enumerate(indicator.xref):
        _check_src(library, item, xref.src, ("xref", position, "src"))
    _check_failure(library, item)
    _check_asked(library, item)
    among_hospitals = standard is None or set(standard.header.asks) <= set(HOSPITAL_CLASSES)
    if indicator.classes and indicator.crit == "must-pass" and not indicator.must_pass_if and among_hospitals:
        sentence = f"{indicator.id} is must-pass for everybody and has classes. Take classes away, or lower crit."
        item.source.add("P103", sentence, (*item.path, "classes"))
    if indicator.must_pass_if and indicator.crit != "must-pass":
        sentence = (
            f'{indicator.id} has must_pass_if and crit "{indicator.crit}". '
            "Write crit: must-pass; it weighs high until the circumstance holds."
        )
        item.source.add("P103", sentence, (*item.path, "crit"))
    domain = indicator.id.rsplit("-", 1)[0]
    if standard and domain not in standard.domains:
        mend = "An indicator begins with the id of its domain, as TRI-6 does."
        unknown(item.source, "P134", "Domain", domain, standard.domains, (*item.path, "id"), mend)


def _check_asked(library: Library, item: Item) -> None:
    """P145: an item is asked only of classes that its standard is about, and its capability has something for each."""
    indicator: Indicator = item.thing
    standard, capability = library.standards.get(item.pack), library.capabilities.get(indicator.reads)
    if standard is None or capability is None:
        return
    asks = standard.header.asks
    for name in indicator.classes:
        if name not in asks:
            sentence = f"{indicator.id} is asked of {name}; {standard.id} is about {', '.join(asks)}. Correct one."
            item.source.add("P145", sentence, (*item.path, "classes"))
    lacking = [name for name in indicator.classes or asks if name in asks and not capability.asks(name)]
    if lacking and capability.kind == "quantity":
        sentence = f"{indicator.id} asks {', '.join(lacking)}, for whom {capability.id} has no target. Add one."
        item.source.add("P145", sentence, (*item.path, "reads"))
    elif lacking:
        sentence = f"{indicator.id} asks {', '.join(lacking)}; say so under asked_of: of {capability.id}."
        item.source.add("P145", sentence, (*item.path, "reads"))


def _check_failure(library: Library, item: Item) -> None:
    """P158: the title of a failure is there, and holds {target} where the capability has a single one."""
    indicator: Indicator = item.thing
    if indicator.failure is None:
        sentence = f"{indicator.id} has no failure title. Add failure: what a finding says when it was missed."
        item.source.add("P158", sentence, item.path)
        return
    capability = library.capabilities.get(indicator.reads)
    if capability is None:
        return
    single = capability.kind == "quantity" and not capability.is_timetable
    for language, words in indicator.failure.as_dict().items():
        if (TARGET in words) != single:
            what = "lacks {target}" if single else "holds {target}"
            why = "has one number to meet" if single else "has no single number to meet"
            mend = "Say it in the sentence." if single else "Take it out of the sentence."
            sentence = f"The failure title of {indicator.id} {what} in {language}; {capability.id} {why}. {mend}"
            item.source.add("P158", sentence, (*item.path, "failure", language))


def _check_src(library: Library, item: Item, src: Any, path: tuple[Any, ...]) -> None:
    """P133: a source is an entry of sources.yaml; `assumption/x` one that says it is an assumption."""
    if not isinstance(src, str):
        return
    name = src.removeprefix("assumption/")
    mend = "Add it to sources.yaml."
    unknown(item.source, "P133", "Source", name, library.known("source"), (*item.path, *path), mend)


def check_cities(library: Library) -> None:
    """P134 of every city: districts, subjects, organisations and people."""
    for city in library.cities.values():
        header_source = next(source for header, source in library.headers if header.id == city.id)
        districts = {district.id for district in city.header.districts}
        for item in library.of_kind("hospital"):
            if item.pack == city.id:
                mend = "Add it to districts in city.yaml."
                unknown(item.source, "P134", "District", item.thing.district, districts, (*item.path, "district"), mend)
        for position, subject in enumerate(city.header.subjects):
            for at, member in enumerate(subject.members):
                path = ("subjects", position, "members", at)
                unknown(header_source, "P134", "Hospital", member, city.hospitals, path, "Add it to hospitals.yaml.")
        for item in library.of_kind("people"):
            if item.pack == city.id:
                _check_people(city, item.thing, item.source)


def _check_people(city: City, people: People, source: Source) -> None:
    subjects = city.subject_ids()
    for position, organisation in enumerate(people.organisations):
        if organisation.subject:
            path = ("organisations", position, "subject")
            unknown(source, "P134", "Subject", organisation.subject, subjects, path, "Add it to the city.")
    for position, person in enumerate(people.people):
        path = ("people", position, "organisation")
        mend = "Add it to organisations."
        unknown(source, "P134", "Organisation", person.organisation, city.organisations, path, mend)
        for at, grant in enumerate(person.grants):
            unknown(
                source,
                "P134",
                "Subject",
                grant.subject,
                subjects,
                ("people", position, "grants", at, "subject"),
                "Add it.",
            )
