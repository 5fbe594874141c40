"""`beiji rank`: what a person reads, a result that repeats from its own file, and one clear sentence for whatever stops it."""

import argparse
import copy
import json

import pytest

from beiji.packs import rank as command
from beiji.packs import rank_file, rank_run
from beiji.packs.simulation import SimulationError, find_library
from beiji.science import rank_text
from beiji.science.words import LANGUAGES, Words

from .test_no_death_at_a_hospital import DEATH, joined

OURS = """
currency: CNY
candidates:
  - id: beds
    title: {en: Six more beds, zh-Hans: 增加六张床位, he: עוד שש מיטות}
    add: {hospital.icu_beds: 6, hospital.ventilators: 6}
    cost: {days: 60, money: 9000000, confirmed_by: "Head of the programme's finance"}
  - id: fleet
    add: {city.ambulances: 40}
    cost: {days: 20, money: 0, confirmed_by: "Director of the ambulance centre"}
  - id: at-orchid
    add: {hospital.icu_beds: 10}
    hospitals: [orchid]
  - id: quick-report
    set: [hospital.ct_report_min=5]
"""
LIBRARY = find_library()
NAMES = {hospital.id: hospital.title["en"] for hospital in LIBRARY.cities["yangzhou"].hospitals.values()}


@pytest.fixture(autouse=True)
def packs_once(monkeypatch):
    monkeypatch.setattr(rank_run, "find_library", lambda root: LIBRARY)


def run(*words):
    parser = argparse.ArgumentParser()
    command.add_words(parser)
    return command.run(parser.parse_args([*words, "--quiet", "--threads", "1"]))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """One ranking of four candidates over one incident, saved."""
    folder = tmp_path_factory.mktemp("rank")
    (folder / "ours.yaml").write_text(OURS, encoding="utf-8")
    words = [
        "g2-fog-pileup",
        "--city",
        "yangzhou",
        "--candidates",
        str(folder / "ours.yaml"),
        "--most-events",
        "50",
        "--draws",
        "2",
    ]
    words += [
        "--together",
        "--budget",
        "days=70",
        "--save",
        str(folder / "first.json"),
        "--out",
        str(folder / "first.txt"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rank_run, "find_library", lambda root: LIBRARY)
        assert run(*words) == 0
    return folder


@pytest.fixture(scope="module")
def made(saved):
    return json.loads((saved / "first.json").read_text(encoding="utf-8"))


def test_a_result_repeats_from_its_own_file_to_the_last_digit(saved, capsys):
    (saved / "ours.yaml").unlink()
    assert run("--from", str(saved / "first.json"), "--json", "--threads", "2") == 0
    assert capsys.readouterr().out == (saved / "first.json").read_text(encoding="utf-8")


def test_beds_lead_and_what_names_a_hospital_has_a_place_and_no_lives(made):
    rows = {row["name"]: row for row in made["result"]["rows"]}
    assert rows["beds"]["verdict"] == "helps"
    assert made["result"]["rows"][0]["group"] == 1
    assert not {"lives", "low", "high", "event_low", "by_scenario", "by_model"} & set(rows["at-orchid"])
    assert rows["at-orchid"]["places"] == ["orchid"]
    best = made["result"]["best_set"]
    assert best["cost"] <= 70
    assert best["every"]
    told = made["result"]["shares"]
    assert told is None or sum(row["lives"] for row in told["rows"]) == pytest.approx(told["all_lives"])
    assert made["asked"]["candidates"].strip() == OURS.strip()


def test_no_death_stands_beside_a_hospital_in_file_or_text(saved, made):
    assert {row["hospital"] for row in made["result"]["binding"]} & set(NAMES), "else the sweep proves nothing"
    assert list(joined(made["result"])) == []
    titles = {name: name for name in made["result"]["candidates"]}
    places = {*NAMES, *NAMES.values()}
    for language in LANGUAGES:
        text = rank_text.text(made["result"], Words(language, NAMES), titles=titles, city="yangzhou")
        lines = [line for line in text.splitlines() if any(place in line for place in places)]
        assert [line for line in lines if DEATH.search(line)] == []


def test_a_leader_reads_whole_people_first_and_an_expert_how_sure_it_is(saved):
    lead, how, table = (saved / "first.txt").read_text(encoding="utf-8").split("\n\n")[:3]
    assert lead.splitlines()[1].startswith("First: ")
    assert "." not in "".join(part for part in lead.splitlines()[2].split() if part[0].isdigit()), (
        "no decimals of lives"
    )
    assert "pairs of events of each" in how
    assert "of 2 draws" in how
    assert "at-orchid" in table
    assert "only the order is told" in table


def test_a_number_that_was_edited_is_found(made):
    rank_file.check_same(made["result"], made["result"])
    with pytest.raises(SimulationError, match="The file holds other numbers"):
        rank_file.check_same({**made["result"], "widest": 0.0}, made["result"])


def changed(made, folder, **parts):
    other = copy.deepcopy(made)
    for path, value in parts.items():
        at = other
        *steps, last = path.split("__")
        for step in steps:
            at = at[step]
        at[last] = value
    (folder / "changed.json").write_text(json.dumps(other), encoding="utf-8")
    return str(folder / "changed.json")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"digests__city": "0"}, "capacities have changed since this result was made: the run is older than the plan"),
        ({"digests__parameters": "0"}, "The parameter register has changed"),
        ({"digests__engine": "0"}, "not the engine that made this result"),
        (
            {"digests__candidates": {}},
            "Not the same candidates as when this result was made: beds, fleet, at-orchid, quick-report.",
        ),
        ({"digests__scenarios": {"g2-fog-pileup": "0"}}, "Scenario g2-fog-pileup has changed"),
        ({"kind": "something"}, "is no saved ranking of this program"),
    ],
)
def test_what_has_changed_since_is_refused_with_the_reason(parts, said, made, saved, capsys):
    assert run("--from", changed(made, saved, **parts)) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--city", "yangzhou"], "There is no scenario. Give at least one"),
        (["crowd-crush"], "--city is missing"),
        (["crowd-crush", "--budget", "days=0"], "A budget of 0 days pays for nothing. Give an amount above 0."),
        (["crowd-crush", "--budget", "money=-5"], "A budget of -5 money pays for nothing"),
        (["crowd-crush", "--budget", "days=90"], "No candidate has a cost in days that a named person confirmed"),
        (["crowd-crush", "--budget", "much"], '"much" has no number. Write days=90 or money=10000000.'),
        (["crowd-crush", "--no-money"], "--no-money belongs to a budget"),
        (["crowd-crush", "g2-fog-pileup", "--weights", "crowd-crush=0.5,g2-fog-pileup=0.4"], "sum to 0.9. Give shares from 0 to 1 that sum to 1."),
        (["crowd-crush", "g2-fog-pileup", "--weights", "crowd-crush=1"], "g2-fog-pileup has no share"),
        (["crowd-crush", "--weights", "crowd-crash=1"], '"crowd-crash" is none of the scenarios. Did you mean crowd-crush?'),
        (["crowd-crush", "--half-width", "0"], "is not above 0"),
        (["crowd-crush", "--most-events", "5"], "5 events are too few"),
        (["crowd-crush", "--horizon", "2"], "Nobody is treated in a hospital within 2 minutes, so no change can show."),
        (["crowd-crush", "--candidates", "nowhere.yaml"], "There is no file nowhere.yaml"),
        (["--from", "nowhere.json"], "The saved result nowhere.json cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_ranked_is_one_clear_sentence(words, said, capsys):
    needs_city = "--from" not in words and "--city" not in words and "--city is missing" not in said
    assert run(*words, *(["--city", "yangzhou"] if needs_city else [])) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize(
    ("candidate", "said"),
    [
        ("", "There is no candidate in the file."),
        ("  - id: a\n", "Candidate a feeds no parameter of the engine, so a run cannot value it."),
        ("  - id: a\n    add: {hospital.icu_bed: 1}\n", 'Candidate a: "hospital.icu_bed" is no engine key. Did you mean hospital.icu_beds?'),
        ("  - id: a\n    add: {city.distribution_policy: 1}\n", "is a choice and has no steps"),
        ("  - id: a\n    add: {hospital.icu_beds: 0}\n", "Candidate a changes nothing in yangzhou"),
        ("  - id: a\n    add: {hospital.icu_beds: 1}\n    hospitals: [orchard]\n", 'no hospital "orchard" in yangzhou.'),
        ("  - id: a\n    set: [scenario.casualties=3]\n", "sets something that is no capacity of the city"),
        ("  - id: a\n    add: {hospital.icu_beds: 1}\n    cost: {days: -1, confirmed_by: x}\n", "has a cost below 0"),
        ("  - id: a\n    add: {hospital.icu_beds: 1}\n    cost: {days: 1}\n", "confirmed_by"),
        ("  - id: a\n    add: {hospital.icu_beds: 1}\n  - id: a\n    add: {hospital.nurses: 1}\n", "a is given twice"),
    ],
)  # fmt: skip
def test_a_candidate_that_cannot_be_valued_is_refused(candidate, said, tmp_path, capsys):
    (tmp_path / "c.yaml").write_text(f"candidates:{(candidate and chr(10) + candidate) or ' []'}", encoding="utf-8")
    assert run("crowd-crush", "--city", "yangzhou", "--candidates", str(tmp_path / "c.yaml")) == 2
    assert said in capsys.readouterr().err


def test_without_a_file_the_citys_own_keys_are_tried_and_every_one_has_words():
    from beiji.packs.rank_candidates import of_the_city
    from beiji.packs.simulation import load_city

    city = load_city(LIBRARY.cities["yangzhou"])
    found = of_the_city(city)
    assert 25 <= len(found.changes) <= 40
    assert {"one-more-icu_beds", "one-more-ambulances", "second-wave-earlier"} <= set(found.titles)
    assert all(len(set(title.values())) == 3 for title in found.titles.values())
    earlier = next(change for change in found.changes if change.name == "declare-earlier").city(city)
    assert min(h.night["hospital.declare_min"] for h in earlier.hospitals) >= 0
    assert rank_file.budget("days=90") == ("days", 90.0)


def test_the_largest_event_managed_alone_is_told_by_day_and_by_night_with_its_meaning(monkeypatch, capsys):
    from beiji.packs import alone, simulation_request

    monkeypatch.setattr(simulation_request, "find_library", lambda root: LIBRARY)
    parser = argparse.ArgumentParser()
    alone.add_words(parser)

    def told(*words):
        code = alone.run(
            parser.parse_args(["crowd-crush", "--city", "yangzhou", "--threads", "1", "--events", "40", *words])
        )
        return code, capsys.readouterr()

    code, said = told("--most", "128", "--json")
    answer = json.loads(said.out)
    assert code == 0
    assert 0 < answer["night"]["low"] <= answer["night"]["casualties"] < answer["day"]["casualties"] < 128
    assert "one in ten" in answer["day"]["definition"]
    assert list(joined(answer)) == []
    code, said = told("--most", "30", "--hospital", "ginkgo", "--language", "zh-Hans")
    assert (code, "白天（10:00）" in said.out, "十分之一" in said.out) == (0, True, True)
    code, said = told("--hospital", "gingko")
    assert (code, "Unknown hospital 'gingko'" in said.err) == (2, True)
    for words in (["--most", "0"], ["--events", "8"]):
        code, said = told(*words)
        assert (code, len(said.err.splitlines())) == (2, 1)
