"""The demo city hospital by hospital: its timetable follows the rule that its head names, and its default sends casualties as an ambulance centre does."""

import math

import pytest

from beiji.packs import simulation
from beiji.packs.library import packs_root, scan
from beiji.science.run import simulate

MINUTES = (0, 30, 60, 120)
#: By class: beds of the row, share of it, and the row at 0, 30, 60, 120 min by day (the illustrative fill of a plan's capacity table); blood counts group O, a quarter.
ROWS = {
    "large": (2500, {"resus_teams": (3, 6, 9, 12), "theatres": (4, 8, 14, 22), "surgeons": (14, 26, 48, 70), "anaesthetists": (8, 12, 20, 30), "nurses": (30, 60, 110, 160),
                     "ventilators": (12, 18, 26, 34), "ct_scanners": (2, 3, 5, 5), "ward_beds": (120, 150, 180, 220)}),
    "tertiary": (1000, {"resus_teams": (2, 4, 5, 7), "theatres": (2, 3, 6, 9), "surgeons": (5, 9, 18, 26), "anaesthetists": (3, 5, 8, 12), "ventilators": (5, 8, 11, 14),
                        "ct_scanners": (1, 2, 2, 2), "ward_beds": (80, 95, 110, 130)}),
    "county": (450, {"resus_teams": (1, 2, 3, 4), "theatres": (1, 2, 3, 4), "surgeons": (3, 5, 9, 13), "anaesthetists": (1, 2, 4, 6), "ventilators": (2, 3, 5, 6),
                     "ct_scanners": (1, 1, 1, 1), "ward_beds": (60, 70, 80, 90)}),
}
SPECIAL = {"bluebridge", "stillwater"}          # infectious diseases, mental health: no trauma


@pytest.fixture(scope="module")
def pack():
    return scan(packs_root()).cities["yangzhou"]


def test_every_timetable_says_that_it_is_an_assumption(pack):
    assert {h.capacity.src for h in pack.hospitals.values()} == {"assumption/class-averages"}
    assert pack.header.capacity.src == "assumption/class-averages"


def test_every_hospital_follows_the_row_of_its_class(pack):
    """Within a quarter of the row scaled by beds, and one unit: rounding, and what is told apart (children's beds and their ventilators)."""
    found = []
    for h in pack.hospitals.values():
        if h.hospital_class not in ROWS or h.id in SPECIAL:
            continue
        beds, rows = ROWS[h.hospital_class]
        for key, row in rows.items():
            for minute, of_class in zip(MINUTES, row, strict=True):
                value = float(h.capacity.value(f"hospital.{key}", night=False, minute=minute))
                wanted = of_class * (h.beds / beds if h.hospital_class == "large" or key in ("surgeons", "nurses", "ward_beds") else 1.0)
                if not abs(value - wanted) <= max(1.01, 0.25 * wanted):
                    found.append((h.id, key, minute, value, round(wanted, 1)))
    assert found == []


def test_night_has_no_more_people_than_day(pack):
    for h in pack.hospitals.values():
        for key in ("resus_teams", "theatres", "surgeons", "anaesthetists", "nurses", "physicians", "paediatric_teams", "ct_reporters"):
            for minute in MINUTES:
                day, night = (float(h.capacity.value(f"hospital.{key}", night=n, minute=minute)) for n in (False, True))
                assert night <= day, (h.id, key, minute)


def test_nurses_and_physicians_keep_their_ratio(pack):
    for h in pack.hospitals.values():
        for night in (False, True):
            for minute in MINUTES:
                nurses, physicians = (float(h.capacity.value(f"hospital.{k}", night=night, minute=minute)) for k in ("nurses", "physicians"))
                assert physicians == pytest.approx(nurses / 4, abs=max(1.0, 0.15 * nurses)), (h.id, minute)


@pytest.mark.parametrize("policy", [None, "nearest"])
def test_the_default_spares_the_county_hospital_beside_the_motorway(policy):
    """Nearest sends all of the fog's sixty to one hospital of 480 beds; the ambulance centre's default sends a third of the reds there, and nearest stays a choice."""
    library = simulation.find_library()
    town = simulation.load_city(simulation.find_city(library, "yangzhou"))
    fog = simulation.load_scenario(simulation.find_scenario(library, "g2-fog-pileup"))
    rows = {r["hospital"]: r for r in simulate(town, fog, replications=60, threads=1, unlimited=False, policy=policy).hospitals}
    most = rows["orchid"]
    reds = math.fsum(r["arrived_red"] for r in rows.values())
    if policy == "nearest":
        assert most["arrived"] > 55
    else:
        assert most["arrived"] < 40
        assert most["arrived_red"] < 0.45 * reds
        assert sum(r["arrived_red"] >= 1 for r in rows.values()) >= 4
