"""The small city with the repository's own methodology and a few rows that tell a story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django_scopes import scope

from beiji.packs.library import Library
from beiji.readiness import changes
from beiji.readiness.rules.rows import Condition, Evaluator, Method
from tests import cast

Draft = changes.Draft


@pytest.fixture
def loaded(loaded_of_module: cast.World, db) -> Iterator[cast.World]:
    """The small city with methodology, inside its scope."""
    with scope(city="yangzhou"):
        yield loaded_of_module


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


def two_standards(library: Library, chosen: tuple[str, ...] = (), **header: Any) -> Library:
    """The packs with a second hospital standard, and what the city says that it uses."""
    first = library.standards["mci-hospital"]
    other = first.model_copy(
        update={"header": first.header.model_copy(update={"id": "own-hospital", **header}), "hash": "0" * 64}
    )
    pack = library.cities["yangzhou"]
    city = pack.model_copy(update={"header": pack.header.model_copy(update={"standards": chosen})})
    return replace(
        library, standards={**library.standards, "own-hospital": other}, cities={"yangzhou": city}, overlays={}
    )
