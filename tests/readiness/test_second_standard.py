"""A city's hospitals are asked by one standard at a time: a second is refused, or follows the first from a day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from beiji.packs.library import Library
from beiji.readiness import changes
from beiji.readiness.methodology import standard_in_force
from beiji.readiness.models import PackVersion
from beiji.readiness.rules.rows import LedgerError
from beiji.site import loading
from tests import cast

from .conftest import two_standards

LATER = cast.NOW + timedelta(days=30)


def in_force(world: cast.World, day: date, known: Any = LATER + timedelta(days=1)) -> str:
    method = standard_in_force(world.city, day, known)
    assert method is not None
    return method.pack.code


def test_a_second_hospital_standard_is_refused_and_nothing_is_loaded(loaded: cast.World, library: Library) -> None:
    """It once became the city's standard in silence, for all earlier days too."""
    before = PackVersion.objects.count()
    with pytest.raises(LedgerError, match="own-hospital asks whom mci-hospital asks") as refusal:
        changes.load_packs(city=loaded.city, library=two_standards(library), by=None, now=LATER)
    assert refusal.value.code == "standard-second"
    assert PackVersion.objects.count() == before
    assert in_force(loaded, LATER.date()) == "mci-hospital"


def test_a_city_that_names_another_standard_uses_it_from_the_day_of_loading(
    loaded: cast.World, library: Library
) -> None:
    chosen = two_standards(library, ("own-hospital", "mci-city"))
    changes.load_packs(city=loaded.city, library=chosen, by=None, now=LATER)
    assert in_force(loaded, LATER.date()) == "own-hospital"
    assert in_force(loaded, LATER.date() - timedelta(days=1)) == "mci-hospital", "past maps stay"
    assert in_force(loaded, cast.TODAY) == "mci-hospital"
    assert changes.load_packs(city=loaded.city, library=chosen, by=None, now=LATER + timedelta(days=1)) == []
    with pytest.raises(LedgerError, match="mci-hospital asks whom own-hospital asks"):
        changes.load_packs(city=loaded.city, library=changed(library), by=None, now=LATER + timedelta(days=2))


def changed(library: Library) -> Library:
    """A new release of the first standard, while the city says nothing of which it uses."""
    first = library.standards["mci-hospital"].model_copy(update={"hash": "1" * 64})
    return replace(library, standards={**library.standards, "mci-hospital": first}, overlays={})


def test_a_standard_for_some_hospitals_only_does_not_take_the_place_of_one_for_all(
    loaded: cast.World, library: Library
) -> None:
    some = two_standards(library, ("own-hospital", "mci-city"), asks=("small",))
    with pytest.raises(LedgerError, match="own-hospital asks fewer than mci-hospital"):
        changes.load_packs(city=loaded.city, library=some, by=None, now=LATER)


def test_at_the_start_the_city_keeps_its_standard_and_the_sentence_is_said(
    loaded: cast.World, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setattr(loading, "_packs", lambda: two_standards(library))
    said: list[str] = []
    loading.load_packs(say=said.append)
    assert [sentence for sentence in said if loaded.city.pk in sentence] == [
        "own-hospital asks whom mci-hospital asks, and yangzhou can use one of them. Name it under standards: in the city's "
        "pack. Until then yangzhou keeps the release that it has."
    ]
    assert in_force(loaded, date.max) == "mci-hospital"
