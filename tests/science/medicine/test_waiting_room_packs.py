"""A waiting room told by a city pack: checked, loaded, run, and never made larger by what nobody has proven."""

import shutil

import pytest

from beiji.packs import simulation, simulation_basis
from beiji.packs.checker import check
from beiji.science.run import simulate


@pytest.fixture(scope="module")
def library():
    return simulation.find_library()


def with_rooms(library, folder, seats):
    """The demo city's pack with so many seats at every hospital."""
    shutil.copytree(library.root, folder)
    place = folder / "cities" / "yangzhou" / "hospitals.yaml"
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("      hospital.minor_places:", f"      hospital.waiting_room: {seats}\n      hospital.minor_places:"), encoding="utf-8")
    return folder


def test_a_room_of_a_pack_sends_on_who_comes_on_foot_and_holds_ambulances(library, tmp_path):
    packs = with_rooms(library, tmp_path / "packs", 2)
    assert [p for p in check([packs]) if "waiting_room" in p.sentence] == []
    city = simulation.load_city(simulation.find_city(simulation.find_library(packs), "yangzhou"))
    assert {h.day["hospital.waiting_room"] for h in city.hospitals} == {2}
    crush = simulation.load_scenario(simulation.find_scenario(library, "crowd-crush"))
    results = simulate(city, crush, replications=30, threads=1, unlimited=False)
    assert results.measure("turned_away").mean() > 0.5
    assert results.measure("held_vehicles").mean() > 0.5
    free = simulate(simulation.load_city(simulation.find_city(library, "yangzhou")), crush, replications=5, threads=1, unlimited=False)
    assert free.measure("turned_away").max() == 0.0, "the demo city gives no rooms, and nothing limits there"


def test_a_room_of_no_seats_is_refused_and_a_missing_one_is_not(library, tmp_path):
    packs = with_rooms(library, tmp_path / "packs", 0)
    said = [p.sentence for p in check([packs])]
    assert any("hospital.waiting_room" in s and "1 to" in s for s in said), said[:3]
    assert not [p for p in check([library.root]) if "waiting_room" in p.sentence]


def test_what_nobody_has_proven_does_not_take_the_limit_away(library, tmp_path):
    """The register's 0 means no limit; as the worse of two numbers it would have made a small room endless."""
    packs = with_rooms(library, tmp_path / "packs", 6)
    city = simulation.load_city(simulation.find_city(simulation.find_library(packs), "yangzhou"))
    based = simulation_basis.on_basis(city, "proven", standings=simulation_basis.check_standings({}, city))
    assert {h.day["hospital.waiting_room"] for h in based.city.hospitals} == {6}
