"""The sheet of a hospital's capacities: what is read, what reaches the engine, what is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beiji.packs.simulation import find_city, find_library, load_city
from beiji.plans.capacity.engine import FULL_MIN, Origin, as_planned, planned
from beiji.plans.capacity.grid import (
    CORE,
    PLACES,
    Cell,
    Column,
    Known,
    Misfit,
    PasteError,
    Place,
    block_of,
    limits_of,
    value_of,
)
from beiji.plans.capacity.questions import Ask, questions
from beiji.ui.numbers import NumberError


def cells(*typed: tuple[str, str, int]):
    return {Place(key, Column(column)): Cell(value, Known.COUNTED) for key, column, value in typed}


@pytest.fixture(scope="module")
def city():
    return load_city(find_city(find_library(), "yangzhou"))


@st.composite
def grids(draw):
    chosen = draw(st.sets(st.sampled_from(PLACES)))
    return {
        place: Cell(draw(st.integers(0, int(limits_of(place.key).high))), draw(st.sampled_from(Known)))
        for place in sorted(chosen)
    }


def test_thirty_six_cells_are_asked():
    assert len(CORE) == 36


@given(grids(), st.sampled_from(["ginkgo", "reedflower", "planetree", ""]))
def test_every_number_reaches_the_engine_or_is_named_as_unused(city, grid, code):
    hospital = city.hospital(code) if code else None
    plan = planned(grid, hospital.day, hospital.night) if hospital else planned(grid, {}, {})
    for place, cell in grid.items():
        minute = FULL_MIN if place.column == Column.FULL else 0
        tables = {Column.DAY: [plan.day], Column.NIGHT: [plan.night], Column.FULL: [plan.day, plan.night]}
        entries = [
            entry
            for table in tables.get(place.column, [])
            for entry in table.get(place.key, ())
            if entry.minute == minute
        ]
        assert bool(entries) != (place in plan.unused)
        assert {(entry.value, entry.origin) for entry in entries} <= {(cell.value, Origin.STATED)}
    empty = {place for place in CORE if place not in grid}
    assert empty == {*plan.listed, *plan.unknown}
    assert bool(plan.unknown) == (bool(empty) and hospital is None), "where the city has a list nothing stays unknown"
    for table in (*plan.day.values(), *plan.night.values()):
        assert [entry.minute for entry in table] == sorted({entry.minute for entry in table})
        assert table[0].minute == 0, "an engine without an entry at 0 would begin with none"


@given(grids(), st.sampled_from(["ginkgo", "reedflower"]))
def test_derived_entries_lie_between_and_within_what_the_register_allows(city, grid, code):
    changed, plan = as_planned(city.hospital(code), grid)
    for tables in (plan.day, plan.night):
        for key, table in tables.items():
            by_minute = {entry.minute: entry for entry in table}
            for entry in table:
                assert 0 <= entry.value <= limits_of(key).high
                if entry.origin == Origin.DERIVED and entry.minute < FULL_MIN:
                    ends = sorted((by_minute[0].value, by_minute[FULL_MIN].value))
                    assert ends[0] <= entry.value <= ends[1]
    assert set(changed.day) == set(city.hospital(code).day), "no key is lost or made up"


def test_an_empty_sheet_changes_nothing(city):
    for hospital in city.hospitals:
        changed, plan = as_planned(hospital, {})
        assert (changed.day, changed.night) == (hospital.day, hospital.night)
        assert len(plan.listed) == 36


def test_a_high_promise_is_not_made_higher_after_the_first_hour(city):
    """Ginkgo's list has 10 theatres at 60 min and 16 at 120; who promises 20 has 26 then, not 32."""
    _hospital, plan = as_planned(city.hospital("ginkgo"), cells(("theatres", "day", 4), ("theatres", "full", 20)))
    assert [(e.minute, e.value, str(e.origin)) for e in plan.day["theatres"]] == [
        (0, 4, "stated"), (30, 10, "derived"), (60, 20, "stated"), (120, 26, "derived"),
    ]  # fmt: skip


def test_what_is_typed_is_read_or_refused():
    place = Place("theatres", Column.NIGHT)
    assert [value_of(place, typed) for typed in ("１２", " 3 ", "", "0")] == [12, 3, None, 0]
    for typed in ("1,0O0", "-1", "2.5", "81", "x"):
        with pytest.raises(NumberError):
            value_of(place, typed)


def test_a_block_goes_in_from_its_first_cell_on():
    start = Place("resus_bays", Column.DAY)
    block = block_of("6\t4\t10\r\n３\t\t8\r\n", start)
    assert {(place.key, str(place.column)): typed for place, typed in block.items()} == {
        ("resus_bays", "day"): "6", ("resus_bays", "night"): "4", ("resus_bays", "full"): "10",
        ("resus_teams", "day"): "３", ("resus_teams", "full"): "8",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key", "misfit", "count"),
    [
        ("\n".join(["\t".join(["1"] * 10)] * 1000), "resus_bays", Misfit.TOO_MANY, 10_000),
        ("1\n2", "relief_teams", Misfit.OUTSIDE, 2),
        ("1\t2\t3\t4\t5", "theatres", Misfit.OUTSIDE, 5),
        ("\t\n", "theatres", Misfit.NOTHING, 0),
    ],
)
def test_a_block_that_does_not_fit_is_refused_whole(text, key, misfit, count):
    with pytest.raises(PasteError) as refused:
        block_of(text, Place(key, Column.DAY))
    assert (refused.value.misfit, refused.value.cells) == (misfit, count)


def test_questions_of_a_sheet_that_does_not_fit_together():
    grid = cells(
        ("theatres", "night", 4), ("anaesthetists", "night", 2), ("scrub_nurses", "night", 8), ("surgeons", "night", 4),
        ("icu_beds", "day", 3), ("icu_beds", "night", 5), ("ventilators", "night", 5), ("blood_units", "day", 40),
        ("blood_units", "full", 30), ("resus_bays", "full", 4), ("urgent_places", "full", 60), ("resus_teams", "full", 4),
    )  # fmt: skip
    asked = {
        (q.ask, q.place.key, q.against)
        for q in questions(grid, beds=450, listed={Place("urgent_places", Column.FULL): 20})
    }
    assert asked == {
        (Ask.PEOPLE, "theatres", 2), (Ask.NIGHT, "icu_beds", 3), (Ask.FALLS, "blood_units", 40),
        (Ask.DE_BOER, "urgent_places", 4.5), (Ask.TWICE, "urgent_places", 20),
    }  # fmt: skip


@given(grids())
def test_a_question_speaks_of_what_is_filled_only(grid):
    assert {question.place for question in questions(grid, beds=450)} <= set(grid)
