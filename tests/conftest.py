"""Fixtures that every room's tests share."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope
from hypothesis import HealthCheck, settings

from beiji.packs.library import Library, packs_root, scan
from tests import cast, costs
from tests.chromium import WORDS, chromium
from tests.committed import take_guards_off
from tests.serving import environment
from tests.starting_points import Shelf, locked, shelf_of

# A busy machine is no fault of what is tested, so no example has a deadline. Random examples look for new faults on the
# machines of those who write; before a landing (.ci/run sets CI) the same examples come every time, so that nobody's
# change is refused for a fault that it has not made. A fault that a random example shows becomes a test with that example.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

# Playwright's synchronous interface keeps a loop running in the thread of the tests for as long as a browser is open;
# Django takes that for asynchronous code and refuses the database to whatever runs beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# Some hundred processes are started; without compiled files beside the source each reads all of it again (half a second).
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


_COUNT = itertools.count()


@pytest.fixture(scope="session")
def shelf(request, tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Shelf]:
    """States of the database that are built once in a run."""
    shelf = shelf_of(tmp_path_factory.getbasetemp())
    yield shelf
    if "PYTEST_XDIST_WORKER" not in os.environ:
        with django_db_blocker.unblock():
            shelf.drop()


@pytest.fixture(scope="session")
def ready(tmp_path_factory) -> Callable[[Path], Path]:
    """`ready(folder)`: a data folder as `beiji init` leaves it, for a server or a command. Every migration takes longer than
    what most tests then do, so it is made once in a run and copied."""
    base = tmp_path_factory.getbasetemp()
    made = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "ready"

    def put(folder: Path) -> Path:
        with locked(made.with_suffix(".lock")):
            if not made.with_suffix(".done").exists():
                subprocess.run(
                    [sys.executable, "-m", "beiji.cli", "init"], env=environment(made), check=True, timeout=300
                )
                made.with_suffix(".done").touch()
        return Path(shutil.copytree(made, folder))

    return put


@pytest.fixture(scope="module")
def world_of_module(shelf, django_db_blocker) -> Iterator[cast.World]:
    """The cast, put into an empty database for the module."""
    with django_db_blocker.unblock(), shelf.started_from("cast", cast.build) as world:
        yield world


@pytest.fixture(scope="session")
def library() -> Library:
    """The packs of the repository, read once."""
    return scan(packs_root())


@pytest.fixture(scope="module")
def loaded_of_module(shelf, django_db_blocker, library) -> Iterator[cast.World]:
    """The cast with the repository's methodology, put into an empty database for the module."""

    from beiji.readiness import changes as ledger

    def build() -> cast.World:
        world = cast.build()
        with scope(city="yangzhou"):
            ledger.load_packs(city=world.city, library=library, by=None, now=cast.NOW)
        return world

    with django_db_blocker.unblock(), shelf.started_from("methodology", build) as world:
        yield world


@pytest.fixture
def world(world_of_module: cast.World, db) -> cast.World:
    """The cast, outside any city's scope."""
    return world_of_module


@pytest.fixture
def yangzhou(world: cast.World) -> Iterator[cast.World]:
    """The cast, inside the scope of its city."""
    with scope(city="yangzhou"):
        yield world


@pytest.fixture
def committed(transactional_db) -> Iterator[None]:
    """For tests that commit. The tables are emptied afterwards, so their guards are taken off here, by the tests alone;
    Django's flush ends with post_migrate, which puts them on again."""
    yield
    take_guards_off()


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path_factory) -> None:
    """Attachments and revocations of a test never land among real ones. Their places are made by whoever writes: a folder
    for each of some thousand tests takes longer than many of them."""
    apart = tmp_path_factory.getbasetemp() / f"apart-{next(_COUNT)}"
    settings.FILES, settings.REVOCATIONS = apart, apart.with_suffix(".jsonl")


@pytest.fixture(autouse=True)
def contact_was_noted(request, monkeypatch) -> None:
    """A browser's contact counts as noted a moment ago, so that a page is counted as it costs from the second on."""
    if request.path.name not in ("test_own_account.py", "test_second_factor.py"):
        monkeypatch.setattr("beiji.site.middleware.SignedInMiddleware._note", lambda self, request, key: None)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A language that one test's browser asked for does not stay for the next test."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The one Chromium of a run; two drivers in one process would stand in each other's way."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    assert path, "no Chromium found, and BEIJI_REQUIRE_BROWSER is set"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(WORDS))
        yield running
        running.close()


#: Files that take longest, and which two begin: a core each. What only one of them makes (the demo in a folder, the demo in
#: the tests' database) is then ready for whoever comes later, and no core waits at the end for one long file.
LONG_FIRST = (
    "browser/test_every_page.py", "site/test_every_page.py", "upgrades/test_restore.py", "site/test_writers.py",
    "reports/test_days.py", "test_fresh_clone.py", "site/test_kept_parts.py", "reports/test_numbers.py",
    "reports/test_files.py", "upgrades/test_first_landing.py", "test_add_a_room.py", "site/test_city_time.py", "browser/",
)  # fmt: skip


def _rank(item: pytest.Item) -> int:
    place = item.path.relative_to(Path(__file__).parent).as_posix()
    return next((rank for rank, start in enumerate(LONG_FIRST) if place.startswith(start)), len(LONG_FIRST))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share the files (`--dist loadfile`), the long ones come first."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=_rank)


def pytest_configure(config: pytest.Config) -> None:
    """What the tests cost is printed. Passwords of the cast need no strength; hashing them well would take longer than most
    tests."""
    config.pluginmanager.register(costs)
    from django.conf import settings as configured

    configured.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
