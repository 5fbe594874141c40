"""Bringing methodology and the demo city into the database; each step may run again and then changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django_scopes import scope

from beiji import packs
from beiji.programme.models import City
from beiji.readiness import changes

from . import demo

Say = Callable[[str], None]
DEMO_CITY = "yangzhou"


def load_packs(*, say: Say) -> None:
    """Load the packs' present versions into every city of the database; the database of a city keeps older ones."""
    library = None
    for city in City.objects.all():
        library = library or packs.load_packs(packs.packs_root())
        with scope(city=city.pk):
            changes.load_packs(city=city, library=library, by=None, now=datetime.now(UTC))


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
    lines = [f"  {'user':<14} {'role'}"]
    lines += [f"  {name:<14} {role}" for role, name in demo.LOG_INS.items()]
    return "\n".join(lines) + f"\n  password of all: {demo.PASSWORD}\n"
