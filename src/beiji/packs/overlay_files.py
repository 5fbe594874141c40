"""Overlays of a running city, kept in its own data: one file for each city, `<city>.yaml`, standard by standard.

A city whose pack has an overlay and that has such a file too is adapted by the file.
"""

from __future__ import annotations

import re
from pathlib import Path

from beiji.packs.checks.languages import check_languages
from beiji.packs.faults import build
from beiji.packs.library import Library, PlacedOverlay
from beiji.packs.overlay_merge import check_overlays, overlay_findings
from beiji.packs.problems import Problem
from beiji.packs.schemas.cities import Overlay
from beiji.packs.strict import Source, read


def add_overlay_file(library: Library, path: Path, city: str) -> Source:
    """Put a city's overlays from a file into the library; faults are in the source that is given back."""
    source = read(path)
    if isinstance(source.data, dict):
        own = {}
        for standard in source.data:
            overlay = build(Overlay, source, (standard,))
            if overlay is not None:
                own[str(standard)] = PlacedOverlay(overlay, source, (standard,))
        library.overlays[city] = own
    elif not source.problems:
        source.add(
            "P116",
            "An overlay needs the id of a standard and below it what the city changes. Begin with mci-hospital:.",
        )
    return source


def problems_of(library: Library, city: str, source: Source) -> list[Problem]:
    """Everything that is wrong with a city's file, in order of place."""
    alone = Library(
        library.root, standards=library.standards, capabilities=library.capabilities, headers=library.headers
    )
    alone.overlays = {city: library.overlays.get(city, {})}
    alone.sources = [source]
    alone.releases = library.releases
    check_overlays(alone)
    check_languages(alone)
    return sorted(set(source.problems))


def standards_that_fit(library: Library, city: str) -> tuple[list[str], list[str]]:
    """Standards that a city may load now, and a sentence for each thing that keeps one from it."""
    fitting, said = [], []
    for standard in library.standards:
        errors = [found for found in overlay_findings(library, city, standard) if not found.warning]
        if errors:
            said += [f"{standard} of {city}: {found.sentence}" for found in errors]
        else:
            fitting.append(standard)
    return fitting, said


def raised_base(text: str, standard: str, old: str, new: str) -> str:
    """`text` of an overlay file with the base of one standard raised; unchanged when the line is not found."""
    pattern = rf"(^(?P<indent> *){re.escape(standard)}:.*?\n(?:(?P=indent) +.*\n|\s*\n)*?(?P=indent) +base: ){re.escape(old)}\b"
    return re.sub(pattern, lambda match: match.group(1) + new, text, count=1, flags=re.MULTILINE)
