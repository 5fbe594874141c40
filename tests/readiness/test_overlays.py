"""A city reads the standard through its overlay: its numbers judge, its exclusions are not asked, its own items are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from beiji.packs.library import Library, PlacedOverlay
from beiji.packs.schemas.cities import Overlay
from beiji.readiness import changes, queries
from beiji.readiness.methodology import questions_of_pack, standard_in_force
from beiji.readiness.models import Capability, Indicator, PackVersion, TargetStep
from beiji.readiness.rules.rows import Condition, State
from beiji.site import loading
from tests import cast

from .conftest import timed

LATER = cast.NOW + timedelta(days=30)
REASON = {"en": "No airfield.", "zh-Hans": "本市没有机场。", "he": "אין שדה תעופה."}


def with_overlay(library: Library, **overlay: Any) -> Library:
    """The packs with what the small city changes in the hospital standard."""
    own = Overlay.model_validate({"base": library.standards["mci-hospital"].version, **overlay})
    source = next(source for header, source in library.headers if header.id == "yangzhou")
    return replace(library, overlays={"yangzhou": {"mci-hospital": PlacedOverlay(own, source, ())}})


def asked(world: cast.World) -> dict[str, Any]:
    method = standard_in_force(world.city, date.max, LATER + timedelta(days=1))
    assert method is not None
    return {q.code: q for q in method.questions_for(world.subjects["egret"])}


def test_a_citys_own_number_judges_from_the_day_it_is_loaded_and_past_maps_stay(
    loaded: cast.World, library: Library, record: Callable
) -> None:
    day = date(2026, 10, 1)
    record(timed("egret", 14, day, Condition.DAY), timed("egret", 14, day, Condition.NIGHT))

    def state(on: date, known: Any) -> State:
        egret = loaded.subjects["egret"]
        found = queries.picture(city=loaded.city, subjects=[egret], now=LATER, day=on, known_at=known)
        return found.standing("egret", "ed-clear-time").state

    assert state(cast.TODAY, cast.NOW) is State.MET
    changes.load_packs(city=loaded.city, library=with_overlay(library, ed_clear_min={"large": 10}), by=None, now=LATER)
    assert state(LATER.date(), LATER + timedelta(days=1)) is State.BELOW
    assert state(cast.TODAY, LATER + timedelta(days=1)) is State.MET, "the past keeps the number of its day"
    step = TargetStep.objects.filter(edition__capability__code="ed-clear-time", size="large").last()
    assert step.values == {"": "10"}
    texts = Indicator.objects.filter(code="TRI-6").last().texts_for("large")
    assert "10 min or less" in texts["proven_by"]["en"], "what is printed is what judges"
    changes.load_packs(city=loaded.city, library=library, by=None, now=LATER + timedelta(days=1))
    step = TargetStep.objects.filter(edition__capability__code="ed-clear-time", size="large").last()
    assert step.values == {"": "15"}, "an overlay that is taken away leaves the standard's number"


def test_what_is_left_out_is_not_asked_and_what_is_added_is_and_a_running_visit_sees_neither(
    loaded: cast.World, library: Library
) -> None:
    before = PackVersion.objects.filter(kind="standard").last()
    frozen = questions_of_pack(loaded.city, before.digest, loaded.subjects["egret"], cast.TODAY)
    item = library.standards["mci-hospital"].indicator("SUR-8").model_copy(update={"id": "yangzhou-SUR-1"})
    own = with_overlay(library, exclude=[{"id": "SUR-11", "because": REASON}], add={"SUR": [item]})
    changes.load_packs(city=loaded.city, library=own, by=None, now=LATER)
    codes = asked(loaded)
    assert "SUR-11" not in codes
    assert codes["yangzhou-SUR-1"].capability == "discharge-lounge"
    again = questions_of_pack(loaded.city, before.digest, loaded.subjects["egret"], cast.TODAY)
    assert [q.code for q in again] == [q.code for q in frozen]
    assert "SUR-11" in {q.code for q in again}


def test_raising_the_base_alone_changes_nothing_in_the_city(loaded: cast.World, library: Library) -> None:
    changes.load_packs(city=loaded.city, library=with_overlay(library, ed_clear_min={"large": 10}), by=None, now=LATER)
    count = PackVersion.objects.count()
    other = with_overlay(library, base="1.1.0", ed_clear_min={"large": 10})
    assert changes.load_packs(city=loaded.city, library=other, by=None, now=LATER) == []
    assert PackVersion.objects.count() == count


def test_a_file_of_the_city_adapts_it_and_one_that_does_not_fit_keeps_the_old_release(
    loaded: cast.World, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setattr(loading, "_packs", lambda: replace(library, overlays={}))
    (tmp_path / "overlays").mkdir()
    path = tmp_path / "overlays" / "yangzhou.yaml"
    version = library.standards["mci-hospital"].version
    path.write_text(f"mci-hospital:\n  base: {version}\n  report_hours: 1\n", encoding="utf-8")
    said: list[str] = []
    loading.load_packs(say=said.append)
    assert said == []
    newest = PackVersion.objects.filter(kind="standard").last()
    path.write_text(
        f"mci-hospital:\n  base: {version}\n  report_hours: 3\n  exclude:\n    - id: TRI-6\n      because:\n"
        "        en: No.\n        zh-Hans: 否。\n        he: לא.\n",
        encoding="utf-8",
    )
    loading.load_packs(say=said.append)
    (sentence,) = said
    assert sentence == (
        "mci-hospital of yangzhou: TRI-6 must be passed by everybody; a city cannot leave it out. Take the exclusion away. "
        "Until then yangzhou keeps the release that it has."
    )
    assert PackVersion.objects.filter(kind="standard").last() == newest
    path.write_text("mci-hospital:\n  base 1\n", encoding="utf-8")
    assert loading.fitting_standards(loading.library_of("yangzhou"), "yangzhou")[0] == []
    assert Capability.objects.filter(code="ed-clear-time").count() == 1
