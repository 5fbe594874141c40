"""Fixtures that every room's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django_scopes import scope

from tests import cast
from tests.chromium import WORDS, chromium
from tests.committed import take_guards_off


@pytest.fixture(scope="module")
def world_of_module(django_db_setup, django_db_blocker) -> Iterator[cast.World]:
    """The cast, built once per module inside a transaction that is rolled back after the module."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield cast.build()
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


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
def files_apart(settings, tmp_path) -> None:
    """Attachments of a test never land among real ones."""
    settings.FILES = tmp_path / "files"


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


def pytest_configure() -> None:
    """Passwords of the cast need no strength; hashing them well would take longer than most tests."""
    from django.conf import settings as configured

    configured.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
