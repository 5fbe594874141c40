"""The register refuses what has no source or lies outside its own range, names everything packs may feed, and is the only home of numbers."""

import csv
import math
from pathlib import Path

import pytest

from beiji.science.parameters import COLUMNS, ParameterError, data_rows, load_register, read_register, register

HEAD = ",".join(COLUMNS)
GOOD = "x.mean_min,5,min,1,9,assumption,assumption: made up,stage x"
SCIENCE = Path(__file__).parents[3] / "src" / "beiji" / "science"


def fault(*lines):
    with pytest.raises(ParameterError) as caught:
        read_register("\n".join([HEAD, *lines]), place="study.csv")
    return caught.value.faults


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("x.mean_min,5,min,1,9,assumption,,stage x", "study.csv:2: x.mean_min has no source"),
        ("x.mean_min,50,min,1,9,seen,a paper,stage x", "outside its own range 1 to 9"),
        ("x.mean_min,nan,min,1,9,seen,a paper,stage x", "outside its own range"),
        ("x.mean_min,five,min,1,9,seen,a paper,stage x", "must be numbers"),
        (
            "x.mean_min,5,min,1,9,guess,a paper,stage x",
            'kind "guess" of x.mean_min must be one of seen, derived, assumption',
        ),
        ("x.mean_min,5,,1,9,seen,a paper,stage x", "has no unit"),
        ("x.mean_min,5,min,1,9,seen,a paper, with a comma,stage x", "exactly 8 cells"),
    ],
)
def test_a_faulty_row_is_refused(line, words):
    assert any(words in text for text in fault(line))


def test_all_faults_come_at_once_and_repeats_are_seen():
    assert len(fault("a,5,min,1,9,seen,,s", "b,50,min,1,9,seen,x,s", GOOD, GOOD)) == 3


def test_wrong_columns_are_refused():
    with pytest.raises(ParameterError, match="the columns must be name, value"):
        read_register("name,value\nx,1", place="study.csv")


def test_values_can_be_changed_within_their_range_only():
    small = read_register(f"{HEAD}\n{GOOD}", place="study.csv")
    assert small.with_values({"x.mean_min": 7})["x.mean_min"] == 7
    assert small.with_values({"x.mean_min": 7}).changed == ("x.mean_min",)
    assert small.with_values({"x.mean_min": 7}).digest != small.digest
    with pytest.raises(ParameterError) as caught:
        small.with_values({"x.mean_min": 70, "x.mean_mn": 5})
    assert len(caught.value.faults) == 2
    assert "Did you mean x.mean_min?" in str(caught.value)
    with pytest.raises(ParameterError):
        small.with_values({"x.mean_min": math.nan})
    with pytest.raises(ParameterError, match=r"Did you mean x\.mean_min"):
        small["x.mean_minutes"]


def test_a_study_may_keep_its_own_file(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(f"{HEAD}\n{GOOD}\n", encoding="utf-8")
    assert load_register(file)["x.mean_min"] == 5
    assert load_register() is register()


ENGINE_KEYS = [
    "hospital.declare_min",
    "hospital.door_triage_teams",
    "hospital.door_triage_undertriage",
    "hospital.door_triage_overtriage",
    "hospital.ed_occupied_share",
    "hospital.ed_clear_min",
    "hospital.resus_bays",
    "hospital.resus_teams",
    "hospital.urgent_places",
    "hospital.minor_places",
    "hospital.xray_rooms",
    "hospital.ct_scanners",
    "hospital.ct_report_min",
    "hospital.ct_reporters",
    "hospital.theatres",
    "hospital.surgeons",
    "hospital.anaesthetists",
    "hospital.scrub_nurses",
    "hospital.icu_beds",
    "hospital.burn_beds",
    "hospital.paediatric_icu_beds",
    "hospital.paediatric_teams",
    "hospital.ventilators",
    "hospital.ward_beds",
    "hospital.reverse_triage_share",
    "hospital.callin_wave1_share",
    "hospital.callin_wave2_min",
    "hospital.blood_units",
    "hospital.blood_delivery_min",
    "hospital.oxygen_places",
    "hospital.decon_lanes",
    "hospital.decon_min",
    "hospital.transfer_teams",
    "hospital.power_min",
    "city.first_crew_min",
    "city.ambulances",
    "city.load_min",
    "city.distribution_policy",
    "city.scene_undertriage",
    "city.scene_overtriage",
    "city.blood_stock",
    "city.neighbour_min",
]


def test_every_engine_key_that_packs_may_feed_is_in_the_register():
    assert [key for key in ENGINE_KEYS if key not in register()] == []


def test_an_assumption_says_so_and_a_seen_value_does_not():
    for row in register().rows.values():
        assert (row.kind == "assumption") <= ("assumption" in row.source or "recalled" in row.source), row.name
        assert not (row.kind == "seen" and row.source.startswith("assumption")), row.name


@pytest.mark.parametrize(
    "table", sorted(p.name for p in (SCIENCE / "data").glob("*.csv") if p.name != "parameters.csv")
)
def test_every_table_row_has_a_source(table):
    assert data_rows(table)


def test_every_register_name_that_the_code_reads_exists():
    import re

    names = set(register().names())
    prefixes = {name.split(".")[0] for name in names}
    for file in SCIENCE.glob("*.py"):
        for name in re.findall(r'"([a-z_0-9]+(?:\.[a-z_0-9]+)+)"', file.read_text(encoding="utf-8")):
            if name.split(".")[0] in prefixes and not name.endswith((".csv", ".yaml", ".json", ".html")):
                assert name in names, f"{file.name} reads {name}"


def test_no_parameter_is_given_twice_in_the_file():
    with (SCIENCE / "data" / "parameters.csv").open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert len(names) == len(set(names))


#: Numbers that are not medicine: powers and ends of codes and scores, hashing, sizes of arrays, grids, tolerances.
NOT_MEDICINE = {
    "triage.py": {
        1.5,
        6,
        15,
        18.0,
        30.0,
        85.0,
        97.0,
        120.0,
    },  # the default adult of findings(), whom nobody meets in a run
    "casualties.py": {0.05, 0.3, 0.35, 1e-6, 6, 8, 64, 100, 2000},
    "signs.py": {
        5,
        6,
        10,
        11,
        13,
        27,
        30,
        31,
        32,
        53,
        64,
        96,
        1e-9,
        0x9E3779B97F4A7C15,
        0xBF58476D1CE4E5B9,
        0x94D049BB133111EB,
    },
    "deterioration.py": {5, 12, 30, 361, 577, 700.0, 1e-9},
    "scores.py": {6, 11, 12, 15, 75},
}


@pytest.mark.parametrize("name", sorted(NOT_MEDICINE))
def test_no_medical_number_stands_in_the_code(name):
    """A new number in these files is either medicine, then it belongs into the register, or it is added above with its reason."""
    import ast

    small = {0, 1, 2, 3, 4, 0.5, -1}
    tree = ast.parse((SCIENCE / name).read_text(encoding="utf-8"))
    found = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, int | float)}
    assert found - small - NOT_MEDICINE[name] == set()


def test_a_sampled_register_stays_in_range_and_moves_no_other_row():
    full = register()
    drawn = [full.sampled(index) for index in range(40)]
    for name, row in full.rows.items():
        values = [one[name] for one in drawn]
        assert all(row.low <= value <= row.high for value in values), name
        moves = row.kind != "seen" and row.unit != "switch" and row.low < row.high and not name.startswith(("hospital.", "city."))
        assert (len(set(values)) > 1) == moves, name
    assert full.sampled(3).digest == full.sampled(3).digest != full.sampled(4).digest
    small = read_register(f"{HEAD}\n{GOOD}", place="study.csv")
    more = read_register(f"{HEAD}\n{GOOD}\n{GOOD.replace('x.', 'y.')}", place="study.csv")
    assert small.sampled(7)["x.mean_min"] == more.sampled(7)["x.mean_min"]


def test_a_run_accepts_a_sampled_register():
    from beiji.packs import simulation
    from beiji.science.run import simulate

    library = simulation.find_library()
    city = simulation.load_city(simulation.find_city(library, "yangzhou"))
    scenario = simulation.load_scenario(simulation.find_scenario(library, "crowd-crush"))
    for index in range(3):
        results = simulate(city, scenario, replications=10, threads=1, parameters=register().sampled(index))
        assert 60 < results.measure("survivors").mean() < 105
