"""Every page of the house as the tests know it: who gets which status, what a page may cost, and an example of it.

Each room keeps two files beside its tests. `permissions.csv`, written by hand: a row per page and verb with the status that
every role gets; for GET also whether it is a whole page to look at (not a fragment, file or redirect) and how many queries
it may ask, whatever the number of rows. `examples.py`: for each argument of the room's addresses an example in the demo
city (`ARGUMENTS`), and other ones for pages that need another object (`PAGES`). There too: the filter of each of its models
and the doors of its `access`, each with the pages (by the start of their URL names) that must notice when it is gone; and
`OPEN`, models of which everybody in the city sees everything.
"""

from __future__ import annotations

import csv
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import get_resolver, reverse
from django_scopes import scope

TESTS = Path(__file__).resolve().parent
CITY = "yangzhou"
ROLES = (
    "administrator", "manager", "coordinator", "coordinator_other", "lead", "assessor", "writer", "translator", "leader", "stranger", "anonymous",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A page and verb: its URL name, and the status for each role."""

    name: str
    method: str
    look: bool
    queries: int
    status: Mapping[str, str]


@cache
def pages() -> tuple[Page, ...]:
    """Every row of every room's table, in the order of rooms and rows."""
    rows: list[Page] = []
    for table in sorted(TESTS.glob("*/permissions.csv")):
        with open(table, encoding="utf-8", newline="") as handle:
            rows += [
                Page(
                    row["page"],
                    row["method"],
                    row["look"] == "yes",
                    int(row["queries"] or 0),
                    {r: row[r] for r in ROLES},
                )
                for row in csv.DictReader(handle)
            ]
    return tuple(rows)


def seen_pages() -> list[Page]:
    """What is opened: every page that answers GET."""
    return [page for page in pages() if page.method == "GET"]


def _patterns(resolver: Any, prefix: str, arguments: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for pattern in resolver.url_patterns:
        named = arguments | pattern.pattern.converters.keys()
        if hasattr(pattern, "url_patterns"):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _patterns(pattern, space, named)
        elif pattern.name:
            yield prefix + pattern.name, named


@cache
def addresses() -> Mapping[str, frozenset[str]]:
    """Every named address of the project with the names of its arguments."""
    return dict(_patterns(get_resolver(), "", frozenset()))


def stated(name: str) -> list[Any]:
    """What every room's `examples.py` states under a name: FILTERS are (model, start of pages), DOORS (module, function,
    start of pages), OPEN models."""
    rooms = sorted(path.parent.name for path in TESTS.glob("*/examples.py"))
    return [row for room in rooms for row in getattr(_examples(room), name, ())]


def _examples(room: str) -> Any:
    return importlib.import_module(f"tests.{room}.examples")


def address_of(name: str) -> str | None:
    """The example address of a page in the demo; None while the demo holds no example of it."""
    wanted = addresses()[name] - {"city"}
    given: dict[str, Any] = {"city": CITY} if "city" in addresses()[name] else {}
    if wanted:
        examples = _examples(name.split(":")[0])
        makers = {**examples.ARGUMENTS, **getattr(examples, "PAGES", {}).get(name, {})}
        with scope(city=CITY):
            given |= {argument: makers[argument]() for argument in wanted}
    return None if None in given.values() else reverse(name, kwargs=given)
