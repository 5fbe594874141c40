"""Packs become the engine's dataclasses; every wrong word is named with its mend, all at once, before anything runs."""

import json
import shutil

import pytest

from beiji.packs import simulation, simulation_basis, simulation_overrides
from beiji.packs.checker import check
from beiji.packs.problems import PackError
from beiji.packs.simulation import SimulationError


@pytest.fixture(scope="module")
def library():
    return simulation.find_library()


@pytest.fixture(scope="module")
def pack(library):
    return simulation.find_city(library, "yangzhou")


@pytest.fixture(scope="module")
def city(pack):
    return simulation.load_city(pack)


def test_the_city_keeps_every_hospital_and_its_night(city, pack):
    assert [h.code for h in city.hospitals] == list(pack.hospitals)
    ginkgo = city.hospital("ginkgo")
    assert ginkgo.night["hospital.resus_teams"][0.0] <= ginkgo.day["hospital.resus_teams"][0.0]
    assert set(ginkgo.day) == set(ginkgo.night)
    assert city.night["city.distribution_policy"] == "spread", "what an ambulance centre does: nearest suitable, watching load"
    assert sum(base.weight for base in city.bases) == sum(d.population for d in pack.header.districts)


def test_small_and_special_hospitals_take_no_red(city):
    taken = {h.code: h.accepts for h in city.hospitals}
    assert "red" not in taken["azalea"] | taken["stillwater"] | taken["bluebridge"] | taken["pomegranate"]
    assert {"red", "yellow", "green"} == taken["ginkgo"]
    assert city.hospital("ginkgo").level > city.hospital("reedflower").level > city.hospital("orchid").level


def test_casualties_are_divided_whole_between_scenes(library):
    pack = simulation.find_scenario(library, "g2-fog-pileup")
    scenario = simulation.load_scenario(pack, changes={"casualties": 61})
    assert [scene.casualties for scene in scenario.scenes] == [40, 21]


def test_fog_slows_the_roads_and_the_park_contaminates(library):
    fog = simulation.load_scenario(simulation.find_scenario(library, "g2-fog-pileup"))
    park = simulation.load_scenario(simulation.find_scenario(library, "chemical-park-explosion"))
    assert fog.travel_factor > 1 == park.travel_factor
    assert all(scene.contaminated == 0.6 for scene in park.scenes)
    assert park.scenes[0].decon_lanes == {0.0: 0.0, 35.0: 2.0, 60.0: 4.0}
    assert dict(park.mechanism) == {"explosion": 0.45, "burn": 0.15, "chemical": 0.4}


def test_unknown_city_and_scenario_suggest_the_near_one(library):
    with pytest.raises(SimulationError, match=r'No city "yangzou" in the packs\. Did you mean yangzhou'):
        simulation.find_city(library, "yangzou")
    with pytest.raises(SimulationError, match="Did you mean g2-fog-pileup"):
        simulation.find_scenario(library, "g2-fog-pile")
    with pytest.raises(SimulationError, match=r"There is no file nowhere\.yaml"):
        simulation.find_scenario(library, "nowhere.yaml")


def test_a_file_of_ones_own_works_in_place_of_an_id(library, tmp_path):
    text = (library.root / "scenarios" / "crowd-crush.yaml").read_text(encoding="utf-8")
    own = tmp_path / "mine.yaml"
    own.write_text(text.replace("count: 110", "count: 40"), encoding="utf-8")
    assert simulation.load_scenario(simulation.find_scenario(library, str(own))).casualties() == 40
    own.write_text(text.replace("count: 110", "count: many"), encoding="utf-8")
    with pytest.raises(PackError, match=r"mine\.yaml:"):
        simulation.find_scenario(library, str(own))


def test_all_faults_of_a_scenario_come_at_once(library, tmp_path):
    text = (library.root / "scenarios" / "g2-fog-pileup.yaml").read_text(encoding="utf-8")
    own = tmp_path / "mine.yaml"
    own.write_text(text.replace("red: 0.20", "red: 0.30").replace("weather: fog", "weather: hail"), encoding="utf-8")
    with pytest.raises(SimulationError) as caught:
        simulation.load_scenario(simulation.find_scenario(library, str(own)))
    assert len(caught.value.faults) == 2
    assert "sums to 1.1" in str(caught.value)
    assert "There are: clear, fog." in str(caught.value)


def test_a_change_sets_one_minute_of_one_night(city):
    changes = simulation_overrides.parse(["ginkgo/hospital.resus_teams@30:night=6"])
    changed = simulation_overrides.apply(changes, city)
    before, after = city.hospital("ginkgo"), changed.hospital("ginkgo")
    assert after.night["hospital.resus_teams"] == before.night["hospital.resus_teams"] | {30.0: 6.0}
    assert after.day == before.day
    assert changed.hospital("egret") == city.hospital("egret")


def test_a_change_without_hospital_holds_for_all(city):
    changed = simulation_overrides.apply(simulation_overrides.parse(["hospital.ed_clear_min=15"]), city)
    assert {h.day["hospital.ed_clear_min"] for h in changed.hospitals} == {15.0}
    assert {h.night["hospital.ed_clear_min"] for h in changed.hospitals} == {15.0}


def test_fields_of_the_scenario_and_parameters_can_be_set():
    words = [
        "scenario.hour=02:00",
        "scenario.casualties=80",
        "effect.resus_rate=0.4",
        "city.distribution_policy=spread",
    ]
    changes = simulation_overrides.parse(words)
    assert changes.scenario == {"hour": 2.0, "casualties": 80.0}
    assert changes.parameters == {"effect.resus_rate": 0.4}
    assert changes.city[0].value == "spread"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("nonsense", "is no change. Write [HOSPITAL/]key[@minute]"),
        ("hospital.resus_team=3", "Did you mean hospital.resus_teams?"),
        ("hospital.resus_bays=-3", "must lie between 0 and 60"),
        ("hospital.resus_bays=nan", "must lie between 0 and 60"),
        ("hospital.resus_bays=many", '"many" is not a number'),
        ("ginkgo/city.load_min=3", "belongs to no single hospital. Leave out ginkgo/."),
        ("hospital.ct_report_min@30=3", "not a timetable. Leave out @30."),
        ("effect.resus_rate:night=0.4", "does not differ by day and night"),
        ("effect.resus_rate=7", "must lie between 0 and 0.9"),
        ("city.distribution_policy=sread", "Did you mean spread?"),
        ("scenario.casualties=200000", "must lie between 1 and 100000"),
        ("scenario.casualties=0", "must lie between 1 and 100000"),
        ("scenario.casualties=2.5", "Give a whole number"),
    ],
)
def test_a_wrong_change_is_named_with_its_mend(word, said):
    with pytest.raises(SimulationError) as caught:
        simulation_overrides.parse([word])
    assert said in str(caught.value)
    assert f'"{word}"' in str(caught.value)


def test_all_wrong_changes_come_at_once_and_unknown_hospitals_too(city):
    with pytest.raises(SimulationError) as caught:
        simulation_overrides.parse(["x", "hospital.resus_bays=-3"])
    assert len(caught.value.faults) == 2
    with pytest.raises(SimulationError, match=r'no hospital "ginko" in yangzhou\. Did you mean ginkgo'):
        simulation_overrides.apply(simulation_overrides.parse(["ginko/hospital.resus_bays=3"]), city)


def test_proven_without_standings_says_one_clear_sentence(city):
    with pytest.raises(SimulationError) as caught:
        simulation_basis.on_basis(city, "proven")
    assert len(caught.value.faults) == 1
    assert "--standings" in str(caught.value)


def test_proven_caps_the_plan_and_unknown_is_an_ordinary_day(city):
    known = {"ginkgo": {"hospital.resus_teams": {"0": 1, "30": 2}, "hospital.ed_clear_min": 70}}
    based = simulation_basis.on_basis(city, "proven", standings=simulation_basis.check_standings(known, city))
    ginkgo, plan = based.city.hospital("ginkgo"), city.hospital("ginkgo")
    assert set(ginkgo.day["hospital.resus_teams"].values()) == {1.0, 2.0}
    assert ginkgo.day["hospital.ed_clear_min"] == 70
    assert ginkgo.day["hospital.theatres"] == {0.0: plan.day["hospital.theatres"][0.0]}, "no surge that nobody has seen"
    assert ("ginkgo", "hospital.theatres") in based.unknown
    assert ("ginkgo", "hospital.resus_teams") not in based.unknown
    assert based.notes == (("not_proven", {"values": len(based.unknown), "hospitals": len(city.hospitals)}),)


def test_a_standing_never_raises_the_plan(city):
    known = {"ginkgo": {"hospital.resus_bays": 60, "hospital.ed_clear_min": 1}}
    based = simulation_basis.on_basis(city, "proven", standings=simulation_basis.check_standings(known, city))
    assert (
        based.city.hospital("ginkgo").day["hospital.resus_bays"] == city.hospital("ginkgo").day["hospital.resus_bays"]
    )
    assert (
        based.city.hospital("ginkgo").day["hospital.ed_clear_min"]
        == city.hospital("ginkgo").day["hospital.ed_clear_min"]
    )


def test_targets_only_ever_improve_the_plan(city, library, pack):
    based = simulation_basis.on_basis(city, "targeted", capabilities=library.capabilities.values(), pack=pack)
    before, after = city.hospital("ginkgo").night, based.city.hospital("ginkgo").night
    assert after["hospital.ed_clear_min"] <= before["hospital.ed_clear_min"]
    assert after != before
    with pytest.raises(SimulationError, match="no capability pack feeds the engine"):
        simulation_basis.on_basis(city, "targeted")
    with pytest.raises(SimulationError, match="Write planned, proven or targeted"):
        simulation_basis.on_basis(city, "hoped")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"ginko": {}}, "Did you mean ginkgo"),
        ({"ginkgo": {"hospital.resus_team": 3}}, "Did you mean hospital.resus_teams"),
        ({"ginkgo": {"hospital.resus_teams": 400}}, "outside 0 to 40"),
        ({"ginkgo": {"hospital.resus_teams": "few"}}, "needs a number or a table by minute"),
        (["ginkgo"], "must look like"),
    ],
)
def test_wrong_standings_are_named(city, tmp_path, values, said):
    file = tmp_path / "standings.json"
    file.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(SimulationError, match=said):
        simulation_basis.read_standings(file, city)


def test_standings_that_cannot_be_read_are_named(city, tmp_path):
    file = tmp_path / "standings.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(SimulationError, match="cannot be read"):
        simulation_basis.read_standings(file, city)
    with pytest.raises(SimulationError, match="cannot be read"):
        simulation_basis.read_standings(tmp_path / "none.json", city)


@pytest.fixture
def edited(library, tmp_path):
    """Load crowd-crush with some text replaced or added."""

    def load(*pairs, added=""):
        text = (library.root / "scenarios" / "crowd-crush.yaml").read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        own = tmp_path / "mine.yaml"
        own.write_text(text + added, encoding="utf-8")
        return simulation.load_scenario(simulation.find_scenario(library, str(own)))

    return load


@pytest.mark.parametrize(
    ("pairs", "added", "said"),
    [
        ([("share: 1\n", "share: -1\n")], "", "share must be a number above 0"),
        (
            [("mechanism: crowd-crush", "mechanism: crowd")],
            "",
            'mechanism "crowd" is unknown. Did you mean crowd-crush',
        ),
        ([("mean: 12", "mean: many")], "", "arrivals.find is no distribution. Write a number of minutes"),
        ([("self_evacuation: 0.35", "self_evacuation: 1.7")], "", "self_evacuation is 1.7. Give a share from 0 to 1"),
        ([("child_share: 0.18", "child_share: 18")], "", "child_share is 18.0. Give a share from 0 to 1"),
        ([], "policy: spred\n", 'policy "spred" is unknown. Did you mean spread'),
        ([], "triage_rule: strat\n", "Did you mean start"),
        ([("share: 1\n", "share: 1\n    decon_lanes: {30: 2, 0: 0}\n")], "", "decon_lanes goes backwards"),
        ([("share: 1\n", "share: 1\n    decon_lanes: many\n")], "", "decon_lanes is no timetable"),
        ([], "service:\n  ct: soon\n", "service.ct is no distribution"),
        ([], "observed:\n  - hospital: ginkgo\n", "observed[0] needs hospital and minutes"),
        ([], "observed:\n  - {hospital: ginkgo, minutes: [3, -1]}\n", "no minute of 0 and more"),
        ([], "observed:\n  - {hospital: ginkgo, minutes: [3, 4], colours: [red]}\n", "for each of the 2 minutes"),
        ([], "split:\n  - {colour: red}\n", "split[0] needs shares"),
        ([], "split:\n  - {colour: rod, shares: {ginkgo: 1}}\n", "Did you mean red"),
        ([], "table:\n  - {scene: bridge, hospitals: {ginkgo: x}}\n", "no number of 0 and more"),
        ([("curve: ", "curve: whatever # ")], "", 'arrivals.curve "whatever" is unknown'),
        ([], "hospital_arrivals:\n  - {count: 4, hospital: ginkgo}\n", "needs gap (minutes between arrivals) or curve"),
        ([], "hospital_arrivals:\n  - {count: 2.5, gap: 3, hospital: ginkgo}\n", "Give a whole number of casualties"),
        ([], "hospital_arrivals:\n  - {count: 2, gap: soon, hospital: ginkgo}\n", "gap is no distribution"),
        ([], "parameters: {take.red.cd: 0.4}\n", "Did you mean take.red.ct"),
        ([], "parameters: {take.red.ct: 4}\n", "outside 0.3 to 0.9"),
        ([("share: 1\n", "share: 1\n    mix: {red: 0.5, yellow: 0.2}\n")], "", "mix sums to 0.7"),
    ],
)
def test_a_wrong_field_of_a_scenario_is_named_with_its_mend(edited, pairs, added, said):
    with pytest.raises(SimulationError) as caught:
        edited(*pairs, added=added)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("pairs", "added", "said"),
    [
        ([], "wether: fog\n", '"wether" is no field of crowd-crush. Did you mean weather?'),
        ([("  child_share:", "  childshare:")], "", "Did you mean child_share?"),
        ([("share: 1\n", "shair: 1\n")], "", '"shair" is no field of old-town-bridge. Did you mean share?'),
        ([("  find:", "  fnd:")], "", "Did you mean find?"),
        ([], "observed:\n  - {hospitl: ginkgo, minutes: [3]}\n", "Did you mean hospital"),
        ([], "split:\n  - {color: red, shares: {ginkgo: 1}}\n", "Did you mean colour?"),
        ([], "table:\n  - {hospital: {ginkgo: 1}}\n", '"hospital" is no field'),
        ([], "hospital_arivals: []\n", 'Did you mean hospital_arrivals?'),
        ([], "hospital_arrivals:\n  - {count: 4, gap: 3, hospital: ginkgo, collour: red}\n", 'Did you mean colour?'),
        ([], "travel_min:\n  - {from: ginkgo, too: lotus, minutes: 4}\n", 'Did you mean to?'),
        ([("share: 1\n", "share: 1\n    triage_crew: {0: 2}\n")], "", "Did you mean triage_crews?"),
    ],
)
def test_a_misspelt_field_of_a_scenario_is_refused_by_the_run_and_by_the_check(edited, tmp_path, pairs, added, said):
    with pytest.raises(PackError) as caught:
        edited(*pairs, added=added)
    assert said in str(caught.value)
    folder = tmp_path / "packs" / "scenarios"
    folder.mkdir(parents=True)
    (tmp_path / "mine.yaml").rename(folder / "mine.yaml")
    assert any(said in problem.sentence for problem in check([folder.parent]))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("hospitals.yaml", "hospital.resus_teams:", "hospital.resus_team:",
         'ginkgo: capacity.day: "hospital.resus_team" is no engine key of a hospital. Did you mean hospital.resus_teams?'),
        ("city.yaml", "city.load_min:", "city.loadmin:",
         'yangzhou: capacity.day: "city.loadmin" is no engine key of a city. Did you mean city.load_min?'),
    ],
)  # fmt: skip
def test_a_misspelt_key_of_a_city_is_refused_before_a_run(library, tmp_path, file, old, new, said):
    """It was left out in silence, and the hospital ran on the register's default."""
    shutil.copytree(library.root, tmp_path / "packs")
    place = tmp_path / "packs" / "cities" / "yangzhou" / file
    place.write_text(place.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    wrong = simulation.find_city(simulation.find_library(tmp_path / "packs"), "yangzhou")
    with pytest.raises(SimulationError) as caught:
        simulation.load_city(wrong)
    assert caught.value.faults == (said,)


def test_a_hospital_with_a_misspelt_field_is_named_and_never_just_missing(library, tmp_path):
    shutil.copytree(library.root, tmp_path / "packs")
    place = tmp_path / "packs" / "cities" / "yangzhou" / "hospitals.yaml"
    place.write_text(place.read_text(encoding="utf-8").replace("  beds: 1900", "  bed: 1900", 1), encoding="utf-8")
    with pytest.raises(PackError, match=r'"bed" is no field of ginkgo\. Did you mean beds'):
        simulation.find_city(simulation.find_library(tmp_path / "packs"), "yangzhou")


def test_an_observed_list_and_other_times_are_taken_over(edited):
    added = (
        "observed:\n  - {hospital: ginkgo, minutes: [15, 12, 40], colours: [red, green, yellow]}\n"
        "service:\n  ct:\n    fixed: 7\n"
        "grid_failure_min: 40\n"
        "split:\n  - {colour: red, shares: {ginkgo: 0.5, egret: 0.5}}\n"
        "table:\n  - {hospitals: {pine: 4, ginkgo: 20}}\n"
    )
    scenario = edited(added=added)
    (arrivals,) = scenario.arrivals
    assert arrivals.minutes == (12.0, 15.0, 40.0)
    assert arrivals.groups == ("green", "red", "yellow")
    assert scenario.service["ct"].mean() == 7
    assert scenario.grid_failure_min == 40
    assert scenario.split == {("", "red"): {"ginkgo": 0.5, "egret": 0.5}}
    assert scenario.table == {("", ""): (("pine", 4), ("ginkgo", 20))}
    assert scenario.casualties() == 113


def test_an_observed_list_runs(edited, city):
    from beiji.science.run import simulate

    added = "observed:\n  - {hospital: ginkgo, minutes: [12, 15, 40], colours: [green, red, yellow]}\n"
    results = simulate(city, edited(added=added), replications=5, threads=1)
    assert (results.measure("casualties") == 113).all()


def test_incidents_and_textbook_queues_need_no_python(edited, city):
    """Gaps into one stage of one hospital, a curve over several, a scene with its own mix and crews, given minutes, shares of the pathway: all from YAML."""
    from beiji.science.run import simulate

    added = (
        "hospital_arrivals:\n"
        "  - {id: queue, count: 30, gap: {exponential: 4}, hospital: ginkgo, stage: ct, colour: red, start_min: 10}\n"
        "  - {id: curve, count: 20, curve: {quantiles: [0, 15, 40, 180]}, shares: {ginkgo: 0.7, lotus: 0.3}, mix: {yellow: 0.5, green: 0.5}, since_min: 20}\n"
        "travel_min:\n  - {from: ginkgo, to: lotus, minutes: 7}\n"
        "parameters: {take.red.ct: 0.4}\n"
    )
    scenario = edited(("share: 1\n", "share: 1\n    mix: {red: 0.5, green: 0.5}\n    triage_crews: {10: 1, 20: 6}\n"), added=added)
    assert scenario.casualties() == 110 + 30 + 20
    assert scenario.scenes[0].mix == {"red": 0.5, "green": 0.5}
    assert scenario.scenes[0].triage_crews == {10.0: 1.0, 20.0: 6.0}
    assert scenario.travel_min == {("ginkgo", "lotus"): 7.0}
    assert scenario.parameters == {"take.red.ct": 0.4}
    queue, curve = sorted(scenario.arrivals, key=lambda a: a.code, reverse=True)
    assert (queue.stage, queue.gap.mean(), queue.start_min) == ("ct", 4.0, 10.0)
    assert curve.shares == {"ginkgo": 0.7, "lotus": 0.3}
    results = simulate(city, scenario, replications=3, threads=1, unlimited=False)
    ways = results.model.sim.travel[results.model.site("ginkgo"), results.model.site("lotus")]
    assert ways == 7.0


def test_given_minutes_to_a_place_that_is_none_are_refused(edited, city):
    from beiji.science.errors import ScienceError
    from beiji.science.run import simulate

    with pytest.raises(ScienceError, match="Unknown place 'gingko'"):
        simulate(city, edited(added="travel_min:\n  - {from: gingko, to: lotus, minutes: 7}\n"), replications=1, threads=1)
