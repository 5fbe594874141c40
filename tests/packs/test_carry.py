"""Carrying on reading: what a later release makes of old levels and numbers, for every kind of change."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beiji.packs.carry import STAYS, Carried, Fate, carried, hints_for, merged_hint, unit_factor
from beiji.packs.effects import EFFECTS
from beiji.packs.schemas.declared import Change, Release

KINDS = sorted(EFFECTS)


def release(version: str, *changes: dict) -> Release:
    return Release(version=version, changes=tuple(Change.model_validate(change) for change in changes))


def of(kind: str, item: str = "TRI-7", **more: object) -> dict:
    return {"item": item, "change": kind, **more}


@pytest.mark.parametrize(
    ("change", "fate", "items", "level"),
    [
        (of("reworded"), Fate.STANDS, ("TRI-7",), 2),
        (of("lowered"), Fate.MAY_BE_HIGHER, ("TRI-7",), 2),
        (of("raised"), Fate.TO_CONFIRM, ("TRI-7",), 2),
        (of("raised", from_level=3), Fate.STANDS, ("TRI-7",), 2),
        (of("moved"), Fate.STANDS, ("TRI-7",), 2),
        (of("unit", factor=60), Fate.STANDS, ("TRI-7",), 2),
        (of("split", into=["TRI-11", "TRI-12"]), Fate.HINT, ("TRI-11", "TRI-12"), 2),
        (of("merged", into=["FAM-8"]), Fate.HINT, ("FAM-8",), 2),
        (of("retired"), Fate.GONE, ("TRI-7",), 2),
        (of("scale", levels={0: 0, 1: 1, 2: 3}), Fate.HINT, ("TRI-7",), 3),
        (of("scale", levels={0: 0, 1: 1}), Fate.HINT, ("TRI-7",), None),
        (of("raised", item="TRI-8"), Fate.STANDS, ("TRI-7",), 2),
    ],
)
def test_each_kind_of_change(change: dict, fate: Fate, items: tuple[str, ...], level: int | None) -> None:
    found = carried("TRI-7", 2, [release("1.1.0", change)], "1.0.0")
    assert (found.fate, found.items, found.level) == (fate, items, level)
    assert carried("TRI-7", 2, [release("1.1.0", change)], "1.1.0") == Carried(("TRI-7",), 2), (
        "what came before is done"
    )


def test_a_split_of_a_split_leads_to_all_its_parts_and_never_counts_again() -> None:
    releases = [
        release("2.0.0", of("split", into=["TRI-11", "TRI-12"])),
        release("3.0.0", of("split", item="TRI-12", into=["TRI-13", "TRI-14"]), of("lowered", item="TRI-11")),
    ]
    found = carried("TRI-7", 3, releases, "1.4.0")
    assert found.items == ("TRI-11", "TRI-13", "TRI-14")
    assert (found.fate, found.version, found.counts) == (Fate.HINT, "2.0.0", False)
    assert list(hints_for("TRI-13", releases)) == [("TRI-12", "3.0.0")]


def test_a_merger_hints_at_the_lowest_level_and_at_none_where_one_is_unknown() -> None:
    assert merged_hint({"CLN-10": 2, "FAM-4": 1}) == 1
    assert merged_hint({"CLN-10": 2, "FAM-4": None}) is None
    changes = release("2.0.0", of("merged", item="FAM-8", of=["CLN-10", "FAM-4"]))
    assert list(hints_for("FAM-8", [changes])) == [("CLN-10", "2.0.0"), ("FAM-4", "2.0.0")]


def test_numbers_are_multiplied_by_every_factor_on_the_way() -> None:
    releases = [release("1.10.0", of("unit", factor=Fraction(1, 60))), release("1.9.0", of("unit", factor=60))]
    assert unit_factor("TRI-7", "1.2.0", releases) == 1
    assert unit_factor("TRI-7", "1.9.0", releases) == Fraction(1, 60)
    assert unit_factor("TRI-7", "1.10.0", releases) is None


changes = st.builds(
    lambda kind, item, into, levels: (
        of(kind, item, into=into, levels=levels) if kind == "scale" else of(kind, item, into=into)
    ),
    st.sampled_from(KINDS),
    st.sampled_from(["A-1", "A-2", "A-3"]),
    st.lists(st.sampled_from(["A-1", "A-2", "A-3", "A-4"]), max_size=2),
    st.dictionaries(st.integers(0, 3), st.integers(0, 3)),
)
histories = st.lists(st.lists(changes, max_size=3), max_size=4).map(
    lambda all_of: [release(f"{1 + at}.0.0", *own) for at, own in enumerate(all_of)]
)


@given(histories, st.integers(0, 3), st.sampled_from(["A-1", "A-2", "A-3"]))
def test_nothing_that_was_split_merged_rescaled_or_retired_ever_counts_and_no_level_gets_better(
    releases: list[Release], level: int, item: str
) -> None:
    found = carried(item, level, releases, "0.9.0")
    touching = {c.change for r in releases for c in r.changes if c.item == item}
    if touching & {"split", "merged", "scale", "retired"}:
        assert not found.counts
    if not any(c.change not in STAYS for r in releases for c in r.changes):
        assert found == Carried((item,), level)
    if found.counts:
        assert (found.items, found.level) == ((item,), level)
    assert carried(item, None, releases, "0.9.0").level is None, "what was not assessed is not assessed"
    half = len(releases) // 2
    after = releases[:half]
    early = carried(item, level, after, "0.9.0")
    assert early.counts or not found.counts, "a later release gives nothing back"
