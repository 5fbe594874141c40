"""What a run says when there is little to say, and what ends it early: one sentence, at once, and no figure that means less than it seems."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from beiji.packs import simulate as command
from beiji.science import render
from beiji.science.draws import exponential
from beiji.science.run import in_blocks, simulate
from beiji.science.scenario import Arrivals
from beiji.science.summary import Gathering, summarise
from beiji.science.tally import Tally
from beiji.science.words import LANGUAGES, Words, fields, table

from ..kernel import cities
from .test_command import WORDS, run

SRC = Path(command.__file__).parents[2]


def told(capsys, *words):
    assert run(*words) == 0
    return capsys.readouterr().out


def head(text):
    return text.split("\n\n")[0].splitlines()[1:]


# ---- cut off, and nothing there --------------------------------------------------------------------------------------
def test_a_horizon_of_a_minute_says_first_that_nobody_was_reached(capsys):
    lines = head(told(capsys, "--horizon", "1"))
    assert "nobody was reached" in lines[0]
    assert "minute 1," in lines[0]
    assert not [line for line in lines if "survive" in line]


def test_a_scene_after_the_horizon_says_first_that_nobody_was_reached():
    incident = cities.scenario(20, 1)
    late = replace(incident, scenes=(replace(incident.scenes[0], start_min=500.0),))
    summary = summarise(simulate(cities.city(3, 8), late, replications=4, threads=1, horizon_min=300.0))
    assert summary.cut.nobody
    assert "nobody was reached" in render.headline(summary)[0]


def test_a_run_that_is_cut_off_says_first_how_many_stories_are_open(capsys):
    lines = head(told(capsys, "--horizon", "90"))
    counts = [int(n) for n in re.findall(r"[0-9]+", lines[0])]
    assert lines[0].startswith("The run is cut off at minute 90: of 60 casualties")
    assert counts[0] == 90
    assert sum(counts[2:]) > 5
    assert "survive" in lines[1]


def test_a_whole_run_is_not_called_cut_off(capsys):
    assert "cut off" not in told(capsys)


def test_a_city_without_anything_says_what_is_missing(capsys):
    kinds = ("resus_bays", "nurses", "theatres", "surgeons", "icu_beds")
    lines = head(told(capsys, *(word for kind in kinds for word in ("--set", f"hospital.{kind}=0"))))
    line = next(line for line in lines if line.startswith("No hospital has at any minute"))
    for name in ("resuscitation bays", "operating rooms", "surgeons", "intensive-care beds", "nurses"):
        assert name in line
    assert "ventilators" not in line


def test_a_kind_that_comes_later_or_to_one_hospital_is_not_missing(capsys):
    text = told(capsys, "--set", "hospital.theatres=0", "--set", "ginkgo/hospital.theatres@120=1")
    assert "No hospital has" not in text


# ---- ranges ----------------------------------------------------------------------------------------------------------
def test_the_range_of_single_events_is_of_whole_outcomes_and_holds_nine_of_ten(capsys):
    results = simulate(cities.city(5, 15), cities.scenario(60, 2), replications=2000, threads=2)
    summary, lived = summarise(results), results.measure("lived")
    low, high = summary.lived.event_low, summary.lived.event_high
    assert (low, high) == (int(low), int(high))
    inside = (lived >= low) & (lived <= high)
    assert inside.mean() >= 0.90
    assert ((lived > low) & (lived < high)).mean() < 0.90
    assert summary.lived.mean == pytest.approx(summary.survivors.mean, abs=0.25), "drawn whole, survival has the same mean"
    assert lived.std() > results.measure("survivors").std() * 1.1, "an expected number varies less than an outcome"


def test_the_leader_reads_the_range_of_events_and_not_the_interval_of_the_mean(capsys):
    data = json.loads(told(capsys, "--json"))
    low, high = data["lived"]["event_low"], data["lived"]["event_high"]
    assert f"In 9 of 10 events {low:.0f} to {high:.0f} of 60 casualties survive" in told(capsys)
    assert high - low > 2 * (data["survivors"]["high"] - data["survivors"]["low"])


@pytest.mark.parametrize("n", [10, 19, 20, 21, 100, 1999])
def test_a_tally_leaves_out_at_most_one_in_twenty_at_either_side(n):
    values = np.arange(n, dtype=float)
    tally = Tally(1.0)
    tally.add(values)
    low, high = tally.events()
    inside = ((values >= low) & (values <= high)).sum()
    assert inside >= 0.9 * n
    assert inside - 2 < 0.9 * n + 2
    assert low + high == n - 1


def test_the_interval_of_a_mean_covers_it_in_95_of_100():
    """Student's interval of 8 normal values, 4,000 times; 90 % printed as 95 % would be found."""
    rng, hits = np.random.default_rng(5), 0
    for _ in range(4000):
        tally = Tally(1e-6)
        tally.add(rng.normal(3.0, 2.0, 8))
        low, high = tally.interval()
        hits += low <= 3.0 <= high
    assert hits / 4000 == pytest.approx(0.95, abs=0.011)


# ---- what was run ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("form", [[], ["--html"]])
def test_hour_shift_season_basis_policy_and_every_change_stand_in_text_and_page(form, capsys):
    changes = ["--set", "scenario.hour=02:30", "--set", "orchid/hospital.nurses=5"]
    text = told(capsys, *form, *changes)
    for words in ("begins at 02:30", "night shift", "as planned", "policy: nearest", "Season: autumn", "scenario.hour=02:30, orchid/hospital.nurses=5", "factor 1.4"):
        assert words in text
    assert "day shift" in told(capsys, *form, "--set", "scenario.hour=9")


def test_the_page_says_where_each_bottleneck_is(capsys):
    data, page = json.loads(told(capsys, "--json")), told(capsys, "--html")
    for row in data["bottlenecks"][:3]:
        cells = f"<td>{data['names'].get(row['site'], row['site'])}</td><td>{row['waited_min']:,.0f}</td><td>{row['first_min']:.0f}</td>"
        assert cells in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_comes_in_three_languages(language, capsys):
    page, text = told(capsys, "--language", language, "--html"), told(capsys, "--language", language)
    assert f"<html lang='{language}' dir='{'rtl' if language == 'he' else 'ltr'}'>" in page
    for words in (page, text):
        script = {"zh-Hans": r"[\u4e00-\u9fff]", "he": r"[\u0590-\u05ff]", "en": r"[A-Za-z]"}[language]
        assert len(re.findall(script, words)) > 800
    if language != "en":
        english = [word for word in table("en").values() if len(word) > 12]
        assert not [word for word in english if word in text]


def test_every_word_is_there_in_every_language_with_the_same_parts():
    for code, english in table("en").items():
        for language in LANGUAGES:
            assert table(language)[code].strip(), (code, language)
            assert fields(table(language)[code]) == fields(english), (code, language)


def test_every_kind_station_and_end_of_the_model_has_words():
    model = simulate(cities.city(2, 4), cities.scenario(6, 1), replications=1, threads=1).model
    codes = {*model.kinds, *(name for name in model.stations if "+" not in name), *model.causes, "limit", "service", "move", "death", "horizon"}
    assert {code for code in codes if code not in table("en")} == set()


# ---- what was lacking, and what one more is worth ---------------------------------------------------------------------
def test_what_was_lacking_stands_beside_the_bottlenecks_and_adds_up_to_what_was_waited(capsys):
    data = json.loads(told(capsys, "--json"))
    lacking = sum(row[name] for row in data["lacks"] for name in ("place_min", "people_min", "both_min"))
    assert lacking == pytest.approx(sum(row["waited_min"] for row in data["bottlenecks"]), rel=1e-6)
    by_station = {row["station"]: row for row in data["lacks"]}
    assert by_station["scene_triage"]["people_min"] > 0 == by_station["scene_triage"]["place_min"], "crews are people"
    assert by_station["load"]["place_min"] > 0 == by_station["load"]["people_min"], "ambulances are not"
    for form in ([], ["--html"]):
        assert "What was lacking while people waited" in told(capsys, *form)


def test_one_more_of_each_is_paired_and_says_when_there_is_no_difference(capsys):
    words = ("--gain", "--set", "hospital.nurses=2", "--horizon", "600")
    rows = {row["kind"]: row for row in json.loads(told(capsys, *words, "--json"))["gains"]}
    assert rows["nurses"]["low"] > 0, "where nurses are two, one more saves lives"
    assert all(row["low"] <= row["lives"] <= row["high"] for row in rows.values())
    text = told(capsys, *words)
    assert "One more of each at every hospital" in text
    assert "One more of each" not in told(capsys)
    same = json.loads(told(capsys, *words, "--json"))["gains"]
    assert same == list(rows.values())


def test_one_more_is_one_more_at_every_minute_of_every_hospital_that_has_the_key():
    from beiji.science.gain import keys, one_more

    town = cities.city(3, {0: 4, 30: 6}).with_hospital("h001", {"hospital.theatres": 2})
    more = one_more(town, "hospital.theatres")
    assert more.hospitals[1].day["hospital.theatres"] == 3
    assert more.hospitals[0].night["hospital.theatres"] == {m: v + 1 for m, v in town.hospitals[0].night["hospital.theatres"].items()}
    assert more.hospitals[0].day["hospital.surgeons"] == town.hospitals[0].day["hospital.surgeons"]
    assert one_more(town, keys()["ambulances"]).day["city.ambulances"] == {0: 5, 30: 7}
    bare = replace(town, hospitals=(replace(town.hospitals[0], day={}, night={}),))
    assert one_more(bare, "hospital.theatres") == bare


# ---- no death beside a hospital ---------------------------------------------------------------------------------------
def test_no_death_stands_beside_a_hospital(capsys):
    """In a city of half of nothing many die waiting inside; the forms tell the limit only."""
    results = simulate(cities.city(3, 40, factor=0.34), cities.scenario(150, 1), replications=6, threads=1, detail="casualty")
    assert results.out["dead_waiting"].sum() > 20
    hospitals = {str(row["hospital"]) for row in results.hospitals}
    ends = {row["ended_by"] for row in results.stations if row["site"] in hospitals}
    assert "limit" in ends
    assert not ends & {"death", "horizon"}
    assert not [row for row in results.casualties if row["site"] in hospitals and row["ended_by"] in ("death", "horizon")]
    for row in csv.DictReader(io.StringIO(render.tidy(summarise(results)))):
        assert not (row["site"] in hospitals and re.search("dea[dt]|die|surviv", " ".join(row.values())))
    for words in (Words(language) for language in LANGUAGES):
        lines = render.text(summarise(results), words).splitlines()
        assert not [line for line in lines if words.word("death") in line and any(code in line for code in hospitals)]


# ---- length, interrupts, broken files ---------------------------------------------------------------------------------
def queue(n=3):
    lists = (Arrivals("a", count=n, gap=exponential(2.0), hospital="q", stage="serve", colours=("green",)),)
    return cities.queue_case({"server": 1}, {"serve": ("server", exponential(1.5))}, lists)


def test_a_long_run_needs_the_memory_of_a_short_one():
    def peak(blocks):
        tracemalloc.start()
        gathering = Gathering()
        for part in in_blocks(*queue(), replications=blocks * 500, block=500, threads=1, horizon_min=100.0, unlimited=False):
            gathering.add(part)
        told = gathering.summary()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert told.provenance["replications"] == blocks * 500
        return most

    peak(1)
    short, long = peak(3), peak(30)
    assert long < 1.2 * short, (short, long)


def test_what_is_kept_of_a_long_run_is_bounded_by_the_range_of_its_values_and_not_by_its_length():
    gathering, kept, case = Gathering(), [], (cities.city(3, 8), cities.scenario(20, 1))
    for part in in_blocks(*case, replications=6000, block=1500, threads=2, horizon_min=200.0):
        gathering.add(part)
        kept.append(sum(len(tally.counts) for tally in (*gathering.tallies.values(), *gathering.causes.values())))
    assert kept[-1] < 2.0 * kept[0], kept
    for name, tally in gathering.tallies.items():
        assert len(tally.counts) <= (max(tally.counts) - min(tally.counts) + 1), name
        assert len(tally.counts) < 6000, name


def test_blocks_tell_what_one_piece_tells():
    gathering, calls = Gathering(), []
    same = {"seed": 4, "threads": 2, "horizon_min": 600.0}
    case = (cities.city(3, 8), cities.scenario(40, 2))
    for part in in_blocks(*case, replications=70, block=30, progress=lambda done, of: calls.append((done, of)), **same):
        gathering.add(part)
    whole, blocks = summarise(simulate(*case, replications=70, **same)).as_dict(), gathering.summary().as_dict()
    for told in (whole, blocks):
        told.pop("provenance")
    assert json.loads(json.dumps(blocks), parse_float=lambda x: round(float(x), 9)) == json.loads(json.dumps(whole), parse_float=lambda x: round(float(x), 9))
    assert calls[-1] == (70, 70)
    assert sorted(calls) == calls


def start(*words, out=subprocess.PIPE, **environment):
    line = [sys.executable, "-m", "beiji.cli", "simulate", *WORDS[:3], *words]
    return subprocess.Popen(line, stdout=out, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(SRC), **environment}, start_new_session=True)


def cpu(process):
    """Seconds of the processor that a process has used."""
    parts = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processor time in /proc")
@pytest.mark.parametrize("threads", ["1", "3"])
def test_an_interrupt_ends_every_thread_within_a_second_with_a_sentence(threads):
    process = start("--replications", "10000000", "--threads", threads)
    while cpu(process) < 6.0 and process.poll() is None:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, said = process.communicate(timeout=30)
    assert time.monotonic() - began < 1.5, "a second, and what a busy machine adds"
    assert process.returncode == 130
    assert said.strip().splitlines()[-1:] == ["beiji: Stopped; nothing was kept."]
    assert "Traceback" not in said


@pytest.mark.parametrize("form", [[], ["--html"]])
def test_a_pipe_that_is_closed_is_one_line(form):
    reader, writer = os.pipe()
    os.close(reader)
    process = start("--replications", "5", "--quiet", *form, out=writer)
    os.close(writer)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said.strip().splitlines() == ["beiji: the answer cannot be written (Broken pipe)."]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_full_is_one_line():
    with open("/dev/full", "w", encoding="utf-8") as full:
        process = start("--replications", "5", "--quiet", out=full)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said.strip().splitlines() == ["beiji: the answer cannot be written (No space left on device)."]


def test_a_compiled_file_that_was_cut_short_is_made_anew_and_a_sound_one_stays(tmp_path):
    from beiji.science.compiled import NAME, mend, remember

    folder = tmp_path / "kernel"
    (folder / "sub").mkdir(parents=True)
    files = [folder / "sub" / name for name in ("engine.nbi", "engine.nbc")]

    def whole():
        for path in files:
            path.write_bytes(b"x" * 1000)
        remember(folder)

    whole()
    assert not mend(folder)
    assert all(path.exists() for path in files)
    for harm in (lambda: files[1].write_bytes(b"x" * 999), lambda: files[0].write_bytes(b""), files[1].unlink, lambda: (folder / NAME).write_text("{", encoding="utf-8")):
        whole()
        harm()
        assert mend(folder)
        assert not any(path.exists() for path in files)
        assert not mend(folder), "once is enough"


def test_an_engine_that_is_made_anew_says_so(monkeypatch, capsys):
    monkeypatch.setattr("beiji.packs.simulation_run.mend", lambda folder: True)
    parser_words = [word for word in WORDS if word != "--quiet"]
    import argparse

    parser = argparse.ArgumentParser()
    command.add_words(parser)
    assert command.run(parser.parse_args([*parser_words, "--replications", "2"])) == 0
    assert "was cut short on the disk" in capsys.readouterr().err
