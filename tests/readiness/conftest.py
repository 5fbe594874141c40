"""The small city with the repository's own methodology and a few rows that tell a story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from django_scopes import scope

from beiji.packs.library import Library, packs_root, scan
from beiji.readiness import changes
from beiji.readiness.rules.rows import Condition, Evaluator, Method
from tests import cast

Draft = changes.Draft


@pytest.fixture(scope="session")
def library() -> Library:
    """The packs of the repository, read once."""
    return scan(packs_root())


@pytest.fixture(scope="module")
def loaded_of_module(world_of_module: cast.World, django_db_blocker, library: Library) -> cast.World:
    """The small city with methodology, loaded once per module."""
    with django_db_blocker.unblock(), scope(city="yangzhou"):
        changes.load_packs(city=world_of_module.city, library=library, by=None, now=cast.NOW)
    return world_of_module


@pytest.fixture
def loaded(loaded_of_module: cast.World, yangzhou: cast.World) -> cast.World:
    """The small city with methodology, inside its scope."""
    return yangzhou


@pytest.fixture
def record(loaded: cast.World) -> Callable[..., list]:
    """Record drafts for an office at the cast's present moment."""

    def write(*drafts: Draft, office: str = "integrator") -> list:
        return changes.record_batch(city=loaded.city, drafts=drafts, by=None, office=office, now=cast.NOW)

    return write


def timed(subject: str, value: int, day: date, condition: Condition, capability: str = "ed-clear-time") -> Draft:
    """A timed test by external assessors."""
    return Draft(
        subject=subject,
        capability=capability,
        method=Method.TIMED_TEST,
        evaluator=Evaluator.EXTERNAL,
        as_of=day,
        value=Fraction(value),
        condition=condition,
    )
