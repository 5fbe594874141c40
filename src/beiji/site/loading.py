"""Bringing methodology and the demo city into the database; each step may run again and then changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django_scopes import scope

from beiji import packs
from beiji.packs import overlay_files
from beiji.programme.models import City
from beiji.readiness import changes

from . import demo

if TYPE_CHECKING:
    from beiji.packs import Library

Say = Callable[[str], None]
DEMO_CITY = "yangzhou"


def load_packs(*, say: Say) -> None:
    """Load the packs' present versions into every city of the database; the database of a city keeps older ones.

    A standard that a city's overlay does not fit stays as the city has it, and what is to be mended is said.
    """
    for city in City.objects.all():
        library = library_of(city.pk)
        fitting, sentences = fitting_standards(library, city.pk)
        for sentence in sentences:
            say(f"{sentence} Until then {city.pk} keeps the release that it has.")
        with scope(city=city.pk):
            named = changes.named_by(city, library) or library.standards.keys()
            refused = changes.refused_standards(city, library, [code for code in fitting if code in named])
            for refusal in refused.values():
                say(f"{refusal} Until then {city.pk} keeps the release that it has.")
            fitting = [code for code in fitting if code not in refused]
            changes.load_packs(city=city, library=library, by=None, now=datetime.now(UTC), standards=fitting)


@cache
def _packs() -> Library:
    return packs.load_packs(packs.packs_root())


def library_of(city: str) -> Library:
    """The installed packs with a city's own overlay file, if its data folder has one."""
    library = replace(_packs(), overlays=dict(_packs().overlays))
    path = settings.DATA / "overlays" / f"{city}.yaml"
    if path.is_file():
        source = overlay_files.add_overlay_file(library, path, city)
        library.sources = [*library.sources, source]
    return library


def fitting_standards(library: Library, city: str) -> tuple[list[str], list[str]]:
    """Standards that a city may load now, and sentences that say what keeps it from the others."""
    broken = [problem for source in library.sources for problem in source.problems]
    if broken:
        return [], [f"{problem}" for problem in broken]
    return overlay_files.standards_that_fit(library, city)


def seed_demo(*, today: date | None, seed: int, say: Say) -> None:
    """Make the illustrative city with its two rounds, as its story stands on a day (None: the city's today).

    An existing demo city is left alone.
    """
    if City.objects.filter(pk=DEMO_CITY).exists():
        return
    say("making the demo city: hospitals, people, two rounds of assessment, actions …")
    library = packs.load_packs(packs.packs_root())
    zone = ZoneInfo(library.cities[DEMO_CITY].header.time_zone)
    demo.seed(library=library, today=today or datetime.now(zone).date(), seed=seed)


def log_ins_text() -> str:
    """The demo's log-ins as a table for the terminal."""
    lines = [f"  {'user':<18} {'role'}"]
    lines += [
        f"  {name:<18} {role.replace('coordinator_other', 'coordinator of another hospital')}"
        for role, name in demo.LOG_INS.items()
    ]
    return "\n".join(lines) + f"\n  password of all: {demo.PASSWORD}\n"
