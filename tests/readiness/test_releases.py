"""A city that was installed with an old release loads the newest one: nothing that was decided or scored moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from beiji.packs.frozen import released, thaw
from beiji.packs.library import Library, packs_root
from beiji.packs.schemas.capabilities import CapabilityPack
from beiji.readiness import changes, queries
from beiji.readiness.models import Capability, Edition, Indicator, PackVersion, TargetStep, ValidityStep
from beiji.readiness.rules.rows import Condition
from tests import cast

from .conftest import timed

LATER = cast.NOW + timedelta(days=30)
D = date(2026, 10, 1)


def first_release() -> Library:
    """The packs as they were released first, each read back from its frozen file."""
    root = packs_root()
    library = Library(root)
    core = thaw(released(root, "core-capabilities")[0])
    assert isinstance(core, CapabilityPack)
    library.capability_packs[core.id] = core
    library.capabilities = dict(core.capabilities)
    library.standards["mci-hospital"] = thaw(released(root, "mci-hospital")[0])  # type: ignore[assignment]
    return library


@pytest.fixture
def upgraded(yangzhou: cast.World, library: Library) -> Callable[[], list[PackVersion]]:
    """The small city with the first release; call it to load the present one a month later."""
    changes.load_packs(city=yangzhou.city, library=first_release(), by=None, now=cast.NOW)
    return lambda: changes.load_packs(city=yangzhou.city, library=library, by=None, now=LATER)


def steps() -> dict[str, object]:
    """Every dated fact of the methodology that the first release brought; capabilities that came later are others."""
    old = {"capability__code__in": list(first_release().capabilities), "from_day__isnull": True}
    of_old = {f"edition__{name}": value for name, value in old.items()} | {"from_day__isnull": True}
    return {
        "editions": list(
            Edition.objects.filter(**old).order_by("id").values_list(
                "id", "number", "from_day", "recorded_at", "kind", "min_sample", "prove_in", "zero_at", "percentile"
            )
        ),
        "targets": list(TargetStep.objects.filter(**of_old).order_by("id").values_list("id", "values")),
        "validities": list(ValidityStep.objects.filter(**of_old).order_by("id").values_list("id", "days")),
        "asked": list(
            Indicator.objects.filter(domain__pack__from_day__isnull=True).order_by("id").values_list(
                "id", "code", "edition", "crit", "titles", "texts"
            )
        ),
    }  # fmt: skip


def drawn(world: cast.World, now: datetime) -> dict[str, object]:
    """What the map showed of one hospital on the cast's day, as known at its present moment."""
    subject = world.subjects["egret"]
    found = queries.picture(city=world.city, subjects=[subject], now=now, day=cast.TODAY, known_at=cast.NOW)
    return {
        "standing": found.standing("egret", "ed-clear-time"),
        "roll-ups": found.roll_ups,
        "pillars": found.pillars,
        "4S": found.fours,
        "questions": [(q.code, dict(q.titles)) for q in found.questions["egret"]],
        "pack": str(found.method.pack if found.method else None),
    }


def test_the_newest_release_loads_over_the_first_and_moves_nothing_that_was(
    upgraded: Callable, yangzhou: cast.World
) -> None:
    drafts = [timed("egret", 12, D, Condition.DAY), timed("egret", 12, D, Condition.NIGHT)]
    changes.record_batch(city=yangzhou.city, by=None, office="integrator", now=cast.NOW, drafts=drafts)
    kept, before = steps(), drawn(yangzhou, cast.NOW)
    assert before["pack"] == "mci-hospital@1.0.0"
    upgraded()
    assert steps() == kept
    assert drawn(yangzhou, LATER) == before


def test_loading_the_newest_release_twice_adds_nothing(upgraded: Callable) -> None:
    upgraded()
    kept = (PackVersion.objects.count(), Edition.objects.count(), TargetStep.objects.count(), Indicator.objects.count())
    assert upgraded() == []
    now = (PackVersion.objects.count(), Edition.objects.count(), TargetStep.objects.count(), Indicator.objects.count())
    assert now == kept


def test_words_of_an_edition_follow_the_newest_release_and_its_bar_does_not(
    upgraded: Callable, yangzhou: cast.World, library: Library
) -> None:
    first = first_release()
    core = first.capability_packs["core-capabilities"]
    capability = core.capabilities["ed-clear-time"]
    other = capability.model_copy(update={"title": capability.title.map(lambda words: words + " *"), "min_sample": 7})
    first.capability_packs[core.id] = core.model_copy(
        update={"capabilities": {"ed-clear-time": other}, "hash": "another"}
    )
    changes.load_packs(city=yangzhou.city, library=first, by=None, now=LATER, standards=[])
    edition = Edition.objects.get(capability__code="ed-clear-time")
    assert edition.titles["en"].endswith(" *")
    assert Capability.objects.get(code="ed-clear-time").titles["en"].endswith(" *")
    assert edition.min_sample == 1


def test_failure_titles_come_with_the_release_that_has_them(upgraded: Callable) -> None:
    upgraded()
    old, new = Indicator.objects.filter(code="TRI-6").order_by("id")
    assert "failure" not in old.texts
    assert new.texts_for("county")["failure"]["zh-Hans"] == "急诊科未能在{target}分钟内腾空"
