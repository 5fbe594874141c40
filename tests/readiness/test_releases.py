"""A city that was installed with an old release loads the newest one: nothing that was decided or scored moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beiji.packs.frozen import released, thaw
from beiji.packs.library import Library, packs_root
from beiji.packs.schemas.capabilities import CapabilityPack
from beiji.packs.schemas.declared import Release
from beiji.readiness import changes, queries
from beiji.readiness.hints import hints_of
from beiji.readiness.methodology import standard_in_force
from beiji.readiness.models import Capability, Edition, Evidence, Indicator, PackVersion, TargetStep, ValidityStep
from beiji.readiness.rules.rows import Condition, LedgerError, State
from tests import cast

from .conftest import timed, two_standards

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
            Indicator.objects.filter(domain__pack__code="mci-hospital", domain__pack__from_day__isnull=True).order_by("id").values_list(
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


class Undo(Exception):
    """Roll back what was tried."""


def second(library: Library, steps: list[tuple[str, str, int]]) -> Library:
    """A synthetic release 2.0 of the hospital standard: items retired, split, moved, weighed anew, thresholds changed."""
    standard = library.standards["mci-hospital"]
    core = library.capability_packs["core-capabilities"]
    domains = {code: dict(domain.indicators) for code, domain in standard.domains.items()}
    capabilities, changes_of = dict(core.capabilities), []
    cutoffs, weights, asks = dict(standard.header.cutoffs), dict(standard.header.crit_weights), standard.header.asks
    for kind, code, number in steps:
        home = next((d for d, items in domains.items() if code in items), None)
        if home is None:
            continue
        item = domains[home][code]
        if kind == "retired":
            del domains[home][code]
        elif kind == "split":
            del domains[home][code]
            parts = [f"{home}-{900 + 2 * number + at}" for at in (0, 1)]
            for part in parts:
                own = capabilities[item.reads].model_copy(update={"id": f"of-{part.casefold()}"})
                capabilities[own.id] = own
                domains[home][part] = item.model_copy(update={"id": part, "reads": own.id})
            changes_of.append({"item": code, "change": "split", "into": parts})
            continue
        elif kind == "moved":
            domains[list(domains)[number]][code] = domains[home].pop(code)
        elif kind == "crit":
            domains[home][code] = item.model_copy(update={"crit": ("high", "normal")[number % 2], "must_pass_if": None})
        elif kind == "asks":
            asks = tuple(size for at, size in enumerate(standard.header.asks) if at != number % 4)
        else:
            cutoffs[3], weights["high"] = Fraction(81 + number, 100), 2 + number
        changes_of.append(
            {"item": code, "change": "weight" if kind in ("crit", "rules") else "applies" if kind == "asks" else kind}
        )
    rules = {"version": "2.0.0", "cutoffs": cutoffs, "crit_weights": weights, "asks": asks}
    header = standard.header.model_copy(update=rules)
    new = standard.model_copy(
        update={
            "header": header,
            "hash": f"second-{hash(str(steps))}",
            "releases": (*standard.releases, Release.model_validate({"version": "2.0.0", "changes": changes_of})),
            "domains": {
                d: domain.model_copy(update={"indicators": domains[d]}) for d, domain in standard.domains.items()
            },
        }
    )
    pack = core.model_copy(update={"capabilities": capabilities, "hash": f"second-{hash(str(steps))}"})
    return replace(
        library,
        standards={"mci-hospital": new},
        capability_packs={core.id: pack},
        capabilities=capabilities,
        overlays={},
    )


steps_of_a_release = st.lists(
    st.tuples(
        st.sampled_from(["retired", "split", "moved", "crit", "rules", "asks"]),
        st.sampled_from(["TRI-1", "TRI-6", "TRI-7", "CLN-4", "STF-1", "PLN-9"]),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda step: step[1],
)


def test_no_release_changes_a_frozen_score_and_a_split_never_counts(yangzhou: cast.World, library: Library) -> None:
    """Scored under 1.0, then under the present release, then under any second one: the first scores stay what they were."""
    drafts = [timed("egret", 12, D, Condition.DAY), timed("egret", 12, D, Condition.NIGHT)]
    changes.load_packs(city=yangzhou.city, library=first_release(), by=None, now=cast.NOW)
    changes.record_batch(city=yangzhou.city, by=None, office="integrator", now=cast.NOW, drafts=drafts)
    first = drawn(yangzhou, cast.NOW)
    changes.load_packs(city=yangzhou.city, library=library, by=None, now=LATER)
    between = LATER + timedelta(hours=1)

    def scored(known_at: datetime) -> dict[str, object]:
        egret = yangzhou.subjects["egret"]
        found = queries.picture(city=yangzhou.city, subjects=[egret], now=known_at, day=LATER.date(), known_at=known_at)
        return {"roll-ups": found.roll_ups, "pillars": found.pillars, "4S": found.fours, "pack": str(found.method.pack)}

    under = scored(between)
    assert under["pack"].startswith("mci-hospital@1.")

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(steps_of_a_release)
    def compare(steps: list[tuple[str, str, int]]) -> None:
        try:
            with transaction.atomic():
                now = between + timedelta(hours=1)
                changes.load_packs(city=yangzhou.city, library=second(library, steps), by=None, now=now)
                assert drawn(yangzhou, now) == first
                assert scored(between) == under
                picture = queries.picture(city=yangzhou.city, subjects=[yangzhou.subjects["egret"]], now=now)
                asked = {held.indicator: held for held in picture.held}
                for kind, code, _ in steps:
                    if kind in ("retired", "split"):
                        assert code not in asked
                for held in picture.held:
                    if held.capability.startswith("of-"):
                        assert held.state is State.UNKNOWN
                raise Undo
        except Undo:
            pass

    compare()


def test_the_level_of_a_split_item_is_a_hint_for_its_parts(yangzhou: cast.World, library: Library) -> None:
    changes.load_packs(city=yangzhou.city, library=library, by=None, now=cast.NOW)
    drafts = [timed("egret", 12, D, Condition.DAY), timed("egret", 12, D, Condition.NIGHT)]
    changes.record_batch(city=yangzhou.city, by=None, office="integrator", now=cast.NOW, drafts=drafts)
    changes.load_packs(city=yangzhou.city, library=second(library, [("split", "TRI-6", 1)]), by=None, now=LATER)
    method = standard_in_force(yangzhou.city, LATER.date(), LATER)
    hints = hints_of(method, yangzhou.subjects["egret"], ["TRI-902"], LATER.date(), LATER)
    assert hints == ["TRI-6, from which TRI-902 came in 2.0.0, stands at 3. That is a hint and does not count here."]
    assert hints_of(method, yangzhou.subjects["egret"], ["TRI-1"], LATER.date(), LATER) == []


def in_seconds(library: Library, declared: bool = True) -> Library:
    """A release in which clearing the emergency department is counted in seconds."""
    core = library.capability_packs["core-capabilities"]
    old = core.capabilities["ed-clear-time"]
    new = old.model_copy(
        update={
            "unit": "s", "edition": old.edition + 1, "raises": False, "zero_at": Fraction(3600),
            "target": {size: number * 60 for size, number in old.target.items()},
        }
    )  # fmt: skip
    change = {"item": "ed-clear-time", "change": "unit", "factor": 60}
    capabilities = {**core.capabilities, "ed-clear-time": new}
    own = Release.model_validate({"version": "9.0.0", "changes": [change] if declared else []})
    pack = core.model_copy(
        update={"capabilities": capabilities, "hash": "in-seconds", "releases": (*core.releases, own)}
    )
    return replace(library, capability_packs={core.id: pack}, capabilities=capabilities, standards={}, overlays={})


def test_numbers_of_a_changed_unit_are_converted_when_they_are_read(yangzhou: cast.World, library: Library) -> None:
    egret = yangzhou.subjects["egret"]
    changes.load_packs(city=yangzhou.city, library=library, by=None, now=cast.NOW)
    drafts = [timed("egret", 12, D, Condition.DAY), timed("egret", 31, D, Condition.NIGHT)]
    changes.record_batch(city=yangzhou.city, by=None, office="integrator", now=cast.NOW, drafts=drafts)

    def read(now: datetime) -> Any:
        ledger = queries.ledger_of(city=yangzhou.city, subject=egret, capability="ed-clear-time")
        edition = ledger.book.edition_on("ed-clear-time", now.date(), now)
        return ledger, edition.unit, sorted(row.value for row in ledger.rows), ledger.targets(now.date(), now)

    ledger, unit, values, targets = read(cast.NOW)
    before = ledger.standing(LATER.date(), LATER)
    assert (unit, values, targets) == ("min", [12, 31], {None: "15"})
    changes.load_packs(city=yangzhou.city, library=in_seconds(library), by=None, now=LATER)
    ledger, unit, values, targets = read(LATER)
    assert (unit, values, targets) == ("s", [720, 1860], {None: "900"})
    after = ledger.standing(LATER.date(), LATER)
    assert (after.state, after.digit, after.proof) == (before.state, before.digit, before.proof)
    late = [
        timed("egret", 600, D + timedelta(days=1), Condition.NIGHT),
        timed("egret", 660, LATER.date(), Condition.NIGHT),
    ]
    changes.record_batch(city=yangzhou.city, by=None, office="integrator", now=LATER, drafts=late)
    kept = Edition.objects.filter(capability__code="ed-clear-time").order_by("number")
    rows = set(Evidence.objects.filter(capability__code="ed-clear-time").values_list("edition__number", "value"))
    assert rows == {(kept[0].number, "12"), (kept[0].number, "31"), (kept[0].number, "10"), (kept[1].number, "660")}
    assert read(LATER)[0].standing(LATER.date(), LATER).state is State.MET


def test_a_unit_without_its_factor_is_refused_and_nothing_is_loaded(yangzhou: cast.World, library: Library) -> None:
    changes.load_packs(city=yangzhou.city, library=library, by=None, now=cast.NOW)
    count = PackVersion.objects.count()
    with pytest.raises(LedgerError, match="no release says by which factor"):
        changes.load_packs(city=yangzhou.city, library=in_seconds(library, declared=False), by=None, now=LATER)
    assert PackVersion.objects.count() == count


def test_a_new_city_has_one_hospital_standard_and_says_which(yangzhou: cast.World, library: Library) -> None:
    with pytest.raises(LedgerError, match="own-hospital asks whom mci-hospital asks"):
        changes.load_packs(city=yangzhou.city, library=two_standards(library), by=None, now=cast.NOW)
    chosen = two_standards(library, ("own-hospital", "mci-city"))
    changes.load_packs(city=yangzhou.city, library=chosen, by=None, now=cast.NOW)
    method = standard_in_force(yangzhou.city, date(2020, 1, 1), cast.NOW)
    assert method is not None
    assert method.pack.code == "own-hospital", "the first that a city has holds for all earlier days"
